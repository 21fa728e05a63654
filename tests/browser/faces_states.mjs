// Every page and state of the faces, by name, and how to get there.
import { PEOPLE } from "./test_agency.mjs";

/** Waits until the page is there: its heading, and no line that says "working it out". */
export async function settle(page) {
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !document.querySelector("main .wait, main [aria-busy]"));
}

export async function go(page, base, lang, hash) {
  await page.goto(`${base}/app/?lang=${lang}${hash}`);
  await settle(page);
}

export async function fillCheck(page, nik, born) {
  await page.fill("#nik", nik);
  for (const [index, part] of ["day", "month", "year"].entries()) {
    await page.fill(`#birth-${part}`, born[index]);
  }
}

async function ask(page, base, lang, nik, born) {
  await go(page, base, lang, "#/cek");
  await fillCheck(page, nik, born);
  await page.click("form button[type=submit]");
}

export function workerStates(base, lang) {
  const at = (hash) => (page) => go(page, base, lang, hash);
  const answered = ({ nik, born }) => async (page) => {
    await ask(page, base, lang, nik, born);
    await page.waitForSelector("section.state");
  };
  return [
    ["home", at("#/")],
    ["trade", at("#/manfaat")],
    ["event", at("#/manfaat?kerja=fisher")],
    ["accident", at("#/manfaat?kerja=rice-farmer&kejadian=jkk")],
    ["death", at("#/manfaat?kerja=market-trader&kejadian=jkm")],
    ["old-age", at("#/manfaat?kerja=tailor&kejadian=jht&tahun=20")],
    ["cost", at("#/iuran")],
    ["cost-relief", at("#/iuran?kerja=motorcycle-taxi-online&tingkat=12&paket=tiga&bulan=6")],
    ["check", at("#/cek")],
    ["check-wrong", async (page) => {
      await ask(page, base, lang, "33720157", ["", "", ""]);
      await page.waitForSelector("[role=alert]");
    }],
    ["check-refused", async (page) => {
      await ask(page, base, lang, PEOPLE[0].nik, ["18", "8", "1985"]);
      await page.waitForSelector("[role=alert]");
    }],
    ...PEOPLE.map((person) => [`answer-${person.state}`, answered(person)]),
    ["help", async (page) => {
      await go(page, base, lang, "#/");
      await page.click("header .help");
      await page.waitForSelector("dialog[open]");
    }],
    ["languages", async (page) => {
      await go(page, base, lang, "#/");
      await page.click("header .open");
      await page.waitForSelector("dialog[open]");
    }],
    ["nowhere", at("#/tidak-ada")],
  ];
}

export function designStates(base) {
  return [
    ["design", async (page) => {
      await page.goto(`${base}/design?lang=id`);
      await page.waitForSelector("main h2");
    }],
    ["design, dialog", async (page) => {
      await page.goto(`${base}/design?lang=id`);
      await page.click("text=Buka");
      await page.waitForSelector("dialog[open]");
    }],
  ];
}
