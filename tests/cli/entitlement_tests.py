"""`entitlement`: what an event gives by the shipped scheme, as a person at a terminal sees it. The law's
figures themselves are held by tests/rules/claim."""
import json
import unittest

from cli_case import run

DIED = ["entitlement", "accident", "--on", "2026-03-15", "--income", "1000000", "--outcome", "died"]
HURT = ["entitlement", "accident", "--on", "2026-03-15", "--income", "1000000", "--outcome",
        "partial_disability"]
SAVINGS = ["entitlement", "savings", "--on", "2026-03-15", "--birth", "1970-01-01", "--balance",
           "100000000"]


class Entitlement(unittest.TestCase):
    def answer(self, *words):
        done = run(*words, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, rule, *words):
        done = run(*words)
        self.assertEqual(done.returncode, 2, f"{words}: {done.stdout}")
        self.assertIn(rule, done.stderr)
        self.assertEqual(done.stdout, "")

    def test_a_death_at_work(self):
        answer = self.answer(*DIED)
        self.assertEqual(answer["total"], 70_000_000)
        self.assertEqual([(line["benefit"], line["amount"]) for line in answer["lines"]],
                         [("jkk-death", 48_000_000), ("jkk-funeral", 10_000_000),
                          ("jkk-periodic-grant", 12_000_000)])
        figures = answer["lines"][0]["working"]
        self.assertEqual([(f["term"], f["value"]) for f in figures],
                         [("base", 1_000_000), ("multiple", 80), ("share", 600_000),
                          ("at-least", 20_000_000)])
        self.assertNotIn("source", figures[0])
        self.assertIn("pp82-2019", figures[1]["source"])

    def test_the_table_shows_how_it_came_about(self):
        table = " ".join(run(*DIED).stdout.split())
        for words in ("48.000.000", "dasar (base) Rp1.000.000 × 80 × 60 %", "tetap (fixed)",
                      "70.000.000", "S2+"):
            self.assertIn(words, table)

    def test_what_is_withheld_says_why(self):
        done = run("entitlement", "death", "--on", "2019-12-01", "--months", "59", "--children", "1")
        self.assertIn("24.000.000", done.stdout)
        self.assertIn("jkm-scholarship-once", done.stdout)
        self.assertIn("Too few months of contributions for this benefit.", done.stdout)

    def test_parts_lost_and_functions_lessened(self):
        answer = self.answer(*HURT, "--lost", "thumb-right", "--lost", "scalp=12.5", "--lessened",
                             "hand-left-from-wrist=50")
        self.assertEqual([(line["disability"], line["amount"]) for line in answer["lines"]],
                         [("thumb-right", 12_000_000), ("scalp", 10_000_000),
                          ("hand-left-from-wrist", 11_200_000)])
        self.assertEqual({line["confidence"] for line in answer["lines"]}, {"M"})
        self.assertEqual(answer["lines"][0]["working"][2]["confidence"], "M")

    def test_receipts_with_their_caps_and_months_unable_to_work(self):
        answer = self.answer("entitlement", "accident", "--on", "2026-03-15", "--income", "1000000",
                             "--outcome", "recovered", "--spent", "jkk-transport-sea=3000000",
                             "--spent", "jkk-rehabilitation=15000000/10000000", "--months-unable",
                             "13")
        self.assertEqual(answer["total"], 2_000_000 + 14_000_000 + 12_500_000)

    def test_savings_with_their_tax(self):
        answer = self.answer(*SAVINGS, "--reason", "age")
        self.assertEqual((answer["gross"], answer["tax"], answer["net"]),
                         (100_000_000, 2_500_000, 97_500_000))
        answer = self.answer(*SAVINGS, "--reason", "housing", "--months", "120", "--asked", "5000000")
        self.assertEqual(answer["net"], 5_000_000)
        self.assertIn("97.500.000", run(*SAVINGS, "--reason", "age").stdout)

    def test_refuses(self):
        self.refused("date.malformed", *DIED[:3], "soon", *DIED[4:])
        self.refused("income.negative", *DIED[:5], "-1", *DIED[6:])
        self.refused("tariff.none_for_month", *DIED[:3], "2015-06-30", *DIED[4:])
        self.refused("question.outcome_unknown", *DIED[:-1], "vanished")
        self.refused("entitlement.disability_unexpected", *HURT)
        self.refused("entitlement.disability_unexpected", *DIED, "--lost", "thumb-right")
        self.refused("entitlement.disability_unknown", *HURT, "--lost", "tail")
        self.refused("entitlement.assessment_missing", *HURT, "--lost", "scalp")
        self.refused("question.words_malformed", *HURT, "--lessened", "thumb-right")
        for percent in ("101", "-1", "1.234", "1.", ".5", "half", "100.01", ""):
            self.refused("question.number_malformed", *HURT, "--lessened", f"thumb-right={percent}")
        self.refused("question.words_malformed", *DIED, "--spent", "jkk-medical")
        self.refused("money.out_of_range", *DIED, "--spent", "jkk-medical=-5")
        self.refused("money.out_of_range", *DIED, "--spent", "jkk-medical=1e9")
        self.refused("entitlement.benefit_unknown", *DIED, "--spent", "jkk-funeral=5")
        self.refused("entitlement.price_missing", *DIED, "--spent", "jkk-rehabilitation=5")
        self.refused("question.reason_unknown", *SAVINGS, "--reason", "car")
        self.refused("savings.too_few_months", *SAVINGS, "--reason", "housing")
        self.refused("savings.left_on_missing", *SAVINGS, "--reason", "left_employer")
        for words in (["entitlement"], ["entitlement", "accident"], [*DIED, "--children", "-1"],
                      [*DIED, "--months-unable", "601"]):
            self.assertEqual(run(*words).returncode, 2, words)

    def test_the_scheme_shows_its_tables(self):
        shown = run("scheme", "show").stdout
        for words in (r"Lengan kanan dari sendi bahu[^\n]+40 % +2015-07", "suami atau istri \\(spouse\\)",
                      r"2026-05-01 +Hari Buruh +skb-holidays-2026 +M"):
            self.assertRegex(shown, words)
