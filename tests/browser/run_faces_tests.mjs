// The faces in Chromium against the real program: every page and state in every language, on phone
// and desk, light and dark, for accessibility (axe-core, WCAG 2.2 AA), sideways scrolling and errors
// of their own; then the ways people go through them. Last line: "P passed, F failed".
//
// usage: node tests/browser/run_faces_tests.mjs [BINARY] [--shots FOLDER | --only pages|journeys|own|claims|notice|desk|director|lines]
//
// --shots only takes the pictures of docs/screens/, for people to look at.
import path from "node:path";
import { fileURLToPath } from "node:url";
import { Counter, DESK, inLanes, launch, LANGUAGES, openPage, PHONE, sideways, violations } from "./faces_harness.mjs";
import { journeys } from "./faces_journeys.mjs";
import { offlineJourneys } from "./faces_offline.mjs";
import { addClaims, keepPapers, logInClaimants } from "./claims_world.mjs";
import { claimJourneys, claimRounds, KEY_STATES, unspoken } from "./faces_claims.mjs";
import { claimStates } from "./faces_claims_states.mjs";
import { claimFigureTests } from "./faces_claim_figures.mjs";
import { deskTests } from "./faces_desk.mjs";
import { directorTests, withNation } from "./faces_director.mjs";
import { slowLines } from "./faces_lines.mjs";
import { runsTests } from "./faces_runs.mjs";
import { addNotices, largeNoticeStates, noticeJourneys, noticeRounds } from "./faces_notice.mjs";
import { takeDirectorScreens, takeScreens } from "./faces_screens.mjs";
import { ownJourneys } from "./faces_own_journeys.mjs";
import { loginStates, ownStates } from "./faces_own_states.mjs";
import { designStates, workerStates } from "./faces_states.mjs";
import { addOwnPeople, logInAll } from "./own_people.mjs";
import { Agency } from "./test_agency.mjs";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const words = process.argv.slice(2);
const take = (name) => {
  const at = words.indexOf(name);
  return at >= 0 ? words.splice(at, 2)[1] : undefined;
};
const shots = take("--shots");
const only = take("--only");
const binary = path.resolve(words[0] ?? path.join(root, "build/release/jaring"));
const counter = new Counter();

/** A refused form answers 422, an unknown code 404, and one state cuts the line: Chromium calls that an error, we do not. */
function ownComplaints(page) {
  return page.complaints.filter((line) => !/status of (404|422)|ERR_CONNECTION_FAILED|Service Worker registration blocked/.test(line));
}

async function lookAt(browser, name, lang, visit, options) {
  const page = await openPage(browser, options);
  try {
    await visit(page);
    counter.check(`${name}: lang`, (await page.getAttribute("html", "lang")) === lang);
    const bare = await unspoken(page);
    counter.check(`${name}: words`, bare.length === 0, bare.join(" "));
    const found = await violations(page);
    counter.check(`${name}: axe`, found.length === 0, found.join("\n    "));
    const wider = await sideways(page);
    counter.check(`${name}: fits`, wider <= 0, `${wider} px too wide`);
    counter.check(`${name}: no errors`, ownComplaints(page).length === 0, ownComplaints(page).join("; "));
  } catch (error) {
    counter.check(name, false, `${error.message}\n    ${page.complaints.join("; ")}`);
  }
  await page.context().close();
}

/** Every state of the worker's face: name, way there, and who has logged in before. */
function allStates(base, lang, logins) {
  return [...workerStates(base, lang), ...loginStates(base, lang), ...ownStates(base, lang, logins)];
}

/** Letters twice as large: half the room. */
function lookLarge(browser, states) {
  return states.map(([name, visit, more]) => async () => {
    const page = await openPage(browser, { viewport: { width: 180, height: 360 }, deviceScaleFactor: 2, ...more });
    await visit(page).catch((error) => page.complaints.push(error.message));
    const wider = await sideways(page);
    counter.check(`${name}, 200 %: fits`, wider <= 0 && ownComplaints(page).length === 0, `${wider} px; ${ownComplaints(page)}`);
    await page.context().close();
  });
}

