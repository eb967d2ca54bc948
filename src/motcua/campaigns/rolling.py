"""The roll-up of a campaign, commune to district to city, and what each of its cells is made of.

Of each answer the newest version counts that has come as far as the level asked for; what is missing is named and
counted, so that a roll-up is never shown as whole when it is not. How values are put together is the law's.
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from motcua.campaigns.answering import Hand, hands_in, lines_in
from motcua.campaigns.forms import form_of
from motcua.campaigns.models import Answer, Campaign, Version
from motcua.law.campaign import Column, Form, Value
from motcua.law.campaign_check import Line
from motcua.law.campaign_course import LEVELS, State
from motcua.law.campaign_rollup import Key, Tally, balances, rolled, tally_answer, together


class Counted(msgspec.Struct):
    """One answer as it counts: the version that stands at the level, or None where nothing does yet."""

    answer: Answer
    version: Version | None
    lines: list[Line]
    tallies: dict[Key, Tally]

    @property
    def is_being_corrected(self) -> bool:
        """True when a newer version than the one that counts is on its way."""
        return self.version is not None and self.version.no < self.answer.current


class Group(msgspec.Struct):
    """The answers of one district, or one answer that belongs to none; `agency` is whose name it bears."""

    agency: int
    is_district: bool
    counted: list[Counted]
    tallies: dict[Key, Tally]

    @property
    def asked(self) -> int:
        """How many were asked."""
        return len(self.counted)

    @property
    def answered(self) -> int:
        """How many count."""
        return sum(each.version is not None for each in self.counted)


class RollUp(msgspec.Struct):
    """A campaign rolled up. It balances when its groups add up to the whole, reckoned by itself."""

    form: Form
    level: State
    groups: list[Group]
    tallies: dict[Key, Tally]
    balanced: bool

    @property
    def counted(self) -> list[Counted]:
        """Every answer."""
        return [each for group in self.groups for each in group.counted]

    @property
    def asked(self) -> int:
        """How many were asked."""
        return sum(group.asked for group in self.groups)

    @property
    def answered(self) -> int:
        """How many count."""
        return sum(group.answered for group in self.groups)

    @property
    def is_whole(self) -> bool:
        """True when nobody is missing."""
        return self.answered == self.asked

    @property
    def until(self) -> datetime | None:
        """When the last of what counts came to its state."""
        return max((each.version.changed_at for each in self.counted if each.version is not None), default=None)

    def value(self, tallies: dict[Key, Tally], row: str, column: Column) -> Value | None:
        """What stands in a rolled-up cell."""
        tally = tallies.get((row, column.key))
        return None if tally is None else rolled(column, tally)

    def rows(self) -> list[str]:
        """The keys of the rows of the roll-up: the fixed ones, or the one that sums up the free ones."""
        return [row.key for row in self.form.rows] or [""]

    def columns(self) -> list[Column]:
        """The columns that are rolled up."""
        return [column for column in self.form.columns if column.rollup != "none"]


def roll_up(
    campaign: Campaign, level: State = "signed", district: int = 0, scope: Iterable[int] | None = None
) -> RollUp:
    """The campaign at a level; of one district, or of those in `scope` (None: the whole city). Two queries."""
    answers = Answer.objects.filter(campaign=campaign).order_by("district", "agency")
    if district:
        answers = answers.filter(district=district)
    if scope is not None:
        answers = answers.filter(district__in=list(scope))
    form = form_of(campaign.form)
    standing = standing_versions(campaign, level)
    groups: dict[tuple[bool, int], Group] = {}
    for answer in answers:
        one = _counted(form, answer, standing.get(answer.pk))
        # A district is opened commune by commune: there, each answer is a group of its own.
        key = (False, answer.agency) if district or not answer.district else (True, answer.district)
        groups.setdefault(key, Group(key[1], key[0], [], {})).counted.append(one)
    for group in groups.values():
        group.tallies = together(each.tallies for each in group.counted)
    found = list(groups.values())
    whole = together(each.tallies for group in found for each in group.counted)
    return RollUp(form, level, found, whole, balances(whole, [group.tallies for group in found]))


def standing_versions(campaign: Campaign, level: State) -> dict[int, Version]:
    """Of each answer the newest version that has come as far as `level`."""
    states = LEVELS[LEVELS.index(level) :]
    rows = Version.objects.filter(answer__campaign=campaign, state__in=states)
    return {row.answer_id: row for row in rows.order_by("answer_id", "-no").distinct("answer_id")}


def _counted(form: Form, answer: Answer, version: Version | None) -> Counted:
    lines = lines_in(form, version) if version is not None else []
    return Counted(answer, version, lines, tally_answer(form, lines))


class Source(msgspec.Struct, frozen=True):
    """Where one agency's part of a rolled-up cell comes from. Without a version the agency is missing."""

    answer: Answer
    version: Version | None
    row: str
    stored: str | int | bool | None
    weight: str | int | bool | None
    hand: Hand | None


def sources(found: RollUp, row: str, column: Column) -> list[Source]:
    """The cells a rolled-up cell is made of, agency by agency, the missing ones too."""
    made = []
    for each in found.counted:
        if each.version is None:
            made.append(Source(each.answer, None, row, None, None, None))
            continue
        hands = hands_in(each.version)
        lines = [line for line in each.lines if line.key == row] if found.form.rows else each.lines
        holding = [line for line in lines if column.key in line.cells]
        for line in holding or lines[:1] or [Line(row)]:
            at = line.by.get(column.key)
            made.append(
                Source(
                    each.answer,
                    each.version,
                    line.key,
                    line.cells.get(column.key),
                    line.cells.get(column.weight) if column.weight else None,
                    hands[at] if at is not None and at < len(hands) else None,
                )
            )
    return made
