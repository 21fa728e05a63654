// Slow lines: what must be there is there; how long it took is told, never asserted: machines differ.
import { openPage } from "./faces_harness.mjs";

const LINES = [
  { name: "1.6 Mbps, 150 ms, 4 x CPU", kbps: 1600, latency: 150, cpu: 4, wanted: 1.8 },
  { name: "400 kbps, 400 ms, 6 x CPU", kbps: 400, latency: 400, cpu: 6, wanted: 4 },
];

async function throttle(page, line) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: line.latency,
    downloadThroughput: (line.kbps * 1000) / 8,
    uploadThroughput: (line.kbps * 1000) / 8,
  });
  await session.send("Emulation.setCPUThrottlingRate", { rate: line.cpu });
}

/** Seconds to the largest paint so far, and how far things jumped. */
async function measure(page) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = { lcp: 0, cls: 0 };
        new PerformanceObserver((list) => {
          seen.lcp = list.getEntries().at(-1).startTime / 1000;
        }).observe({ type: "largest-contentful-paint", buffered: true });
        new PerformanceObserver((list) => {
          seen.cls += list.getEntries().reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0);
        }).observe({ type: "layout-shift", buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(seen), 50));
      }),
  );
}

export async function slowLines(browser, base, counter) {
  for (const line of LINES) {
    const seen = [];
    for (let round = 0; round < 3; ++round) {
      const page = await openPage(browser);
      await throttle(page, line);
      await page.goto(`${base}/app/`, { waitUntil: "load", timeout: 120_000 });
      await page.waitForSelector("main h1", { timeout: 120_000 });
      seen.push(await measure(page));
      await page.click('nav a[href="#/iuran"]');
      await page.waitForSelector("main .figure", { timeout: 120_000 });
      counter.check(`${line.name}: the way to the price works`, (await page.innerText("main")).includes("Rp"));
      counter.check(`${line.name}: nothing jumps`, seen.at(-1).cls <= 0.05, `CLS ${seen.at(-1).cls}`);
      await page.context().close();
    }
    const lcp = seen.map((one) => one.lcp).sort((a, b) => a - b);
    console.log(`note: ${line.name}: largest paint ${lcp[1].toFixed(2)} s (${lcp[0].toFixed(2)} to ${lcp[2].toFixed(2)}), wanted ${line.wanted} s`);
  }
}
