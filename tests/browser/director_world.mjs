// A small invented nation, and the staff who look at its figures: each sees what her role may.
import { openPage } from "./faces_harness.mjs";
import { appCode } from "./new_phone_cases.mjs";
import { Agency, TODAY } from "./test_agency.mjs";

/** The last month the nation paid for; the month of TODAY has hardly begun. */
export const MONTH = "2026-02";

/** `user` is added when she is made. */
export const STAFF = {
  nation: { email: "direktur@kantor.id", role: "analyst", scope: "nation" },
  region: { email: "wilayah@kantor.id", role: "analyst", scope: "region:33" },
  branch: { email: "cabang@kantor.id", role: "branch-staff", scope: "branch:surakarta" },
  nobody: { email: "agen@kantor.id", role: "agent", scope: "branch:surakarta" },
};

export function makeNation(binary) {
  return new Agency(binary, ["demo", "--scenario", "nation", "--scale", "0.0002"]);
}

const SEVERAL = 6;

/**
 * The browser's state of each who has logged in. Those of the nation take turns: one alone may ask
 * for so many figures in a minute, and the tests are faster than a reader.
 */
export async function logInStaff(browser, base, agency) {
  const states = {};
  for (const [name, who] of Object.entries(STAFF)) {
    states[name] = await logIn(browser, base, agency, name, who);
  }
  const nation = [states.nation];
  while (nation.length < SEVERAL) {
    const email = `direktur${nation.length}@kantor.id`;
    nation.push(await logIn(browser, base, agency, "nation", { ...STAFF.nation, email }));
  }
  let turn = 0;
  Object.defineProperty(states, "nation", { get: () => nation[turn++ % SEVERAL] });
  return states;
}

async function logIn(browser, base, agency, name, who) {
  const { email, role, scope } = who;
  const staff = agency.addUser(email, `Contoh ${name}`, "--role", role, "--scope", scope, "--second-factor");
  const page = await openPage(browser);
  await page.goto(`${base}/design`);
  const code = appCode(staff.secret, Date.parse(`${TODAY}T12:00:00+07:00`) / 1000);
  const status = await page.evaluate(async (body) => {
    const answer = await fetch("/v1/sessions", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    return answer.status;
  }, { email: staff.email, password: staff.password, code });
  if (status !== 201) {
    throw new Error(`${name} could not log in: ${status}`);
  }
  const state = await page.context().storageState();
  await page.context().close();
  who.user = staff;
  return state;
}

/** What the command line says of the same part. */
export function told(agency, command, ...more) {
  return JSON.parse(agency.run(TODAY, command, "--month", MONTH, "--json", ...more));
}

export const digits = (text) => Number(text.replace(/[^\d]/g, ""));
