"""A procedure against which nothing stands, and ways to spoil it, for tests of the check."""

from typing import Any

from msgspec.structs import replace

from law.office import AGENCIES, procedure
from motcua.law.directory import Directory
from motcua.law.faults import Fault
from motcua.law.procedure import Choice, Field, FieldGroup, Procedure
from motcua.law.process_check import check_procedure
from motcua.law.texts import Text

ROLES = {"reception", "results", "officer", "head", "leader", "registrar"}


def both(text: str) -> Text:
    """The same words in both languages."""
    return Text(vi=text, en=text)


def permit(**more: Any) -> Procedure:
    """A house permit against which nothing stands."""
    house = procedure()
    stages = tuple(replace(stage, name=both(stage.id)) for stage in house.process.stages)
    return replace(
        house,
        cases=(replace(house.cases[0], name=both("new")),),
        results=(replace(house.results[0], name=both("permit")),),
        process=replace(house.process, stages=stages),
        form=(
            FieldGroup(
                name=both("works"),
                fields=(
                    field("kind", "choice", choices=(Choice("new", both("new")), Choice("old", both("old")))),
                    field("floors", "number", minimum=1, maximum=40),
                    field("area", "number"),
                    field("cost", "money"),
                    field("total", "number", computed="product: floors area"),
                    field("corner", "yes_no"),
                ),
            ),
        ),
        **more,
    )


def field(name: str, kind: Any, **more: Any) -> Field:
    """A question of the form."""
    return Field(id=name, label=both(name), type=kind, **more)


def steps_changed(house: Procedure, **changes: dict[str, Any]) -> Procedure:
    """The procedure with some steps changed, by their ids."""
    steps = tuple(replace(each, **changes.get(each.id, {})) for each in house.process.steps)
    return replace(house, process=replace(house.process, steps=steps))


def fields_changed(house: Procedure, **changes: dict[str, Any]) -> Procedure:
    """The procedure with some fields changed, by their ids."""
    group = house.form[0]
    fields = tuple(replace(each, **changes.get(each.id, {})) for each in group.fields)
    return replace(house, form=(replace(group, fields=fields),))


def faults(house: Procedure, directory: Directory | None = AGENCIES) -> list[Fault]:
    """What the check says."""
    return check_procedure(house, directory, ROLES)


def places_changed(**places: str) -> Procedure:
    """The permit with some stages elsewhere."""
    house = permit()
    stages = tuple(replace(each, place=places.get(each.id, each.place)) for each in house.process.stages)
    return replace(house, process=replace(house.process, stages=stages))
