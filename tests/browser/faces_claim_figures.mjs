// The desk's page of figures in Chromium, against the real program: what it tells is what the API
// answers, in every time and in the file that is saved; who may not see it; every state looked at.
// And the cover on the day of the event, on the page of a claim.
import { readFileSync } from "node:fs";
import { addClaims, CLAIMANTS, keepPapers } from "./claims_world.mjs";
import { unspoken } from "./faces_claims.mjs";
import { complaints, logIn, look, put, report } from "./faces_desk.mjs";
import { DESK, inLanes, LANGUAGES, openPage, PHONE, sideways, violations } from "./faces_harness.mjs";
import { logIn as logInMember } from "./own_people.mjs";
import { Agency, PEOPLE } from "./test_agency.mjs";

const STAFF = {
  auditor: ["auditor", "nation"],
  officer: ["claims-officer", "nation"],
  analyst: ["analyst", "nation"],
  branch: ["branch-staff", "branch:surakarta"],
};
const EMPTY = "?waktu=own&dari=2020-01-01&sampai=2020-01-31";
const WRONG = "?waktu=own&dari=2026-03-10&sampai=2026-03-01";
const UNMEANT = /ERR_CONNECTION_FAILED|ERR_FAILED/;
/** The days of each time, on the day the agency lives in. */
const SPANS = {
  "": ["2026-02-14", "2026-03-15"],
  "?waktu=this_month": ["2026-03-01", "2026-03-15"],
  "?waktu=last_month": ["2026-02-01", "2026-02-28"],
  "?waktu=year": ["2026-01-01", "2026-03-15"],
  "?waktu=own&dari=2026-03-15&sampai=2026-03-15": ["2026-03-15", "2026-03-15"],
};

async function open(page, base, choices = "", lang = "id") {
  await page.goto("about:blank");
  await page.goto(`${base}/desk/?lang=${lang}#/angka${choices}`);
  await page.waitForSelector("main[aria-busy=false] h1");
}

const digits = (text) => Number(text.replace(/\D/g, ""));
const cellOf = (page, code) => page.innerText(`tr[data-code="${code}"] td >> nth=0`);
const answered = async (page, [from, to]) => (await put(page, "GET", `/v1/claim_figures?from=${from}&to=${to}`)).told;

/** Every figure of an answer under the name it has in the tables. */
function figuresOf(told) {
  const named = (table, counts) => Object.entries(counts).map(([code, value]) => [`${table}.${code}`, value]);
  const sum = (counts) => Object.values(counts).reduce((all, one) => all + one, 0);
  const { now, approved, refused, given } = told;
  return [
    ...Object.entries({ now, approved, refused, given }).flatMap(([table, counts]) => named(table, counts)),
    ["now.all", sum(now)], ["approved.all", sum(approved)], ["given.all", sum(given)],
    ...["tax", "given_back", "penalties", "begun", "without_visit", "paid", "paid_late"].map((code) => [code, told[code]]),
    ["in_time", told.paid - told.paid_late],
  ];
}

/** Name, way there, and who is logged in. */
function statesOf(base, lang, logins) {
  const at = (choices, selector) => async (page) => {
    await open(page, base, choices, lang);
    await page.waitForSelector(selector);
  };
  const withRoute = (handle, selector) => async (page) => {
    await page.route("**/v1/claim_figures*", handle);
    await at("", selector)(page);
  };
  const as = (who) => ({ storageState: logins[who] });
  return [
    ["figures", at("?waktu=this_month", ".tiles"), as("officer")],
    ["days chosen", at("?waktu=own", "form .days"), as("auditor")],
    ["wrong days", at(WRONG, "form [role=alert]"), as("auditor")],
    ["nothing", at(EMPTY, ".notice"), as("auditor")],
    ["counting", withRoute(() => {}, "main p[role=status]"), as("auditor")],
    ["no connection", withRoute((route) => route.abort("connectionfailed"), ".notice.bad"), as("auditor")],
    ["not allowed", at("", "main .lead"), as("branch")],
    ["no desk", async (page) => {
      await page.goto(`${base}/desk/?lang=${lang}#/`);
      await page.waitForSelector('main a[href="#/angka"]');
    }, as("analyst")],
  ];
}

