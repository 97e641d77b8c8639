"""What docs/operations.md lets the operator do to Debian's nginx, done to Debian's own files."""

import hashlib
import re
import shlex
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from publish.nginx import template
from publish.nginx.conf import production
from scripts import nginx_conf
from tests.conftest import ROOT
from tests.nginx.face import NGINX
from tests.nginx.sites import SITE

_DEBIAN = Path("/etc/nginx/nginx.conf")
_DOCS = (ROOT / "docs" / "operations.md").read_text()


def _as_packaged() -> bool:
    asked = ["dpkg-query", "--show", "--showformat=${Conffiles}", "nginx-common"]
    try:
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
        return hashlib.md5(_DEBIAN.read_bytes(), usedforsecurity=False).hexdigest() in told
    except (OSError, subprocess.CalledProcessError):
        return False


def _command(begins: str) -> str:
    """Give a command of the docs, with the lines that it goes on in."""
    found = re.search(rf"^{re.escape(begins)}(?:.*\\\n)*.*$", _DOCS, re.MULTILINE)
    assert found
    return found[0]


def _raise(conf: Path) -> str:
    command = _command("sed -i").replace(str(_DEBIAN), str(conf))
    subprocess.run(["bash", "-eu", "-c", command], check=True)
    return conf.read_text()


@pytest.mark.skipif(not _as_packaged(), reason="nginx.conf is not as Debian packaged it")
def test_limits_are_raised_in_debians_own_file(tmp_path: Path) -> None:
    """The command changes two lines, once; nginx takes the file, and our site in it."""
    (tmp_path / "temp").mkdir()
    text = _DEBIAN.read_text()
    moved = {
        "/run/nginx.pid": f"{tmp_path}/pid",
        "/var/log/nginx/": f"{tmp_path}/",
        "/etc/nginx/sites-enabled/*": f"{tmp_path}/site",
    }
    for here, there in moved.items():
        assert here in text
        text = text.replace(here, there)
    conf = tmp_path / "nginx.conf"
    conf.write_text(text)
    once = _raise(conf)
    twice = _raise(conf)
    site = replace(
        SITE,
        any_host=False,
        cache=tmp_path / "cache",
        access_log=tmp_path / "access.log",
        install_log=tmp_path / "downloads.log",
    )
    (tmp_path / "site").write_text(production(site))
    # With as many files as systemd gives by itself.
    asked = ["prlimit", "--nofile=1024:", NGINX, "-T", "-c", conf, "-e", "stderr"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)

    assert once == twice
    changed = set(once.splitlines()) ^ set(text.splitlines())
    assert {line.strip() for line in changed} == {
        *("worker_connections 768;", "worker_connections 8192;", "worker_rlimit_nofile 16384;")
    }
    assert told.returncode == 0, told.stderr
    limits = re.findall(r"^\s*(worker_(?:connections|rlimit_nofile).*)", told.stdout, re.MULTILINE)
    assert limits == ["worker_rlimit_nofile 16384;", "worker_connections 8192;"]
    assert "exceed open file resource limit" not in told.stderr
    assert f"server_name {site.host};" in told.stdout


def test_the_limits_are_those_of_make_serve() -> None:
    """The docs say the same figures as our own nginx has."""
    own = (template.NGINX / "site.conf.in").read_text()

    for name in ("worker_connections", "worker_rlimit_nofile"):
        (figure,) = re.findall(rf"^ *{name} (\d+);$", own, re.MULTILINE)
        assert f"{figure};" in _command("sed -i")


@pytest.mark.parametrize("tls", [False, True])
def test_the_site_is_printed_by_the_words_of_the_docs(
    tls: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command for the site is one that nginx-conf takes, with and without the certificate."""
    lines = _command("cd /srv/frontispiece && exec .venv/bin/python").split("\\\n")
    assert "--certificate" in lines[-1]
    words = shlex.split(" ".join(lines if tls else lines[:-1]))
    words = words[words.index("nginx-conf") + 1 :]

    assert nginx_conf.main(["--data", "/var/lib/frontispiece", *words]) == 0
    said = capsys.readouterr().out
    assert ("listen 443 ssl http2;" in said) == tls
    assert '"/var/log/frontispiece/downloads.log"' in said
    assert 'server "unix:/run/frontispiece/sockets/app-2"' in said
