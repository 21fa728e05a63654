"""Branches, groups, partners, the scheme and quotes; and the locks that all routes have."""
import json
import os

from api_document import DOCUMENT

NEW = {"code": "pasar-baru", "name": "Pasar Baru", "kind": "cooperative", "branch": "surakarta"}


class AgencyCases:
    def test_lists_and_adds_groups(self):
        added = self.ask("POST", "/v1/groups", 201, body=NEW)
        self.assertEqual(self.ask("POST", "/v1/groups", 200, body=NEW), added)
        self.ask("POST", "/v1/groups", 409, body=NEW | {"name": "Lain"})
        company = NEW | {"code": "pabrik", "kind": "employer", "payer": "employer"}
        self.assertEqual(self.ask("POST", "/v1/groups", 201, body=company)["payer"], "employer")
        for wrong in ({"kind": "club"}, {"branch": "nowhere"}, {"code": "a b"}, {"payer": "me"}):
            self.ask("POST", "/v1/groups", 422, body=json.dumps(NEW | {"code": "x"} | wrong).encode())
        self.ask("POST", "/v1/groups", 422, body=NEW | {"code": "y"},
                 token=self.token("branch-staff", "branch", "jawa-barat"))
        first = self.ask("GET", "/v1/groups", 200, query={"limit": 1})
        rest = self.ask("GET", "/v1/groups", 200, query={"cursor": first["next_cursor"]})
        codes = [g["code"] for g in first["groups"] + rest["groups"]]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertIn("pasar-baru", codes)
        own = self.ask("GET", "/v1/groups", 200, token=self.token("group-admin", "group", "pasar"))
        self.assertEqual([g["code"] for g in own["groups"]], ["pasar"])

    def test_renames_a_group_that_was_seen(self):
        path, where = "/v1/groups/{code}", {"code": "nelayan"}
        _, headers = self.ask_all("GET", path, 200, where)
        etag = headers["ETag"]
        self.assertEqual(self.send("GET", "/v1/groups/nelayan",
                                   headers={"If-None-Match": etag})[0], 304)
        self.document.seen.add(("GET", path, "304"))
        self.ask("PATCH", path, 428, where, body={"name": "Nelayan Tua"})
        self.ask("PATCH", path, 200, where, body={"name": "Nelayan Tua"}, headers={"If-Match": etag})
        self.ask("PATCH", path, 412, where, body={"name": "Lain"}, headers={"If-Match": etag})
        self.ask("GET", path, 404, where, token=self.token("group-admin", "group", "pasar"))
        self.ask("PATCH", path, 404, {"code": "none"}, body={"name": "x"})

    def test_lists_branches_and_partners(self):
        self.assertIn("surakarta", [b["code"] for b in
                                    self.ask("GET", "/v1/branches", 200)["branches"]])
        operator = self.token("operator")
        body = {"code": "warung", "name": "Warung"}
        self.ask("POST", "/v1/partners", 201, body=body, token=operator)
        self.ask("POST", "/v1/partners", 200, body=body, token=operator)
        self.ask("POST", "/v1/partners", 409, body=body | {"name": "Lain"}, token=operator)
        own = self.ask("GET", "/v1/partners", 200, token=self.token("partner", "partner", "pos"))
        self.assertEqual([p["code"] for p in own["partners"]], ["pos"])

    def test_the_scheme_and_quotes_are_open(self):
        scheme, headers = self.ask_all("GET", "/v1/scheme", 200, token=None)
        self.assertTrue(scheme["brackets"] and scheme["trades"])
        self.assertEqual(self.send("GET", "/v1/scheme", token=None,
                                   headers={"If-None-Match": headers["ETag"]})[0], 304)
        self.document.seen.add(("GET", "/v1/scheme", "304"))
        quote = self.ask("POST", "/v1/quotes", 200, body={"income": 1000000, "months": 3}, token=None)
        self.assertEqual(quote["total"], sum(month["total"] for month in quote["months"]))
        waged = self.ask("POST", "/v1/quotes", 200, token=None,
                         body={"income": 5000000, "payer": "employer", "programmes": "JKK,JKM,JHT"})
        self.assertEqual(waged["total"], 312000)
        self.assertEqual([rate["ppm"] for rate in scheme["wage_rates"]], [2400, 3000, 57000])
        for wrong in ({"months": 121}, {"sector": "moon"}, {"programmes": "JHT"}, {"payer": "x"}):
            self.ask("POST", "/v1/quotes", 422, token=None,
                     body=json.dumps({"income": 1000000} | wrong).encode())

    def test_every_locked_route_asks_who_it_is(self):
        for method, path, operation in DOCUMENT.operations():
            if "x-action" not in operation or operation["x-action"] == "account:use":
                continue
            filled = path.format(person_id=1, partner="pos", reference="x", file="x.pdf", code="x",
                                 job_id=1, approval_id=1, merge_id=1, device_id=1, session_id=1,
                                 client_id="x", key_id=1, claim_number="K1",
                                 paper_no=1, run_id=1, notice_id=1)
            for token, status in ((None, 401), ("x" * 43, 401)):
                got, headers, text = self.send(method, filled, token=token,
                                               body={} if method in ("POST", "PATCH") else None)
                self.assertEqual(got, status, f"{method} {path}: {text}")
                self.document.check(method, path, got, headers.get_content_type(), text)

    def test_a_key_means_one_request(self):
        key = {"Idempotency-Key": os.urandom(8).hex()}
        body = NEW | {"code": "kunci"}
        first = self.ask("POST", "/v1/groups", 201, body=body, headers=key)
        self.assertEqual(self.ask("POST", "/v1/groups", 201, body=body, headers=key), first)
        self.assertEqual(self.ask("POST", "/v1/groups", 422, body=NEW | {"code": "lain"},
                                  headers=key)["rule"], "idempotency_key.reused")
        self.assertEqual(self.ask("POST", "/v1/groups", 400, body=body,
                                  headers={"Idempotency-Key": None})["rule"],
                         "idempotency_key.missing")

    def test_speaks_five_languages(self):
        said = {}
        for language in ("id", "en", "jv", "su", "mad"):
            problem, headers = self.ask_all("POST", "/v1/people/search", 422, body={"nik": "1"},
                                            headers={"Accept-Language": language})
            said[language] = problem["errors"][0]["detail"]
            self.assertTrue(said[language])
        self.assertEqual(len(set(said.values())), 5, said)

    def test_pages_of_a_list_are_bounded(self):
        for query in ({"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "-1"},
                      {"cursor": "x' OR 1=1"}, {"offset": 1}):
            self.ask("GET", "/v1/groups", 422, query=query)
