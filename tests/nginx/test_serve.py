"""`serve`: both started, both kept, both gone after Ctrl-C."""

import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from publish.nginx import place, service
from scripts import serve as serve_script
from tests.nginx.face import (
    CARD,
    NEW,
    OLD,
    ROOT,
    Answer,
    ask,
    free_port,
    in_hand,
    make_data,
    publish,
    wait,
)

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
AS = [
    pytest.param("", id="as myself"),
    pytest.param("nobody", id="as nobody", marks=ROOT_ONLY),
]
RUN = "from scripts import serve; raise SystemExit(serve.main(app={app!r}))"


class Serve:
    """`serve`, running in a process of its own, with a folder of its own for temporary files."""

    def __init__(self, folder: Path, *arguments: str, user: str = "", app: str, port: int) -> None:
        self.port = port
        self.temp = folder / "tmp"
        self.temp.mkdir()
        self.said = folder / "said"
        self.said.touch()
        for path in (self.temp, self.said, folder / "data"):
            if user:
                os.chown(path, 65534, 65534)
        command = [sys.executable, "-c", RUN.format(app=app), "--data", str(folder / "data")]
        command += ["--listen", f"127.0.0.1:{port}", *arguments]
        as_user = {"user": user, "group": "nogroup", "extra_groups": []} if user else {}
        with self.said.open("w") as out:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                cwd=ROOT,
                env={"TMPDIR": str(self.temp), "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                process_group=0,
                **as_user,  # type: ignore[call-overload]
            )

    def ready(self) -> "Serve":
        """Wait until it says that it serves."""
        wait(lambda: "Serving " in self.text or self.process.poll() is not None)
        assert self.process.poll() is None, self.text
        return self

    @property
    def text(self) -> str:
        """All it has said."""
        return self.said.read_text()

    def ask(self, path: str, **headers: str) -> Answer:
        """Ask it once."""
        return ask(self.port, path, **headers)

    def processes(self) -> dict[int, str]:
        """The processes that it started, and their commands.

        They name its temporary folder, or are in the process group of one that does.
        """
        commands, groups = {}, {}
        for entry in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                commands[int(entry.name)], groups[int(entry.name)] = command, _group(entry)
        kept = {pid for pid, command in commands.items() if str(self.temp) in command}
        return {pid: command for pid, command in commands.items() if kept & {pid, groups[pid]}}

    def pid(self, what: str) -> int:
        """The one process whose command line holds this."""
        (pid,) = (pid for pid, command in self.processes().items() if what in command)
        return pid

    def cache(self) -> Path:
        """Where nginx keeps its pages."""
        (conf,) = self.temp.glob("*/nginx.conf")
        (path,) = re.findall(r'proxy_cache_path "([^"]+)/pages"', conf.read_text())
        return Path(path)

    def assert_nothing_left(self) -> None:
        """No process, no socket, no temporary file, nobody on the port."""
        wait(lambda: not self.processes())
        assert list(self.temp.iterdir()) == []
        with socket.socket() as trial:
            assert trial.connect_ex(("127.0.0.1", self.port)) != 0


