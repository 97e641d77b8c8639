"""When a certificate ends: that of a file, or the one that the site shows to whoever connects.

A site's certificate is root's to read, and neither the runs nor the app are root. But it is shown
to every visitor: the daily job looks at it as one of them, and keeps its end for the app.
"""

import socket
import ssl
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from catalog import durable
from release import certificate
from release.data import Data

_PATIENCE = 5.0  # seconds for the site to show it
_HTTPS = 443


def ends(pem: bytes) -> int:
    """Read the Unix seconds of a certificate's end, of the first one there is.

    Raises ValueError for what is no certificate, and OSError where there is no openssl.
    """
    command = ["openssl", "x509", "-noout", "-enddate"]
    asked = subprocess.run(command, input=pem, capture_output=True, check=False)
    told = asked.stdout.decode("ascii", "replace").strip()
    return int(ssl.cert_time_to_seconds(told.removeprefix("notAfter=")))


def look(data: Path, site_url: str) -> int:
    """Keep when the certificate that the site shows ends; nothing, where it shows none. Give 0.

    A site that cannot be reached from here is no fault of a run.
    """
    kept = Data(data).certificate_ends
    try:
        found = ends(_shown(site_url))
    except (OSError, ValueError) as error:
        print(f"certificate: {site_url} has shown none: {error}")
        kept.unlink(missing_ok=True)
        return 0
    if found != certificate.ends(data):
        durable.replace(kept, f"{found}\n".encode())
    print(f"certificate: it ends {datetime.fromtimestamp(found, UTC):%Y-%m-%d %H:%M:%S}")
    return 0


def _shown(site_url: str) -> bytes:
    """Connect as a visitor does, and give the certificate, be it one that nobody trusts."""
    where = urlsplit(site_url)
    host = where.hostname or ""
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname = False
    trusting.verify_mode = ssl.CERT_NONE
    with (
        socket.create_connection((host, where.port or _HTTPS), _PATIENCE) as line,
        trusting.wrap_socket(line, server_hostname=host) as shown,
    ):
        return ssl.DER_cert_to_PEM_cert(shown.getpeercert(binary_form=True) or b"").encode()
