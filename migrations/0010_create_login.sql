-- 0010: how people prove who they are: passwords, second factors, codes, PINs, and the way back in.
--
-- Why:   a stolen file must open nothing: tokens and codes are kept as hashes, secrets and messages
--        sealed; tries are counted here, so that neither a restart nor a second server gives an
--        attacker fresh ones.
-- Needs: 0004 (person), 0008 (staff_user, session).

-- What an agency says of itself to its users: "contact" is the person who helps.
CREATE TABLE agency_setting (
  name   TEXT NOT NULL PRIMARY KEY,
  value  TEXT NOT NULL
) /* clustered */;

-- A session left alone ends; 0: it does not.
ALTER TABLE session ADD COLUMN idle_micros BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;

-- Tries that count against somebody or something. Rows nobody tries any more are taken out.
CREATE TABLE login_attempt (
  key_hash  BYTEA  NOT NULL PRIMARY KEY,  -- HMAC of what is tried: it names nobody.
  attempts  BIGINT NOT NULL,
  last_at   BIGINT NOT NULL,
  open_at   BIGINT NOT NULL               -- Not before this moment.
) /* clustered */;

CREATE INDEX login_attempt_by_age ON login_attempt (last_at);

-- Browsers somebody has logged in from: strangers' tries do not slow them down.
CREATE TABLE known_browser (
  browser_hash  BYTEA  NOT NULL,  -- SHA-256 of the cookie.
  actor_kind    BIGINT NOT NULL,
  actor_id      BIGINT NOT NULL,
  since         BIGINT NOT NULL,

  PRIMARY KEY (browser_hash, actor_kind, actor_id)
) /* clustered */;

CREATE INDEX known_browser_by_actor ON known_browser (actor_kind, actor_id);

-- Codes with which a staff user sets a password.
CREATE TABLE staff_invite (
  token_hash  BYTEA  NOT NULL PRIMARY KEY,  -- SHA-256.
  user_id     BIGINT NOT NULL,
  created_at  BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  used_at     BIGINT
) /* clustered */;

-- TOTP. A row without confirmed_at is being set up and counts for nothing yet.
CREATE TABLE second_factor (
  user_id        BIGINT NOT NULL PRIMARY KEY,
  secret_sealed  BYTEA  NOT NULL,
  created_at     BIGINT NOT NULL,
  confirmed_at   BIGINT,
  last_step      BIGINT NOT NULL  -- The newest time step whose code was used: each counts once.
) /* clustered */;

CREATE TABLE recovery_code (
  user_id    BIGINT NOT NULL,
  code_hash  BYTEA  NOT NULL,  -- Keyed hash.
  used_at    BIGINT,

  PRIMARY KEY (user_id, code_hash)
) /* clustered */;

-- A phone may belong to a family, so the number is not unique.
CREATE TABLE person_phone (
  phone_sealed  BYTEA  NOT NULL,
  person_id     BIGINT NOT NULL,

  PRIMARY KEY (phone_sealed, person_id)
) /* clustered */;

INSERT INTO person_phone (phone_sealed, person_id)
SELECT phone_sealed, person_id FROM person WHERE phone_sealed IS NOT NULL
ORDER BY phone_sealed, person_id;

-- The code on its way to a phone. One at a time; a new one takes the place of the old.
CREATE TABLE worker_code (
  phone_hash  BYTEA  NOT NULL PRIMARY KEY,  -- Keyed hash of the number.
  code_hash   BYTEA  NOT NULL,              -- Keyed hash.
  made_at     BIGINT NOT NULL,
  expires_at  BIGINT NOT NULL,
  tries       BIGINT NOT NULL
) /* clustered */;

-- Codes sent to a phone on a day (Asia/Jakarta).
CREATE TABLE worker_code_day (
  phone_hash  BYTEA  NOT NULL,
  day         BIGINT NOT NULL,
  sent        BIGINT NOT NULL,

  PRIMARY KEY (phone_hash, day)
) /* clustered */;

-- The code was right and several people share the phone: which of them it is comes next.
CREATE TABLE worker_ticket (
  ticket_hash  BYTEA  NOT NULL PRIMARY KEY,  -- SHA-256.
  people       TEXT   NOT NULL,              -- Their numbers, in the order shown.
  expires_at   BIGINT NOT NULL
) /* clustered */;

CREATE TABLE worker_pin (
  person_id  BIGINT NOT NULL PRIMARY KEY,
  pin_hash   TEXT   NOT NULL,  -- Argon2id.
  set_at     BIGINT NOT NULL
) /* clustered */;

-- Messages to people. Number and text are sealed.
CREATE TABLE outbox_message (
  message_id    BIGINT NOT NULL PRIMARY KEY,
  kind          TEXT   NOT NULL,  -- "login-code", "recovery-begun"…
  phone_sealed  BYTEA  NOT NULL,
  text_sealed   BYTEA  NOT NULL,
  created_at    BIGINT NOT NULL,
  sent_at       BIGINT,
  tries         BIGINT NOT NULL,
  failure       TEXT   NOT NULL   -- Why the last try failed; '' for none.
);

CREATE INDEX outbox_message_unsent ON outbox_message (sent_at, message_id);

-- A new phone for somebody who has lost the old one.
CREATE TABLE access_recovery (
  recovery_id       BIGINT NOT NULL PRIMARY KEY,
  code_hash         BYTEA  NOT NULL UNIQUE,  -- Keyed hash of the code witnesses type.
  stop_hash         BYTEA  NOT NULL UNIQUE,  -- Keyed hash of the code that stops it.
  person_id         BIGINT NOT NULL,
  new_phone_sealed  BYTEA  NOT NULL,         -- A sealed text.
  way               BIGINT NOT NULL,         -- RecoveryWay: 1 counter, 2 witnesses.
  asked_at          BIGINT NOT NULL,
  expires_at        BIGINT NOT NULL,         -- Without enough witnesses by then it is off.
  effective_at      BIGINT,                  -- When the new phone counts; set when agreed to.
  done_at           BIGINT,
  stopped_at        BIGINT
);

CREATE INDEX access_recovery_by_person ON access_recovery (person_id, recovery_id);
CREATE INDEX access_recovery_waiting ON access_recovery (done_at, effective_at);

CREATE TABLE recovery_witness (
  recovery_id  BIGINT NOT NULL,
  person_id    BIGINT NOT NULL,
  at           BIGINT NOT NULL,

  PRIMARY KEY (recovery_id, person_id)
) /* clustered */;

INSERT INTO sequence (name, next_value) VALUES ('outbox_message', 1), ('access_recovery', 1);
