"""The configuration as text: what goes in, what is refused, what nginx and Gixy say about it."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from publish.nginx import template
from publish.nginx.conf import production, serving
from publish.nginx.template import expand, fill, page_style
from publish.nginx.values import ConfigError
from scripts import nginx_conf
from tests.nginx.face import NGINX, USER, debian, running
from tests.nginx.sites import SITE, TLS

# What Gixy says that we know and leave, and why.
GIXY_LEFT = {
    # open_file_cache would answer from the release before for as long as it is valid.
    "try_files_is_evil_too",
}


def test_unknown_name_is_refused() -> None:
    """A name in the template that has no value is refused, by name."""
    with pytest.raises(ConfigError, match="unknown names: LISTNE"):
        fill("listen %%LISTNE%%;", {})


def test_unused_value_is_refused() -> None:
    """A value that the template does not ask for is refused, by name."""
    with pytest.raises(ConfigError, match="does not use: LISTEN"):
        fill("listen 80;", {"LISTEN": "80"})


def test_value_is_not_a_template() -> None:
    """A value that looks like a name is left as it is."""
    assert fill("%%A%% %%B%%", {"A": "%%B%%", "B": "b"}) == "%%B%% b"


def test_missing_piece_is_refused(tmp_path: Path) -> None:
    """An include of a piece that is not there is refused, by name."""
    template = tmp_path / "site.conf.in"
    template.write_text("include http/nothing.conf;\n")

    with pytest.raises(ConfigError, match=r"http/nothing\.conf, which is not there"):
        expand(template)


def test_every_piece_is_used() -> None:
    """Each file under nginx/ is part of both configurations, or is one of the two."""
    text = "".join(path.read_text() for path in template.NGINX.rglob("*.conf*"))
    included = set(re.findall(r"^ *include (\S+);", text, re.MULTILINE))
    there = {str(path.relative_to(template.NGINX)) for path in template.NGINX.rglob("*.conf*")}

    assert there - included == {"site.conf.in", "production.conf.in"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"data": Path("data")},
        {"data": Path('/srv/"; return 200 "')},
        {"data": Path("/srv/$host")},
        {"data": Path("/srv/back\\slash")},
        {"data": Path("/srv/%%DATA%%")},
        {"data": Path("/srv/new\nline")},
        {"access_log": Path("/var/log/$uri")},
        {"install_log": Path("/var/log/$uri")},
        {"cache": Path("cache")},
        {"proxies": ("10.0.0.0/8; allow all",)},
        {"proxies": ("10.0.0.1/8",)},
        {"proxies": ("proxy.example.org",)},
        {"sockets": ()},
        {"sockets": (Path("/run/" + "s" * 103),)},
        {"sockets": (Path('/run/a" backup; server "b'),)},
        {"listen": ()},
        {"listen": ("80; return 404",)},
        {"listen": ("80 ssl",)},
        {"listen": ("0",)},
        {"listen": ("65536",)},
        {"listen": ("127.0.0.1:",)},
        {"listen": ("unix:/tmp/x",)},
        {"listen": ("80\n",)},
        {"site_url": "https://"},
        {"site_url": "https://a_b;c"},
        {"site_url": "https://[::1"},
        {"site_url": "https://example.org/a b"},
        {"site_url": "https://example.org/a(b"},
        {"site_url": "https://example.org/a/../b"},
        {"site_url": 'https://example.org/"'},
        {"rate": 0},
        {"rate": 1_000_001},
    ],
    ids=str,
)
def test_value_that_breaks_out_is_refused(wrong: dict[str, object]) -> None:
    """A value that nginx would read as something else than was meant is refused with a sentence."""
    with pytest.raises(ConfigError, match=r"[.]$"):
        replace(SITE, **wrong)  # type: ignore[arg-type]


@pytest.mark.parametrize("user", ["nobody; load_module x", "a b c", "-x", "no\nbody"])
def test_user_that_breaks_out_is_refused(user: str) -> None:
    """A user's name that is none is refused."""
    with pytest.raises(ConfigError, match="not a user's name"):
        serving(SITE, run=Path("/run/f"), error_log=Path("/tmp/error.log"), user=user)


@pytest.mark.parametrize("site_url", ["http://localhost", "https://example.org:8443/some/dir/"])
@pytest.mark.parametrize("listen", ["8080", "127.0.0.1:8080", "[::1]:8080", "*:8080"])
def test_serving_passes(folder: Path, site_url: str, listen: str) -> None:
    """nginx takes the configuration of `make serve`, at any address and under any path."""
    (folder / "temp").mkdir()
    site = replace(SITE, site_url=site_url, listen=(listen,), cache=folder / "cache")
    user = "nobody nogroup" if USER else ""
    text = serving(site, run=folder, error_log=folder / "error.log", user=user)

    assert "syntax is ok" in _nginx_test(folder, text)


@pytest.mark.parametrize("proxies", [(), ("10.0.0.0/8", "2001:db8::/32")], ids=["", "proxied"])
@pytest.mark.parametrize("site_url", ["https://packages.example.org", "https://example.org/dir"])
def test_production_passes(folder: Path, site_url: str, proxies: tuple[str, ...]) -> None:
    """nginx takes the production part where Debian's own nginx.conf includes it."""
    site = replace(
        SITE,
        proxies=proxies,
        site_url=site_url,
        any_host=False,
        listen=("8080", "[::]:8080"),
        cache=folder / "cache",
        access_log=folder / "access.log",
        install_log=folder / "downloads.log",
    )
    (folder / "site").write_text(production(site))

    said = _nginx_test(folder, debian(folder, folder / "site"))

    assert "syntax is ok" in said
    assert "[warn]" not in said


