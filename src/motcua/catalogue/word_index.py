"""Finds texts by words without marks, by the beginnings of words, by initials, and in spite of typing mistakes.

An index in memory over some thousands of short texts. What the texts are and who may see them is left to
`search`.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import log

from motcua.catalogue.typing_mistakes import mistakes_allowed, mistakes_between, shortenings
from motcua.law.names import search_key

LONGEST_QUERY = 200
MOST_WORDS = 12
PREFIX_FROM = 2
MOST_PREFIXES = 60
EXACT, PREFIX, INITIALS = 1.0, 0.8, 0.9
TYPO = {1: 0.6, 2: 0.4}
ENOUGH, LEAST = 0.6, 0.3
IN_ORDER, AS_IT_STANDS, AT_START = 0.5, 0.2, 0.3
LOOKED_AT_CLOSELY = 200
LEAST_SQUEEZED = 5


_BETWEEN_WORDS = re.compile(r"[\W_]+")
_WITHIN_NUMBERS = re.compile(r"(?<=\d)\.(?=\d)")


def plain_words(text: str) -> str:
    """The words as they are compared: no accents, small letters and digits, one space between; `1.001` is one."""
    return _BETWEEN_WORDS.sub(" ", _WITHIN_NUMBERS.sub("", search_key(text))).strip()


class WordIndex:
    """Texts by key. A key may have several texts (its name, what people call it, its code)."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        self._phrases: list[str] = []
        self._initials: list[str] = []
        self._key: list[str] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for key, text in texts:
            self._add(key, plain_words(text))
        self._words = sorted(self._holding)
        self._shortened: dict[str, list[str]] = defaultdict(list)
        for word in self._words:
            for each in shortenings(word, mistakes_allowed(word)):
                self._shortened[each].append(word)

    def _add(self, key: str, phrase: str) -> None:
        if not phrase:
            return
        number = len(self._phrases)
        words = phrase.split()
        self._phrases.append(phrase)
        self._initials.append("".join(word[0] for word in words))
        self._key.append(key)
        for word in dict.fromkeys(words):
            self._holding[word].append(number)

    def find(self, query: str) -> list[tuple[str, float]]:
        """Keys with their scores, the best first; equal scores in the order in which the texts came."""
        words = plain_words(query[:LONGEST_QUERY]).split()[:MOST_WORDS]
        if not words:
            return []
        alike = [dict(self._alike(word)) for word in words]
        scores = self._by_words(words, alike)
        for number, score in self._by_initials(words):
            scores[number] = max(scores.get(number, 0.0), score)
        if not scores:
            scores = self._squeezed("".join(words))
        hopeful = sorted(scores, key=lambda number: -scores[number])
        asked = " ".join(words)
        best: dict[str, float] = {}
        for place, number in enumerate(hopeful):
            score = scores[number] + self._closeness(number, asked)
            if place < LOOKED_AT_CLOSELY:
                score += self._in_order(number, alike)
            key = self._key[number]
            if score > best.get(key, 0.0):
                best[key] = score
        return sorted(best.items(), key=lambda each: -each[1])

    def _by_words(self, words: list[str], alike: list[dict[str, float]]) -> dict[int, float]:
        """For each text the share of the query it answers, rare words counting more; too small shares left out."""
        weights = [self._weight(word) for word in words]
        total = sum(weights)
        scores: dict[int, float] = defaultdict(float)
        for near, weight in zip(alike, weights, strict=True):
            for number, quality in self._holders(near).items():
                scores[number] += quality * weight / total
        need = max(ENOUGH * max(scores.values(), default=0.0), LEAST)
        return {number: score for number, score in scores.items() if score >= need}

    def _weight(self, word: str) -> float:
        return log(2 + len(self._phrases) / (1 + len(self._holding.get(word, ()))))

    def _holders(self, alike: dict[str, float]) -> dict[int, float]:
        """The texts that hold one of the words, and how nearly it is the word asked for."""
        found: dict[int, float] = {}
        for each, quality in alike.items():
            for number in self._holding[each]:
                if quality > found.get(number, 0.0):
                    found[number] = quality
        return found

    def _alike(self, word: str) -> Iterator[tuple[str, float]]:
        """The words of the texts that the word may mean, the least likely first: written nearly so, longer, itself."""
        most = mistakes_allowed(word)
        for each in {near for part in shortenings(word, most) for near in self._shortened.get(part, ())}:
            mistakes = mistakes_between(word, each, most) if each != word else None
            if mistakes:
                yield each, TYPO[mistakes]
        if len(word) >= PREFIX_FROM:
            first = bisect_left(self._words, word)
            for each in self._words[first : first + MOST_PREFIXES]:
                if not each.startswith(word):
                    break
                yield each, PREFIX
        if word in self._holding:
            yield word, EXACT

    def _by_initials(self, words: list[str]) -> Iterator[tuple[int, float]]:
        """`gpxd`, or `g p x d`, for the first letters of words that follow each other."""
        if len(words) > 1 and any(len(word) > 1 for word in words):
            return
        letters = "".join(words)
        if len(letters) < PREFIX_FROM:
            return
        for number, initials in enumerate(self._initials):
            at = initials.find(letters)
            if at >= 0:
                yield number, INITIALS + 0.1 / (1 + at)

    def _squeezed(self, letters: str) -> dict[int, float]:
        """The texts that hold the letters when all spaces are left out, for `hokinhdoanh`."""
        if len(letters) < LEAST_SQUEEZED:
            return {}
        return {number: INITIALS for number, phrase in enumerate(self._phrases) if letters in phrase.replace(" ", "")}

    def _in_order(self, number: int, alike: list[dict[str, float]]) -> float:
        """More for each pair of words asked for that also follow each other in the text."""
        if len(alike) < 2:
            return 0.0
        words = self._phrases[number].split()
        pairs = sum(
            any(before in alike[at] and after in alike[at + 1] for before, after in pairwise(words))
            for at in range(len(alike) - 1)
        )
        return IN_ORDER * pairs / (len(alike) - 1)

    def _closeness(self, number: int, asked: str) -> float:
        """More for texts that hold the query as it stands, most for those that begin with it and say little else."""
        phrase = self._phrases[number]
        at = phrase.find(asked)
        bonus = 0.0 if at < 0 else AS_IT_STANDS + (AT_START if at == 0 else 0.0)
        return bonus + min(len(asked), len(phrase)) / (10 * len(phrase))
