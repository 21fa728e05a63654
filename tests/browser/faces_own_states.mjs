// Pages of the worker's face for who logs in, and for who has: by name, and how to get there.
import { go, settle } from "./faces_states.mjs";

const ON_ITS_WAY = { expires_in: 600, detail: "", outbox: "/outbox" };

async function submit(page) {
  await page.click("form button[type=submit]");
}

/** The steps of the login that need no code: what the server says is put in its place. */
export function loginStates(base, lang) {
  const at = (hash) => (page) => go(page, base, lang, hash);
  const answered = (path, status, body) => (page) =>
    page.route(`**${path}`, (route) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) }));
  async function toCode(page) {
    await answered("/v1/worker-codes", 202, ON_ITS_WAY)(page);
    await go(page, base, lang, "#/masuk");
    await page.fill("#phone", "0812 7700 0001");
    await submit(page);
    await page.waitForSelector("#code");
  }
  return [
    ["login", at("#/masuk")],
    ["login-wrong", async (page) => {
      await go(page, base, lang, "#/masuk");
      await submit(page);
      await page.waitForSelector("[role=alert]");
    }],
    ["login-code", toCode],
    ["login-choice", async (page) => {
      await toCode(page);
      await answered("/v1/worker-sessions", 200, { ticket: "x", choices: ["W*** R***", "D*** R***"] })(page);
      await page.fill("#code", "123456");
      await submit(page);
      await page.waitForSelector("main .stack.tight button");
    }],
    ["login-pin", at("#/masuk?langkah=pin")],
    ["own-first", at("#/bukti")],
  ];
}

/** `logins`: the browser's state of each person who has logged in, by how she stands. */
export function ownStates(base, lang, logins) {
  const at = (hash, selector = "main h1") => async (page) => {
    await go(page, base, lang, hash);
    await page.waitForSelector(selector);
    await settle(page);
  };
  const as = (who) => ({ storageState: logins[who] });
  const homes = ["active", "grace", "lapsed", "never"].map((who) => [`own-home-${who}`, at("#/", "section.state"), as(who)]);
  return [
    ...homes,
    ["own-pay", at("#/bayar?bulan=3", "main svg[role=img]"), as("active")],
    ["own-pay-arrears", at("#/bayar", "main svg[role=img]"), as("grace")],
    ["own-card", at("#/kartu", "main .card"), as("active")],
    ["own-menu", at("#/saya", "main .choice"), as("active")],
    ["own-receipts", at("#/bukti", "main .lines"), as("active")],
    ["own-receipts-none", at("#/bukti"), as("never")],
    ["own-receipt", async (page) => {
      await at("#/bukti", "main .lines")(page);
      await page.click("main .lines a");
      await page.waitForSelector("main .rows");
    }, as("active")],
    ["own-history", at("#/riwayat", "main ol"), as("active")],
    ["own-looks", at("#/dilihat", "main .lines"), as("active")],
    ["own-looks-none", at("#/dilihat"), as("never")],
    ["own-data", at("#/data", "#new-phone"), as("active")],
    ["own-ask", at("#/tanya", "main .figure"), as("active")],
    ["own-offline", async (page) => {
      await page.route("**/v1/**", (route) => route.abort("connectionfailed"));
      await go(page, base, lang, "#/");
      await page.waitForSelector(".notice.bad");
    }, as("active")],
  ];
}
