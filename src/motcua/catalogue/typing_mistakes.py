"""How far two words are apart when somebody types in a hurry: letters left out, put in, changed or swapped.

Which words a search compares is left to `word_index`.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import combinations

LONGEST_WORD = 20


def mistakes_allowed(word: str) -> int:
    """None in numbers, in very short and very long words; one in words of up to five letters, two in others."""
    if not 3 <= len(word) <= LONGEST_WORD or word.isdigit():
        return 0
    return 1 if len(word) < 6 else 2


def shortenings(word: str, most: int) -> Iterator[str]:
    """The word with up to `most` letters left out: two words within `most` mistakes share one of these."""
    if not most:
        return
    yield word
    for count in range(1, most + 1):
        for left_out in combinations(range(len(word)), count):
            yield "".join(letter for at, letter in enumerate(word) if at not in left_out)


@lru_cache(maxsize=8192)
def mistakes_between(one: str, other: str, most: int) -> int | None:
    """How many letters must be put in, left out, changed or swapped with a neighbour; None above `most`."""
    if abs(len(one) - len(other)) > most:
        return None
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, start=1):
        earlier, before, row = before, row, [at]
        for to, wanted in enumerate(other, start=1):
            cost = min(row[to - 1] + 1, before[to] + 1, before[to - 1] + (letter != wanted))
            swapped = at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == wanted
            row.append(min(cost, earlier[to - 2] + 1) if swapped else cost)
        if min(row) > most:
            return None
    return row[-1] if row[-1] <= most else None
