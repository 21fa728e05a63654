// The directors' face in Chromium: every state for accessibility, width and errors of its own, then
// the ways through it; its figures are those the command line gives.
import { readFileSync } from "node:fs";
import { DESK, inLanes, LANGUAGES, openPage, PHONE, sideways, violations } from "./faces_harness.mjs";
import { directorStates, open, settled } from "./director_states.mjs";
import { digits, logInStaff, makeNation, MONTH, STAFF, told } from "./director_world.mjs";

/** In every language; the rest in Indonesian alone, on a phone those that are laid out otherwise. */
const KEY = ["nation", "login"];
const ON_PHONE = ["nation", "village", "part", "table", "login"];
const EXPECTED = /status of (401|403|422|503)|ERR_CONNECTION_FAILED|ERR_INTERNET_DISCONNECTED/;

const complaints = (page) => page.complaints.filter((line) => !EXPECTED.test(line));
const tile = (page, name) => page.locator(`.tile:has(.name p:text-is("${name}")) .value`).innerText();
const rowsOf = (page) => page.locator("section nav ~ [role=region] tbody tr").evaluateAll((rows) =>
  rows.map((row) => [row.querySelector("th").innerText, row.querySelector("td").innerText]));

async function lookAt(browser, counter, name, lang, visit, options) {
  const page = await openPage(browser, options);
  try {
    await visit(page);
    counter.check(`${name}: lang`, (await page.getAttribute("html", "lang")) === lang);
    const found = await violations(page);
    counter.check(`${name}: axe`, found.length === 0, found.join("\n    "));
    const wider = await sideways(page);
    counter.check(`${name}: fits`, wider <= 0, `${wider} px too wide`);
    counter.check(`${name}: no errors`, complaints(page).length === 0, complaints(page).join("; "));
  } catch (error) {
    counter.check(name, false, `${error.message}\n    ${page.complaints.join("; ")}`);
  }
  await page.context().close();
}

async function lookAtAll(browser, base, counter, logins) {
  const views = (lang) => lang === "id"
    ? [["phone-dark", { viewport: PHONE, dark: true }], ["desk", { viewport: DESK }]]
    : [["desk", { viewport: DESK, dark: lang === "jv" || lang === "mad" }]];
  const looks = [];
  for (const lang of LANGUAGES) {
    for (const [view, options] of views(lang)) {
      for (const [name, visit, more] of directorStates(base, lang, logins)) {
        if (lang === "id" ? view === "desk" || ON_PHONE.includes(name) : KEY.includes(name)) {
          looks.push(() => lookAt(browser, counter, `director ${name}, ${lang}, ${view}`, lang, visit, { ...options, ...more }));
        }
      }
    }
  }
  await inLanes(looks);
  // Letters twice as large: half the room.
  for (const [name, visit, more] of directorStates(base, "jv", logins).filter(([name]) => ["nation", "sectors", "login"].includes(name))) {
    const page = await openPage(browser, { viewport: { width: 180, height: 360 }, deviceScaleFactor: 2, ...more });
    await visit(page).catch((error) => page.complaints.push(error.message));
    const wider = await sideways(page);
    counter.check(`director ${name}, 200 %: fits`, wider <= 0 && complaints(page).length === 0, `${wider} px; ${complaints(page)}`);
    await page.context().close();
  }
}

async function figuresAreTold({ page, base, check, agency }) {
  const whole = told(agency, "coverage");
  await open(page, base, "id");
  const names = { registered: "Terdaftar", active: "Aktif", grace: "Masa tenggang", lapsed: "Berhenti", ended: "Berakhir",
    joined: "Baru bulan ini", lost: "Berhenti bulan ini", months: "Bulan iuran dibeli", received: "Iuran diterima" };
  for (const [key, name] of Object.entries(names)) {
    const shown = await tile(page, name);
    check(`${name} is what the command says`, digits(shown) === whole[key], `${shown} ${whole[key]}`);
  }
  const regions = told(agency, "coverage", "--by", "region").rows;
  const ofProvince = (code) => regions.filter((row) => row.code.startsWith(code)).reduce((sum, row) => sum + row.registered, 0);
  const rows = await rowsOf(page);
  check("the provinces are there", rows.length === 38, `${rows.length}`);
  check("a province is the sum of its regencies", digits(rows.find(([name]) => name === "Jawa Tengah")[1]) === ofProvince("33"));
  check("provinces add up", rows.reduce((sum, [, n]) => sum + digits(n), 0) === whole.registered);
  check("the map has every province", (await page.locator("svg[role=group] a").count()) === 38);
  const { causes } = told(agency, "funnel");
  const lost = await page.locator(".causes table").first().locator("tbody td:nth-child(3)").allInnerTexts();
  check("causes are what the command says", lost.map(digits).join() === causes.lapses.map((row) => row.lost).join(), lost.join());
}

