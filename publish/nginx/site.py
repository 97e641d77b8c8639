"""What of nginx's configuration differs from one site to the next, checked before it is used."""

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from publish.nginx.template import NGINX, page_style, quoted
from publish.nginx.values import ConfigError, base_of, check_listen, check_network, check_path

_ERROR_PAGE = NGINX / "pages" / "error.html"
# What a site without a certificate leaves out.
_SECURE = frozenset({"http/secure.conf", "server/secure.conf", "location/secure.conf"})
# What a site with no proxy in front leaves out.
_PROXIED = frozenset({"server/proxies.conf"})
_BASE = re.compile(r"(?:/[A-Za-z0-9_-]+)*")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_AUTHORITY = re.compile(rf"{_HOST.pattern}(?::[0-9]{{1,5}})?")
_LONGEST_SOCKET = 107  # bytes, the kernel's limit for a socket's path
HALF_A_YEAR = 15_768_000  # seconds


@dataclass(frozen=True, slots=True)
class Tls:
    """What a site needs to be reached by https. Paths are absolute."""

    certificate: Path  # with the chain to it
    key: Path
    listen_http: tuple[str, ...]  # where http is sent on to https
    challenges: Path  # a folder: /.well-known/acme-challenge/… is looked for in it, over http
    hsts: int = HALF_A_YEAR  # seconds for which a browser comes by nothing but https

    def __post_init__(self) -> None:
        for path in (self.certificate, self.key, self.challenges):
            check_path(path)
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
            check_path(path)
        for socket in self.sockets:
            if len(bytes(socket)) > _LONGEST_SOCKET:
                raise ConfigError(f"{socket} is too long for a socket's path.")
        for listen in self.listen:
            check_listen(listen)
        for network in (*self.proxies, *self.metrics):
            check_network(network)
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
            "ERROR_PAGE": quoted(_ERROR_PAGE),
        }

    @property
    def without(self) -> frozenset[str]:
        """The pieces that this site leaves out."""
        return (frozenset() if self.tls else _SECURE) | (frozenset() if self.proxies else _PROXIED)
