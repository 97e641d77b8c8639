"""A zip is looked through where it can do no harm. Nothing in it is run, nothing is unpacked."""

import hashlib
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

from catalog.composer.selection import same_version
from catalog.zips import Kept, Wanted
from publish.cards.workers import Workers
from publish.confined import confine
from publish.zips.download import Refused

_MEMORY = 256 << 20  # bytes, beyond what the process has: enough for 200,000 files in a zip
_SECONDS = 20  # of the processor, for one zip
_HEADER = 8_192  # bytes of a file that WordPress reads its header from
_MOST_FILES = 200  # looked at for a header
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # what WordPress itself can unpack
# As WordPress's get_file_data() reads a header.
_FIELD = r"^(?:[ \t]*<\?php)?[ \t/*#@]*{}:(?P<value>.*)$"
_NAME = re.compile(_FIELD.format("Plugin Name"), re.IGNORECASE | re.MULTILINE)
_VERSION = re.compile(_FIELD.format("Version"), re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"\s*(?:\*/|\?>).*")


class OtherVersion(Refused):
    """A zip that says that it is another version than the one that was asked for."""


def look(workers: Workers, path: Path, one: Wanted) -> Kept:
    """Tell what a zip is. Raises Refused for one that is none, OtherVersion for another one."""
    try:
        found = workers.submit(looked, path, one.slug).result()
    except BrokenExecutor:
        raise Refused("it takes too much time or memory") from None
    if isinstance(found, str):
        raise Refused(found)
    kept, versions = found
    if one.announced and not any(same_version(version, one.raw) for version in versions):
        said = " and ".join(versions) or "no version"
        raise OtherVersion(f"the zip says {said}")
    return kept


def looked(path: Path, slug: str) -> tuple[Kept, list[str]] | str:
    """Give what a zip is, and the versions that its plugin says it is; or what is wrong with it."""
    confine(_MEMORY, _SECONDS)
    try:
        with zipfile.ZipFile(path) as archive:
            contents = _contents(archive, slug)
            versions = list(_versions(archive, slug))
        return _digests(path, contents), versions
    except Refused as reason:
        return str(reason)
    except MemoryError:
        return "it takes too much memory"
    except Exception as error:  # noqa: BLE001  (whatever a zip does to the library)
        return _plain(f"it is no zip that can be read: {type(error).__name__}: {error}")


def _contents(archive: zipfile.ZipFile, slug: str) -> str:
    """Digest what the files are. Raises Refused for what belongs to no package of this name."""
    files = sorted((one.filename, one.CRC, one.file_size) for one in archive.infolist())
    if not files:
        raise Refused("it is empty")
    for name, _, _ in files:
        if not name.startswith(f"{slug}/") or ".." in name.split("/"):
            raise Refused(f"it holds {_plain(name)!r}, which is not in the folder {slug}")
    return hashlib.sha256(repr(files).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _digests(path: Path, contents: str) -> Kept:
    # Composer compares a SHA-1; what names the file is the other one.
    sha256, sha1 = hashlib.sha256(), hashlib.sha1(usedforsecurity=False)
    size = 0
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            sha256.update(piece)
            sha1.update(piece)
            size += len(piece)
    return Kept(sha256.hexdigest(), sha1.hexdigest(), size, contents)


def _versions(archive: zipfile.ZipFile, slug: str) -> Iterator[str]:
    """Give the versions that the headers say: of the main file if it has one, else of all."""
    main, others = "", list[str]()
    at_top = [one for one in archive.infolist() if re.fullmatch(r"[^/]*/[^/]*\.php", one.filename)]
    at_top.sort(key=lambda one: one.filename != f"{slug}/{slug}.php")
    for one in at_top[:_MOST_FILES]:
        if one.compress_type not in _METHODS:
            raise Refused("it is packed in a way that WordPress does not know")
        with archive.open(one) as file:
            text = file.read(_HEADER).decode("utf-8", "replace").replace("\r", "\n")
        if not _field(_NAME, text) or not (version := _field(_VERSION, text)):
            continue
        if one.filename == f"{slug}/{slug}.php":
            main = version
        others.append(version)
    yield from [main] if main else dict.fromkeys(others)


def _field(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return _plain(_END.sub("", found["value"]).strip())[:100] if found else ""


def _plain(text: str) -> str:
    return "".join(one if one.isprintable() else " " for one in text[:300])
