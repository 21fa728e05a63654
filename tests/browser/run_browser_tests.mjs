// Every page and state in Chromium: accessibility (axe-core, WCAG 2.2 AA), no sideways scrolling, and
// the way through the form with the keyboard. Last line: "P passed, F failed".
//
// usage: node tests/browser/run_browser_tests.mjs [BINARY] [--shots FOLDER]
//
// Needs `npm ci` in this folder and Debian's chromium-headless-shell. --shots (or $OUT) keeps a
// picture of each state: pictures are for people to look at, not compared.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { launch } from "./faces_harness.mjs";
import { LoginProvider } from "./login_provider.mjs";
import { Agency, PEOPLE, STAFF, TODAY } from "./test_agency.mjs";
import { agentSees, approverDecides, counterAsks, newPhone, ownLogin } from "./new_phone_cases.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
const require = createRequire(import.meta.url);
const words = process.argv.slice(2);
const shotsAt = words.indexOf("--shots");
const shots = shotsAt >= 0 ? words.splice(shotsAt, 2)[1] : process.env.OUT && `${process.env.OUT}/shots`;
const binary = path.resolve(words[0] ?? path.join(root, "build/release/jaring"));
const NOON = Date.parse("2026-03-15T12:00:00+07:00") / 1000; // What --today makes of it.
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let passed = 0;
let failed = 0;
function check(name, truth, detail = "") {
  if (truth) {
    ++passed;
  } else {
    ++failed;
    console.log(`FAILED ${name}${detail && `\n    ${detail}`}`);
  }
}

async function fillForm(page, base, lang, nik, born) {
  await page.goto(`${base}/cover?lang=${lang}`);
  await page.fill("#nik", nik);
  for (const [n, id] of ["day", "month", "year"].entries()) {
    await page.fill(`#${id}`, born[n]);
  }
  await page.click("main button");
}

/** What to look at, in one language: a name and how to get there. */
function states(base, empty, lang) {
  const ask = (nik, born) => (page) => fillForm(page, base, lang, nik, born);
  return [
    ["overview", (page) => page.goto(`${base}/?lang=${lang}&live=0`)],
    ["overview-live", (page) => page.goto(`${base}/?lang=${lang}`)],
    ["overview-empty", (page) => page.goto(`${empty}/?lang=${lang}&live=0`)],
    ["cover", (page) => page.goto(`${base}/cover?lang=${lang}`)],
    ["cover-nothing-filled", ask("", ["", "", ""])],
    ["cover-half-wrong", ask("337201", ["31", "2", "1990"])],
    ...PEOPLE.map(({ state, nik, born }) => [`answer-${state}`, ask(nik, born)]),
    ["login", (page) => page.goto(`${base}/login?lang=${lang}`)],
    ["invite", (page) => page.goto(`${base}/invite?lang=${lang}`)],
    ["masuk", (page) => page.goto(`${base}/masuk?lang=${lang}`)],
    ["pemulihan", (page) => page.goto(`${base}/pemulihan?lang=${lang}`)],
    ["berhenti", (page) => page.goto(`${base}/berhenti?lang=${lang}`)],
    ["outbox", (page) => page.goto(`${base}/outbox?lang=${lang}`)],
    ["not-found", (page) => page.goto(`${base}/nowhere?lang=${lang}`)],
    ["wrong-method", (page) => page.goto(`${base}/v1/nothing?lang=${lang}`)],
  ];
}

const sideways = () => document.documentElement.scrollWidth - document.documentElement.clientWidth;
const cutCards = () => [...document.querySelectorAll(".card, .state, .figures div")].filter((card) => card.scrollWidth > card.clientWidth).length;

const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
async function violations(page) {
  await page.evaluate(axeSource);
  const { violations: found } = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), TAGS);
  return found.map(({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary}`).join("; ")}`);
}

