// Pages and states of the directors' face, by name, and how to get there.
import { MONTH } from "./director_world.mjs";

/** Waits until the figures are there and nothing is being counted. */
export async function settled(page) {
  await page.waitForSelector("main h1");
  await page.waitForFunction(() => !document.querySelector("main[aria-busy=true], main .wait"));
}

export async function open(page, base, lang, choices = "") {
  await page.goto(`${base}/figures/?lang=${lang}#/?bulan=${MONTH}${choices}`);
  await settled(page);
}

export function directorStates(base, lang, logins) {
  const at = (choices, selector = "main table") => async (page) => {
    await open(page, base, lang, choices);
    await page.waitForSelector(selector);
  };
  const as = (who) => ({ storageState: logins[who] });
  return [
    ["nation", at("", "svg[role=group]"), as("nation")],
    ["province", at("&wilayah=33&angka=share", "svg[role=group]"), as("nation")],
    ["regency", at("&wilayah=3372"), as("nation")],
    ["village", at("&wilayah=3372011001", ".tile"), as("nation")],
    ["sectors", at("&per=sector&angka=lost", "svg[role=group]"), as("nation")],
    ["part", at("&wilayah=33&sektor=trade&pintu=agent&per=branch"), as("nation")],
    ["branch", at("", "main table"), as("branch")],
    ["explained", async (page) => {
      await at("")(page);
      await page.click(".tile button");
      await page.waitForSelector("dialog[open]");
    }, as("nation")],
    ["table", async (page) => {
      await at("")(page);
      await page.click("figure summary");
      await page.waitForSelector("figure details[open] table");
    }, as("nation")],
    ["login", at("", "main h1"), {}],
    ["forbidden", at("", "main h1"), as("nobody")],
    ["offline", async (page) => {
      await page.route("**/v1/**", (route) => route.abort("connectionfailed"));
      await at("", ".notice.bad")(page);
    }, as("nation")],
    ["refused", at("&wilayah=9999", ".notice.bad"), as("nation")],
  ];
}
