"""What is on a card: exactly the strings that are printed, already formatted."""

from __future__ import annotations

from dataclasses import dataclass

from release.text import clean
from render.labels import active_installs as _installs
from render.labels import at_least

TEMPLATES = ("plugin", "theme", "closed", "site")
_NAME_LIMIT = 240
_DESCRIPTION_LIMIT = 600
_SHORT_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Card:
    """One card. An empty string is a part the card does without: the others close up."""

    template: str
    name: str
    description: str = ""
    version: str = ""
    command: str = ""
    installs: str = ""
    downloads: str = ""
    author: str = ""

    def __post_init__(self) -> None:
        if self.template not in TEMPLATES:
            raise ValueError(
                f"no card template is called {self.template!r}; there are {', '.join(TEMPLATES)}"
            )

    @property
    def alt(self) -> str:
        """Say in words what the picture says, from the same strings and no others."""
        kind = {"plugin": "WordPress plugin", "theme": "WordPress theme"}.get(self.template, "")
        first = self.name
        if kind:
            first += f", a {kind}"
        if self.author:
            first += f" by {self.author}"
        if self.version:
            first += f", version {self.version}"
        parts = [first]
        if self.template == "closed":
            parts.append("Closed: it can no longer be installed")
        if self.description:
            parts.append(self.description)
        if self.installs:
            few = self.installs == "<10"
            parts.append(f"{'Fewer than 10' if few else self.installs} active installs")
        if self.downloads:
            parts.append(f"{self.downloads} Composer installs")
        if self.command and self.template != "closed":
            parts.append(self.command)
        return " ".join(
            part if part.endswith((".", "!", "?", "…")) else part + "." for part in parts
        )


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
    shown: Card | None = None,
) -> Card:
    """Return a package's card (`type`: 'plugin' or 'theme'); `shown` is the card as last drawn.

    A package without a name is called by its slug. A closed package keeps its name and says that
    it is closed; its figures and its command would promise what nobody can have.
    """
    if type not in ("plugin", "theme"):
        raise ValueError(f"a package is a plugin or a theme, not {type!r}")
    package = f"wp-{type}/{clean(slug, _SHORT_LIMIT)}"
    title = clean(name, _NAME_LIMIT) or clean(slug, _SHORT_LIMIT)
    if closed:
        return Card("closed", title, command=package, author=clean(author, _SHORT_LIMIT))
    return Card(
        template=type,
        name=title,
        description=clean(description, _DESCRIPTION_LIMIT),
        version=clean(version, _SHORT_LIMIT),
        command=f"composer require {package}",
        installs=_installs(active_installs, shown.installs if shown else ""),
        downloads=at_least(downloads or 0, shown.downloads if shown else ""),
        author=clean(author, _SHORT_LIMIT),
    )


def site_card() -> Card:
    """Return the site's own card, which also stands in where a package has none yet."""
    return Card(
        "site",
        "Frontispiece",
        description="WordPress plugins and themes, ready for Composer.",
        command="composer require wp-plugin/…",
    )
