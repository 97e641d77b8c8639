"""What is known of each package, and what has to be asked: a fold over events.

An event is a small JSON object. `State.apply` is the only way to change a state, so that a state
and the events saved since are, after a kill, the state that was lost.

    {"at", "type", "listed": revision, "slugs": [...]}        the index was read
    {"at", "type", "changed": {slug: revision}, "revision",   the log was read up to `revision`
     "tags": [[slug, tag, revision, date]]}                   with every commit into a tag
    {"at", "type", "slug", "kind", "version", "digest"}       the API said something of a package
    {"at", "type", "batches": false}                          the API takes no batches of this type
    {"at", "type", "kept": [...]}                             a seed list: all others go

`at` is Unix seconds (UTC), `kind` one of 'found', 'closed' and 'missing'. An event about a package
also has `fields` when what is saved of it changes (the record, or what closes it), and `awaited`
while a version above the announced one waits for its review.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Self

TYPES = ("plugin", "theme")

HOUR = 3_600
DAY = 24 * HOUR

# How long a package may go unasked. The API keeps an answer for a day, so asking more often tells
# nothing; 20 hours let a daily run always find it due. Why a package was closed becomes public
# after 60 days.
FRESH = 20 * HOUR
_CLOSED_ANEW = 70 * DAY
_OLD_CLOSURE = 7 * DAY

# A name that was never a package says so by a commit when it becomes one. But the API keeps "Plugin
# not found." for 48 hours and "Theme not found" for a week, whatever is approved meanwhile: the
# name is asked daily for three days, once more when the week is over, and then it is left.
_UNKNOWN = 3 * DAY
_STILL_UNKNOWN = 8 * DAY
_NEVER_SEEN = 30 * DAY

# The API may lag behind a commit, and a release may wait for its confirmation: the package is
# asked again, less and less often, until another version shows or the time is over.
_PATIENCE = {"plugin": DAY, "theme": 7 * DAY}
_FIRST_RETRY = 300

# A theme's tag above its announced version waits for a review, which no commit tells the end of.
_REVIEW = 7 * DAY
_REVIEW_RETRY = 4 * HOUR

# That batches do not work is believed this long.
_SINGLY = 7 * DAY

# A package that the API stopped to know, without a word of closure, is given up after this.
_LOST = 7 * DAY


class Known(NamedTuple):
    """What the last good answer said.

    `status`: 'found', 'closed', 'missing' (never a package here) or 'lost' (it was one, and the
    API does not know it); `since`: when that began; `asked`: when it was said last; `revision`: a
    revision of the repository that it stood at, or 0; `digest`: of what is saved of it; `awaited`:
    the newest version above the announced one, or ''.
    """

    status: str
    since: int
    asked: int
    revision: int = 0
    version: str = ""
    digest: str = ""
    awaited: str = ""


class Pending(NamedTuple):
    """A package to be asked at `due`, because of a commit or of the index at `revision`.

    `before` is the version known when the commit was seen, `tries` the good answers since; after
    `deadline` one more good answer is the last.
    """

    revision: int
    before: str
    due: int
    deadline: int
    tries: int = 0


class Tagged(NamedTuple):
    """The first and the last commit into a tag that the log told of: revisions and their dates.

    A date is ISO 8601 (UTC), or ''. The log is followed from the first fetch on: of an older tag
    the first commit is the first one after that.
    """

    first: int
    began: str
    last: int
    changed: str


@dataclass(slots=True)
class Repository:
    """One Subversion repository and its packages; `watermark` 0: its index was never read.

    `singly`: when it was noticed last that the API takes no batches, or 0; `tags`: slug -> tag ->
    the commits into it since the log is followed.
    """

    watermark: int = 0
    singly: int = 0
    known: dict[str, Known] = field(default_factory=dict)
    pending: dict[str, Pending] = field(default_factory=dict)
    tags: dict[str, dict[str, Tagged]] = field(default_factory=dict)

    def due(self, now: int, *, everything: bool = False) -> list[str]:
        """Return the slugs to ask: commits first, then those unasked for longest."""
        waiting = [slug for slug, pending in self.pending.items() if pending.due <= now]
        asked = set(waiting)
        old = sorted(
            (known.asked, slug)
            for slug, known in self.known.items()
            if slug not in asked and (everything or now - known.asked >= _rest(known, now))
        )
        return waiting + [slug for _, slug in old]

    def listed(self, revision: int, slugs: Iterable[str], at: int) -> None:
        """Note the names of the index; those never asked are to be asked, once."""
        self.watermark = max(self.watermark, revision)
        for slug in slugs:
            if slug not in self.known and slug not in self.pending:
                self.pending[slug] = Pending(revision, "", at, at)

    def changed(self, revision: int, slugs: Mapping[str, int], at: int, patience: int) -> None:
        """Note the packages of new commits; the watermark advances over what was read."""
        self.watermark = max(self.watermark, revision)
        for slug, commit in slugs.items():
            known, waiting = self.known.get(slug), self.pending.get(slug)
            before = waiting.before if waiting else known.version if known else ""
            newest = max(commit, waiting.revision if waiting else 0)
            if not self.holds(slug):  # its first commits: the API may keep its "not found"
                patience = max(patience, _STILL_UNKNOWN)
            self.pending[slug] = Pending(newest, before, at, at + patience)

    def tagged(self, commits: Iterable[tuple[str, str, int, str]]) -> None:
        """Note commits into tags: slug, tag, revision, date; one that is known changes nothing."""
        for slug, tag, revision, date in commits:
            tags = self.tags.setdefault(slug, {})
            old = tags.get(tag)
            if old is None:
                tags[tag] = Tagged(revision, date, revision, date)
            elif revision > old.last:
                tags[tag] = old._replace(last=revision, changed=date)

    def asks_singly(self, now: int) -> bool:
        """Tell whether batches are known not to work."""
        return self.singly > 0 and now - self.singly < _SINGLY

    def answered(
        self, slug: str, kind: str, version: str, digest: str, at: int, awaited: str = ""
    ) -> bool:
        """Note a good answer; return whether the package was thereby lost for too long."""
        old = self.known.get(slug)
        status = self._status(old, kind)
        since = old.since if old and old.status == status else at
        if status == "lost" and old:
            digest = old.digest
        if status in ("lost", "closed") and old:
            version = old.version  # of the record that is kept
        given_up = status == "lost" and at - since >= _LOST
        if given_up:
            status, since, version, digest = "missing", at, "", ""
        if awaited and awaited != (old.awaited if old else ""):
            deadline = at + _REVIEW
            self.pending[slug] = Pending(self.revision(slug), version, at, deadline)
        self.known[slug] = Known(status, since, at, self.revision(slug), version, digest, awaited)
        self._settle(slug, status, version, at, awaited)
        return given_up

    def revision(self, slug: str) -> int:
        """Return the newest revision known of `slug`, which never goes back; 0 for none."""
        known, waiting = self.known.get(slug), self.pending.get(slug)
        return max(known.revision if known else 0, waiting.revision if waiting else 0)

    def holds(self, slug: str) -> bool:
        """Tell whether a record of `slug` is to be kept."""
        known = self.known.get(slug)
        return known is not None and known.status != "missing"

    def keep(self, slugs: Iterable[str], at: int) -> None:
        """Restrict the repository to `slugs`; its index has to be read again after that."""
        kept = dict.fromkeys(slugs)
        self.watermark = 0
        self.known = {slug: known for slug, known in self.known.items() if slug in kept}
        self.pending = {slug: waiting for slug, waiting in self.pending.items() if slug in kept}
        self.tags = {slug: tags for slug, tags in self.tags.items() if slug in kept}
        self.listed(0, kept, at)

    @staticmethod
    def _status(old: Known | None, kind: str) -> str:
        if kind != "missing":
            return kind
        return "lost" if old and old.status != "missing" else "missing"

    def _settle(self, slug: str, status: str, version: str, at: int, awaited: str) -> None:
        """Drop the wait for a commit, or ask again later."""
        waiting = self.pending.get(slug)
        if waiting is None:
            return
        new = version != waiting.before and not awaited
        news = status == "closed" or (status == "found" and new)
        if news or at >= waiting.deadline:
            del self.pending[slug]
            return
        pause = _FIRST_RETRY * 2**waiting.tries
        again = min(at + (min(pause, _REVIEW_RETRY) if awaited else pause), waiting.deadline)
        self.pending[slug] = waiting._replace(due=again, tries=waiting.tries + 1)


@dataclass(slots=True)
class State:
    """Both repositories; `absorbed` is the number of the last answers file taken over."""

    absorbed: int = 0
    plugin: Repository = field(default_factory=Repository)
    theme: Repository = field(default_factory=Repository)

    def of(self, type_: str) -> Repository:
        """Return the repository of 'plugin' or 'theme'."""
        return {"plugin": self.plugin, "theme": self.theme}[type_]

    def apply(self, event: Mapping[str, Any]) -> bool:
        """Take one event; return whether the saved records change by it."""
        type_, at = event["type"], event["at"]
        repository = self.of(type_)
        if "listed" in event:
            repository.listed(event["listed"], event["slugs"], at)
        elif "changed" in event:
            repository.changed(event["revision"], event["changed"], at, _PATIENCE[type_])
            repository.tagged(event.get("tags", ()))
        elif "batches" in event:
            repository.singly = at
        elif "kept" in event:
            repository.keep(event["kept"], at)
            return True
        else:
            said = (event["slug"], event["kind"], event["version"], event["digest"], at)
            given_up = repository.answered(*said, event.get("awaited", ""))
            return given_up or "fields" in event
        return False

    def dump(self) -> dict[str, Any]:
        """Return the state as plain JSON values."""
        return {
            "absorbed": self.absorbed,
            **{
                type_: {
                    "watermark": self.of(type_).watermark,
                    "singly": self.of(type_).singly,
                    "known": self.of(type_).known,
                    "pending": self.of(type_).pending,
                    "tags": self.of(type_).tags,
                }
                for type_ in TYPES
            },
        }

    @classmethod
    def load(cls, values: Mapping[str, Any]) -> Self:
        """Build the state that `dump` wrote."""
        state = cls(absorbed=values["absorbed"])
        for type_ in TYPES:
            repository, saved = state.of(type_), values[type_]
            repository.watermark = saved["watermark"]
            # What follows is absent in a file of an earlier version.
            repository.singly = saved.get("singly", 0)
            repository.tags = {
                slug: {tag: Tagged(*row) for tag, row in tags.items()}
                for slug, tags in saved.get("tags", {}).items()
            }
            repository.known = {slug: Known(*row) for slug, row in saved["known"].items()}
            repository.pending = {slug: Pending(*row) for slug, row in saved["pending"].items()}
        return state


def _rest(known: Known, now: int) -> int:
    """Return the seconds for which a package need not be asked again."""
    if known.status == "missing":
        return _unknown_rest(known.asked - known.since)
    if known.status == "closed" and (now - known.since > _CLOSED_ANEW or not known.version):
        return _OLD_CLOSURE  # or one from before its package was ever seen here
    return FRESH


def _unknown_rest(age: int) -> int:
    """Return the rest of a name that was not found for `age` seconds."""
    if age < _UNKNOWN:
        return FRESH
    return _STILL_UNKNOWN - age if age < _STILL_UNKNOWN else _NEVER_SEEN