async function drillAndBack({ page, base, check, agency }) {
  await open(page, base, "id");
  await page.click('tbody th a:text-is("Jawa Tengah")');
  await page.waitForURL(/wilayah=33/);
  await page.waitForSelector('nav [aria-current=page]:text-is("Jawa Tengah")');
  const province = told(agency, "coverage", "--region", "33");
  check("a province's figures", digits(await tile(page, "Terdaftar")) === province.registered);
  await page.click('nav a:text-is("Sektor")');
  await page.waitForSelector('h2:text-is("Menurut Sektor")');
  const sectors = told(agency, "coverage", "--region", "33", "--by", "sector").rows;
  const [name, registered] = (await rowsOf(page))[0];
  check("the largest sector comes first", digits(registered) === Math.max(...sectors.map((row) => row.registered)));
  await page.click("tbody th a >> nth=0");
  await page.waitForSelector(".filters");
  check("a row leads to its part", (await page.innerText(".filters")).includes(name));
  check("and its figures are the row's", digits(await tile(page, "Terdaftar")) === digits(registered));
  const deep = page.url();
  await page.reload();
  await settled(page);
  check("a reload keeps it", digits(await tile(page, "Terdaftar")) === digits(registered) && page.url() === deep);
  await page.goBack();
  await page.waitForSelector('h2:text-is("Menurut Sektor")');
  await page.goBack();
  await page.goBack();
  await page.waitForSelector('nav [aria-current=page]:text-is("Indonesia")');
  check("back leads up again", digits(await tile(page, "Terdaftar")) === told(agency, "coverage").registered);
  await page.goto(`${base}/figures/#/?bulan=${MONTH}&wilayah=337201`);
  await page.reload();
  await settled(page);
  const district = told(agency, "coverage", "--region", "337201");
  check("a link opened anew says where it is", (await page.innerText("nav ol")).replace(/\s+/g, " ") === "Indonesia Jawa Tengah Kota Surakarta Laweyan", await page.innerText("nav ol"));
  check("and its figures", digits(await tile(page, "Terdaftar")) === district.registered);
}

async function sortAndSave({ page, base, check }) {
  await open(page, base, "id", "&angka=lost");
  await page.click('thead button:has-text("Aktif dari terdaftar")');
  check("the order is in the address", page.url().includes("urut=-share"));
  check("and told", (await page.getAttribute('th:has(button:has-text("Aktif dari"))', "aria-sort")) === "descending");
  await page.click('thead button:has-text("Wilayah")');
  const names = (await rowsOf(page)).map(([name]) => name);
  check("names rise", names.join() === [...names].sort((a, b) => a.localeCompare(b, "id")).join());
  const [csv] = await Promise.all([page.waitForEvent("download"), page.click('button[aria-label="CSV: Menurut Wilayah"]')]);
  const lines = readFileSync(await csv.path(), "utf8").trim().split("\r\n");
  check("the CSV has every row, in the order shown", lines.length === 39 && lines[1].includes(names[0]), lines[1]);
  check("and a name that says what it is", csv.suggestedFilename() === `jaring-${MONTH}-indonesia-region.csv`, csv.suggestedFilename());
  for (const button of ['button[aria-label^="PNG: Peta"]', 'button[aria-label="PNG: Datang dan pergi"]']) {
    const [png] = await Promise.all([page.waitForEvent("download"), page.click(button)]);
    const bytes = readFileSync(await png.path());
    check("a picture is a PNG with something on it", bytes.toString("latin1", 1, 4) === "PNG" && bytes.length > 10_000, `${bytes.length}`);
  }
  await page.emulateMedia({ media: "print" });
  check("on paper there are no controls", !(await page.isVisible("form.bar")) && (await page.isVisible("main table")));
}

