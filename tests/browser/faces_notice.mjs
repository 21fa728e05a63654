// Who has no login tells of an accident or a death and follows it by its code: the states of those
// pages, and the ways through them with a line that is cut, a second tap, a reload.
import { Officer } from "./claims_world.mjs";
import { countPosts, picture } from "./faces_claims.mjs";
import { onward, pick, untilStep } from "./faces_claims_states.mjs";
import { openPage } from "./faces_harness.mjs";
import { go, settle } from "./faces_states.mjs";
import { PEOPLE, TODAY } from "./test_agency.mjs";

const NAME = "Siti Contoh Rekaan";
const PHONE_NUMBER = "0812 7700 9911";
const NOBODYS_CODE = "abcd efgh ijkl mnop qrst uvwx yz";
/** Of the demonstration, and wrong in its day of birth. */
const WRONG_NIK = "3372019999850000";
let told = 0;

async function tell(base, member, kind = "accident") {
  const answer = await fetch(`${base}/v1/claim_notices`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Origin: base, "Idempotency-Key": `notice-world-${++told}` },
    body: JSON.stringify({ kind, on: TODAY, member, reporter: { name: "Bu Tini", phone: "081277009900", relation: "neighbour" } }),
  });
  if (answer.status !== 201) {
    throw new Error(`no notice: ${answer.status} ${await answer.text()}`);
  }
  return (await answer.json()).notice_code;
}

async function received(officer) {
  return (await officer.ask("GET", "/v1/claim_notices?state=received")).notices;
}

async function takeUp(officer, notice, person) {
  return officer.ask("POST", `/v1/claim_notices/${notice.notice_id}/taking_up`, { person_id: await officer.personOf(person) });
}

/** A notice in each state, by its code, and the officer who decides them. */
export async function addNotices(base, agency) {
  const officer = await new Officer(agency, base, "kabar@kantor.id", "claims-officer").logIn();
  const taken = await tell(base, { name: NAME, nik: PEOPLE[1].nik });
  await takeUp(officer, (await received(officer)).at(-1), PEOPLE[1]);
  const dismissed = await tell(base, { name: "Orang Lain" });
  await officer.ask("POST", `/v1/claim_notices/${(await received(officer)).at(-1).notice_id}/dismissal`, { reason_code: "member_unknown" });
  return { officer, taken, dismissed, received: await tell(base, { name: "Pak Karto" }, "death") };
}

const FILLS = {
  kejadian: async (page) => {
    await pick(page, "death");
    await page.click("main .row button");
  },
  siapa: async (page) => {
    await page.fill("#name", NAME);
    await page.fill("#number", PEOPLE[0].nik);
    await page.fill("#place", "Pasar Gede");
    await page.fill("#story", "Sakit sejak malam; meninggal di rumah.");
  },
  pelapor: async (page) => {
    await page.fill("#you", "Bu Tini");
    await page.fill("#phone", PHONE_NUMBER);
    await page.selectOption("#relation", "neighbour");
  },
};

/** Answers the pages before `until`, or all; nothing is sent. */
async function answer(page, until) {
  for (const [name, fill] of Object.entries(FILLS)) {
    if (name === until) {
      return;
    }
    await fill(page);
    if (name !== "pelapor") {
      await onward(page);
      await untilStep(page, name === "kejadian" ? "siapa" : "pelapor");
    }
  }
}

async function follow(page, code) {
  await page.fill("#code", code);
  await onward(page);
}

