"""A bank that speaks SNAP (services 73, 18 and 36) and does with every transfer what banks do: it is
silent, late, confused, or lies. It keeps its own books: what really moved. It checks signatures and
headers as the standard says, and pays a reference once."""
import base64
import collections
import hashlib
import hmac
import http.server
import json
import re
import socket
import threading
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

CLIENT_KEY, SECRET, PARTNER, CHANNEL = "jaring-client", "s3cret/of the bank", "JARING", "95231"
TRANSFER, STATUS, TOKEN = "/v1.0/transfer-interbank", "/v1.0/transfer/status", "/v1.0/access-token/b2b"
# What happens to an order when it comes the first time, and what the bank says of it, ask by ask.
MANNERS = {
    "silent": ("silent", ["00"]),  # Answers when nobody waits any more; the first order is met so.
    "good": ("answer", ["00"]),
    "under way": ("accept", ["02", "03", "00"]),
    "cut after": ("cut after", ["00"]),
    "cut before": ("cut before", ["00"]),
    "error after": ("error after", ["500", "00"]),
    "error before": ("error before", ["00"]),
    "garbage": ("garbage", ["garbage", "00"]),
    "answers twice": ("twice", ["twice", "00"]),
    "seen late": ("accept", ["404", "07", "404", "00"]),
    "fails too early": ("answer", ["06 today", "00"]),
    "refuses": ("refuse", []),
    "refuses and pays": ("refuse after", ["00"]),
    "fails": ("accept", ["01", "06"]),
    "sends back": ("answer", ["03", "04"]),
    "of another": ("answer", ["another", "00"]),
    "another sum": ("answer", ["another sum", "00"]),
    "token ends": ("token ends", ["token ends", "00"]),
    "busy": ("busy", ["busy", "00"]),
}
TAKES = ("answer", "accept", "silent", "cut after", "error after", "garbage", "twice", "refuse after")
NEVER_PAID = ("refuses", "fails", "sends back")


