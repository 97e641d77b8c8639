// Keys: `/` goes to the search, arrows move among what is found, Enter opens, Esc leads back. Where
// a page has no results of its own, the search shows the first while one types. What is shown here
// is also had by the form and by links. `/` can be turned off: dictated text may hold it.
"use strict";

{
  const fields = [...document.querySelectorAll("form[role=search] input[type=search]")];
  const results = document.getElementById("results");
  const isShown = (one) => one.getClientRects().length > 0;
  let isOn = remembered("slash") !== "off";

  // A browser may keep nothing, and says so by throwing.
  function remembered(name) {
    try { return localStorage.getItem(name); } catch { return null; }
  }

  function remember(name, value) {
    try { localStorage.setItem(name, value); } catch { /* It holds for this page. */ }
  }

  function set(one, attributes) {
    for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value);
  }

  // What is found, in the order of the page: of each entry the first link to a package.
  function found() {
    const entries = [...(results ?? document.getElementById("main")).querySelectorAll("li")];
    const links = entries.map((entry) => entry.querySelector(`a[href^="${base}/packages/"]`));
    return [...new Set(links.filter((link) => link && isShown(link)))];
  }

  function move(event, from) {
    const links = found();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = links.indexOf(from);
    if (!step || !links.length || (at < 0 && (step < 0 || from.type !== "search"))) return;
    event.preventDefault();
    (links[at + step] ?? (step < 0 ? fields.find(isShown) : from))?.focus();
  }

  function isWrittenIn(place) {
    return place.isContentEditable || /^(input|textarea|select)$/i.test(place.tagName);
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const field = fields.find(isShown);
    if (event.key === "/" && isOn && field && !isWrittenIn(event.target)) {
      event.preventDefault();
      field.focus();
      field.select();
    } else if (event.key === "Escape" && found().includes(event.target)) {
      field?.focus();
    } else if (!isWrittenIn(event.target) || (results && fields.includes(event.target))) {
      move(event, event.target);
    }
  });

  // Says which key leads here and, where results stand below, which leads on; pressed, it turns off
  // the first and on again.
  function hint(field) {
    const button = document.createElement("button");
    const key = document.createElement("kbd");
    button.type = "button";
    button.className = "key";
    button.append(key);
    set(button, { "aria-label": "Key / leads to the search" });

    function show(text) {
      key.textContent = text;
      button.title = `Key / leads to the search: turn it ${isOn ? "off" : "on"}`;
      set(button, { "aria-pressed": isOn });
      if (isOn) set(field, { "aria-keyshortcuts": "/" });
      else field.removeAttribute("aria-keyshortcuts");
    }

    show("/");
    field.after(button);
    field.addEventListener("focus", () => show("↓"));
    field.addEventListener("blur", () => show("/"));
    button.addEventListener("click", () => {
      isOn = !isOn;
      remember("slash", isOn ? "on" : "off");
      show("/");
    });
  }

  // A search field that shows the first results below it: a combobox with a list.
  function offer(field, number) {
    const box = document.createElement("div");
    const list = document.createElement("ul");
    const keys = document.createElement("p");
    const said = document.createElement("p");
    let waiting, asking, chosen = -1;
    box.className = "found";
    box.hidden = true;
    list.id = `found-${number}`;
    set(list, { role: "listbox", "aria-label": "Packages found" });
    set(keys, { "aria-hidden": true });
    keys.textContent = "↑ ↓ choose, Enter opens, Esc closes";
    said.className = "quiet";
    set(said, { role: "status" });
    box.append(list, keys);
    field.form.append(box, said);
    set(field, { role: "combobox", "aria-autocomplete": "list", "aria-expanded": false, "aria-controls": list.id });

    function choose(at) {
      const [before, now] = [list.children[chosen], list.children[at]];
      chosen = at;
      if (before) set(before, { "aria-selected": false });
      if (now) {
        set(now, { "aria-selected": true });
        set(field, { "aria-activedescendant": now.id });
      } else field.removeAttribute("aria-activedescendant");
    }

    function open(shown) {
      box.hidden = !shown;
      set(field, { "aria-expanded": shown });
      if (!shown) choose(-1);
    }

    function option(one, at) {
      const line = document.createElement("li");
      const kind = document.createElement("small");
      line.id = `${list.id}-${at}`;
      set(line, { role: "option", "aria-selected": false, dir: "auto" });
      line.dataset.to = `${base}/packages/${one.type}/${encodeURIComponent(one.slug)}`;
      kind.textContent = one.closed ? `closed ${one.type}` : one.type;
      // What is said after a name would make two lines of one.
      line.append(one.name.split(/\s+[–—|-]\s+|:\s+|\s+\(/)[0], " ", kind);
      return line;
    }

    async function show() {
      asking?.abort();
      const words = field.value.trim();
      if (words.length < 2) return open(false);
      asking = new AbortController();
      const query = new URLSearchParams({ q: words, per_page: 8 });
      try {
        const answer = await fetch(`${base}/api/packages?${query}`, { signal: asking.signal });
        if (!answer.ok) return open(false);
        const { packages, total } = await answer.json();
        choose(-1);
        list.replaceChildren(...packages.map(option));
        open(packages.length > 0 && document.activeElement === field);
        said.textContent = `${total} ${total === 1 ? "package" : "packages"} found`;
      } catch (error) {
        if (error.name !== "AbortError") throw error;
      }
    }

    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(show, 200);
    });
    field.addEventListener("blur", () => open(false));
    field.addEventListener("keydown", (event) => {
      const count = list.children.length;
      if (event.isComposing || !count) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        if (box.hidden) open(true);
        // Past either end the field itself is chosen: what is typed.
        choose(((chosen + 1 + step + count + 1) % (count + 1)) - 1);
      } else if (event.key === "Enter" && list.children[chosen]) {
        event.preventDefault();
        location.href = list.children[chosen].dataset.to;
      } else if (event.key === "Escape" && !box.hidden) {
        event.preventDefault();
        open(false);
      }
    });
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const line = event.target.closest("[role=option]");
      if (line) location.href = line.dataset.to;
    });
  }

  fields.forEach(hint);
  if (!results) fields.forEach(offer);
}
