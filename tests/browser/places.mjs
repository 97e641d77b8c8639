// Tells where things are on pages. Given [{url, width, height, selectors}] on stdin; tells for each view
// {selector: [{top, bottom, height, width, left, right}, …]}, of what can be seen, in pixels from the top.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const views = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const told = [];
for (const { url, width, height, selectors } of views) {
  const page = await browser.newPage();
  page.setDefaultTimeout(120_000);
  await page.setViewport({ width, height });
  await page.goto(url, { waitUntil: "load" });
  told.push(await page.evaluate((selectors) => Object.fromEntries(selectors.map((one) => [one,
    [...document.querySelectorAll(one)].filter((found) => found.checkVisibility()).map((found) => found.getBoundingClientRect()).filter((box) => box.width * box.height)
      .map(({ top, bottom, left, right, width, height }) => ({ top, bottom, left, right, width, height })),
  ])), selectors));
  await page.close();
}
await browser.close();
console.log(JSON.stringify(told));
