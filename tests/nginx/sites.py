"""A site of which only the configuration's text is looked at, and what makes it one by https."""

from pathlib import Path

from publish.nginx.site import Site, Tls

SITE = Site(
    data=Path("/srv/frontispiece"),
    listen=("127.0.0.1:8080",),
    sockets=(Path("/run/f/app-1"), Path("/run/f/app-2")),
    site_url="https://packages.example.org",
    access_log=Path("/tmp/access.log"),
    install_log=Path("/tmp/downloads.log"),
    cache=Path("/tmp/cache"),
)

TLS = Tls(
    certificate=Path("/etc/ssl/certificate.pem"),
    key=Path("/etc/ssl/key.pem"),
    listen_http=("8081",),
    challenges=Path("/var/www/html"),
)
