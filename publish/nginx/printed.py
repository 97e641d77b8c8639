"""What `nginx-conf` prints: the site as it was told, with the usual values for the rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from publish.nginx.conf import production, serving
from publish.nginx.site import HALF_A_YEAR, Site, Tls
from publish.nginx.values import ConfigError
from release.data import Data

CHALLENGES = Path("/var/www/html")  # the folder of Debian's own site
_HTTP = ("80", "[::]:80")
_HTTPS = ("443", "[::]:443")


@dataclass(frozen=True, slots=True)
class Https:
    """What was told of https; None and () where nothing was."""

    certificate: Path | None = None
    key: Path | None = None
    listen_http: Sequence[str] = ()
    challenges: Path | None = None
    hsts: int | None = None

    def tls(self) -> Tls | None:
        """Give it with the usual values, None for a site by http.

        Raises ConfigError if it is half told.
        """
        if not (self.certificate or self.key):
            if self.listen_http or self.challenges or self.hsts is not None:
                raise ConfigError(
                    "--listen-http, --challenges and --hsts are for a site with a --certificate."
                )
            return None
        if not (self.certificate and self.key):
            raise ConfigError("A --certificate needs its --key, and a --key its --certificate.")
        return Tls(
            certificate=self.certificate.absolute(),
            key=self.key.absolute(),
            listen_http=tuple(self.listen_http or _HTTP),
            challenges=(self.challenges or CHALLENGES).absolute(),
            hsts=HALF_A_YEAR if self.hsts is None else self.hsts,
        )


@dataclass(frozen=True, slots=True)
class Told:
    """What was told of a site. run: where the app's sockets are."""

    data: Path
    site_url: str
    run: Path
    workers: int
    rate: int
    listen: Sequence[str] = ()
    proxies: Sequence[str] = ()
    metrics: Sequence[str] = ()
    install_log: Path | None = None
    https: Https = Https()

    def production(self) -> str:
        """Give the part that goes into an nginx that is there already."""
        return production(self.production_site())

    def production_site(self) -> Site:
        """Give the site where an nginx that is there already has its files."""
        tls = self.https.tls()
        return self._site(
            listen=tuple(self.listen or (_HTTPS if tls else _HTTP)),
            access_log=Path("/var/log/nginx/frontispiece.access.log"),  # Debian's logrotate knows
            cache=Path("/run/frontispiece_pages"),  # a tmpfs; nginx makes it, if it is not mounted
            any_host=False,
            tls=tls,
        )

    def serving(self) -> str:
        """Give what an nginx of our own would be run with."""
        if self.https.tls():
            raise ConfigError("A --certificate is for --production; `make serve` speaks http.")
        log = Data(self.data.absolute()).logs
        site = self._site(
            listen=tuple(self.listen or ("127.0.0.1:8080",)),
            access_log=log / "access.log",
            cache=self.run / "cache",
        )
        return serving(site, run=self.run, error_log=log / "error.log")

    def _site(
        self,
        *,
        listen: tuple[str, ...],
        access_log: Path,
        cache: Path,
        any_host: bool = True,
        tls: Tls | None = None,
    ) -> Site:
        data = self.data.absolute()
        return Site(
            data=data,
            listen=listen,
            sockets=sockets(self.run, self.workers),
            site_url=self.site_url,
            access_log=access_log,
            # Debian's logrotate must not know this one.
            install_log=(self.install_log or Data(data).install_log).absolute(),
            cache=cache,
            any_host=any_host,
            rate=self.rate,
            proxies=tuple(self.proxies),
            metrics=tuple(self.metrics),
            tls=tls,
        )


def sockets(run: Path, workers: int) -> tuple[Path, ...]:
    """Name the sockets of the app's processes."""
    return tuple(run / "sockets" / f"app-{n}" for n in range(1, workers + 1))
