"""Releases that were changed after their release: a commit into a tag after its first day.

What Composer has locked and cached is then no longer what is served under the same name.
"""

from dataclasses import dataclass

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class TagCommits:
    """The first and the last commit into a tag that are known: revisions, and Unix seconds."""

    first: int
    began: int | None
    last: int
    changed: int | None


def change(commits: TagCommits, released: int | None) -> tuple[int, int] | None:
    """Tell by which revision, and when (Unix seconds), a release was changed; None if it was not.

    `released` is when the tag was made, None for long ago. A commit without a date tells nothing:
    it may be of the first day.
    """
    if commits.changed is None or (released is not None and commits.changed - released <= _DAY):
        return None
    return commits.last, commits.changed
