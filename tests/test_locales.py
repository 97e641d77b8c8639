"""Any locale: what is made and served under one of another encoding is what UTF-8 makes."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import ROOT, open_to_all, record, scripts, write_source
from tests.nginx.face import Answer, ask, free_port, wait

pytestmark = pytest.mark.skipif(
    not shutil.which("localedef") or not Path("/usr/share/i18n/charmaps").is_dir(),
    reason="there is nothing to make locales from: Debian's package locales",
)
_LOCALES = {"de_DE.ISO-8859-1": "ISO-8859-1", "ja_JP.eucJP": "EUC-JP"}
_NAMES = {
    "latin": "Café Größe Łódź",
    "japanese": "日本語のプラグイン",
    "arabic": "إضافة البطاقات",
    "cyrillic": "Плагин Ж",
    "emoji": "Rocket 🚀 \U0001d2c0",
}
_FOLDER = "données-日本-Ж"  # in UTF-8, as names of files are on a Linux of today
_FEW = ("/", "/packages/plugin/japanese", "/packages/plugin/arabic.md", "/status", "/docs")
_LISTS = ("/robots.txt", "/feed.xml", "/packages.json", "/p2/wp-plugin/latin.json")


@pytest.fixture(name="locales", scope="module")
def _locales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The two locales, made from Debian's sources, in a folder of their own."""
    folder = tmp_path_factory.mktemp("locales")
    for name, charmap in _LOCALES.items():
        command = ["localedef", "-i", name.partition(".")[0], "-f", charmap, folder / name]
        subprocess.run(command, check=True, capture_output=True)
    return folder


def _environment(locales: Path, name: str) -> dict[str, str]:
    """Give the environment of a user with this locale, where Python does not help itself."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "XDG_CACHE_HOME") if key in os.environ}
    own = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LOCPATH": str(locales), "LC_ALL": name}
    return kept | own


@pytest.fixture(name="usual", scope="module")
def _usual() -> Iterator[dict[str, bytes]]:
    """What is served where all is UTF-8."""
    with open_to_all("usual-") as folder:
        yield _made_and_served(folder, dict(os.environ))


def _made_and_served(folder: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Run the pipeline and the daily job, then `serve`, and give what a visitor gets."""
    data = folder / _FOLDER / "data"
    feed = write_source(folder, *(record(slug, name=name) for slug, name in _NAMES.items()))
    feed = feed.rename(folder / "Quelle-é.jsonl")
    site = ("--site-url", "http://localhost")
    for words in (
        ("pipeline", "--source", feed, *site, "--jobs", "2"),
        ("regenerate", *site, "--jobs", "1"),
        ("backup",),
        ("status", "--json", "--sockets", folder / "none"),
    ):
        _run(data, environment, *words)
    port = free_port()
    words = scripts(data, "serve", "--listen", f"127.0.0.1:{port}", *site)
    log = (folder / "said").open("wb")
    with log, subprocess.Popen(words, cwd=ROOT, env=environment, stdout=log, stderr=log) as serve:
        try:
            wait(partial(_is_up, serve, folder / "said"), 60)
            return {path: _without_time(ask(port, path)) for path in (*_FEW, *_LISTS)} | {
                "card": _card(port)
            }
        finally:
            serve.terminate()


def _run(data: Path, environment: dict[str, str], *words: str | Path) -> None:
    ended = subprocess.run(
        scripts(data, *words), cwd=ROOT, env=environment, capture_output=True, check=False
    )
    said = (ended.stdout + ended.stderr).decode()  # in UTF-8, whatever the locale
    assert ended.returncode == 0, said
    assert "Traceback" not in said


def _is_up(serve: "subprocess.Popen[bytes]", said: Path) -> bool:
    assert serve.poll() is None, said.read_text()
    return b"Serving http" in said.read_bytes()


def _without_time(answer: Answer) -> bytes:
    """Give the body but for what tells when, and how fast, it was made."""
    assert answer.status == 200
    moments = rb"\d{8}T\d{6}Z|20\d\d-\d\d-\d\dT[0-9:.+]+Z?|[0-9.]+ s\b|\d\d:\d\d|<rect [^>]*>"
    return re.sub(moments, b"", answer.body)


def _card(port: int) -> bytes:
    """The card of a package, by its stable address."""
    moved = ask(port, "/og/plugin/japanese.png")
    picture = ask(port, moved.headers["location"])
    assert picture.status == 200
    return picture.body


@pytest.mark.parametrize("name", _LOCALES)
def test_a_locale_changes_nothing(locales: Path, usual: dict[str, bytes], name: str) -> None:
    """Names in every script and a folder with letters beyond ASCII: the same pages and cards."""
    environment = _environment(locales, name)
    asked = [sys.executable, "-c", "import locale; print(locale.getencoding())"]
    encoding = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    assert encoding.stdout.strip().upper() == _LOCALES[name].upper()
    with open_to_all("locale-") as folder:
        served = _made_and_served(folder, environment)
        remembered = (folder / _FOLDER / "data" / "last-runs.json").read_bytes()

    assert {path for path in usual if served[path] != usual[path]} == set()
    assert "日本語のプラグイン".encode() in served["/packages/plugin/japanese"]
    assert json.loads(remembered)["pipeline"]["exit_code"] == 0