@pytest.mark.parametrize("kind", ["serving", "production", "secure"])
def test_gixy_has_nothing_to_say(folder: Path, kind: str) -> None:
    """Gixy finds nothing in either configuration but what is left with a reason."""
    conf = folder / "nginx.conf"
    if kind == "serving":
        conf.write_text(serving(SITE, run=folder, error_log=folder / "error.log"))
    else:
        site = replace(SITE, any_host=False, tls=TLS if kind == "secure" else None)
        site = replace(site, proxies=("10.0.0.0/8",) if kind == "secure" else ())
        conf.write_text("events {} http {" + production(site) + "}")

    gixy = Path(sys.executable).with_name("gixy")
    said = subprocess.run([gixy, "-f", "json", conf], capture_output=True, check=False).stdout
    found = {issue["plugin"]: issue["summary"] for issue in json.loads(said)}

    assert {name: text for name, text in found.items() if name not in GIXY_LEFT} == {}
    assert found.keys() >= GIXY_LEFT  # what it no longer says needs no reason


def test_the_error_page_has_one_style(tmp_path: Path) -> None:
    """An error page with another style sheet than the one that the hash allows is refused."""
    page = tmp_path / "error.html"
    page.write_text("<style>a{}</style><style>b{}</style>")

    with pytest.raises(ConfigError, match="2 style sheets"):
        page_style(page)


def test_folder_with_an_odd_name_is_served(folder: Path) -> None:
    """Spaces, semicolons, braces, hashes and other scripts in DATA's name mean nothing to nginx."""
    odd = folder / "it's a; {odd} #name ж"
    odd.mkdir()
    with running(odd) as face:
        assert face.ask("/robots.txt").status == 200
        assert face.ask("/page").status == 200


def test_command_prints_production(capsys: pytest.CaptureFixture[str]) -> None:
    """`nginx-conf --production` prints the part and what to do with it."""
    code = nginx_conf.main(
        ["--data", "/srv/f", "--production", "--site-url", "https://packages.example.org"]
    )

    said = capsys.readouterr().out
    assert code == 0
    assert "server_name packages.example.org;" in said
    assert "python -m server --data /srv/f --socket /run/frontispiece/sockets/app-2" in said
    assert "%%" not in said
    assert "default_server" not in said


def test_proxies_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    """Each that is said, and none where none is said."""
    argv = ["--data", "/srv/f", "--production", "--site-url", "https://packages.example.org"]
    nginx_conf.main(argv)
    assert "real_ip" not in capsys.readouterr().out
    nginx_conf.main([*argv, "--proxy-address", "10.0.0.0/8", "--proxy-address", "2001:db8::1"])
    said = capsys.readouterr().out

    assert "set_real_ip_from 10.0.0.0/8;" in said
    assert "set_real_ip_from 2001:db8::1;" in said
    assert "real_ip_header X-Forwarded-For;" in said


def test_https_is_kept_to_as_long_as_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Half a year, or --hsts; a time that is none is refused."""
    argv = ["--data", "/srv/f", "--production", "--site-url", "https://packages.example.org"]
    argv += ["--certificate", "/c", "--key", "/k"]
    for more, said in (([], 15_768_000), (["--hsts", "0"], 0), (["--hsts", "300"], 300)):
        assert nginx_conf.main([*argv, *more]) == 0
        assert f'"max-age={said}"' in capsys.readouterr().out
    assert nginx_conf.main([*argv, "--hsts", "-1"]) == 2


def test_command_prints_serving(capsys: pytest.CaptureFixture[str]) -> None:
    """`nginx-conf` prints what `make serve` would run."""
    code = nginx_conf.main(["--data", "/srv/f", "--site-url", "http://localhost/dir"])

    assert code == 0
    assert "listen 127.0.0.1:8080 default_server;" in capsys.readouterr().out


def test_command_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    """`nginx-conf` with a value that nginx must not get ends with 2 and a sentence."""
    code = nginx_conf.main(["--data", "/srv/$f", "--site-url", "http://localhost"])

    assert code == 2
    assert capsys.readouterr().err == "nginx cannot take '$' in the path '/srv/$f'.\n"


def _nginx_test(folder: Path, text: str) -> str:
    conf = folder / "nginx.conf"
    conf.write_text(text)
    command = [NGINX, "-t", "-p", str(folder), "-c", str(conf), "-e", "stderr"]
    return subprocess.run(command, capture_output=True, check=False, text=True).stderr


def test_the_log_of_installs_can_be_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    """--install-log names it; without, it is in DATA/log, where no logrotate looks."""
    argv = ["--data", "/srv/f", "--production", "--site-url", "https://packages.example.org"]
    nginx_conf.main(argv)
    nginx_conf.main([*argv, "--install-log", "/srv/logs/installs"])
    said = capsys.readouterr().out

    assert 'access_log "/srv/f/log/downloads.log" frontispiece_installs' in said
    assert 'access_log "/srv/logs/installs" frontispiece_installs' in said