class Starter:
    """Starts `serve` for a test, and ends it however the test ends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = make_data(folder)
        self.serves: list[Serve] = []

    def __call__(
        self, *arguments: str, user: str = "", app: str = "tests.nginx.standin", port: int = 0
    ) -> Serve:
        serve = Serve(self.folder, *arguments, user=user, app=app, port=port or free_port())
        self.serves.append(serve)
        return serve


@pytest.fixture(name="start")
def _start(folder: Path) -> Iterator[Starter]:
    starter = Starter(folder)
    yield starter
    for serve in starter.serves:
        serve.process.terminate()
        serve.process.wait(120)
        serve.assert_nothing_left()


@pytest.mark.parametrize("user", AS)
def test_serves_everything(start: Starter, user: str) -> None:
    """It says where it serves; pages, cards and files are there; the logs say so and no worse."""
    serve = start(user=user).ready()

    assert f"Serving http://127.0.0.1:{serve.port}/ (Ctrl-C stops)" in serve.text
    assert serve.ask("/page").release == OLD
    assert serve.ask(CARD).headers["content-type"] == "image/png"
    assert serve.ask("/robots.txt").status == 200
    assert serve.ask("/.git").status == 404
    publish(start.data, NEW)
    assert serve.ask("/page").release == NEW
    serve.process.send_signal(signal.SIGINT)
    assert serve.process.wait(120) == 0
    access = (start.data / "log" / "access.log").read_text()
    line = r'127\.0\.0\.1 - - \[.+\] "GET /page HTTP/1\.1" 200 \d+ "-" "-" 0\.\d+ MISS 0\.\d+\n'
    assert re.search(line, access)
    assert re.search(rf'"GET {CARD} HTTP/1\.1" 200 .* - -\n', access)
    assert (start.data / "log" / "error.log").read_text() == ""


@pytest.mark.parametrize("user", AS)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_end_leaves_nothing(start: Starter, user: str, number: signal.Signals) -> None:
    """Ctrl-C (or TERM, or a closed terminal) to the whole group, as by a terminal, ends all."""
    serve = start(user=user).ready()
    assert len(serve.processes()) >= 4
    os.killpg(serve.process.pid, number)

    assert serve.process.wait(120) == 0
    serve.assert_nothing_left()
    assert "Traceback" not in serve.text


@pytest.mark.parametrize("user", AS)
def test_pages_are_kept_in_memory(start: Starter, user: str) -> None:
    """Not on a disk that may be full; the room is given back at the end."""
    serve = start(user=user).ready()
    cache = serve.cache()
    for _ in range(2):
        serve.ask("/page")

    assert cache.parent == Path("/dev/shm")
    assert cache.stat().st_mode & 0o066 == 0
    assert [path for path in cache.rglob("*") if path.is_file()]
    serve.process.send_signal(signal.SIGINT)
    assert serve.process.wait(120) == 0
    assert not cache.exists()


def test_without_memory_pages_are_kept_with_the_rest(tmp_path: Path) -> None:
    """Where memory has no room for a cache, or there is no such place, it is beside the sockets."""
    assert service.roomy(tmp_path) == tmp_path
    assert service.roomy(tmp_path / "nowhere") is None
    assert service.roomy(Path("/proc")) is None  # of which nothing is free


def test_end_while_it_starts(start: Starter) -> None:
    """Told to stop before it has ever served, it ends as cleanly."""
    serve = start()
    wait(lambda: len(serve.processes()) >= 1)
    serve.process.terminate()

    assert serve.process.wait(120) == 0
    serve.assert_nothing_left()


@ROOT_ONLY
def test_logs_left_by_root(start: Starter) -> None:
    """A log that may not be written, as one left from a start by root, is 2 and a sentence."""
    (start.data / "log").mkdir(mode=0o755)
    serve = start(user="nobody")

    assert serve.process.wait(120) == 2
    assert f"Cannot write the log {start.data}/log/access.log: Permission denied." in serve.text


def test_request_under_way_is_answered(start: Starter) -> None:
    """A page that is being made when Ctrl-C comes is still delivered."""
    serve = start("--workers", "1").ready()
    with ThreadPoolExecutor(1) as pool:
        (socket_,) = serve.temp.glob("*/sockets/app-1")
        (start.data / "held").touch()
        slow = pool.submit(serve.ask, "/page?sleep=held")
        wait(lambda: in_hand(socket_))
        serve.process.send_signal(signal.SIGINT)
        wait(lambda: not _listens(serve.port))  # it is ending
        (start.data / "held").unlink()

        assert slow.result().status == 200
    assert serve.process.wait(120) == 0


@pytest.mark.parametrize("user", AS)
def test_killed_app_starts_again(start: Starter, user: str) -> None:
    """An app process that is killed is another one soon after, and no request fails meanwhile."""
    serve = start(user=user).ready()
    killed = serve.pid("app-1")
    os.kill(killed, signal.SIGKILL)
    for n in range(20):
        assert serve.ask(f"/page/{n}").status == 200

    wait(lambda: "app 1 was ended by SIGKILL; it starts again in 0.1 s" in serve.text)
    wait(lambda: any("app-1" in command for command in serve.processes().values()))
    assert serve.pid("app-1") != killed
    # The other one killed, it is the new one that answers.
    os.kill(serve.pid("app-2"), signal.SIGKILL)
    wait(lambda: serve.ask("/page/again").status == 200)


def test_killed_nginx_ends_all(start: Starter) -> None:
    """If nginx is killed the site is over: 1, a sentence, and nothing is left, no worker either."""
    serve = start().ready()
    os.kill(serve.pid("-g daemon off;"), signal.SIGKILL)

    assert serve.process.wait(120) == 1
    assert "nginx has ended" in serve.text
    serve.assert_nothing_left()


@pytest.mark.parametrize("user", AS)
def test_killed_it_takes_all_along(start: Starter, user: str) -> None:
    """A SIGKILL to it ends nginx and the app as well: by themselves, and the port is free."""
    serve = start(user=user).ready()
    assert len(serve.processes()) >= 4
    cache = serve.cache()
    serve.process.kill()
    serve.process.wait()

    try:
        wait(lambda: not serve.processes())
    finally:  # nobody is there to clear away
        for pid in serve.processes():
            os.kill(pid, signal.SIGKILL)
        for left in (*serve.temp.iterdir(), cache):
            shutil.rmtree(left)
    serve.assert_nothing_left()


def test_killed_make_takes_all_along(start: Starter) -> None:
    """`make serve` itself killed, all ends as by Ctrl-C."""
    port = free_port()
    temp = start.folder / "make-tmp"
    temp.mkdir()
    words = ["make", "-o", "setup", "serve", f"DATA={start.data}", f"LISTEN=127.0.0.1:{port}"]
    said = start.folder / "make-said"
    with said.open("w") as out:
        make = subprocess.Popen(
            words, cwd=ROOT, stdout=out, stderr=out, env={**os.environ, "TMPDIR": str(temp)}
        )
    wait(lambda: "Serving " in said.read_text() or make.poll() is not None)
    assert make.poll() is None, said.read_text()
    make.kill()
    make.wait()

    wait(lambda: list(temp.iterdir()) == [])
    with socket.socket() as trial:
        assert trial.connect_ex(("127.0.0.1", port)) != 0


@ROOT_ONLY
def test_root_gives_root_up(start: Starter) -> None:
    """Started by root, app and nginx's workers are nobody, and the sockets nobody else's."""
    serve = start().ready()
    users = {
        command.split(" -")[0]: Path(f"/proc/{pid}").stat().st_uid
        for pid, command in serve.processes().items()
    }
    (run,) = serve.temp.iterdir()
    sockets = run / "sockets"

    assert {uid for command, uid in users.items() if "master" not in command} == {65534}
    assert [uid for command, uid in users.items() if "master" in command] == [0]
    assert (sockets.stat().st_uid, sockets.stat().st_mode & 0o777) == (65534, 0o700)
    assert {path.name for path in sockets.iterdir()} == {"app-1", "app-2"}
    assert not any(path.stat().st_mode & 0o022 for path in [run, *run.iterdir()])


@ROOT_ONLY
def test_root_and_a_closed_folder(start: Starter) -> None:
    """Started by root, DATA must be open to nobody: otherwise 2 and a sentence."""
    start.data.chmod(0o700)
    serve = start()

    assert serve.process.wait(120) == 2
    assert f"runs as nobody, who may not read {start.data}" in serve.text


def test_site_under_a_path(start: Starter) -> None:
    """--site-url's path is where the site is found."""
    serve = start("--site-url", "https://example.org/some/dir").ready()

    assert f"Serving http://127.0.0.1:{serve.port}/some/dir/ " in serve.text
    assert serve.ask("/some/dir/page").release == OLD
    assert serve.ask("/page").status == 404