function viewsOf(lang) {
  const dark = lang === "jv" || lang === "mad";
  return lang === "id"
    ? [PHONE, DESK].flatMap((viewport) => [{ viewport }, { viewport, dark: true }])
    : [{ viewport: PHONE, dark }, { viewport: DESK, dark: !dark }];
}

async function lookAt(browser, check, name, lang, visit, options) {
  const page = await openPage(browser, options);
  try {
    await visit(page);
    check(`${name}: lang`, (await page.getAttribute("html", "lang")) === lang);
    const bare = [...(await unspoken(page)), ...(await page.innerText("body")).match(/\b(desk|handled)\.[a-z_]+/g) ?? []];
    check(`${name}: words`, bare.length === 0, bare.join(" "));
    const wider = await sideways(page);
    check(`${name}: fits`, wider <= 0, `${wider} px too wide`);
    if (options.viewport.width >= PHONE.width) {
      const found = await violations(page);
      check(`${name}: axe`, found.length === 0, found.join("\n    "));
    }
    const told = complaints(page).filter((line) => !UNMEANT.test(line));
    check(`${name}: no errors`, told.length === 0, told.join("; "));
  } catch (error) {
    check(name, false, `${error.message}\n    ${page.complaints.join("; ")}`);
  }
  await page.context().close();
}

async function lookAtAll(browser, base, check, logins) {
  const looks = [];
  for (const lang of LANGUAGES) {
    for (const options of viewsOf(lang)) {
      for (const [name, visit, more] of statesOf(base, lang, logins)) {
        const view = `${options.viewport.width}${options.dark ? ", dark" : ""}`;
        looks.push(() => lookAt(browser, check, `${name}, ${lang}, ${view}`, lang, visit, { ...options, ...more }));
      }
    }
  }
  // Letters twice as large: half the room.
  for (const [name, visit, more] of statesOf(base, "jv", logins)) {
    looks.push(() => lookAt(browser, check, `${name}, 200 %`, "jv", visit, { viewport: { width: 180, height: 360 }, deviceScaleFactor: 2, ...more }));
  }
  await inLanes(looks);
}

async function toldAsAnswered({ base, check, officer }) {
  await officer.goto(`${base}/desk/?lang=id#/`);
  await officer.click('header nav a:has-text("Angka")');
  await officer.waitForSelector('h1:text-is("Angka klaim")');
  check("the way there is marked", (await officer.innerText("header nav [aria-current=page]")) === "Angka");
  for (const [choices, span] of Object.entries(SPANS)) {
    await open(officer, base, choices);
    await officer.waitForSelector(".tables table");
    const told = await answered(officer, span);
    check(`${choices}: its days`, [told.from, told.to].join() === span.join());
    const shown = (await officer.innerText(".head h2")).replace(/\s+/g, " ");
    const [from, to] = span.map((day) => new Intl.DateTimeFormat("id-ID", { dateStyle: "long", timeZone: "UTC" }).format(new Date(day)));
    check(`${choices}: its days are said`, shown === `${from} sampai ${to}`, shown);
    if (told.begun > 0) {
      for (const [code, value] of figuresOf(told)) {
        const cell = await cellOf(officer, code);
        check(`${choices}: ${code}`, digits(cell) === Math.abs(value), `${cell} ${value}`);
      }
    }
  }
}

