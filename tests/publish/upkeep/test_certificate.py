"""The end of the site's certificate: seen by the daily job, told by the app."""

import json
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from webob import Request

from release.data import Data
from server import Settings, make_app
from tests.conftest import SITE_URL, run

_FIGURE = "frontispiece_certificate_end_timestamp_seconds"


@contextmanager
def _shown(folder: Path, days: int) -> Iterator[str]:
    """Listen by https with a certificate that nobody trusts; give the address."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=a.example"]
    made += ["-keyout", str(key), "-out", str(certificate), "-days", str(days)]
    subprocess.run(made, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        threading.Thread(target=_show, args=(listening, context), daemon=True).start()
        yield f"https://127.0.0.1:{listening.getsockname()[1]}"
        listening.shutdown(socket.SHUT_RDWR)


def _show(listening: socket.socket, context: ssl.SSLContext) -> None:
    with suppress(OSError):  # it was closed
        while True:
            line, _ = listening.accept()
            with line, suppress(OSError):
                context.wrap_socket(line, server_side=True).close()


def _looked(data: Path, site_url: str) -> str:
    ended = run(data, "regenerate", "--site-url", site_url)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    return ended.stdout


def _told(data: Path) -> tuple[Any, list[str]]:
    """Give what /status.json says of it, and the lines of /metrics."""
    app = make_app(Settings(data=data))
    status = json.loads(Request.blank("/status.json").get_response(app).body)
    lines = Request.blank("/metrics").get_response(app).text.splitlines()
    return status["certificate_ends"], [one for one in lines if one.startswith(_FIGURE)]


def test_the_end_of_the_certificate_is_told(published: Path, tmp_path: Path) -> None:
    """As a visitor sees it, renewals too; once it cannot be seen nothing is said of it."""
    for days in (3, 90):
        with _shown(tmp_path, days) as site_url:
            said = _looked(published, site_url)
        ends = int(Data(published).certificate_ends.read_text())
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(ends))
        assert abs(ends - time.time() - days * 86_400) < 3600
        assert "certificate: it ends 20" in said
        assert _told(published) == (moment, [f"{_FIGURE} {ends}"])
    said = _looked(published, site_url)

    assert f"certificate: {site_url} has shown none: " in said
    assert not Data(published).certificate_ends.exists()
    assert _told(published) == (None, [])


def test_of_a_site_by_http_there_is_none(published: Path) -> None:
    """It is null, not left out, and nobody is asked."""
    assert "certificate" not in _looked(published, SITE_URL)
    assert _told(published) == (None, [])


@pytest.mark.parametrize("content", ["", "soon", "\xff"])
def test_a_damaged_note_is_none(published: Path, content: str) -> None:
    """It is known again after the next daily job."""
    Data(published).certificate_ends.write_bytes(content.encode("latin-1"))

    assert _told(published) == (None, [])
