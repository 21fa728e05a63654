#!/usr/bin/env python3
"""Writes association-list.csv and association-list.xlsx: one messy list, as an association sends it.

Usage: make_association_list.py [FOLDER]

The people are invented. Every NIK has the serial 0000, which no real one has; only a demo agency
takes them. Standard library only, so that the files can be made again anywhere.
"""
import csv
import datetime
import pathlib
import sys
import zipfile
from xml.sax.saxutils import escape

HEADER = ["NIK", "Nama", "Tgl Lahir", "Jenis Kelamin", "Kelurahan", "No HP", "Pekerjaan",
          "Penghasilan", "Program", "Bahasa", "Catatan"]

FIRST = ["Siti", "Budi", "Sri", "Agus", "Wahyu", "Tri", "Endang", "Slamet", "Ratna", "Joko",
         "Suparmi", "Hartono", "Yuni", "Eko", "Lestari", "Mulyono", "Dwi", "Sugeng", "Ning", "Bambang"]
LAST = ["Rahayu", "Santoso", "Lestari", "Wibowo", "Handayani", "Prasetyo", "Wulandari", "Riyadi"]
# Real villages of Surakarta, in its five districts. Everybody was first registered in Ambon
# (8171), where nobody of the demo is from, so that the list fits any demo.
VILLAGES = ["3372011001", "3372011008", "3372021004", "3372031002", "3372041010", "3372051001",
            "3372051011", "3372041011"]
TRADES = ["pedagang pasar", "ojek online", "penjahit", "tukang becak", "pedagang kaki lima",
          "juru parkir", "tukang tambal ban", "penjual jamu"]


def nik_of(district, day, month, year, female):
    return f"{district}{day + (40 if female else 0):02d}{month:02d}{year % 100:02d}0000"


def good_rows():
    """Forty rows that are right, each written the way somebody would write it."""
    rows = []
    for i in range(40):
        female = i % 2 == 0
        day, month, year = 1 + i % 28, 1 + i * 5 % 12, 1968 + i % 36
        village = VILLAGES[i % len(VILLAGES)]
        income = [1_000_000, 1_500_000, 2_500_000, 3_200_000][i % 4]
        dotted = f"{income:,}".replace(",", ".")
        rows.append([
            nik_of("817101", day, month, year, female),
            f"{FIRST[i % len(FIRST)]} {LAST[i * 3 % len(LAST)]}",
            [f"{year}-{month:02d}-{day:02d}", f"{day:02d}/{month:02d}/{year}",
             f"{day}-{month}-{year}"][i % 3],
            (["P", "Perempuan"] if female else ["L", "Laki-laki"])[i // 2 % 2],
            village if i % 3 else f"{village[:2]}.{village[2:4]}.{village[4:6]}.{village[6:]}",
            f"0812000{i:05d}" if i % 5 else "",
            TRADES[i % len(TRADES)],
            [str(income), dotted, f"Rp {dotted},00"][i % 3],
            ["JKK,JKM", "JKK,JKM,JHT", "jkk+jkm"][i % 3],
            ["id", "jv", "", "Jawa"][i % 4],
            "",
        ])
    return rows


def bad_rows():
    """(place in the list, row, note): one mistake each. README.md beside this explains them."""
    def row(**changes):
        fields = dict(nik=nik_of("817102", 3, 4, 1985, False), name="Karno Wijaya",
                      birth="1985-04-03", sex="L", village="3372021004", phone="081200099001",
                      trade="juru parkir", income="1500000", programmes="JKK,JKM", language="id")
        fields.update(changes)
        return [*fields.values(), ""]

    return [
        (3, row(nik="817102030485000")),
        (5, row(nik="81710203048500000")),
        (7, row(nik="9971020304850000")),
        (8, row(nik="8171023513850000")),
        (10, row(nik="8.17102E+15")),
        (12, row(nik="")),
        (14, row(birth="31/02/1985")),
        (15, row(birth="04/23/1985")),
        (17, row(birth="03/04/85")),
        (18, row(birth="umur 40")),
        (20, row(sex="X")),
        (22, row(village="Serengan")),
        (23, row(village="3372029999")),
        (25, row(phone="12345")),
        (27, row(income="1,500")),
        (28, row(income="2,5 juta")),
        (30, row(income="0")),
        (31, row(programmes="JKK,BPJS")),
        (33, row(trade="astronot")),
        (34, row(name="K4rno W1jaya")),
        (36, row(name="")),
        (37, row(language="klingon")),
        (39, row(nik=nik_of("817102", 3, 4, 1950, False), birth="1950-04-03")),
        (40, row(nik=nik_of("817102", 3, 4, 2015, False), birth="2015-04-03")),
        (41, row(nik=nik_of("817101", 1, 1, 1968, True), name="Orang Lain", birth="1968-01-01",
                 sex="P")),
    ]


def all_rows():
    rows = good_rows()
    for place, row in reversed(bad_rows()):
        rows.insert(min(place, len(rows)), row)
    return rows


def write_csv(path):
    """A BOM, ';' and Windows line ends, as Excel in Indonesia saves a list."""
    with open(path, "w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
        writer.writerow(HEADER)
        for i, row in enumerate(all_rows()):
            writer.writerow(row)
            if i == 19:
                writer.writerow([""] * len(HEADER))
        # Two more mistakes that only a CSV can have.
        out.write('8171020304850000;"Karno Wijaya;1985-04-03;L;3372021004;;juru parkir;1500000;;;\r\n')
        out.write('8171020304850000;Karno Wijaya;1985-04-03;L;3372021004;;juru parkir;1500000;;;;x\r\n')


def cell(column, number, value):
    place = f"{chr(ord('A') + column)}{number}"
    if column == 2 and len(value) == 10 and value[4] == "-" and value[:4].isdigit():
        serial = (datetime.date.fromisoformat(value) - datetime.date(1899, 12, 30)).days
        return f'<c r="{place}" s="1"><v>{serial}</v></c>'
    if column == 7 and value.isdigit():
        return f'<c r="{place}"><v>{value}</v></c>'
    if column == 0 and number % 7 == 0 and len(value) == 16 and value.isdigit():
        return f'<c r="{place}"><v>{value}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>' if value else ""


def write_xlsx(path):
    rows = [HEADER] + all_rows()
    sheet = "".join(
        f'<row r="{n}">' + "".join(cell(c, n, v) for c, v in enumerate(row)) + "</row>"
        for n, row in enumerate(rows, start=1))
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    parts = {
        "[Content_Types].xml":
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{types}.styles+xml"/></Types>',
        "_rels/.rels":
            f'<Relationships {package}><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml":
            f'<workbook {main} xmlns:r="{office}"><sheets><sheet name="Anggota" sheetId="1" '
            'r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships {package}><Relationship Id="rId1" Type="{office}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="{office}/styles" '
            'Target="styles.xml"/></Relationships>',
        "xl/styles.xml":
            f'<styleSheet {main}><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14" applyNumberFormat="1"/>'
            "</cellXfs></styleSheet>",
        "xl/worksheets/sheet1.xml":
            f"<worksheet {main}><sheetData>{sheet}</sheetData></worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            # A fixed date, so that the same rows give the same file.
            out.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), head + text,
                         zipfile.ZIP_DEFLATED)


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    write_csv(folder / "association-list.csv")
    write_xlsx(folder / "association-list.xlsx")


if __name__ == "__main__":
    main()
