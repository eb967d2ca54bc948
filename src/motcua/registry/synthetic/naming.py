"""Made-up names with the frequencies of real ones, each with its searchable form, drawn from one file of weights."""

import random
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import yaml

from motcua.law.names import search_key


class Word(NamedTuple):
    """One word of a name and its unaccented form."""

    plain: str
    key: str


class Weighted(NamedTuple):
    """Words with running sums of their weights, to draw from."""

    words: list[Word]
    sums: list[float]

    def draw(self, rng: random.Random) -> Word:
        """One word, by its weight."""
        return rng.choices(self.words, cum_weights=self.sums)[0]


class Names(NamedTuple):
    """What names are made of; middle and given names for men and for women."""

    surnames: Weighted
    middle: tuple[Weighted, Weighted]
    given: tuple[Weighted, Weighted]

    def draw(self, rng: random.Random, female: bool, surname: Word | None = None) -> tuple[Word, str, str]:
        """A surname (the one given, else drawn), the whole name and its key."""
        family = surname or self.surnames.draw(rng)
        middle, given = self.middle[female].draw(rng), self.given[female].draw(rng)
        while given == middle:
            given = self.given[female].draw(rng)
        name = f"{family.plain} {middle.plain} {given.plain}"
        return family, name, f"{family.key} {middle.key} {given.key}"


def read_names(path: Path) -> Names:
    """The names of a file of weights. Raises KeyError or ValueError for a file that is none."""
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    surnames = _weighted([(str(word), float(weight)) for word, weight in told["surnames"]])
    return Names(surnames, _by_sex(told["middle"]), _by_sex(told["given"]))


def _by_sex(rows: list[tuple[object, float, float]]) -> tuple[Weighted, Weighted]:
    men = [(str(word), weight * (1 - share)) for word, weight, share in rows]
    women = [(str(word), weight * share) for word, weight, share in rows]
    return _weighted(men), _weighted(women)


def _weighted(rows: list[tuple[str, float]]) -> Weighted:
    kept = [(word, weight) for word, weight in rows if weight > 0]
    if not kept:
        raise ValueError("no names")
    words = [Word(word, search_key(word)) for word, _weight in kept]
    return Weighted(words, list(accumulate(weight for _word, weight in kept)))
