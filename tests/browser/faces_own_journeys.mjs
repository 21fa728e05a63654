// The ways of who logs in: in and out, a phone of two, paying while the page lies open, back,
// reload, double tap, no connection, a session that is over, keyboard only.
import { readFileSync } from "node:fs";
import { openPage } from "./faces_harness.mjs";
import { go, settle } from "./faces_states.mjs";
import { codeFor, OWN, pay } from "./own_people.mjs";
import { TODAY } from "./test_agency.mjs";

const kept = (page) => page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie);

async function inAndOut({ page, base, check }) {
  const { comer } = OWN;
  await go(page, base, "id", "#/");
  await page.click('main a[href="#/masuk"]');
  await page.waitForSelector("#phone");
  let codes = 0;
  page.on("request", (request) => (codes += request.url().endsWith("/v1/worker-codes") ? 1 : 0));
  await page.fill("#phone", comer.phone);
  await page.dblclick("form button[type=submit]");
  await page.waitForSelector("#code");
  check("a double tap asks for one code", codes === 1, `${codes}`);
  const isRead = () => page.waitForFunction(() => document.activeElement?.tagName === "H1").then(() => true);
  check("the code's page is read out", await isRead());
  check("the address does not say who", !page.url().includes(comer.phone.slice(1)));
  await page.reload();
  await page.waitForSelector("#code");
  check("a reload keeps the step", true);
  await page.fill("#code", "000000");
  await page.click("form button[type=submit]");
  await page.waitForSelector(".field.wrong");
  check("a wrong code says what to do", (await page.innerText("[role=alert]")).includes("Minta kode baru"));
  await page.fill("#code", await codeFor(page, comer.phone));
  await page.click("form button[type=submit]");
  await page.waitForSelector("section.state.active");
  check("the answer is read out", await isRead());
  check("she sees that she is covered", (await page.innerText("section.state")).includes("31 Maret 2026"));
  check("no key and no name are kept where scripts reach", !/jaring_session|[A-Za-z0-9_-]{43}|Darto|0812770/.test(await kept(page)), await kept(page));
  await page.goBack();
  await settle(page);
  check("back does not lead to the used code", (await page.$("#code")) === null);
  await page.goto(`${base}/app/`);
  await page.waitForSelector("section.state.active");
  await page.reload();
  await page.waitForSelector("section.state.active");
  check("a reload stays in", true);
  await page.click('nav a[href="#/saya"]');
  await page.waitForSelector("main .choice");
  await page.context().setOffline(true);
  await page.click("text=Keluar");
  await page.waitForSelector(".notice.bad");
  check("out without a connection is refused honestly", (await page.$('nav a[href="#/bayar"]')) !== null);
  await page.context().setOffline(false);
  await page.click("text=Keluar");
  await page.waitForSelector('nav a[href="#/cek"]');
  check("after leaving the first page is everybody's", (await page.$("section.state")) === null);
  await page.goto(`${base}/app/#/kartu`);
  await page.waitForSelector('main a[href="#/masuk"]');
  check("and what was hers asks to log in", !(await page.innerText("main")).includes("Darto"));
  await page.goto(`${base}/saya`);
  check("the session is over for the plain pages too", new URL(page.url()).pathname === "/masuk");
}

async function phoneOfTwo({ page, base, check }) {
  await go(page, base, "id", "#/masuk");
  await page.fill("#phone", OWN.mother.phone);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#code");
  await page.fill("#code", await codeFor(page, OWN.mother.phone));
  await page.keyboard.press("Enter");
  await page.waitForSelector("main .stack.tight button");
  check("names are masked before one is chosen", !(await page.innerText("main")).includes("Rekaan"));
  await page.reload();
  await page.waitForSelector("#phone");
  check("a reload without the choice begins anew", true);
}

async function pinInsteadOfCode({ page, base, check, logins, browser }) {
  const own = await openPage(browser, { storageState: logins.lapsed });
  await go(own, base, "id", "#/data");
  await own.waitForSelector("#new-pin");
  await own.fill("#new-pin", "123456");
  await own.click("form:has(#new-pin) button");
  await own.waitForSelector("form:has(#new-pin) .notice.bad");
  check("a PIN that is easily guessed is refused in words", (await own.innerText("form:has(#new-pin) .notice")).length > 10);
  await own.fill("#new-pin", "830461");
  await own.click("form:has(#new-pin) button");
  await own.waitForSelector("form:has(#new-pin) .notice.good");
  await own.context().close();
  await go(page, base, "id", "#/masuk?langkah=pin");
  await page.fill("#number", OWN.lapsed.nik);
  await page.fill("#pin", "830461");
  check("a PIN is not shown", (await page.getAttribute("#pin", "type")) === "password");
  await page.keyboard.press("Enter");
  await page.waitForSelector("section.state.lapsed");
  check("a PIN lets her in", !page.url().includes(OWN.lapsed.nik));
}

