"""`month`, `close` and `interest`: a month is posted at once and closed; what comes late says so;
what savings earned in a closed year is credited."""
import shutil

from cli_case import BUDI_MONTH, PAYMENT_HEADER, ROOT, SITI_MONTH, CliCase, payment

MARCH = "2026-03"


def rupiah(text):
    return int(text.replace(".", ""))


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

    def declare(self, *years, ppm=60_000):
        """A copy of the scheme in which returns of these years are declared."""
        folder = self.folder / "scheme"
        shutil.copytree(ROOT / "schemes" / "id-bpu", folder, dirs_exist_ok=True)
        with open(folder / "declared-returns.toml", "a", encoding="utf-8") as out:
            for year in years:
                out.write(f'[[declared_return]]\nyear = {year}\nppm = {ppm}\n'
                          'source = "pp46-2015:22"\nconfidence = "M"\n')
        self.options += ["--scheme", str(folder)]

    def test_interest_is_credited_once_a_year(self):
        self.declare(2026)
        budi = payment("budi", BUDI_MONTH, code=self.members[1]["bill_code"])
        self.collect([budi, self.pay("siti")])
        savings = next(rupiah(line["credit"]) for line in self.ask("journal", "--month", MARCH)
                       if line["account"].startswith("2300"))
        self.today("2027-01-05")
        self.assertIn("no year", self.must("interest").stdout)
        self.must("close", "2026-12")
        [run] = self.ask("interest", "2026")
        # From April on: nine months.
        self.assertEqual(run["amount"], savings * 60_000 * 9 // 12_000_000)
        self.assertEqual((run["people"], run["by"], run["rate_ppm"], run["booked_on"]),
                         (1, "month", 60_000, "2027-01-05"))
        self.assertEqual(self.ask("interest", "2026"), [run])
        self.assertEqual(self.ask("interest"), [run])
        booked = self.ask("journal", "--month", "2027-01")
        self.assertEqual([(line["partner"], line["account"][:4], rupiah(line["debit"] or "0"),
                           rupiah(line["credit"] or "0")) for line in booked],
                         [("-", "2300", 0, run["amount"]), ("-", "5100", run["amount"], 0)])
        self.assertIn("interest:credit", self.must("audit", "list", "--json").stdout)
        self.assert_sound()

    def test_interest_that_cannot_be_credited_is_said(self):
        self.collect([payment("budi", BUDI_MONTH, code=self.members[1]["bill_code"])])
        self.today("2028-01-05")
        self.assert_error(self.jaring("interest", "2026"), 3, "interest.not_declared")
        self.assert_error(self.jaring("interest", "last"), 2, "interest.year_malformed")
        self.declare(2026, 2027)
        self.assert_error(self.jaring("interest", "2026"), 3, "interest.year_open")
        self.must("close", "2027-12")
        self.assert_error(self.jaring("interest", "2027"), 3, "interest.year_before")
        self.must("interest", "2026")
        self.must("interest", "2027")
        self.assert_sound()
