"""Whom work can be given to and whom an opinion can be asked of, for the choices on the desk's forms."""

from django.utils.translation import get_language

from motcua.dossiers import clock
from motcua.law.dossier import Dossier, Task
from motcua.law.procedure import Procedure
from motcua.law.process import Step
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.organisation.models import Appointment

Choices = list[tuple[str, str]]


def colleagues(state: Dossier, task: Task | None, procedure: Procedure) -> Choices:
    """Who holds the post that this task, or the step it leads to, falls to: (account, name)."""
    if task is None:
        return []
    step = procedure.process.step(task.step)
    agency, role = task.agency, task.role
    if "assign" in step.actions and step.next:
        following = procedure.process.step(step.next[0])
        base = state.places.get(following.stage, agency)
        unit = directory().unit(base, following.unit) if following.unit else None
        agency, role = (unit.number if unit else base), following.role
    day = city_day(clock.now())
    held = (  # cancelled appointments were never held
        Appointment.objects.filter(agency_id=agency, role__code=role, valid_from__lte=day, cancelled_at=None)
        .exclude(valid_to__lt=day)
        .select_related("account")
        .order_by("account__full_name")
    )
    return [(str(each.account_id), each.account.full_name) for each in held]


def choices_for_opinion(state: Dossier, task: Task | None) -> Choices:
    """Agencies that may be asked: the city's departments, and the divisions of the same house."""
    if task is None:
        return []
    agencies, language, day = directory(), get_language() or "vi", city_day(clock.now())
    house = agencies.house(task.agency)
    near = [agencies[number] for number in agencies.children.get(house, ()) if number != task.agency]
    far = [agency for agency in agencies.by_number.values() if agency.tier == "department"]
    place = agencies[house].name.within(language)
    return [
        (
            str(agency.number),
            f"{agency.name.within(language)} · {place}" if agency.tier == "division" else agency.name.within(language),
        )
        for agency in (*far, *(each for each in near if each.tier == "division"))
        if agency.is_valid(day)
    ]


def places_to_choose(step: Step, procedure: Procedure, state: Dossier) -> Choices:
    """The agencies to pick from when a next step lies in a stage whose agency is chosen."""
    agencies, language, day = directory(), get_language() or "vi", city_day(clock.now())
    for name in step.next:
        place = procedure.process.stage(procedure.process.step(name).stage).place
        kind, _, tier = place.partition(":")
        if kind == "chosen":
            found = [each for each in agencies.by_number.values() if each.tier == tier and each.is_valid(day)]
            return [
                (str(each.number), _with_parent(each.number, language))
                for each in sorted(found, key=lambda each: each.code)
                if each.number != state.receiving
            ]
    return []


def _with_parent(number: int, language: str) -> str:
    agencies = directory()
    above = agencies.above(number)
    name = agencies[number].name.within(language)
    return f"{name}, {above.name.within(language)}" if above and above.tier == "district" else name