async function ofTheMonth({ base, check, officer }) {
  const told = await answered(officer, SPANS["?waktu=this_month"]);
  check("the world has something to count", told.paid > 0 && told.begun > 5 && told.without_visit === 1 && told.refused.not_work_related === 1 && told.given.JKK > 0, JSON.stringify(told));
  await open(officer, base, "?waktu=this_month");
  await officer.waitForSelector(".tiles");
  const tiles = await officer.locator(".tile .value").allInnerTexts();
  const number = (value) => new Intl.NumberFormat("id-ID", { maximumFractionDigits: 1 }).format(value);
  check("days to pay on average", tiles[0] === `${number(told.days / told.paid)} hari`, tiles[0]);
  check("the share paid in time", tiles[1].replace(/\s/g, "") === "100%", tiles[1]);
  check("what was approved", digits(tiles[3]) === Object.values(told.given).reduce((sum, one) => sum + one, 0), tiles[3]);
  check("a reason is words", (await officer.innerText('tr[data-code="refused.not_work_related"] th')) === "Bukan karena kerja");
  check("rupiah are written as people read them", /^Rp\s[\d.]+$/.test(await cellOf(officer, "given.JKK")), await cellOf(officer, "given.JKK"));
  const right = await officer.locator("td.figure").evaluateAll((cells) => cells.every((cell) => getComputedStyle(cell).textAlign === "right"));
  check("figures stand at the right", right);
  await officer.click('tr[data-code="now.complete"] a');
  await officer.waitForSelector('nav [aria-current=page]:text-is("Lengkap")');
  check("a state leads to its claims", (await officer.locator("a[data-claim]").count()) === told.now.complete);
  await open(officer, base, EMPTY);
  await officer.waitForSelector(".notice");
  check("nothing in a time is said in words", (await officer.innerText(".notice")).startsWith("Tidak ada klaim") && (await officer.locator(".tables table").count()) === 1);
  check("nothing is no number", !/NaN|Infinity|undefined/.test(await officer.innerText("main")));
}

/** What a time told by the program does not have: another answer is put in its place. */
async function ofOtherAnswers({ base, check, auditor }) {
  const told = await answered(auditor, SPANS[""]);
  const tell = async (figures) => {
    await auditor.unroute("**/v1/claim_figures*");
    await auditor.route("**/v1/claim_figures*", (route) => route.fulfill({ json: { ...told, ...figures } }));
    await open(auditor, base);
    await auditor.waitForSelector(".tiles");
  };
  await tell({ paid: 4, paid_late: 1, days: 14, most_days: 11, begun: 3, without_visit: 1, refused: { a_new_reason: 2 } });
  const tiles = (await auditor.locator(".tile .value").allInnerTexts()).slice(0, 3).map((text) => text.replace(/\s/g, " "));
  check("shares and averages are of what they say", tiles.join("; ") === "3,5 hari; 75 %; 33,33 %", tiles.join("; "));
  check("a reason this page does not know is told as it is", (await auditor.innerText('tr[data-code="refused.a_new_reason"]')).includes("a_new_reason"));
  await tell({ paid: 0, paid_late: 0, days: 0, most_days: 0, approved: {}, refused: {} });
  const cells = await Promise.all(["average_days", "most_days", "share_in_time"].map((code) => cellOf(auditor, code)));
  check("nothing to divide by is a dash", cells.join("") === "–––" && (await auditor.innerText("main")).includes("Tidak ada yang ditolak."), cells.join());
  await auditor.unroute("**/v1/claim_figures*");
}

async function daysThatAreTyped({ base, check, officer }) {
  await open(officer, base);
  await officer.click('main nav a:text-is("Pilih sendiri")');
  await officer.waitForSelector("#from-day");
  check("the days stand there", (await officer.inputValue("#from-day")) === "14" && (await officer.inputValue("#to-month")) === "3");
  await officer.fill("#from-month", "13");
  await officer.click('form button:has-text("Tampilkan")');
  await officer.waitForSelector("#from-problem");
  check("a day that is none is refused at its field", (await officer.getAttribute("#from-day", "aria-invalid")) === "true" && (await officer.$("#to-problem")) === null);
  await officer.fill("#from-month", "3");
  await officer.fill("#from-day", "16");
  await officer.click('form button:has-text("Tampilkan")');
  await officer.waitForSelector("#to-problem");
  check("a last day before the first is refused", (await officer.innerText("#to-problem")).includes("sebelum hari awal") && (await officer.$("#from-problem")) === null);
  await officer.click('form [role=alert] a');
  check("and gone to", await officer.evaluate(() => document.activeElement.id === "to-day"));
  await officer.fill("#from-day", "1");
  await officer.fill("#from-year", "1990");
  await officer.click('form button:has-text("Tampilkan")');
  await officer.waitForSelector('#to-problem:has-text("sepuluh tahun")');
  check("what the server refuses is told there too", (await officer.locator(".tables").count()) === 0);
  await officer.fill("#from-year", "2026");
  await officer.keyboard.press("Enter");
  await officer.waitForSelector(".tables table");
  check("and mended", officer.url().endsWith("#/angka?waktu=own&dari=2026-03-01&sampai=2026-03-15") && (await officer.$("#to-problem")) === null, officer.url());
  await open(officer, base, "?waktu=own&dari=kemarin&sampai=2026-03-15");
  await officer.waitForSelector("#from-problem");
  check("an address that names no day is refused at the field", (await officer.inputValue("#to-year")) === "2026");
}

