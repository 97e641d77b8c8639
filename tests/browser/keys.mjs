// Uses a site by keyboard alone, in Chromium, and tells what came of each step. Given {url} on stdin.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const { url } = JSON.parse(readFileSync(0, "utf8"));
const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const told = { faults: [] };
const page = await browser.newPage();
page.setDefaultTimeout(120_000);
page.on("pageerror", (error) => told.faults.push(String(error)));
page.on("console", (message) => { if (message.type() === "error") told.faults.push(message.text()); });

const go = (path) => page.goto(url + path, { waitUntil: "networkidle0" });
const focused = () => page.evaluate(() => ({
  type: document.activeElement.type ?? document.activeElement.tagName,
  at: document.activeElement.getAttribute("href"),
  chosen: document.getElementById(document.activeElement.getAttribute("aria-activedescendant"))?.textContent,
  open: document.activeElement.getAttribute("aria-expanded"),
  value: document.activeElement.value,
}));
const press = async (...keys) => {
  for (const key of keys) await page.keyboard.press(key);
  return focused();
};

// The search of a page without results of its own.
await go("/packages/plugin/akismet");
told.hint = await page.$eval("form[role=search] kbd", (one) => one.textContent);
told.slash = await press("/");
await page.keyboard.type("contact form");
await page.waitForSelector("[role=option]", { visible: true });
told.options = await page.$$eval("[role=option]", (all) => all.length);
told.said = await page.$eval("form[role=search] [role=status]", (one) => one.textContent);
told.axe = await page.evaluate(async (source) => {
  const run = new Function(`${source}; return axe`)();
  const { violations } = await run.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"] });
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));
}, axe);
told.down = await press("ArrowDown");
told.around = await press("ArrowUp");
told.last = await press("ArrowUp");
told.escaped = await press("Escape");
told.reopened = await press("ArrowDown");
await Promise.all([page.waitForNavigation({ waitUntil: "networkidle0" }), page.keyboard.press("Enter")]);
told.opened = page.url();

// A slash that is typed into a field stays one; Enter without a choice searches.
await press("/");
await page.keyboard.type("a/b");
told.typed = await focused();
await Promise.all([page.waitForNavigation({ waitUntil: "networkidle0" }), page.keyboard.press("Enter")]);
told.searched = page.url();

// A list.
await go("/?type=plugin");
told.list = [await press("/"), await press("ArrowDown"), await press("ArrowDown"), await press("ArrowUp")];
told.back = [await press("ArrowUp"), await press("ArrowDown", "Escape")];
await press("ArrowDown");
await Promise.all([page.waitForNavigation({ waitUntil: "networkidle0" }), page.keyboard.press("Enter")]);
told.read = page.url();
await page.evaluate(() => document.activeElement.blur());
told.scrolls = await press("ArrowDown");

// Without scripts.
await page.setJavaScriptEnabled(false);
await go("/packages/plugin/akismet");
told.bare = await page.$$eval("kbd, [role=combobox], [role=listbox]", (all) => all.length);
await page.type("form[role=search] input[type=search]", "forms");
await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press("Enter")]);
told.sent = page.url();

await browser.close();
console.log(JSON.stringify(told));
