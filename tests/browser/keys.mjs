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

const violations = () => page.evaluate(async (source) => {
  const run = new Function(`${source}; return axe`)();
  const { violations } = await run.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
  return violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}`));
}, axe);
const key = () => page.$eval("form[role=search] .key", (one) => ({
  pressed: one.getAttribute("aria-pressed"),
  title: one.title,
  promised: document.querySelector("form[role=search] input").getAttribute("aria-keyshortcuts"),
}));
const slash = async () => {
  await page.evaluate(() => document.activeElement.blur());
  return (await press("/")).type;
};

// The search of a page without results of its own.
await go("/packages/plugin/akismet");
told.hint = await page.$eval("form[role=search] kbd", (one) => one.textContent);
told.slash = await press("/");
await page.keyboard.type("contact form");
await page.waitForSelector("[role=option]", { visible: true });
told.options = await page.$$eval("[role=option]", (all) => all.length);
told.said = await page.$eval("form[role=search] [role=status]", (one) => one.textContent);
told.axe = await violations();
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

// The key turned off by keyboard, on another page, and turned on again.
await press("/");
told.off = { button: await press("Tab"), then: await press("Space"), key: await key(), slash: await slash() };
told.off.axe = await violations();
await go("/docs");
told.off.later = { slash: await slash(), key: await key() };
await page.click(".key");
told.on = { slash: await slash(), key: await key() };

// Where the browser keeps nothing.
const forgetful = await page.evaluateOnNewDocument(() => {
  Object.defineProperty(window, "localStorage", { get() { throw new DOMException("No.", "SecurityError"); } });
});
await go("/docs");
await page.click(".key");
told.forgetful = await slash();
await page.removeScriptToEvaluateOnNewDocument(forgetful.identifier);

// Without scripts.
await page.setJavaScriptEnabled(false);
await go("/packages/plugin/akismet");
told.bare = await page.$$eval("form kbd, .key, [role=combobox], [role=listbox]", (all) => all.length);
await page.type("form[role=search] input[type=search]", "forms");
await Promise.all([page.waitForNavigation({ waitUntil: "load" }), page.keyboard.press("Enter")]);
told.sent = page.url();

await browser.close();
console.log(JSON.stringify(told));
