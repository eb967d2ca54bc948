"""Two years of facts in a second: one real dossier's facts written many times, late as chance has it."""

from datetime import timedelta
from random import Random
from typing import Any

from motcua.dossiers.clock_face import calendar_of
from motcua.law.working_time import city_day
from motcua.reports import facts
from motcua.reports.models import DossierFact, DossierSpan, StageFact
from motcua.reports.periods import half_of_day
from reports.town import EAST, MARKET, WEST, Town, hour

FIRST = hour("2019-01-02 09:00")


def written(town: Town, dossiers: int, seed: int = 1, days: int = 730) -> None:
    """So many answered dossiers over the days; those of the west, and those asked for papers, are often late."""
    state = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    facts.follow([state.id])
    fact = DossierFact.objects.filter(dossier_id=state.id).values().get()
    stages = list(StageFact.objects.filter(dossier_id=state.id).order_by("no").values())
    spans = list(DossierSpan.objects.filter(dossier_id=state.id).values())
    calendar, dice = calendar_of(MARKET), Random(seed)
    rows: tuple[list[Any], list[Any], list[Any]] = ([], [], [])
    for at in range(dossiers):
        begun = calendar.instant_after(FIRST + timedelta(days=days * at / dossiers), 1)
        west, asked = dice.random() < 0.5, dice.random() < 0.3
        late = dice.random() < (0.65 if west else 0.05) + (0.25 if asked else 0)
        due = calendar.instant_after(begun, 15 * 480)
        ended = calendar.instant_after(begun, dice.randrange(16, 20) * 480 if late else dice.randrange(8, 15) * 480)
        _one(rows, 10**12 + at, (fact, stages, spans), (begun, due, ended), west, asked, late)
    for model, found in zip((DossierFact, StageFact, DossierSpan), rows, strict=True):
        model.objects.bulk_create(found, batch_size=2000)


def _one(rows: Any, number: int, one: Any, times: Any, west: bool, asked: bool, late: bool) -> None:
    fact, stages, spans = one
    begun, due, ended = times
    agency = WEST if west else EAST
    rows[0].append(
        DossierFact(**fact | {
            "dossier_id": number, "code": f"P{number}", "receiving": agency, "accepted_at": begun, "lodged_at": begun,
            "due_at": due, "promised_at": due, "finished_at": ended, "timeliness": "late" if late else "on_time",
            "accepted_half": half_of_day(city_day(begun)), "finished_half": half_of_day(city_day(ended)),
            "agencies": [agency],
        })
    )  # fmt: skip
    cut = begun + (ended - begun) / 3
    for at, stage in enumerate(stages):
        opened = begun if at == 0 else begun + (ended - begun) * (at / len(stages))
        closed = begun + (ended - begun) * ((at + 1) / len(stages))
        over = late and stage["step"] == "appraise"
        rows[1].append(
            StageFact(**stage | {
                "dossier_id": number, "receiving": agency, "agency": agency, "opened": opened, "received": opened,
                "closed": closed, "late": over, "sent_by": 0,
                "worked": stage["allowed"] + 960 if over else stage["worked"],
            })
        )  # fmt: skip
    pieces = [(begun, cut, "open", ""), (cut, cut + (ended - begun) / 10, "waiting", "supplement"),
              (cut + (ended - begun) / 10, ended, "open", "")] if asked else [(begun, ended, "open", "")]  # fmt: skip
    for no, (since, until, how, ground) in enumerate(pieces, start=1):
        rows[2].append(DossierSpan(**spans[0] | {"dossier_id": number, "no": no, "since": since, "until": until,
                                                 "state": how, "ground": ground, "due": due}))  # fmt: skip
