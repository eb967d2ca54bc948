"""What a digest says: its figures for some days beside those before, as values of a mail and as a designed A4 page.

Everything is reckoned once; mail and page say the same. Words are in the language of whoever it is for.
"""

from datetime import datetime, timedelta
from typing import Any, ClassVar

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import override

from motcua.law.working_time import CITY_ZONE
from motcua.organisation.directory import directory
from motcua.papers.forms import Letterhead
from motcua.papers.typeset import render
from motcua.reports.figures import FEWEST_TO_COMPARE, Figures, Filter, between, months_to, open_now
from motcua.reports.naming import agency_name, place_name, step_name, version_name
from motcua.reports.periods import midnight
from motcua.steering.desk import Wait, longest_waits
from motcua.steering.models import Firing
from motcua.steering.said import place
from motcua.steering.schedule import Days, Kind, before

SHOWN_UNITS, SHOWN_WAITS, SHOWN_ALERTS = 12, 8, 8


class Line(msgspec.Struct, frozen=True):
    """A figure of the page: its name, what it is, what it was before."""

    name: str
    value: str
    previous: str
    late: bool = False


class Unit(msgspec.Struct, frozen=True):
    """An agency below: its answers, and how wide its bar of those not late is (0 to 1; -1: too few)."""

    name: str
    received: str
    answered: str
    late: str
    share: str
    width: float


class Page(msgspec.Struct, frozen=True):
    """The A4 page, every word of it."""

    template: ClassVar[str] = "digest.typ"

    head: Letterhead
    language: str
    title: str
    place: str
    days: str
    complete: str
    labels: dict[str, str]
    big: tuple[Line, ...]
    lines: tuple[Line, ...]
    units: tuple[Unit, ...]
    waits: tuple[tuple[str, str, str, str], ...]
    alerts: tuple[tuple[str, str], ...]
    note: str


class Found(msgspec.Struct, frozen=True):
    """What was reckoned for a place and some days."""

    agency: int
    kind: Kind
    days: Days
    now: datetime
    complete: datetime
    these: Figures
    those: Figures
    by_agency: dict[int, Figures]
    waits: list[Wait]
    alerts: list[tuple[str, str]]


def reckon(agency: int, kind: Kind, days: Days, now: datetime, complete: datetime) -> Found:
    """The figures of a digest: five statements."""
    which = msgspec.structs.replace(months_to(days.last, 1), agency=agency)
    these, those = _between(which, days), _between(which, before(kind, days))
    standing = open_now(which, now)
    going = Firing.objects.filter(until=None, alert__is_on=True).select_related("alert").order_by("-since")
    below = set(directory().below(agency)) if agency else None
    alerts = [
        (each.alert.name, f"{each.value.normalize():f}")
        for each in going[:50]
        if below is None or each.alert.agency in below
    ]
    return Found(
        agency=agency,
        kind=kind,
        days=days,
        now=now,
        complete=complete,
        these=sum(these.values(), standing),
        those=sum(those.values(), Figures()),
        by_agency=_units(agency, these),
        waits=longest_waits(which, now, SHOWN_WAITS),
        alerts=alerts[:SHOWN_ALERTS],
    )


def _between(which: Filter, days: Days) -> dict[int, Figures]:
    return between(which, midnight(days.first), midnight(days.last + timedelta(days=1)))


def _units(agency: int, figures: dict[int, Figures]) -> dict[int, Figures]:
    """The agencies right below, with all that is below them; the most late first."""
    known = directory()
    tops = [agency] if agency else [each.number for each in known.by_number.values() if each.parent is None]
    found = {}
    for number in (each for top in tops for each in known.children.get(top, ())):
        numbers = sum((figures.get(each, Figures()) for each in known.below(number)), Figures())
        if numbers != Figures():
            found[number] = numbers
    return dict(sorted(found.items(), key=lambda each: (-each[1].late, -each[1].answered, each[0])))


def _count(number: int, language: str) -> str:
    return f"{number:,}" if language.startswith("en") else f"{number:,}".replace(",", ".")


def _share(part: int, whole: int, language: str) -> str:
    """`1.120/1.150 (97,4%)`; the denominator always, a rate never on nothing."""
    said = f"{_count(part, language)}/{_count(whole, language)}"
    if not whole:
        return said
    rate = f"{100 * part / whole:.1f}"
    return f"{said} ({rate if language.startswith('en') else rate.replace('.', ',')}%)"


def days_said(days: Days) -> str:
    """`17/12/2018`, `17/12/2018 – 23/12/2018`."""
    first, last = (f"{each.day}/{each.month}/{each.year}" for each in (days.first, days.last))
    return first if first == last else f"{first} – {last}"


def instant_said(at: datetime) -> str:
    """`08:00 24/12/2018`, by the city's clock."""
    here = at.astimezone(CITY_ZONE)
    return f"{here:%H:%M} {here.day}/{here.month}/{here.year}"