def test_nothing_published_yet(start: Starter) -> None:
    """Without a release the real app starts and each page says why there is nothing: 503."""
    (start.data / "current").unlink()
    serve = start(app="server").ready()

    assert f"Nothing is published in {start.data} yet: `make pipeline` does it." in serve.text
    answer = serve.ask("/")
    assert answer.status == 503
    assert answer.headers["cache-control"] == "no-store"
    assert b"Frontispiece" in answer.body
    assert serve.ask("/health").status == 503


def test_app_that_does_not_start(start: Starter) -> None:
    """An app that never starts ends it with 1 and a sentence."""
    serve = start(app="tests.nginx.nothing")

    assert serve.process.wait(120) == 1
    assert "The app does not start; its last words are above." in serve.text
    serve.assert_nothing_left()


def test_busy_port(start: Starter) -> None:
    """A port that somebody listens on is 2 and a sentence that names it."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        serve = start(port=port)

        assert serve.process.wait(120) == 2
    assert serve.text == (
        f"Cannot listen on 127.0.0.1:{port}: another program listens there. "
        "Choose another address by LISTEN=…\n"
    )


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--listen", "nonsense"], "'nonsense' is not an address to listen on"),
        (["--listen", "192.0.2.1:8080"], "Cannot listen on 192.0.2.1:8080: "),
        (["--listen", "no-such-host.invalid:80"], "Cannot listen on no-such-host.invalid:80: "),
        (["--workers", "0"], "--workers: '0' is not a whole number above 0"),
        (["--threads", "none"], "--threads: 'none' is not a whole number above 0"),
        (["--site-url", "http://x/a b"], "may hold letters, digits"),
        (["--data", "/nowhere"], "There is no folder /nowhere. `make pipeline` makes it."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_arguments(start: Starter, arguments: list[str], sentence: str) -> None:
    """What cannot be meant is 2 and a sentence, and nothing is started."""
    serve = start(*arguments)

    assert serve.process.wait(120) == 2
    assert sentence in serve.text
    assert "Traceback" not in serve.text


def test_no_nginx(
    start: Starter, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without nginx: 2, and what to install."""
    monkeypatch.setattr(place, "_PROGRAMS", "/nowhere")
    before = {number: signal.getsignal(number) for number in (1, 2, 15)}
    try:
        code = serve_script.main(["--data", str(start.data)])
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)

    assert code == 2
    assert (
        "nginx is not installed. On Debian: apt-get install nginx-light" in capsys.readouterr().err
    )


def _listens(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def _group(entry: Path) -> int:
    """The process group of a folder in /proc."""
    return int((entry / "stat").read_text().rpartition(")")[2].split()[2])