async function looks(browser, base, empty) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [360, 1100, 1280]) {
      // A new context has a new device cookie: nothing is slowed down.
      for (const lang of ["id", "en"]) {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: width < 600 ? 740 : 900 } });
        const page = await context.newPage();
        for (const [state, go] of states(base, empty, lang)) {
          if (width === 1100 && !state.startsWith("overview")) {
            continue;
          }
          const name = `${state} ${lang} ${width} ${colorScheme}`;
          const answer = await go(page);
          if (state !== "wrong-method" || answer?.headers()["content-type"].startsWith("text/html")) {
            const found = await violations(page);
            check(`axe ${name}`, found.length === 0, found.join("\n    "));
          }
          check(`width ${name}`, (await page.evaluate(sideways)) <= 0, "the page scrolls sideways");
          check(`cards ${name}`, (await page.evaluate(cutCards)) === 0, "a card is cut at its edge");
          if (shots) {
            mkdirSync(shots, { recursive: true });
            await page.screenshot({ path: `${shots}/${name.replaceAll(" ", "-")}.png`, fullPage: true });
          }
        }
        await context.close();
      }
    }
  }
}

async function answersAreRight(browser, base) {
  const page = await browser.newPage({ javaScriptEnabled: false });
  for (const { state, nik, born } of PEOPLE) {
    await fillForm(page, base, "en", nik, born);
    check(`answer ${state}`, (await page.locator(`section.state.${state}`).count()) === 1);
    check(`answer ${state} has one h1`, (await page.locator("h1").count()) === 1);
  }
  await page.close();
}

async function keyboardLeadsThrough(browser, base) {
  const page = await browser.newPage();
  await page.goto(`${base}/cover?lang=id`);
  const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  await page.keyboard.press("Tab");
  check("keyboard: skip link first", (await focused()) === "skip");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  check("keyboard: then the NIK", (await focused()) === "nik", await focused());
  await page.keyboard.type("337201");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".errors");
  check("keyboard: what was typed stays", (await page.inputValue("#nik")) === "337201");
  await page.click(".errors a");
  check("keyboard: the summary leads to the field", (await focused()) === "nik", await focused());
  check("the title tells of errors", /^Ada yang perlu diperbaiki/.test(await page.title()), await page.title());
  await page.close();
}

/** One state on a phone: axe, no sideways scrolling, a picture. */
async function looksRight(page, name) {
  const found = await violations(page);
  check(`axe ${name}`, found.length === 0, found.join("\n    "));
  check(`width ${name}`, (await page.evaluate(sideways)) <= 0, "the page scrolls sideways");
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  }
}

async function staffLogIn(browser, base) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${base}/account?lang=id`);
  check("who is not logged in is led to the form", new URL(page.url()).pathname === "/login");
  await page.fill("#email", STAFF.email);
  await page.fill("#password", "salah");
  await page.click("main button");
  check("what is wrong is said", (await page.locator("[role=alert]").count()) === 1);
  await looksRight(page, "login-wrong");
  await page.fill("#password", STAFF.password);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/account*");
  check("names are harmless", (await page.locator("main b", { hasText: /^Contoh$/ }).count()) === 0);
  await looksRight(page, "account");
  await page.click("form[action^='/account/second-factor'] button");
  check("the QR code is there", (await page.locator("svg.qr").count()) === 1);
  await looksRight(page, "second-factor");
  await page.goto(`${base}/account?lang=en`);
  await page.click("form[action^='/account/logout'] button");
  await page.goto(`${base}/account?lang=en`);
  check("logged out", new URL(page.url()).pathname === "/login");
  await context.close();
}

async function workerLogIn(browser, base) {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
  const page = await context.newPage();
  await page.goto(`${base}/masuk?lang=id`);
  await page.fill("#phone", "0812 3456 7892");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#code");
  await looksRight(page, "worker-code");
  const outbox = await context.newPage();
  let code;
  for (let n = 0; n < 100 && !code; ++n) {
    await outbox.goto(`${base}/outbox?lang=id`);
    code = /Anda (\d{6})\./.exec(await outbox.textContent("main"))?.[1];
  }
  await looksRight(outbox, "outbox-message");
  await page.fill("#code", code ?? "");
  await page.keyboard.press("Enter");
  await page.waitForSelector("form[action^='/masuk/pilih']");
  await looksRight(page, "worker-choice");
  await page.locator("form[action^='/masuk/pilih'] button").nth(1).click();
  await page.waitForURL("**/saya*");
  check("own cover", (await page.locator("section.state").count()) === 1);
  await looksRight(page, "own-cover");
  await context.close();
}

async function guessingIsSlowed(browser, base) {
  const page = await browser.newPage();
  for (let n = 0; n < 6; ++n) {
    await fillForm(page, base, "id", "3372012002920000", ["1", "1", "1999"]);
  }
  check("too many attempts: says until when", /\d\d?\.\d\d WIB/.test(await page.textContent("main")));
  const found = await violations(page);
  check("axe too many attempts", found.length === 0, found.join("\n    "));
  if (shots) {
    await page.screenshot({ path: `${shots}/too-many-attempts.png`, fullPage: true });
  }
  await page.close();
}

/** The languages that few sentences were written in: workers' pages on a phone, nothing cut. */
async function regionalLanguages(browser, base) {
  const english = { cover: "Show my cover", masuk: "Send a code" };
  for (const lang of ["jv", "su", "mad"]) {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 } });
    const page = await context.newPage();
    for (const [state, go] of states(base, base, lang)) {
      if (!/^(cover|answer|login|masuk|pemulihan|berhenti)/.test(state)) {
        continue;
      }
      await go(page);
      await looksRight(page, `${state}-${lang}-360`);
      check(`lang ${state} ${lang}`, (await page.getAttribute("html", "lang")) === lang);
      check(`words ${state} ${lang}`, !(await page.textContent("main")).includes(english[state] ?? "This page"));
    }
    await page.goto(`${base}/cover?lang=${lang}`);
    check(`the foot leads to all languages ${lang}`, (await page.locator(".langs a").count()) === 5);
    check(`only the overview leads staff to their work ${lang}`, (await page.locator('a[href^="/desk/"]').count()) === 0);
    await page.goto(`${base}/?lang=${lang}&live=0`);
    for (const face of ["desk", "figures"]) {
      check(`the overview leads staff to ${face} ${lang}`, (await page.locator(`footer a[href="/${face}/?lang=${lang}"]`).count()) === 1);
    }
    await looksRight(page, `overview-${lang}-360`);
    check(`the foot's words are of the language ${lang}`, !(await page.textContent("footer")).includes("For staff"));
    await context.close();
  }
}

