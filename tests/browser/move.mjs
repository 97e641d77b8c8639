// Moves projects on the page of the documentation, in Chromium: {url, given: [text…]} in, what the
// page made of each out.
import { readFileSync } from "node:fs";
import puppeteer from "puppeteer-core";

const { url, given } = JSON.parse(readFileSync(0, "utf8"));
const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const page = await browser.newPage();
page.setDefaultTimeout(120_000);
await page.goto(`${url}/docs`, { waitUntil: "networkidle0" });
const asked = [];
page.on("request", (request) => asked.push(request.url()));
const told = [];
for (const text of given) {
  await page.$eval("#given", (field, value) => { field.value = value; }, text);
  await page.click("#move-here button");
  told.push(await page.$eval("#move-here", (form) => {
    const result = form.querySelectorAll("textarea")[1];
    return { said: form.querySelector("output").textContent, text: result.hidden ? null : result.value };
  }));
}
await browser.close();
console.log(JSON.stringify({ told, asked }));
