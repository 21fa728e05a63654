"""`cover`, `coverage`, `receipt`, `reverse`, `suspense`, `audit`: what is known about members and money."""
import json
import re
import subprocess

from cli_case import (BUDI, BUDI_MONTH, PEOPLE, PEOPLE_HEADER, SITI, SITI_MONTH, CliCase, payment)

STAFF = "sari@contoh.id"
APPROVER = "rudi@contoh.id"
APRIL = 8400  # Siti's months from April 2026: half off for trades outside transport.


class Money(CliCase):
    def setUp(self):
        super().setUp()
        self.make_agency()
        members = self.enrol()["members"]
        self.siti, self.budi = (m["bill_code"] for m in members)

    def states(self, who, *options):
        answer = self.ask("cover", who, *options)
        return {name: one["state"] for name, one in answer["programmes"].items()}

    def test_cover_has_the_promised_shape(self):
        self.collect([payment("A1", SITI_MONTH + APRIL + 100, self.siti)])
        answer = self.ask("cover", SITI)
        self.assertEqual(answer["on"], "2026-03-02")
        self.assertEqual(answer["known_at"], "2026-03-02T05:00:00Z")
        self.assertEqual(answer["state"], "active")
        self.assertEqual(answer["programmes"]["JKK"],
                         {"state": "active", "from": "2026-03-01", "until": "2026-04-30"})
        self.assertEqual(set(answer["programmes"]), {"JKK", "JKM"})
        self.assertEqual(answer["months_paid"], ["2026-03", "2026-04"])
        self.assertEqual(answer["credit"], 100)
        self.assertEqual(answer["next_due"], "2026-05-15")

    def test_cover_by_any_number(self):
        number = self.ask("cover", SITI)["member_number"]
        for who in (SITI, number, self.siti):
            self.assertEqual(self.ask("cover", who)["member_number"], number)
        self.assert_error(self.jaring("cover", "3372010501750009"), 3, "member.unknown")
        self.assert_error(self.jaring("cover", "10000099901"), 3, "member.unknown")
        self.assert_error(self.jaring("cover", number[:-2] + "02"), 3, "member.unknown")
        self.assert_error(self.jaring("cover", "12"), 2, "member_number.")

    def test_an_end_stops_cover_until_enrolled_again(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        self.assert_error(self.jaring("end", SITI, "--reason", "bored"), 2,
                          "membership.end_reason_unknown")
        self.assert_error(self.jaring("end", SITI, "--reason", "employed", "--on", "2026-03-01"), 2,
                          "membership.end_before_joining")
        self.options[-1] = "2026-03-20"
        self.must("end", SITI, "--reason", "employed", "--on", "2026-03-18")
        cover = self.ask("cover", SITI)
        self.assertEqual(cover["programmes"]["JKK"],
                         {"state": "ended", "from": "2026-03-01", "until": "2026-03-17"})
        self.assertIsNone(cover.get("next_due"))
        report = self.ask("coverage")
        self.assertEqual((report["active"], report["ended"]), (0, 1))
        self.assert_sound()

    def test_a_wage_earner_from_the_company_to_cover(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        self.must("end", SITI, "--reason", "employed", "--on", "2026-03-02")
        self.must("group", "add", "pabrik", "PT Pabrik", "--kind", "employer", "--payer",
                  "employer", "--branch", "surakarta")
        self.assertRegex(self.must("group", "list").stdout, r"pabrik +employer +employer +PT Pabrik")
        line = PEOPLE[0].replace('1000000,"JKK,JKM"', '5396761,"JKK,JKM,JHT"')
        path = self.file("wages.csv", PEOPLE_HEADER, [line])
        made = self.ask("enrol", path, "--group", "pabrik", "--list")["members"][0]
        month = 12952 + 16190 + 307615  # Her trade's relief of 2026 is not for wage earners.
        self.options[-1] = "2026-03-03"
        self.collect([payment("A2", 2 * month + 7, made["bill_code"],
                              paid_at="2026-03-02T08:00:00+07:00")], name="wages-paid.csv")
        answer = self.ask("cover", SITI)
        self.assertEqual(answer["member_number"], made["member_number"])
        self.assertEqual(answer["programmes"]["JHT"],
                         {"state": "active", "from": "2026-03-02", "until": "2026-04-30"})
        self.assertEqual((answer["months_paid"][-2:], answer["credit"]), (["2026-03", "2026-04"], 7))
        self.assert_sound()

    def test_who_pays_for_a_group(self):
        add = ["group", "add", "x", "X", "--kind", "employer", "--branch", "surakarta"]
        self.assert_error(self.jaring(*add, "--payer", "uncle"), 2, "payer.unknown")
        self.assertEqual(self.jaring(*add, "--payer", "employer", "--public-budget").returncode, 2)
        self.must(*add, "--payer", "government")
        self.must(*add, "--public-budget")  # The same group again.

    def test_cover_never_says_the_name(self):
        said = self.must("cover", SITI).stdout
        self.assertNotIn("Aminah", said)
        self.assertNotIn(SITI, said)

    def test_cover_on_other_days(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        for day, state in (("2026-02-28", "never"), ("2026-03-01", "active"),
                           ("2026-03-31", "active"), ("2026-04-01", "grace"),
                           ("2026-06-30", "grace"), ("2026-07-01", "lapsed")):
            self.assertEqual(self.states(SITI, "--on", day), {"JKK": state, "JKM": state}, day)
        self.assert_error(self.jaring("cover", SITI, "--on", "2026-02-30"), 2, "date.impossible")

    def test_cover_as_known_then(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        for known_at, state in (("2026-03-02T11:59:59", "never"), ("2026-03-02T12:00:00", "active"),
                                ("2026-03-02T05:00:00Z", "active")):
            self.assertEqual(self.states(SITI, "--known-at", known_at)["JKK"], state, known_at)
        self.assert_error(self.jaring("cover", SITI, "--known-at", "soon"), 2, "instant.malformed")

    def test_too_little_waits_and_is_used_later(self):
        self.collect([payment("A1", SITI_MONTH - 1000, self.siti)])
        answer = self.ask("cover", SITI)
        self.assertEqual((answer["months_paid"], answer["credit"]), ([], SITI_MONTH - 1000))
        self.collect([payment("A2", 1000, self.siti)])
        answer = self.ask("cover", SITI)
        self.assertEqual((answer["months_paid"], answer["credit"]), (["2026-03"], 0))
        self.assert_sound()

    def test_today_decides(self):
        answer = self.collect([payment("A1", SITI_MONTH, self.siti,
                                       paid_at="2026-03-05T08:00:00+07:00")], code=1)
        self.assertEqual(self.rules(answer)[0][2], "payment.in_future")
        self.options[-1] = "2026-03-06"
        self.collect([payment("A1", SITI_MONTH, self.siti,
                              paid_at="2026-03-05T08:00:00+07:00")])
        self.assertEqual(self.ask("cover", SITI)["on"], "2026-03-06")

    def test_coverage_has_the_promised_shape(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        answer = self.ask("coverage", "--month", "2026-03")
        self.assertEqual({k: v for k, v in answer.items() if k != "rows"},
                         {"month": "2026-03", "registered": 2, "paid": 1, "active": 1, "grace": 0,
                          "lapsed": 0, "ended": 0, "joined": 2, "returned": 0, "lost": 0, "left": 0,
                          "months": 1, "received": SITI_MONTH})
        for by, codes in (("branch", {"surakarta"}), ("sector", {"trade", "transport"}),
                          ("group", {"pasar"}), ("door", {"list"})):
            rows = self.ask("coverage", "--by", by)["rows"]
            self.assertEqual({row["code"] for row in rows}, codes, by)
            self.assertEqual(sum(row["registered"] for row in rows), 2, by)
            self.assertEqual(sum(row["active"] for row in rows), 1, by)
        rows = self.ask("coverage", "--by", "region")["rows"]
        self.assertEqual(sum(row["registered"] for row in rows), 2)
        self.assert_error(self.jaring("coverage", "--by", "colour"), 2, "report.by_unknown")

    def test_figures_go_down_to_the_village_and_say_why_people_left(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        whole = self.ask("coverage")
        names = {name for name in whole if name not in ("month", "rows")}
        districts = self.ask("coverage", "--by", "region", "--region", "3372")["rows"]
        self.assertTrue(all(len(row["code"]) == 6 for row in districts))
        villages = [row for district in districts for row in
                    self.ask("coverage", "--by", "region", "--region", district["code"])["rows"]]
        self.assertTrue(all(len(row["code"]) == 10 for row in villages))
        for name in names:
            self.assertEqual(sum(row[name] for row in villages), whole[name], name)
        for code in ("33720", "9999", "3372x", "-1", "33729999999999"):
            self.assert_error(self.jaring("coverage", "--region", code), 2, "region.unknown")
        self.assert_error(self.jaring("coverage", "--region", districts[0]["code"], "--by", "door"),
                          2, "report.region_too_small")
        funnel = self.ask("funnel")
        self.assertEqual({name: funnel[name] for name in names}, {name: whole[name] for name in names})
        self.assertEqual(funnel["billed"], whole["registered"])
        self.assertEqual(funnel["causes"], {"lapses": [], "ends": []})
        lapsed = self.ask("funnel", "--month", "2026-07")
        self.assertEqual((lapsed["paid"], lapsed["lost"], lapsed["causes"]), (1, 1, {"lapses": [
            {"payer": "self", "from_months": 1, "to_months": 1, "lost": 1}], "ends": []}))
        self.options[-1] = "2026-03-06"
        self.must("end", SITI, "--on", "2026-03-06", "--reason", "left-country")
        ended = self.ask("funnel", "--month", "2026-03")
        self.assertEqual((ended["left"], ended["ended"], ended["causes"]["ends"]),
                         (1, 1, [{"reason": "left-country", "closed": 1}]))
        self.assertEqual(self.ask("funnel", "--month", "2026-07")["causes"]["lapses"], [])
        self.assertIsNone(self.ask("funnel", "--region", villages[0]["code"])["causes"])
        self.assertIn("registered", self.must("funnel").stdout)
        self.assert_error(self.jaring("coverage", "--month", "2026-13"), 2, "month.malformed")

    def test_reverse(self):
        self.collect([payment("A1", BUDI_MONTH, self.budi)])
        self.add_staff()
        ask = ("reverse", "A1", "--partner", "pos", "--reason", "paid twice")
        self.assert_error(self.jaring(*ask, *self.as_user(STAFF, code="00000-00000")), 2,
                          "login.code_wrong")
        self.assertEqual(self.ask("approval", "list"), [])
        self.must(*ask, *self.as_user(STAFF))
        self.assertEqual(self.ask("cover", BUDI)["months_paid"], ["2026-03"])  # Asked, not done.
        self.assert_error(self.jaring(*ask, *self.as_user(STAFF)), 3, "approval.waiting_already")
        waiting = self.ask("approval", "list")
        self.assertEqual([(w["kind"], w["subject"], w["reason"]) for w in waiting],
                         [("reversal", "payment pos A1", "paid twice")])
        number = str(waiting[0]["approval_id"])
        self.assert_error(self.jaring("approval", "approve", number, *self.as_user(STAFF)),
                          2, "login.staff_unknown")
        self.must("approval", "approve", number, *self.as_user(APPROVER))
        self.assertEqual(self.ask("cover", BUDI)["months_paid"], [])
        self.assertEqual(self.ask("approval", "list"), [])
        self.assert_error(self.jaring("approval", "approve", number, *self.as_user(APPROVER)),
                          3, "approval.decided_already")
        self.assert_error(self.jaring(*ask, *self.as_user(STAFF)), 3, "reversal.done_already")
        self.assertEqual(self.ask("coverage")["received"], 0)
        self.assert_error(self.jaring("reverse", "A2", *ask[2:], *self.as_user(STAFF)), 3,
                          "reversal.unknown_reference")
        self.assert_error(self.jaring("receipt", "A1", "--out", self.folder / "r.pdf"), 3,
                          "receipt.payment_reversed")
        self.assert_sound()

    def test_a_refused_reversal_does_nothing(self):
        self.collect([payment("A1", BUDI_MONTH, self.budi)])
        self.add_staff()
        self.must("reverse", "A1", "--partner", "pos", "--reason", "paid twice",
                  *self.as_user(STAFF))
        self.assert_error(self.jaring("approval", "refuse", "1", *self.as_user(APPROVER)), 2,
                          "approval.reason_missing")
        self.must("approval", "refuse", "1", *self.as_user(APPROVER), "--reason", "was right")
        self.assertEqual(self.ask("cover", BUDI)["months_paid"], ["2026-03"])
        self.assert_sound()

    def add_staff(self):
        """Two staff users who can prove themselves; each recovery code works once."""
        self.recovery = {}
        password = self.folder / "password"
        password.write_text("kuda-hijau-menari-7\n", encoding="utf-8")
        for email, role in ((STAFF, "branch-staff"), (APPROVER, "approver")):
            made = self.must("user", "add", email, "--name", "Uji", "--role", role, "--scope",
                             "branch:surakarta", "--password-file", password, "--second-factor")
            self.recovery[email] = re.findall(r"recovery code: (\S+)", made.stdout)

    def as_user(self, email, **wrong):
        return ("--as", email, "--password-file", self.folder / wrong.get("file", "password"),
                "--recovery-code", wrong.get("code") or self.recovery[email].pop())

    def test_every_change_is_in_the_audit_trail(self):
        self.collect([payment("A1", SITI_MONTH, nik="3372010501750009")])
        self.must("suspense", "place", "A1", "--partner", "pos", "--to", self.siti)
        self.must("end", BUDI, "--reason", "employed")
        actions = [entry["action"] for entry in self.ask("audit", "list")]
        for action in ("agency:change", "partner:manage", "person:enrol", "payment:post",
                       "suspense:place", "membership:end"):
            self.assertIn(action, actions)
        self.assertTrue(all("os-user" in e["who"] for e in self.ask("audit", "list")))
        self.assertIn("membership:end",
                      [e["action"] for e in self.ask("audit", "list", "--person", BUDI)])
        head = self.ask("audit", "verify")
        self.assertEqual(head["findings"], [])
        self.must("audit", "verify", "--head", head["head"])
        longer = str(int(head["head"].split(":")[0]) + 1) + ":" + head["head"].split(":")[1]
        self.must("audit", "verify", "--head", longer, code=1)
        self.assert_error(self.jaring("audit", "verify", "--head", "x"), 2, "audit.head_malformed")

    def test_a_person_is_exported_whole_and_it_is_noted(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        out = self.folder / "siti.json"
        self.must("person", "export", SITI, "--out", out)
        self.assertEqual(out.stat().st_mode & 0o777, 0o600)
        person = json.loads(out.read_text(encoding="utf-8"))["persons"][0]
        self.assertEqual(person["person"][0]["nik"], SITI)
        self.assertEqual([p["reference"] for p in person["payment"]], ["A1"])
        self.must("person", "export", SITI, "--out", self.folder / "siti.pdf")
        self.assertEqual((self.folder / "siti.pdf").read_bytes()[:5], b"%PDF-")
        self.assert_error(self.jaring("person", "export", SITI, "--out", out), 3,
                          "person_export.not_writable")
        self.assertIn("person:export",
                      [e["action"] for e in self.ask("audit", "list", "--person", SITI)])

    def test_suspense(self):
        self.collect([payment("A1", SITI_MONTH, nik="3372010501750009")])
        waiting = self.ask("suspense", "list")
        self.assertEqual([(w["partner"], w["reference"], w["amount"], w["reason"])
                          for w in waiting], [("pos", "A1", SITI_MONTH, "payment.unknown_nik")])
        self.assertNotIn("3372010501750009", str(waiting))
        self.must("suspense", "place", "A1", "--partner", "pos", "--to", self.siti)
        self.assertEqual(self.ask("suspense", "list"), [])
        self.assertEqual(self.ask("cover", SITI)["months_paid"], ["2026-03"])
        again = self.jaring("suspense", "place", "A1", "--partner", "pos", "--to", self.siti)
        self.assertEqual(again.returncode, 3, again.stdout + again.stderr)
        self.assert_sound()

    def test_receipt(self):
        self.collect([payment("A2", BUDI_MONTH, self.budi)])
        out = self.folder / "r.pdf"
        self.must("receipt", "A2", "--out", out)
        words = subprocess.run(["pdftotext", out, "-"], capture_output=True, text=True,
                               check=True).stdout
        for word in ("Rp 68.400", "A2", "B*** S***", self.budi[:11], "Maret 2026", "Rp 13.000"):
            self.assertIn(word, words)
        self.assertNotIn("Santoso", words)
        self.assertNotIn(BUDI, words)
        subprocess.run(["pdftoppm", "-r", "150", "-png", out, self.folder / "page"], check=True)
        pages = list(self.folder.glob("page*.png"))
        code = subprocess.run(["zbarimg", "-q", "--nodbus", *pages], capture_output=True, text=True,
                              check=False).stdout
        self.assertRegex(code, r"^QR-Code:JARING1\|A2\|\d{11}\|68400\|")
        self.assert_error(self.jaring("receipt", "NONE"), 3, "payment.unknown_reference")
        self.assert_error(self.jaring("receipt", "A2", "--out", self.folder / "no" / "r.pdf"), 3,
                          "receipt.not_writable")
