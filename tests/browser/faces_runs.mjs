// Payment runs at the desk in Chromium, against the real program: an approved claim from the run to
// the bank's answer, by an officer and an approver; who may not do what; every state looked at.
import { readFileSync } from "node:fs";
import { complaints, keepClaims, logIn, look, put, report } from "./faces_desk.mjs";
import { Agency, PEOPLE, TODAY } from "./test_agency.mjs";

const STAFF = {
  officer: ["claims-officer", "nation"],
  approver: ["approver", "nation"],
  auditor: ["auditor", "nation"],
  branch: ["branch-staff", "branch:surakarta"],
};
const ACCOUNT = "account_name = 'Badan Contoh'\naccount = '0012345678'\nbank = 'BNI'\n";
const step = (words) => `.steps button:has-text("${words}")`;
const tag = (page) => page.innerText(".sum .tag");
const open = async (page, base, hash) => {
  await page.goto("about:blank");
  await page.goto(`${base}/desk/?lang=id#/${hash}`);
  await page.waitForSelector("main[aria-busy=false] h1");
};

/** Presses twice, as people do, and waits until the dialog has gone. */
async function agree(page) {
  await page.dblclick("dialog[open] button[type=submit]");
  await page.waitForSelector("dialog[open]", { state: "detached" });
}

