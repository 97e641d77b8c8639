"""The production site by https: a real nginx, certificates made on the spot, real handshakes."""

import contextlib
import re
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from publish.nginx.values import ConfigError
from scripts import nginx_conf
from tests.nginx.face import (
    CARD,
    CARD_BYTES,
    OLD,
    ask,
    converse,
    wait,
)
from tests.nginx.secure import NAME, Secure
from tests.nginx.sites import SITE, TLS

METADATA = "/p2/wp-plugin/akismet.json"
HSTS = "strict-transport-security"
AGENT = "Composer/2.5.5 (Linux; 6.18.44; PHP 8.2.36; curl 7.88.1)"
ONE = '{"downloads":[{"name":"wp-plugin\\/foo","version":"1.1.0.0"}]}'


@pytest.fixture(scope="module", name="site")
def _site(shared_folder: Path) -> Iterator[Secure]:
    with _running(shared_folder) as site:
        yield site


@contextlib.contextmanager
def _running(folder: Path) -> Iterator[Secure]:
    site = Secure(folder)
    metadata = site.data / "store" / METADATA.lstrip("/")
    metadata.parent.mkdir(parents=True)
    metadata.write_text('{"packages":{}}')
    try:
        site.start_apps()
        yield site
    finally:
        site.end()


def test_all_is_there_by_https(site: Secure) -> None:
    """A page, a card, a file of the release and one of Composer's, each with HSTS, once."""
    page, card = site.ask("/page"), site.ask(CARD)
    lost, metadata = site.ask("/.git"), site.ask(METADATA)

    assert (page.status, page.release) == (200, OLD)
    assert (card.status, card.body) == (200, CARD_BYTES)
    assert (metadata.status, metadata.body) == (200, b'{"packages":{}}')
    assert lost.status == 404
    for answer in (page, card, metadata, lost, site.ask("/robots.txt")):
        assert answer.headers[HSTS] == "max-age=15768000"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/packages/plugin/a?x=1&y=%2f//b",
        CARD,
        METADATA,
        "/%D0%B6",
        "//evil.example/",
        "/@evil",
    ],
)
def test_http_leads_to_https(site: Secure, path: str, method: str) -> None:
    """One 301 to the very same address, and no HSTS, which http cannot vouch for."""
    answer = site.ask_http(path, method, Host=NAME)

    assert answer.status == 301
    assert answer.headers["location"] == f"https://{NAME}{path}"
    assert HSTS not in answer.headers


def test_no_host_but_the_site_is_led_to(site: Secure) -> None:
    """Whatever Host is named, and when the address has no path of its own."""
    assert site.ask_http("/page", Host="evil.example").headers["location"] == f"https://{NAME}/page"
    for address in (b"http://x", b"http://x?.evil.example", b"http://x/@evil.example"):
        answer = converse(site.http_port, b"GET %b HTTP/1.0\r\n\r\n" % address).decode()
        (location,) = re.findall(r"\r\nLocation: (.*)\r\n", answer)
        assert urlsplit(location)[:2] == ("https", NAME)


def test_http_on_the_port_of_https_is_led_as_well(site: Secure) -> None:
    """An address that was mistyped is mended."""
    answer = ask(site.port, "/page?a=b")

    assert (answer.status, answer.headers["location"]) == (301, f"https://{NAME}/page?a=b")


def test_installs_are_counted_over_both(site: Secure) -> None:
    """Lock files with an address by http go on counting: answered there, not sent on."""
    before = site.installs()
    answers = [
        asked("/downloads", "POST", ONE, User_Agent=AGENT) for asked in (site.ask, site.ask_http)
    ]

    assert [(one.status, one.body) for one in answers] == [(200, b'{"status":"ok"}\n')] * 2
    wait(lambda: site.installs() == [*before, ONE, ONE])
    assert [HSTS in one.headers for one in answers] == [True, False]


def test_a_large_install_is_counted_by_http_2(site: Secure) -> None:
    """As Composer tells of it by curl: 120 KB in one body, logged to the last byte."""
    before = site.installs()
    body = ONE.replace("foo", "f" * 120_000)
    words = "curl --silent --http2 --write-out %{http_version} --data-binary @- --cacert"
    address = f"https://127.0.0.1:{site.port}/downloads"
    told = subprocess.run(
        [*words.split(), site.place / "certificate.pem", "--user-agent", AGENT, address],
        input=body,
        capture_output=True,
        text=True,
        check=True,
    )

    assert told.stdout == '{"status":"ok"}\n2'
    wait(lambda: site.installs() == [*before, body])


def test_a_renewal_is_answered_over_http(site: Secure) -> None:
    """What ACME's client puts there is sent as it is; nothing else of the folder has an address."""
    challenges = site.place / "challenges"
    folder = challenges / ".well-known" / "acme-challenge"
    folder.mkdir(parents=True)
    (folder / "a-Token_1").write_text("a-Token_1.thumb")
    (challenges / "index.html").write_text("secret")
    answer = site.ask_http("/.well-known/acme-challenge/a-Token_1")

    assert (answer.status, answer.body) == (200, b"a-Token_1.thumb")
    assert site.ask_http("/.well-known/acme-challenge/b").status == 404
    assert site.ask_http("/index.html").status == 301
    assert site.ask_http("/.well-known/security.txt").status == 301


