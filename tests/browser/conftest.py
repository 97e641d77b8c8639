"""The site as it is served: the sample catalogue, drawn, published, behind the real nginx."""

import http.client
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.catalog.installs.installing import line
from tests.conftest import ROOT, pipeline, record, run, scripts

SAMPLE = ROOT / "data" / "sources" / "sample.jsonl"
TOOLS = Path(__file__).parent
# One of every kind of page.
KINDS = {
    "home": "/",
    "search": "/?q=form",
    "list": "/?type=plugin",
    "by-composer": "/?sort=composer",
    "filters": "/?type=theme&php=8.0&within=year",
    "mistyped": "/?q=woocomerce",
    "nothing": "/?q=zzzzzz",
    "package": "/packages/plugin/akismet",
    "rtl": "/packages/plugin/hazard-bidi",
    "long": "/packages/plugin/hazard-unbroken-name",
    "versions": "/packages/plugin/many-versions",
    "noted": "/packages/plugin/two-notices",
    "closed-package": "/packages/plugin/shut-for-now",
    "gone": "/packages/plugin/shut-for-good",
    "author": "/authors/john-blackbourn",
    "tag": "/tags/woocommerce",
    "closed": "/closed",
    "untagged": "/untagged",
    "untagged-authors": "/untagged/authors",
    "changelog": "/packages/plugin/many-versions/changelog",
    "compare": "/compare",
    "compared": "/compare?a=plugin/akismet&b=theme/astra&c=plugin/shut-for-now&d=plugin/none",
    "nothing-for-php": "/?q=akismet&php=7.4&type=theme",
    "docs": "/docs",
    "status": "/status",
    "not-found": "/packages/plugin/no-such-thing",
}


@dataclass(frozen=True)
class Answer:
    """An answer as it came over the wire."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


@dataclass(frozen=True)
class Site:
    """A served site."""

    listen: str
    data: Path

    @property
    def url(self) -> str:
        """Where it is, without a slash at the end."""
        return f"http://{self.listen}"

    def get(self, path: str, **headers: str) -> Answer:
        """Ask for a path."""
        connection = http.client.HTTPConnection(self.listen, timeout=120)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request("GET", path, headers=named)
            answer = connection.getresponse()
            fields = {name.lower(): value for name, value in answer.getheaders()}
            return Answer(answer.status, fields, answer.read())
        finally:
            connection.close()


def tool(name: str, *arguments: str, given: object = None) -> object:
    """Run one of the node tools beside this file: arguments and JSON in, JSON out."""
    ended = subprocess.run(
        ["node", str(TOOLS / name), *arguments],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        timeout=900,
    )
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)


@pytest.fixture(name="site", scope="session")
def _site() -> Iterator[Site]:
    """The sample and what it lacks: closed packages, a history that goes on and on, installs."""
    # A folder that an unprivileged user may enter, unlike pytest's own.
    folder = Path(tempfile.mkdtemp(prefix="browser-"))
    folder.chmod(0o755)
    source, data = folder / "source.jsonl", folder / "data"
    more = "".join(json.dumps(one) + "\n" for one in _more())
    source.write_text(SAMPLE.read_text() + more)
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{one.getsockname()[1]}"
    words = [*pipeline(source)]
    words[words.index("--site-url") + 1] = f"http://{listen}"
    assert run(data, *words).returncode == 0
    (data / "log").mkdir(exist_ok=True)
    (data / "log" / "downloads.log").write_bytes(b"".join(_installs()))
    assert run(data, "regenerate", "--site-url", f"http://{listen}").returncode == 0
    command = scripts(data, "serve", "--listen", listen, "--rate", "100000")
    with (folder / "log").open("w") as log:
        served = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)
        try:
            yield _ready(Site(listen, data))
        finally:
            served.terminate()
            served.wait(120)
            shutil.rmtree(folder)


def _installs() -> Iterator[bytes]:
    """Write the log of a few installs: of many versions, each by some networks."""
    for number in range(12):
        for network in range(12 - number):
            version = f"wp-plugin/many-versions 9.{number}.0.0"
            yield line(time.time() - 3_600, version, address=f"192.0.{number}.{network}")


def _more() -> list[dict[str, object]]:
    closed = {"closed": True, "closed_date": "2026-11-02", "versions": []}
    zips = "https://downloads.wordpress.org/plugin/many-versions"
    words = "Everything that a description can hold, and then as much again. " * 30
    return [
        record("two-notices", name=f"A Name – {words[:180]}", short_description=words,
               version="9.0", last_updated="2019-01-02 3:04am GMT", requires_php="7.4",
               download_link="https://downloads.wordpress.org/plugin/two-notices.zip"),
        record("told-at-length", name="Everything There Is to Be Told", type="theme",
               short_description=words, requires="6.0", requires_php="7.4", versions={
                   "1.0": "https://downloads.wordpress.org/theme/told-at-length.1.0.zip"}),
        record("shut-for-good", **closed, reason="guideline-violation",
               reason_text="Guideline Violation", permanent=True),
        record("shut-for-now", **closed, reason="security-issue", reason_text="Security Issue"),
        record("untagged-release", version="8.4.0", active_installs=20, requires_php="7.4",
               download_link="https://downloads.wordpress.org/plugin/untagged-release.zip",
               versions={"8.3.1": "https://downloads.wordpress.org/plugin/untagged-release.8.3.1.zip"}),
        record("many-versions", version="9.9", active_installs=40_000,
               sections={"changelog": "<h4>9.9</h4><p>Mends it.</p><h4>Older</h4>"},
               versions={f"{n}.{m}": f"{zips}.{n}.{m}.zip" for n in range(10) for m in range(40)}
               | {"not a version": f"{zips}.zip"}),
    ]  # fmt: skip


def _ready(site: Site) -> Site:
    deadline = time.monotonic() + 120
    while True:
        try:
            if site.get("/health").status == 200:
                return site
        except OSError:
            pass
        assert time.monotonic() < deadline, "the site does not answer"
        time.sleep(0.05)