async function giveFile(page, name, text) {
  await page.setInputFiles(".bank input[type=file]", { name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.click('.bank button:has-text("Catat jawaban bank")');
  await page.waitForSelector("dialog[open]");
}

function statusFile(reference) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>
<GrpHdr><MsgId>B1</MsgId><CreDtTm>${TODAY}T10:00:00+07:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>JARING-RUN-2</OrgnlMsgId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>JARING-RUN-2</OrgnlPmtInfId>
<TxInfAndSts><OrgnlEndToEndId>${reference}</OrgnlEndToEndId><TxSts>ACSC</TxSts></TxInfAndSts>
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`;
}

async function approve({ officer, approver }, number) {
  await put(officer, "POST", `/v1/claims/${number}/completion`, {});
  await put(officer, "POST", `/v1/claims/${number}/approval`, {});
  return (await put(approver, "POST", `/v1/claims/${number}/approval`, {})).told;
}

async function makeRun(at, name) {
  const { officer, check } = at;
  await officer.click('.panel button:has-text("Buat daftar bayar")');
  await officer.waitForSelector('dialog[open] p:has-text("1 klaim disetujui")');
  await look(officer, check, `${name}, asked`);
  await agree(officer);
  await officer.waitForSelector('h1:has-text("Daftar bayar")');
}

async function madeAndCancelled(at) {
  const { base, check, officer } = at;
  await open(officer, base, "");
  await officer.click('header nav a:has-text("Pembayaran")');
  await officer.waitForSelector('h1:text-is("Pembayaran")');
  await officer.waitForSelector('.notice:has-text("Belum ada daftar bayar")');
  await look(officer, check, "no runs yet");
  await makeRun(at, "first run");
  check("two presses make one run", (await put(officer, "GET", "/v1/payout_runs")).told.runs.length === 1);
  await officer.click(step("Batalkan"));
  await agree(officer);
  await officer.waitForSelector('.sum .tag:has-text("Dibatalkan")');
  await look(officer, check, "cancelled run");
  await officer.click(".back a");
  await officer.waitForSelector('li a:text-is("Daftar bayar 1")');
  await look(officer, check, "list of runs");
}

async function notByItsMaker(at, reference) {
  const { base, check, officer, agency } = at;
  await makeRun(at, "second run");
  check("the run holds the claim's payout", (await officer.innerText("main table")).includes(reference));
  check("its maker is told that another releases it", (await officer.innerText(".steps")).includes("Yang membuat daftar tidak boleh melepasnya"));
  check("its maker has no button for it", (await officer.$(step("Lepas"))) === null);
  check("nor a way around it", (await put(officer, "POST", "/v1/payout_runs/2/release", {})).status === 403);
  await look(officer, check, "run that was made");
  agency.run(TODAY, "user", "grant", "officer@kantor.id", "--role", "approver");
  const switched = await put(officer, "PUT", "/v1/sessions/current", { role: "approver" });
  check("who has two roles may change them", switched.status === 200, JSON.stringify(switched));
  await open(officer, base, "bayar?daftar=2");
  await officer.click(step("Lepas"));
  await officer.click("dialog[open] button[type=submit]");
  await officer.waitForSelector('dialog[open] .notice:has-text("harus orang lain")');
  await look(officer, check, "release refused");
  await put(officer, "PUT", "/v1/sessions/current", { role: "claims-officer" });
}

async function releasedAndSent({ base, check, officer, approver, net }, reference) {
  await open(approver, base, "bayar?daftar=2");
  await look(approver, check, "run to release");
  await approver.click(step("Lepas"));
  const asked = (await approver.innerText("dialog[open]")).replace(/\s+/g, " ");
  check("the dialog names sum and number", asked.includes("Banyaknya pembayaran 1") && asked.includes(new Intl.NumberFormat("id-ID").format(net)), asked);
  await look(approver, check, "release, asked");
  await agree(approver);
  await approver.waitForSelector('.notice:has-text("Daftar ini dilepas")');
  check("it is released", (await tag(approver)) === "Dilepas");
  check("an approver neither sends nor books", (await approver.locator(".steps button:visible, .bank").count()) === 0);
  await open(officer, base, "bayar?daftar=2");
  check("no file before it is sent", (await officer.$(step("Ambil berkas"))) === null);
  await officer.click(step("Catat dikirim"));
  await look(officer, check, "sending, asked");
  await agree(officer);
  await officer.waitForSelector(step("Ambil berkas"));
  await look(officer, check, "run that was sent");
  const [download] = await Promise.all([officer.waitForEvent("download"), officer.click(step("Ambil berkas"))]);
  const text = readFileSync(await download.path(), "utf8");
  check("the file names the payout", download.suggestedFilename() === "run-2.xml" && text.includes(`<EndToEndId>${reference}</EndToEndId>`), text.slice(0, 300));
}

async function answeredByTheBank({ base, check, officer }, reference, number) {
  await giveFile(officer, "catatan.txt", "selamat pagi");
  await look(officer, check, "answer, asked");
  await agree(officer);
  await officer.waitForSelector('.bank .notice.bad:has-text("bukan CSV kami")');
  await look(officer, check, "nonsense refused");
  await giveFile(officer, "bank.csv", `reference,outcome,on\n${reference},mungkin,${TODAY}\n`);
  await agree(officer);
  await officer.waitForSelector('.told li:has-text("Baris 2")');
  check("a bad line is told and changes nothing", (await officer.innerText(".told")).includes("Tidak ada yang berubah") && (await officer.innerText("main table")).includes("Dikirim ke bank"));
  await look(officer, check, "a line refused");
  await giveFile(officer, "bank.xml", statusFile(reference));
  await agree(officer);
  await officer.waitForSelector('.told .good:has-text("Jawaban bank dicatat")');
  await officer.waitForSelector('.steps:has-text("Bank sudah menjawab")');
  await look(officer, check, "run that was answered");
  await giveFile(officer, "bank.xml", statusFile(reference));
  await agree(officer);
  await officer.waitForSelector('.told:has-text("Tidak ada yang berubah")');
  check("the same file again is known", (await officer.innerText(".told dl")).replace(/\s+/g, " ").startsWith("Baru dicatat 0 Sudah diketahui atau belum pasti 1"));
  await open(officer, base, `klaim?nomor=${number}`);
  await officer.waitForSelector(".standing");
  check("the claim is paid", (await officer.innerText(".standing")).startsWith("Dibayar"));
}

async function seenByOthers({ base, check, auditor, branch }) {
  await open(auditor, base, "bayar?daftar=2");
  check("an auditor has no steps", (await auditor.locator("main button:visible").count()) === 0);
  check("and sees no name", !(await auditor.innerText("main table")).includes("onerror"));
  await look(auditor, check, "run for an auditor");
  await open(branch, base, "bayar");
  await branch.waitForSelector('h1:has-text("tidak boleh melihat pembayaran")');
  check("a branch has no way there", (await branch.$("header nav a:has-text(\"Pembayaran\")")) === null);
  await look(branch, check, "no runs for a branch");
}

export async function runsTests(browser, binary, counter) {
  const check = (what, truth, detail) => counter.check(`runs: ${what}`, truth, detail);
  const agency = new Agency(binary);
  const staff = {};
  try {
    agency.fill();
    keepClaims(agency, ACCOUNT);
    const base = await agency.serve();
    for (const [name, role] of Object.entries(STAFF)) {
      staff[name] = await logIn(browser, base, agency, name, role);
    }
    const number = await report(staff.officer, PEOPLE[0].nik);
    const { net, payouts } = await approve(staff, number);
    const [{ reference }] = payouts;
    const at = { base, check, agency, net, ...staff };
    await madeAndCancelled(at);
    await notByItsMaker(at, reference);
    await releasedAndSent(at, reference);
    await answeredByTheBank(at, reference, number);
    await seenByOthers(at);
    for (const [name, page] of Object.entries(staff)) {
      check(`${name}: no errors`, complaints(page).length === 0, complaints(page).join("; "));
      await page.context().close();
    }
  } catch (error) {
    check("runs to its end", false, `${error.stack}\n${await staff.officer?.innerText("main")}`);
  }
  await agency.stop?.();
  agency.remove();
}
