// Somebody has lost the phone: witnesses, the person herself who stops it, the counter, the agent.
import { createHmac } from "node:crypto";

const PHONE = { width: 360, height: 740 };

/** The code of an authenticator app at `seconds` since 1970. */
export function appCode(secret, seconds) {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...secret].map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(seconds / 30)));
  const digest = createHmac("sha1", key).update(step).digest();
  const at = digest[19] & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

/** Logs a worker in by SMS and leaves the page at /saya. `choice`: which of a family. */
export async function workerPage(browser, base, phone, choice) {
  const context = await browser.newContext({ viewport: PHONE });
  const page = await context.newPage();
  await page.goto(`${base}/masuk?lang=id`);
  await page.fill("#phone", phone);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#code");
  const outbox = await context.newPage();
  const last = phone.replaceAll(" ", "").slice(1);
  let code;
  for (let n = 0; n < 100 && !code; ++n) {
    await outbox.goto(`${base}/outbox?lang=id`);
    const mine = outbox.locator("li", { hasText: last }).filter({ hasText: "kode masuk" });
    code = (await mine.count()) > 0 && /Anda (\d{6})\./.exec(await mine.first().textContent())?.[1];
  }
  await outbox.close();
  await page.fill("#code", code || "");
  await page.keyboard.press("Enter");
  if (choice !== undefined) {
    await page.locator("form[action^='/masuk/pilih'] button").nth(choice).click();
  }
  await page.waitForURL("**/saya*");
  return page;
}

