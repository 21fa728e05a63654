// The claims desk in Chromium, against the real program: a death claim from the worklist to the
// approval by two people, and a refusal with an objection; every state seen for accessibility.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DESK, openPage, PHONE, sideways, violations } from "./faces_harness.mjs";
import { appCode } from "./new_phone_cases.mjs";
import { Agency, PEOPLE, TODAY } from "./test_agency.mjs";

const STAFF = { officer: ["claims-officer", "nation"], approver: ["approver", "nation"], elsewhere: ["branch-staff", "branch:yogyakarta"] };
const PAYEE = { name: "<img src=x onerror=alert(1)>", relation: "spouse", institution: "BRI", account: "1234567890" };
const EXPECTED = /status of (401|403|404|409|422)/;
export const complaints = (page) => page.complaints.filter((line) => !EXPECTED.test(line));

/** A question to the API in the session of the page. */
export function put(page, method, route, body, type = "application/json") {
  return page.evaluate(async ([verb, url, sent, media]) => {
    const answer = await fetch(url, { method: verb, headers: { "Content-Type": media, "Idempotency-Key": crypto.randomUUID() }, body: sent });
    return { status: answer.status, told: await answer.json() };
  }, [method, route, type === "application/json" ? JSON.stringify(body) : body, type]);
}

/** Where the papers of claims lie; more settings, one a line. */
export function keepClaims(agency, more = "") {
  mkdirSync(path.join(agency.folder, "papers"));
  agency.config = path.join(agency.folder, "jaring.toml");
  writeFileSync(agency.config, `[claims]\npapers = '${agency.folder}/papers'\n${more}`);
}

export async function logIn(browser, base, agency, name, [role, scope] = STAFF[name]) {
  const user = agency.addUser(`${name}@kantor.id`, `Contoh ${name}`, "--role", role, "--scope", scope, "--second-factor");
  const page = await openPage(browser, { viewport: DESK });
  await page.goto(`${base}/design`);
  const code = appCode(user.secret, Date.parse(`${TODAY}T12:00:00+07:00`) / 1000);
  const { status } = await put(page, "POST", "/v1/sessions", { email: user.email, password: user.password, code });
  if (status !== 201) {
    throw new Error(`${name} could not log in: ${status}`);
  }
  page.setDefaultTimeout(10_000);
  return page;
}

const DEATH = { kind: "death", on: TODAY, children: 1, heirs: ["spouse"] };

/** A claim that is reported with all its papers; a death, else as `facts` say. */
export async function report(page, nik, facts = DEATH, payee = PAYEE) {
  const found = (await put(page, "POST", "/v1/people/search", { nik })).told;
  const personId = found.people[0].person_id;
  const { status, told } = await put(page, "POST", `/v1/people/${personId}/claims`, { facts, payees: [payee] });
  if (status !== 201) {
    throw new Error(`no claim: ${status} ${JSON.stringify(told)}`);
  }
  for (const { code } of told.papers_needed) {
    await put(page, "POST", `/v1/claims/${told.claim_number}/papers?code=${code}`, `%PDF-1.4 ${code} ${told.claim_number}`, "application/octet-stream");
  }
  return told.claim_number;
}

export async function look(page, check, name) {
  for (const viewport of [PHONE, DESK]) {
    await page.setViewportSize(viewport);
    const wider = await sideways(page);
    check(`${name}: fits ${viewport.width}`, wider <= 0, `${wider} px too wide`);
  }
  const found = await violations(page);
  check(`${name}: axe`, found.length === 0, found.join("\n    "));
}

async function decide(page, name, note) {
  await page.click(`.decisions button:has-text("${name}")`);
  if (note) {
    await page.fill("dialog[open] input", note);
  }
  await page.dblclick(`dialog[open] button[type=submit]`);
  await page.waitForSelector("dialog[open]", { state: "detached" });
}

async function approvedByTwo({ base, check, officer, approver }, number) {
  await officer.goto(`${base}/desk/?lang=id#/?state=reported`);
  await officer.focus(`a[data-claim="${number}"]`);
  await look(officer, check, "worklist");
  await officer.focus(`a[data-claim="${number}"]`);
  await officer.keyboard.press("Enter");
  await officer.waitForSelector(`h1:text-is("${number}")`);
  check("a payee's name is text", (await officer.innerText("main")).includes(PAYEE.name) && (await officer.$("main img")) === null);
  await look(officer, check, "claim");
  await decide(officer, "Nyatakan lengkap");
  check("it is complete", (await officer.innerText(".standing")).startsWith("Lengkap"));
  await officer.reload();
  await officer.waitForSelector('.decisions button:has-text("Setujui")');
  await decide(officer, "Setujui");
  await officer.waitForSelector('.notice.warn:has-text("Anda yang mengusulkan")');
  check("who proposed cannot approve", (await officer.$('.decisions button:has-text("Setujui")')) === null);
  await officer.goBack();
  await officer.waitForSelector("nav [aria-current=page]");
  await approver.goto(`${base}/desk/?lang=id#/klaim?nomor=${number}`);
  await decide(approver, "Setujui");
  check("a second person approves", (await approver.innerText(".standing")).startsWith("Disetujui"));
}

