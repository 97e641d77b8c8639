"""`python -m server`, as others call it."""

import http.client
import json
import os
import pwd
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.server.conftest import FIRST, SECOND, make_release, switch

SERVER = [sys.executable, "-m", "server"]


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=60)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(10)
        self.sock.connect(str(self._path))


@contextmanager
def served(data: Path, sock: Path, *argv: str) -> Iterator[subprocess.Popen[str]]:
    """Run the server on a socket; it is told to stop at the end."""
    command = [*SERVER, "--data", str(data), "--socket", str(sock), *argv]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            while not _listens(sock):
                assert process.poll() is None, process.stderr and process.stderr.read()
            yield process
        finally:
            process.terminate()


def _listens(sock: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(sock)) == 0


def get(connection: http.client.HTTPConnection, path: str) -> http.client.HTTPResponse:
    """Ask and read to the end."""
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    return response


def test_serves_on_a_unix_socket(data: Path, tmp_path: Path) -> None:
    """Pages come over the socket, a switch is noticed on an open connection, SIGTERM ends it."""
    sock = tmp_path / "app.sock"
    with served(data, sock) as process:
        connection = UnixConnection(sock)
        first = get(connection, "/packages/plugin/akismet")
        make_release(data, SECOND)
        switch(data, SECOND)
        second = get(connection, "/packages/plugin/akismet")
        connection.close()
        mode = stat.S_IMODE(sock.stat().st_mode)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=60)

    assert first.status == second.status == 200
    assert (first.headers["X-Release"], second.headers["X-Release"]) == (FIRST, SECOND)
    assert first.headers["Server"] is None
    assert mode == 0o660
    assert process.returncode == 0
    assert errors == ""
    assert not sock.exists()


def test_stale_socket_is_replaced(data: Path, tmp_path: Path) -> None:
    """A socket left behind by a server that was killed does not stop the next."""
    sock = tmp_path / "app.sock"
    with served(data, sock) as process:
        process.kill()
        process.wait(60)
    assert sock.exists()

    with served(data, sock):
        connection = UnixConnection(sock)
        assert get(connection, "/health").status == 200
        connection.close()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_gives_up_root_before_listening(data: Path) -> None:
    """With --user the process, its groups and its socket are that user's."""
    nobody = pwd.getpwnam("nobody")
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        run, copy = Path(folder) / "run", Path(folder) / "data"
        make_release(copy)
        switch(copy, FIRST)
        run.mkdir()
        os.chown(run, nobody.pw_uid, nobody.pw_gid)
        Path(folder).chmod(0o755)
        with served(copy, run / "app.sock", "--user", "nobody") as process:
            fields = _status_of(process.pid)
            owner = (run / "app.sock").stat().st_uid
            connection = UnixConnection(run / "app.sock")
            page = get(connection, "/packages/plugin/akismet")
            connection.close()

    assert fields["Uid"] == [str(nobody.pw_uid)] * 4
    assert fields["Gid"] == [str(nobody.pw_gid)] * 4
    assert fields["Groups"] == []
    assert owner == nobody.pw_uid
    assert page.status == 200


def _status_of(pid: int) -> dict[str, list[str]]:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return {key: value.split() for key, _, value in (line.partition(":") for line in lines)}


def test_get_answers_the_paths_on_stdin(data: Path) -> None:
    """--get writes one JSON object for each path, in order, through the same app."""
    answered = subprocess.run(
        [*SERVER, "--release", str(data / "releases" / FIRST), "--get"],
        input="/packages/plugin/akismet\n\n/?q=spam&page=2\n/packages/plugin/gone\n/%FF\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=True,
    )
    answers = [json.loads(line) for line in answered.stdout.splitlines()]

    assert [(answer["path"], answer["status"]) for answer in answers] == [
        ("/packages/plugin/akismet", 200),
        ("/?q=spam&page=2", 200),
        ("/packages/plugin/gone", 410),
        ("/%FF", 404),
    ]
    assert "composer require wp-plugin/akismet" in answers[0]["body"]
    assert answers[0]["headers"]["X-Release"] == FIRST
    assert answered.stderr == ""


def _got(data: Path, paths: Iterable[str], *python: str, **environ: str) -> list[dict[str, Any]]:
    """Answer paths by --get, in a process of its own."""
    command = [sys.executable, *python, "-m", "server", "--data", str(data), "--get"]
    answered = subprocess.run(
        command,
        input="".join(f"{path}\n" for path in paths).encode(),
        capture_output=True,
        cwd=ROOT,
        env=os.environ | environ,
        check=True,
    )
    assert answered.stderr == b""
    return [json.loads(line) for line in answered.stdout.split(b"\n") if line]


def test_get_prints_what_is_served(data: Path, tmp_path: Path) -> None:
    """Status, headers and body are those that the server sends on its socket, odd paths too."""
    paths = ["/", "/packages/plugin/arabic", "/docs/", "/packages/plugin/gone", "/favicon.svg"]
    paths += [
        "/%FF",
        "//",
        "/nope",
        "/?q=%22",
        "/og/plugin/akismet.png",
        "/api/packages#x",
        "/a%20b",
    ]
    sock, sent = tmp_path / "app.sock", []
    with served(data, sock):
        connection = UnixConnection(sock)
        for path in paths:
            connection.putrequest("GET", path, skip_accept_encoding=True)
            connection.endheaders()
            answer = connection.getresponse()
            headers = dict(answer.getheaders())
            sent.append((path, answer.status, headers, answer.read().decode()))
        connection.close()
    got = [(one["path"], one["status"], one["headers"], one["body"]) for one in _got(data, paths)]
    for *_, headers, _ in (*sent, *got):
        del headers["Date"]

    assert got == sent
    assert {status for _, status, _, _ in got} == {200, 301, 302, 404, 410}


def test_get_is_utf8_in_any_locale(data: Path) -> None:
    """What is read from files and stdin, and what is printed, hangs on no locale's encoding."""
    paths = ["/packages/plugin/arabic", "/?q=Thème", "/status.md", "/favicon.svg"]
    strict = ("-X", "warn_default_encoding", "-W", "error::EncodingWarning")
    ascii_only = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    usual = _got(data, paths)
    odd = _got(data, paths, *strict, PYTHONIOENCODING="ascii", **ascii_only)
    for one in (*usual, *odd):
        del one["headers"]["Date"]

    assert odd == usual
    assert "إضافة البطاقات" in odd[0]["body"]
    assert "Café Thème" in odd[1]["body"]


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        ((), "one of the arguments --data --release is required"),
        (("--data", "."), "name a --socket to listen on, or --get"),
        (("--data", ".", "--socket", "x", "--get"), "name a --socket to listen on, or --get"),
        (("--data", "nowhere", "--get"), "nowhere is not a folder."),
        (("--data", ".", "--socket", "x", "--user", "no-such-user"), "There is no user"),
        (("--data", ".", "--socket", "/no/such/folder/x"), "Cannot listen on /no/such/folder/x"),
        (("--data", ".", "--socket", "x", "--threads", "0"), "--threads"),
        (("--data", ".", "--socket", "x", "--socket-perms", "9"), "--socket-perms"),
    ],
)
def test_wrong_use_is_explained(argv: tuple[str, ...], reason: str) -> None:
    """A call that cannot be meant exits 2 and says why, in a sentence and without a traceback."""
    called = subprocess.run(
        [*SERVER, *argv], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )

    assert called.returncode == 2
    assert reason in called.stderr
    assert "Traceback" not in called.stderr
