// The app without a connection, and a new version of it that arrives while somebody types.
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import os from "node:os";
import path from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { openPage } from "./faces_harness.mjs";
import { go, settle } from "./faces_states.mjs";
import { Agency } from "./test_agency.mjs";

/** The program's data beside a copy of the built faces, which may then be changed. */
function ownRoot(root) {
  const folder = mkdtempSync(path.join(os.tmpdir(), "jaring-faces-"));
  for (const name of ["data", "schemes", "migrations", "api"]) {
    symlinkSync(path.join(root, name), path.join(folder, name));
  }
  cpSync(path.join(root, "web/dist"), path.join(folder, "web/dist"), { recursive: true });
  return folder;
}

function publishNewVersion(folder) {
  const file = path.join(folder, "web/dist/sw.js");
  const text = readFileSync(file, "utf8").replace(/const VERSION = '[^']+'/, "const VERSION = 'newer'");
  writeFileSync(file, text);
  writeFileSync(`${file}.gz`, gzipSync(text));
  writeFileSync(`${file}.br`, brotliCompressSync(Buffer.from(text)));
}

async function freePort() {
  const probe = createServer();
  await new Promise((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

/** Waits until the app is kept for later. */
async function untilKept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** Waits until all words of a language are kept, also those of pages she has not seen. */
async function untilSpoken(page, lang) {
  await page.waitForFunction(async (code) => {
    const files = JSON.parse(/WORDS = (\{.*\});/.exec(await (await fetch("/app/sw.js")).text())[1])[code];
    const kept = await Promise.all(files.map((file) => caches.match(file)));
    return files.length >= 3 && kept.every(Boolean);
  }, lang);
}

async function worksWithoutConnection(page, base, check) {
  await go(page, base, "id", "#/");
  await untilKept(page);
  await page.click("header .open");
  await page.click("dialog [lang=mad]");
  await page.waitForSelector("html[lang=mad]");
  await untilSpoken(page, "mad");
  await page.context().setOffline(true);
  await page.reload();
  await settle(page);
  check("the app opens without a connection", (await page.innerText("h1")).length > 0);
  await page.waitForSelector(".notice.warn");
  check("and says that there is none", true);
  for (const [hash, selector] of [["#/iuran", "main .figure"], ["#/manfaat?kerja=fisher&kejadian=jht", "main svg[role=img]"]]) {
    await page.goto(`${base}/app/${hash}`);
    await page.waitForSelector(selector);
    check(`${hash} works without a connection`, (await page.innerText("main")).includes("Rp"));
  }
  check("the language that was chosen is there too", (await page.getAttribute("html", "lang")) === "mad");
  await page.click("header .open");
  await page.click("dialog [lang=su]");
  await page.waitForSelector("dialog .notice.warn");
  check("another says that it needs the internet once", (await page.getAttribute("html", "lang")) === "mad");
  await page.click("dialog [lang=id]");
  await page.waitForSelector("html[lang=id]");
  check("Indonesian is always there", true);
  const kept = await page.evaluate(async () => {
    const names = await caches.keys();
    const urls = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map((one) => one.url)));
    return urls.flat();
  });
  check("nothing of people is kept", kept.every((url) => /\/(app|web)\//.test(url) && !url.includes("?")), kept.join(" "));
  await page.context().setOffline(false);
}

async function updateKeepsWhatWasTyped(page, base, check, restart) {
  await go(page, base, "id", "#/cek");
  await untilKept(page);
  await page.fill("#nik", "33720157");
  await restart();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration("/app/")).update());
  await page.waitForSelector("main .news .notice");
  check("a new version waits and says so", (await page.inputValue("#nik")) === "3372 0157");
  await Promise.all([page.waitForEvent("load"), page.click("main .news button")]);
  await settle(page);
  check("what was typed is still there with the new version", (await page.inputValue("#nik")) === "3372 0157");
  check("the old version is gone", await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith("jaring-app-")).join()) === "jaring-app-newer");
}

export async function offlineJourneys(browser, binary, root, counter) {
  const folder = ownRoot(root);
  const agency = new Agency(binary);
  agency.options = ["--data-root", folder];
  agency.port = await freePort();
  const base = await agency.serve();
  const restart = async () => {
    await agency.stop();
    publishNewVersion(folder);
    await agency.serve();
  };
  for (const [name, way] of Object.entries({ worksWithoutConnection, updateKeepsWhatWasTyped })) {
    const page = await openPage(browser, { workers: true });
    const check = (what, truth, detail) => counter.check(`${name}: ${what}`, truth, detail);
    try {
      await way(page, base, check, restart);
      const errors = page.complaints.filter((line) => !/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|Failed to fetch/.test(line));
      check("no errors of its own", errors.length === 0, errors.join("; "));
    } catch (error) {
      check("goes through", false, `${error.message}\n    ${page.complaints.join("; ")}`);
    }
    await page.context().close();
  }
  await agency.stop();
  agency.remove();
  rmSync(folder, { recursive: true });
}
