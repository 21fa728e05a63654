"""Uploads: taken in beside everything else, resumed, cancelled, refused rows to correct."""
import signal
import time

from api_server import VILLAGE, nik_of

HEADER = "nik,nama,tanggal_lahir,jk,kode_desa,telepon,pekerjaan,penghasilan\n"
CSV = {"Content-Type": "text/csv"}


def people(first, count, name="Orang Contoh"):
    rows = []
    for number in range(first, first + count):
        nik, birth_date = nik_of(number)
        rows.append(f"{nik},{name},{birth_date},L,{VILLAGE},,trade,1000000\n")
    return rows


class JobCases:
    def upload(self, text, expected=202, token="", headers=None, **query):
        query = {"kind": "enrolment", "group": "pasar"} | query
        return self.ask_all("POST", "/v1/jobs", expected, body=text.encode(), token=token,
                            query={k: v for k, v in query.items() if v}, headers=headers or CSV)

    def test_takes_a_list_in_and_gives_the_bad_rows_back(self):
        rows = people(2000, 30) + ["12,Salah,1990-01-01,L,3372011001,,trade,1\n"]
        job, headers = self.upload(HEADER + "".join(rows))
        self.assertEqual(headers["Location"], f"/v1/jobs/{job['job_id']}")
        ended = self.wait_for_job(job["job_id"])
        progress = ended["progress"]
        self.assertEqual((ended["state"], progress["rows"], progress["accepted"],
                          progress["rejected"]), ("done", 31, 30, 1), ended)
        path, where = "/v1/jobs/{job_id}/rejections", {"job_id": job["job_id"]}
        csv = self.ask("GET", path, 200, where)
        self.assertIn("nik.not_sixteen_digits", csv)
        corrected = csv.replace("12,Salah", nik_of(2030)[0] + ",Benar").replace(
            "1990-01-01", nik_of(2030)[1])
        again = self.wait_for_job(self.upload(corrected)[0]["job_id"])
        self.assertEqual(again["progress"]["accepted"], 1, again)
        same = self.wait_for_job(self.upload(HEADER + "".join(rows))[0]["job_id"])
        self.assertEqual(same["progress"]["repeated"], 30)
        self.ask("DELETE", "/v1/jobs/{job_id}", 409, where)

    def test_takes_payments_in(self):
        member = self.enrol(2100)
        text = ("kode_iuran,jumlah,tanggal_bayar,referensi\n"
                f"{member['bill_code']},50400,2026-03-10,J-1\n"
                f"{member['bill_code']},x,2026-03-10,J-2\n")
        partner = self.token("partner", "partner", "pos")
        job, _ = self.upload(text, kind="payments", group=None, partner="pos", token=partner)
        ended = self.wait_for_job(job["job_id"], token=partner)
        self.assertEqual((ended["progress"]["accepted"], ended["progress"]["rejected"]), (1, 1))
        self.upload(text, 422, kind="payments", group=None, partner="bank", token=partner)
        self.upload(text, 403, token=partner)
        self.ask("GET", "/v1/jobs/{job_id}", 404, {"job_id": job["job_id"]},
                 token=self.token("partner", "partner", "bank"))

    def test_a_dry_run_keeps_nothing(self):
        job, _ = self.upload(HEADER + "".join(people(2200, 3)), dry_run="true")
        self.assertEqual(self.wait_for_job(job["job_id"])["progress"]["accepted"], 3)
        found = self.ask("POST", "/v1/people/search", 200, body={"nik": nik_of(2200)[0]})
        self.assertEqual(found["people"], [])

    def test_refuses_what_is_no_upload(self):
        good = HEADER + people(2300, 1)[0]
        for rule, query in (("job.kind_unknown", {"kind": "cats"}), ("job.group_missing", {"group": None}),
                            ("group.unknown", {"group": "none"}),
                            ("job.dry_run_unclear", {"dry_run": "yes"}),
                            ("request.field_unknown", {"partner": "pos"})):
            self.assertEqual(self.upload(good, 422, **query)[0]["rule"], rule)
        self.assertEqual(self.upload("", 422)[0]["rule"], "file.empty")
        self.upload(good, 415, headers={"Content-Type": "text/plain"})
        self.upload(good, 422, token=self.token("group-admin", "group", "nelayan"))
        failed = self.wait_for_job(self.upload("a,b\n1,2\n")[0]["job_id"])
        self.assertEqual((failed["state"], failed["failure"]["rule"]),
                         ("failed", "file.column_missing"))
        for path in ("/v1/jobs/{job_id}", "/v1/jobs/{job_id}/rejections"):
            self.ask("GET", path, 404, {"job_id": 99999})
        self.ask("DELETE", "/v1/jobs/{job_id}", 404, {"job_id": 99999})

    def test_each_sees_the_jobs_of_her_scope(self):
        job, _ = self.upload(HEADER + people(2310, 1)[0],
                             token=self.token("group-admin", "group", "pasar"))
        def jobs(*who):
            return [j["job_id"] for j in
                    self.ask("GET", "/v1/jobs", 200, token=self.token(*who))["jobs"]]
        self.assertIn(job["job_id"], jobs("group-admin", "group", "pasar"))
        self.assertNotIn(job["job_id"], jobs("group-admin", "group", "nelayan"))
        self.assertIn(job["job_id"], jobs("branch-staff"))

    def test_stops_when_told_to(self):
        job, _ = self.upload(HEADER + "".join(people(3000, 5000)))
        stopped = self.ask("DELETE", "/v1/jobs/{job_id}", 200, {"job_id": job["job_id"]})
        self.assertIn(stopped["state"], ("running", "cancelled"))
        self.assertEqual(self.wait_for_job(job["job_id"])["state"], "cancelled")

    def test_goes_on_after_the_server_was_killed(self):
        job, _ = self.upload(HEADER + "".join(people(4000, 4000)))
        where = {"job_id": job["job_id"]}
        for _ in range(600):  # Killed once it has done something.
            if self.ask("GET", "/v1/jobs/{job_id}", 200, where)["progress"]["rows"] > 0:
                break
            time.sleep(0.02)
        self.stop(signal.SIGKILL)
        self.start()
        ended = self.wait_for_job(job["job_id"])
        progress = ended["progress"]
        self.assertEqual((ended["state"], progress["accepted"] + progress["repeated"]),
                         ("done", 4000), ended)

    def test_uploads_are_sealed(self):
        name = "Tersegel Sekali"
        self.upload(HEADER + people(2400, 1, name)[0] + "1,Ditolak Sekali,x,x,x,x,x,x\n")
        self.wait_for_job(self.ask("GET", "/v1/jobs", 200)["jobs"][0]["job_id"])
        for row in self.query("SELECT hex(bytes_sealed) FROM job_part" if "sqlite" in self.database
                              else "SELECT encode(bytes_sealed, 'hex') FROM job_part"):
            stored = bytes.fromhex(str(row[0]))
            self.assertNotIn(nik_of(2400)[0].encode(), stored)
            self.assertNotIn(b"Ditolak", stored)
