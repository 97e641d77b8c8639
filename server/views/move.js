
// Moves a pasted composer.json from wpackagist's names and repository to this site's. As the command
// scripts.from_wpackagist does: every other sign stays, and nothing leaves the browser.
function movedProject(text, repository) {
  if (JSON.parse(text)?.constructor !== Object) throw new Error("This is no JSON object.");
  const strings = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)];
  const values = strings.map((one) => JSON.parse(one[0]));
  const moved = { names: 0, repositories: 0 };
  let end = 0;
  let out = "";
  strings.forEach((one, at) => {
    let now = values[at];
    const name = /^(vendor:)?wpackagist-(plugin|theme)(?:\/([^/\s]+))?$/i.exec(now);
    if (values[at - 1] === "url" && /^https?:\/\/(?:www\.)?wpackagist\.org(?:[/?#:]|$)/i.test(now)) {
      now = repository;
      moved.repositories += 1;
    } else if (name && (name[1] || name[3])) {
      const slug = name[3]?.toLowerCase();
      if (slug && !slug.includes("*") && !/^[a-z0-9]+(?:(?:[_.]|-{1,2})[a-z0-9]+)*$/.test(slug)) {
        throw new Error(`${now}: Composer allows no package of this name.`);
      }
      now = `${(name[1] ?? "").toLowerCase()}wp-${name[2].toLowerCase()}${slug ? `/${slug}` : ""}`;
      if (values.includes(now)) throw new Error(`It names both ${values[at]} and ${now}.`);
      moved.names += 1;
    }
    if (now === values[at]) return;
    const written = JSON.stringify(now);
    out += text.slice(end, one.index) + (one[0].includes("\\/") ? written.replaceAll("/", "\\/") : written);
    end = one.index + one[0].length;
  });
  return { ...moved, text: out + text.slice(end) };
}

function offerMove() {
  const form = document.getElementById("move-here");
  if (!form) return;
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [given, result] = form.querySelectorAll("textarea");
    const said = form.querySelector("output");
    result.hidden = true;
    try {
      const moved = movedProject(given.value, form.dataset.repository);
      result.value = moved.text;
      result.hidden = false;
      said.textContent = `${moved.names} ${moved.names === 1 ? "name" : "names"} moved`
        + (moved.repositories ? ", and the repository." : ". It names no repository of wpackagist: add this one.");
    } catch (error) {
      said.textContent = error.message;
    }
  });
}

offerMove();
