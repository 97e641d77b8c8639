"""Which word was meant: words of names that differ in a letter or two."""

import sqlite3

from release import terms

_LONG = 6  # letters from which a word may hold two mistakes
_FAR_MORE = 20  # times as many packages must have the word that may have been meant
_COMPARED = 150  # words, the commonest of those that may be near
_MOST = 5


def near(connection: sqlite3.Connection, typed: str, known: int) -> dict[str, float]:
    """Give the words of names nearest to what was typed, at most five, and the mistakes for each.

    known: how many packages have what was typed. It may be the beginning of a word; that is half a
    mistake more.
    """
    if not terms.correctable([typed]):
        return {}
    parts = sorted(terms.shortened(typed))
    rows = connection.execute(
        "SELECT DISTINCT word, packages FROM search_near CROSS JOIN search_word USING (word)"  # noqa: S608
        f" WHERE part IN ({', '.join('?' * len(parts))}) AND packages > ?"
        " ORDER BY packages DESC, word LIMIT ?",
        (*parts, known * _FAR_MORE, _COMPARED),
    ).fetchall()
    most = 2 if len(typed) >= _LONG else 1
    letters = set(typed)
    found = [
        (mistakes, -count, word)
        for word, count in rows
        if len(letters - set(word)) <= most and (mistakes := _mistakes(typed, word, most)) <= most
    ]
    return {word: mistakes for mistakes, _, word in sorted(found)[:_MOST]}


def _mistakes(typed: str, word: str, most: int) -> float:
    starts = (word[: len(typed) + more] for more in (0, 1) if len(word) > len(typed) + more)
    start = min((distance(typed, one, most) for one in starts), default=most + 1)
    return min(float(distance(typed, word, most)), start + 0.5)


def distance(one: str, other: str, most: int) -> int:
    """Count the letters to add, drop, change or swap with a neighbour; more than `most` is endless.

    (Optimal string alignment.)
    """
    endless = most + 1
    if abs(len(one) - len(other)) > most:
        return endless
    before: list[int] = []
    above = list(range(len(other) + 1))
    for row, letter in enumerate(one, start=1):
        current = [row]
        for column, opposite in enumerate(other, start=1):
            cost = min(
                above[column] + 1,
                current[column - 1] + 1,
                above[column - 1] + (letter != opposite),
            )
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                cost = min(cost, before[column - 2] + 1)
            current.append(cost)
        if min(current) > most:
            return endless
        before, above = above, current
    return min(above[-1], endless)
