"""The app's processes are started anew while the site is asked: not one answer fails."""

import http.client
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from scripts import restart
from tests.conftest import ROOT, Source, Tell, pipeline, record, run
from tests.nginx.face import AWAY
from tests.nginx.supervised import Supervised

_ROUNDS = 5


@pytest.fixture(name="site")
def _site(folder: Path, source: Source) -> Iterator[Supervised]:
    data = folder / "data"
    ended = run(data, *pipeline(source(*(record(f"p{n}") for n in range(40)))))
    assert ended.returncode == 0, ended.stderr
    site = Supervised(folder, apps=2, rate=100_000, data=data)
    site.expected += AWAY
    try:
        site.start_apps()
        yield site
    finally:
        site.end()


def test_no_answer_fails_while_all_are_started_anew(site: Supervised, tell: Tell) -> None:
    """Five times over, under load past the cache: every answer is the page, whole."""
    over = threading.Event()
    before = site.pids()

    def read(reader: int) -> Counter[int]:
        seen: Counter[int] = Counter()
        line = http.client.HTTPConnection("127.0.0.1", site.port, timeout=60)
        while not over.is_set():
            # Each is another page to nginx: a package, or words that nobody has looked for.
            number = seen.total()
            path = f"/?q=p{number % 40}&page={reader + 10 * number}"
            line.request("GET", path if number % 2 else f"/packages/plugin/p{number % 40}")
            answer = line.getresponse()
            assert b"</html>" in answer.read()
            seen[answer.status] += 1
        line.close()
        return seen

    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, reader) for reader in range(4)]
        try:
            for _ in range(_ROUNDS):
                argv = ["--data", str(site.data), "--sockets", str(site.folder), "--by", site.by()]
                assert restart.main(argv) == 0
        finally:
            over.set()
        answers = sum((reader.result() for reader in readers), Counter[int]())
    tell(f"restart: {_ROUNDS} times 2 processes, answers by status: {dict(answers)}")

    assert answers.keys() == {200}
    assert not before & site.pids()


def test_one_that_does_not_come_back_stops_the_rest(
    site: Supervised, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other one is left alone, and the site is still there; 1, and which one it was."""
    monkeypatch.setattr(restart, "_PATIENCE", 0.5)
    before = site.pids()
    broken = site.by().replace(" -m server ", " -m tests.nginx.nothing ")
    argv = ["--data", str(site.data), "--sockets", str(site.folder), "--by", broken]

    assert restart.main(argv) == 1
    assert "app 0: it has not answered for" in capsys.readouterr().err
    assert len(before & site.pids()) == 1
    assert {site.ask(f"/packages/plugin/p{n}").status for n in range(8)} == {200}


@pytest.mark.parametrize(
    ("by", "sentence"),
    [
        ("false %i", "app 1: false 1 ended with 1;"),
        ("/no/such %i", "app 1: /no/such: No such file"),
    ],
)
def test_a_command_that_fails(
    tmp_path: Path, by: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """1, and what the command did; lower numbers first, other files are no processes."""
    for name in ("app-10", "app-1", "app-x", "pid-1"):
        (tmp_path / name).touch()

    assert restart.main(["--data", "/d", "--sockets", str(tmp_path), "--by", by]) == 1
    assert sentence in capsys.readouterr().err


def test_no_process_is_a_wrong_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2 and a sentence, where nothing listens."""
    assert restart.main(["--data", "/d", "--sockets", str(tmp_path)]) == 2
    assert "no process listens" in capsys.readouterr().err


def test_the_docs_print_nginx_first() -> None:
    """An update's order: nginx, the app, a release; and never all of its processes at once."""
    update = (ROOT / "docs" / "operations.md").read_text().partition("## Update")[2]
    order = ["git pull", "print-site", "reload nginx", "make restart", "frontispiece-pipeline"]
    places = [update.index(words) for words in order]

    assert places == sorted(places)
    assert "frontispiece-app@*" not in update