async function savedAsFile({ base, check, officer }) {
  await open(officer, base, "?waktu=this_month");
  await officer.waitForSelector(".tables table");
  const [download] = await Promise.all([officer.waitForEvent("download"), officer.click('button:has-text("Simpan CSV")')]);
  check("its name says the time", download.suggestedFilename() === "jaring-klaim-2026-03-01-2026-03-15.csv", download.suggestedFilename());
  const text = readFileSync(await download.path(), "utf8");
  check("spreadsheets know its letters", text.startsWith("\ufeffDari,Sampai,Tabel,Kode,Angka,Nilai,Satuan\r\n"), text.slice(0, 80));
  const told = await answered(officer, SPANS["?waktu=this_month"]);
  const rows = new Map(text.trim().split("\r\n").slice(1).map((line) => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, ""));
    return [cells[3], cells];
  }));
  for (const [code, value] of figuresOf(told)) {
    check(`the file's ${code}`, Number(rows.get(code)?.[5]) === value, `${rows.get(code)} ${value}`);
  }
  const [average, share] = [rows.get("average_days"), rows.get("share_without_visit")];
  check("days with a point", Number(average[5]) === Math.round((100 * told.days) / told.paid) / 100 && average[6] === "hari", average.join());
  check("shares in per cent", Math.abs(Number(share[5]) - (100 * told.without_visit) / told.begun) < 0.01 && share[6] === "persen", share.join());
}

async function whoMayNot({ base, check, branch, analyst, auditor }) {
  const asked = [];
  branch.on("request", (request) => request.url().includes("/v1/claim_figures") && asked.push(request.url()));
  await open(branch, base);
  await branch.waitForSelector('h1:has-text("tidak boleh melihat angka klaim")');
  check("a branch has no way there, and nothing is asked", (await branch.$('header nav a:has-text("Angka")')) === null && asked.length === 0);
  check("nor does the API answer it", (await put(branch, "GET", "/v1/claim_figures")).status === 403);
  await auditor.route("**/v1/claim_figures*", (route) => route.fulfill({ status: 403, json: { rule: "access.not_allowed", detail: "Tidak boleh." } }));
  await open(auditor, base);
  await auditor.waitForSelector('h1:has-text("tidak boleh melihat angka klaim")');
  await auditor.unroute("**/v1/claim_figures*");
  check("who lost the right meanwhile is told so", (await auditor.innerText("main")).includes("seluruh lembaga"));
  await analyst.goto(`${base}/desk/?lang=id#/`);
  await analyst.click('main a:has-text("Angka")');
  await analyst.waitForSelector(".tables table");
  check("an analyst sees figures and no claims", (await analyst.innerText("header nav")).trim() === "Angka" && (await analyst.locator(".tables a").count()) === 0);
  await auditor.route("**/v1/claim_figures*", (route) => route.abort("connectionfailed"));
  await open(auditor, base);
  await auditor.waitForSelector(".notice.bad");
  await auditor.unroute("**/v1/claim_figures*");
  await auditor.click('button:has-text("Coba lagi")');
  await auditor.waitForSelector(".tables table");
  check("after a failure it is asked again", (await auditor.locator(".tables table").count()) > 1);
}

