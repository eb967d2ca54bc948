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
from motcua.reports.figures import Filter, months_to
from motcua.reports.lists import KINDS, Kind
from motcua.reports.periods import CUT

TIERS = {
    "thanh-pho": "city", "so-nganh": "department", "quan-huyen": "district", "xa-phuong": "commune",
    "nganh-doc": "branch",
}  # fmt: skip
_SLUGS: dict[str, str] = {
    "received": "tiep-nhan", "answered": "da-tra", "not_late": "khong-tre", "before_date": "truoc-han",
    "on_time": "dung-han", "late": "tre-han", "granted": "dong-y", "refused": "tu-choi",
    "open_accepted": "dang-giai-quyet", "open_in_time": "con-han", "open_overdue": "qua-han",
    "open_waiting": "tam-dung", "open_lodged": "chua-tiep-nhan", "ended_otherwise": "khong-ket-qua",
    "declined": "khong-nhan", "withdrawn": "da-rut", "stopped": "da-dung", "closed": "da-dong",
    "dropped": "bo-do", "replayed": "phat-lai",
}  # fmt: skip
_KINDS: dict[str, Kind] = {_SLUGS[kind]: kind for kind in KINDS}
_EARLIEST, _LATEST = 1990, 2200


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
        found = date.fromisoformat(words)
    except ValueError:
        raise Http404 from None
    if not _EARLIEST <= found.year <= _LATEST:
        raise Http404
    return found


def asked_kind(query: QueryDict) -> Kind:
    """Which list an address names. Raises Http404 when it names none."""
    kind = _KINDS.get(query.get("loai", ""))
    if kind is None:
        raise Http404
    return kind


def slug_of(kind: str) -> str:
    """A list's name in an address."""
    return _SLUGS[kind]


def parts_of(which: Filter) -> dict[str, str]:
    """The filter as parts of an address."""
    parts: dict[str, str] = {}
    if which.day is not None:
        parts["ngay"] = which.day.isoformat()
    elif which.first == which.last.replace(day=1):
        parts["thang"] = f"{which.first:%Y-%m}"
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


def list_of(which: Filter, kind: str, after: str = "") -> str:
    """The address of the list behind a figure."""
    return _address("city:list", {"loai": _SLUGS[kind], **parts_of(which), **({"sau": after} if after else {})})


def _address(name: str, parts: dict[str, str]) -> str:
    return f"{reverse(name)}?{urlencode(parts)}" if parts else reverse(name)
