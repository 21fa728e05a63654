-- 0008: who may act, who has acted, and what waits for a second person.
--
-- Why:   every door asks who somebody is; every look at a person and every change leaves a row in
--        audit_entry, which is only added to and chained, so that nothing can be taken out unseen.
-- Needs: 0001 (sequence, idempotency_key), 0003, 0004.

CREATE TABLE staff_user (
  user_id        BIGINT NOT NULL PRIMARY KEY,
  email          TEXT   NOT NULL UNIQUE,  -- In small letters.
  name           TEXT   NOT NULL,
  password_hash  TEXT   NOT NULL,         -- Argon2id in its own text form; '' while there is none.
  created_at     BIGINT NOT NULL,
  disabled_at    BIGINT
);

-- What a staff user may act as. A session acts under one grant.
CREATE TABLE role_grant (
  grant_id    BIGINT NOT NULL PRIMARY KEY,
  user_id     BIGINT NOT NULL REFERENCES staff_user (user_id),
  role        BIGINT NOT NULL,  -- Role.
  scope_kind  BIGINT NOT NULL,  -- ScopeKind.
  scope_id    BIGINT NOT NULL,  -- What the kind says; 0 for the nation.
  granted_at  BIGINT NOT NULL,
  revoked_at  BIGINT
);

CREATE INDEX role_grant_by_user ON role_grant (user_id);

-- Somebody logged in, or a program with a token. The token itself is nowhere.
CREATE TABLE session (
  token_hash     BYTEA  NOT NULL PRIMARY KEY,  -- SHA-256.
  session_id     BIGINT NOT NULL UNIQUE,
  actor_kind     BIGINT NOT NULL,  -- ActorKind.
  actor_id       BIGINT NOT NULL,
  role           BIGINT NOT NULL,
  scope_kind     BIGINT NOT NULL,
  scope_id       BIGINT NOT NULL,
  second_factor  BIGINT NOT NULL,  -- 1: shown in this session.
  label          TEXT   NOT NULL,  -- What the owner sees: "Chromium, Linux".
  created_at     BIGINT NOT NULL,
  expires_at     BIGINT NOT NULL,
  ended_at       BIGINT            -- Logged out or revoked.
) /* clustered */;

CREATE INDEX session_by_actor ON session (actor_kind, actor_id);

-- The people who came through an agent: an agent's scope.
CREATE TABLE person_agent (
  person_id  BIGINT NOT NULL,
  user_id    BIGINT NOT NULL,
  since      BIGINT NOT NULL,

  PRIMARY KEY (person_id, user_id)
) /* clustered */;

-- Who did or saw what. hash = HMAC-SHA256 of the previous row's hash and this row, under a key that
-- is not in the database: rows altered, taken out or put in another order do not fit any more.
CREATE TABLE audit_entry (
  entry_id    BIGINT NOT NULL PRIMARY KEY,  -- 1, 2, 3… without holes.
  at          BIGINT NOT NULL,
  actor_kind  BIGINT NOT NULL,
  actor_id    BIGINT NOT NULL,
  role        BIGINT NOT NULL,
  scope_kind  BIGINT NOT NULL,
  scope_id    BIGINT NOT NULL,
  device_id   BIGINT NOT NULL,  -- 0: none.
  action      TEXT   NOT NULL,  -- "person:read"; see docs/PERMISSIONS.md.
  person_id   BIGINT NOT NULL,  -- 0: nobody in particular.
  subject     TEXT   NOT NULL,  -- What it was about: "payment pos A-1".
  change      TEXT   NOT NULL,  -- JSON {"field": ["from", "to"]}, identities masked; '' for a look.
  reason      TEXT   NOT NULL,  -- As given by who did it.
  request_id  TEXT   NOT NULL,
  hash        BYTEA  NOT NULL
);

CREATE INDEX audit_entry_by_person ON audit_entry (person_id, entry_id);

-- How long the chain is, sealed by the same key: rows taken from its end are missed.
CREATE TABLE audit_head (
  head_id  BIGINT NOT NULL PRIMARY KEY,  -- Always 1.
  entries  BIGINT NOT NULL,
  hash     BYTEA  NOT NULL,  -- Of the last entry; empty for none.
  seal     BYTEA  NOT NULL   -- HMAC of entries and hash; empty while there are none.
);

-- What waits for a second person. The payload may hold personal data: it is sealed.
CREATE TABLE approval_request (
  approval_id      BIGINT NOT NULL PRIMARY KEY,
  kind             BIGINT NOT NULL,  -- ApprovalKind.
  person_id        BIGINT NOT NULL,  -- 0: nobody in particular.
  branch_id        BIGINT NOT NULL,  -- Whose approvers see it; 0: those of the nation.
  subject          TEXT   NOT NULL,  -- For the list: "payment pos A-1". Never personal data.
  payload_sealed   BYTEA  NOT NULL,
  reason           TEXT   NOT NULL,
  asked_at         BIGINT NOT NULL,
  asked_by_kind    BIGINT NOT NULL,
  asked_by_id      BIGINT NOT NULL,
  state            BIGINT NOT NULL,  -- ApprovalState.
  decided_at       BIGINT,
  decided_by_kind  BIGINT,
  decided_by_id    BIGINT,
  decision_reason  TEXT
);

CREATE INDEX approval_request_by_state ON approval_request (state, approval_id);

-- Answers are kept for a while and then forgotten, oldest first.
CREATE INDEX idempotency_key_by_age ON idempotency_key (created_at);

INSERT INTO audit_head (head_id, entries, hash, seal) VALUES (1, 0, '', '');
INSERT INTO sequence (name, next_value) VALUES
  ('staff_user', 1), ('role_grant', 1), ('session', 1), ('approval_request', 1);
