-- 0011: programs and devices that act: partners' clients, agents' phones, kiosks, their keys.
--
-- Why:   a machine shows who it is by a secret or by a signature; both can be replaced without a
--        gap (two are valid for a while) and taken away at once.
-- Needs: 0001 (sequence), 0003 (partner, branch), 0008 (staff_user, session).

-- A program of a partner. Its tokens are rows of session.
CREATE TABLE partner_client (
  client_id           BIGINT NOT NULL PRIMARY KEY,
  public_id           TEXT   NOT NULL UNIQUE,  -- client_id of RFC 6749: "pos-4f2a91c07b3d".
  partner_id          BIGINT NOT NULL REFERENCES partner (partner_id),
  label               TEXT   NOT NULL,
  allowed_addresses   TEXT   NOT NULL,  -- CIDR, separated by spaces; '': from anywhere.
  requires_signature  BIGINT NOT NULL,  -- 1: its token alone does not do.
  created_at          BIGINT NOT NULL,
  revoked_at          BIGINT
);

CREATE INDEX partner_client_by_partner ON partner_client (partner_id);

-- The secret itself is nowhere: 256 random bits need no salt and no slow hash.
CREATE TABLE partner_secret (
  client_id    BIGINT NOT NULL REFERENCES partner_client (client_id),
  secret_hash  BYTEA  NOT NULL,  -- SHA-256.
  created_at   BIGINT NOT NULL,
  valid_until  BIGINT,           -- When it was replaced: the end of the overlap.

  PRIMARY KEY (client_id, secret_hash)
) /* clustered */;

-- An agent's phone or a kiosk. An agent's phone acts for its user, a kiosk for itself.
CREATE TABLE device (
  device_id            BIGINT NOT NULL PRIMARY KEY,
  kind                 BIGINT NOT NULL,  -- DeviceKind.
  branch_id            BIGINT NOT NULL REFERENCES branch (branch_id),
  user_id              BIGINT,           -- Whose phone; NULL for a kiosk.
  label                TEXT   NOT NULL,
  requests_per_minute  BIGINT NOT NULL,
  daily_rupiah         BIGINT NOT NULL,
  daily_enrolments     BIGINT NOT NULL,
  invited_at           BIGINT NOT NULL,
  token_hash           BYTEA  NOT NULL UNIQUE,  -- SHA-256 of the one-time token in the QR code.
  token_expires_at     BIGINT NOT NULL,
  enrolled_at          BIGINT,           -- When the token was used.
  revoked_at           BIGINT
);

CREATE INDEX device_by_branch ON device (branch_id);

-- What a device has taken in on a day, for its limits.
CREATE TABLE device_day (
  device_id      BIGINT NOT NULL,
  day            BIGINT NOT NULL,  -- yyyymmdd.
  amount_rupiah  BIGINT NOT NULL,
  enrolments     BIGINT NOT NULL,

  PRIMARY KEY (device_id, day)
) /* clustered */;

-- Ed25519 keys that sign requests, of devices and of partners' clients.
CREATE TABLE signing_key (
  key_id       TEXT   NOT NULL PRIMARY KEY,  -- keyid of RFC 9421.
  owner_kind   BIGINT NOT NULL,              -- ActorKind: device or partner client.
  owner_id     BIGINT NOT NULL,
  public_key   BYTEA  NOT NULL UNIQUE,       -- 32 bytes.
  created_at   BIGINT NOT NULL,
  valid_until  BIGINT                        -- When it was replaced or revoked.
);

CREATE INDEX signing_key_by_owner ON signing_key (owner_kind, owner_id);

-- Signatures of changes that were used, until they expire anyway.
CREATE TABLE used_nonce (
  key_id      TEXT   NOT NULL,
  nonce       TEXT   NOT NULL,
  expires_at  BIGINT NOT NULL,

  PRIMARY KEY (key_id, nonce)
) /* clustered */;

CREATE INDEX used_nonce_by_age ON used_nonce (expires_at);

-- Which staff user somebody is at the agency's own login (OpenID Connect).
CREATE TABLE oidc_subject (
  issuer     TEXT   NOT NULL,
  subject    TEXT   NOT NULL,
  user_id    BIGINT NOT NULL REFERENCES staff_user (user_id),
  linked_at  BIGINT NOT NULL,

  PRIMARY KEY (issuer, subject)
) /* clustered */;

INSERT INTO sequence (name, next_value) VALUES ('partner_client', 1), ('device', 1);
