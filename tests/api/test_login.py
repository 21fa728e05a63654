"""How the tests log in. A partner's client goes through the product's own doors: `jaring partner
client add` and POST /oauth/token. For staff a session is put into the database from outside (the
product has no back door): its row holds the SHA-256 of a token that only the test knows.
"""
import functools
import hashlib
import json
import secrets
import sqlite3
import subprocess
import urllib.parse
import urllib.request

from server_trace import TRACE

ROLES = {"worker": 1, "agent": 2, "kiosk": 3, "branch-staff": 4, "claims-officer": 5, "approver": 6,
         "group-admin": 7, "partner": 8, "analyst": 9, "auditor": 10, "operator": 11}
SCOPES = {"nation": 1, "region": 2, "branch": 3, "group": 4, "agent": 5, "self": 6, "partner": 7}
STAFF, WORKER, DEVICE, CLIENT = 1, 2, 3, 4
FAR = 7_200_000_000_000_000  # The year 2198: --today may be any day.


def add_client(binary, options, partner, *more):
    """(client_id, client_secret) of a new client of `partner`."""
    done = subprocess.run([binary, "partner", "client", "add", partner, "--json", *more,
                           *map(str, options)], check=True, capture_output=True, text=True)
    answer = json.loads(done.stdout)
    TRACE.add("token", answer["client_secret"])
    return answer["client_id"], answer["client_secret"]


def client_token(base, client_id, client_secret):
    """An access token by client credentials."""
    form = {"grant_type": "client_credentials", "client_id": client_id,
            "client_secret": client_secret}
    with urllib.request.urlopen(f"{base}/oauth/token", urllib.parse.urlencode(form).encode(),
                                timeout=30) as answer:
        token = json.loads(answer.read())["access_token"]
    TRACE.add("token", token)
    return token


def partner_token(binary, options, base, partner):
    return client_token(base, *add_client(binary, options, partner))


def run_sql(address, statements):
    """Runs plain statements in one transaction; `address` as in --db."""
    if address.startswith("sqlite:"):
        connection = sqlite3.connect(address.removeprefix("sqlite:"), timeout=60)
        try:
            with connection:
                for statement in statements:
                    connection.execute(statement)
        finally:
            connection.close()
        return
    subprocess.run(["psql", "-qX1", "-v", "ON_ERROR_STOP=1", address], check=True, text=True,
                   input=";\n".join([*statements, ""]), stdout=subprocess.DEVNULL)


def blob(address, data):
    return f"X'{data.hex()}'" if address.startswith("sqlite:") else f"'\\x{data.hex()}'"


def staff_rows(number, role, scope, scope_id):
    """What makes a user of that number with one role."""
    return [
        "INSERT INTO staff_user (user_id, email, name, password_hash, created_at)"
        f" VALUES ({number}, 'uji{number}@contoh.id', 'Uji', '', 0)",
        "INSERT INTO role_grant (grant_id, user_id, role, scope_kind, scope_id, granted_at)"
        f" VALUES ({number}, {number}, {ROLES[role]}, {SCOPES[scope]}, {scope_id}, 0)"]


def new_session(address, role, scope="nation", scope_id=0, kind=STAFF, actor_id=0,
                second_factor=1):
    """(token, statements) of a new session; the statements make it. For staff (actor_id 0) a user
    with this role is made too."""
    token = secrets.token_urlsafe(32)
    TRACE.add("token", token)
    # Far from the numbers the product hands out, and never like a phone (62 8…).
    number = 9_000_000_000_000 + secrets.randbelow(1 << 40)
    statements = []
    if kind == STAFF and actor_id == 0:
        actor_id = number
        statements += staff_rows(number, role, scope, scope_id)
    statements.append(
        "INSERT INTO session (token_hash, session_id, actor_kind, actor_id, role, scope_kind,"
        " scope_id, second_factor, label, created_at, expires_at) VALUES"
        f" ({blob(address, hashlib.sha256(token.encode()).digest())}, {number}, {kind}, {actor_id},"
        f" {ROLES[role]}, {SCOPES[scope]}, {scope_id}, {second_factor}, 'test', 0, {FAR})")
    return token, statements


def session_token(address, *who, **more):
    """The token of a new session, of whom `new_session` says."""
    token, statements = new_session(address, *who, **more)
    run_sql(address, statements)
    return token


@functools.cache
def kept_token(address, role, scope="nation", scope_id=0):
    """The same staff session for all who ask."""
    return session_token(address, role, scope, scope_id)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}
