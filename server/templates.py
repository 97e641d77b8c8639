"""The templates: SimpleTemplate files, one a page, and the stylesheet that stands in each page."""

import base64
import hashlib
from pathlib import Path

from bottle import SimpleTemplate

from server import figures

FOLDER = Path(__file__).resolve().parent / "views"
_SCRIPTS = ("site.js", "keys.js")  # of every page, as one


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
        self.icon = (FOLDER / "favicon.svg").read_text("utf-8")
        self.script = "\n".join((FOLDER / name).read_text("utf-8") for name in _SCRIPTS)
        self.script_digest = hashlib.sha256(self.script.encode()).hexdigest()[:16]
        self.content_security_policy = _policy()

    def render(self, view: str, /, **values: object) -> str:
        """Print a template. Every value is escaped where it is printed."""
        script = f"assets/{self.script_digest}.js"
        return str(self._templates[view].render(figures=figures, script=script, **values))


def _policy() -> str:
    # base.tpl prints a line break and then the file, as it is.
    style = hashlib.sha256(b"\n" + (FOLDER / "style.css").read_bytes()).digest()
    return "; ".join(
        (
            "default-src 'none'",
            "img-src 'self'",
            "script-src 'self'",
            "connect-src 'self'",
            f"style-src 'sha256-{base64.b64encode(style).decode()}'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
