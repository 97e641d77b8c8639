// Takes pictures of pages. Given [{url, width, height, dark, path}] on stdin.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const views = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
for (const { url, width, height, dark, path } of views) {
  const page = await browser.newPage();
  await page.setViewport({ width, height });
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }]);
  await page.goto(url, { waitUntil: "networkidle0" });
  await page.screenshot({ path });
  await page.close();
}
await browser.close();
console.log("null");
