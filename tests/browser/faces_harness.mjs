// What the tests of the faces share: a counter, the browser, a page that reports its own errors.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { TODAY } from "./test_agency.mjs";

const require = createRequire(import.meta.url);
const { chromium } = require("playwright-core");
const axeSource = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const PHONE = { width: 360, height: 720 };
export const DESK = { width: 1280, height: 900 };
export const LANGUAGES = ["id", "en", "jv", "su", "mad"];

export class Counter {
  passed = 0;
  failed = 0;

  check(name, truth, detail = "") {
    truth ? ++this.passed : ++this.failed;
    if (!truth) {
      console.log(`FAILED ${name}${detail && `\n    ${detail}`}`);
    }
  }

  finish() {
    console.log(`${this.passed} passed, ${this.failed} failed`);
    process.exitCode = this.failed === 0 && this.passed > 0 ? 0 : 1;
  }
}

/** Chromium without its window, which shows a page in half the time; CHROMIUM names another. */
export async function launch() {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium-headless-shell";
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}

/** Runs every task, two at a time: a page waits for its server, and axe is busy on one core. */
export async function inLanes(tasks) {
  const waiting = [...tasks];
  const lane = async () => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      await task();
    }
  };
  await Promise.all([lane(), lane()]);
}

/** A browser of its own (nothing kept from others), on the day the agency lives in. */
export async function openPage(browser, { viewport = PHONE, dark = false, workers = false, ...more } = {}) {
  const context = await browser.newContext({
    viewport,
    colorScheme: dark ? "dark" : "light",
    serviceWorkers: workers ? "allow" : "block",
    ...more,
  });
  await context.clock.setFixedTime(new Date(`${TODAY}T12:00:00+07:00`));
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) {
      page.complaints.push(`${message.type()}: ${message.text()}`);
    }
  });
  page.setDefaultTimeout(30_000);
  return page;
}

/**
 * What axe finds, one line each. The whole page is made visible first: what the bar at the bottom
 * happens to cover in one scroll position is no small target.
 */
export async function violations(page) {
  const { width, height } = page.viewportSize();
  const whole = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.max(height, whole) });
  if (!(await page.evaluate(() => "axe" in window))) {
    await page.evaluate(axeSource);
  }
  const found = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
  await page.setViewportSize({ width, height });
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(" ; ")}`);
}

/** Pixels by which the page is wider than the screen. */
export async function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