async function refusedAndObjected({ base, check, officer }, number) {
  await officer.goto(`${base}/desk/?lang=id#/klaim?nomor=${number}`);
  await officer.click('.decisions button:has-text("Tolak")');
  await officer.waitForSelector("dialog[open]");
  check("no refusal without an explanation", await officer.isDisabled("dialog[open] button[type=submit]"));
  await look(officer, check, "refusal");
  await officer.keyboard.press("Escape");
  await decide(officer, "Tolak", "Bukan ahli waris.");
  check("it is refused", (await officer.innerText(".standing")).startsWith("Ditolak"));
  await decide(officer, "Catat keberatan", "Ini buktinya.");
  check("an objection opens it again", (await officer.innerText(".standing")).startsWith("Dilaporkan"));
}

/** One that every check passes and one with a question: both are chosen, the first is approved. */
async function approvedTogether({ base, check, officer }) {
  const savings = { kind: "savings", on: TODAY, reason: "stopped_working", left_on: "2025-12-31" };
  const saver = { name: "Siti Contoh Rekaan", institution: "BNI", account: "5566778899" };
  const plain = await report(officer, PEOPLE[2].nik, savings, saver);
  const asking = await report(officer, PEOPLE[3].nik, { kind: "accident", on: TODAY, outcome: "recovered", spent: [] }, { name: "Siti Contoh Rekaan", institution: "BRI", account: PAYEE.account });
  for (const number of [plain, asking]) {
    await put(officer, "POST", `/v1/claims/${number}/completion`, {});
  }
  await officer.goto(`${base}/desk/?lang=id#/?state=complete`);
  for (const number of [plain, asking]) {
    await officer.check(`input[value="${number}"]`);
  }
  await officer.click('button:has-text("Setujui yang dipilih (2)")');
  await officer.waitForSelector('dialog[open] button:has-text("Setujui 1 klaim")');
  check("what needs a look is left out", (await officer.innerText(`dialog[open] li:has-text("${asking}")`)).includes("buka sendiri"));
  await look(officer, check, "several");
  await officer.dblclick('dialog[open] button:has-text("Setujui 1 klaim")');
  await officer.waitForSelector(`dialog[open] li:has-text("Disetujui")`);
  check("the other is approved", (await officer.innerText(`dialog[open] li:has-text("${plain}")`)).includes("Disetujui"));
  await officer.click('dialog[open] .row button, dialog[open] button:has-text("Tutup") >> nth=-1');
  await officer.waitForSelector(`a[data-claim="${plain}"]`, { state: "detached" });
  check("the list is read again", (await officer.$(`a[data-claim="${asking}"]`)) !== null);
}

async function noticesAreTakenUp({ browser, base, check, officer }) {
  const stranger = await openPage(browser);
  await stranger.goto(`${base}/design`);
  const tell = (name, nik) => put(stranger, "POST", "/v1/claim_notices", {
    kind: "accident", on: TODAY, member: { name, nik }, place: "Pasar Gede", told: "<i>Jatuh</i> dari tangga.",
    reporter: { name: "Darto", phone: "081234567899", relation: "neighbour" },
  });
  await tell("Siti Contoh Rekaan", PEOPLE[2].nik);
  await tell("Tak Dikenal", undefined);
  await stranger.context().close();
  await officer.goto(`${base}/desk/?lang=id#/`);
  await officer.click('header nav a:has-text("Laporan")');
  await officer.waitForSelector('main h1:text-is("Laporan")');
  await officer.waitForSelector('main section:has-text("Tak Dikenal")');
  check("what was told is text", (await officer.innerText("main")).includes("<i>Jatuh</i>"));
  await look(officer, check, "notices");
  const item = (words) => officer.locator("main section", { hasText: words });
  await item("Siti").locator('button:has-text("Jadikan klaim")').click();
  await look(officer, check, "taking up");
  if (await officer.$("dialog[open] form")) {
    await officer.fill("dialog[open] form input", PEOPLE[2].nik);
    await officer.click('dialog[open] button:has-text("Cari")');
    await officer.waitForSelector("dialog[open] form ~ p strong");
  }
  await officer.dblclick('dialog[open] > * button:has-text("Jadikan klaim")');
  await item("Siti").locator('a:has-text("Buka klaim")').waitFor();
  await item("Tak Dikenal").locator('button:has-text("Jangan dilanjutkan")').click();
  await officer.selectOption("dialog[open] select", "member_unknown");
  await officer.click('dialog[open] > * button:has-text("Jangan dilanjutkan")');
  await item("Tak Dikenal").locator('text=Bukan peserta').waitFor();
  await item("Siti").locator('a:has-text("Buka klaim")').click();
  await officer.waitForSelector('.standing:has-text("Dilaporkan"), .standing:has-text("Rancangan")');
  check("a notice becomes a claim", (await officer.innerText(".lead")).includes("Kecelakaan kerja"));
}

