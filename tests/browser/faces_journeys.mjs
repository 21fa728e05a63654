// The ways people go through the worker's face: back, reload, other language, keyboard, double tap,
// no connection in the middle, hostile text.
import { fillCheck, go, settle } from "./faces_states.mjs";
import { openPage } from "./faces_harness.mjs";
import { PEOPLE } from "./test_agency.mjs";

const [ACTIVE] = PEOPLE;

async function backAndReload(page, base, check) {
  await go(page, base, "id", "#/");
  await page.click('nav a[href="#/manfaat"]');
  await page.click('main a[href*="kerja=fisher"]');
  await page.click('main a[href*="kejadian=jkm"]');
  await page.waitForSelector("main .figure");
  const figures = await page.innerText("main");
  await page.reload();
  await page.waitForSelector("main .figure");
  check("a reload comes back to the same figures", (await page.innerText("main")) === figures);
  await page.goBack();
  await page.waitForSelector('main a[href*="kejadian=jkk"]');
  check("back goes to the step before", page.url().endsWith("#/manfaat?kerja=fisher"));
  await page.goBack();
  await page.goBack();
  await page.waitForSelector("main ol");
  check("and back to where one began", page.url().endsWith("#/"));
  await page.goForward();
  await page.waitForSelector(".tiles");
  check("forward works too", page.url().endsWith("#/manfaat"));
  check("the new page's heading has the focus", await page.evaluate(() => document.activeElement?.tagName === "H1"));
}

async function slidersAreKept(page, base, check) {
  await go(page, base, "id", "#/iuran?kerja=motorcycle-taxi-online");
  const total = () => page.innerText("main .brand .value");
  const before = await total();
  await page.focus("main input[type=range]");
  await page.keyboard.press("End");
  check("the slider changes the price", (await total()) !== before);
  await page.click("text=12 bulan");
  const after = await page.innerText("main");
  await page.reload();
  await page.waitForSelector("main .figure");
  check("what was set is in the address", (await page.innerText("main")) === after);
  await page.goBack();
  check("a slider leaves no steps for the back button", !page.url().includes("iuran"));
}

async function otherLanguage(page, base, check) {
  await go(page, base, "id", "#/cek");
  await page.fill("#nik", "33720157");
  await page.click("header .open");
  await page.click("dialog [lang=su]");
  await page.waitForSelector("html[lang=su]");
  check("the title follows the language", (await page.title()).startsWith("Naha"));
  check("what was typed stays", (await page.inputValue("#nik")) === "3372 0157");
  await page.goto(`${base}/app/`);
  await settle(page);
  check("the language is remembered", (await page.getAttribute("html", "lang")) === "su");
  await page.goto(`${base}/cover?lang=id`);
  await page.click('footer a[href^="/app/"]');
  await settle(page);
  check("the plain page leads here in its language", (await page.getAttribute("html", "lang")) === "id");
  await page.click('footer a[href^="/cover"]');
  await page.waitForSelector("form[action^='/cover']");
  check("and this page leads to the plain one", page.url().endsWith("/cover?lang=id"));
}

async function keyboardOnly(page, base, check) {
  await go(page, base, "id", "#/");
  await page.keyboard.press("Tab");
  check("the first stop is the way past the head", (await page.evaluate(() => document.activeElement.className)).includes("skip"));
  await page.keyboard.press("Enter");
  const reach = async (selector) => {
    for (let step = 0; step < 40; ++step) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) {
        return true;
      }
      await page.keyboard.press("Tab");
    }
    return false;
  };
  check("the question is reached by Tab", await reach('main a[href="#/cek"]'));
  await page.keyboard.press("Enter");
  await page.waitForSelector("#nik");
  await reach("#nik");
  await page.keyboard.type(ACTIVE.nik);
  for (const part of ACTIVE.born) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(part);
  }
  await page.keyboard.press("Enter");
  await page.waitForSelector("section.state.active");
  check("the answer is read out", await page.evaluate(() => document.activeElement?.tagName === "H1"));
  check("the address keeps nothing of the person", !page.url().includes(ACTIVE.nik));
  await reach("header .help").catch(() => false);
  await page.click("header .help");
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForSelector("dialog[open]", { state: "detached" });
  check("Escape closes a dialog and the focus goes back", await page.evaluate(() => document.activeElement?.className.includes("help")));
}

async function doubleTap(page, base, check) {
  await go(page, base, "id", "#/cek");
  await fillCheck(page, ACTIVE.nik, ACTIVE.born);
  let asked = 0;
  page.on("request", (request) => (asked += request.method() === "POST" ? 1 : 0));
  await page.route("**/cover?*", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 300));
    await route.continue();
  });
  await page.dblclick("form button[type=submit]");
  await page.waitForSelector("section.state");
  check("a double tap asks once", asked === 1, `${asked} requests`);
}

