"""The program as such, `init`, `scheme` and `quote`."""
import json
import shutil
import subprocess
import unittest

from cli_case import JARING, ROOT, SITI, TODAY, CliCase, run

QUOTE = ["quote", "--income", "2500000", "--programmes", "JKK,JKM,JHT", "--sector", "transport",
         "--from", "2026-03", "--today", TODAY]


class Program(CliCase):
    def test_missing_database_names_the_command_that_makes_it(self):
        for command in (["cover", SITI], ["verify"], ["coverage"], ["suspense", "list"],
                        ["enrol", "x.csv", "--group", "g"], ["collect", "x.csv", "--partner", "p"],
                        ["receipt", "R"], ["group", "add", "g", "G", "--kind", "community",
                                           "--branch", "surakarta"]):
            done = self.jaring(*command)
            self.assertEqual(done.returncode, 3, f"{command}: {done.stderr}")
            self.assertIn("jaring init", done.stderr, command)
        self.assertFalse((self.folder / "a.db").exists(), "asking made a database")

    def test_options_before_and_after_the_command(self):
        self.make_agency()
        self.assertEqual(run(*self.options, "coverage", "--json").returncode, 0)
        self.assertEqual(run("coverage", *self.options, "--json").returncode, 0)
        self.assertEqual(run(*self.options, "suspense", "list").returncode, 0)
        self.assertEqual(run("suspense", "list", *self.options).returncode, 0)

    def test_init_again_keeps_everything(self):
        self.make_agency()
        self.enrol()
        self.must("init")
        self.assertEqual(self.ask("coverage")["registered"], 2)
        self.assert_error(self.jaring("init", "--demo"), 3, "agency.other_kind")

    def test_groups_and_partners(self):
        self.make_agency()
        add = ["group", "add", "ojek", "Ojek Solo", "--branch", "surakarta", "--kind"]
        self.must(*add, "cooperative")
        self.must(*add, "cooperative")
        self.assert_error(self.jaring(*add, "community"), 3, "group.exists_with_other_data")
        self.assert_error(self.jaring(*add, "club"), 2, "group.kind_unknown")
        self.assert_error(self.jaring("group", "add", "x", "X", "--kind", "sponsor", "--branch",
                                      "none"), 2, "branch.unknown")
        self.assert_error(self.jaring("partner", "add", "pos", "Pos"), 3,
                          "partner.exists_with_other_data")

    def test_a_wrong_key_is_noticed(self):
        self.make_agency()
        other = self.folder / "other.key"
        other.write_bytes(b"k" * 32)
        options = [o for o in self.options if o not in ("--key-file", str(self.folder / "key"))]
        done = run("coverage", *options, "--key-file", other)
        self.assert_error(done, 3, "key_file.open_to_others")
        other.chmod(0o600)
        done = run("coverage", *options, "--key-file", other)
        self.assert_error(done, 3, "agency.wrong_key")
        self.assert_error(run("coverage", *options, "--key-file", self.folder / "none"), 3,
                          "key_file.missing")

    def test_demo_identities_only_in_a_demo(self):
        fake = f'{SITI[:-4]}0000,Siti Aminah,1975-01-01,P,3372011001,,trade,1000000,"JKK,JKM",id'
        self.make_agency()
        self.assertEqual(self.enrol([fake], code=1)["rejections"][0]["column"], "nik")

    def test_listen_on_loopback_only(self):
        self.make_agency()
        done = self.jaring("serve", "--listen", "0.0.0.0:0")
        self.assertIn(done.returncode, (2, 3), done.stderr)
        self.assertIn("--tls-cert", done.stderr)
        # Nobody opens the data of real people to the network in the clear.
        self.assert_error(self.jaring("serve", "--listen", "0.0.0.0:0", "--insecure"), 2,
                          "listen.not_loopback")

    def test_serve_refuses_wrong_certificates_and_proxies(self):
        self.make_agency()
        serve = ["serve", "--listen", "127.0.0.1:0"]
        self.assert_error(self.jaring(*serve, "--tls-cert", "x.pem"), 2, "config.tls_incomplete")
        self.assert_error(self.jaring(*serve, "--tls-cert", "x.pem", "--tls-key", "x.key"), 2,
                          "tls.certificate_unreadable")
        self.assert_error(self.jaring(*serve, "--behind-proxy", "proxy.example"), 2,
                          "listen.proxy_malformed")
        self.assert_error(self.jaring(*serve, "--log-file", self.folder / "none" / "log"), 3,
                          "log.unwritable")


