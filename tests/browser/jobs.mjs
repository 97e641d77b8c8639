// Does the everyday jobs of people who choose packages, in Chromium, each step counted: a key, a
// word that is typed, a click. Given {url} on stdin; tells of each job its steps and what it came to.
// What is clicked is found by its words and addresses, not by its place.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const { url } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
await browser.defaultBrowserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
const page = await browser.newPage();
page.setDefaultTimeout(120_000);
await page.setViewport({ width: 1280, height: 800 });

let steps;
const begin = async (path = "/") => {
  steps = 0;
  await page.goto(url + path, { waitUntil: "networkidle0" });
};
const settled = () => page.waitForNetworkIdle({ idleTime: 300 });
const press = async (key) => { steps += 1; await page.keyboard.press(key); };
const type = async (words) => { steps += 1; await page.keyboard.type(words); await settled(); };
const read = (selector) => page.$eval(selector, (one) => one.innerText.replace(/\s+/g, " ").trim());
const words = () => read("main");
const copied = () => page.evaluate(() => navigator.clipboard.readText());
const focused = () => page.evaluate(() => document.activeElement.getAttribute("href"));

// Clicks the first that is shown; what is folded is unfolded first, which is a step.
async function click(selector, text = "") {
  const handle = await page.evaluateHandle((selector, text) => [...document.querySelectorAll(selector)]
    .find((one) => one.innerText.includes(text) || one.textContent.includes(text)), selector, text);
  const fold = await handle.evaluateHandle((one) => one.closest("details:not([open])")?.querySelector("summary") ?? null);
  if (await fold.evaluate((one) => one !== null)) {
    steps += 1;
    await fold.click();
  }
  steps += 1;
  await handle.evaluate((one) => one.scrollIntoView({ block: "center" }));
  await handle.click();
  await settled();
}
async function follow(key) {
  steps += 1;
  await Promise.all([page.waitForNavigation({ waitUntil: "networkidle0" }), page.keyboard.press(key)]);
}
const ask = (address) => page.evaluate(async (address) => {
  const answer = await fetch(address);
  return { status: answer.status, text: await answer.text() };
}, address);

const jobs = {
  // Find an SEO plugin that is kept and runs on PHP 7.4, and copy its command.
  async find() {
    await begin();
    await press("/");
    await type("seo");
    await follow("Enter");
    await click("main a[href*='php=7.4']");
    await click("main a[href*='within=year']");
    await click("main li a[href*='/packages/plugin/']");
    await click("main button[data-copy^='composer require']", "Copy");
    return { copied: await copied(), name: await read("h1"), words: await words() };
  },
  // Learn whether a release without a tag can be installed, and what to do.
  async untagged() {
    await begin();
    await press("/");
    await type("untagged-release");
    await press("ArrowDown");
    await follow("Enter");
    return { words: await words() };
  },
  // See what changed between two versions.
  async changes() {
    await begin("/packages/plugin/akismet");
    const links = await page.$$eval("main a[href*='changeset?']", (all) => all.map((one) => one.href));
    steps += 1;  // the click on it, which leads elsewhere
    return { links };
  },
  // See all of one vendor.
  async vendor() {
    await begin("/packages/plugin/user-switching");
    await click("main a[href*='/authors/']");
    return { name: await read("h1"), found: await page.$$eval("main li h2 a", (all) => all.length), words: await words() };
  },
  // Choose a theme by its looks.
  async looks() {
    await begin();
    await click("nav a", "Themes");
    const entries = await page.$$eval("main ol > li", (all) => all.map((one) => one.querySelector("img, svg, [data-initial]") !== null));
    await click("main ol > li a[href*='/packages/theme/']");
    return { pictures: entries.filter(Boolean).length, entries: entries.length, address: page.url() };
  },
  // Tell which of two is more alive.
  async alive() {
    await begin("/packages/plugin/akismet");
    const chosen = await page.$eval("form[action$='/compare'] select", (one) => one.value);
    await click("form[action$='/compare'] button");
    const rows = await page.$$eval("tbody tr", (all) => all.map((one) => one.innerText.replace(/\s+/g, " ")));
    return { chosen, address: page.url(), rows };
  },
  // Move a Bedrock project.
  async move() {
    await begin();
    await click("nav a", "Docs");
    await click("main a", "Moving from wpackagist");
    const commands = await page.$$eval("main code", (all) => all.map((one) => one.textContent));
    return { command: commands.find((one) => one.includes("from_wpackagist")) ?? "" };
  },
  // Follow a package.
  async follow() {
    await begin("/packages/plugin/akismet");
    const feed = await page.$eval("main a[href$='/feed.xml']", (one) => one.href);
    steps += 1;  // the click on it, which opens the reader
    return { feed, ...await ask(feed) };
  },
  // Learn whether a package was closed, and why.
  async closed() {
    await begin();
    await press("/");
    await type("shut-for-now");
    await press("ArrowDown");
    await follow("Enter");
    return { address: page.url(), words: await words() };
  },
  // See whether the data is fresh.
  async fresh() {
    await begin();
    await page.waitForSelector("[data-fresh]:not([hidden])");
    const checked = await read("[data-fresh]");
    await click("nav a", "Plugins");
    return { checked, words: await words() };
  },
  // The same as the first, by keyboard alone.
  async keyboard() {
    await begin("/?type=plugin");
    await press("/");
    await type("contact form");
    await press("ArrowDown");
    const first = await focused();
    await follow("Enter");
    for (let n = 0; n < 40; n += 1) {
      await press("Tab");
      if (await page.evaluate(() => document.activeElement.textContent.trim() === "Copy")) break;
    }
    await press("Enter");
    await page.waitForFunction(() => document.activeElement.textContent.trim() === "Copied");
    return { first, address: page.url(), copied: await copied() };
  },
  // Have all themes that were updated this month, by the API.
  async month() {
    await begin();
    const { made } = JSON.parse((await ask("/release.json")).text);
    const since = `${made.slice(0, 7)}-01`;
    const found = [];
    let next = `/api/packages?type=theme&updated_since=${since}&per_page=10`;
    let total;
    while (next) {
      steps += 1;
      const answer = JSON.parse((await ask(new URL(next, url).pathname + new URL(next, url).search)).text);
      found.push(...answer.packages);
      ({ next, total } = answer);
    }
    return { since, total, found };
  },
};

const told = {};
for (const [name, job] of Object.entries(jobs)) {
  try {
    told[name] = { ...await job(), steps };
  } catch (error) {
    told[name] = { error: String(error), steps };
  }
}
await browser.close();
console.log(JSON.stringify(told));
