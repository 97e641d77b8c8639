"""Ask the real app, on one release, for a table of real pages, and look for every card they name.

The app is asked in a process of its own, as the public would ask it: the write side never imports
the server.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from publish.cards.store import CardStore
from publish.releases import Releases, UnknownRelease
from publish.site import lists, published
from scripts import arguments

_ROOT = Path(__file__).resolve().parents[1]
_CARD = re.compile(r'<meta property="og:image" content="[^"]*/og/[0-9a-f]{2}/([0-9a-f]{32})\.png"')


@dataclass(frozen=True, slots=True)
class Page:
    """A request path and the answer it must have: a status, and words that must be in the body."""

    path: str
    status: int
    words: str


def main(argv: Sequence[str] | None = None) -> int:
    """Check a release, and give the exit code."""
    parser = arguments.parser(__doc__, "check")
    parser.add_argument("--release", metavar="ID", help="default: the current one")
    args = parser.parse_args(argv)
    releases = Releases(args.data)
    id = args.release or releases.current()
    if id is None:
        print("check: no release is published: run `make pipeline`", file=sys.stderr)
        return 1
    try:
        folder = releases.path(id)
    except UnknownRelease as error:
        print(f"check: {error}", file=sys.stderr)
        return 2
    faults = faults_of(folder, CardStore(args.data / "store" / "og"))
    for fault in faults:
        print(f"check: {fault}", file=sys.stderr)
    print(f"check: release {id}: {len(faults):,} faults")
    return 1 if faults else 0


def faults_of(
    release: Path,
    store: CardStore,
    touched: Sequence[int] | None = None,
    files: Mapping[str, Path] = MappingProxyType({}),
) -> list[str]:
    """Say what is wrong with a release folder; `touched` limits the cards to rows of these ids.

    files: addresses that are asked for as well, and the files that the answers become.
    """
    site = release / "site.db"
    faults = [
        f"{package} names card {card}, which is not whole on disk"
        for package, card in (
            *published.cards_of(site, touched),
            *published.page_cards_of(site),
        )
        if not store.whole(card)
    ]
    pages = [*_table(site), *(Page(path, 200, "\n") for path in files)]
    return faults + list(_wrong_answers(release, pages, store, files))


def _table(site: Path) -> list[Page]:
    pages = [
        Page("/", 200, "</html>"),
        Page("/?q=seo&type=plugin&sort=name", 200, "</html>"),
        Page("/health", 200, '"release"'),
        Page("/docs", 200, "</html>"),
        Page("/status", 200, "</html>"),
        Page("/closed", 200, "</html>"),
        Page("/packages/plugin/no--such--package", 404, "</html>"),
        Page("/search.json?q=seo", 200, '"results"'),
        Page("/list.json?filter=wp-plugin/s*", 200, '"packageNames"'),
        Page("/metadata/changes.json", 400, '"timestamp"'),
    ]
    for type, slug, withdrawn in published.examples(site):
        path = f"/packages/{type}/{slug}"
        pages.append(Page(path, 410 if withdrawn else 200, slug))
    return pages


def _wrong_answers(
    release: Path, pages: Sequence[Page], store: CardStore, files: Mapping[str, Path]
) -> Iterable[str]:
    asked = subprocess.run(
        [sys.executable, "-m", "server", "--release", str(release.resolve()), "--get"],
        input="".join(page.path + "\n" for page in pages),
        capture_output=True,
        text=True,
        cwd=_ROOT,
        check=False,
    )
    # Not splitlines(): a page may hold U+2028, which JSON leaves as it is.
    answers = [json.loads(line) for line in asked.stdout.split("\n") if line]
    if asked.returncode or len(answers) != len(pages):
        yield f"the app did not answer (exit {asked.returncode}): {asked.stderr.strip()[-500:]}"
        return
    for page, answer in zip(pages, answers, strict=True):
        if answer["status"] != page.status:
            yield f"{page.path} answers {answer['status']}, not {page.status}"
        elif page.words not in answer["body"]:
            yield f"{page.path} lacks {page.words!r}"
        elif page.path in files:
            lists.keep(files[page.path], answer["body"])
        for card in _CARD.findall(answer["body"]):
            if not store.whole(card):
                yield f"{page.path} names card {card}, which is not whole on disk"
