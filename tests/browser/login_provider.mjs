// An OpenID provider for the tests: it lets in whomever it is told to, without asking.
import { createHash, createSign, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:http";

const url64 = (text) => Buffer.from(text).toString("base64url");

export class LoginProvider {
  /** `now`: seconds since 1970 by the clock of the server under test. */
  constructor(now) {
    this.now = now;
    this.keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
    this.flows = new Map();
    this.email = "";
    this.refuses = false;
  }

  async listen() {
    this.server = createServer((request, response) => this.answer(request, response));
    await new Promise((resolve) => this.server.listen(0, "127.0.0.1", resolve));
    this.issuer = `http://127.0.0.1:${this.server.address().port}`;
  }

  close() {
    this.server.close();
  }

  token(nonce) {
    const claims = { iss: this.issuer, aud: "jaring", sub: this.email, nonce, iat: this.now,
      exp: this.now + 300, email: this.email, email_verified: true };
    const text = [{ alg: "RS256", kid: "one" }, claims].map((part) => url64(JSON.stringify(part))).join(".");
    return `${text}.${createSign("sha256").update(text).sign(this.keys.privateKey, "base64url")}`;
  }

  /** Where somebody would log in: this one sends the browser back at once. */
  authorize(query, response) {
    const back = new URL(query.get("redirect_uri"));
    back.searchParams.set("state", query.get("state"));
    if (this.refuses) {
      back.searchParams.set("error", "access_denied");
    } else {
      const code = url64(createHash("sha256").update(query.get("state")).digest());
      this.flows.set(code, query.get("nonce"));
      back.searchParams.set("code", code);
    }
    response.writeHead(303, { Location: back.href }).end();
  }

  async answer(request, response) {
    const url = new URL(request.url, this.issuer);
    const json = (value) => response.writeHead(200, { "Content-Type": "application/json" }).end(JSON.stringify(value));
    if (url.pathname === "/authorize") {
      this.authorize(url.searchParams, response);
    } else if (url.pathname === "/token") {
      let body = "";
      for await (const chunk of request) {
        body += chunk;
      }
      json({ access_token: "at", token_type: "Bearer", id_token: this.token(this.flows.get(new URLSearchParams(body).get("code"))) });
    } else if (url.pathname === "/keys") {
      json({ keys: [{ ...this.keys.publicKey.export({ format: "jwk" }), use: "sig", kid: "one" }] });
    } else {
      json({ issuer: this.issuer, authorization_endpoint: `${this.issuer}/authorize`,
        token_endpoint: `${this.issuer}/token`, jwks_uri: `${this.issuer}/keys` });
    }
  }
}
