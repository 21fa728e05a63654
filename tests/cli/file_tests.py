"""`enrol` and `collect`: files in, as section 5 of the specification has them."""
import csv
import zipfile

from cli_case import (BUDI, BUDI_MONTH, PAYMENT_HEADER, PEOPLE, PEOPLE_HEADER, SITI, SITI_MONTH,
                      VILLAGE, CliCase, payment)

BAD_PERSON = f'3372010301750003,X9,1975-01-03,L,{VILLAGE},,trade,1000000,"JKK,JKM",id'
MENDED_PERSON = BAD_PERSON.replace("X9", "Agus Salim")


class EnrolFile(CliCase):
    def setUp(self):
        super().setUp()
        self.make_agency()

    def test_answer_has_the_promised_shape(self):
        answer = self.enrol([*PEOPLE, BAD_PERSON], code=1)
        self.assertEqual(self.counts(answer), (3, 2, 0, 1, 0))
        self.assertEqual(answer["rejections"],
                         [{"row": 4, "column": "name", "rule": "name.not_a_name"}])
        self.assertEqual([m["row"] for m in answer["members"]], [2, 3])
        for member in answer["members"]:
            self.assertRegex(member["member_number"], r"^\d{11}$")
            self.assertRegex(member["bill_code"], r"^\d{12}$")
            self.assertEqual(member["bill_code"][:11], member["member_number"])

    def test_without_list_no_members(self):
        path = self.file("p.csv", PEOPLE_HEADER, PEOPLE)
        self.assertNotIn("members", self.ask("enrol", path, "--group", "pasar"))

    def test_same_file_again_changes_nothing_and_says_so(self):
        first = self.enrol()
        again = self.enrol()
        self.assertEqual(self.counts(again), (2, 0, 2, 0, 0))
        self.assertEqual(first["members"], again["members"])
        self.assertIn("received_before", again)
        said = self.must("enrol", self.folder / "people.csv", "--group", "pasar").stdout
        self.assertIn("nothing changed", said)
        self.assertEqual(self.ask("coverage")["registered"], 2)

    def test_dry_run_leaves_nothing(self):
        answer = self.enrol(options=["--dry-run"])
        self.assertEqual(self.counts(answer), (2, 2, 0, 0, 0))
        self.assertEqual(answer["members"], [], "numbers nobody will have")
        self.assertEqual(self.ask("coverage")["registered"], 0)
        self.assertEqual(self.counts(self.enrol()), (2, 2, 0, 0, 0))
        self.assert_sound()

    def test_all_or_nothing(self):
        answer = self.enrol([*PEOPLE, BAD_PERSON], code=3, options=["--all-or-nothing"])
        self.assertEqual(answer["rejected"], 1)
        self.assertEqual(answer["members"], [])
        self.assertEqual(self.ask("coverage")["registered"], 0)
        answer = self.enrol([*PEOPLE, MENDED_PERSON], options=["--all-or-nothing"])
        self.assertEqual(len(answer["members"]), 3)
        self.assertEqual(self.ask("coverage")["registered"], 3)

    def test_rejected_rows_come_back_to_be_mended_and_sent_again(self):
        self.enrol([*PEOPLE, BAD_PERSON], code=1)
        rejected = self.folder / "people.csv.rejected.csv"
        with open(rejected, encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        self.assertEqual([(r["row"], r["column"], r["rule"]) for r in rows],
                         [("4", "name", "name.not_a_name")])
        self.assertTrue(rows[0]["keterangan"] and rows[0]["explanation"])
        rejected.write_text(rejected.read_text().replace(",X9,", ",Agus Salim,"))
        answer = self.ask("enrol", rejected, "--group", "pasar")
        self.assertEqual(self.counts(answer), (1, 1, 0, 0, 0))
        self.assertEqual(self.ask("coverage")["registered"], 3)

    def test_a_value_is_shown_masked(self):
        path = self.file("p.csv", PEOPLE_HEADER, [PEOPLE[0].replace("1975-01-01", "1975-31-01"),
                                                  PEOPLE[1].replace(BUDI, BUDI[:-1])])
        done = self.must("enrol", path, "--group", "pasar", code=1)
        self.assertNotIn(BUDI[:-1], done.stdout + done.stderr)
        self.assertIn("nik.not_sixteen_digits", done.stdout)

    def test_every_way_of_writing_a_table(self):
        number = 10
        for end in ("\n", "\r\n"):
            for separator in (",", ";"):
                for encoding in ("utf-8", "utf-8-sig"):
                    number += 1
                    cells = [f"33720102017500{number}", "Budi Ñandú", "1975-01-02", "L", VILLAGE,
                             "", "transport", "2500000", f'"JKK{separator}JKM"', "id"]
                    with self.subTest(end=end, separator=separator, encoding=encoding):
                        path = self.file(f"w{number}.csv", PEOPLE_HEADER.replace(",", separator),
                                         [separator.join(cells)], end, encoding)
                        answer = self.ask("enrol", path, "--group", "pasar")
                        self.assertEqual(self.counts(answer), (1, 1, 0, 0, 0), answer)

    def test_indonesian_column_names_in_any_order(self):
        path = self.file("id.csv", "Nama Lengkap;NIK;Tgl. Lahir;JK;Kode Desa;Pekerjaan;Penghasilan",
                         [f"Siti Aminah;{SITI};01-01-1975;P;{VILLAGE};pedagang;Rp 1.000.000"])
        answer = self.ask("enrol", path, "--group", "pasar")
        self.assertEqual(self.counts(answer), (1, 1, 0, 0, 0), answer)

    def test_xlsx(self):
        path = self.folder / "people.xlsx"
        write_xlsx(path, [PEOPLE_HEADER.split(","), *csv.reader(PEOPLE)])
        answer = self.ask("enrol", path, "--group", "pasar", "--list")
        self.assertEqual(self.counts(answer), (2, 2, 0, 0, 0), answer)
        answer = self.enrol()
        self.assertEqual(self.counts(answer), (2, 0, 2, 0, 0), "the same people as CSV")

    def test_the_same_person_is_never_a_second_one(self):
        answer = self.enrol([PEOPLE[0], PEOPLE[0]])
        self.assertEqual(self.counts(answer), (2, 1, 1, 0, 0))
        self.assertEqual(answer["members"][0]["member_number"],
                         answer["members"][1]["member_number"])

    def test_unknown_group_and_branch_and_file(self):
        path = self.file("p.csv", PEOPLE_HEADER, PEOPLE)
        self.assert_error(self.jaring("enrol", path, "--group", "none"), 2, "group.unknown")
        self.assert_error(self.jaring("enrol", path, "--group", "pasar", "--branch", "none"), 2,
                          "branch.unknown")
        self.assert_error(self.jaring("enrol", self.folder / "no.csv", "--group", "pasar"), 3,
                          "file.")
        self.assertEqual(self.ask("coverage")["registered"], 0)


def write_xlsx(path, rows):
    """A book as small as one may be: all cells as text."""
    def cell(text):
        return f'<c t="inlineStr"><is><t>{text}</t></is></c>'
    body = "".join("<row>" + "".join(map(cell, row)) + "</row>" for row in rows)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    packages = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="xml"'
                               ' ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1"'
                       f' Type="{kind}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{kind}"><sheets><sheet name="A"'
                           ' sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">'
                                      f'<Relationship Id="r1" Type="{kind}/worksheet"'
                                      ' Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData>'
                                    '</worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)


class CollectFile(CliCase):
    def setUp(self):
        super().setUp()
        self.make_agency()
        members = self.enrol()["members"]
        self.siti, self.budi = (m["bill_code"] for m in members)

    def test_answer_has_the_promised_shape(self):
        answer = self.collect([payment("A1", SITI_MONTH, self.siti),
                               payment("A2", BUDI_MONTH, nik=BUDI),
                               payment("A3", 5000, nik="3372010501750009"),
                               payment("A4", "much", self.siti)], code=1)
        self.assertEqual(self.counts(answer), (4, 2, 0, 1, 1))
        self.assertEqual(self.rules(answer), [(5, "amount", "amount.malformed")])
        self.assertNotIn("members", answer)
        self.assert_sound()

    def test_same_file_again(self):
        rows = [payment("A1", SITI_MONTH, self.siti), payment("A2", BUDI_MONTH, self.budi)]
        self.assertEqual(self.counts(self.collect(rows)), (2, 2, 0, 0, 0))
        self.assertEqual(self.counts(self.collect(rows)), (2, 0, 2, 0, 0))
        self.assertEqual(self.ask("coverage")["received"], SITI_MONTH + BUDI_MONTH)

    def test_same_reference_other_amount_is_refused(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        answer = self.collect([payment("A1", 2 * SITI_MONTH, self.siti)], code=1)
        self.assertEqual([rule for _, _, rule in self.rules(answer)], ["payment.reference_reused"])
        self.assertEqual(self.ask("coverage")["received"], SITI_MONTH)

    def test_same_reference_twice_in_one_file(self):
        answer = self.collect([payment("A1", SITI_MONTH, self.siti)] * 2)
        self.assertEqual(self.counts(answer), (2, 1, 1, 0, 0))

    def test_dry_run_leaves_nothing(self):
        rows = [payment("A1", SITI_MONTH, self.siti)]
        self.assertEqual(self.counts(self.collect(rows, options=["--dry-run"])), (1, 1, 0, 0, 0))
        self.assertEqual(self.ask("coverage")["received"], 0)
        self.assertEqual(self.ask("cover", SITI)["months_paid"], [])
        self.assertEqual(self.counts(self.collect(rows)), (1, 1, 0, 0, 0))
        self.assert_sound()

    def test_control_total(self):
        rows = [payment("A1", SITI_MONTH, self.siti), payment("A2", BUDI_MONTH, self.budi)]
        total = SITI_MONTH + BUDI_MONTH
        for what, line in {"rows": f"TOTAL,3,{total},,,", "sum": f"TOTAL,2,{total + 1},,,"}.items():
            with self.subTest(what):
                path = self.file("c.csv", PAYMENT_HEADER, [*rows, line])
                self.assert_error(self.jaring("collect", path, "--partner", "pos"), 3,
                                  "file.control_total_differs")
                self.assertEqual(self.ask("coverage")["received"], 0)
        answer = self.collect([*rows, f"TOTAL,2,{total},,,"])
        self.assertEqual(self.counts(answer), (2, 2, 0, 0, 0))

    def test_cut_off_file(self):
        path = self.folder / "cut.csv"
        rows = [payment("A1", SITI_MONTH, self.siti), payment("A2", BUDI_MONTH, self.budi)]
        path.write_text(PAYMENT_HEADER + "\n" + rows[0] + "\n" + rows[1][:-9])
        answer = self.ask("collect", path, "--partner", "pos", code=1)
        self.assertEqual(self.counts(answer), (2, 1, 0, 1, 0))
        self.assertEqual(self.rules(answer)[0][2], "file.last_line_cut")
        self.assertEqual(self.counts(self.collect(rows)), (2, 1, 1, 0, 0))

    def test_wrong_bill_codes(self):
        wrong = self.siti[:-1] + str((int(self.siti[-1]) + 1) % 10)
        swapped = self.siti[:-2] + self.siti[-1] + self.siti[-2]
        answer = self.collect([payment("A1", 1, wrong), payment("A2", 1, swapped),
                               payment("A3", 1)], code=1)
        self.assertEqual([rule for _, _, rule in self.rules(answer)],
                         ["bill_code.check_digit", "bill_code.check_digit", "bill_code.missing"])

    def test_reversal_in_a_file(self):
        self.collect([payment("A1", SITI_MONTH, self.siti)])
        self.assertEqual(self.ask("cover", SITI)["programmes"]["JKK"]["state"], "active")
        answer = self.collect([payment("A1", -SITI_MONTH, self.siti)])
        self.assertEqual(self.counts(answer), (1, 1, 0, 0, 0))
        cover = self.ask("cover", SITI)
        self.assertNotEqual(cover["programmes"]["JKK"]["state"], "active")
        self.assertEqual(cover["months_paid"], [])
        self.assertEqual(self.ask("coverage")["received"], 0)
        answer = self.collect([payment("NONE", -1, self.siti)], code=1)
        self.assertEqual(self.rules(answer)[0][2], "reversal.unknown_reference")
        self.assert_sound()

    def test_rejected_rows_come_back_to_be_mended_and_sent_again(self):
        self.collect([payment("A1", "much", self.siti)], code=1)
        rejected = self.folder / "payments.csv.rejected.csv"
        rejected.write_text(rejected.read_text().replace("much", str(SITI_MONTH)))
        answer = self.ask("collect", rejected, "--partner", "pos")
        self.assertEqual(self.counts(answer), (1, 1, 0, 0, 0))

    def test_unknown_partner(self):
        path = self.file("p.csv", PAYMENT_HEADER, [])
        self.assert_error(self.jaring("collect", path, "--partner", "none"), 2, "partner.unknown")