async function keyboardOnly({ page, base, check }) {
  await open(page, base, "id");
  await page.waitForSelector("svg[role=group]");
  await page.focus("svg[role=group] a[tabindex='0']");
  await page.keyboard.press("ArrowRight");
  const first = await page.evaluate(() => document.activeElement.getAttribute("aria-label"));
  check("an arrow goes to another region and says its figure", /: \d/.test(first) && !first.startsWith("Aceh"), first);
  await page.keyboard.press("Enter");
  await page.waitForURL(/wilayah=\d\d/);
  await settled(page);
  check("Enter goes in", (await page.innerText("nav [aria-current=page]")) === first.split(":")[0]);
  await page.focus(".tile button");
  await page.keyboard.press("Enter");
  check("how it is counted is told", (await page.innerText("dialog[open]")).includes("pernah didaftarkan"));
  await page.keyboard.press("Escape");
  check("and the focus is back", await page.evaluate(() => document.activeElement.matches(".tile button")));
}

async function scopes({ browser, base, check, agency, logins }) {
  const region = await openPage(browser, { viewport: DESK, storageState: logins.region });
  await open(region, base, "id");
  check("who is of a province begins there", (await region.innerText("nav ol")) === "Jawa Tengah");
  check("with its figures", digits(await tile(region, "Terdaftar")) === told(agency, "coverage", "--region", "33").registered);
  await open(region, base, "id", "&wilayah=11");
  check("and sees no other", (await region.innerText("main h1")) === "Anda tidak boleh melihat angka ini");
  await region.context().close();
  const branch = await openPage(browser, { viewport: DESK, storageState: logins.branch });
  await open(branch, base, "id");
  check("who is of a branch sees hers", (await branch.innerText("nav ol")) === "Surakarta");
  await branch.context().close();
}

async function logInAndBack({ browser, base, check }) {
  const page = await openPage(browser, { viewport: DESK });
  page.setDefaultTimeout(10_000);
  const wanted = `&wilayah=33&per=sector`;
  await open(page, base, "id", wanted);
  await page.click("main a.button");
  await page.waitForURL(/\/login/);
  await page.fill("[name=email]", STAFF.nation.user.email);
  await page.fill("[name=password]", STAFF.nation.user.password);
  await page.fill("[name=code]", STAFF.nation.user.recovery);
  await page.click("form button");
  await page.waitForURL(/\/figures\//);
  await settled(page);
  check("after the login she is where she wanted", page.url().includes(wanted) && (await page.isVisible('h2:text-is("Menurut Sektor")')), page.url());
  await page.context().close();
}

async function whenItFails({ page, base, check }) {
  await open(page, base, "id");
  await page.context().setOffline(true);
  await page.click('button:has-text("Perbarui")');
  await page.waitForSelector(".notice.bad");
  check("without a connection no old figure stands", (await page.$(".tile")) === null);
  await page.context().setOffline(false);
  await page.click('button:has-text("Coba lagi")');
  await page.waitForSelector(".tile");
  check("and they come back", true);
  await page.route("**/v1/insight/**", (route) => route.fulfill({ status: 503, body: "{}" }));
  await page.click('button:has-text("Perbarui")');
  await page.waitForSelector(".notice.bad");
  check("a server that cannot answer is told in words", (await page.innerText(".notice")).includes("coba lagi"));
  await page.unroute("**/v1/insight/**");
  let asked = 0;
  page.on("request", (request) => (asked += request.url().includes("/v1/insight/") ? 1 : 0));
  await page.click('button:has-text("Coba lagi")');
  await page.waitForSelector(".tile");
  check("a page is one question", asked === 1, `${asked}`);
}

const JOURNEYS = { figuresAreTold, drillAndBack, sortAndSave, keyboardOnly, scopes, logInAndBack, whenItFails };

async function journeys(browser, base, counter, logins, agency) {
  for (const [name, journey] of Object.entries(JOURNEYS)) {
    const page = await openPage(browser, { viewport: DESK, storageState: logins.nation });
    page.setDefaultTimeout(10_000);
    const check = (what, truth, detail) => counter.check(`director, ${name}: ${what}`, truth, detail);
    try {
      await journey({ page, browser, base, check, logins, agency });
      check("no errors", complaints(page).length === 0, complaints(page).join("; "));
    } catch (error) {
      check("runs to its end", false, `${error.message}\n    ${page.complaints.join("; ")}`);
    }
    await page.context().close();
  }
}

/** Serves a nation of its own for the time of `work`. */
export async function withNation(browser, binary, work) {
  const agency = makeNation(binary);
  const base = await agency.serve();
  try {
    return await work(base, await logInStaff(browser, base, agency), agency);
  } finally {
    await agency.stop();
    agency.remove();
  }
}

export async function directorTests(browser, binary, counter) {
  await withNation(browser, binary, async (base, logins, agency) => {
    await journeys(browser, base, counter, logins, agency);
    await lookAtAll(browser, base, counter, logins);
  });
}
