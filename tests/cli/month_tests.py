"""`month` and `close`: a month is posted at once and closed; what comes late says so."""
from cli_case import PAYMENT_HEADER, SITI_MONTH, CliCase, payment

MARCH = "2026-03"


class Month(CliCase):
    def setUp(self):
        super().setUp()
        self.make_agency()
        self.members = self.enrol()["members"]
        self.today("2026-04-02")

    def today(self, day):
        self.options[self.options.index("--today") + 1] = day

    def pay(self, reference, **options):
        return payment(reference, SITI_MONTH, code=self.members[0]["bill_code"], **options)

    def inbox(self, *lines, name="pos-1.csv"):
        (self.folder / "inbox").mkdir(exist_ok=True)
        return self.file(f"inbox/{name}", PAYMENT_HEADER, lines).parent

    def test_posts_and_closes(self):
        inbox = self.inbox(self.pay("a"), "1,,2,x,y,z")
        answer = self.ask("month", inbox, "--month", MARCH, code=1)
        self.assertEqual(self.counts(answer), (2, 1, 0, 1, 0))
        self.assertEqual(answer["late"], 0)
        self.assertEqual(answer["files"][0]["partner"], "pos")
        self.assertEqual(answer["closed"]["month"], MARCH)
        self.assertEqual(answer["closed"]["open_from"], "2026-04-01")
        self.assertEqual(answer["closed"]["debit"], SITI_MONTH)
        self.assertTrue((inbox / "pos-1.csv.rejected.csv").exists())
        self.assert_sound()
        said = self.must("month", inbox / "pos-1.csv", "--month", MARCH).stdout
        self.assertIn("nothing changed", said)
        self.assertEqual(self.ask("close")[0]["month"], MARCH)
        audit = self.must("audit", "list", "--json").stdout
        for action in ("month:close", "payment:post"):
            self.assertIn(action, audit)

    def test_what_is_late_is_booked_in_the_open_month_and_says_so(self):
        self.must("close", MARCH)
        answer = self.collect([self.pay("late"), self.pay("new", paid_at="2026-04-01")])
        self.assertEqual(self.counts(answer), (2, 2, 0, 0, 0))
        self.assertEqual(answer["late"], 1)
        self.assertEqual(self.ask("journal", "--month", MARCH), [])
        booked = self.ask("journal", "--month", "2026-04")
        self.assertEqual({line["business_day"] for line in booked}, {"2026-04-01"})
        self.assert_sound()

    def test_what_cannot_be_done_is_said(self):
        inbox = self.inbox(self.pay("a"))
        month = ("month", inbox, "--month")
        self.assert_error(self.jaring(*month, "2026-04"), 3, "month.not_over")
        self.assert_error(self.jaring(*month, "march"), 2, "month.malformed")
        self.assert_error(self.jaring("close", "2026-04"), 3, "month.not_over")
        self.assert_error(self.jaring("close", "13"), 2, "month.malformed")
        self.assert_error(self.jaring("month", self.folder / "none.csv", "--month", MARCH), 3,
                          "file.not_found")
        self.inbox(self.pay("b"), name="nobody.csv")
        self.assert_error(self.jaring(*month, MARCH), 2, "partner.unknown")
        (inbox / "nobody.csv").unlink()
        self.assert_error(self.jaring(*month, MARCH, "--work", "/nowhere"), 3, "spool.unwritable")
        self.assertIn("no month", self.must("close").stdout)
        self.must("close", MARCH)
        self.assert_error(self.jaring("close", MARCH), 3, "month.closed")
        self.assert_error(self.jaring("close", "2026-02"), 3, "month.closed")
        self.assert_error(self.jaring(*month, MARCH), 3, "month.closed")
        self.assert_sound()