async function payAtTheCounter({ page, base, check, agency }) {
  await go(page, base, "id", "#/");
  await page.waitForSelector("section.state.never");
  check("there is one thing to do", (await page.locator("main .button.main").count()) === 1);
  await page.click('main a[href="#/bayar"]');
  await page.waitForSelector("main svg[role=img]");
  const sum = () => page.innerText("main .brand .value");
  const one = await sum();
  await page.click("main label:has-text('3 bulan')");
  check("more months cost more", (await sum()) !== one);
  check("the choice is in the address", page.url().endsWith("bulan=3"));
  const chosen = await sum();
  await page.reload();
  await page.waitForSelector("main svg[role=img]");
  check("a reload keeps it", (await sum()) === chosen);
  const code = (await page.innerText("main .code")).replaceAll(" ", "");
  const bill = JSON.parse(agency.run(TODAY, "bill", OWN.payer.nik, "--months", "3", "--json"));
  check("the code is the bill's", code === bill.bill_code);
  check("the price is the bill's", chosen.replace(/\D/g, "") === String(bill.to_pay), `${chosen} ${bill.to_pay}`);
  check("what to say has both", (await page.innerText("blockquote")).replace(/\D/g, "").includes(`3${code}${bill.to_pay}`));
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.click("text=Salin kode");
  await page.waitForSelector("text=Sudah disalin");
  check("the code is copied as digits", (await page.evaluate(() => navigator.clipboard.readText())) === code);
  await page.click("text=Periksa sekarang");
  await page.waitForSelector("text=Belum ada pembayaran baru");
  check("before paying nothing has changed", (await page.$(".notice.good")) === null);
  pay(agency, OWN.payer, TODAY, 3);
  await page.click("text=Periksa sekarang");
  await page.waitForSelector(".notice.good");
  check("after paying it says until when", (await page.innerText(".notice.good")).includes("2026"));
  await page.goto(`${base}/app/#/`);
  await page.waitForSelector("section.state.active");
  await page.goto(`${base}/app/#/bukti`);
  await page.waitForSelector("main .lines a");
  await page.click("main .lines a");
  await page.waitForSelector("main .rows");
  check("the receipt shows the sum", (await page.innerText("main")).includes(chosen));
  await page.reload();
  await page.waitForSelector("main .rows");
  check("a receipt outlives a reload", (await page.innerText("main")).includes(chosen));
  await page.goBack();
  await page.waitForSelector("main .lines");
  check("back leads to the list, each payment once", (await page.locator("main .lines a").count()) === 1);
}

async function historyByYear({ page, base, check }) {
  await go(page, base, "id", "#/riwayat");
  await page.waitForSelector("main ol");
  const paid = () => page.locator("main li.paid").count();
  const now = await paid();
  await page.click("main nav a:has-text('2025')");
  await page.waitForFunction((count) => document.querySelectorAll("main li.paid").length !== count, now);
  check("each paid month stands in its year", now + (await paid()) === 4, `${now} and ${await paid()}`);
  check("the year is in the address", page.url().endsWith("tahun=2025"));
  await page.goBack();
  await page.waitForFunction((count) => document.querySelectorAll("main li.paid").length === count, now);
  check("back leads to the year before", true);
}

async function whoLooked({ page, base, check }) {
  await go(page, base, "id", "#/saya");
  await page.waitForSelector('main a[href="#/dilihat"]');
  await page.click('main a[href="#/dilihat"]');
  await page.waitForSelector("main .lines");
  const words = await page.innerText("main");
  check("it says who, by role and office", words.includes("Petugas kantor cabang, Surakarta"), words);
  check("the name of staff is masked", words.includes("R*** C***") && !words.includes("Rina"));
  check("it says what and when", words.includes("Melihat data") && words.includes("15 Maret 2026"));
  check("her own looks are not in it", !words.includes("Peserta"));
}

