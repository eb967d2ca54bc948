"""The control office opens a campaign: which form, whom, about when and until when; looked at first, then opened."""

from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from motcua.calendars.lookup import NoCalendarError
from motcua.campaigns import opening
from motcua.campaigns.forms import form_of, newest
from motcua.dossiers import clock
from motcua.dossiers.clock_face import calendar_of
from motcua.law.campaign import Column, Form
from motcua.law.campaign_cells import UnreadableCellError, read_words
from motcua.law.campaign_course import Whom, reminder_days
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.law.working_time import OutsideCalendarError, city_day
from motcua.office.campaigns import asking
from motcua.office.door import actor_of, official
from motcua.organisation.directory import directory

TIERS = ("commune", "district", "department")
NAMES_SHOWN = 60
DAY = Column("day", Text("Ngày", "Day"), "date")


@official("control")
def opening_page(request: HttpRequest) -> HttpResponse:
    """Asked, looked at, opened."""
    if not opening.may_open(actor_of(request)):
        return render(request, "office/no_post.html", {"needed": ("control",)}, status=403)
    given = request.POST if request.method == "POST" else request.GET
    errors: list[tuple[str, str]] = []
    wanted = _wanted(given, errors) if request.method == "POST" else None
    if wanted is not None and not errors:
        refused = opening.refused(wanted, actor_of(request), clock.now())
        if refused is not None:
            errors.append(("", refused.text.within(asking.language())))
        elif given.get("confirmed") == "yes":
            opened = opening.open_campaign(wanted, actor_of(request))
            if not isinstance(opened, Refusal):
                messages.success(request, _("Đã mở đợt thu thập."))
                return redirect("office:campaign", opened.pk)
            errors.append(("", opened.text.within(asking.language())))
    looked = _look(wanted) if wanted is not None and not errors else None
    context = {
        "errors": errors,
        "fields": _fields(given, dict(errors)),
        "tiers": [(tier, words, tier in given.getlist("tiers")) for tier, words in _tier_words()],
        "districts": [(each.code, each.name.within(asking.language()), each.code in given.getlist("under"))
                      for each in _districts()],
        "named": given.get("named", ""),
        "named_wrong": dict(errors).get("named", ""),
        "look": looked,
        "kept": [(name, value) for name in given for value in given.getlist(name)
                 if name not in ("csrfmiddlewaretoken", "confirmed")] if looked else [],
        "forms": bool(newest()),
        "crumbs": asking.crumbs((_("Mở đợt thu thập"), None)),
    }  # fmt: skip
    return render(request, "office/campaigns/opening.html", context, status=422 if errors else 200)


def _tier_words() -> list[tuple[str, str]]:
    return [
        ("commune", _("Xã, phường, thị trấn")),
        ("district", _("Quận, huyện, thị xã")),
        ("department", _("Sở, ngành")),
    ]


def _districts() -> list[Any]:
    today = city_day(clock.now())
    found = [each for each in directory().by_number.values() if each.tier == "district" and each.is_valid(today)]
    return sorted(found, key=lambda each: each.code)


def _fields(given: QueryDict, told: dict[str, str]) -> list[dict[str, Any]]:
    forms = [(str(each.pk), f"{form_of(each).title.within(asking.language())} · {_('bản')} {each.number}")
             for each in newest()]  # fmt: skip
    asked = (
        ("form", "choice", _("Biểu"), "", {"choices": forms}),
        ("title", "text", _("Tên đợt"), 20, {}),
        ("title_en", "text", _("Tên bằng tiếng Anh"), 20, {"required": False}),
        ("about_from", "date", _("Số liệu từ ngày"), 8, {"hint": _("Viết như 1/7/2018.")}),
        ("about_to", "date", _("Đến hết ngày"), 8, {}),
        ("due", "date", _("Hạn trả lời: hết giờ làm việc ngày"), 8, {}),
    )
    return [
        {"id": name, "name": name, "kind": kind, "label": label, "width": width, "value": given.get(name, ""),
         "required": True, "errors": [told[name]] if name in told else [], **more}
        for name, kind, label, width, more in asked
    ]  # fmt: skip


def _wanted(given: QueryDict, errors: list[tuple[str, str]]) -> opening.Opening | None:
    days: dict[str, date] = {}
    for name in ("about_from", "about_to", "due"):
        try:
            day = read_words(DAY, given.get(name, "")[:20])
        except UnreadableCellError:
            day = None
        if isinstance(day, date):
            days[name] = day
        else:
            errors.append((name, _("Hãy ghi ngày, như 31/12/2018.")))
    form = given.get("form", "")
    if not (form.isascii() and form.isdecimal()) or int(form[:15]) not in {each.pk for each in newest()}:
        errors.append(("form", _("Hãy chọn một biểu.")))
    if not given.get("title", "").strip():
        errors.append(("title", _("Hãy đặt tên cho đợt này.")))
    codes = [each.strip() for each in given.get("named", "").replace(",", " ").split()][:200]
    unknown = [each for each in codes if each not in directory().by_code]
    if unknown:
        errors.append(("named", _("Không có cơ quan mang mã %(code)s.") % {"code": unknown[0][:20]}))
    if errors:
        return None
    whom = Whom(
        tiers=tuple(each for each in given.getlist("tiers") if each in TIERS),
        under=tuple(each for each in given.getlist("under") if each in directory().by_code),
        named=tuple(codes),
    )
    return opening.Opening(
        int(form),
        Text(given["title"].strip()[:200], given.get("title_en", "").strip()[:200]),
        days["about_from"],
        days["about_to"],
        opening.closing_hour(days["due"], clock.now()),
        whom,
    )


def _look(wanted: opening.Opening) -> dict[str, Any]:
    """What would be opened: who is asked, the form as they will see it, and when they are reminded."""
    asked = opening.asked_by(wanted, city_day(clock.now()))
    version = next(each for each in newest() if each.pk == wanted.form)
    form = form_of(version)
    return {
        "asked": len(asked),
        "names": [asking.name_of(each) for each in asked[:NAMES_SHOWN]],
        "more": max(0, len(asked) - NAMES_SHOWN),
        "due": wanted.due_at,
        "reminders": reminders(wanted.due_at),
        "form": preview(form),
    }


def reminders(due: datetime) -> list[date]:
    """The days before a date on which people are reminded; none where no calendar holds."""
    city = next(each.number for each in directory().by_number.values() if each.tier == "city")
    try:
        return list(reminder_days(calendar_of(city), due))
    except (NoCalendarError, OutsideCalendarError):
        return []


def preview(form: Form) -> dict[str, Any]:
    """A form as those who answer it will see it."""
    language = asking.language()
    return {
        "title": form.title.within(language),
        "ground": form.ground,
        "help": form.help.within(language) if form.help else "",
        "demonstration": form.demonstration,
        "columns": [each.title.within(language) for each in form.columns],
        "rows": [each.title.within(language) for each in form.rows],
    }
