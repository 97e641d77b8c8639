"""The templates: SimpleTemplate files, one a page, and the styles that stand in each page."""

import base64
import hashlib
from pathlib import Path

from bottle import SimpleTemplate

from release import name
from server import figures

# What stands in the pages of a view besides style.css.
_STYLES = {
    **dict.fromkeys(("home", "list", "author", "namesakes", "tag", "closed"), "list.css"),
    **dict.fromkeys(("untagged", "untagged_authors", "untagged_author"), "list.css"),
    "compare": "compare.css",
    "package": "package.css",
    **dict.fromkeys(("docs", "status", "changelog"), "report.css"),
}
FOLDER = Path(__file__).resolve().parent / "views"
_SCRIPTS = ("site.js", "keys.js", "move.js")  # of every page, as one


class Templates:
    """All templates, compiled when made, so that one that does not parse stops the start."""

    def __init__(self) -> None:
        lookup = [str(FOLDER)]
        self._templates = {
            path.stem: SimpleTemplate(name=path.name, lookup=lookup)
            for path in sorted(FOLDER.glob("*.tpl"))
        }
        for template in self._templates.values():
            template.co  # noqa: B018  compiles
            template.cache = self._templates  # or each compiles for itself what it includes
        self.icon = (FOLDER / "favicon.svg").read_text("utf-8")
        self.script = "\n".join((FOLDER / name).read_text("utf-8") for name in _SCRIPTS)
        self.script_digest = hashlib.sha256(self.script.encode()).hexdigest()[:16]
        self.content_security_policy = _policy()

    def render(self, view: str, /, **values: object) -> str:
        """Print a template. Every value is escaped where it is printed."""
        script = f"assets/{self.script_digest}.js"
        always = {"figures": figures, "parted": name.split, "initial": name.initial}
        style = _STYLES.get(view, "")
        template = self._templates[view]
        return str(template.render(**always, script=script, style=style, **values))


def _policy() -> str:
    # base.tpl prints a line break and then the files, as they are.
    common = b"\n" + (FOLDER / "style.css").read_bytes()
    more = [(FOLDER / one).read_bytes() for one in sorted(set(_STYLES.values()))]
    digests = [hashlib.sha256(common + one).digest() for one in (b"", *more)]
    styles = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    return "; ".join(
        (
            "default-src 'none'",
            "img-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"style-src {styles}",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
