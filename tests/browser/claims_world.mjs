// People with claims in each state, decided through the API by staff of the small agency and paid
// through the program, for the pages of who reported them.
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { appCode } from "./new_phone_cases.mjs";
import { addPerson, logIn } from "./own_people.mjs";
import { TODAY } from "./test_agency.mjs";

const COVERED = [["2025-12-10", 1], ["2026-01-12", 3]];
const person = (nik, phone, paid = COVERED) => ({ nik, phone, trade: "trade", paid });
/** `full` has a claim in each state; the others report their own. */
export const CLAIMANTS = {
  full: person("3372012003700000", "081277000021"),
  none: person("3372012103710000", "081277000022"),
  hurt: person("3372012203720000", "081277000023"),
  heir: person("3372012303730000", "081277000024"),
  saver: person("3372012403740000", "081277000025"),
  papers: person("3372012503750000", "081277000026"),
};
/** Which of the list of `full`, from one on; the days differ, so that no event is claimed twice. */
export const PLACES = ["draft", "lacking", "checking", "complete", "proposed", "approved", "refused", "paid", "returned", "withdrawn"];
export const placeOf = (name) => PLACES.indexOf(name) + 1;

const HURT = { kind: "accident", outcome: "recovered", months_unable: 1, spent: [{ benefit: "jkk-transport-land", rupiah: 750_000 }] };
const ACCIDENT_PAPERS = ["identity-card", "accident-report", "doctor-statement", "bank-book"];
let papers = 0;

/** Before the program serves: where papers lie, and whose account pays. */
export function keepPapers(agency) {
  mkdirSync(path.join(agency.folder, "papers"));
  agency.config = path.join(agency.folder, "claims.toml");
  writeFileSync(agency.config, `[claims]\npapers = "${agency.folder}/papers"\naccount_name = "Jaring"\naccount = "0011223344"\nbank = "BRI"\n`);
  for (const [name, one] of Object.entries(CLAIMANTS)) {
    addPerson(agency, name, one);
  }
}

/** A staff user, asking as her programs do. */
export class Officer {
  constructor(agency, base, email, role) {
    Object.assign(this, { agency, base, email });
    this.user = agency.addUser(email, `Contoh ${role}`, "--role", role, "--scope", "nation", "--second-factor");
  }

  async logIn() {
    const code = appCode(this.user.secret, Date.parse(`${TODAY}T12:00:00+07:00`) / 1000);
    const answer = await fetch(`${this.base}/v1/sessions`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Origin: this.base },
      body: JSON.stringify({ email: this.email, password: this.user.password, code }),
    });
    if (answer.status !== 201) {
      throw new Error(`${this.email} could not log in: ${answer.status} ${await answer.text()}`);
    }
    this.cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
    return this;
  }

  async ask(method, where, body, type = "application/json") {
    const answer = await fetch(`${this.base}${where}`, {
      method,
      headers: {
        Cookie: this.cookie, Origin: this.base, "Content-Type": type,
        "Idempotency-Key": `claims-world-${Math.random()}`,
      },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${method} ${where}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }

  async personOf({ nik }) {
    const { people } = await this.ask("POST", "/v1/people/search", { nik });
    return people[0].person_id;
  }

  step(claim, name, body = {}) {
    return this.ask("POST", `/v1/claims/${claim.claim_number}/${name}`, body);
  }

  async report(who, on, { facts = HURT, payees, codes = ACCIDENT_PAPERS, ...more } = {}) {
    const id = await this.personOf(who);
    const { name } = await this.ask("GET", `/v1/people/${id}`);
    const own = [{ name, institution: "BRI", account: `5500${id}${on.slice(-2)}` }];
    const claim = await this.ask("POST", `/v1/people/${id}/claims`, { facts: { on, ...facts }, payees: payees ?? own, ...more });
    for (const code of codes) {
      await this.ask("POST", `/v1/claims/${claim.claim_number}/papers?code=${code}`, `%PDF-1.4 paper ${++papers}`, "application/octet-stream");
    }
    return claim;
  }
}

/** What the bank says of payouts, as the program takes it from a file. */
function tellOutcome(agency, officer, rows) {
  const file = path.join(agency.folder, "outcome.csv");
  writeFileSync(file, `reference,outcome,on\n${rows.map((row) => row.join(",")).join("\n")}\n`);
  const password = path.join(agency.folder, "password.txt");
  agency.run(TODAY, "payout", "outcome", file, "--as", officer.email, "--password-file", password, "--recovery-code", officer.user.recovery, "--config", agency.config);
}

export async function addClaims(base, agency) {
  const officer = await new Officer(agency, base, "klaim@kantor.id", "claims-officer").logIn();
  const approver = await new Officer(agency, base, "setuju@kantor.id", "approver").logIn();
  const teller = new Officer(agency, base, "bayar@kantor.id", "claims-officer");
  const sender = new Officer(agency, base, "kirim@kantor.id", "claims-officer");
  const { full, papers: bringer } = CLAIMANTS;
  const day = (number) => `2026-02-${String(number).padStart(2, "0")}`;
  await officer.report(full, day(1), { codes: [], draft: true });
  await officer.report(full, day(2), { codes: ["identity-card"] });
  await officer.report(full, day(3));
  await officer.step(await officer.report(full, day(4)), "completion");
  const death = { kind: "accident", outcome: "died", children: 1, heirs: ["spouse"] };
  const widow = [{ name: "Ibu Contoh", relation: "spouse", institution: "BRI", account: "990011223" }];
  const large = await officer.report(full, day(5), { facts: death, payees: widow, codes: ["identity-card", "accident-report", "doctor-statement", "death-certificate", "family-card", "heir-certificate", "bank-book", "tax-number"] });
  const decide = async (claim) => {
    await officer.step(claim, "completion");
    return officer.step(claim, "approval");
  };
  await decide(large);
  const waiting = await officer.report(full, day(6));
  const refused = await officer.report(full, day(7));
  await officer.step(refused, "refusal", { reason_code: "not_work_related", note: "Menurut laporan polisi, kejadiannya bukan dalam perjalanan kerja." });
  const paid = await decide(await officer.report(full, day(8)));
  const returned = await decide(await officer.report(full, day(9)));
  const run = await officer.ask("POST", "/v1/payout_runs", {});
  await approver.ask("POST", `/v1/payout_runs/${run.run_id}/release`, {});
  agency.run(TODAY, "payout", "file", String(run.run_id), "--out", path.join(agency.folder, "run.xml"), "--as", sender.email,
    "--password-file", path.join(agency.folder, "password.txt"), "--recovery-code", sender.user.recovery, "--config", agency.config);
  tellOutcome(agency, teller, [[paid.payouts[0].reference, "paid", TODAY], [returned.payouts[0].reference, "failed", TODAY]]);
  await decide(waiting);
  const taken = await officer.report(full, day(10), { codes: [] });
  await officer.step(taken, "withdrawal");
  await officer.report(bringer, day(3), { codes: [] });
  return officer;
}

export async function logInClaimants(browser, base) {
  const states = {};
  for (const [name, one] of Object.entries(CLAIMANTS)) {
    states[name] = await logIn(browser, base, one);
  }
  return states;
}
