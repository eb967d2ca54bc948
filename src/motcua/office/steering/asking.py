"""What a reader of the desk asks for, and how far their posts let them look.

An address outside one's own part of the city is a page that does not exist. What is not said is the widest one may
see, in this month.
"""

from datetime import date, datetime

import msgspec
from django.http import Http404, HttpRequest, QueryDict

from motcua.law.working_time import city_day
from motcua.office.door import actor_of
from motcua.office.figure_lists import address
from motcua.organisation.directory import directory
from motcua.reports import periods
from motcua.reports.figures import Filter, months_to, of_period
from motcua.reports.lists import KINDS, Kind
from motcua.reports.periods import CUT, EARLIEST, LATEST, read_day
from motcua.steering.scope import DESK_ROLES, covers, roots

READERS = DESK_ROLES
_SLUGS: dict[str, str] = {
    "received": "tiep-nhan", "received_online": "nhan-truc-tuyen", "answered": "da-tra",
    "not_late": "khong-tre", "before_date": "truoc-han",
    "on_time": "dung-han", "late": "tre-han", "granted": "dong-y", "refused": "tu-choi",
    "open_accepted": "dang-giai-quyet", "open_in_time": "con-han", "open_overdue": "qua-han",
    "open_waiting": "tam-dung", "open_lodged": "chua-tiep-nhan", "ended_otherwise": "khong-ket-qua",
    "declined": "khong-nhan", "withdrawn": "da-rut", "stopped": "da-dung", "closed": "da-dong",
    "dropped": "bo-do", "replayed": "phat-lai",
}  # fmt: skip
_KINDS: dict[str, Kind] = {_SLUGS[kind]: kind for kind in KINDS}
# What an address may say of a view; anything else is not kept with it.
PARTS = ("ngay", "thang", "nam", "co-quan", "linh-vuc", "thu-tuc")


def held(request: HttpRequest) -> list[int]:
    """The widest places the reader may look at. Raises Http404 when there is none."""
    found = roots(actor_of(request))
    if not found:
        raise Http404
    return found


def asked(query: QueryDict, now: datetime, held: list[int]) -> Filter:
    """The part of the city and the period an address names. Raises Http404 for what may not be or is not known."""
    if any("\x00" in value for value in query.values()):
        raise Http404
    found = months_to(city_day(now), 1)
    if words := query.get("nam"):
        if not (words.isascii() and words.isdecimal() and EARLIEST <= int(words[:5]) <= LATEST):
            raise Http404
        found = of_period(periods.year(int(words)), found)
    if words := query.get("thang"):
        month = _day(f"{words}-01")
        found = msgspec.structs.replace(found, first=month, last=month.replace(day=CUT))
    if words := query.get("ngay"):
        day = _day(words)
        month = day.replace(day=1)
        found = msgspec.structs.replace(found, first=month, last=month.replace(day=CUT), day=day)
    return msgspec.structs.replace(
        found,
        agency=agency_of(query.get("co-quan", ""), held),
        field=query.get("linh-vuc", "")[:60],
        procedure=query.get("thu-tuc", "")[:40],
    )


def agency_of(code: str, held: list[int]) -> int:
    """The agency of a code, or the widest when none is named; 0 is the city. Raises Http404 beyond one's own."""
    if not code:
        return held[0]
    known = directory().by_code.get(code)
    if known is None:
        raise Http404
    number = 0 if known.parent is None else known.number
    if not covers(held, number):
        raise Http404
    return number


def _day(words: str) -> date:
    try:
        return read_day(words)
    except ValueError:
        raise Http404 from None


def instant(words: str) -> datetime:
    """An instant of an address. Raises Http404 for what is none."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError:
        raise Http404 from None
    if found.tzinfo is None or not EARLIEST <= found.year <= LATEST:
        raise Http404
    return found


def asked_kind(query: QueryDict) -> Kind:
    """Which list an address names. Raises Http404 when it names none."""
    kind = _KINDS.get(query.get("loai", ""))
    if kind is None:
        raise Http404
    return kind


def parts_of(which: Filter) -> dict[str, str]:
    """The filter as parts of an address."""
    parts: dict[str, str] = {}
    if which.day is not None:
        parts["ngay"] = which.day.isoformat()
    elif which.first.replace(day=CUT) == which.last:
        parts["thang"] = f"{which.first:%Y-%m}"
    else:
        parts["nam"] = f"{which.first:%Y}"
    if which.agency:
        parts["co-quan"] = directory()[which.agency].code
    if which.field:
        parts["linh-vuc"] = which.field
    if which.procedure:
        parts["thu-tuc"] = which.procedure
    return parts


def page_of(which: Filter, **more: str) -> str:
    """The address of the dashboard of a filter."""
    return address("desk_of_city", {**parts_of(which), **more})


def list_of(which: Filter, kind: str, **more: str) -> str:
    """The address of the list behind a figure."""
    return address("desk_dossiers", {"loai": _SLUGS[kind], **parts_of(which), **more})


def spent_of(which: Filter, role: str, *, late: bool = False, **more: str) -> str:
    """The address of a post's work of the last days, or of its late work; whatever period a filter has."""
    place = {name: value for name, value in parts_of(which).items() if name not in ("ngay", "thang", "nam")}
    return address("desk_spent", {"khau": role, **({"tre": "1"} if late else {}), **place, **more})


def places(held: list[int], language: str) -> list[tuple[str, str]]:
    """The places one may choose from in a form: the widest ones and the agencies right below them."""
    known = directory()
    city = next((each.number for each in known.by_number.values() if each.parent is None), 0)
    found: list[tuple[str, str]] = []
    for root in held:
        top = known[root or city]
        found.append((top.code, top.name.within(language)))
        for number in sorted(known.children.get(top.number, ())):
            if known[number].tier != "division":
                found.append((known[number].code, known[number].name.within(language)))
    return found
