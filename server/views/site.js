// Adds to pages that are whole without it: results while typing, how long ago, copying, a choice
// of version. Everything it needs stands in the page.
"use strict";

const base = document.body.dataset.base;

// How long ago: worked out here, so that a page stays the same as long as its facts do.
const units = [["year", 31557600], ["month", 2629800], ["day", 86400], ["hour", 3600], ["minute", 60]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "always" });

function ago(moment) {
  const seconds = (Date.now() - new Date(moment)) / 1000;
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? ["second", 1];
  return relative.format(-Math.max(0, Math.floor(seconds / length)), unit);
}

function tellAges(part) {
  for (const time of part.querySelectorAll("time[data-ago]")) {
    time.title = time.textContent;
    time.textContent = ago(time.dateTime);
  }
}

// When the source was asked last: a run that finds nothing new publishes nothing, and is no less
// a look. Which data there is stands in the page.
async function tellFreshness() {
  const places = document.querySelectorAll("[data-fresh]");
  if (!places.length) return;
  const answer = await fetch(`${base}/status.json`);
  if (!answer.ok) return;
  const { commands } = await answer.json();
  const since = [commands.pipeline, commands.build].map((one) => one?.seconds_since_success ?? Infinity);
  const seconds = Math.min(...since);
  if (seconds === Infinity) return;
  for (const place of places) {
    place.textContent = `Checked ${ago(Date.now() - seconds * 1000)}`;
    place.hidden = false;
  }
}

function offerCopies(part) {
  if (!navigator.clipboard) return;
  for (const button of part.querySelectorAll("[data-copy]")) {
    const label = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.dataset.copy);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = label; }, 2000);
    });
  }
}

// A version's command unfolds without script; here it can be copied, too, and chosen above.
function offerVersions() {
  const order = document.querySelector(".order[data-plain]");
  if (!order) return;
  const choice = document.createElement("select");
  const code = order.querySelector("code");
  const button = order.querySelector("button");
  choice.setAttribute("aria-label", "Version to install");
  choice.add(new Option(order.dataset.plain, code.textContent));

  function unfold(cell, version, command) {
    cell.innerHTML = "<details><summary></summary> <code></code> </details>";
    cell.querySelector("summary").textContent = version;
    cell.querySelector("code").textContent = command;
    offerCopy(cell.firstChild, command);
  }
  function offerCopy(details, command) {
    const copy = button.cloneNode();
    copy.textContent = "Copy";
    copy.dataset.copy = command;
    details.append(copy);
    offerCopies(details);
  }

  for (const row of document.querySelectorAll("#versions td details")) {
    const command = row.querySelector("code").textContent;
    choice.add(new Option(row.querySelector("summary").textContent, command));
    row.addEventListener("toggle", () => offerCopy(row, command), { once: true });
  }
  for (const fold of document.querySelectorAll("#versions > details")) {
    const start = fold.querySelector("p code")?.textContent;
    if (!start) continue;
    const cells = [...fold.querySelectorAll("td:first-child")].map((cell) => [cell, cell.textContent]);
    for (const [, version] of cells) choice.add(new Option(version, start + version));
    fold.addEventListener("toggle", () => {
      for (const [cell, version] of cells) unfold(cell, version, start + version);
    }, { once: true });
  }
  choice.addEventListener("change", () => {
    code.textContent = button.dataset.copy = choice.value;
  });
  if (choice.length > 1) button.before(choice);
}

function searchWhileTyping() {
  const field = document.querySelector(".search input");
  const results = document.getElementById("results");
  if (!field || !results) return;
  const said = document.getElementById("said");
  let waiting, asking;

  async function show() {
    if (field.value.trim().length === 1) return;
    asking?.abort();
    asking = new AbortController();
    const query = new URLSearchParams(new FormData(field.form));
    if (!field.value.trim()) query.delete("q");
    const url = `${base}/${query.size ? `?${query}` : ""}`;
    try {
      const answer = await fetch(url, { signal: asking.signal });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("results");
      tellAges(fresh);
      offerCopies(fresh);
      results.replaceChildren(...fresh.childNodes);
      results.dataset.count = fresh.dataset.count ?? "";
      for (const one of document.querySelectorAll(".front h1, .front section, .tally")) {
        one.hidden = Boolean(fresh.querySelector("h1"));
      }
      document.title = page.title;
      history.replaceState(null, "", url);
      const count = results.dataset.count;
      said.textContent = count ? `${count} ${count === "1" ? "package" : "packages"} found` : "";
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 200);
  });
}

tellAges(document);
tellFreshness();
offerCopies(document);
offerVersions();
searchWhileTyping();
