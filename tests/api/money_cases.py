"""Payments, receipts, suspense; and each partner only its own."""
import json

from api_server import NIK, nik_of


class MoneyCases:
    def test_posts_once_and_answers_again(self):
        member = self.enrol(100)
        body = self.payment(member["bill_code"], "A-1")
        first = self.pay(201, body, "key-a-1")
        self.assertEqual(first["member_number"], member["member_number"])
        self.assertEqual(self.pay(201, body, '"key-a-1"'), first)  # The stored answer.
        self.assertEqual(self.pay(200, body, "key-a-2")["status"], "repeated")
        self.assertEqual(self.pay(422, dict(body, amount=1), "key-a-1")["rule"],
                         "idempotency_key.reused")
        self.assertEqual(self.pay(409, dict(body, amount=1), "key-a-3")["rule"],
                         "payment.reference_reused")

    def test_shows_a_payment_to_those_it_concerns(self):
        member = self.enrol(101)
        self.pay(201, self.payment(member["bill_code"], "B-1"))
        path, where = "/v1/payments/{partner}/{reference}", {"partner": "pos", "reference": "B-1"}
        shown = self.ask("GET", path, 200, where)
        self.assertEqual((shown["status"], shown["months"]), ("posted", 5))
        self.ask("GET", path, 200, where, token=self.token("partner", "partner", "pos"))
        unknown = self.ask("GET", path, 404, {"partner": "pos", "reference": "none"})
        for token in (self.token("partner", "partner", "bank"),
                      self.token("branch-staff", "branch", "jawa-barat"),
                      self.token("group-admin", "group", "nelayan")):
            self.assertEqual(self.ask("GET", path, 404, where, token=token), unknown)
        self.ask("GET", path, 200, where, token=self.token("group-admin", "group", "pasar"))

    def test_gives_a_receipt(self):
        member = self.enrol(102, name="Rahasia Namanya")
        self.pay(201, self.payment(member["bill_code"], "C/1"))
        path, where = "/v1/receipts/{partner}/{file}", {"partner": "pos", "file": "C-1.pdf"}
        self.pay(201, self.payment(member["bill_code"], "C-1"))
        self.assertTrue(self.ask("GET", path, 200, where).startswith(b"%PDF"))
        for file in ("C-1", "none.pdf", ".pdf"):
            self.ask("GET", path, 404, dict(where, file=file))
        self.ask("GET", path, 404, where, token=self.token("partner", "partner", "bank"))
        self.pay(202, self.payment(None, "C-2", nik=nik_of(9001)[0]))
        self.assertEqual(self.ask("GET", path, 409, dict(where, file="C-2.pdf"))["rule"],
                         "payment.in_suspense")

    def test_says_when_the_month_of_a_payment_is_closed(self):
        self.run_program("close", "2019-12")
        member = self.enrol(104)
        answer = self.pay(201, self.payment(member["bill_code"], "L-1",
                                            paid_at="2019-12-31T16:00:00Z"))
        self.assertEqual(answer["booked_on"], "2020-01-01")
        waiting = self.pay(202, self.payment(None, "L-2", nik=nik_of(9120)[0],
                                             paid_at="2019-12-31T16:00:00Z"))
        self.assertEqual(waiting["booked_on"], "2020-01-01")
        placed = self.ask("POST", "/v1/suspense-placements", 201, body={
            "partner": "pos", "reference": "L-2", "bill_code": member["bill_code"]})
        self.assertEqual(placed["booked_on"], "2020-01-01")
        self.assertNotIn("booked_on", self.pay(201, self.payment(member["bill_code"], "L-3")))

    def test_a_payment_that_a_month_has_only_claimed_is_being_posted(self):
        person = int(self.enrol(105)["member_number"][:-2])
        self.query("INSERT INTO payment_reference (partner_id, reference, kind, payment_id, person_id,"
                   " amount_rupiah) SELECT partner_id, 'CL-1', 1, 9999999999, "
                   f"{person}, 50400 FROM partner WHERE code = 'pos'")
        self.addCleanup(self.query, "DELETE FROM payment_reference WHERE reference = 'CL-1'")
        where = {"partner": "pos", "reference": "CL-1"}
        self.assertEqual(self.ask("GET", "/v1/payments/{partner}/{reference}", 409, where)["rule"],
                         "payment.being_posted")
        self.assertEqual(self.ask("GET", "/v1/receipts/{partner}/{file}", 409,
                                  {"partner": "pos", "file": "CL-1.pdf"})["rule"],
                         "payment.being_posted")

    def test_money_without_an_owner_is_shown_and_placed(self):
        for n in range(3):
            self.pay(202, self.payment(None, f"S-{n}", nik=nik_of(9100 + n)[0]))
        self.pay(202, self.payment(None, "S-9", nik=nik_of(9109)[0], partner="bank"))
        page = self.ask("GET", "/v1/suspense", 200, query={"limit": 2})
        more = self.ask("GET", "/v1/suspense", 200,
                        query={"limit": 200, "cursor": page["next_cursor"]})
        references = [p["reference"] for p in page["payments"] + more["payments"]]
        self.assertEqual(len(references), len(set(references)))
        own = self.ask("GET", "/v1/suspense", 200, token=self.token("partner", "partner", "bank"))
        self.assertEqual([p["reference"] for p in own["payments"]], ["S-9"])
        self.assertNotIn(nik_of(9100)[0], json.dumps(page))
        member = self.enrol(103)
        body = {"partner": "pos", "reference": "S-0", "bill_code": member["bill_code"]}
        placed = self.ask("POST", "/v1/suspense-placements", 201, body=body)
        self.assertEqual(placed["payment"]["member_number"], member["member_number"])
        self.ask("POST", "/v1/suspense-placements", 409, body=body)
        for wrong, status in (({"reference": "none"}, 404), ({"partner": "nobody"}, 422),
                              ({"nik": NIK}, 422), ({"bill_code": "99999999901"}, 422)):
            self.ask("POST", "/v1/suspense-placements", status, body=body | wrong)
        outside = self.token("branch-staff", "branch", "jawa-barat")
        self.ask("POST", "/v1/suspense-placements", 404, body=body | {"reference": "S-1"},
                 token=outside)

    def test_refuses_what_is_no_payment(self):
        whole = json.dumps(self.payment(None, "X-1", nik=NIK)).encode()
        deep = b'{"a":' * 5000 + b"1" + b"}" * 5000
        for number, (status, body) in enumerate((
                (400, b'{"partner":"\xff\xfe"}'), (400, deep), (400, b""), (400, whole[:-1]),
                (422, b"[]"), (422, whole.replace(b"50400", b"1e3")),
                (422, whole.replace(b"50400", b"9223372036854775807")),
                (422, whole.replace(b"50400", b'"50400"')),
                (422, whole.replace(b'"pos"', b'"po\\u0000s"')),
                (422, whole.replace(b'"X-1"', b'"' + b"x" * 65 + b'"')),
                (422, whole.replace(b'"X-1"', b'"X 1"')),
                (422, whole[:-1] + b',"partner":"pos"}'),
                (422, whole.replace(b"2026-03-10", b"2026-03-16")),
                (422, whole.replace(b"2026-03-10", b"2026-02-30")))):
            problem = self.pay(status, body, f"no-payment-{number}")
            self.assertNotIn(NIK, json.dumps(problem))
        for rule, headers in (("idempotency_key.missing", {"Idempotency-Key": None}),
                              ("idempotency_key.malformed", {"Idempotency-Key": "a b"})):
            problem = self.ask("POST", "/v1/payments", 400, body=whole, headers=headers,
                               token=self.token("partner", "partner", "pos"))
            self.assertEqual(problem["rule"], rule)

    def test_a_partner_posts_only_its_own(self):
        body = self.payment(None, "O-1", nik=nik_of(9200)[0], partner="bank")
        problem = self.ask("POST", "/v1/payments", 422, body=json.dumps(body).encode(),
                           token=self.token("partner", "partner", "pos"))
        self.assertEqual(problem["rule"], "partner.unknown")

    def test_journals_are_for_the_nation(self):
        journals = self.ask("GET", "/v1/journals", 200, token=self.token("auditor"))
        self.assertEqual(sum(line["debit"] - line["credit"] for line in journals["lines"]), 0)
        self.ask("GET", "/v1/journals", 403, token=self.token("approver", "branch", "surakarta"))
        self.ask("GET", "/v1/journals", 422, query={"month": "2026-13"},
                 token=self.token("auditor"))

    def test_figures_are_those_of_the_scope(self):
        self.enrol(110)
        for by in (None, "region", "branch", "sector", "group", "door"):
            self.ask("GET", "/v1/insight/coverage", 200, query={"by": by} if by else None)
        path = "/v1/insight/coverage"
        whole = self.ask("GET", path, 200)["registered"]
        inside = self.ask("GET", path, 200, token=self.token("branch-staff", "branch", "surakarta"))
        outside = self.ask("GET", path, 200,
                           token=self.token("branch-staff", "branch", "jawa-barat"))
        self.assertEqual((inside["registered"], outside["registered"]), (whole, 0))
        for region, registered in ((33, whole), (3372, whole), (34, 0)):
            got = self.ask("GET", path, 200, token=self.token("analyst", "region", region))
            self.assertEqual(got["registered"], registered, region)
        group = self.ask("GET", path, 200, token=self.token("group-admin", "group", "nelayan"))
        self.assertEqual(group["registered"], 0)
        small = self.token("analyst", "region", 337201)
        districts = self.ask("GET", path, 200, token=self.token("analyst"),
                             query={"by": "region", "region": "3372"})["rows"]
        self.assertEqual([self.ask("GET", path, 200, token=small)["registered"]],
                         [row["registered"] for row in districts if row["code"] == "337201"])
        self.assertEqual(self.ask("GET", path, 422, token=small, query={"by": "door"})["rule"],
                         "report.region_too_small")
        self.tell_regions(whole)

    def tell_regions(self, whole):
        """Down to the village, within what the caller sees."""
        path, funnel = "/v1/insight/coverage", "/v1/insight/funnel"
        self.ask("GET", path, 422, query={"by": "moon"})
        staff = {name: self.token("branch-staff", "branch", name) for name in ("surakarta", "jawa-barat")}
        for token in (self.token("analyst"), staff["surakarta"], self.token("analyst", "region", 33)):
            rows = self.ask("GET", path, 200, token=token,
                            query={"by": "region", "region": "3372"})["rows"]
            self.assertEqual(sum(row["registered"] for row in rows), whole)
            self.assertTrue(all(row["code"].startswith("3372") for row in rows))
            self.assertEqual(self.ask("GET", funnel, 200, token=token, query={"region": "3372"})
                             ["registered"], whole)
            inside = self.ask("GET", path, 200, token=token,
                              query={"by": "region", "region": rows[0]["code"]})["rows"]
            self.assertEqual(sum(row["registered"] for row in inside), rows[0]["registered"])
        for where, token in (("3372", self.token("analyst", "region", 34)),
                             ("33", self.token("analyst", "region", 3372)),
                             ("337201", staff["jawa-barat"])):
            for asked in (path, funnel):
                self.assertEqual(self.ask("GET", asked, 403, token=token, query={"region": where})
                                 ["rule"], "access.not_allowed")
        group = self.token("group-admin", "group", "nelayan")
        self.assertIsNone(self.ask("GET", funnel, 200, token=group)["causes"])
        self.assertEqual(self.ask("GET", path, 200, token=group, query={"region": "3372"})
                         ["registered"], 0)
        for asked in (path, funnel):
            self.assertEqual(self.ask("GET", asked, 422, token=group, query={"region": "337201"})
                             ["rule"], "report.region_too_small")
        self.ask("GET", path, 200, token=staff["jawa-barat"], query={"region": "3372"})
        for where in ("1", "9999", "33x", "33720110019", ""):
            self.ask("GET", path, 422, query={"region": where})
        self.tell_parts()

    def tell_parts(self):
        """Of one branch, sector, door or group: what the row of a split says; and months in one answer."""
        path, trend = "/v1/insight/coverage", "/v1/insight/trend"
        def figures(of):
            return {key: of[key] for key in of if key not in ("code", "name", "month", "rows")}
        for name in ("branch", "sector", "door", "group"):
            rows = [row for row in self.ask("GET", path, 200, query={"by": name})["rows"] if row["code"]]
            self.assertGreater(len(rows), 0)
            for row in rows:
                for region in ({}, {"region": "33"}) if row is rows[0] else ({},):
                    got = self.ask("GET", path, 200, query={name: row["code"], "by": "region", **region})
                    self.assertEqual(figures(got), figures(row))
                    whole = self.ask("GET", trend, 200, query={name: row["code"], **region})
                    self.assertEqual(figures(whole["trend"][-1]), figures(row))
            for asked_path in (path, trend, "/v1/insight/funnel"):
                self.ask("GET", asked_path, 404 if name == "group" else 422, query={name: "bulan"})
            split = self.ask("GET", trend, 200, query={"by": name})
            self.assertEqual([row for row in split["rows"] if row["code"]], rows)
            self.assertEqual(self.ask("GET", trend, 422, query={name: rows[0]["code"], "region": "337201"})
                             ["rule"], "report.region_too_small")
        asked = self.ask("GET", trend, 200, query={"region": "337201", "months": 3, "month": "2026-01"})
        self.assertEqual([part["code"] for part in asked["regions"]], ["33", "3372", "337201"])
        self.assertEqual([month["month"] for month in asked["trend"]], ["2025-11", "2025-12", "2026-01"])
        self.assertEqual(self.ask("GET", trend, 200)["causes"],
                         self.ask("GET", "/v1/insight/funnel", 200)["causes"])
        self.ask("GET", trend, 422, query={"by": "moon"})
        for months in ("0", "37", "x", ""):
            self.ask("GET", trend, 422, query={"months": months})
        staff = self.token("branch-staff", "branch", "surakarta")
        self.assertEqual(self.ask("GET", trend, 200, token=staff)["branch"]["code"], "surakarta")
        self.ask("GET", trend, 200, token=staff, query={"branch": "surakarta"})
        for asked_path in (path, trend, "/v1/insight/funnel"):
            self.ask("GET", asked_path, 403, token=staff, query={"branch": "jawa-barat"})
