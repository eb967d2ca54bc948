"""Many ratings at once, for what is told from enough of them: rows of facts, without the lives behind them."""

from datetime import timedelta

from motcua.law.rating import CRITERIA
from motcua.reports.models import RatingFact
from reports.town import hour


def rated_by(agency: int, code: str, number: int, *, zero: int = 0, words: int = 0, contested: int = 0) -> None:
    """So many ratings in December, beside enough answers."""
    begin = RatingFact.objects.count()
    RatingFact.objects.bulk_create(
        RatingFact(
            dossier_id=9_000_000 + begin + at, code=f"x{begin + at}", procedure=code, version=1, receiving=agency,
            agencies=[agency], at=hour("2018-12-20 09:00") + timedelta(minutes=at), by="link",
            scores={each: 0 if at < zero and each == "7" else 2 for each in CRITERIA},
            words="Lời" if at < words else "", stands=None,
            contested_at=hour("2018-12-22 09:00") if at < contested else None,
        )
        for at in range(number)
    )  # fmt: skip