export function noticeStates(base, lang, codes) {
  const form = (until) => async (page) => {
    await go(page, base, lang, "#/lapor-siapa-saja");
    await page.waitForSelector("main form");
    await answer(page, until);
  };
  const wrong = (until, spoil = () => undefined) => async (page) => {
    await form(until)(page);
    await spoil(page);
    await onward(page);
    await page.waitForSelector("[role=alert]");
  };
  const sent = async (page) => {
    await form()(page);
    await onward(page);
    await page.waitForSelector("main .code");
  };
  const looked = (code, selector) => async (page) => {
    await go(page, base, lang, "#/laporan");
    await follow(page, code);
    await page.waitForSelector(selector);
    await settle(page);
  };
  return [
    ["notice", form("kejadian")],
    ["notice-wrong", wrong("kejadian")],
    ["notice-who", form("siapa")],
    ["notice-who-wrong", wrong("siapa", (page) => page.fill("#number", "3372"))],
    ["notice-you", form("pelapor")],
    ["notice-you-wrong", wrong("pelapor")],
    ["notice-refused", async (page) => {
      await form()(page);
      await page.goBack();
      await page.fill("#number", WRONG_NIK);
      await onward(page);
      await untilStep(page, "pelapor");
      await onward(page);
      await page.waitForSelector("#number-problem");
    }],
    ["notice-offline", async (page) => {
      await form()(page);
      await page.route("**/v1/**", (route) => route.abort("connectionfailed"));
      await onward(page);
      await page.waitForSelector("main .notice.bad");
    }],
    ["notice-code", sent],
    ["follow", (page) => go(page, base, lang, "#/laporan")],
    ["follow-wrong", looked("ABCD", "[role=alert]")],
    ["follow-unknown", looked(NOBODYS_CODE, "[role=alert]")],
    ["follow-received", looked(codes.received, "main .standing")],
    ["follow-papers", looked(codes.taken, "main li h2")],
    ["follow-dismissed", looked(codes.dismissed, "main .standing")],
    ["follow-due", async (page) => {
      await page.route("**/v1/claim_notices/*", async (route) => {
        const answered = await route.fetch();
        const notice = await answered.json();
        Object.assign(notice.claim, { state: "complete", due_on: "2026-03-25" });
        notice.claim.papers_needed.forEach((paper) => (paper.brought = true));
        await route.fulfill({ response: answered, json: notice });
      });
      await looked(codes.taken, "main .figure")(page);
    }],
  ];
}

const KEY_STATES = ["notice", "notice-you-wrong", "notice-who", "notice-code", "follow-unknown", "follow-papers", "follow-dismissed"];

export function noticeRounds(base, codes) {
  const of = (lang, names) => noticeStates(base, lang, codes).filter(([name]) => !names || names.includes(name));
  const others = ["en", "jv", "su", "mad"].map((lang) => ({ lang, view: "phone", dark: lang === "jv" || lang === "mad", states: of(lang, KEY_STATES) }));
  return [{ lang: "id", view: "phone", states: of("id") }, { lang: "id", view: "desk", dark: true, states: of("id", KEY_STATES) }, ...others];
}

export function largeNoticeStates(base, codes) {
  return noticeStates(base, "jv", codes).filter(([name]) => KEY_STATES.includes(name));
}

const main = (page) => page.innerText("main");
const codeOn = async (page) => (await page.innerText("main .code")).replace(/\s/g, "");

async function filledAndReloaded(page, check) {
  await page.click('main a[href="#/lapor-siapa-saja"]');
  await page.waitForSelector("main form");
  await FILLS.kejadian(page);
  await onward(page);
  await untilStep(page, "siapa");
  await page.goBack();
  await page.waitForSelector("main input[value=death]:checked", { state: "attached" });
  check("back shows the answer before", true);
  await page.goForward();
  await untilStep(page, "siapa");
  await FILLS.siapa(page);
  await page.reload();
  await page.waitForSelector("#story");
  check("a reload keeps what was typed", (await page.inputValue("#name")) === NAME && (await page.inputValue("#story")).includes("malam"));
  await onward(page);
  await untilStep(page, "pelapor");
  await FILLS.pelapor(page);
  check("nothing of anybody stands in the address", !/\d{4}|Siti|Tini/.test(new URL(page.url()).hash), page.url());
}

async function deathIsTold({ page, base, check, codes }) {
  await go(page, base, "id", "#/");
  await filledAndReloaded(page, check);
  const before = (await received(codes.officer)).length;
  await page.context().setOffline(true);
  await onward(page);
  await page.waitForSelector("main .notice.bad");
  check("without a connection nothing is lost", (await page.inputValue("#phone")) === PHONE_NUMBER);
  await page.context().setOffline(false);
  let lost = 0;
  await page.route("**/v1/claim_notices", async (route) => {
    if (lost > 0) {
      return route.continue();
    }
    lost += 1;
    await route.fetch();
    return route.abort("connectionreset");
  });
  const sent = countPosts(page, "/v1/claim_notices");
  await onward(page);
  await page.waitForSelector("main .notice.bad");
  await page.reload();
  await page.waitForSelector("#relation");
  await page.dblclick("main form button[type=submit]");
  await page.waitForSelector("main .code");
  check("each try is the same to the server, a second tap none", sent.length === 2 && new Set(sent).size === 1, sent.join());
  const code = await codeOn(page);
  check("the code is told", /^[A-Z2-7]{26}$/.test(code), code);
  const now = await received(codes.officer);
  const mine = now.at(-1);
  check("the office has it once", now.length === before + 1 && mine.kind === "death" && mine.person_id !== null && mine.told_by === "anonymous", JSON.stringify(mine));
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  check("nothing of anybody is kept in the browser", !/Siti|Tini|0812|3372|Pasar/.test(kept), kept);
  check("the code is not in the address, nor kept beyond the tab",
    !page.url().includes(code) && !(await page.evaluate(() => JSON.stringify({ ...localStorage }))).includes(code), page.url());
  await page.reload();
  await page.waitForSelector("main .code");
  check("a reload does not lose it", (await codeOn(page)) === code);
  await page.click("text=Ikuti laporan");
  await page.waitForSelector("main .standing");
  check("she sees that it waits", (await page.innerText("main .standing")).includes("menunggu petugas"));
  await page.click("text=Lihat laporan lain");
  await page.waitForSelector("#code");
  const left = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  check("whoever comes next does not see it", !left.includes(code) && (await page.inputValue("#code")) === "", left);
  codes.told = code;
}

