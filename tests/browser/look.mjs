// Looks at pages in Chromium: axe's violations, what the console and the policy complain of, and
// what reaches beyond the window. By night only what colours decide is looked at again. Given [{url, width}] on stdin; tells a list of
// faults each.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const views = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const EVERY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const OF_COLOURS = { type: "rule", values: ["color-contrast", "link-in-text-block"] };
const told = [];
for (const { url, width } of views) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  const faults = [];
  page.on("console", (message) => {
    // A page that is not there says so on the console, too.
    if (message.type() === "error" && !/status of 4(04|10)/.test(message.text())) faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(String(error)));
  await page.setViewport({ width, height: 800 });
  await page.goto(url, { waitUntil: "load" });
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (beyond > 0) faults.push(`${beyond} px wider than the window`);
  for (const [scheme, rules] of Object.entries({ light: EVERY, dark: OF_COLOURS })) {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    faults.push(...await page.evaluate(look, axe, rules).catch((error) => [String(error)]));
  }
  told.push(faults);
  await page.close();
}
await browser.close();
console.log(JSON.stringify(told));

async function look(source, rules) {
  const run = new Function(`${source}; return axe`)();
  const results = await run.run(document, { runOnly: rules });
  const said = (one, node) => `${one.id}: ${node.html} ${node.failureSummary}`;
  return results.violations.flatMap((one) => one.nodes.map((node) => said(one, node)));
}
