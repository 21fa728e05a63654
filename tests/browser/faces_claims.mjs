// The ways of who has a claim: each kind from the report to its state, back, reload, a line that is cut
// in the middle, a second tap; papers that arrive once; what one may do in each state.
import { claimStates, answer, onward, pick, REPORTS, untilStep } from "./faces_claims_states.mjs";
import { placeOf } from "./claims_world.mjs";
import { openPage } from "./faces_harness.mjs";
import { go, settle } from "./faces_states.mjs";

/** Black on white, as a browser would photograph it; different each time. */
export async function picture(page, words) {
  const url = await page.evaluate((text) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 600 });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, 900, 600);
    pen.fillStyle = "#000";
    pen.fillText(text, 50, 50);
    return canvas.toDataURL("image/png");
  }, words);
  return { name: "foto.png", mimeType: "image/png", buffer: Buffer.from(url.split(",")[1], "base64") };
}

const main = (page) => page.innerText("main");
const claimsOf = (page) => page.evaluate(async () => {
  const { id } = await (await fetch("/v1/account")).json();
  return (await (await fetch(`/v1/people/${id}/claims`)).json()).claims;
});
const detailOf = (page, number) => page.evaluate(async (claim) => (await fetch(`/v1/claims/${claim}`)).json(), number);

export function countPosts(page, part) {
  const seen = [];
  page.on("request", (request) => request.method() === "POST" && request.url().includes(part) && seen.push(request.headers()["idempotency-key"]));
  return seen;
}

const REPORTERS = { accident: "hurt", death: "heir", savings: "saver" };

async function reportOf(kind, { page, base, check }) {
  await go(page, base, "id", "#/");
  await page.waitForSelector("section.state");
  await page.click('main a[href="#/klaim"]');
  await page.waitForSelector('main a[href="#/lapor"]');
  await page.click('main a[href="#/lapor"]');
  await page.waitForSelector("main form");
  const [, [second]] = REPORTS[kind];
  await pick(page, kind);
  await onward(page);
  await untilStep(page, second);
  await page.goBack();
  await page.waitForSelector(`main input[value=${kind}]:checked`, { state: "attached" });
  check("back shows the answer before", true);
  await page.goForward();
  await untilStep(page, second);
  await page.reload();
  await untilStep(page, second);
  for (const [step, fill] of REPORTS[kind].slice(1)) {
    await untilStep(page, step);
    await fill(page);
    await onward(page);
  }
  await untilStep(page, "periksa");
  const told = await main(page);
  await page.reload();
  await page.waitForSelector("main .lines");
  check("a reload keeps every answer", (await main(page)) === told, await main(page));
  check("no account stands in the address", !/\d{5}/.test(new URL(page.url()).hash), page.url());
  await page.context().setOffline(true);
  await page.click("main button.main");
  await page.waitForSelector("main .notice.bad");
  check("without a connection nothing is lost", (await main(page)).includes(told.split("\n").find((line) => line.includes("BRI"))));
  await page.context().setOffline(false);
  const sent = countPosts(page, "/claims");
  await page.dblclick("main button.main");
  await page.waitForSelector("main .standing");
  check("a second tap sends nothing more", sent.length === 1, `${sent.length}`);
  check("she sees that it arrived", (await main(page)).includes("sudah kami terima"));
  const claims = await claimsOf(page);
  check("there is one claim of that kind", claims.length === 1 && claims[0].kind === kind && claims[0].state === "reported", JSON.stringify(claims));
  const { payees, facts, steps } = await detailOf(page, claims[0].claim_number);
  check("the account is as it was typed", /^(1234567890|9988776655|1122334455)$/.test(payees[0].account), payees[0].account);
  if (kind === "accident") {
    check("what happened came along", facts.outcome === "recovered" && facts.days_unable === 5 && facts.spent[0].rupiah === 350_000 && steps[0].note.includes("karung"), JSON.stringify(facts));
  }
  if (kind === "death") {
    check("the heirs came along", facts.heirs.join() === "spouse" && facts.children === 2 && payees[0].relation === "spouse", JSON.stringify(facts));
  }
  await page.goBack();
  await settle(page);
  check("back does not lead to what was sent", !(await main(page)).includes("Kirim laporan"));
  await page.goto(`${base}/app/#/klaim`);
  await page.waitForSelector("main .standing");
  check("the list says whose turn it is", (await page.innerText("main .standing")).includes("Giliran Anda"));
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  check("nothing of it is kept where scripts reach", !/BRI|karung|1234|Pasar/.test(kept), kept);
}

