"""The rules by which a version of a package is not offered to Composer."""

from enum import StrEnum


class Rule(StrEnum):
    """A closed list: the value is stable and for machines, `sentence` is for people."""

    TRUNK = "trunk"
    BRANCH = "branch"
    LENGTH = "length"
    CHARACTERS = "characters"
    ALIAS = "alias"
    FLAG = "flag"
    PARTS = "parts"
    STABLE = "stable"
    UNREADABLE = "unreadable"
    ZIP = "zip"
    MOVING_ZIP = "moving-zip"
    DUPLICATE = "duplicate"
    UNRELEASED = "unreleased"
    UNTAGGED = "untagged"

    @property
    def sentence(self) -> str:
        """Say the rule to someone who misses a version."""
        return _SENTENCES[self]


_SENTENCES = {
    Rule.TRUNK: "trunk is where work goes on; it is not a release.",
    Rule.BRANCH: "This is the name of a branch, not of a release.",
    Rule.LENGTH: "The version is longer than WordPress.org itself can keep.",
    Rule.CHARACTERS: "The version holds blanks or signs that versions do not have.",
    Rule.ALIAS: "This is Composer's way to write an alias, which only a project may use.",
    Rule.FLAG: "This is Composer's way to ask for a stability, not a version.",
    Rule.PARTS: "Composer reads at most four numbers in a version.",
    Rule.STABLE: "Composer would sort this spelling of “stable” wrongly.",
    Rule.UNREADABLE: "Composer cannot read this version, and one such version stops its run.",
    Rule.ZIP: "The source gives no web address for its zip.",
    Rule.MOVING_ZIP: "Its zip changes under one address; Composer would keep an old copy for ever.",
    Rule.DUPLICATE: "Composer cannot tell this version from another one that is offered.",
    Rule.UNRELEASED: "It is newer than the version that its authors call stable.",
    Rule.UNTAGGED: "Its authors published it from trunk only, so no copy of it stands still.",
}
