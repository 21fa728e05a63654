"""People: enrolling, finding, reading, changing; who sees how much."""
import json

from api_server import NIK, VILLAGE


class PeopleCases:
    def test_enrols_and_is_known_again(self):
        first = self.ask("POST", "/v1/enrolments", 201,
                         body={"group": "pasar", "person": self.person()})
        again = self.ask("POST", "/v1/enrolments", 200, body={"person": self.person()})
        self.assertEqual(again["repeated"], 1)
        self.assertEqual(again["members"][0]["member_number"], first["members"][0]["member_number"])
        people = [self.person(nik="3372014101900000", birth_date="1990-01-01"),
                  self.person(nik="12"), {"name": 1}]
        answer = self.ask("POST", "/v1/enrolments", 200, body=json.dumps({"people": people}).encode())
        self.assertEqual((answer["rows"], answer["accepted"], answer["rejected"]), (3, 1, 2))

    def test_says_what_differs_from_the_register(self):
        member = self.enrol(5)
        again = self.ask("POST", "/v1/enrolments", 200, body={"person": self.person(
            nik=member["nik"], birth_date=member["birth_date"], sex="male", name="Siti Lain")})
        self.assertEqual([(w["row"], w["column"], w["rule"]) for w in again["warnings"]],
                         [(1, "name", "name.differs_from_register")])

    def test_finds_people_each_way(self):
        member = self.enrol(1, name="Budi Santoso Wijaya", phone="0812 3456 7890")
        for query in ({"nik": member["nik"]}, {"member_number": member["member_number"]},
                      {"bill_code": member["bill_code"]},
                      {"name": "santoso BUDI", "birth_date": member["birth_date"]},
                      {"name": "wij", "village_code": VILLAGE}):
            found = self.ask("POST", "/v1/people/search", 200, body=query)
            self.assertEqual([p["person_id"] for p in found["people"]], [member["person_id"]], query)
            self.assertNotIn(member["nik"], json.dumps(found))
        for query, status in (({}, 422), ({"nik": "1"}, 422), ({"name": "x", "village_code": VILLAGE}, 422),
                              ({"name": "Budi"}, 422), ({"nik": NIK, "phone": "081234567890"}, 422)):
            self.ask("POST", "/v1/people/search", status, body=query)
        found = self.ask("POST", "/v1/people/search", 200,
                         body={"name": "Budi", "birth_date": "1950-01-01"})
        self.assertEqual(found, {"people": [], "more": False})

    def test_a_look_is_masked_where_the_role_need_not_know(self):
        member = self.enrol(2, name="Ani Suryani")
        where = {"person_id": member["person_id"]}
        full = self.ask("GET", "/v1/people/{person_id}", 200, where)
        self.assertEqual((full["nik"], full["name"], full["birth_date"], full["masked"]),
                         (member["nik"], "Ani Suryani", member["birth_date"], False))
        for role, scope, name in (("auditor", "nation", None), ("group-admin", "group", "pasar")):
            text = json.dumps(self.ask("GET", "/v1/people/{person_id}", 200, where,
                                       token=self.token(role, scope, name)))
            for hidden in (member["nik"], member["nik"][:12], "Suryani", member["birth_date"]):
                self.assertNotIn(hidden, text, role)
            self.assertIn("A*** S***", text)

    def test_what_lies_outside_the_scope_reads_as_unknown(self):
        member = self.enrol(3)
        inside = self.token("branch-staff", "branch", "surakarta")
        outside = self.token("branch-staff", "branch", "jawa-barat")
        where = {"person_id": member["person_id"]}
        nobody = {"person_id": 999999999}
        for path in ("/v1/people/{person_id}", "/v1/people/{person_id}/bill",
                     "/v1/people/{person_id}/payments", "/v1/people/{person_id}/coverage"):
            self.ask("GET", path, 200, where, token=inside)
            self.assertEqual(self.ask("GET", path, 404, where, token=outside),
                             self.ask("GET", path, 404, nobody, token=outside))
        found = self.ask("POST", "/v1/people/search", 200, body={"nik": member["nik"]}, token=outside)
        self.assertEqual(found["people"], [])
        self.ask("POST", "/v1/people/{person_id}/membership-ends", 404, where, token=outside,
                 body={"reason": "employed"})
        worker = self.token("worker", "self", member["person_id"])
        self.ask("GET", "/v1/people/{person_id}", 200, where, token=worker)
        self.ask("GET", "/v1/people/{person_id}", 404, {"person_id": member["person_id"] + 1},
                 token=worker)

    def test_changes_only_what_was_seen(self):
        member = self.enrol(4)
        where = {"person_id": member["person_id"]}
        path = "/v1/people/{person_id}"
        _, headers = self.ask_all("GET", path, 200, where)
        etag = {"If-Match": headers["ETag"]}
        status, _, text = self.send("GET", f"/v1/people/{member['person_id']}",
                                    headers={"If-None-Match": headers["ETag"]})
        self.assertEqual((status, text), (304, ""))
        self.document.seen.add(("GET", path, "304"))
        self.ask("PATCH", path, 428, where, body={"language": "jv"})
        changed = self.ask("PATCH", path, 200, where, body={"language": "jv"}, headers=etag)
        self.assertEqual(changed["language"], "jv")
        self.ask("PATCH", path, 412, where, body={"language": "su"}, headers=etag)
        for body in ({"language": "JAVA"}, {"village_code": "1"}, {"name": "Lain"}, {"nik": NIK}):
            self.ask("PATCH", path, 422, where, body=body, headers=etag)
        self.ask("PATCH", path, 422, where, body={"village_code": "3372019999"},
                 headers={"If-Match": "*"})
        self.ask("PATCH", path, 404, {"person_id": 999999999}, body={}, headers=etag)

    def test_a_bill_its_payment_and_the_cover(self):
        member = self.enrol(6)
        where = {"person_id": member["person_id"]}
        bill = self.ask("GET", "/v1/people/{person_id}/bill", 200, where, query={"months": 3})
        self.assertEqual((len(bill["months"]), bill["to_pay"]), (3, bill["total"]))
        # The price before relief; whether there is a relief today, the scheme says.
        self.assertEqual(sum(month["full"] for month in bill["months"]),
                         self.payment(member["bill_code"], "P-6")["amount"])
        self.assertTrue(all(month["total"] <= month["full"] for month in bill["months"]))
        for months in ("0", "x", "99999999999999999999"):
            self.ask("GET", "/v1/people/{person_id}/bill", 422, where, query={"months": months})
        for n in range(3):
            self.pay(201, self.payment(member["bill_code"], f"P-6-{n}"))
        page = self.ask("GET", "/v1/people/{person_id}/payments", 200, where, query={"limit": 2})
        rest = self.ask("GET", "/v1/people/{person_id}/payments", 200, where,
                        query={"limit": 2, "cursor": page["next_cursor"]})
        self.assertEqual([p["reference"] for p in page["payments"] + rest["payments"]],
                         ["P-6-2", "P-6-1", "P-6-0"])
        self.assertIsNone(rest["next_cursor"])
        cover = self.ask("GET", "/v1/people/{person_id}/coverage", 200, where)
        self.assertEqual((cover["state"], cover["programmes"]["JKK"]["state"]), ("active", "active"))
        place = self.ask("GET", "/v1/people/{person_id}", 200, where)["memberships"][0]
        self.assertEqual((place["branch"], place["branch_name"]), ("surakarta", "Surakarta"))
        before = self.ask("GET", "/v1/people/{person_id}/coverage", 200, where,
                          query={"known_at": "2026-01-01T00:00:00Z"})
        self.assertEqual(before["programmes"]["JKK"]["state"], "never")

    def test_cover_by_number_and_by_nik_in_the_body_only(self):
        member = self.enrol(7)
        for query in ({"member_number": member["member_number"]}, {"bill_code": member["bill_code"]}):
            self.ask("GET", "/v1/coverage", 200, query=query)
            self.ask("POST", "/v1/coverage", 200, body=query)
        self.ask("POST", "/v1/coverage", 200, body={"nik": member["nik"]},
                 token=self.token("partner", "partner", "pos"))
        self.ask("POST", "/v1/coverage", 404, body={"nik": "3372014101990000"})
        self.ask("POST", "/v1/coverage", 422, body={})
        for query in ({}, {"nik": member["nik"]}, {"member_number": "1"}, {"on": "2026-02-30"}):
            self.ask("GET", "/v1/coverage", 422, query=query)
        self.ask("GET", "/v1/coverage", 404, query={"member_number": "99999999901"})

    def test_closes_a_membership_once(self):
        where = {"person_id": self.enrol(8)["person_id"]}
        path = "/v1/people/{person_id}/membership-ends"
        self.ask("POST", path, 422, where, body={"reason": "bored"})
        ended = self.ask("POST", path, 201, where, body={"reason": "employed", "on": TODAY_TEXT})
        self.assertEqual(ended["ended_on"], TODAY_TEXT)
        self.ask("POST", path, 409, where, body={"reason": "employed"})
        self.ask("GET", "/v1/people/{person_id}/bill", 409, where)

    def test_looks_and_changes_are_in_the_audit_trail(self):
        member = self.enrol(9)
        self.ask("GET", "/v1/people/{person_id}", 200, {"person_id": member["person_id"]})
        self.ask("POST", "/v1/people/search", 200, body={"nik": member["nik"]})
        self.ask("POST", "/v1/enrolments", 200, body={"person": self.person(
            nik=member["nik"], birth_date=member["birth_date"], sex="male")})
        rows = self.query("SELECT action, change FROM audit_entry WHERE person_id ="
                          f" {member['person_id']} ORDER BY entry_id")
        self.assertEqual([row[0] for row in rows], ["person:enrol", "person:read", "person:search",
                                                   "person:enrol"])

    def test_duplicates_are_shown_page_by_page(self):
        for number in (20, 21, 22):
            self.enrol(number, name="Kembar Sama", birth_date="1971-01-01")
        seen, cursor = [], None
        while True:
            page = self.ask("GET", "/v1/duplicates", 200,
                            query={"limit": 1} | ({"cursor": cursor} if cursor else {}))
            seen += [(p["person_id"], p["other_person_id"]) for p in page["pairs"]]
            cursor = page["next_cursor"]
            if cursor is None:
                break
        self.assertEqual(len(seen), len(set(seen)))
        self.assertGreaterEqual(len(seen), 2)
        outside = self.token("branch-staff", "branch", "jawa-barat")
        self.assertEqual(self.ask("GET", "/v1/duplicates", 200, token=outside)["pairs"], [])


TODAY_TEXT = "2026-03-15"
