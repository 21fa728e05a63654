// People of the small agency who log in to the app: each with a phone of her own but for a family
// that shares one; how they stand is decided by when they joined and paid.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { openPage } from "./faces_harness.mjs";
import { appCode } from "./new_phone_cases.mjs";
import { TODAY } from "./test_agency.mjs";

const FAMILY = "081277000006";
export const OWN = {
  active: { nik: "3372011203800000", phone: "081277000001", trade: "motorcycle-taxi-online", paid: [["2025-12-10", 1], ["2026-01-12", 3]] },
  grace: { nik: "3372011303810000", phone: "081277000002", trade: "trade", paid: [["2026-01-10", 1]] },
  lapsed: { nik: "3372011403820000", phone: "081277000003", trade: "trade", paid: [["2025-08-10", 1]] },
  never: { nik: "3372011503830000", phone: "081277000004", trade: "trade", paid: [] },
  comer: { nik: "3372011603840000", phone: "081277000005", trade: "trade", paid: [["2026-03-02", 1]] },
  mother: { nik: "3372015703850000", phone: FAMILY, trade: "trade", paid: [] },
  father: { nik: "3372011803860000", phone: FAMILY, trade: "trade", paid: [] },
  payer: { nik: "3372011903870000", phone: "081277000007", trade: "trade", paid: [] },
};

/** The day of birth is in the NIK; women have forty more on the day. */
function birthOf(nik) {
  const day = Number(nik.slice(6, 8));
  return { born: `19${nik.slice(10, 12)}-${nik.slice(8, 10)}-${String(day % 40).padStart(2, "0")}`, sex: day > 40 ? "female" : "male" };
}

/** Money for the next `months` months, exactly what the bill of that day says. */
export function pay(agency, person, day, months) {
  const bill = agency.run(day, "bill", person.nik, "--months", String(months), "--json");
  const { bill_code: code, to_pay: amount } = JSON.parse(bill);
  const file = path.join(agency.folder, `own-payment-${person.nik}-${day}.csv`);
  writeFileSync(file, `bill_code,nik,amount,paid_at,reference,channel\n${code},,${amount},${day} 09:00,OWN-${person.nik.slice(6)}-${day},counter\n`);
  agency.run(day, "collect", file, "--partner", "pos");
}

export function addPerson(agency, name, person) {
  const { born, sex } = birthOf(person.nik);
  const list = path.join(agency.folder, `own-${name}.csv`);
  writeFileSync(list, "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n" +
    `${person.nik},${sex === "female" ? "Wati" : "Darto"} Rekaan ${name},${born},${sex},3372011001,${person.phone},${person.trade},1000000,JKK JKM JHT,id\n`);
  agency.run(person.paid[0]?.[0] ?? TODAY, "enrol", list, "--group", "pasar");
  for (const [day, months] of person.paid) {
    pay(agency, person, day, months);
  }
}

export function addOwnPeople(agency) {
  for (const [name, person] of Object.entries(OWN)) {
    addPerson(agency, name, person);
  }
}

/** Somebody at a counter opens her record, which she can read of later. */
export async function staffLooks(browser, base, agency, person) {
  const staff = agency.addUser("rina@kantor.id", "Rina Contoh", "--role", "branch-staff", "--scope", "branch:surakarta", "--second-factor");
  const page = await openPage(browser);
  await page.goto(`${base}/app/`);
  const code = appCode(staff.secret, Date.parse(`${TODAY}T12:00:00+07:00`) / 1000);
  const status = await page.evaluate(async ({ email, password, code, nik }) => {
    const post = (path, body) => fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    await post("/v1/sessions", { email, password, code });
    const found = await (await post("/v1/people/search", { nik })).json();
    return (await fetch(`/v1/people/${found.people[0].person_id}`)).status;
  }, { ...staff, code, nik: person.nik });
  if (status !== 200) {
    throw new Error(`the staff user saw nothing: ${status}`);
  }
  await page.context().close();
}

/** The code that was sent to a phone, from the demo's outbox; asked for from within a page. */
export async function codeFor(page, phone) {
  for (let n = 0; n < 100; ++n) {
    const found = await page.evaluate(async (digits) => {
      const text = await (await fetch("/outbox?lang=id")).text();
      // As text: parsing it here would apply this page's policy to the other's styles.
      const mine = text.split("<li>").find((one) => one.includes(digits) && one.includes("kode masuk"));
      return /Anda (\d{6})\./.exec(mine ?? "")?.[1];
    }, phone.slice(1));
    if (found) {
      return found;
    }
  }
  throw new Error("no code was sent");
}

/** Logs in through the app's own pages; the browser's state, to be given to other contexts. */
export async function logIn(browser, base, person) {
  const page = await openPage(browser, { userAgent: `test of ${person.phone}` });
  await page.goto(`${base}/app/?lang=id#/masuk`);
  await page.fill("#phone", person.phone);
  await page.click("form button[type=submit]");
  await page.waitForSelector("#code");
  await page.fill("#code", await codeFor(page, person.phone));
  await page.click("form button[type=submit]");
  await page.waitForSelector("section.state");
  const state = await page.context().storageState();
  await page.context().close();
  return state;
}

export async function logInAll(browser, base, agency) {
  await staffLooks(browser, base, agency, OWN.active);
  const states = {};
  for (const name of ["active", "grace", "lapsed", "never", "payer"]) {
    states[name] = await logIn(browser, base, OWN[name]);
  }
  return states;
}
