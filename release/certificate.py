"""When the site's certificate ends, as DATA/certificate-ends tells.

A run writes it, the app reads it: one number, Unix seconds. It is not there where it is not known.
"""

from pathlib import Path

from release.data import Data


def ends(data: Path) -> int | None:
    """Give the Unix seconds of the certificate's end; None where it is not known."""
    try:
        return int(Data(data).certificate_ends.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