async function changeOfData({ page, base, check }) {
  await go(page, base, "id", "#/data");
  await page.waitForSelector("select");
  await page.selectOption("main select", "su");
  await page.click("form:has(select) button");
  await page.waitForSelector("html[lang=su]");
  await page.waitForSelector("form:has(select) .notice.good");
  await page.selectOption("main select", "id");
  await page.click("form:has(select) button");
  await page.waitForSelector("html[lang=id]");
  check("the language can be changed twice", true);
  await page.fill("#new-phone", "12");
  await page.click("form:has(#new-phone) button");
  await page.waitForSelector("#new-phone-problem");
  await page.fill("#new-phone", "0813 9900 1122");
  await page.dblclick("form:has(#new-phone) button");
  await page.waitForSelector("form:has(#new-phone) .notice.good");
  const [file] = await Promise.all([page.waitForEvent("download"), page.click("main a[download]")]);
  const begin = readFileSync(await file.path()).subarray(0, 5).toString();
  check("all her data come as a PDF", begin === "%PDF-" && file.suggestedFilename() === "jaring-data.pdf", begin);
  check("a new number is asked for, not set", (await page.innerText("main")).includes("6281277000004"));
}

async function cutOffAndBack({ page, base, check }) {
  await page.route("**/v1/people/**", (route) => route.abort("connectionfailed"));
  await page.goto(`${base}/app/?lang=id#/bayar`);
  await page.waitForSelector(".notice.bad");
  check("without the server it says what to do", (await page.innerText("main")).includes("coba lagi"));
  await page.unroute("**/v1/people/**");
  await page.click("main button");
  await page.waitForSelector("main svg[role=img]");
  check("the same page works again later", true);
  await page.route("**/v1/people/**", (route) => route.abort("connectionfailed"));
  await page.goto(`${base}/app/#/`);
  await page.waitForSelector(".notice.bad");
  check("what was known stays on the screen", (await page.$("section.state")) !== null);
}

async function sessionIsOver({ page, base, check }) {
  await go(page, base, "id", "#/");
  await page.waitForSelector("section.state");
  await page.context().clearCookies();
  await page.goto(`${base}/app/#/kartu`);
  await page.waitForSelector('main a[href="#/masuk"]');
  check("a session that is over says so", (await page.innerText("main")).includes("sudah habis"));
  check("and nothing of her stays", !(await page.innerText("main")).includes("Darto"));
}

async function keyboardToTheBill({ page, base, check }) {
  await go(page, base, "id", "#/");
  await page.waitForSelector("section.state");
  const reach = async (selector) => {
    for (let step = 0; step < 40; ++step) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
        return true;
      }
      await page.keyboard.press("Tab");
    }
    return false;
  };
  check("paying is reached by Tab", await reach('main a[href="#/bayar"]'));
  await page.keyboard.press("Enter");
  await page.waitForSelector("main svg[role=img]");
  await reach("main input[type=radio]");
  await page.keyboard.press("ArrowDown");
  check("months are chosen by arrow", /bulan=\d+$/.test(page.url()));
}

async function hostileRecord({ page, base, check }) {
  const evil = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}`;
  await page.route("**/v1/people/*", async (route) => {
    const answer = await route.fetch();
    const record = await answer.json();
    record.name = evil;
    record.village.name = evil;
    record.memberships.at(-1).branch_name = evil;
    await route.fulfill({ response: answer, json: record });
  });
  for (const hash of ["#/", "#/kartu", "#/data", "#/tanya", `#/bukti?nomor=${encodeURIComponent(evil)}&dari=x`, `#/riwayat?tahun=${encodeURIComponent(evil)}`, `#/bayar?bulan=${encodeURIComponent(evil)}`]) {
    await page.goto(`${base}/app/?lang=id${hash}`);
    await page.waitForSelector("main h1");
    await settle(page);
    check(`hostile record ${hash.slice(0, 9)}`, (await page.evaluate(() => window.hacked)) === undefined && (await page.$("main img, main script")) === null);
  }
}

export async function ownJourneys(browser, base, counter, logins, agency) {
  const ways = [
    [inAndOut], [phoneOfTwo], [pinInsteadOfCode], [payAtTheCounter, "payer"], [historyByYear, "active"], [whoLooked, "active"], [changeOfData, "never"],
    [cutOffAndBack, "grace"], [keyboardToTheBill, "active"], [hostileRecord, "active"], [sessionIsOver, "active"],
  ];
  for (const [way, who] of ways) {
    const page = await openPage(browser, { userAgent: `test of ${way.name}`, ...(who && { storageState: logins[who] }) });
    const check = (what, truth, detail) => counter.check(`${way.name}: ${what}`, truth, detail);
    try {
      await way({ page, base, check, logins, browser, agency });
      const errors = page.complaints.filter((line) => !/status of 4(01|22)|registration blocked|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_FAILED/.test(line));
      check("no errors of its own", errors.length === 0, errors.join("; "));
    } catch (error) {
      check("goes through", false, `${error.message}\n    at ${page.url()}\n    ${(await page.innerText("body").catch(() => "")).slice(0, 400)}`);
    }
    await page.context().close();
  }
}