class SnapBank:
    """Listens on a loopback port until it is closed; `random` chooses the manner of each order."""

    def __init__(self, random):
        self.random = random
        self.lock = threading.Lock()
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.manner = {}  # By reference.
        self.bag = []
        self.asked = collections.Counter()
        self.moved = set()  # References: money has moved.
        self.kept = set()   # References: it has the order, and no money moves.
        self.bodies = collections.defaultdict(set)
        self.external_ids = set()
        self.complaints = []
        self.tokens = set()
        self.ended = set()  # Tokens.
        bank = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                bank.answer(self, body)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # Whoever asked was killed.

        self.server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def write_settings(self, folder):
        """A settings file with the agency's side of the agreement."""
        (folder / "transfer.pem").write_bytes(self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption()))
        (folder / "transfer.secret").write_text(SECRET + "\n")
        for name in ("transfer.pem", "transfer.secret"):
            (folder / name).chmod(0o600)
        path = folder / "bank.toml"
        path.write_text(
            '[claims]\naccount_name = "Agency"\naccount = "888000111"\nbank = "BRI"\n'
            f'[transfer]\nurl = "{self.url}"\nclient_key = "{CLIENT_KEY}"\n'
            f'key_file = "{folder / "transfer.pem"}"\nsecret_file = "{folder / "transfer.secret"}"\n'
            f'partner_id = "{PARTNER}"\nchannel_id = "{CHANNEL}"\n')
        return path

    def next_manner(self):
        """All of them in some order, then all again."""
        if not self.bag:
            self.bag = list(MANNERS)[1:]
            self.random.shuffle(self.bag)
        return self.bag.pop()

    # ---- what it answers

    def answer(self, handler, body):
        if handler.path == TOKEN:
            return self.give_token(handler, body)
        service = {TRANSFER: "18", STATUS: "36"}.get(handler.path)
        if service is None:
            return self.say(handler, 404, "4040000")
        problem = self.problem_of(handler, body)
        if problem == "token":
            return self.say(handler, 401, f"401{service}01")
        if problem:
            self.complaints.append(f"{handler.path}: {problem}")
            return self.say(handler, 401, f"401{service}00")
        order = json.loads(body)
        return self.take(handler, order, body) if service == "18" else self.tell(handler, order)

    def give_token(self, handler, body):
        text = f"{handler.headers['X-CLIENT-KEY']}|{handler.headers['X-TIMESTAMP']}"
        try:
            self.key.public_key().verify(base64.b64decode(handler.headers["X-SIGNATURE"]),
                                         text.encode(), padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            self.complaints.append("token: signature")
            return self.say(handler, 401, "4017300")
        if json.loads(body) != {"grantType": "client_credentials"}:
            self.complaints.append("token: body")
        with self.lock:
            token = f"token-{len(self.tokens)}"
            self.tokens.add(token)
        return self.say(handler, 200, "2007300", accessToken=token, tokenType="bearer",
                        expiresIn="900")

    def problem_of(self, handler, body):
        headers = handler.headers
        token = headers["Authorization"].removeprefix("Bearer ")
        if token not in self.tokens or token in self.ended:
            return "token"
        digest = hashlib.sha256(body).hexdigest()
        text = f"POST:{handler.path}:{token}:{digest}:{headers['X-TIMESTAMP']}"
        wanted = base64.b64encode(hmac.digest(SECRET.encode(), text.encode(), "sha512")).decode()
        if headers["X-SIGNATURE"] != wanted:
            return "signature"
        if (headers["X-PARTNER-ID"], headers["CHANNEL-ID"]) != (PARTNER, CHANNEL):
            return "partner"
        if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+07:00", headers["X-TIMESTAMP"]):
            return "timestamp"
        if not re.fullmatch(r"\d{1,36}", headers["X-EXTERNAL-ID"]):
            return "external id"
        if handler.path == STATUS:
            with self.lock:
                if headers["X-EXTERNAL-ID"] in self.external_ids:
                    return "external id twice"
                self.external_ids.add(headers["X-EXTERNAL-ID"])
        return None

    def take(self, handler, order, body):
        reference = order["partnerReferenceNo"]
        with self.lock:
            is_first = reference not in self.manner
            if is_first:
                self.manner[reference] = self.next_manner() if self.manner else "silent"
            manner = self.manner[reference]
            self.bodies[reference].add(body)
            how = MANNERS[manner][0] if is_first or manner == "refuses" else "answer"
            if reference in self.moved | self.kept:
                how = "known"
            elif how in TAKES:
                (self.kept if manner == "fails" else self.moved).add(reference)
            if how == "token ends":
                self.ended.add(handler.headers["Authorization"].removeprefix("Bearer "))
        if how == "silent":
            time.sleep(12)
        if how in ("cut after", "cut before"):
            return self.cut(handler)
        if how == "garbage":
            return self.send(handler, 200, b"<html>OK</html>")
        codes = {"known": (409, "4091801"), "accept": (202, "2021800"), "busy": (429, "4291800"),
                 "error after": (504, "5041800"), "error before": (500, "5001800"),
                 "refuse": (403, "4031814"), "refuse after": (400, "4001801"),
                 "token ends": (401, "4011801")}
        self.say(handler, *codes.get(how, (200, "2001800")), partnerReferenceNo=reference,
                 amount=order["amount"], beneficiaryAccountNo=order["beneficiaryAccountNo"])
        if how == "twice":
            self.say(handler, 200, "2001800", partnerReferenceNo=reference)
        return None

    def tell(self, handler, question):
        reference = question["originalPartnerReferenceNo"]
        with self.lock:
            manner = self.manner.get(reference)
            has_it = reference in self.moved | self.kept
            words = MANNERS[manner][1] if manner else []
            word = words[min(self.asked[reference], len(words) - 1)] if words and has_it else "404"
            if word == "06 today":  # As long as it is the day it came.
                is_early = handler.headers["X-TIMESTAMP"][:10] == question["transactionDate"][:10]
                word = "06" if is_early else "00"
            elif has_it:
                self.asked[reference] += 1
            if word == "token ends":
                self.ended.add(handler.headers["Authorization"].removeprefix("Bearer "))
                self.external_ids.discard(handler.headers["X-EXTERNAL-ID"])
        if word in ("404", "500", "busy", "token ends"):
            codes = {"404": (404, "4043601"), "500": (500, "5003600"), "busy": (429, "4293600"),
                     "token ends": (401, "4013601")}
            return self.say(handler, *codes[word])
        if word == "garbage":
            return self.send(handler, 200, b"\x00\xff" * 40)
        amount = dict(question["amount"])
        if word == "another sum":
            amount["value"] = "1.00"
        told = "00" if word in ("another", "another sum", "twice") else word
        for _ in range(2 if word == "twice" else 1):
            self.say(handler, 200, "2003600", latestTransactionStatus=told, amount=amount,
                     transactionDate=question["transactionDate"],
                     originalPartnerReferenceNo="K999999999999P01" if word == "another"
                     else reference)
        return None

    def say(self, handler, status, code, **more):
        body = json.dumps({"responseCode": code, "responseMessage": "-", **more}).encode()
        self.send(handler, status, body)

    def send(self, handler, status, body):
        try:
            handler.send_response(status)
            handler.send_header("Content-Type", "application/json")
            handler.send_header("Content-Length", str(len(body)))
            handler.end_headers()
            handler.wfile.write(body)
        except OSError:
            pass  # Whoever asked is gone.

    def cut(self, handler):
        """The line breaks: in a while, or at once."""
        time.sleep(self.random.choice([0, 0.2]))
        try:
            handler.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        handler.close_connection = True

    # ---- what really happened

    def received(self, reference):
        """Whether the payee has the money at last."""
        return reference in self.moved and self.manner[reference] not in NEVER_PAID