async function followedByCode({ page, base, check, codes }) {
  await go(page, base, "id", "#/laporan");
  await follow(page, NOBODYS_CODE);
  await page.waitForSelector("#code-problem");
  check("an unknown code is said to be unknown", (await page.innerText("#code-problem")).includes("tidak kami kenal"));
  await follow(page, codes.told.toLowerCase().replace(/(.{5})/g, "$1 "));
  await page.waitForSelector("main .standing");
  check("the code is read as she wrote it", (await page.innerText("main .standing")).includes("menunggu petugas"));
  check("it tells no name and no amount", !/Siti|Rp/.test(await main(page)), await main(page));
  const notice = (await received(codes.officer)).at(-1);
  const { claim_number: number } = await takeUp(codes.officer, notice, PEOPLE[0]);
  await page.click("text=Periksa sekarang");
  await page.waitForSelector("main li h2");
  check("after it is taken up papers are asked for, each with why", (await page.innerText("main li")).includes("Supaya") && (await page.innerText("main .standing")).includes("kurang"), await main(page));
  await paperArrives({ page, base, check, codes }, number);
  await page.reload();
  await page.waitForSelector("main li.brought");
  check("a reload comes back to it", !page.url().includes(codes.told));
}

async function paperArrives({ page, check, codes }, number) {
  const first = page.locator("main li").first();
  await first.locator("input[type=file]").last().setInputFiles(await picture(page, "KTP"));
  await first.locator("canvas").waitFor();
  const sent = countPosts(page, "/papers");
  let cut = 0;
  await page.route("**/papers?*", (route) => (++cut === 1 ? route.abort("connectionreset") : route.continue()));
  await first.locator("button.main").dblclick();
  await first.locator(".notice.warn").waitFor();
  check("a cut line says that the photo stays", (await first.innerText()).includes("Foto tetap di sini"));
  await page.evaluate(() => dispatchEvent(new Event("online")));
  await page.waitForSelector("main li.brought");
  check("it is sent again by itself, the same to the server", sent.length === 2 && new Set(sent).size === 1, sent.join());
  const { papers } = await codes.officer.ask("GET", `/v1/claims/${number}`);
  check("and is there once", papers.length === 1 && papers[0].media_type === "image/png", JSON.stringify(papers));
  await page.unroute("**/papers?*");
}

async function refusedByField({ page, base, check }) {
  await go(page, base, "id", "#/lapor-siapa-saja");
  await page.waitForSelector("main form");
  await answer(page);
  await page.goBack();
  await page.fill("#number", WRONG_NIK);
  await onward(page);
  await untilStep(page, "pelapor");
  await onward(page);
  await page.waitForSelector("#number-problem");
  check("what the server does not take is said by its field", (await page.innerText("main h1")).includes("Siapa yang mengalaminya"));
  await page.fill("#number", "");
  await onward(page);
  await untilStep(page, "pelapor");
  check("the other answers stay", (await page.inputValue("#phone")) === PHONE_NUMBER);
  await onward(page);
  await page.waitForSelector("main .code");
  check("without a number it is taken", /^[A-Z2-7]{26}$/.test(await codeOn(page)));
}

export async function noticeJourneys(browser, base, counter, codes) {
  for (const way of [deathIsTold, followedByCode, refusedByField]) {
    const page = await openPage(browser);
    page.on("dialog", (dialog) => void dialog.accept());
    const check = (what, truth, detail) => counter.check(`${way.name}: ${what}`, truth, detail);
    try {
      await way({ page, base, check, codes });
      const errors = page.complaints.filter((line) => !/registration blocked|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|status of (404|422)/.test(line));
      check("no errors of its own", errors.length === 0, errors.join("; "));
    } catch (error) {
      check("goes through", false, `${error.message}\n    at ${page.url()}\n    ${(await page.innerText("body").catch(() => "")).slice(0, 400)}`);
    }
    await page.context().close();
  }
}