async function cutOff(page, base, check) {
  await go(page, base, "id", "#/cek");
  await fillCheck(page, ACTIVE.nik, ACTIVE.born);
  await page.context().setOffline(true);
  await page.click("form button[type=submit]");
  await page.waitForSelector("form .notice.bad");
  check("without a connection it says what to do", (await page.innerText("form .notice")).includes("Coba lagi"));
  check("and keeps what was typed", (await page.inputValue("#nik")).replaceAll(" ", "") === ACTIVE.nik);
  await page.context().setOffline(false);
  await page.click("form button[type=submit]");
  await page.waitForSelector("section.state.active");
  check("the same tap works again later", true);
  check("nothing of her is kept in the tab", (await page.evaluate(() => JSON.stringify(sessionStorage))) === "{}");
}

async function formSurvivesReload(page, base, check) {
  await go(page, base, "id", "#/cek");
  await fillCheck(page, ACTIVE.nik, ACTIVE.born);
  await page.reload();
  await settle(page);
  check("a reload keeps a form half filled", (await page.inputValue("#birth-year")) === "1985");
  check("elsewhere nothing of it is kept", (await page.evaluate(() => JSON.stringify(localStorage))).includes(ACTIVE.nik) === false);
}

async function hostileText(page, base, check) {
  const evil = `"><img src=x onerror="window.hacked=1"><script>window.hacked=1</script>{{7*7}}`;
  const isUnhurt = async (name) => check(name, (await page.evaluate(() => window.hacked)) === undefined &&
    (await page.$("main img, main script")) === null);
  for (const hash of ["#/manfaat?kerja=", "#/manfaat?kerja=fisher&kejadian=", "#/iuran?tingkat=", "#/iuran?bulan=", "#/"]) {
    await go(page, base, "id", hash + encodeURIComponent(evil));
    await isUnhurt(`hostile address ${hash}`);
  }
  await page.goto(`${base}/app/?lang=${encodeURIComponent(evil)}`);
  await settle(page);
  await isUnhurt("hostile language");
  const answer = { state: "active", name: evil, member_number: evil, bill_code: evil, branch: evil, on: "2026-03-15",
    programmes: { JKK: { state: "active", from: "2026-03-01", until: "2026-03-31" } }, credit: 0, next_due: null, to_pay: { kind: "none" } };
  for (const [status, body] of [[200, answer], [422, { errors: [{ pointer: "/nik", detail: evil }] }]]) {
    await page.route("**/cover?*", (route) => route.fulfill({ status, contentType: "application/json", body: JSON.stringify(body) }));
    await go(page, base, "id", "#/cek");
    await fillCheck(page, ACTIVE.nik, ACTIVE.born);
    await page.click("form button[type=submit]");
    await page.waitForSelector(status === 200 ? "section.state" : "[role=alert]");
    check(`hostile answer ${status} is shown as text`, (await page.innerText("main")).includes("<script>"));
    await isUnhurt(`hostile answer ${status}`);
    await page.unroute("**/cover?*");
    await page.evaluate(() => sessionStorage.clear());
  }
}

async function onlyOurOwn(page, base, check) {
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  await go(page, base, "id", "#/manfaat?kerja=fisher&kejadian=jht");
  await page.waitForSelector("main svg[role=img]");
  check("nothing is asked of anybody else", [...hosts].join() === base, [...hosts].join());
}

async function motionAndWide(browser, base, check) {
  const page = await openPage(browser, { reducedMotion: "reduce" });
  await go(page, base, "id", "#/");
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")].filter((one) => {
    const style = getComputedStyle(one);
    return style.animationName !== "none" || !["0s", ""].includes(style.transitionDuration);
  }).length);
  check("nothing moves for who does not want it", moving === 0, `${moving} elements`);
  await page.context().close();
}

export async function journeys(browser, base, counter) {
  const ways = { backAndReload, slidersAreKept, otherLanguage, keyboardOnly, doubleTap, cutOff, formSurvivesReload, hostileText, onlyOurOwn };
  for (const [name, way] of Object.entries(ways)) {
    const page = await openPage(browser);
    const check = (what, truth, detail) => counter.check(`${name}: ${what}`, truth, detail);
    try {
      await way(page, base, check);
      const errors = page.complaints.filter((line) => !/status of 422|registration blocked|ERR_INTERNET_DISCONNECTED/.test(line));
      check("no errors of its own", errors.length === 0, errors.join("; "));
    } catch (error) {
      check("goes through", false, `${error.message}\n    at ${page.url()}`);
    }
    await page.context().close();
  }
  await motionAndWide(browser, base, (what, truth, detail) => counter.check(what, truth, detail));
}