async function answerIsLost({ page, base, check }) {
  await go(page, base, "id", "#/lapor");
  await page.waitForSelector("main form");
  await answer(page, "savings");
  let lost = 0;
  await page.route("**/v1/people/*/claims", async (route) => {
    if (route.request().method() !== "POST" || lost > 0) {
      return route.continue();
    }
    lost += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  await page.click("main button.main");
  await page.waitForSelector("main .notice.bad");
  await page.reload();
  await page.waitForSelector("main .lines");
  await page.click("main button.main");
  await page.waitForSelector("main .standing");
  check("an answer that was lost makes no second claim", lost === 1 && (await claimsOf(page)).length === 1, JSON.stringify(await claimsOf(page)));
  await page.goto(`${base}/app/#/lapor`);
  await page.waitForSelector("main form");
  await answer(page, "accident");
  await page.click("main button.second");
  await page.waitForSelector("main .standing");
  check("what is kept is not sent", (await page.innerText("main .standing")).includes("Belum dikirim"));
  await page.click("text=Kirim laporan");
  await page.waitForFunction(() => !document.querySelector("main .standing").innerText.includes("Belum dikirim"));
  check("and is sent when she says so", (await claimsOf(page)).at(-1).state === "reported");
}

async function papersArrive({ page, base, check }) {
  await go(page, base, "id", "#/klaim-ini?ke=1");
  await page.waitForSelector("main .standing");
  await page.click("text=Bawa surat");
  await page.waitForSelector("main li h2");
  check("each paper says why", (await page.innerText("main li")).includes("Supaya"));
  const [claim] = await claimsOf(page);
  const field = (nth) => page.locator("main li").nth(nth).locator("input[type=file]").last();
  const item = (nth) => page.locator("main li").nth(nth);
  for (const [name, mimeType, buffer, words] of [
    ["surat.txt", "text/plain", Buffer.from("bukan gambar"), "bukan foto"],
    ["kosong.pdf", "application/pdf", Buffer.alloc(0), "kosong"],
    ["besar.pdf", "application/pdf", Buffer.concat([Buffer.from("%PDF-1.4 "), Buffer.alloc(10 * 1024 * 1024)]), "terlalu besar"],
  ]) {
    await field(0).setInputFiles({ name, mimeType, buffer });
    await item(0).locator(".notice.bad", { hasText: words }).waitFor().catch(() => {}); // Not that of the file before.
    check(`${name} is refused before it is sent`, (await item(0).innerText()).includes(words), await item(0).innerText());
  }
  await field(0).setInputFiles(await picture(page, "KTP"));
  await item(0).locator("canvas").waitFor();
  const drawn = await page.evaluate(() => {
    const canvas = document.querySelector("main canvas");
    return canvas.width > 300 && canvas.getContext("2d").getImageData(0, 0, 200, 100).data.some((value) => value < 50);
  });
  check("she sees what she photographed", drawn);
  const sent = countPosts(page, "/papers");
  // The line is cut in the middle; the next try reaches the server but its answer is lost.
  let tries = 0;
  await page.route("**/papers?*", async (route) => {
    tries += 1;
    if (tries === 1) {
      return route.abort("connectionreset");
    }
    if (tries === 2) {
      await route.fetch();
      return route.abort("connectionreset");
    }
    return route.continue();
  });
  await item(0).locator("button.main").dblclick();
  await item(0).locator(".notice.warn").waitFor();
  check("a cut line says that the photo stays", (await item(0).innerText()).includes("Foto tetap di sini"));
  await item(0).locator("button", { hasText: "Coba lagi" }).click();
  await page.waitForFunction(() => document.querySelector("main .notice.warn"));
  await page.goto(`${base}/app/#/klaim-ini?ke=1`);
  await page.waitForSelector("main .standing");
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForFunction(() => /1 dari \d/.test(document.querySelector("main").innerText));
  check("it is sent by itself, from any page", true);
  check("each try is the same to the server", sent.length >= 3 && new Set(sent).size === 1, sent.join());
  const { papers } = await detailOf(page, claim.claim_number);
  check("and is there once", papers.length === 1 && papers[0].media_type === "image/png", JSON.stringify(papers));
  await page.unroute("**/papers?*");
  await page.goto(`${base}/app/#/klaim-ini?ke=1&lihat=surat`);
  await page.waitForSelector("main li.brought");
  for (let at = 1; at < (await page.locator("main li").count()); ++at) {
    await field(at).setInputFiles({ name: "surat.pdf", mimeType: "application/pdf", buffer: Buffer.from(`%PDF-1.4 surat ${at}`) });
    await item(at).locator("button.main").click();
    await page.locator("main li.brought").nth(at).waitFor();
  }
  await page.waitForSelector("main .notice.good");
  await page.click("main header a");
  await page.waitForSelector("main .standing");
  check("with all papers it is the office's turn", (await page.innerText("main .standing")).includes("Sedang diperiksa"));
}

async function refusedAndObjected({ page, base, check }) {
  await go(page, base, "id", `#/klaim-ini?ke=${placeOf("refused")}`);
  await page.waitForSelector("main blockquote");
  check("the reason is in plain words, and what was written", /bukan karena pekerjaan[\s\S]*laporan polisi/.test(await main(page)));
  await page.click("main a:has-text('Ajukan keberatan')");
  await page.waitForSelector("#note");
  await page.click("main form button");
  await page.waitForSelector("[role=alert]");
  await page.fill("#note", "Saya sedang mengantar barang; ini surat jalannya.");
  await page.reload();
  await page.waitForSelector("#note");
  check("a reload keeps the words", (await page.inputValue("#note")).includes("surat jalannya"));
  const sent = countPosts(page, "/objection");
  await page.dblclick("main form button");
  await page.waitForSelector("main .standing");
  check("the objection is sent once and looked at anew", sent.length === 1 && (await page.innerText("main .standing")).includes("Sedang diperiksa"));
  await page.goBack();
  await settle(page);
  check("back does not object again", (await page.$("#note")) === null);
}

async function moneyCameBack({ page, base, check }) {
  await go(page, base, "id", `#/klaim-ini?ke=${placeOf("returned")}`);
  await page.click("main a:has-text('Betulkan rekening')");
  await page.waitForSelector("#payee-account-0");
  await page.fill("#payee-account-0", "12");
  await page.click("main form button[type=submit]");
  await page.waitForSelector("#payee-account-0-problem");
  await page.selectOption("#payee-bank-0", "BNI");
  await page.fill("#payee-account-0", "0987 654 321");
  await page.click("main form button[type=submit]");
  await page.waitForSelector("main .standing");
  check("the account is mended", (await page.innerText("main .standing")).includes("sudah dibetulkan"));
  const claims = await claimsOf(page);
  const { payees } = await detailOf(page, claims[placeOf("returned") - 1].claim_number);
  check("with the same share", payees[0].institution === "BNI" && payees[0].account === "0987654321" && payees[0].share_ppm === 1_000_000, JSON.stringify(payees));
}

async function toldAnewAndTakenBack({ page, base, check }) {
  const ke = placeOf("lacking");
  await go(page, base, "id", `#/klaim-ini?ke=${ke}&lihat=isi`);
  await page.click("text=Betulkan isinya");
  await page.waitForSelector("main .lines");
  await page.click("main a[href*='langkah=rawat']");
  await page.waitForSelector("#months");
  check("what was told stands there", (await page.inputValue("#months")) === "1");
  await page.fill("#months", "2");
  await onward(page);
  await page.waitForSelector("main .lines");
  await page.click("main button.main");
  await page.waitForSelector("main .standing");
  const number = (await claimsOf(page))[ke - 1].claim_number;
  const { facts } = await detailOf(page, number);
  check("only what she changed is changed", facts.months_unable === 2 && facts.spent[0].rupiah === 750_000 && facts.on === "2026-02-02", JSON.stringify(facts));
  await page.goto(`${base}/app/#/klaim-ini?ke=${ke}&lihat=tarik`);
  await page.waitForSelector("#note");
  await page.click("main form button");
  await page.waitForSelector("main .standing");
  check("a claim can be taken back", (await page.innerText("main .standing")).includes("Ditarik kembali"));
  await page.goto(`${base}/app/#/klaim-ini?ke=${ke}&lihat=tarik`);
  await settle(page);
  await page.waitForSelector("main header a");
  check("and not twice", (await page.$("#note")) === null);
}

async function moneyLineByLine({ page, base, check }) {
  await go(page, base, "id", `#/klaim-ini?ke=${placeOf("paid")}&lihat=uang`);
  await page.waitForSelector("main .lines");
  const { lines, net } = await detailOf(page, (await claimsOf(page))[placeOf("paid") - 1].claim_number);
  const words = (await main(page)).replaceAll("\u00a0", " ");
  const rupiah = (sum) => `Rp ${new Intl.NumberFormat("id-ID").format(sum)}`;
  check("each line and the sum are the server's", [net, ...lines.map((line) => line.amount)].every((sum) => words.includes(rupiah(sum))), words);
  for (const summary of await page.$$("main summary")) {
    await summary.click();
  }
  check("the working is said in words", /Dasar hitungan sebulan\s+Rp/.test(await main(page)), await main(page));
  check("to whom and when it was paid", words.includes("15 Maret 2026") && words.includes("Dibayar"));
}

async function hostileClaim({ page, base, check }) {
  const evil = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}`;
  await page.route("**/v1/claims/*", async (route) => {
    const answered = await route.fetch();
    const claim = await answered.json();
    claim.payees.forEach((payee) => (payee.name = payee.institution = evil));
    claim.steps.forEach((step) => Object.assign(step, { note: evil, reason_code: evil, by: { kind: "worker", id: 1 } }));
    claim.papers_needed.forEach((paper) => (paper.name.id = paper.why.id = evil));
    claim.lines.forEach((line) => Object.assign(line, { benefit: evil, working: `${evil} 5 base x` }));
    claim.findings.forEach((finding) => Object.assign(finding, { kind: "obstacle", rule: evil, words: evil }));
    await route.fulfill({ response: answered, json: claim });
  });
  const ke = placeOf("checking");
  for (const part of ["", "&lihat=surat", "&lihat=uang", "&lihat=isi", "&lihat=__proto__", `&lihat=${encodeURIComponent(evil)}`]) {
    await page.goto(`${base}/app/?lang=id#/klaim-ini?ke=${ke}${part}`);
    await page.waitForSelector("main h1");
    await settle(page);
    check(`hostile words ${part.slice(0, 12)}`, (await page.evaluate(() => window.hacked)) === undefined && (await page.$("main img, main script")) === null);
  }
}

