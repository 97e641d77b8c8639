"""The production site by https: Debian's nginx, certificates made on the spot."""

import json
import socket
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from publish.nginx.conf import production
from publish.nginx.site import Site, Tls
from tests.nginx.face import Answer, Face, ask, debian, free_port

NAME = "packages.example.org"


class Shaken(NamedTuple):
    """What a handshake came to."""

    version: str | None
    session: ssl.SSLSession | None
    known: bool | None  # by the session handed in


class Secure(Face):
    """Debian's nginx with the production site by https, and http beside it."""

    def __init__(self, folder: Path, **how: Any) -> None:
        self.http_port = free_port()
        self.place = folder
        self.certify()
        super().__init__(folder, **how)

    def conf(self, site: Site, run: Path) -> str:
        """Give Debian's configuration, which includes ours."""
        tls = Tls(
            certificate=self.place / "certificate.pem",
            key=self.place / "key.pem",
            listen_http=(f"127.0.0.1:{self.http_port}",),
            challenges=self.place / "challenges",
        )
        ours = replace(site, site_url=f"https://{NAME}", any_host=False, tls=tls)
        (run / "site").write_text(production(ours))
        return debian(run, run / "site")

    def certify(self) -> None:
        """Make a certificate and its key; those that are there are replaced, each by a rename."""
        made = (self.place / "new-certificate.pem", self.place / "new-key.pem")
        words = (
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -addext"
        )
        names = f"subjectAltName=DNS:{NAME},IP:127.0.0.1"
        files = ("-out", made[0], "-keyout", made[1])
        subprocess.run(
            [*words.split(), names, "-subj", f"/CN={NAME}", *files], check=True, capture_output=True
        )
        for path in made:
            path.chmod(0o644)
            path.rename(path.with_name(path.name.removeprefix("new-")))

    @property
    def trusting(self) -> ssl.SSLContext:
        """What believes the certificate that there is now, and no other."""
        return ssl.create_default_context(cafile=self.place / "certificate.pem")

    def ask(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Ask once by https."""
        return ask(self.port, path, method, body, self.trusting, **headers)

    def ask_http(self, path: str, method: str = "GET", body: str = "", **headers: str) -> Answer:
        """Ask once by http."""
        return ask(self.http_port, path, method, body, **headers)

    def installs(self) -> list[str]:
        """Give the bodies in the log of installs, of those lines that are there whole."""
        lines = (self.place / "run" / "downloads.log").read_text().splitlines(keepends=True)
        return [json.loads(line)["body"] for line in lines if line.endswith("\n")]

    def shake(self, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> Shaken:
        """Shake hands with it and ask for a file, so that it has told of its session."""
        line = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        with context.wrap_socket(line, server_hostname="127.0.0.1", session=session) as secure:
            secure.sendall(b"GET /robots.txt HTTP/1.0\r\n\r\n")
            while secure.recv(65536):
                pass
            return Shaken(secure.version(), secure.session, secure.session_reused)
