// Checks pages by html-validate. Given {name: html} on stdin; tells {name: [fault, …]}.
import { readFileSync } from "node:fs";
import { HtmlValidate } from "html-validate";

const pages = JSON.parse(readFileSync(0, "utf8"));
const checker = new HtmlValidate({
  extends: ["html-validate:recommended", "html-validate:document"],
  rules: {
    "doctype-style": "off", // <!doctype html> in small letters
    "long-title": "off", // a package is called what it is called
    "no-trailing-whitespace": "off",
    "require-sri": "off", // all from the same place
    "void-style": "off",
    "text-content": "off",
  },
});
const told = {};
for (const [name, html] of Object.entries(pages)) {
  const report = await checker.validateString(html);
  told[name] = report.results.flatMap((one) => one.messages.map((m) => `${m.line}: ${m.ruleId}: ${m.message}`));
}
console.log(JSON.stringify(told));
