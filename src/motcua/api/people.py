"""Other houses send people for the register, row by row; each row gets its verdict and no bad one stops a good one."""

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.once import key_of
from motcua.registry.importing import import_rows

router = Router(tags=["register"])


@router.post("/people", auth=Scoped("register:import"), response=s.VerdictsOut, operation_id="import_people")
def people(request: HttpRequest, told: s.PeopleSent) -> s.VerdictsOut:
    """Takes up to a thousand people in. The same rows again change nothing."""
    key_of(request)
    language = get_language() or "vi"
    verdicts = import_rows(told.rows, actor_of(request), actor_of(request).name)
    return s.VerdictsOut(
        items=[
            s.VerdictOut(
                row=each.row,
                outcome=each.outcome,
                number=each.number,
                errors=[s.FieldOut(path=name, detail=why.within(language)) for name, why in each.faults],
                warnings=[warning.within(language) for warning in each.warnings],
            )
            for each in verdicts
        ]
    )
