"""/metrics: for this machine and for whom the site names; for everybody else it is not there."""

import http.client
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from publish.nginx.site import Site
from publish.nginx.values import ConfigError
from scripts import nginx_conf
from tests.nginx.face import Answer, Face
from tests.nginx.sites import SITE

_VISITOR = "127.0.0.2"  # of this machine, too, and none that may ask
_PATHS = ("/metrics", "/metrics/", "/dir/metrics", "/%6detrics", "/metrics?x=1", "/./metrics")


class Site(Face):
    """nginx before a stand-in, at /dir, with networks that may ask for figures."""

    networks: tuple[str, ...] = ()

    def conf(self, site: Site, run: Path) -> str:
        """Name the networks."""
        return super().conf(replace(site, metrics=self.networks), run)


class Open(Site):
    """The visitor's network may ask."""

    networks = ("127.0.0.2/31", "2001:db8::/32")


def _ask(site: Face, path: str, source: str, method: str = "GET", **headers: str) -> Answer:
    connection = http.client.HTTPConnection(
        "127.0.0.1", site.port, timeout=20, source_address=(source, 0)
    )
    with closing(connection):
        connection.request(method, f"/dir{path}", headers=headers)
        answer = connection.getresponse()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, named, answer.read())


def test_nobody_else_may_ask(folder: Path) -> None:
    """This machine may; a visitor finds nothing, however the address is spelled or hidden."""
    site = Site(folder, base="/dir")
    try:
        site.start_apps()
        assert b" /metrics</p>" in _ask(site, "/metrics", "127.0.0.1").body
        for path in _PATHS:
            answer = _ask(site, path, _VISITOR, X_Forwarded_For="127.0.0.1")
            assert (path, answer.status) == (path, 404)
            assert answer.body == _ask(site, "/.nothing", _VISITOR).body
        assert _ask(site, "/metrics", _VISITOR, "POST").status == 404
    finally:
        site.end()  # and nothing was logged as an error


def test_others_may_ask_if_they_are_named(folder: Path) -> None:
    """By address or network."""
    site = Open(folder, base="/dir")
    try:
        site.start_apps()
        assert b" /metrics</p>" in _ask(site, "/metrics", _VISITOR).body
        assert b" /metrics</p>" in _ask(site, "/metrics", "127.0.0.1").body
        assert _ask(site, "/metrics", "127.0.0.4").status == 404
    finally:
        site.end()


def test_figures_are_never_kept(folder: Path) -> None:
    """Each time somebody asks, the app is asked."""
    site = Site(folder, base="/dir")
    try:
        site.start_apps()
        bodies = {_ask(site, "/metrics?store=public", "127.0.0.1").body for _ in range(4)}
    finally:
        site.end()

    assert len(bodies) == 4


def test_what_is_no_network_is_refused() -> None:
    """As with proxies: a word that nginx would read as something else goes no further."""
    with pytest.raises(ConfigError, match="is no network"):
        replace(SITE, metrics=("10.0.0.0/8; allow all",))


def test_the_command_names_networks(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """--metrics, once for each."""
    words = ["--data", str(tmp_path), "--production", "--site-url", "http://example.org"]
    assert nginx_conf.main([*words, "--metrics", "10.0.0.0/8", "--metrics", "2001:db8::1"]) == 0
    printed = capsys.readouterr().out

    assert "    allow 10.0.0.0/8;\n" in printed
    assert "    allow 2001:db8::1;\n" in printed
    assert "    deny all;\n" in printed
