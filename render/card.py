"""What is on a card: exactly the strings that are printed, already formatted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from release.name import initial, split
from release.text import clean
from render.labels import active_installs as _installs
from render.labels import at_least, closed_note, vulnerable_note
from render.text import sentence

TEMPLATES = ("plugin", "theme", "closed", "site", "author", "tag")
_NAME_LIMIT = 240
_DESCRIPTION_LIMIT = 600
_SHORT_LIMIT = 200
_ROUNDED = 100  # packages of a group from which on they are not counted one by one


# What is on a card without being words of its own.
_UNWRITTEN = ("template", "seed", "picture", "faces")


@dataclass(frozen=True, slots=True)
class Card:
    """One card. An empty string is a part the card does without: the others close up.

    `note` is what speaks against the package: on a card with a version it stands before that.
    `seed` ('plugin/akismet') is what the flowers of the plate are cast from. `picture` is the name
    of a prepared picture (see render.picture) that takes the place of the flowers and the initial:
    its digest, so that another picture is another card. `faces` are the plates of other packages
    that an author's or a tag's card shows instead (see render.faces).
    """

    template: str
    name: str
    description: str = ""
    version: str = ""
    command: str = ""
    installs: str = ""
    downloads: str = ""
    author: str = ""
    subtitle: str = ""
    note: str = ""
    initial: str = ""
    seed: str = ""
    picture: str = ""
    faces: str = ""

    def __post_init__(self) -> None:
        if self.template not in TEMPLATES:
            raise ValueError(
                f"no card template is called {self.template!r}; there are {', '.join(TEMPLATES)}"
            )

    @property
    def face(self) -> tuple[str, str]:
        """Name the template that it is drawn with, and the plate on that ('' where it has one)."""
        frame = "lozenge" if self.seed.startswith("theme/") else "ring"
        if self.template == "theme":
            return ("theme-screenshot", "screenshot") if self.picture else ("theme", "lozenge")
        if self.template == "plugin":
            return ("plugin", "icon" if self.picture else "ring")
        if self.template in ("author", "tag"):
            return self.template, "faces"
        return self.template, frame if self.template == "closed" else ""

    @property
    def alt(self) -> str:
        """Say in words what the picture says, from the same strings and no others."""
        kind = {"plugin": "WordPress plugin", "theme": "WordPress theme"}.get(self.template, "")
        first = f"{self.name} – {self.subtitle}" if self.subtitle else self.name
        before = {"author": "WordPress packages by ", "tag": "WordPress packages tagged "}
        first = before.get(self.template, "") + first
        if kind:
            first += f", a {kind}"
        if self.author:
            first += f" by {self.author}"
        if self.version:
            first += f", version {self.version}"
        few = self.installs == "<10"
        parts = (
            first,
            self.description,
            self.installs and f"{'Fewer than 10' if few else self.installs} active installs",
            self.downloads and f"{self.downloads} Composer installs",
            self.note,
            self.command,
        )
        return " ".join(sentence(part) for part in parts if part)


FIELDS = tuple(field.name for field in fields(Card) if field.name not in _UNWRITTEN)


def package_card(
    *,
    type: str,
    slug: str,
    name: str,
    description: str = "",
    version: str = "",
    author: str = "",
    active_installs: int | None = None,
    downloads: int | None = None,
    closed: bool = False,
    closed_on: str = "",
    closed_for: str = "",
    command: str | None = None,
    advisories: Sequence[str] = (),
    picture: str = "",
    shown: Card | None = None,
) -> Card:
    """Return a package's card (`type`: 'plugin' or 'theme'); `shown` is the card as last drawn.

    A package without a name is called by its slug. A closed package keeps its name and says when
    (`closed_on`, '2026-05-12') and why (`closed_for`) it was closed, as far as that is known; its
    figures and its command would promise what nobody can have. `command` is what installs the
    package, '' where nothing does; without it, the usual one. `advisories` are those that affect
    `version`, by their CVE ids ('' for one without): to warn takes the place of the figure of
    `downloads`. `picture` is the digest of the picture prepared for its plate. Raises ValueError
    for another type.
    """
    if type not in ("plugin", "theme"):
        raise ValueError(f"a package is a plugin or a theme, not {type!r}")
    slug = clean(slug, _SHORT_LIMIT)
    title, subtitle = split(clean(name, _NAME_LIMIT) or slug)
    card = Card(
        template=type,
        name=title,
        subtitle=subtitle,
        author=clean(author, _SHORT_LIMIT),
        initial=initial(f"{title} {subtitle}", slug),
        seed=f"{type}/{slug}",
    )
    if closed:
        note = closed_note(closed_on, clean(closed_for, _SHORT_LIMIT))
        return replace(card, template="closed", note=note)
    if command is None:
        command = f"composer require wp-{type}/{slug}"
    version = clean(version, _SHORT_LIMIT)
    if not version:
        advisories = ()
    return replace(
        card,
        description=clean(description, _DESCRIPTION_LIMIT),
        version=version,
        command=clean(command, _SHORT_LIMIT + 30),
        installs=_installs(active_installs, shown.installs if shown else ""),
        downloads="" if advisories else at_least(downloads or 0, shown.downloads if shown else ""),
        # Beside a screenshot the facts have three quarters of the room.
        note=vulnerable_note(advisories, short=type == "theme" and bool(picture)),
        picture=picture,
    )


def group_card(
    *,
    kind: str,
    name: str,
    packages: int,
    first: Sequence[str],
    faces: str,
    shown: Card | None = None,
) -> Card:
    """Return the card of an author or a tag (`kind`: 'author' or 'tag') with so many packages.

    first: the titles of the most installed. faces: their plates, as render.faces.told gives them.
    shown: the card as last drawn.
    """
    figure = f"{packages}"
    if packages >= _ROUNDED:
        figure = at_least(packages, shown.note.partition(" ")[0] if shown else "")
    return Card(
        kind,
        clean(name, _SHORT_LIMIT),
        description=clean(", ".join(first), _DESCRIPTION_LIMIT),
        note=f"{figure} packages for Composer",
        faces=faces,
    )


def site_card() -> Card:
    """Return the site's own card, which also stands in where a package has none yet."""
    return Card(
        "site",
        "Frontispiece",
        description="WordPress plugins and themes, ready for Composer.",
        command="composer require wp-plugin/…",
        seed="site",
    )
