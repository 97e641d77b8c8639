// Uses a site as a person does, in Chromium, and tells what came of it. Given {url} on stdin.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const { url } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const told = {};
await browser.defaultBrowserContext().overridePermissions(url, ["clipboard-read", "clipboard-write", "clipboard-sanitized-write"]);
const page = await browser.newPage();
page.setDefaultTimeout(120_000);

await page.goto(`${url}/`, { waitUntil: "networkidle0" });
told.fresh = await page.$eval("[data-fresh]", (one) => one.textContent);
await page.type("main .search input", "akism");
await page.waitForFunction(() => document.querySelector("#results h1")?.textContent.includes("akism"));
told.typed = {
  names: await page.$$eval("#results h2", (all) => all.map((one) => one.textContent)),
  address: page.url(),
  title: await page.title(),
  said: await page.$eval("#said", (one) => one.textContent),
};

await page.goto(`${url}/packages/plugin/akismet`, { waitUntil: "networkidle0" });
await page.select(".order select", await page.$$eval(".order option", (all) => all.find((one) => one.text === "5.4").value));
await page.click(".order button");
told.copied = await page.evaluate(() => navigator.clipboard.readText());
await page.click("[aria-labelledby=follow] button");
told.image = await page.evaluate(() => navigator.clipboard.readText());
told.data = await page.$$eval("script[type='application/ld+json']", (all) => all.map((one) => JSON.parse(one.textContent)["@type"]));

// A version of long ago: its fold, then its own command, and that copied.
await page.goto(`${url}/packages/plugin/many-versions`, { waitUntil: "networkidle0" });
told.folded = await page.$$eval("#versions > details > summary", (all) => all.map((one) => one.textContent));
await page.click("#versions > details:first-of-type > summary");
await page.waitForSelector("#versions > details:first-of-type td summary");
await page.click("#versions > details:first-of-type td summary");
await page.click("#versions > details:first-of-type td button");
told.old = await page.evaluate(() => navigator.clipboard.readText());

// From the top of a list, past everything, to its first result.
await page.goto(`${url}/?type=plugin`, { waitUntil: "networkidle0" });
await page.keyboard.press("Tab");
await page.keyboard.press("Enter");
await page.keyboard.press("Tab");
told.first = await page.evaluate(() => document.activeElement === document.querySelector(".contents h2 a"));

// From the top, by Tab: each stop must be seen.
await page.goto(`${url}/`, { waitUntil: "networkidle0" });
told.stops = [];
for (let n = 0; n < 9; n += 1) {
  await page.keyboard.press("Tab");
  told.stops.push(await page.evaluate(() => {
    const at = document.activeElement;
    const box = at.closest(".search") ?? at;
    const style = getComputedStyle(box);
    return { name: at.textContent.trim() || at.name, seen: style.outlineStyle !== "none" && box.getBoundingClientRect().left >= 0 };
  }));
}

// Weight and layout shift of a first visit.
told.weights = {};
for (const path of ["/", "/packages/plugin/akismet", "/?q=form"]) {
  const fresh = await browser.createBrowserContext();
  const visit = await fresh.newPage();
  visit.setDefaultTimeout(120_000);
  const session = await visit.createCDPSession();
  await session.send("Network.enable");
  let bytes = 0;
  session.on("Network.loadingFinished", (event) => { bytes += event.encodedDataLength; });
  await visit.goto(url + path, { waitUntil: "networkidle0" });
  const shift = await visit.evaluate(() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const one of list.getEntries()) sum += one.value; })
      .observe({ type: "layout-shift", buffered: true });
    setTimeout(() => done(sum), 200);
  }));
  told.weights[path] = { bytes, shift };
  await fresh.close();
}
await browser.close();
console.log(JSON.stringify(told));