async function coverOnTheDay({ base, check, officer }) {
  const lapsed = await report(officer, PEOPLE[2].nik, { kind: "accident", on: "2026-03-10", outcome: "recovered", spent: [] });
  const covered = await report(officer, CLAIMANTS.hurt.nik, { kind: "accident", on: "2026-02-20", outcome: "recovered", spent: [] });
  for (const [number, verdict, tone] of [[lapsed, "Tidak terlindungi", "bad"], [covered, "Terlindungi", "good"]]) {
    const { told } = await put(officer, "GET", `/v1/claims/${number}`);
    const { told: cover } = await put(officer, "GET", `/v1/people/${told.person_id}/coverage?on=${told.event_on}`);
    await officer.goto(`${base}/desk/?lang=id#/klaim?nomor=${number}`);
    const panel = officer.locator("section.panel", { has: officer.locator('h2:text-is("Perlindungan pada hari kejadian")') });
    await panel.locator("li").first().waitFor();
    const found = await panel.locator(`p .tag.${tone}`).evaluate((tag) => tag.textContent.trim().toLowerCase());
    check(`${verdict}: what the check found`, found === verdict.toLowerCase(), found);
    const rows = await panel.locator("li").evaluateAll((all) => all.map((row) => [row.querySelector("strong").innerText.slice(0, 3), row.lastElementChild.innerText]));
    const day = (text) => new Intl.DateTimeFormat("id-ID", { dateStyle: "long", timeZone: "UTC" }).format(new Date(text));
    const expected = ["JKK", "JKM", "JHT"].map((code) => [code, `${day(cover.programmes[code].from)} sampai ${day(cover.programmes[code].until)}`]);
    check(`${verdict}: the days of each programme`, JSON.stringify(rows) === JSON.stringify(expected), JSON.stringify([rows, expected]));
    await look(officer, check, `cover, ${verdict}`);
  }
  await officer.route("**/coverage?*", (route) => route.abort("connectionfailed"));
  await officer.reload();
  const again = officer.locator('section.panel:has-text("Perlindungan pada hari kejadian") button');
  await again.waitFor();
  check("without an answer the claim is there all the same", (await officer.innerText("main h1")) === covered);
  await look(officer, check, "cover, no connection");
  await officer.unroute("**/coverage?*");
  await again.click();
  await officer.waitForSelector('section.panel:has-text("Perlindungan pada hari kejadian") li');
}

/** One that a member reports from home. */
async function reportFromHome(browser, base, officer) {
  const page = await openPage(browser, { storageState: await logInMember(browser, base, CLAIMANTS.saver) });
  await page.goto(`${base}/design`);
  const facts = { kind: "accident", on: "2026-02-12", outcome: "recovered", spent: [] };
  const { status } = await put(page, "POST", `/v1/people/${await officer.personOf(CLAIMANTS.saver)}/claims`, { facts, payees: [] });
  await page.context().close();
  if (status !== 201) {
    throw new Error(`no claim from home: ${status}`);
  }
}

/** Staff at the desk of an agency with claims in every state. */
export async function figuresWorld(browser, agency) {
  agency.fill();
  keepPapers(agency);
  const base = await agency.serve();
  await reportFromHome(browser, base, await addClaims(base, agency));
  const staff = {};
  const logins = {};
  for (const [name, role] of Object.entries(STAFF)) {
    staff[name] = await logIn(browser, base, agency, name, role);
    logins[name] = await staff[name].context().storageState();
  }
  return { base, staff, logins };
}

export async function claimFigureTests(browser, binary, counter) {
  const check = (what, truth, detail) => counter.check(`claim figures: ${what}`, truth, detail);
  const agency = new Agency(binary);
  let staff = {};
  try {
    const { base, staff: there, logins } = await figuresWorld(browser, agency);
    staff = there;
    const at = { base, check, ...staff };
    await toldAsAnswered(at);
    await ofTheMonth(at);
    await ofOtherAnswers(at);
    await daysThatAreTyped(at);
    await savedAsFile(at);
    await whoMayNot(at);
    await lookAtAll(browser, base, check, logins);
    await coverOnTheDay(at);
    for (const [name, page] of Object.entries(staff)) {
      const told = complaints(page).filter((line) => !UNMEANT.test(line));
      check(`${name}: no errors`, told.length === 0, told.join("; "));
      await page.context().close();
    }
  } catch (error) {
    check("runs to its end", false, `${error.stack}\n${await staff.officer?.innerText("main")}`);
  }
  await agency.stop?.();
  agency.remove();
}
