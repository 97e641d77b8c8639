"""nginx's configuration as text: a template under nginx/, its pieces, and the values in it."""

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from publish.nginx.values import ConfigError

NGINX = Path(__file__).resolve().parents[2] / "nginx"

_INCLUDE = re.compile(r"^(?P<indent> *)include (?P<piece>[a-z_./]+);\n", re.MULTILINE)
_PLACEHOLDER = re.compile(r"%%([A-Z_]+)%%")
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
_LONGEST_WORD = 4_000  # bytes of one word of a configuration; nginx's buffer has 4,096


def expand(template: Path, without: frozenset[str] = frozenset()) -> str:
    """Read a template with its `include piece;` lines replaced by the pieces, indented alike.

    without: pieces that are left out.
    """

    def piece(line: re.Match[str]) -> str:
        if line["piece"] in without:
            return ""
        path = NGINX / line["piece"]
        if not path.is_file():
            raise ConfigError(f"{template.name} includes {line['piece']}, which is not there.")
        return _indented(expand(path, without), line["indent"])

    return _INCLUDE.sub(piece, template.read_text(encoding="utf-8"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the place of %%NAME%%.

    Raises ConfigError for a name in the text that has no value, and for a value that no name asks
    for: either is a slip of the pen that nginx itself might swallow.
    """
    wanted = set(_PLACEHOLDER.findall(text))
    if unknown := wanted - values.keys():
        raise ConfigError(f"The template asks for unknown names: {', '.join(sorted(unknown))}.")
    if unused := values.keys() - wanted:
        raise ConfigError(f"The template does not use: {', '.join(sorted(unused))}.")
    return _PLACEHOLDER.sub(lambda name: values[name[1]], text)


def page_style(page: Path) -> str:
    """Return the hash ('sha256-…') of an error page's style sheet."""
    styles = _STYLE.findall(page.read_bytes())
    if len(styles) != 1:
        raise ConfigError(f"{page} has {len(styles)} style sheets instead of one.")
    return "sha256-" + base64.b64encode(hashlib.sha256(styles[0]).digest()).decode("ascii")


def quoted(page: Path) -> str:
    """Return a file's text as one word of nginx's, its variables left to be filled in."""
    text = page.read_text(encoding="utf-8").replace("\\", "\\\\").replace("'", "\\'")
    if len(text.encode()) > _LONGEST_WORD:
        raise ConfigError(f"{page} is longer than nginx takes: {_LONGEST_WORD:,} bytes.")
    return f"'{text}'"


def _indented(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line else line for line in text.split("\n"))
