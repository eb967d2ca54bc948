"""What a reader of the flow pages asks for: a procedure, a period, an agency; and what their posts let them see.

Like the pages of control, on which it builds; only that a way is looked at over the year up to last midnight unless
the address names another period.
"""

from datetime import datetime
from typing import Any

import msgspec
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.flow.overview import last_year
from motcua.flow.slices import Slice
from motcua.law.procedure import Procedure
from motcua.office.control.asking import asked
from motcua.office.control.words import period_name
from motcua.office.figure_lists import address
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name
from motcua.reports.work import Part


class Asked(msgspec.Struct, frozen=True):
    """What an address names: the slice, the procedure in its newest version, and itself as parts of an address."""

    slice: Slice
    parts: dict[str, str]
    period: str
    now: datetime
    agency: int = 0

    def parts_with(self, **more: str) -> dict[str, str]:
        """The parts with others added."""
        return {**self.parts, **more}


def looked_at(request: HttpRequest) -> Asked:
    """The slice an address names. Raises Http404 for what it names and we do not know."""
    part: Part = asked(request)
    query = request.GET
    named = {name: query[name] for name in ("ky", "thang") if query.get(name)}
    begin, end = (part.begin, part.end) if named else last_year(part.now)
    parts = dict(named)
    if part.procedure:
        parts["thu-tuc"] = part.procedure
    if part.agency:
        parts["co-quan"] = directory()[part.agency].code
    found = Slice(part.procedure, begin, end, part.scope, with_divisions(part.agency))
    name = period_name(part) if named else _("12 tháng qua, đến hết hôm qua")
    return Asked(found, parts, name, part.now, part.agency)


def with_divisions(agency: int) -> tuple[int, ...]:
    """An agency with its divisions; nothing for none."""
    known = directory()
    return (
        tuple(number for number in known.by_number if known.house(number) == agency or number == agency)
        if agency
        else ()
    )


def procedure_or_404(code: str) -> Procedure:
    """The newest version of the procedure."""
    cards = versions.snapshot().cards.get(code)
    if not cards:
        raise Http404
    return versions.procedure_version(cards[-1].version_id)


def scope_name(agency: int, scope: tuple[int, ...] | None) -> str:
    """Whose work a page is about: of one agency, or of all that the reader oversees."""
    if agency:
        return agency_name(agency)
    return _("Toàn thành phố") if scope is None else _("Các cơ quan của bạn")


def tabs(here: str, found: Asked) -> list[dict[str, Any]]:
    """The pages about one procedure, with the same period and agency."""
    pages = {
        "control_process": _("Thời gian từng bước"),
        "flow_ways": _("Đường đi thật"),
        "flow_whatif": _("Thử thay đổi"),
    }
    return [
        {"href": address(name, found.parts), "label": label, "current": name == here} for name, label in pages.items()
    ]


def narrowed(here: str, found: Asked) -> list[tuple[str, str]]:
    """What the page is narrowed to, each with the address of the page without it."""
    if not found.agency:
        return []
    rest = {name: value for name, value in found.parts.items() if name != "co-quan"}
    return [(agency_name(found.agency), address(here, rest))]
