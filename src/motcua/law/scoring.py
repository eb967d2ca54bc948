"""Scoring by Circular 01/2018/TT-VPCP, articles 13 to 15: nine indices of 0, 1 or 2 points, added up with their limits.

Some indices are given to each dossier, some to an agency as a whole. What is not known is None: it is neither counted
as full points nor hidden, and a total says out of how much it is. Collecting what the points are given for is left to
`statutory/`.
"""

from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from motcua.law.texts import Text

Points = Literal[0, 1, 2]
MOST = 2
OF_DOSSIERS = ("1", "2", "3", "4", "6", "7")
OF_AGENCIES = ("5", "6", "8", "9")
INDICES = tuple("123456789")
OF_OFFICERS = ("1", "2", "3", "4", "7")
_TENTH = Decimal("0.1")

NAMES: dict[str, Text] = {
    "1": Text("Thời gian thực hiện thủ tục so với quy định", "Time taken against the limit"),
    "2": Text("Thời gian thực hiện của từng cơ quan, đơn vị", "Time taken by each agency"),
    "3": Text("Số lần phải liên hệ để hoàn thiện hồ sơ", "Contacts needed to complete the dossier"),
    "4": Text("Số cơ quan phải liên hệ để hoàn thiện hồ sơ", "Agencies that had to be contacted"),
    "5": Text("Thực hiện thủ tục tại Bộ phận Một cửa", "Done at the one-stop counter"),
    "6": Text("Công khai thủ tục hành chính", "Publication of the procedures"),
    "7": Text("Thái độ của cán bộ, công chức, viên chức", "Attitude of the officials"),
    "8": Text("Tiếp thu, giải trình phản ánh, kiến nghị", "Answers to feedback and complaints"),
    "9": Text("Cung cấp dịch vụ công trực tuyến", "Online services"),
}


def total_time(timeliness: str) -> Points:
    """Index 1: shorter than allowed 2, as long 1, longer 0; and index 2 for one agency's part of a dossier."""
    return {"before_date": 2, "on_time": 1, "late": 0}[timeliness]  # type: ignore[return-value]


def contacts(supplements: int) -> Points:
    """Index 3: never asked back 2, once 1, oftener 0."""
    return 2 if supplements == 0 else 1 if supplements == 1 else 0


def agencies_contacted(channel: str, *, several: bool) -> Points:
    """Index 4: nobody to go to (online, by post) 2, the one-stop counter 1; 0 when the applicant says it was more."""
    if several:
        return 0
    return 1 if channel == "counter" else 2


def attitude(timeliness: str, *, complaint: bool) -> Points:
    """Index 7: early and no complaint 2, on time and no complaint 1, else 0; an unfounded complaint is none."""
    return 0 if complaint else total_time(timeliness)


def at_the_counter(tier: str, share_whole: Decimal, share_received: Decimal) -> Points:
    """Index 5: enough procedures done wholly at the counter 2, all received there 1, else 0."""
    wanted = {"commune": Decimal(1), "district": Decimal("0.5")}.get(tier, Decimal("0.2"))
    if share_whole >= wanted:
        return 2
    return 1 if share_received >= 1 else 0


def publication(*, posted: bool, electronic: bool, correct: bool) -> Points:
    """Index 6: posted up and electronic 2, one of them 1; 0 when it is not correct, complete and in time."""
    if not correct or not (posted or electronic):
        return 0
    return 2 if posted and electronic else 1


def feedback(share_on_time: Decimal | None, *, prolonged: bool = False) -> Points:
    """Index 8: all answered on time, or none came, 2; from nine tenths 1; fewer, or prolonged, 0."""
    if prolonged:
        return 0
    if share_on_time is None or share_on_time >= 1:
        return 2
    return 1 if share_on_time >= Decimal("0.9") else 0


def online_services(share_of_procedures: Decimal, share_of_dossiers: Decimal, late: int) -> Points:
    """Index 9: a fifth of the procedures at level 3 or 4 and three tenths of the dossiers online, none late, 2.

    From 15 to under 30 of a hundred dossiers online and none late 1; else 0.
    """
    if late:
        return 0
    if share_of_procedures >= Decimal("0.2") and share_of_dossiers >= Decimal("0.3"):
        return 2
    return 1 if share_of_procedures > 0 and share_of_dossiers >= Decimal("0.15") else 0


class Index(msgspec.Struct, frozen=True):
    """One index of one agency or official: the points given and to how many dossiers; `why_not` when it is not known.

    An index of an agency as a whole has its points over 1.
    """

    number: str
    points: int = 0
    of: int = 0
    why_not: Text | None = None

    @property
    def score(self) -> Decimal | None:
        """The points over the dossiers, to one decimal; None when it is not known or nothing was to be scored."""
        if self.why_not is not None or not self.of:
            return None
        return (Decimal(self.points) / self.of).quantize(_TENTH, ROUND_HALF_UP)


class Score(msgspec.Struct, frozen=True):
    """The indices of an agency or official, and what they add up to over what is known."""

    indices: tuple[Index, ...]

    @property
    def total(self) -> Decimal:
        """The sum of the scores that are known."""
        return sum((each.score for each in self.indices if each.score is not None), Decimal("0.0"))

    @property
    def most(self) -> int:
        """What could be reached over what is known."""
        return MOST * sum(each.score is not None for each in self.indices)

    @property
    def is_whole(self) -> bool:
        """True when nothing is missing: only then there is a grade."""
        return all(each.score is not None for each in self.indices)


Grade = Literal["excellent", "good", "fair", "average", "weak"]
AGENCY_GRADES: tuple[tuple[int, Grade], ...] = ((15, "excellent"), (12, "good"), (9, "fair"), (6, "average"))
Completion = Literal["whole", "most", "less"]


def agency_grade(score: Score) -> Grade | None:
    """Article 15.3b, out of 18: from 15 excellent, 12 good, 9 fair, 6 average, below weak; None unless all is known."""
    if not score.is_whole:
        return None
    return next((grade for least, grade in AGENCY_GRADES if score.total >= least), "weak")


def officer_completion(score: Score) -> Completion | None:
    """Article 15.3a, out of 10: from 5 wholly completed, from 3.5 from 70 to under 100 %, below less than 70 %."""
    if not score.is_whole:
        return None
    total = score.total
    return "whole" if total >= 5 else "most" if total >= Decimal("3.5") else "less"


def added(number: str, given: Mapping[Points, int]) -> Index:
    """An index from how many dossiers were given 0, 1 and 2 points."""
    return Index(number, sum(points * count for points, count in given.items()), sum(given.values()))


def scored(indices: Iterable[Index], wanted: tuple[str, ...]) -> Score:
    """A score of the wanted indices in their order; what is not among `indices` is not known."""
    found = {each.number: each for each in indices}
    return Score(tuple(found.get(number, Index(number)) for number in wanted))
