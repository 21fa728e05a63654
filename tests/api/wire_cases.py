"""The wire itself: methods, HEAD, half bodies, pages, a database that is away."""
import concurrent.futures
import contextlib
import json
import socket
import urllib.parse

import yaml

from api_server import NIK


class WireCases:
    def test_who_asks_too_much_waits_and_others_do_not(self):
        one, other = (self.token("partner", "partner", name) for name in ("bank", "pos"))
        for _ in range(10):
            status, _, text = self.send("POST", "/v1/jobs", token=one)
            self.assertNotEqual(status, 429, text)
        status, headers, text = self.send("POST", "/v1/jobs", token=one)
        self.assertEqual((status, json.loads(text)["rule"]), (429, "request.too_many"))
        self.assertGreaterEqual(int(headers["Retry-After"]), 1)
        # Nor need she send a file that nobody will read.
        with self.wire() as talk:
            head = (f"POST /v1/jobs?kind=collect HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                    f"Authorization: Bearer {one}\r\nContent-Type: text/csv\r\n"
                    "Idempotency-Key: unsent\r\nContent-Length: 60000000\r\n\r\n")
            status, text = talk(head.encode())
        self.assertEqual((status, json.loads(text)["rule"]), (429, "request.too_many"))
        self.assertNotEqual(self.send("POST", "/v1/jobs", token=other)[0], 429)
        self.ask("GET", "/v1/partners", 200, token=one)

    def test_serves_pages_and_operations(self):
        self.ask("GET", "/healthz", 200, token=None)
        self.ask("GET", "/metrics", 200, token=None)
        self.ask("GET", "/ping", 200, token=None)
        text = self.ask("GET", "/openapi.yaml", 200, token=None)
        self.assertEqual(yaml.safe_load(text), self.document.text)
        page = self.ask("GET", "/docs", 200, token=None)
        self.assertIn("/v1/people/search", page)
        for path in ("/", "/cover", "/cover?lang=en", "/docs"):
            status, headers, text = self.send("GET", path, token=None)
            self.assertEqual(status, 200)
            self.assertIn("style-src 'sha256-", headers["Content-Security-Policy"])
            self.assertNotIn("<script", text)

    def test_no_path_leads_out_of_the_faces(self):
        for path in ("/web/../data/messages.toml", "/web/..%2f..%2fdata%2fmessages.toml",
                     "/web/%2e%2e/%2e%2e/LICENSE", "/web/..%5cLICENSE", "/web//etc/passwd",
                     "/web/%2fetc%2fpasswd", "/web/sw.js%00.css", "/web/.vite/manifest.json",
                     "/web/.", "/web/", "/web/%c0%ae%c0%ae%2fLICENSE", "/app/../data/branches.csv",
                     "/app/%2e%2e%2fdata", "/design/../run"):
            with self.wire() as talk:
                status, text = talk(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                                    "Connection: close\r\n\r\n".encode())
            self.assertIn(status, (400, 404), path)
            self.assertNotIn(b"Licen", text)
        for method in ("POST", "PUT", "DELETE"):
            status, headers, _ = self.send(method, "/app/", token=None)
            self.assertEqual((status, headers["Allow"]), (405, "GET, HEAD"))

    def cover(self, nik, year):
        form = urllib.parse.urlencode({"nik": nik, "day": "3", "month": "4", "year": year}).encode()
        return self.send("POST", "/cover?lang=en", body=form, token=None,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})

    def test_cover_page_hides_the_name_and_slows_guessing(self):
        known, unknown = "3372014304880000", "3372014304890000"
        self.ask("POST", "/v1/enrolments", 201,
                 body={"person": self.person(nik=known, birth_date="1988-04-03")})
        status, _, text = self.cover(known, "1988")
        self.assertEqual(status, 200)
        self.assertIn("S*** C***", text)
        self.assertNotIn("Contoh", text)
        self.assertNotIn(known, text)
        wrong, none = self.cover(known, "1990"), self.cover(unknown, "1990")
        self.assertEqual(wrong[0], none[0])
        self.assertEqual(wrong[2].replace(known, ""), none[2].replace(unknown, ""))
        statuses = [self.cover(known, "1990")[0] for _ in range(6)]
        self.assertEqual(statuses[-1], 429)

    def test_refuses_bodies_that_are_not_what_they_say(self):
        for status, body in ((400, b"{"), (422, {"person": self.person(name="a\0b")}),
                             (422, {"person": self.person(income=-1)}),
                             (422, {"person": self.person(), "people": []}),
                             (422, {"group": "nobody", "person": self.person()}),
                             (422, {"people": [{}] * 1001}), (422, {})):
            problem = self.ask("POST", "/v1/enrolments", status,
                               body=body if isinstance(body, bytes) else json.dumps(body).encode())
            self.assertNotIn(NIK, json.dumps(problem))
        self.ask("POST", "/v1/enrolments", 415, body=b"{}", headers={"Content-Type": "text/plain"})
        self.assertEqual(self.ask("POST", "/v1/enrolments", 413, body=b" " * (1 << 20 | 1))["rule"],
                         "request.body_too_large")

    def test_refuses_malformed_queries(self):
        for path in ("/v1/coverage", "/v1/insight/coverage", "/v1/groups", "/v1/scheme"):
            for query in ("a=%zz", "a=%ff", "a=1&a=1", "a=%00"):
                status, headers, text = self.send("GET", f"{path}?{query}")
                self.assertEqual(status, 400, text)
                self.document.check("GET", path, 400, headers.get_content_type(), text)

    def test_takes_a_list_of_a_thousand(self):
        people = []
        for n in range(1000):
            year, month, day = 1970 + n // 336, n // 28 % 12 + 1, n % 28 + 1
            people.append(self.person(
                nik=f"337201{day + 40:02}{month:02}{year % 100:02}0000", name=f"Orang {n} Contoh",
                birth_date=f"{year}-{month:02}-{day:02}"))
        answer = self.ask("POST", "/v1/enrolments", 200, body={"people": people})
        self.assertEqual((answer["rows"], answer["accepted"] + answer["repeated"]), (1000, 1000),
                         answer["rejections"][:3])
        self.assertEqual(len({m["member_number"] for m in answer["members"]}), 1000)

    def test_says_which_methods_there_are(self):
        for method, path, allow in (("DELETE", "/v1/payments", "POST"),
                                    ("PATCH", "/v1/groups", "GET, HEAD, POST"),
                                    ("PUT", "/cover", "GET, HEAD, POST"), ("PATCH", "/", "GET, HEAD")):
            status, headers, _ = self.send(method, path)
            self.assertEqual((status, headers["Allow"]), (405, allow))

    def test_answers_head_without_a_body(self):
        for path in ("/healthz", "/cover", "/v1/groups", "/nowhere"):
            got, head = self.send("GET", path), self.send("HEAD", path)
            self.assertEqual(head[0], got[0])
            self.assertEqual(head[2], "")
            if path != "/cover":  # A new device cookie each time is as long as the last.
                self.assertEqual(head[1]["Content-Length"], got[1]["Content-Length"])

    @contextlib.contextmanager
    def wire(self):
        """A plain connection: a function that sends bytes and returns (status, body)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            with connection.makefile("rb") as answers:
                def talk(data):
                    connection.sendall(data)
                    status = int(answers.readline().split()[1])
                    length = 0
                    while (line := answers.readline()) not in (b"\r\n", b""):
                        if line.lower().startswith(b"content-length:"):
                            length = int(line.split(b":")[1])
                    return status, answers.read(length)
                talk.connection = connection
                yield talk

    def post(self, path, body, headers=""):
        token = self.token("partner", "partner", "pos")
        return (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                f"Authorization: Bearer {token}\r\nContent-Length: {len(body)}\r\n{headers}\r\n"
                ).encode()

    def test_keeps_the_connection_after_errors(self):
        get = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"
        key = "Idempotency-Key: k1\r\n"
        with self.wire() as talk:
            for status, request in ((404, get % b"/nowhere"), (401, get % b"/v1/coverage"),
                                    (405, self.post("/v1/journals", "")),
                                    (400, self.post("/v1/payments", "{", key) + b"{"),
                                    (415, self.post("/v1/payments", "", key).replace(b"json", b"xml")),
                                    (200, get % b"/healthz")):
                self.assertEqual(talk(request)[0], status, request)

    def test_waits_for_100_continue(self):
        body = json.dumps(self.payment(None, "E-1", nik="3372014101930000"))
        head = self.post("/v1/payments", body, "Idempotency-Key: e1\r\nExpect: 100-continue\r\n")
        with self.wire() as talk:
            self.assertEqual(talk(head)[0], 100)
            self.assertEqual(talk(body.encode())[0], 202)

    def test_does_nothing_with_half_a_body(self):
        body = json.dumps(self.payment(None, "H-1", nik="3372014101930000"))
        head = self.post("/v1/payments", body, "Idempotency-Key: h1\r\n")
        with self.wire() as talk:
            talk.connection.sendall(head + body[:-5].encode())
        with self.wire() as talk:
            talk.connection.sendall(head + body[:-5].encode())
            talk.connection.shutdown(socket.SHUT_WR)
            self.assertEqual(talk.connection.recv(1), b"")  # Nobody is told that it worked.
        self.assertEqual(self.pay(202, json.loads(body), "h1")["status"], "suspended")

    def test_tells_when_the_database_is_away(self):
        self.ask("GET", "/v1/groups", 200)  # Who asks is remembered for a moment.
        partner = self.token("partner", "partner", "pos")
        with self.database_away() as reads_too:
            asked = [("POST", "/v1/payments", self.payment(None, "D-1", nik=NIK), partner),
                     ("POST", "/v1/enrolments", {"person": self.person()}, "")]
            if reads_too:
                asked += [("GET", path, None, "") for path in (
                    "/v1/groups", "/v1/branches", "/v1/insight/coverage", "/v1/suspense")]
                self.assertEqual(self.send("GET", "/healthz", token=None)[0], 503)
                self.document.seen.add(("GET", "/healthz", "503"))
            def answer(one):
                method, path, body, token = one
                return self.ask(method, path, 503, body=body, token=token)
            with concurrent.futures.ThreadPoolExecutor() as pool:
                list(pool.map(answer, asked))
        self.ask("GET", "/healthz", 200, token=None)
        self.pay(202, self.payment(None, "D-1", nik="3372014101940000"), "d2")
