// Pages about claims of who has logged in: by name, and how to get there.
import { placeOf, PLACES } from "./claims_world.mjs";
import { go, settle } from "./faces_states.mjs";

export async function pick(page, value) {
  await page.check(`main input[value='${value}']`, { force: true });
}

export async function onward(page) {
  await page.click("main form button[type=submit]");
}

/** To the question `langkah`, answering those before it. */
export async function untilStep(page, langkah) {
  await page.waitForFunction((wanted) => location.hash.includes(`langkah=${wanted}`), langkah);
  await settle(page);
}

const LINES = {
  day: (page) => page.click("main .row button"),
  place: async (page) => {
    await pick(page, "road");
    await page.fill("#place", "Pasar Gede");
  },
  story: (page) => page.fill("#story", "Terpeleset saat menurunkan karung; Bu Tini melihat."),
  after: async (page) => {
    await pick(page, "recovered");
    await page.fill("#months", "1");
    await page.fill("#days", "5");
  },
  cost: async (page) => {
    await page.fill("#cost", "350000");
    await pick(page, "land");
  },
  heirs: async (page) => {
    await page.check("#heirs", { force: true });
    await page.fill("#children", "2");
  },
  payee: (account, isHeir) => async (page) => {
    await pick(page, "now");
    if (isHeir) {
      await page.selectOption("#payee-relation-0", "spouse");
      await page.fill("#payee-name-0", "Ibu Contoh");
    }
    await page.selectOption("#payee-bank-0", "BRI");
    await page.fill("#payee-account-0", account);
  },
};

/** The answers of each kind, by the step that asks for them; the last leads to the summary. */
export const REPORTS = {
  accident: [
    ["jenis", (page) => pick(page, "accident")], ["hari", LINES.day], ["tempat", LINES.place], ["cerita", LINES.story],
    ["rawat", LINES.after], ["ongkos", LINES.cost], ["bayar", LINES.payee("1234 567-890")],
  ],
  death: [
    ["jenis", (page) => pick(page, "death")], ["hari", LINES.day], ["sebab", (page) => pick(page, "other")], ["cerita", LINES.story],
    ["waris", LINES.heirs], ["bayar", LINES.payee("9988776655", true)],
  ],
  savings: [
    ["jenis", (page) => pick(page, "savings")], ["alasan", (page) => pick(page, "stopped_working")], ["bayar", LINES.payee("1122334455")],
  ],
};

/** Answers the questions of a kind up to `until`, or all. */
export async function answer(page, kind, until) {
  for (const [step, fill] of REPORTS[kind]) {
    if (step !== "jenis") {
      await untilStep(page, step);
    }
    if (step === until) {
      return;
    }
    await fill(page);
    await onward(page);
  }
  await untilStep(page, "periksa");
}

export function claimStates(base, lang, logins) {
  const at = (hash, selector = "main h1") => async (page) => {
    await go(page, base, lang, hash);
    await page.waitForSelector(selector);
    await settle(page);
  };
  const as = (who) => ({ storageState: logins[who] });
  const one = (name, part = "") => at(`#/klaim-ini?ke=${placeOf(name)}${part && `&lihat=${part}`}`, "main .standing, main .panel, main form, main .figure, main li h2");
  const question = (kind, step) => async (page) => {
    await go(page, base, lang, "#/lapor");
    await page.waitForSelector("main form");
    await answer(page, kind, step);
  };
  const wrong = (kind, step) => async (page) => {
    await question(kind, step)(page);
    if (step === "bayar") {
      await pick(page, "now");
    }
    await onward(page);
    await page.waitForSelector("[role=alert]");
  };
  return [
    ["claims", at("#/klaim", "main .standing"), as("full")],
    ["claims-none", at("#/klaim"), as("none")],
    ...PLACES.map((name) => [`claim-${name}`, one(name), as("full")]),
    ["claim-papers", one("lacking", "surat"), as("full")],
    ["claim-money", one("proposed", "uang"), as("full")],
    ["claim-money-paid", one("paid", "uang"), as("full")],
    ["claim-told", one("lacking", "isi"), as("full")],
    ["claim-objection", one("refused", "keberatan"), as("full")],
    ["claim-withdrawal", one("lacking", "tarik"), as("full")],
    ["claim-account", one("returned", "rekening"), as("full")],
    ["claim-unknown", at("#/klaim-ini?ke=99"), as("full")],
    ["claim-change", at(`#/lapor?ubah=${placeOf("lacking")}`, "main .lines"), as("full")],
    ["report", question("accident", "jenis"), as("none")],
    ["report-day", question("accident", "hari"), as("none")],
    ["report-day-wrong", wrong("accident", "hari"), as("none")],
    ["report-place", question("accident", "tempat"), as("none")],
    ["report-story", question("accident", "cerita"), as("none")],
    ["report-after", question("accident", "rawat"), as("none")],
    ["report-cost", question("accident", "ongkos"), as("none")],
    ["report-account-wrong", wrong("accident", "bayar"), as("none")],
    ["report-check", question("accident"), as("none")],
    ["report-cause", question("death", "sebab"), as("none")],
    ["report-heirs", question("death", "waris"), as("none")],
    ["report-heir-account-wrong", wrong("death", "bayar"), as("none")],
    ["report-reason", question("savings", "alasan"), as("none")],
    ["report-offline", async (page) => {
      await question("savings")(page);
      await page.route("**/v1/**", (route) => route.abort("connectionfailed"));
      await page.click("main button.main");
      await page.waitForSelector("main .notice.bad");
    }, as("none")],
  ];
}