async function askForWitnesses({ browser, base, check, looksRight }, lost) {
  const context = await browser.newContext({ viewport: PHONE, javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${base}/masuk?lang=id`);
  await page.click("a[href^='/pemulihan']");
  await page.click("main form button");
  check("new phone: each wrong field is named", (await page.locator(".errors li").count()) === 3);
  check("new phone: the title tells of errors", /^Ada yang/.test(await page.title()));
  await page.fill("#nik", lost.nik);
  for (const [n, id] of ["day", "month", "year"].entries()) {
    await page.fill(`#${id}`, lost.born[n]);
  }
  await page.fill("#new_phone", "0813 1111 2222");
  await page.click("main form button");
  const code = await page.locator(".code").textContent();
  check("new phone: a code that can be read out", /^[A-Z2-7]{4}-[A-Z2-7]{4}$/.test(code), code);
  await context.close();
  const looking = await (await browser.newContext({ viewport: PHONE })).newPage();
  await looking.goto(`${base}/pemulihan?lang=id`);
  await looksRight(looking, "pemulihan-360");
  await looking.context().close();
  return code;
}

async function witness(page, code) {
  await page.fill("#witness_code", code);
  await page.locator("#witness_code").press("Enter");
  await page.waitForSelector("main [role=status], main [role=alert]");
  return page.locator("main [role=status], main [role=alert]").first().textContent();
}

/** From the lost phone to the button that stops it. */
export async function newPhone(tools, people) {
  const { browser, base, check, looksRight } = tools;
  const code = await askForWitnesses(tools, people[0]);
  const first = await workerPage(browser, base, "0812 3456 7891");
  check("a wrong code is refused", /tidak ada/.test(await witness(first, "AAAA-AAAA")));
  check("the first witness", /1 saksi lagi/.test(await witness(first, code.toLowerCase())));
  await looksRight(first, "saya-witness");
  const lost = await workerPage(browser, base, "0812 3456 7890");
  check("its state is told", /Saksi: 1 dari 2/.test(await lost.textContent("main")));
  await looksRight(lost, "saya-recovery-waits");
  const second = await workerPage(browser, base, "0812 3456 7892", 1);
  check("the second witness", /sudah lengkap/.test(await witness(second, code)));
  await lost.goto(`${base}/saya?lang=id`);
  check("the day is told", /18 Maret 2026/.test(await lost.textContent("main")));
  await looksRight(lost, "saya-recovery");
  await lost.click("form[action^='/saya/pemulihan'] button");
  check("stopped", /Nomor Anda tetap berlaku/.test(await lost.textContent("[role=status]")));
  check("and gone", (await lost.locator("form[action^='/saya/pemulihan']").count()) === 0);
  for (const page of [first, second, lost]) {
    await page.context().close();
  }
}

async function staffPage({ browser, base }, staff, seconds, home = "loket") {
  const page = await (await browser.newContext({ viewport: PHONE })).newPage();
  await page.goto(`${base}/login?lang=id`);
  await page.fill("#email", staff.email);
  await page.fill("#password", staff.password);
  await page.fill("#code", appCode(staff.secret, seconds));
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/${home}?*`);
  return page;
}

async function findAtCounter(page, base, number) {
  await page.goto(`${base}/loket?lang=id`);
  await page.fill("#number", number);
  await page.keyboard.press("Enter");
  await page.waitForSelector("main h1");
}

/** Branch staff ask for a new phone: only with the papers seen and the member's consent. */
export async function counterAsks(tools, staff, person, seconds) {
  const { base, check, looksRight } = tools;
  const page = await staffPage(tools, staff, seconds);
  await looksRight(page, "loket");
  await findAtCounter(page, base, "3372012002920000");
  check("counter: nobody is said in words", (await page.locator("[role=alert]").count()) === 1);
  await findAtCounter(page, base, person.nik);
  check("counter: the name in full", /Siti Contoh Rekaan/.test(await page.textContent("h1")));
  check("counter: no NIK in the address", !page.url().includes(person.nik));
  await looksRight(page, "loket-person");
  await page.fill("#new_phone", "0813 3333 4444");
  await page.fill("#reason", "ponsel hilang");
  await page.check("#identity_checked");
  await page.click("form[action^='/loket/pemulihan'] button");
  check("counter: not without consent", /belum setuju/.test(await page.textContent("[role=alert]")));
  check("counter: what was typed stays", (await page.inputValue("#reason")) === "ponsel hilang");
  await page.check("#consent");
  await page.click("form[action^='/loket/pemulihan'] button");
  check("counter: asked for", (await page.locator("[role=status]").count()) === 1);
  check("counter: waits for the second person", /orang kedua/.test(await page.textContent("section.card")));
  await looksRight(page, "loket-asked");
  await page.context().close();
}

/** The second person reads what is asked for and decides; whoever asked cannot. */
export async function approverDecides(tools, approver, seconds) {
  const { check, looksRight } = tools;
  const page = await staffPage(tools, approver, seconds, "loket/persetujuan");
  check("approver: the change waits", /Penggantian nomor ponsel/.test(await page.textContent("main")));
  await looksRight(page, "approvals");
  await page.click("form[action^='/loket/persetujuan'] button");
  const asked = await page.textContent("main");
  check("approver: who decides sees the number", /6281333334444/.test(asked), asked);
  await looksRight(page, "approval");
  await page.click("button[value=refuse]");
  check("approver: a refusal needs a reason", (await page.locator("[role=alert]").count()) === 1);
  await page.click("button[value=approve]");
  check("approver: done", /sudah dijalankan/.test(await page.textContent("[role=status]")));
  check("approver: nothing waits", /Tidak ada yang menunggu/.test(await page.textContent("main")));
  await page.context().close();
}

/** An agent sees nobody whom she does not act for, and is shown the other way. */
export async function agentSees(tools, agent, person, seconds) {
  const { base, check, looksRight } = tools;
  const page = await staffPage(tools, agent, seconds);
  await findAtCounter(page, base, person.nik);
  check("agent: a stranger is unknown", /tidak ditemukan/.test(await page.textContent("[role=alert]")));
  await looksRight(page, "loket-agent");
  await page.context().close();
}

/** The agency's own login first, then the second factor; what fails leads back. */
export async function ownLogin({ browser, base, check, looksRight }, provider, staff) {
  const page = await (await browser.newContext({ viewport: PHONE })).newPage();
  provider.email = staff.email;
  provider.refuses = true;
  await page.goto(`${base}/login?lang=id`);
  const first = page.locator("main a, main button").first();
  check("own login comes first", /^.oidc.start/.test(await first.getAttribute("href")));
  await looksRight(page, "login-provider");
  await first.click();
  await page.waitForURL("**/oidc/callback*");
  check("its refusal is in words", (await page.locator("[role=alert]").count()) === 1);
  await looksRight(page, "login-provider-refused");
  provider.refuses = false;
  await page.click("a[href^='/oidc/start']");
  await page.waitForURL("**/login/second-factor*");
  check("it asks for the second factor", (await page.locator("#code").count()) === 1);
  await looksRight(page, "second-factor-code");
  await page.fill("#code", "000 000");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[role=alert]");
  const told = await page.textContent("[role=alert]");
  check("a wrong code is told", /tidak cocok/.test(told), told);
  await page.fill("#code", staff.recovery);
  await page.keyboard.press("Enter");
  await page.waitForURL("**/loket*");
  check("a recovery code leads to the work", (await page.locator("#number").count()) === 1);
  await page.context().close();
}