/** What is on the screen is words, in no language the names of words. */
export async function unspoken(page) {
  return page.evaluate(() => document.body.innerText.match(/\b(app|claims?|state|turn|paper|payout|line|work|tell|reason|relation|outcome|payee|own|cover|notice)\.[a-z]+(_[a-z]+)*\b/g) ?? []);
}

export const KEY_STATES = [
  "claims", "claim-lacking", "claim-refused", "claim-papers", "claim-money-paid", "claim-told", "claim-account",
  "report", "report-day-wrong", "report-after", "report-heirs", "report-heir-account-wrong", "report-check",
];

/** Which states are looked at, how: all of them in Indonesian, in the other languages those with most words. */
export function claimRounds(base, logins) {
  const of = (lang, names) => claimStates(base, lang, logins).filter(([name]) => !names || names.includes(name));
  const others = ["en", "jv", "su", "mad"].map((lang) => ({ lang, view: "phone", dark: lang === "jv" || lang === "mad", states: of(lang, KEY_STATES) }));
  return [{ lang: "id", view: "phone", states: of("id") }, { lang: "id", view: "desk", dark: true, states: of("id", KEY_STATES) }, ...others];
}

export async function claimJourneys(browser, base, counter, logins) {
  const reports = Object.entries(REPORTERS).map(([kind, who]) => [(given) => reportOf(kind, given), who, `report of ${kind}`]);
  const ways = [
    ...reports, [answerIsLost, "none"], [papersArrive, "papers"], [moneyLineByLine, "full"], [hostileClaim, "full"],
    [refusedAndObjected, "full"], [moneyCameBack, "full"], [toldAnewAndTakenBack, "full"],
  ];
  for (const [way, who, name = way.name] of ways) {
    const page = await openPage(browser, { storageState: logins[who] });
    page.on("dialog", (dialog) => void dialog.accept());
    const check = (what, truth, detail) => counter.check(`${name}: ${what}`, truth, detail);
    try {
      await way({ page, base, check });
      const errors = page.complaints.filter((line) => !/registration blocked|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION/.test(line));
      check("no errors of its own", errors.length === 0, errors.join("; "));
    } catch (error) {
      check("goes through", false, `${error.message}\n    at ${page.url()}\n    ${(await page.innerText("body").catch(() => "")).slice(0, 400)}`);
    }
    await page.context().close();
  }
}
