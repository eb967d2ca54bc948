"""What a source gives: its rows, and which of them are hidden. And a place or a procedure as the columns name it."""

from collections.abc import Collection
from typing import Any

import msgspec

from motcua.catalogue import versions
from motcua.catalogue.versions import UnknownProcedureError
from motcua.law.margins import of_share
from motcua.opendata.suppression import Key
from motcua.organisation.directory import directory
from motcua.reports.figures import FEWEST_TO_COMPARE

Before = Collection[Key]
Row = tuple[Any, ...]


class Made(msgspec.Struct, frozen=True):
    """The rows of a dataset for one period, in their order, and the keys of the rows that are hidden."""

    rows: list[Row]
    hidden: frozenset[Key] = frozenset()


def agency_code(number: int) -> str:
    """An agency's code; its number where the directory does not know it, so that no row is lost."""
    known = directory().by_number.get(number)
    return known.code if known else f"#{number}"


def agency_cells(number: int) -> tuple[str, str, str, str]:
    """An agency as four columns: code, name, tier, and the code of the district it lies in."""
    known = directory()
    agency = known.by_number.get(number)
    if agency is None:
        return agency_code(number), "", "", ""
    above: int | None = number
    while above is not None and known[above].tier != "district":
        above = known[above].parent
    return agency.code, agency.name.vi, known[known.house(number)].tier, known[above].code if above else ""


def procedure_name(code: str) -> str:
    """The procedure's name in its newest version, its code where there is none."""
    cards = versions.snapshot().cards.get(versions.snapshot().resolve(code), [])
    return cards[-1].name.vi if cards else code


def procedure_field(code: str) -> str:
    """The field of its newest version."""
    cards = versions.snapshot().cards.get(versions.snapshot().resolve(code), [])
    return cards[-1].field if cards else ""


def procedure_cells(code: str) -> tuple[str, str, str]:
    """A procedure as three columns: code, name, field."""
    return code, procedure_name(code), procedure_field(code)


def step_name(version: int, step: str) -> str:
    """The name of a step in a version of its procedure, the step's own code where it is not known."""
    try:
        procedure = versions.procedure_version(version)
    except UnknownProcedureError:
        return step
    return next((each.name.vi for each in procedure.process.steps if each.id == step), step)


def share_cells(hits: int, of: int) -> tuple[float | None, float | None, float | None]:
    """A share with its margin, to four decimals; three empty cells when there are too few cases."""
    bounds = of_share(hits, of)
    if of < FEWEST_TO_COMPARE or bounds is None:
        return None, None, None
    return round(hits / of, 4), round(bounds[0], 4), round(bounds[1], 4)