class WithoutAgency(unittest.TestCase):
    def test_version_and_help(self):
        self.assertRegex(run("--version").stdout, r"^jaring \d+\.\d+\.\d+\n$")
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        for command in ("init", "enrol", "collect", "cover", "coverage", "receipt", "quote",
                        "serve", "verify", "scheme"):
            self.assertIn(command, done.stdout)
            self.assertEqual(run(command, "--help").returncode, 0)

    def test_usage(self):
        for words in ([], ["bogus"], ["enrol"], ["cover"], ["coverage", "--colour"],
                      ["coverage", "--today", "soon"], ["coverage", "--db", "mysql://x"],
                      [*QUOTE, "--months", "many"]):
            done = run(*words)
            self.assertEqual(done.returncode, 2, f"{words}: {done.stdout}{done.stderr}")
            self.assertTrue(done.stderr.strip(), words)

    def test_an_answer_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([JARING, *QUOTE, "--json"], stdout=full, stderr=subprocess.PIPE,
                                  text=True, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("could not be written", done.stderr)

    def test_quote_as_specified(self):
        done = run(*QUOTE, "--months", "3", "--json")
        answer = json.loads(done.stdout)
        self.assertEqual(answer["total"], 3 * 68400)
        self.assertEqual([m["month"] for m in answer["months"]], ["2026-03", "2026-04", "2026-05"])
        self.assertEqual(answer["months"][0]["programmes"],
                         {"JKK": 13000, "JKM": 3400, "JHT": 52000})
        self.assertEqual(answer["months"][0]["total"], 68400)
        self.assertIn("pp50-2025", answer["months"][0]["notes"][0])
        table = run(*QUOTE).stdout
        self.assertIn("68.400", table)
        self.assertIn("pp50-2025", table)

    def test_quote_for_a_public_budget_has_no_relief(self):
        answer = json.loads(run(*QUOTE, "--payer", "government", "--json").stdout)
        self.assertEqual(answer["months"][0]["programmes"],
                         {"JKK": 26000, "JKM": 6800, "JHT": 52000})

    def test_quote_for_a_wage_earner_goes_by_the_wage(self):
        quote = [*QUOTE, "--payer", "employer"]
        answer = json.loads(run(*quote, "--json").stdout)
        self.assertEqual(answer["months"][0]["programmes"],
                         {"JKK": 6000, "JKM": 7500, "JHT": 142500})
        self.assertEqual(answer["months"][0]["notes"], [])
        table = run(*quote).stdout
        for words in ("oleh pemberi kerja (by the employer)", "JKK 0,24 % upah (of the wage)",
                      "pp46-2015:16 (M)"):
            self.assertIn(words, table)
        self.assertNotIn("bracket", table)

    def test_the_scheme_shows_the_shares_of_the_wage(self):
        shown = run("scheme", "show").stdout
        for words in (r"JKM 0,3 % upah \(of the wage\) +2015-07 – +pp44-2015:18 +M",
                      r"risiko \(risk\)[^\n]+pp44-2015:16 +M\n +very-low", "very high risk"):
            self.assertRegex(shown, words)

    def test_every_sector_has_a_price(self):
        for sector in ("transport", "farming", "livestock", "fisheries", "trade", "building",
                       "crafts", "household", "education", "professions", "creative", "daily",
                       "other"):
            done = run("quote", "--income", "1000000", "--sector", sector, "--from", "2026-03",
                       "--today", TODAY)
            self.assertEqual(done.returncode, 0, f"{sector}: {done.stderr}")

    def test_quote_refuses(self):
        for words, rule in (([*QUOTE, "--sector", "mining"], "sector.unknown"),
                            ([*QUOTE, "--programmes", "JHT"], "programmes."),
                            ([*QUOTE, "--payer", "uncle"], "payer.unknown"),
                            ([*QUOTE, "--months", "0"], "quote.months_out_of_range")):
            if words[-2] in QUOTE:  # The last one of an option that is given twice.
                place = words.index(words[-2])
                words = words[:place] + words[place + 2:]
            done = run(*words)
            self.assertEqual(done.returncode, 2, f"{words}: {done.stdout}{done.stderr}")
            self.assertIn(rule, done.stderr)


class SchemeFolder(CliCase):
    def setUp(self):
        super().setUp()
        self.scheme = self.folder / "id-bpu"
        shutil.copytree(ROOT / "schemes" / "id-bpu", self.scheme)

    def test_check_and_show(self):
        done = run("scheme", "check")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("33 brackets", done.stdout)
        self.assertIn("pp50-2025", run("scheme", "show", "--on", "2026-03-01").stdout)
        self.assertEqual(run("scheme", "show", "--on", "soon").returncode, 2)

    def test_an_edit_of_the_folder_changes_the_quote(self):
        reliefs = self.scheme / "reliefs.toml"
        text = reliefs.read_text()
        self.assertEqual(text.count("pp50-2025-transport"), 1)
        head, tail = text.split("pp50-2025-transport")
        self.assertIn("pays", tail)
        line = next(line for line in tail.splitlines() if line.startswith("pays"))
        reliefs.write_text(head + "pp50-2025-transport" + tail.replace(line, "pays_ppm = 250_000", 1))
        done = run(*QUOTE, "--json", "--scheme", self.scheme)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["months"][0]["programmes"],
                         {"JKK": 6500, "JKM": 1700, "JHT": 52000})

    def test_mistakes_are_found_and_placed(self):
        reliefs = self.scheme / "reliefs.toml"
        reliefs.write_text(reliefs.read_text() + "\n[what]\n")
        done = run("scheme", "check", "--scheme", self.scheme)
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr, r"reliefs\.toml:\d+: ")
        done = run(*QUOTE, "--scheme", self.scheme)
        self.assertEqual(done.returncode, 3)
        self.assertIn("scheme.has_problems", done.stderr)