/** Somebody at the counter: a draft, what happened, the papers' figures, who is paid; handed in. */
async function filledIn({ base, check, officer }) {
  await officer.goto(`${base}/desk/?lang=id#/`);
  await officer.click('button:has-text("Klaim baru")');
  await officer.fill("dialog[open] form input", PEOPLE[0].nik);
  await officer.click('dialog[open] button:has-text("Cari")');
  await officer.waitForSelector("dialog[open] .found");
  await officer.selectOption("dialog[open] select", "accident");
  await officer.dblclick('dialog[open] button:has-text("Isi klaimnya")');
  await officer.waitForSelector('h1:text-is("Isi klaim")');
  await officer.waitForSelector("#on-day");
  await look(officer, check, "what is told");
  await officer.selectOption('label:has-text("Keadaan sesudah kecelakaan") ~ select', "recovered");
  await officer.fill('label:text-is("dan hari") ~ input', "12");
  const section = (title) => officer.locator("section", { has: officer.locator(`h2:text-is("${title}")`) });
  await section("Biaya").locator('button:has-text("Tambah baris")').click();
  await section("Biaya").locator("select").selectOption("jkk-transport-land");
  await section("Biaya").locator("input").first().fill("150.000");
  await officer.click('button:has-text("Tambah penerima")');
  await officer.click('button:has-text("Simpan dan laporkan")');
  await officer.waitForSelector("#payee-account-0-problem");
  check("a missing account is told by its field", true);
  await officer.selectOption("#payee-bank-0", "BRI");
  await officer.fill("#payee-account-0", "1234567890");
  await officer.dblclick('button:has-text("Simpan dan laporkan")');
  await officer.waitForSelector('.standing:has-text("Dilaporkan")');
  check("its amount is worked out", (await officer.innerText("main")).includes("150.000"));
  const number = await officer.innerText("main h1");
  await officer.click('a:has-text("Isi klaim")');
  await officer.waitForSelector("#on-day");
  check("what was told stands there", (await officer.inputValue('label:text-is("dan hari") ~ input')) === "12");
  await section("Biaya").locator('button:has-text("Hapus baris")').click();
  await officer.click('button:has-text("Simpan")');
  await officer.waitForSelector(`h1:text-is("${number}")`);
  check("a row that was dropped is gone", !(await officer.innerText("main")).includes("150.000"));
}

async function elsewhereAndNobody({ browser, base, check, elsewhere }, number) {
  await elsewhere.goto(`${base}/desk/?lang=id#/klaim?nomor=${number}`);
  await elsewhere.waitForSelector(".notice.bad");
  check("another branch's claim is not reachable", (await elsewhere.innerText("main h1")) === "Belum bisa dibuka");
  const nobody = await openPage(browser, { viewport: DESK, dark: true });
  await nobody.goto(`${base}/desk/?lang=id`);
  await nobody.waitForSelector('h1:text-is("Masuk dulu")');
  await look(nobody, check, "login, dark");
  await nobody.context().close();
}

export async function deskTests(browser, binary, counter) {
  const check = (what, truth, detail) => counter.check(`desk: ${what}`, truth, detail);
  const agency = new Agency(binary);
  try {
    agency.fill();
    keepClaims(agency);
    const base = await agency.serve();
    const staff = {};
    for (const name of Object.keys(STAFF)) {
      staff[name] = await logIn(browser, base, agency, name);
    }
    const at = { browser, base, check, ...staff };
    const number = await report(staff.officer, PEOPLE[0].nik);
    await approvedByTwo(at, number);
    await refusedAndObjected(at, await report(staff.officer, PEOPLE[1].nik));
    await approvedTogether(at);
    await noticesAreTakenUp(at);
    await filledIn(at);
    await elsewhereAndNobody(at, number);
    for (const [name, page] of Object.entries(staff)) {
      check(`${name}: no errors`, complaints(page).length === 0, complaints(page).join("; "));
      await page.context().close();
    }
  } catch (error) {
    check("runs to its end", false, error.stack);
  }
  await agency.stop?.();
  agency.remove();
}