def test_only_new_protocols_are_spoken(site: Secure) -> None:
    """TLS 1.2 and 1.3 are; 1.1, which Debian's nginx.conf allows, is refused by its name."""
    spoken = []
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        context = site.trusting
        context.minimum_version = context.maximum_version = version
        spoken.append(site.shake(context).version)
    old = site.trusting
    old.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1 is deprecated"):
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1

    assert spoken == ["TLSv1.2", "TLSv1.3"]
    with pytest.raises(ssl.SSLError, match="ALERT_PROTOCOL_VERSION"):
        site.shake(old)


def test_only_keys_that_are_forgotten_are_agreed_on(site: Secure) -> None:
    """An older agreement, of which a stolen key would tell everything, is refused."""
    context = site.trusting
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA:AES128-GCM-SHA256:AES128-SHA")

    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        site.shake(context)


def test_who_comes_again_is_known(site: Secure) -> None:
    """By a session that nginx remembers, not by a ticket."""
    context = site.trusting
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    first = site.shake(context)
    assert first.session is not None
    again = site.shake(context, first.session)

    assert not first.session.has_ticket
    assert (first.known, again.known) == (False, True)


def test_a_new_certificate_is_taken_by_a_reload(folder: Path) -> None:
    """The one that is there at the reload is shown from then on, and nobody is refused."""
    with _running(folder) as site:
        old = site.trusting
        site.certify()
        new = site.trusting
        assert ask(site.port, "/page", trusting=old).status == 200
        site.reload()

        # The old workers still take a connection or two while the new ones begin.
        wait(lambda: not _answers(site.port, old))
        wait(lambda: _answers(site.port, new))


def _answers(port: int, trusting: ssl.SSLContext) -> bool:
    try:
        return ask(port, "/page", trusting=trusting).status == 200
    except ssl.SSLCertVerificationError:
        return False


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--certificate", "c.pem"], "A --certificate needs its --key, and a --key its --certif"),
        (["--key", "k.pem"], "A --certificate needs its --key, and a --key its --certificate."),
        (
            ["--listen-http", "81"],
            "--listen-http, --challenges and --hsts are for a site with a --certif",
        ),
        (
            ["--challenges", "/x"],
            "--listen-http, --challenges and --hsts are for a site with a --certif",
        ),
        (["--site-url", f"http://{NAME}"], f"is at https://…, not at 'http://{NAME}'."),
        (["--site-url", f"https://{NAME}:1;x"], "more before its path than a host and a port."),
        (["--listen", "80"], "http and https cannot both be on 80."),
        (["--listen-http", "80 ssl"], "'80 ssl' is not an address to listen on"),
        (["--challenges", "/$x"], "nginx cannot take '$' in the path '/$x'."),
        (["--certificate", "/$c"], "nginx cannot take '$' in the path '/$c'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_contradictions_are_refused(
    more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What cannot be meant together is 2 and a sentence, and nothing is printed."""
    argv = ["--data", "/srv/f", "--production", "--site-url", f"https://{NAME}", *more]
    if not {"--certificate", "--key"} & set(more) and "for a site" not in sentence:
        argv += ["--certificate", "c.pem", "--key", "k.pem"]
    elif "/$c" in more:
        argv += ["--key", "k.pem"]

    assert nginx_conf.main(argv) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert sentence in said.err


def test_a_name_before_the_host_is_refused() -> None:
    """Who is sent on from http goes to a host and a port, whatever SITE_URL holds besides."""
    with pytest.raises(ConfigError, match="more before its path than a host and a port"):
        replace(SITE, site_url=f"https://somebody@{NAME}", tls=TLS)
    with pytest.raises(ConfigError, match="needs an address that http is sent on from"):
        replace(TLS, listen_http=())


def test_a_certificate_is_for_production(capsys: pytest.CaptureFixture[str]) -> None:
    """`make serve` has no https, and says so rather than serve without."""
    argv = ["--data", "/srv/f", "--site-url", f"https://{NAME}", "--certificate", "c", "--key", "k"]

    assert nginx_conf.main(argv) == 2
    assert "A --certificate is for --production" in capsys.readouterr().err


def test_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    """Ports and folder have their usual values; without a certificate nothing of it is there."""
    argv = ["--data", "/srv/f", "--production", "--site-url", f"https://{NAME}:8443/dir"]
    tls = ["--certificate", "/etc/c.pem", "--key", "/etc/k.pem"]
    assert (nginx_conf.main([*argv, *tls]), nginx_conf.main(argv)) == (0, 0)
    said = capsys.readouterr().out
    one, two = said.rsplit("# Frontispiece for", 1)

    for line in (
        "listen 443 ssl http2;",
        "listen [::]:443 ssl http2;",
        "listen 80;",
        "listen [::]:80;",
        'root "/var/www/html";',
        'ssl_certificate     "/etc/c.pem";',
        'ssl_certificate_key "/etc/k.pem";',
        f'return 301 "https://{NAME}:8443$request_uri";',
    ):
        assert f" {line}\n" in one
    assert "ssl_" not in two
    assert "Strict-Transport" not in two
    assert "listen 80;" in two
