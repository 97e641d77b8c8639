"""Print nginx's configuration: the template under nginx/ with its pieces and this site's values.

One text comes out, whole, for the nginx of `make serve` or (--production) for one that is there
already.
"""

import argparse
import base64
import hashlib
import ipaddress
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from scripts import arguments

NGINX = Path(__file__).resolve().parent.parent / "nginx"
_ERROR_PAGE = NGINX / "pages" / "error.html"

_INCLUDE = re.compile(r"^(?P<indent> *)include (?P<piece>[a-z_./]+);\n", re.MULTILINE)
# What a site without a certificate leaves out.
_SECURE = frozenset({"http/secure.conf", "server/secure.conf", "location/secure.conf"})
# What a site with no proxy in front leaves out.
_PROXIED = frozenset({"server/proxies.conf"})
_PLACEHOLDER = re.compile(r"%%([A-Z_]+)%%")
_STYLE = re.compile(rb"<style>(.*?)</style>", re.DOTALL)
# What a path may not hold: the end of nginx's quotes, a variable, the look of a placeholder.
_BREAKS_OUT = re.compile(r'["\\$%\x00-\x1f\x7f]')
_BASE = re.compile(r"(?:/[A-Za-z0-9_-]+)*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_AUTHORITY = re.compile(rf"{_HOST.pattern}(?::[0-9]{{1,5}})?")
_LISTEN = re.compile(r"(?:(?:[A-Za-z0-9.-]+|\*|\[[0-9A-Fa-f:.]+\]):)?(?P<port>[0-9]{1,5})")
_HTTP = ("80", "[::]:80")
_HTTPS = ("443", "[::]:443")
_CHALLENGES = Path("/var/www/html")
_LONGEST_SOCKET = 107  # bytes, the kernel's limit for a socket's path
_LONGEST_WORD = 4_000  # bytes of one word of a configuration; nginx's buffer has 4,096
_HALF_A_YEAR = 15_768_000  # seconds


class ConfigError(ValueError):
    """A value or a template that nginx must not be given; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Tls:
    """What a site needs to be reached by https. Paths are absolute."""

    certificate: Path  # with the chain to it
    key: Path
    listen_http: tuple[str, ...]  # where http is sent on to https
    challenges: Path  # a folder: /.well-known/acme-challenge/… is looked for in it, over http
    hsts: int = _HALF_A_YEAR  # seconds for which a browser comes by nothing but https

    def __post_init__(self) -> None:
        for path in (self.certificate, self.key, self.challenges):
            _check_path(path)
        for listen in self.listen_http:
            check_listen(listen)
        if not self.listen_http:
            raise ConfigError("A site by https needs an address that http is sent on from.")
        if not 0 <= self.hsts < 1 << 31:
            raise ConfigError(f"{self.hsts} is no number of seconds for Strict-Transport-Security.")

    def values(self) -> dict[str, str]:
        """What stands for the placeholders of the pieces in _SECURE, but for the site's own."""
        return {
            "CERTIFICATE": str(self.certificate),
            "KEY": str(self.key),
            "LISTEN_HTTP": "\n".join(f"    listen {where};" for where in self.listen_http),
            "CHALLENGES": str(self.challenges),
            "HSTS": str(self.hsts),
        }


@dataclass(frozen=True, slots=True)
class Site:
    """What of the configuration differs from one site to the next. Paths are absolute."""

    data: Path
    listen: tuple[str, ...]  # '127.0.0.1:8080', '[::1]:8080', '80'
    sockets: tuple[Path, ...]  # one an app process
    site_url: str  # its path is where the site lives: 'http://localhost/dir' -> '/dir'
    access_log: Path
    install_log: Path  # what Composer tells of installs, for `count`
    cache: Path  # a folder that nginx makes; not on a disk that may be full
    any_host: bool = True  # answer whatever Host is asked for
    rate: int = 20  # pages a second for one address
    proxies: tuple[str, ...] = ()  # networks of proxies that are believed: '10.0.0.0/8'
    metrics: tuple[str, ...] = ()  # networks that may ask for /metrics, besides this machine
    tls: Tls | None = None

    def __post_init__(self) -> None:
        paths = (self.data, self.access_log, self.install_log, self.cache)
        for path in (*paths, *self.sockets):
            _check_path(path)
        for socket in self.sockets:
            if len(bytes(socket)) > _LONGEST_SOCKET:
                raise ConfigError(f"{socket} is too long for a socket's path.")
        for listen in self.listen:
            check_listen(listen)
        for network in (*self.proxies, *self.metrics):
            _check_network(network)
        if not self.listen or not self.sockets:
            raise ConfigError("A site needs an address to listen on and a process to ask.")
        self._check_url()
        if not 1 <= self.rate <= 1_000_000:
            raise ConfigError(f"A rate of {self.rate} pages a second is not from 1 to 1,000,000.")
        if self.tls:
            self._check_tls(self.tls)

    def _check_url(self) -> None:
        if not _HOST.fullmatch(self.host):
            raise ConfigError(f"{self.site_url!r} names no host that nginx could serve.")
        if not _BASE.fullmatch(self.base):
            raise ConfigError(
                f"The path of {self.site_url!r} may hold letters, digits, '-' and '_' only."
            )

    def _check_tls(self, tls: Tls) -> None:
        if urlsplit(self.site_url).scheme != "https":
            raise ConfigError(
                f"A site with a certificate is at https://…, not at {self.site_url!r}."
            )
        if not _AUTHORITY.fullmatch(urlsplit(self.site_url).netloc):
            raise ConfigError(f"{self.site_url!r} has more before its path than a host and a port.")
        if both := set(self.listen) & set(tls.listen_http):
            raise ConfigError(f"http and https cannot both be on {both.pop()}.")

    @property
    def host(self) -> str:
        """The host of site_url; '' if it has none."""
        try:
            return urlsplit(self.site_url).hostname or ""
        except ValueError:
            return ""

    @property
    def base(self) -> str:
        """The path under which the site lives."""
        return base_of(self.site_url)

    def values(self) -> dict[str, str]:
        """What stands for the placeholders that both templates have."""
        how = " default_server" if self.any_host else ""
        secure = {}
        if self.tls:
            how += " ssl http2"
            secure = {"AUTHORITY": urlsplit(self.site_url).netloc, **self.tls.values()}
        proxies = "\n".join(f"    set_real_ip_from {network};" for network in self.proxies)
        return {
            **secure,
            **({"PROXIES": proxies} if proxies else {}),
            "DATA": str(self.data),
            "LISTEN": "\n".join(f"    listen {where}{how};" for where in self.listen),
            "SITE": "_" if self.any_host else self.host,
            "BASE": self.base,
            "WORKERS": "\n".join(f'    server "unix:{s}" max_fails=0;' for s in self.sockets),
            "METRICS": "\n".join(f"    allow {network};" for network in self.metrics),
            "RATE": str(self.rate),
            "SEARCH_RATE": str(max(1, self.rate // 2)),
            "BURST": str(3 * self.rate),
            "ACCESS_LOG": str(self.access_log),
            "INSTALL_LOG": str(self.install_log),
            "CACHE": str(self.cache),
            "PAGE_STYLE": page_style(_ERROR_PAGE),
            "ERROR_PAGE": _quoted(_ERROR_PAGE),
        }

    @property
    def without(self) -> frozenset[str]:
        """The pieces that this site leaves out."""
        return (frozenset() if self.tls else _SECURE) | (frozenset() if self.proxies else _PROXIED)


def serving(
    site: Site, *, run: Path, error_log: Path, pid: Path | None = None, user: str = ""
) -> str:
    """Return the whole configuration for an nginx of our own.

    run: a folder for its temporary files, with a folder `temp` in it.
    pid: the file that tells its process number; None: one in `run`.
    user: 'name group' that root's workers become; '' when nginx is not started by root.
    """
    pid = pid or run / "nginx.pid"
    for path in (run, error_log, pid):
        _check_path(path)
    if not re.fullmatch(r"(?:[a-z_][a-z0-9_-]*(?: [a-z_][a-z0-9_-]*)?)?", user):
        raise ConfigError(f"{user!r} is not a user's name.")
    own = {
        "RUN": str(run),
        "PID": str(pid),
        "ERROR_LOG": str(error_log),
        "USER": f"user {user};" if user else "",
    }
    return fill(expand(NGINX / "site.conf.in", site.without), site.values() | own)


def production(site: Site) -> str:
    """Return the part that goes into the http {} of an nginx that is there already."""
    commands = (
        f"#          python -m server --data {site.data} --socket {socket}"
        for socket in site.sockets
    )
    own = {"APP_COMMANDS": "\n".join(commands)}
    return fill(expand(NGINX / "production.conf.in", site.without), site.values() | own)


def expand(template: Path, without: frozenset[str] = frozenset()) -> str:
    """Read a template with its `include piece;` lines replaced by the pieces, indented alike.

    without: pieces that are left out.
    """

    def piece(line: re.Match[str]) -> str:
        if line["piece"] in without:
            return ""
        path = NGINX / line["piece"]
        if not path.is_file():
            raise ConfigError(f"{template.name} includes {line['piece']}, which is not there.")
        return _indented(expand(path, without), line["indent"])

    return _INCLUDE.sub(piece, template.read_text(encoding="utf-8"))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Put the values in the place of %%NAME%%.

    Raises ConfigError for a name in the text that has no value, and for a value that no name asks
    for: either is a slip of the pen that nginx itself might swallow.
    """
    wanted = set(_PLACEHOLDER.findall(text))
    if unknown := wanted - values.keys():
        raise ConfigError(f"The template asks for unknown names: {', '.join(sorted(unknown))}.")
    if unused := values.keys() - wanted:
        raise ConfigError(f"The template does not use: {', '.join(sorted(unused))}.")
    return _PLACEHOLDER.sub(lambda name: values[name[1]], text)


def page_style(page: Path) -> str:
    """Return the hash ('sha256-…') of an error page's style sheet."""
    styles = _STYLE.findall(page.read_bytes())
    if len(styles) != 1:
        raise ConfigError(f"{page} has {len(styles)} style sheets instead of one.")
    return "sha256-" + base64.b64encode(hashlib.sha256(styles[0]).digest()).decode("ascii")


def _quoted(page: Path) -> str:
    """Return a file's text as one word of nginx's, its variables left to be filled in."""
    text = page.read_text(encoding="utf-8").replace("\\", "\\\\").replace("'", "\\'")
    if len(text.encode()) > _LONGEST_WORD:
        raise ConfigError(f"{page} is longer than nginx takes: {_LONGEST_WORD:,} bytes.")
    return f"'{text}'"


def base_of(site_url: str) -> str:
    """Return the path under which a site lives: '' at the root of a host, else '/dir'."""
    return urlsplit(site_url).path.rstrip("/")


def check_listen(listen: str) -> None:
    """Raise ConfigError for what is not an address that nginx can listen on."""
    found = _LISTEN.fullmatch(listen)
    if not found or not 1 <= int(found["port"]) <= 65_535:
        raise ConfigError(f"{listen!r} is not an address to listen on, like 127.0.0.1:8080.")


def add_face(parser: argparse.ArgumentParser) -> None:
    """Add --workers, --rate and --proxy-address, which `make serve` has as well."""
    parser.add_argument(
        "--workers",
        type=arguments.positive,
        default=2,
        metavar="N",
        help="app processes, each with a socket of its own (default 2)",
    )
    parser.add_argument(
        "--rate",
        type=arguments.positive,
        default=20,
        metavar="N",
        help="pages a second that one address may ask for, half as many searches (default 20)",
    )
    parser.add_argument(
        "--proxy-address",
        action="append",
        default=[],
        metavar="NETWORK",
        help="a proxy in front, or a network of them, whose X-Forwarded-For is believed, like "
        "10.0.0.0/8; may be said again",
    )
    parser.add_argument(
        "--metrics",
        action="append",
        default=[],
        metavar="NETWORK",
        help="an address or a network that may ask for /metrics, besides this machine; may be said "
        "again",
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Print the configuration that the arguments describe; 2 if nginx must not be given it."""
    options = _parser().parse_args(argv)
    sockets = tuple(options.run / "sockets" / f"app-{n}" for n in range(1, options.workers + 1))
    try:
        tls = _tls(options)
        if options.production:
            print(production(_production_site(options, sockets, tls)), end="")
        else:
            print(_serving_text(options, sockets), end="")
    except ConfigError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _tls(options: argparse.Namespace) -> Tls | None:
    if not (options.certificate or options.key):
        if options.listen_http or options.challenges or options.hsts is not None:
            raise ConfigError(
                "--listen-http, --challenges and --hsts are for a site with a --certificate."
            )
        return None
    if not (options.certificate and options.key):
        raise ConfigError("A --certificate needs its --key, and a --key its --certificate.")
    if not options.production:
        raise ConfigError("A --certificate is for --production; `make serve` speaks http.")
    return Tls(
        certificate=options.certificate.absolute(),
        key=options.key.absolute(),
        listen_http=tuple(options.listen_http or _HTTP),
        challenges=(options.challenges or _CHALLENGES).absolute(),
        hsts=_HALF_A_YEAR if options.hsts is None else options.hsts,
    )


def _production_site(
    options: argparse.Namespace, sockets: tuple[Path, ...], tls: Tls | None
) -> Site:
    return Site(
        data=options.data.absolute(),
        listen=tuple(options.listen or (_HTTPS if tls else _HTTP)),
        sockets=sockets,
        site_url=options.site_url,
        access_log=Path("/var/log/nginx/frontispiece.access.log"),  # Debian's logrotate knows it
        install_log=_install_log(options),  # and must not know this
        cache=Path("/run/frontispiece_pages"),  # a tmpfs; nginx makes it, if it is not mounted
        any_host=False,
        rate=options.rate,
        proxies=tuple(options.proxy_address),
        metrics=tuple(options.metrics),
        tls=tls,
    )


def _serving_text(options: argparse.Namespace, sockets: tuple[Path, ...]) -> str:
    log = options.data.absolute() / "log"
    site = Site(
        data=options.data.absolute(),
        listen=tuple(options.listen or ("127.0.0.1:8080",)),
        sockets=sockets,
        site_url=options.site_url,
        access_log=log / "access.log",
        install_log=_install_log(options),
        cache=options.run / "cache",
        rate=options.rate,
        proxies=tuple(options.proxy_address),
        metrics=tuple(options.metrics),
    )
    return serving(site, run=options.run, error_log=log / "error.log")


def _install_log(options: argparse.Namespace) -> Path:
    log: Path = options.install_log or options.data / "log" / "downloads.log"
    return log.absolute()


def _parser() -> argparse.ArgumentParser:
    parser = arguments.parser(__doc__, "nginx-conf")
    arguments.add_site_url(parser)
    add_face(parser)
    parser.add_argument(
        "--listen",
        action="append",
        metavar="ADDRESS:PORT",
        help="where nginx answers, may be said twice (default 127.0.0.1:8080; in production 80, "
        "or 443 with a certificate)",
    )
    parser.add_argument(
        "--run",
        type=Path,
        default=Path("/run/frontispiece"),
        metavar="DIR",
        help="where the app's sockets are (default /run/frontispiece)",
    )
    parser.add_argument(
        "--install-log",
        type=Path,
        metavar="FILE",
        help="where nginx logs installs, for `count --log` (default DATA/log/downloads.log)",
    )
    parser.add_argument(
        "--production", action="store_true", help="print the part for /etc/nginx/sites-enabled"
    )
    _add_tls(parser)
    return parser


def _add_tls(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("https, with --production")
    group.add_argument(
        "--certificate", type=Path, metavar="FILE", help="the certificate with its chain (PEM)"
    )
    group.add_argument("--key", type=Path, metavar="FILE", help="the certificate's key (PEM)")
    group.add_argument(
        "--listen-http",
        action="append",
        metavar="ADDRESS:PORT",
        help="where http is sent on to https, may be said twice (default 80)",
    )
    group.add_argument(
        "--challenges",
        type=Path,
        metavar="DIR",
        help="where ACME's client puts .well-known/acme-challenge/ for renewals "
        f"(default {_CHALLENGES}, the folder of Debian's own site)",
    )
    group.add_argument(
        "--hsts",
        type=int,
        metavar="SECONDS",
        help="how long a browser comes by nothing but https (default half a year)",
    )


def _check_network(network: str) -> None:
    """Raise ConfigError for what is no address and no network of addresses."""
    try:
        ipaddress.ip_network(network)
    except ValueError as error:
        raise ConfigError(f"{network!r} is no network, like 10.0.0.0/8.") from error


def _check_path(path: Path) -> None:
    if not path.is_absolute():
        raise ConfigError(f"{path} is not an absolute path.")
    if found := _BREAKS_OUT.search(str(path)):
        raise ConfigError(f"nginx cannot take {found[0]!r} in the path {str(path)!r}.")


def _indented(text: str, indent: str) -> str:
    return "\n".join(f"{indent}{line}" if line else line for line in text.split("\n"))


if __name__ == "__main__":
    raise SystemExit(main())