def mail_values(found: Found, language: str, link: str) -> dict[str, Any]:
    """What the mail's words speak of."""
    these, those = found.these, found.those
    with override(language):
        more = these.received - those.received
        compared = (
            _("bằng kỳ trước")
            if not more
            else (_("tăng %(n)s so với kỳ trước") if more > 0 else _("giảm %(n)s so với kỳ trước"))
            % {"n": _count(abs(more), language)}
        )
        late = [(number, each) for number, each in found.by_agency.items() if each.late]
        worst = "; ".join(
            _("%(place)s: %(n)s hồ sơ trễ") % {"place": agency_name(number), "n": _count(each.late, language)}
            for number, each in late[:3]
        )
        nobody = _("không nơi nào trễ")
    return {
        "place": place(found.agency)["en" if language.startswith("en") else "vi"],
        "days": days_said(found.days),
        "complete": instant_said(found.complete),
        "received": _count(these.received, language),
        "online": _share(these.received_online, these.received, language),
        "answered": _count(these.answered, language),
        "on_time": _share(these.not_late, these.answered, language),
        "late": _count(these.late, language),
        "open": _count(these.open_accepted, language),
        "overdue": _count(these.open_overdue, language),
        "waiting": _count(these.open_waiting, language),
        "compared": compared,
        "worst": worst or nobody,
        "link": link,
    }


def pdf(found: Found, language: str) -> bytes:
    """The page as PDF/A."""
    with override(language):
        return render(_page(found, language))  # type: ignore[arg-type]


def _page(found: Found, language: str) -> Page:
    these, those = found.these, found.those
    name = place(found.agency)["en" if language.startswith("en") else "vi"]

    def line(label: str, now: int, then: int | None, late: bool = False) -> Line:
        return Line(label, _count(now, language), "" if then is None else _count(then, language), late)

    return Page(
        head=Letterhead(agency=name, issued_at=found.now),
        language=language,
        title={"day": _("Bản tin ngày"), "week": _("Bản tin tuần"), "month": _("Bản tin tháng")}[found.kind],
        place=name,
        days=days_said(found.days),
        complete=instant_said(found.complete),
        labels={
            "complete": _("Số liệu đầy đủ đến"), "previous": _("kỳ trước"), "before": _("Kỳ trước"),
            "this": _("Kỳ này"), "figure": _("Số liệu"), "units": _("Theo cơ quan, nhiều hồ sơ trễ đứng trước"),
            "unit": _("Cơ quan"), "received": _("Tiếp nhận"), "answered": _("Đã trả"), "late": _("Trễ hạn"),
            "share": _("Đúng hạn"), "waits": _("Đang quá hạn lâu nhất"), "code": _("Mã hồ sơ"),
            "where": _("Đang ở"), "due": _("Hẹn trả"), "alerts": _("Cảnh báo đang diễn ra"),
            "none_late": _("Không hồ sơ nào đang quá hạn."), "too_few": _("ít hồ sơ"), "procedure": _("Thủ tục"),
        },
        big=(
            line(_("Tiếp nhận"), these.received, those.received),
            Line(_("Trước hoặc đúng hạn"), _share(these.not_late, these.answered, language),
                 _share(those.not_late, those.answered, language)),
            line(_("Đang quá hạn"), these.open_overdue, None, these.open_overdue > 0),
        ),
        lines=(
            Line(_("Nộp trực tuyến"), _share(these.received_online, these.received, language),
                 _share(those.received_online, those.received, language)),
            line(_("Đã trả kết quả"), these.answered, those.answered),
            line(_("Trễ hạn"), these.late, those.late, these.late > 0),
            line(_("Kết thúc không có kết quả"), these.ended_otherwise, those.ended_otherwise),
            line(_("Đang giải quyết"), these.open_accepted, None),
            line(_("Đang tạm dừng theo luật"), these.open_waiting, None),
            line(_("Đã nộp, chờ tiếp nhận"), these.open_lodged, None),
        ),
        units=tuple(_unit(number, each, language) for number, each in list(found.by_agency.items())[:SHOWN_UNITS]),
        waits=tuple(
            (each.code, version_name(each.version), _where(each), instant_said(each.due_at)) for each in found.waits
        ),
        alerts=tuple(found.alerts),
        note=_("Tính từ nhật ký hồ sơ; không có hồ sơ phát lại. Tỷ lệ chỉ ghi khi có từ %(n)d hồ sơ.")
        % {"n": FEWEST_TO_COMPARE},
    )  # fmt: skip


def _where(wait: Wait) -> str:
    return ": ".join(each for each in (place_name(wait.agency), step_name(wait.version, wait.step)) if each)


def _unit(number: int, figures: Figures, language: str) -> Unit:
    share = None if figures.too_few else figures.share_on_time
    said = "" if share is None else f"{100 * share:.1f}%"
    return Unit(
        name=agency_name(number),
        received=_count(figures.received, language),
        answered=_count(figures.answered, language),
        late=_count(figures.late, language),
        share=said if language.startswith("en") else said.replace(".", ","),
        width=-1.0 if share is None else share,
    )
