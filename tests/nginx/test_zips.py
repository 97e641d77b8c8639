"""Kept zips: files that never change, sent by nginx itself, whatever the app does."""

import pytest

from tests.nginx.face import Face

ZIP = "/zips/ab/abababababababababababababababab.zip"
_BYTES = b"PK\3\4" + bytes(range(256)) * 40


@pytest.fixture(name="kept", scope="module")
def _kept(site: Face) -> Face:
    path = site.data / "store" / ZIP[1:]
    path.parent.mkdir(parents=True)
    path.write_bytes(_BYTES)
    return site


def test_a_zip_is_the_file(kept: Face) -> None:
    """Kept for a year by whoever gets it, and by no browser taken for anything but a file."""
    answer = kept.ask(ZIP)

    assert answer.body == _BYTES
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(len(_BYTES))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-disposition"] == "attachment"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_download_goes_on(kept: Face) -> None:
    """The rest of a zip can be asked for, as long as it is this one."""
    etag = kept.ask(ZIP).headers["etag"]
    answer = kept.ask(ZIP, Range="bytes=100-", If_Range=etag)

    assert (answer.status, answer.body) == (206, _BYTES[100:])


@pytest.mark.parametrize(
    "path",
    [
        "/zips/",
        "/zips/ab/",
        "/zips/ab/abababababababababababababababac.zip",
        "/zips/ab/abababababababababababababababab.zip.tmp",
        "/zips/unfinished/abababababababababababababababab.tmp",
        "/zips/../zips/ab/abababababababababababababababab.zip",
        "/zips/ab/ABABABABABABABABABABABABABABABAB.zip",
    ],
)
def test_nothing_else_of_the_folder_is_shown(kept: Face, path: str) -> None:
    """No list, no part of what is still coming, no other spelling."""
    answer = kept.ask(path)

    assert _BYTES not in answer.body
    assert answer.headers["content-type"] != "application/zip"
