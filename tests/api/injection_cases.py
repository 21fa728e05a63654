"""What people write into text fields stays text: in SQL, JSON, HTML, CSV, PDF, headers and logs."""
import csv
import io
import json
import re

from api_server import VILLAGE, nik_of
from job_cases import CSV, HEADER

NASTY = ["'; DROP TABLE person; --", "\" OR \"1\"=\"1", "<script>alert(1)</script>",
         "<img src=x onerror=alert(1)>", "=HYPERLINK(\"http://x\")", "+cmd|' /C calc'!A0",
         "-2+3+cmd|' /C calc'!A0", "@SUM(1+9)", "\t=1+1", "%s%n%x", "../../etc/passwd", "${jndi:x}",
         "a\r\nSet-Cookie: x=1", "\u202egnp.exe", "{{7*7}}", "\\", "'"]
DANGEROUS = tuple("=+-@\t\r")


class InjectionCases:
    def test_in_every_text_field_of_a_body(self):
        member = self.enrol(5000)
        where = f"/v1/people/{member['person_id']}"
        for text in NASTY:
            for method, path, body in (
                    ("POST", "/v1/people/search", {"name": text, "village_code": VILLAGE}),
                    ("POST", "/v1/people/search", {"nik": text}),
                    ("POST", "/v1/people/search", {"phone": text}),
                    ("POST", "/v1/people/search", {"bill_code": text}),
                    ("POST", "/v1/coverage", {"member_number": text}),
                    ("PATCH", where, {"language": text}), ("PATCH", where, {"village_code": text}),
                    ("POST", where + "/membership-ends", {"reason": text}),
                    ("POST", "/v1/groups", {"code": text, "name": text, "kind": text, "branch": text}),
                    ("POST", "/v1/suspense-placements", {"partner": text, "reference": text,
                                                         "bill_code": member["bill_code"]}),
                    ("POST", "/v1/quotes", {"income": 1, "sector": text, "from": text})):
                status, headers, answer = self.send(method, path, body=body,
                                                    headers={"If-Match": "*"})
                self.assertIn(status, (200, 404, 409, 422), f"{path} {text!r}: {answer}")
                self.assertIsNone(headers["Set-Cookie"])
                json.loads(answer)
        self.assertEqual(self.query("SELECT COUNT(*) FROM person")[0][0] > 0, True)

    def test_in_paths_and_queries(self):
        for text in NASTY:
            for path in ("/v1/payments/{0}/{0}", "/v1/receipts/{0}/{0}.pdf", "/v1/groups/{0}",
                         "/v1/people/{0}", "/v1/jobs/{0}"):
                filled = path.format("".join(f"%{byte:02X}" for byte in text.encode()))
                status, headers, _ = self.send("GET", filled)
                self.assertEqual(status, 404, filled)
                self.assertIsNone(headers["Set-Cookie"])
            status, _, answer = self.send("GET", "/v1/insight/coverage", query={"by": text})
            self.assertIn(status, (400, 422), answer)

    def test_names_stay_text_in_pages_receipts_and_answers(self):
        for number, text in enumerate(NASTY, start=5100):
            nik, birth_date = nik_of(number)
            person = self.person(nik=nik, birth_date=birth_date, sex="male", name=text)
            status, _, answer = self.send("POST", "/v1/enrolments", body={"person": person})
            if status == 422:
                continue  # Control characters are no name.
            member = json.loads(answer)["members"][0]
            shown = self.ask("GET", "/v1/people/{person_id}", 200,
                             {"person_id": int(member["member_number"][:9])})
            self.assertEqual(shown["name"], text.strip())
            self.pay(201, self.payment(member["bill_code"], f"I-{number}"))
            pdf = self.ask("GET", "/v1/receipts/{partner}/{file}", 200,
                           {"partner": "pos", "file": f"I-{number}.pdf"})
            self.assertNotIn(b"/JavaScript", pdf)
            self.assertNotIn(b"/OpenAction", pdf)
            year, month, day = birth_date.split("-")
            form = f"nik={nik}&day={int(day)}&month={int(month)}&year={year}".encode()
            _, _, page = self.send("POST", "/cover?lang=en", body=form, token=None, headers={
                "Content-Type": "application/x-www-form-urlencoded"})
            self.assertNotRegex(page, r"<script|<img src=x|onerror=alert")

    def test_no_formula_in_the_refused_rows(self):
        out = io.StringIO()
        writer = csv.writer(out)
        for text in NASTY:
            writer.writerow(["1", text.replace("\r\n", " "), "x", "x", "x", "x", "x", "x"])
        job = self.ask("POST", "/v1/jobs", 202, body=(HEADER + out.getvalue()).encode(),
                       query={"kind": "enrolment", "group": "pasar"}, headers=CSV)
        self.wait_for_job(job["job_id"])
        text = self.ask("GET", "/v1/jobs/{job_id}/rejections", 200, {"job_id": job["job_id"]})
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(len(rows), len(NASTY) + 1)
        for row in rows:
            for cell in row:
                self.assertFalse(cell.startswith(DANGEROUS), cell)

    def test_headers_and_log_lines_stay_one_line(self):
        for header in ("Idempotency-Key", "If-Match", "Accept-Language", "User-Agent", "traceparent"):
            for text in NASTY:
                plain = re.sub(r"[^\x20-\x7e]", "?", text)
                status, headers, _ = self.send("GET", "/v1/groups", headers={header: plain})
                self.assertEqual(status, 200)
                self.assertNotIn("DROP TABLE", str(headers))
        log = self.log.read_text()
        for line in log.splitlines():
            self.assertTrue(json.loads(line), line)
        for text in ("alert(1)", "DROP TABLE", nik_of(5100)[0]):
            self.assertNotIn(text, log)
