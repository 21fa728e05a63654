// The pictures of docs/screens/: whole pages, in a few languages, views and colours.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { DESK, openPage, PHONE } from "./faces_harness.mjs";
import { claimStates } from "./faces_claims_states.mjs";
import { directorStates } from "./director_states.mjs";
import { smallPng } from "./small_png.mjs";
import { noticeStates } from "./faces_notice.mjs";
import { loginStates, ownStates } from "./faces_own_states.mjs";
import { designStates, workerStates } from "./faces_states.mjs";

const KEY = ["home", "event", "accident", "old-age", "cost-relief", "answer-active", "login", "own-home-active", "own-pay", "own-history"];
const KEY_EN = [...KEY, "claims", "claim-refused", "claim-papers", "claim-money-paid", "report-day-wrong", "report-check"];
const ROUNDS = [
  { lang: "id", view: "phone", options: { viewport: PHONE } },
  { lang: "en", view: "phone", options: { viewport: PHONE }, states: KEY_EN },
  { lang: "jv", view: "phone-dark", options: { viewport: PHONE, dark: true }, states: KEY },
  { lang: "su", view: "phone", options: { viewport: PHONE }, states: KEY },
  { lang: "mad", view: "phone-dark", options: { viewport: PHONE, dark: true }, states: KEY },
  { lang: "id", view: "desk", options: { viewport: DESK }, states: ["home", "trade", "old-age", "cost-relief", "answer-grace", "own-home-active", "own-pay"] },
];

async function shoot(browser, file, visit, options, isDialog) {
  const page = await openPage(browser, options);
  await visit(page);
  if (!isDialog) {
    // As high as the page, so that what sticks to the screen is where people see it: at its end.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.evaluate(() => document.activeElement?.blur());
    await page.setViewportSize({ width: options.viewport.width, height: Math.max(options.viewport.height, height) });
    await page.evaluate(() => scrollTo(0, 0));
  }
  writeFileSync(file, smallPng(await page.screenshot({ animations: "disabled" })));
  await page.context().close();
}

export async function takeScreens(browser, base, folder, logins, codes) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { lang, view, options, states } of ROUNDS) {
    const all = [...workerStates(base, lang), ...loginStates(base, lang), ...ownStates(base, lang, logins), ...claimStates(base, lang, logins), ...noticeStates(base, lang, codes)];
    for (const [name, visit, more] of all) {
      if (!states || states.includes(name)) {
        const file = path.join(folder, `worker-${name}-${lang}-${view}.png`);
        await shoot(browser, file, visit, { ...options, ...more }, ["help", "languages"].includes(name));
      }
    }
  }
  const [[, design]] = designStates(base);
  await shoot(browser, path.join(folder, "design-desk.png"), design, { viewport: DESK }, false);
  await shoot(browser, path.join(folder, "design-phone-dark.png"), design, { viewport: PHONE, dark: true }, false);
}

const DIRECTOR_ROUNDS = [
  { lang: "id", view: "desk", options: { viewport: DESK } },
  { lang: "en", view: "desk-dark", options: { viewport: DESK, dark: true }, states: ["nation"] },
  { lang: "jv", view: "phone", options: { viewport: PHONE }, states: ["province"] },
  { lang: "su", view: "phone-dark", options: { viewport: PHONE, dark: true }, states: ["login"] },
  { lang: "mad", view: "desk", options: { viewport: DESK }, states: ["part"] },
  { lang: "id", view: "phone-dark", options: { viewport: PHONE, dark: true }, states: ["nation"] },
];

export async function takeDirectorScreens(browser, base, folder, logins) {
  mkdirSync(folder, { recursive: true });
  for (const { lang, view, options, states } of DIRECTOR_ROUNDS) {
    for (const [name, visit, more] of directorStates(base, lang, logins)) {
      if (!states || states.includes(name)) {
        const file = path.join(folder, `director-${name}-${lang}-${view}.png`);
        await shoot(browser, file, visit, { ...options, ...more }, name === "explained");
      }
    }
  }
}
