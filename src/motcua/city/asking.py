"""What a reader of the city's pages asks for, read from the address and written into one.

Every part of an address is checked: what names nothing we know is a page that does not exist, never a figure of
something else.
"""

from datetime import date, datetime
from urllib.parse import urlencode

import msgspec
from django.http import Http404, QueryDict
from django.urls import reverse

from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.reports.figures import Filter, months_to, of_period
from motcua.reports.lists import KINDS, Kind
from motcua.reports.periods import CUT, EARLIEST, LATEST, MONTHS, Period, containing, parse, read_day

TIERS = {
    "thanh-pho": "city", "so-nganh": "department", "quan-huyen": "district", "xa-phuong": "commune",
    "nganh-doc": "branch",
}  # fmt: skip
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


def asked(query: QueryDict, now: datetime) -> Filter:
    """The part of the city and the period that an address names: the last twelve months unless it says.

    Raises Http404 for what it names and we do not know.
    """
    if any("\x00" in value for value in query.values()):
        raise Http404
    found = months_to(city_day(now))
    if words := query.get("thang"):
        month = _day(f"{words}-01")
        found = msgspec.structs.replace(found, first=month, last=month.replace(day=CUT))
    if words := query.get("ngay"):
        day = _day(words)
        month = day.replace(day=1)
        found = msgspec.structs.replace(found, first=month, last=month.replace(day=CUT), day=day)
    if words := query.get("ky"):
        found = of_period(_period(words))
    agency = 0
    if code := query.get("co-quan"):
        known = directory().by_code.get(code)
        if known is None:
            raise Http404
        agency = known.number
    tier = query.get("cap", "")
    if tier and tier not in TIERS:
        raise Http404
    return msgspec.structs.replace(
        found,
        tier=TIERS.get(tier, ""),
        agency=agency,
        field=query.get("linh-vuc", "")[:60],
        procedure=query.get("thu-tuc", "")[:40],
    )


def _day(words: str) -> date:
    try:
        return read_day(words)
    except ValueError:
        raise Http404 from None


def _period(words: str) -> Period:
    try:
        found = parse(words)
    except ValueError:
        raise Http404 from None
    if not EARLIEST <= found.first.year <= LATEST:
        raise Http404
    return found


def period_of(which: Filter) -> Period | None:
    """The named period that a filter covers exactly: a month, quarter, half year or year, of the calendar or of
    reports; None for any other span.
    """
    if which.day is not None:
        return None
    for report in (False, True):
        for kind in MONTHS:
            found = containing(which.first, kind, report=report)
            if found.halves == (which.first, which.last):
                return found
    return None


def asked_kind(query: QueryDict) -> Kind:
    """Which list an address names. Raises Http404 when it names none."""
    kind = _KINDS.get(query.get("loai", ""))
    if kind is None:
        raise Http404
    return kind


def slug_of(kind: str) -> str:
    """A list's name in an address."""
    return _SLUGS[kind]


def is_about_affairs(which: Filter) -> bool:
    """True when a filter names a field or a procedure.

    A place and a procedure together may point at a person. Codes carry the place, so no list is shown of these.
    """
    return bool(which.field or which.procedure)


def points_at_people(which: Filter) -> bool:
    """True when a filter names a place and a field or procedure: such figures are published with small cells hidden."""
    return bool(which.agency or which.tier) and is_about_affairs(which)


def parts_of(which: Filter) -> dict[str, str]:
    """The filter as parts of an address."""
    parts: dict[str, str] = {}
    if which.day is not None:
        parts["ngay"] = which.day.isoformat()
    elif which.first == which.last.replace(day=1):
        parts["thang"] = f"{which.first:%Y-%m}"
    elif period := period_of(which):
        parts["ky"] = period.code
    if which.agency:
        parts["co-quan"] = directory()[which.agency].code
    if which.tier:
        parts["cap"] = next(slug for slug, tier in TIERS.items() if tier == which.tier)
    if which.field:
        parts["linh-vuc"] = which.field
    if which.procedure:
        parts["thu-tuc"] = which.procedure
    return parts


def page_of(which: Filter, **more: str) -> str:
    """The address of the figures of a filter."""
    return _address("city:city", {**parts_of(which), **more})


def ranking_of(which: Filter, **more: str) -> str:
    """The address of the ranking in a filter's period."""
    parts = {name: value for name, value in parts_of(which).items() if name in ("thang", "ky", "ngay", "cap")}
    return _address("city:ranking", {**parts, **more})


def list_of(which: Filter, kind: str, after: str = "") -> str:
    """The address of the list behind a figure; '' where a list would tell place and procedure together."""
    if is_about_affairs(which):
        return ""
    return _address("city:list", {"loai": _SLUGS[kind], **parts_of(which), **({"sau": after} if after else {})})


def _address(name: str, parts: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(parts)}" if parts else reverse(name)
