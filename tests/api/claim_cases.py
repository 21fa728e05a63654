"""Claims: reported, completed, decided by two, refused and objected to, paid; who sees what of them."""
import json
import re
import subprocess
import xml.etree.ElementTree

from api_server import Program

PAIN = "{urn:iso:std:iso:20022:tech:xsd:pain.001.001.03}"

DEATH = {"kind": "death", "on": "2026-03-15", "children": 1, "heirs": ["spouse"]}
SPOUSE = {"name": "Ibu Contoh", "relation": "spouse", "institution": "BRI", "account": "1234567890"}
PDF = b"%PDF-1.4 a paper "
ONE, PAPERS = "/v1/claims/{claim_number}", "/v1/claims/{claim_number}/papers"
BYTES = {"Content-Type": "application/octet-stream"}
DEATH_PAPERS = ("identity-card", "death-certificate", "family-card", "heir-certificate", "bank-book")


# What the rules give for a death, and the two months of Rp 16,800 that were paid beyond it.
DEATH_GIVES = 42_000_000 + 2 * 16_800


class ClaimCases:
    def member(self, number):
        """A member who has paid three months."""
        member = self.enrol(number)
        self.pay(201, self.payment(member["bill_code"], f"claim-{number}"))
        return member

    def officer(self, number=0):
        return self.token("claims-officer", "nation" if number == 0 else "branch",
                          None if number == 0 else "surakarta")

    def report(self, member, facts=None, expected=201, **rest):
        body = {"facts": DEATH | (facts or {}), "payees": [SPOUSE]} | rest
        return self.ask("POST", "/v1/people/{person_id}/claims", expected,
                        {"person_id": member["person_id"]}, body=body)

    def bring(self, claim, code, expected=201, body=None):
        return self.ask("POST", PAPERS, expected, claim, query={"code": code}, headers=BYTES,
                        body=PDF + code.encode() + claim["claim_number"].encode()
                        if body is None else body)

    def step(self, claim, name, expected=200, token=None, **body):
        return self.ask("POST", ONE + "/" + name, expected, claim, body=body,
                        token=token or self.officer())

    def complete(self, claim):
        for code in DEATH_PAPERS:
            self.bring(claim, code)
        return self.step(claim, "completion")

    def test_a_death_is_reported_completed_and_approved_by_two(self):
        member = self.member(7001)
        told, headers = self.ask_all("POST", "/v1/people/{person_id}/claims", 201,
                                     {"person_id": member["person_id"]},
                                     body={"facts": DEATH, "payees": [SPOUSE]})
        self.assertEqual(headers["Location"], f"/v1/claims/{told['claim_number']}")
        missing = [f["detail"] for f in told["findings"] if f["rule"] == "check.papers"]
        self.assertEqual(sorted(missing), sorted(DEATH_PAPERS))
        self.assertEqual(self.step(told, "completion", 409)["rule"], "claim.something_missing")
        complete = self.complete(told)
        self.assertEqual((complete["state"], complete["due_on"]), ("complete", "2026-03-18"))
        self.assertEqual(sum(line["amount"] for line in complete["lines"]), DEATH_GIVES)
        proposed = self.step(told, "approval")
        self.assertEqual((proposed["state"], proposed["gross"]), ("proposed", DEATH_GIVES))
        self.assertEqual(self.step(told, "approval", 409)["rule"], "claim.same_person")
        approver = self.token("approver")
        approved = self.step(told, "approval", token=approver)
        self.assertEqual((approved["state"], approved["net"]), ("approved", DEATH_GIVES))
        self.assertEqual([p["state"] for p in approved["payouts"]], ["waiting"])
        self.assertEqual([s["state"] for s in approved["steps"]],
                         ["reported", "complete", "proposed", "approved"])
        self.step(told, "new_payout", 409)
        self.ask("PATCH", ONE, 409, told, body={"facts": DEATH})
        self.step(told, "withdrawal", 409, token=self.token("branch-staff"))
        cover = self.ask("GET", "/v1/people/{person_id}/coverage", 200,
                         {"person_id": member["person_id"]})
        self.assertEqual(cover["state"], "ended", cover)
        listed = self.ask("GET", "/v1/people/{person_id}/claims", 200,
                          {"person_id": member["person_id"]})["claims"]
        self.assertEqual([c["claim_number"] for c in listed], [told["claim_number"]])

    def test_a_refusal_says_why_and_may_be_objected_to(self):
        claim = self.report(self.member(7002))
        self.assertEqual(self.step(claim, "refusal", 422, reason_code="because", note="x")["rule"],
                         "claim.reason_missing")
        self.assertEqual(self.step(claim, "refusal", 422, reason_code="too_late", note="")["rule"],
                         "claim.note_missing")
        refused = self.step(claim, "refusal", reason_code="not_entitled", note="Bukan ahli waris.")
        self.assertEqual(refused["steps"][-1]["note"], "Bukan ahli waris.")
        self.step(claim, "refusal", 409, reason_code="not_entitled", note="Lagi.")
        staff = self.token("branch-staff")
        self.step(claim, "objection", 422, token=staff)
        self.step(claim, "objection", token=staff, note="Ini buktinya.")
        self.step(claim, "objection", 409, token=staff, note="Lagi.")
        self.assertEqual(self.step(claim, "withdrawal", token=staff)["state"], "withdrawn")
        self.bring(claim, "bank-book", 409)

    def test_what_is_told_anew_holds(self):
        claim = self.report(self.member(7003), draft=True)
        self.assertEqual(claim["state"], "draft")
        told = self.ask("PATCH", ONE, 200, claim, body={
            "facts": DEATH | {"children": 3}, "payees": [SPOUSE | {"account": "99887766"}],
            "hand_in": True})
        self.assertEqual((told["state"], told["facts"]["children"]), ("reported", 3))
        self.assertEqual(told["payees"][0]["account"], "99887766")
        wrong = self.ask("PATCH", ONE, 422, claim, body={"payees": [SPOUSE | {"account": "1'; --"}]})
        self.assertEqual(wrong["rule"], "payee.account_malformed")

    def test_a_letter_says_how_a_claim_stands(self):
        claim = self.report(self.member(7091), draft=True)
        where = {"claim_number": claim["claim_number"]}
        self.assertEqual(self.ask("GET", ONE + "/letter", 409, where)["rule"], "claim.not_reported")
        self.ask("PATCH", ONE, 200, where, body={"hand_in": True})
        status, headers, letter = self.send("GET", (ONE + "/letter").format(**where),
                                            token=self.officer())
        self.document.seen.add(("GET", ONE + "/letter", "200"))
        self.assertEqual((status, headers["Content-Type"]), (200, "application/pdf"))
        self.assertIn(claim["claim_number"], headers["Content-Disposition"])
        self.assertTrue(letter.startswith(b"%PDF-"))
        self.ask("GET", ONE + "/letter", 404, {"claim_number": "K999999999018"})

    def test_papers_come_back_and_bad_ones_are_refused(self):
        claim = self.report(self.member(7004))
        brought = self.bring(claim, "identity-card")
        self.assertEqual([p["code"] for p in brought["papers"]], ["identity-card"])
        where = {"claim_number": claim["claim_number"], "paper_no": 1}
        text = self.send("GET", PAPERS.format(**where) + "/1", token=self.officer())
        self.assertEqual(text[0], 200)
        self.assertTrue(text[2].startswith(PDF))
        self.assertEqual(text[1]["X-Content-Type-Options"], "nosniff")
        self.document.seen.add(("GET", PAPERS + "/{paper_no}", "200"))
        self.ask("GET", PAPERS + "/{paper_no}", 404, where | {"paper_no": 2}, token=self.officer())
        for body, rule in ((b"", "paper.empty"), (b"MZ\x90\0", "paper.type_unknown"),
                           (b"<svg onload=alert(1)>", "paper.type_unknown"),
                           (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8, "paper.too_many_pixels")):
            self.assertEqual(self.bring(claim, "identity-card", 422, body)["rule"], rule)
        self.assertEqual(self.bring(claim, "invoice", 422)["rule"], "paper.code_unknown")
        big = self.send("POST", PAPERS.format(**where), body=b"%PDF-" + b"x" * (11 << 20),
                        query={"code": "bank-book"}, headers=BYTES)
        self.assertEqual(big[0], 413)
        self.bring({"claim_number": "K999999999018"}, "bank-book", 404)

    def test_only_officers_see_what_to_ask(self):
        first, second = self.report(self.member(7005)), self.report(self.member(7006))
        for claim in (first, second):
            self.bring(claim, "bank-book", body=PDF)
        seen = self.ask("GET", ONE, 200, second, token=self.officer())
        questions = {f["rule"] for f in seen["findings"] if f["kind"] == "question"}
        self.assertIn("check.paper_of_many", questions)
        self.assertIn("check.account_of_many", questions)
        for token in (self.token("branch-staff"),
                      self.token("worker", "self", second["person_id"])):
            shown = self.ask("GET", ONE, 200, second, token=token)
            self.assertEqual([f for f in shown["findings"] if f["kind"] == "question"], [])
        masked = self.ask("GET", ONE, 200, second, token=self.token("auditor"))
        self.assertEqual(masked["payees"][0]["account"], "****7890")
        self.assertNotIn("Contoh", masked["name"] + masked["payees"][0]["name"])
        self.ask("GET", ONE, 404, first, token=self.token("worker", "self", second["person_id"]))

    def test_the_worklist_has_the_nearest_deadline_first(self):
        claims = [self.report(self.member(7010 + n)) for n in range(3)]
        for claim in claims:
            self.complete(claim)
        first = self.ask("GET", "/v1/claims", 200, query={"limit": 2}, token=self.officer())
        self.assertEqual(len(first["claims"]), 2)
        rest = self.ask("GET", "/v1/claims", 200, token=self.officer(),
                        query={"limit": 200, "cursor": first["next_cursor"]})
        numbers = [c["claim_number"] for c in first["claims"] + rest["claims"]]
        self.assertEqual(len(numbers), len(set(numbers)))
        self.assertTrue({c["claim_number"] for c in claims} <= set(numbers))
        due = [c["due_on"] for c in first["claims"] + rest["claims"]]
        self.assertEqual(due, sorted(due))
        for query in ({"state": "lost"}, {"cursor": 5}, {"order": "x"}):
            self.ask("GET", "/v1/claims", 422, query=query, token=self.officer())

    def test_bad_reports_are_refused_field_by_field(self):
        member = self.member(7020)
        for facts, rule in (({"kind": "theft"}, "claim.kind_unknown"),
                            ({"on": "2026-02-30"}, "date.impossible"),
                            ({"heirs": ["cousin"]}, "claim.relation_unknown"),
                            ({"children": -1}, "claim.number_out_of_range"),
                            ({"children": 101}, "claim.number_out_of_range"),
                            ({"more": 1}, "request.field_unknown")):
            problem = self.report(member, facts, 422)
            self.assertIn(rule, [e["rule"] for e in problem["errors"]], problem)
        self.assertEqual(self.report(member, {"on": "2026-03-16"}, 422)["rule"],
                         "claim.event_in_future")
        accident = {"kind": "accident", "on": "2026-03-15", "outcome": "asleep"}
        problem = self.ask("POST", "/v1/people/{person_id}/claims", 422,
                           {"person_id": member["person_id"]}, body={"facts": accident})
        self.assertEqual(problem["errors"][0]["rule"], "claim.outcome_unknown")
        self.report({"person_id": 999999999}, expected=404)
        for name in ("completion", "approval", "refusal", "new_payout", "objection", "withdrawal"):
            body = {"reason_code": "other", "note": "x"} if name == "refusal" else {}
            self.step({"claim_number": "K999999999018"}, name, 404, **body,
                      token=self.token("branch-staff") if name in ("objection", "withdrawal") else None)
        self.ask("PATCH", ONE, 404, {"claim_number": "K1"}, body={})
        self.ask("GET", ONE, 404, {"claim_number": "K1"})
        self.ask("GET", "/v1/people/{person_id}/claims", 404, {"person_id": 999999999})

    def test_an_accident_is_worked_out_with_its_working(self):
        member = self.member(7021)
        facts = {"kind": "accident", "on": "2026-03-15", "outcome": "recovered",
                 "spent": [{"benefit": "jkk-transport-land", "rupiah": 6_000_000}],
                 "months_unable": 1, "days_unable": 15}
        claim = self.ask("POST", "/v1/people/{person_id}/claims", 201,
                         {"person_id": member["person_id"]}, body={"facts": facts})
        amounts = {line["benefit"]: line["amount"] for line in claim["lines"]}
        self.assertEqual(amounts["jkk-transport-land"], 5_000_000)
        self.assertIn("at-most 5000000", [line["working"] for line in claim["lines"]
                                          if line["benefit"] == "jkk-transport-land"][0])
        self.assertEqual(claim["facts"] | facts, claim["facts"] | {
            "spent": [facts["spent"][0]], "months_unable": 1, "days_unable": 15})

    def notice(self, expected=201, token=None, **rest):
        body = {"kind": "death", "on": "2026-03-14", "member": {"name": "Warga"},
                "reporter": {"name": "Ibu Contoh", "phone": "081234567890", "relation": "spouse"}}
        return self.ask("POST", "/v1/claim_notices", expected, body=body | rest, token=token)

    def listed(self, code, token=None, **query):
        """The officers' row of a notice; its number is not told to who sent it."""
        rows = self.ask("GET", "/v1/claim_notices", 200, query={"limit": 200, **query},
                        token=token or self.officer())["notices"]
        place = self.places[code]
        return next((row for row in rows if row["place"] == place), None)

    def test_a_stranger_tells_and_an_officer_takes_it_up(self):
        member = self.member(7060)
        person = self.ask("GET", "/v1/people/{person_id}", 200,
                          {"person_id": member["person_id"]})
        told = self.notice(place="Pasar 7060", told="Sakit.", member={
            "name": person["name"], "member_number": member["member_number"]})
        unknown = self.notice(place="Pasar 7061", member={
            "name": "Tiada Orang", "member_number": member["member_number"]})
        self.places = {told["notice_code"]: "Pasar 7060", unknown["notice_code"]: "Pasar 7061"}
        self.assertEqual(set(told), set(unknown))
        self.assertEqual((told["state"], told["claim"]), ("received", None))
        where = {"notice_code": told["notice_code"]}
        path = "/v1/claim_notices/{notice_code}"
        self.ask("POST", path + "/papers", 409, where, query={"code": "bank-book"}, headers=BYTES,
                 body=PDF, token=None)
        row = self.listed(told["notice_code"])
        self.assertEqual((row["person_id"], row["told"]), (member["person_id"], "Sakit."))
        self.assertIsNone(self.listed(unknown["notice_code"])["person_id"])
        self.assertIsNone(self.listed(unknown["notice_code"], token=self.officer(1)))
        auditor = self.ask("GET", "/v1/claim_notices", 200, query={"limit": 200},
                           token=self.token("auditor"))["notices"]
        hidden = next(one for one in auditor if one["notice_id"] == row["notice_id"])
        self.assertNotIn("Contoh", hidden["reporter"]["name"])
        self.assertEqual((hidden["reporter"]["phone"][:4], hidden["told"]), ("****", ""))
        one = {"notice_id": row["notice_id"]}
        take, drop = (f"/v1/claim_notices/{{notice_id}}/{word}" for word in ("taking_up", "dismissal"))
        person_id = {"person_id": member["person_id"]}
        self.ask("POST", take, 404, {"notice_id": 999999}, body=person_id, token=self.officer())
        self.ask("POST", drop, 404, {"notice_id": 999999}, body={"reason_code": "other"},
                 token=self.officer())
        self.ask("POST", take, 422, one, body={}, token=self.officer())
        self.ask("POST", drop, 422, one, body={"reason_code": "because"}, token=self.officer())
        taken = self.ask("POST", take, 200, one, body=person_id, token=self.officer(1))
        self.ask("POST", take, 409, one, body=person_id, token=self.officer())
        self.ask("POST", drop, 409, one, body={"reason_code": "other"}, token=self.officer())
        followed = self.ask("GET", path, 200, where, token=None)
        self.assertEqual(followed["claim"]["state"], "reported")
        brought = self.ask("POST", path + "/papers", 201, where, query={"code": "bank-book"},
                           headers=BYTES, body=PDF, token=None)
        self.assertEqual([p["code"] for p in brought["claim"]["papers_needed"] if p["brought"]],
                         ["bank-book"])
        self.ask("POST", path + "/papers", 422, where, query={"code": "invoice"}, headers=BYTES,
                 body=PDF, token=None)
        claim = self.ask("GET", ONE, 200, taken, token=self.officer())
        self.assertEqual((claim["state"], claim["steps"][0]["note"]), ("reported", "Sakit."))
        self.ask("POST", drop, 200, {"notice_id": self.listed(unknown["notice_code"])["notice_id"]},
                 body={"reason_code": "member_unknown"}, token=self.officer())
        ended = self.ask("GET", path, 200, {"notice_code": unknown["notice_code"]}, token=None)
        self.assertEqual((ended["state"], ended["reason_code"]), ("dismissed", "member_unknown"))
        for word in ("A" * 26, "x", "%27"):
            self.ask("GET", path, 404, {"notice_code": word}, token=None)
        self.ask("POST", path + "/papers", 404, {"notice_code": "A" * 26}, headers=BYTES, body=PDF,
                 query={"code": "bank-book"}, token=None)

    def test_bad_notices_are_refused_field_by_field(self):
        reporter = {"name": "Ibu Contoh", "phone": "081234567890", "relation": "spouse"}
        for change, rule in (({"kind": "savings"}, "notice.kind_wrong"),
                             ({"on": "2026-02-30"}, "date.impossible"),
                             ({"member": {"name": "A", "nik": "1"}}, "nik.not_sixteen_digits"),
                             ({"member": {"name": "A", "age": 3}}, "request.field_unknown"),
                             ({"reporter": reporter | {"phone": "12"}}, "phone.malformed"),
                             ({"reporter": reporter | {"relation": "cousin"}},
                              "notice.relation_unknown")):
            problem = self.notice(422, **change)
            self.assertIn(rule, [e["rule"] for e in problem["errors"]], problem)
        self.assertEqual(self.notice(422, on="2026-03-16")["rule"], "claim.event_in_future")
        self.assertEqual(self.notice(422, member={"name": "x" * 101})["rule"],
                         "notice.text_malformed")
        # Somebody who has logged in may tell too; a session that is over is a stranger's.
        self.notice(token=self.token("partner", "partner", "pos"))
        self.ask("GET", "/v1/claim_notices", 422, query={"state": "lost"}, token=self.officer())

    def test_figures_say_how_claims_were_handled(self):
        self.report(self.member(7062))
        day = {"from": "2026-03-15", "to": "2026-03-15"}
        figures = self.ask("GET", "/v1/claim_figures", 200, query=day, token=self.token("analyst"))
        self.assertGreater(figures["now"]["reported"], 0)
        self.assertGreaterEqual(figures["begun"], figures["without_visit"])
        for query in ({"from": "x"}, {"from": "2026-03-16", "to": "2026-03-15"}, {"other": "1"},
                      {"from": "1990-01-01"}):
            self.ask("GET", "/v1/claim_figures", 422, query=query, token=self.token("analyst"))
        self.ask("GET", "/v1/claim_figures", 403, token=self.officer(1))

    def test_months_of_a_treatment_come_as_claims(self):
        member = self.member(7022)
        herself = {"name": "Uji", "institution": "BRI", "account": "70220000"}
        facts = {"kind": "accident", "on": "2026-03-15", "outcome": "in_treatment",
                 "months_unable": 1,
                 "pupils": [{"birth": "2014-05-06", "level": "junior-secondary"}]}
        claim = self.ask("POST", "/v1/people/{person_id}/claims", 201,
                         {"person_id": member["person_id"]},
                         body={"facts": facts, "payees": [herself]})
        self.assertEqual(claim["facts"]["pupils"], facts["pupils"])
        waits = {"kind": "incapacity", "from_claim": claim["claim_number"], "place": 0,
                 "state": "open", "first_on": "2026-04-15", "next_on": "2026-04-15",
                 "instalments": [], "papers": ["doctor-statement"]}
        self.assertEqual(claim["schedules"], [waits])
        masked = self.ask("GET", ONE, 200, claim, token=self.token("auditor"))
        self.assertEqual(masked["facts"]["pupils"][0]["birth"], "2014")
        # Two months later; the day of the servers has not come yet.
        at = self.options.index("--today") + 1
        later = [*self.options[:at], "2026-05-20", *self.options[at + 1:]]
        for expected in (2, 0):
            done = subprocess.run([Program.path, "claim", "due", *later, "--json"],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(json.loads(done.stdout), {"on": "2026-05-20", "opened": expected})
        early = subprocess.run([Program.path, "claim", "due", "--on", "2026-05-20", *self.options],
                               capture_output=True, text=True, check=False)
        self.assertIn("claim.due_in_future", early.stderr)
        shown = self.ask("GET", ONE, 200, claim)["schedules"][0]
        self.assertEqual((shown["next_on"], len(shown["instalments"])), ("2026-06-15", 2))
        month = self.ask("GET", ONE, 200, {"claim_number": shown["instalments"][1]})
        self.assertEqual((month["kind"], month["state"]), ("incapacity", "reported"))
        self.assertEqual(month["schedules"], [shown])
        self.assertEqual(month["payees"][0]["account"], "70220000")
        self.assertEqual([f["detail"] for f in month["findings"] if f["kind"] == "missing"],
                         ["doctor-statement"])
        self.assertEqual([line["benefit"] for line in month["lines"]], ["jkk-stmb-months-1-6"])
        year = {"kind": "scholarship", "on": "2026-03-15", "pupils": facts["pupils"],
                "married": False, "works": False}
        self.assertEqual(self.ask("PATCH", ONE, 422, month, body={"facts": year})["rule"],
                         "claim.kind_differs")
        self.assertEqual(self.report(member, year | {"children": 1}, 422)["errors"][0]["rule"],
                         "request.field_unknown")
        body = {"facts": year}
        self.assertEqual(self.ask("POST", "/v1/people/{person_id}/claims", 422,
                                  {"person_id": member["person_id"]}, body=body)["rule"],
                         "claim.comes_by_itself")
        for pupil, rule in (({"birth": "2014-13-01", "level": "x"}, "date.impossible"),
                            ({"birth": "2014-05-06", "level": "SMP 1"}, "scholarship.level_unknown")):
            problem = self.report(member, {"pupils": [pupil]}, 422)
            self.assertEqual(problem["errors"][0]["rule"], rule, problem)

    def staff(self, name, role):
        """What proves that a command is hers; each recovery code works once."""
        password = self.folder / "password"
        password.write_text("kuda-hijau-menari-7\n", encoding="utf-8")
        email = f"{name}@jaring.test"
        made = self.run_program("user", "add", email, "--name", "Uji", "--role", role, "--scope",
                                "nation", "--password-file", str(password), "--second-factor")
        codes = re.findall(r"recovery code: (\S+)", made)
        return lambda: ("--as", email, "--password-file", str(password), "--recovery-code",
                        codes.pop())

    def payout(self, *words, code=0, rule=None):
        done = subprocess.run([Program.path, "payout", *map(str, words), *self.options, "--json"],
                              capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(rule or "", done.stderr)
        return done.stdout

    def approved(self, number, account):
        claim = self.report(self.member(number), payees=[SPOUSE | {"account": account}])
        self.complete(claim)
        self.step(claim, "approval")
        return self.step(claim, "approval", token=self.token("approver"))

    def bank_says(self, run, amount, claim, officer):
        """A released run goes to the bank and back over HTTP."""
        path, reference = "/v1/payout_runs/{run_id}", f"{claim['claim_number']}P02"
        report = (f"<Document><CstmrPmtStsRpt><GrpHdr><CreDtTm>2026-03-15T09:00:00</CreDtTm></GrpHdr>"
                  f"<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId>"
                  "<TxSts>ACSC</TxSts><OrgnlTxRef><Amt><InstdAmt Ccy='IDR'>%s</InstdAmt></Amt>"
                  "</OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>")

        def told(body, expected=200):
            return self.ask("POST", "/v1/payout_statuses", expected, body=body.encode(),
                            headers={"Content-Type": "application/xml"}, token=officer)
        self.assertEqual(told(report % amount)["problems"][0]["rule"], "payout.not_sent")
        self.ask("GET", path + "/file", 409, run, token=officer)
        self.ask("POST", path + "/sending", 200, run, body={}, token=officer)
        self.ask("POST", path + "/sending", 404, {"run_id": 999}, body={}, token=officer)
        self.ask("GET", path + "/file", 404, {"run_id": 999}, token=officer)
        status, headers, text = self.send("GET", path.format(**run) + "/file", token=officer)
        self.assertEqual((status, headers.get_content_type()), (200, "application/xml"))
        self.document.seen.add(("GET", path + "/file", "200"))
        sent = xml.etree.ElementTree.fromstring(text)
        self.assertEqual([e.text for e in sent.iter(f"{PAIN}EndToEndId")], [reference])
        shown = self.ask("GET", path, 200, run, token=officer)
        self.assertEqual([(row["reference"], row["state"], row["sent_by"], row["account"])
                          for row in shown["list"]], [(reference, "sent", "file", "****8777")])
        self.assertEqual(told(report % (amount + 1))["problems"],
                         [{"line": 1, "rule": "payout.amount_differs",
                           "words": "Jumlah menurut bank berbeda dari jumlah pembayaran ini."
                                    " Tanyakan kepada bank."}])
        self.assertEqual(told(report % f"{amount}.00")["taken"], 1)
        self.assertEqual(told(report % amount)["known"], 1)
        self.assertEqual(told((report % amount)[:-40], 422)["rule"], "payout.file_malformed")
        self.assertEqual(told("GIF89a", 422)["rule"], "payout.file_unknown")
        self.assertEqual(self.ask("GET", ONE, 200, claim)["state"], "paid")
        self.ask("GET", path, 404, {"run_id": 999}, token=officer)
        self.ask("GET", path, 422, run, query={"cursor": "x"}, token=officer)
        self.ask("POST", path + "/sending", 200, run, body={}, token=officer)  # Changes nothing.

    def test_what_is_approved_is_paid_by_a_run_of_two(self):
        first, second = self.approved(7030, "700030"), self.approved(7031, "700031")
        maker, checker = self.staff("maker", "claims-officer"), self.staff("checker", "approver")
        self.payout("make", *checker(), code=2, rule="login.staff_unknown")
        run = json.loads(self.payout("make", *maker()))
        self.assertEqual((run["state"], run["amount"]), ("made", run["payouts"] * DEATH_GIVES))
        number, out = run["run_id"], self.folder / "run.xml"
        self.payout("file", number, "--out", out, *maker(), code=3, rule="payout.not_released")
        self.payout("release", number, *checker())
        self.payout("file", number, "--out", out, *maker())
        document = xml.etree.ElementTree.parse(out).getroot()
        group = document.find(f"{PAIN}CstmrCdtTrfInitn/{PAIN}GrpHdr")
        lines = document.findall(f".//{PAIN}CdtTrfTxInf")
        amounts = [int(line.find(f"{PAIN}Amt/{PAIN}InstdAmt").text) for line in lines]
        self.assertEqual(int(group.find(f"{PAIN}NbOfTxs").text), len(lines))
        self.assertEqual(int(group.find(f"{PAIN}CtrlSum").text), sum(amounts))
        self.assertEqual(sum(amounts), run["amount"])
        references = [line.find(f"{PAIN}PmtId/{PAIN}EndToEndId").text for line in lines]
        self.assertEqual(len(references), len(set(references)))
        self.assertTrue({first["claim_number"] + "P01", second["claim_number"] + "P01"}
                        <= set(references))
        before = out.read_text()
        self.payout("file", number, "--out", out, *maker())  # Once more: the same.
        again = out.read_text()
        self.assertEqual(re.sub("<CreDtTm>.*", "", before), re.sub("<CreDtTm>.*", "", again))
        word = self.folder / "word.csv"
        word.write_text("reference,outcome,on\n"
                        f"{first['claim_number']}P01,paid,2026-03-15\n"
                        f"{first['claim_number']}P01,paid,2026-03-15\n"
                        f"{second['claim_number']}P01,failed,2026-03-15\n"
                        "K999999999013P01,paid,2026-03-15\n"
                        f"{first['claim_number']}P01,lost,2026-03-15\n")
        counts = json.loads(self.payout("outcome", word, *maker(), code=1, rule="payout.unknown"))
        self.assertEqual(counts, {"taken": 2, "known": 1, "paid_twice": 0, "others": 0, "refused": 2})
        paid = self.ask("GET", ONE, 200, first)
        self.assertEqual((paid["state"], paid["payouts"][0]["paid_on"]), ("paid", "2026-03-15"))
        back = self.ask("GET", ONE, 200, second)
        self.assertEqual(back["state"], "returned")
        self.ask("PATCH", ONE, 200, second, body={"payees": [SPOUSE | {"account": "999888777"}]})
        again = self.step(second, "new_payout")
        self.assertEqual([p["state"] for p in again["payouts"]], ["failed", "waiting"])
        officer, approver = self.officer(), self.token("approver")
        retry = self.ask("POST", "/v1/payout_runs", 201, body={"pay_on": "2026-03-20"}, token=officer)
        # Two days late: a hundredth for each.
        self.assertEqual((retry["payouts"], retry["amount"]), (1, DEATH_GIVES + 2 * (DEATH_GIVES // 100)))
        one = {"run_id": retry["run_id"]}
        self.ask("POST", "/v1/payout_runs/{run_id}/cancellation", 200, one, body={}, token=officer)
        self.assertEqual(self.ask("GET", ONE, 200, second)["state"], "approved")
        self.ask("POST", "/v1/payout_runs/{run_id}/cancellation", 409, one, body={}, token=officer)
        self.ask("POST", "/v1/payout_runs/{run_id}/release", 409, one, body={}, token=approver)
        again = self.ask("POST", "/v1/payout_runs", 201, body={}, token=officer)
        self.assertEqual(again["amount"], DEATH_GIVES)
        one = {"run_id": again["run_id"]}
        released = self.ask("POST", "/v1/payout_runs/{run_id}/release", 200, one, body={},
                            token=approver)
        self.assertEqual(released["state"], "released")
        self.bank_says(one, again["amount"], second, officer)
        runs = self.ask("GET", "/v1/payout_runs", 200, token=approver)["runs"]
        self.assertEqual([run["state"] for run in runs[:2]], ["released", "cancelled"])
        self.ask("POST", "/v1/payout_runs", 409, body={}, token=officer)
        self.ask("POST", "/v1/payout_runs", 422, body={"pay_on": "2026-03-14"}, token=officer)
        self.ask("POST", "/v1/payout_runs", 403, body={}, token=self.officer(1))
        for name, token in (("release", approver), ("cancellation", officer)):
            self.ask("POST", "/v1/payout_runs/{run_id}/" + name, 404, {"run_id": 999}, body={},
                     token=token)
