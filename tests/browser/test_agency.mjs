// A small agency on SQLite with one person in each state of cover, served by the real program: what
// the tests with a browser look at.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";

export const TODAY = "2026-03-15";
export const STAFF = { email: "siti@kantor.id", password: "sawah hijau di kaki bukit" };

// One person for each state: when they joined and paid decides it.
export const PEOPLE = [
  { state: "active", nik: "3372015708850000", born: ["17", "8", "1985"], sex: "female", paid: "2026-03-10" },
  { state: "grace", nik: "3372010305880000", born: ["3", "5", "1988"], sex: "male", paid: "2026-01-10" },
  { state: "lapsed", nik: "3372014101900000", born: ["1", "1", "1990"], sex: "female", paid: "2025-08-10" },
  { state: "never", nik: "3372011112910000", born: ["11", "12", "1991"], sex: "male" },
];

/** An agency with one person in each state, in a folder of its own. */
export class Agency {
  /** `make`: the command that makes it. */
  constructor(binary, make = ["init", "--demo"]) {
    this.binary = binary;
    this.folder = mkdtempSync(path.join(os.tmpdir(), "jaring-browser-"));
    this.run(TODAY, ...make);
  }

  addUser(email, name, ...more) {
    const file = path.join(this.folder, "password.txt");
    writeFileSync(file, `${STAFF.password}\n`);
    const printed = this.run(TODAY, "user", "add", email, "--name", name, "--password-file", file, ...more);
    return {
      email,
      password: STAFF.password,
      secret: /secret=([A-Z2-7]+)/.exec(printed)?.[1],
      recovery: /recovery code: (\S+)/.exec(printed)?.[1],
    };
  }

  run(today, ...command) {
    return execFileSync(this.binary, [...command, "--db", `sqlite:${this.folder}/agency.db`, "--today", today], {
      encoding: "utf8",
    });
  }

  fill() {
    this.run(TODAY, "group", "add", "pasar", "Pasar Gede", "--kind", "association", "--branch", "surakarta");
    this.run(TODAY, "partner", "add", "pos", "Kantor Pos");
    for (const [n, person] of PEOPLE.entries()) {
      const born = [person.born[2], person.born[1].padStart(2, "0"), person.born[0].padStart(2, "0")].join("-");
      const list = path.join(this.folder, `people${n}.csv`);
      writeFileSync(list, "nik,name,birth_date,sex,village_code,phone,trade,income,programmes,language\n" +
        `${person.nik},Siti Contoh Rekaan,${born},${person.sex},3372011001,0812345678${90 + (n > 1 ? 2 : n)},trade,1000000,JKK JKM JHT,id\n`);
      const day = person.paid ?? TODAY;
      const [member] = JSON.parse(this.run(day, "enrol", list, "--group", "pasar", "--json", "--list")).members;
      if (person.paid) {
        const payments = path.join(this.folder, `payments${n}.csv`);
        writeFileSync(payments, "bill_code,nik,amount,paid_at,reference,channel\n" +
          `${member.bill_code},,${36800},${day} 09:00,R-${n},counter\n`);
        this.run(day, "collect", payments, "--partner", "pos");
      }
    }
  }

  /** Where this agency's users log in with their office account. */
  async setProvider(issuer) {
    const probe = createServer();
    await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
    this.port = probe.address().port;
    await new Promise((resolve) => probe.close(resolve));
    const secret = path.join(this.folder, "secret");
    writeFileSync(secret, "rahasia\n", { mode: 0o600 });
    this.config = path.join(this.folder, "jaring.toml");
    writeFileSync(this.config, `[server]\npublic_url = 'http://127.0.0.1:${this.port}'\n[oidc]\nissuer = '${issuer}'\n` +
      `client_id = 'jaring'\nclient_secret_file = '${secret}'\n`);
  }

  async serve() {
    const config = this.config ? ["--config", this.config] : [];
    const server = spawn(this.binary, ["serve", ...config, ...(this.options ?? []), "--db", `sqlite:${this.folder}/agency.db`, "--today", TODAY,
      "--listen", `127.0.0.1:${this.port ?? 0}`]);
    const port = await new Promise((resolve, reject) => {
      server.stdout.on("data", (data) => resolve(/port (\d+)/.exec(String(data))?.[1]));
      server.on("exit", () => reject(new Error("the server did not start")));
    });
    this.stop = () => new Promise((resolve) => {
      server.on("exit", resolve);
      server.kill("SIGTERM");
    });
    return `http://127.0.0.1:${port}`;
  }

  remove() {
    rmSync(this.folder, { recursive: true });
  }
}
