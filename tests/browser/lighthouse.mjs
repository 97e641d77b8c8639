// Runs Lighthouse on pages. Given {name: url} on stdin; tells {name: {category: score of 100}}, and as
// `low` the audits with less than 0.9, but for those of performance, which hang on the machine.
import { readFileSync } from "node:fs";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const pages = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const told = {};
for (const [name, url] of Object.entries(pages)) {
  const port = Number(new URL(browser.wsEndpoint()).port);
  const wait = { port, logLevel: "silent", maxWaitForFcp: 120_000, maxWaitForLoad: 120_000 };
  let lhr;
  // A category without a score could not be judged, on a machine too busy for one of its audits.
  for (let round = 0; round < 4; round++) {
    ({ lhr } = await lighthouse(url, wait));
    if (Object.values(lhr.categories).every((one) => one.score !== null)) break;
  }
  const lasting = Object.values(lhr.categories).filter((one) => one.id !== "performance").flatMap((one) => one.auditRefs);
  const low = lasting.map((one) => lhr.audits[one.id]).filter((one) => one.score !== null && one.score < 0.9).map((one) => one.id);
  told[name] = { low, ...Object.fromEntries(Object.values(lhr.categories).map((one) => [one.id, Math.round(one.score * 100)])) };
}
await browser.close();
console.log(JSON.stringify(told));
