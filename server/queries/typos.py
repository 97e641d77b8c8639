"""Which word was meant: words that differ in a letter or two."""

from collections.abc import Mapping

_LONG = 6  # letters from which a word may hold two mistakes


def near(typed: str, words: Mapping[str, int]) -> str:
    """Give the word nearest to what was typed, the commonest of equally near ones; '' for none.

    words: the known words and how often each occurs. What was typed may be the beginning of one.
    """
    most = 2 if len(typed) >= _LONG else 1
    letters = set(typed)
    best: tuple[float, int, str] | None = None
    for word, count in words.items():
        if len(letters - set(word)) > most or len(word) < len(typed) - most:
            continue
        whole = float(distance(typed, word, most))
        # A beginning is a guess: half a mistake worse than a whole word.
        starts = (word[: len(typed) + more] for more in (0, 1))
        start = min(distance(typed, one, most) for one in starts) + 0.5
        found = (min(whole, start), -count, word)
        if found[0] <= most and (best is None or found < best):
            best = found
    return best[2] if best else ""


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