/** A checker that cannot fail proves nothing. */
async function canary(browser) {
  const page = await browser.newPage({ viewport: { width: 360, height: 700 } });
  await page.setContent('<main><p style="color:#999;background:#fff;width:900px">pale and wide</p><input></main>');
  check("canary: axe sees it", (await violations(page)).length > 0);
  check("canary: the width is seen", (await page.evaluate(sideways)) > 0);
  await page.close();
}

async function main() {
  const agency = new Agency(binary);
  const other = new Agency(binary);
  agency.fill();
  const branch = ["--role", "branch-staff", "--scope", "branch:surakarta"];
  agency.addUser(STAFF.email, "Siti <b>Contoh</b>", ...branch);
  const counter = agency.addUser("rina@kantor.id", "Rina Contoh", ...branch, "--second-factor");
  const agent = agency.addUser("ani@kantor.id", "Ani Contoh", "--role", "agent", "--second-factor");
  const approver = agency.addUser("dewi@kantor.id", "Dewi Contoh", "--role", "approver", "--scope", "nation",
    "--second-factor");
  const office = agency.addUser("budi@kantor.id", "Budi Contoh", ...branch, "--second-factor");
  const provider = new LoginProvider(NOON);
  await provider.listen();
  await agency.setProvider(provider.issuer);
  const [base, empty] = [await agency.serve(), await other.serve()];
  const browser = await launch();
  try {
    await canary(browser);
    await answersAreRight(browser, base);
    await keyboardLeadsThrough(browser, base);
    await looks(browser, base, empty);
    await guessingIsSlowed(browser, base);
    await staffLogIn(browser, base);
    await workerLogIn(browser, base);
    await regionalLanguages(browser, base);
    const tools = { browser, base, check, looksRight };
    await ownLogin(tools, provider, office);
    await counterAsks(tools, counter, PEOPLE[1], NOON);
    await approverDecides(tools, approver, NOON);
    await agentSees(tools, agent, PEOPLE[1], NOON);
    await newPhone(tools, PEOPLE);
  } finally {
    provider.close();
    await browser.close();
    await Promise.all([agency.stop(), other.stop()]);
    agency.remove();
    other.remove();
  }
}

await main().catch((error) => check("the run itself", false, error.stack));
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
