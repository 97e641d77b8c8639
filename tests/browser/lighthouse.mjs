// Runs Lighthouse on pages. Given {name: url} on stdin; tells {name: {category: score of 100}}.
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
  const { lhr } = await lighthouse(url, { port, logLevel: "silent" });
  const low = Object.values(lhr.audits).filter((one) => one.score !== null && one.score < 0.9).map((one) => one.id);
  told[name] = { low, ...Object.fromEntries(Object.values(lhr.categories).map((one) => [one.id, Math.round(one.score * 100)])) };
}
await browser.close();
console.log(JSON.stringify(told));
