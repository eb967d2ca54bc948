"""How far a procedure can really be done online: level 1 to 4 of Decree 43/2011, and since Decree 42/2022 whole
or in part.

Reckoned from what is possible with this version at an agency, never from what an authority says of itself; each
step that is missing is named. Who takes what online, and who can be paid online, is told from outside.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec

from motcua.law.fees import Fee, Fixed
from motcua.law.procedure import Paper, Procedure
from motcua.law.texts import Text

Extent = Literal["", "information", "part", "whole"]
# Decree 42/2022/NĐ-CP, in force from this day: two extents instead of four levels.
WHOLE_OR_PART_FROM = date(2022, 8, 15)
HIGHEST = 4


class Facilities(msgspec.Struct, frozen=True):
    """What an agency offers online: it takes the procedure in, and it has an account that can be paid into."""

    takes: bool = False
    pays: bool = False


class Obstacle(msgspec.Struct, frozen=True):
    """Why a level is out of reach. `blocks` is the lowest level it stands in the way of; the text is a clause."""

    blocks: Literal[1, 2, 3, 4]
    code: str
    text: Text


class OnlineLevel(msgspec.Struct, frozen=True):
    """What is possible online. Level 0: not even the information is complete. `extent` is '' before 2022."""

    level: Literal[0, 1, 2, 3, 4]
    extent: Extent
    obstacles: tuple[Obstacle, ...] = ()

    @property
    def next_obstacles(self) -> tuple[Obstacle, ...]:
        """What stands between this level and the next one."""
        return tuple(each for each in self.obstacles if each.blocks == self.level + 1)


def online_level(procedure: Procedure, facilities: Facilities, day: date, case: str = "") -> OnlineLevel:
    """The level of one case, or, without one, what every applicant can count on: the lowest of all cases."""
    if case:
        return _level(_obstacles(procedure, facilities, case), day)
    found: dict[Obstacle, list[str]] = {}
    for each in procedure.cases:
        for obstacle in _obstacles(procedure, facilities, each.id):
            found.setdefault(obstacle, []).append(each.id)
    whole = len(procedure.cases)
    return _level(
        (
            obstacle if len(cases) == whole else _only_in(procedure, obstacle, cases)
            for obstacle, cases in found.items()
        ),
        day,
    )


def cases_online(procedure: Procedure, facilities: Facilities, day: date) -> tuple[str, ...]:
    """The cases that can be filed online from beginning to end of the filing: level 3 and above."""
    return tuple(each.id for each in procedure.cases if online_level(procedure, facilities, day, each.id).level >= 3)


def _level(obstacles: Iterator[Obstacle], day: date) -> OnlineLevel:
    ordered = tuple(sorted(obstacles, key=lambda each: (each.blocks, each.code, each.text.vi)))
    level = ordered[0].blocks - 1 if ordered else HIGHEST
    extent: Extent = ""
    if day >= WHOLE_OR_PART_FROM:
        extent = "whole" if level == HIGHEST else "part" if level == HIGHEST - 1 else "information"
    return OnlineLevel(level, extent, ordered)  # type: ignore[arg-type]


def _obstacles(procedure: Procedure, facilities: Facilities, case: str) -> Iterator[Obstacle]:
    yield from _information(procedure)
    yield from _form(procedure, case)
    if not facilities.takes:
        yield Obstacle(
            3,
            "not_taken",
            Text("cơ quan nhận chưa tiếp nhận trực tuyến", "the receiving agency does not take it in online yet"),
        )
    yield from _papers(procedure, case)
    if any(_costs(fee, case) for fee in procedure.fees) and not facilities.pays:
        yield Obstacle(
            4,
            "not_payable",
            Text("phí, lệ phí chỉ nộp được tại quầy", "the fees can only be paid at the counter"),
        )
    for result in procedure.results:
        if result.collected_in_person:
            yield Obstacle(
                4,
                "result_in_person",
                Text(
                    f"phải đến ký nhận kết quả ({result.name.vi})",
                    f"the result ({result.name.en or result.name.vi}) must be signed for in person",
                ),
            )


def _information(procedure: Procedure) -> Iterator[Obstacle]:
    """Level 1: everything the law wants known of a procedure is there (Decree 63/2010, art. 8)."""
    if not procedure.results:
        yield Obstacle(1, "no_result", Text("chưa nêu kết quả", "the result is not stated"))
    if not procedure.sources:
        yield Obstacle(1, "no_source", Text("chưa nêu căn cứ pháp luật", "the legal ground is not stated"))
    if not (procedure.received_at or procedure.received_by):
        yield Obstacle(1, "no_place", Text("chưa nêu nơi nộp", "it is not stated where to apply"))


def _form(procedure: Procedure, case: str) -> Iterator[Obstacle]:
    """Level 2: forms to take home. Level 3: forms to fill in here."""
    questions = [each for each in procedure.fields() if not each.cases or case in each.cases]
    if not questions and not any(paper.template for paper in procedure.papers):
        yield Obstacle(2, "no_form", Text("chưa có mẫu đơn trên mạng", "no form is offered online"))
    if not questions:
        yield Obstacle(3, "form_not_fillable", Text("mẫu đơn chưa khai được trên mạng", "the form cannot be filled in"))


def _papers(procedure: Procedure, case: str) -> Iterator[Obstacle]:
    """A paper that must be brought blocks the filing; one that must be brought in some situations, only the whole."""
    for paper in procedure.papers:
        if not paper.required or not _must_be_brought(paper) or (paper.cases and case not in paper.cases):
            continue
        name = (paper.name.vi, paper.name.en or paper.name.vi)
        if paper.when is None:
            yield Obstacle(
                3,
                "original",
                Text(f"phải mang bản chính đến ({name[0]})", f"an original must be brought ({name[1]})"),
            )
        else:
            yield Obstacle(
                4,
                "original_sometimes",
                Text(
                    f"có trường hợp phải mang bản chính đến ({name[0]})",
                    f"in some situations an original must be brought ({name[1]})",
                ),
            )


def _must_be_brought(paper: Paper) -> bool:
    """What a register or an earlier result proves need not be brought, whatever its kind."""
    return paper.online == "original" and not paper.known


def _costs(fee: Fee, case: str) -> bool:
    rule = fee.by_channel.get("online", fee.rule)
    return fee.is_due(case) and not (isinstance(rule, Fixed) and rule.amount == 0)


def _only_in(procedure: Procedure, obstacle: Obstacle, cases: list[str]) -> Obstacle:
    """The same obstacle, saying in which cases of the procedure it stands."""
    names = [procedure.case(each).name for each in cases]
    vi = "; ".join(each.vi for each in names)
    en = "; ".join(each.en or each.vi for each in names)
    text = Text(f"{obstacle.text.vi}, trường hợp: {vi}", f"{obstacle.text.en}, case: {en}")
    return msgspec.structs.replace(obstacle, text=text)