async function lookAtPages(browser, base, logins) {
  const views = (lang) =>
    lang === "id"
      ? [["phone", { viewport: PHONE }], ["phone-dark", { viewport: PHONE, dark: true }],
         ["desk", { viewport: DESK }], ["desk-dark", { viewport: DESK, dark: true }]]
      : [["phone", { viewport: PHONE, dark: lang === "jv" || lang === "mad" }]];
  const looks = lookLarge(browser, allStates(base, "jv", logins));
  for (const lang of LANGUAGES) {
    for (const [view, options] of views(lang)) {
      for (const [name, visit, more] of allStates(base, lang, logins)) {
        looks.push(() => lookAt(browser, `${name}, ${lang}, ${view}`, lang, visit, { ...options, ...more }));
      }
    }
  }
  for (const [view, options] of views("id")) {
    for (const [name, visit] of designStates(base)) {
      looks.push(() => lookAt(browser, `${name}, ${view}`, "id", visit, options));
    }
  }
  await inLanes(looks);
}

/** Each state of each round, and some with letters twice as large. */
async function lookAtRounds(browser, rounds, large) {
  const looks = lookLarge(browser, large);
  for (const { lang, view, dark, states } of rounds) {
    for (const [name, visit, more] of states) {
      const options = { viewport: view === "desk" ? DESK : PHONE, dark, ...more };
      looks.push(() => lookAt(browser, `${name}, ${lang}, ${view}${dark ? ", dark" : ""}`, lang, visit, options));
    }
  }
  await inLanes(looks);
}

async function claimTests(browser, base) {
  const logins = await logInClaimants(browser, base);
  await lookAtRounds(browser, claimRounds(base, logins), claimStates(base, "jv", logins).filter(([name]) => KEY_STATES.includes(name)));
  await claimJourneys(browser, base, counter, logins);
}

async function noticeTests(browser, base, agency) {
  const codes = await addNotices(base, agency);
  await lookAtRounds(browser, noticeRounds(base, codes), largeNoticeStates(base, codes));
  await noticeJourneys(browser, base, counter, codes);
}

const agency = new Agency(binary);
agency.fill();
addOwnPeople(agency);
keepPapers(agency);
const base = await agency.serve();
const browser = await launch();
try {
  const showsClaims = shots || !only || only === "claims";
  if (showsClaims) {
    await addClaims(base, agency);
  }
  const logins = ["lines", "desk", "director", "claims", "notice"].includes(only) ? {} : await logInAll(browser, base, agency);
  if (shots) {
    await takeScreens(browser, base, path.resolve(shots), { ...logins, ...(await logInClaimants(browser, base)) }, await addNotices(base, agency));
    await withNation(browser, binary, (nation, staff) => takeDirectorScreens(browser, nation, path.resolve(shots), staff));
    counter.check("pictures", true);
  } else {
    const parts = {
      pages: () => lookAtPages(browser, base, logins),
      journeys: async () => {
        await journeys(browser, base, counter);
        await offlineJourneys(browser, binary, root, counter);
      },
      own: () => ownJourneys(browser, base, counter, logins, agency),
      claims: () => claimTests(browser, base),
      notice: () => noticeTests(browser, base, agency),
      director: () => directorTests(browser, binary, counter),
      desk: async () => {
        await deskTests(browser, binary, counter);
        await runsTests(browser, binary, counter);
        await claimFigureTests(browser, binary, counter);
      },
      lines: () => slowLines(browser, base, counter),
    };
    for (const [name, run] of Object.entries(parts)) {
      if (!only || only === name) {
        await run();
      }
    }
  }
} catch (error) {
  counter.check("the tests run to their end", false, error.stack);
}
await browser.close();
await agency.stop();
agency.remove();
counter.finish();
