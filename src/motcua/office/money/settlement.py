"""Settlement with the providers: their files against our books, each difference by name, days and months closed."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.fees import settling
from motcua.fees.models import Closing, Statement
from motcua.filing.declared import read_day
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.door import actor_of, official
from motcua.office.money.places import READERS, Place

CHANNELS = ("sandbox", "transfer")
MOST_ROWS = 500
DAYS_SHOWN = 31


def channel_words() -> dict[str, str]:
    """The channels by their names."""
    return {"sandbox": _("Cổng thanh toán"), "transfer": _("Chuyển khoản"), "cash": _("Tiền mặt")}


def verdict_words() -> dict[str, str]:
    """What a row of a statement came to."""
    return {
        "matched": _("khớp"),
        "missing_here": _("có trong sao kê, sổ chưa có"),
        "missing_there": _("có trong sổ, sao kê không có"),
        "amount_differs": _("lệch số tiền"),
        "double": _("lặp trong sao kê"),
        "unreadable": _("không đọc được"),
    }


@official(*READERS)
def settlement(request: HttpRequest) -> HttpResponse:
    """GET shows the days that are open and the statements; POST imports a file or closes a period."""
    place, language = Place(request), get_language() or "vi"
    if request.method == "POST":
        answer = _act(request, place)
        if isinstance(answer, Refusal):
            messages.error(request, answer.text.within(language))
        return redirect(f"{reverse('office:settlement')}?noi={place.number}")
    names = channel_words()
    context: dict[str, Any] = {
        "place": place,
        "places": place.choices(language),
        "name": place.agency.name.within(language),
        "channels": [(each, names[each]) for each in CHANNELS],
        "days": _days(place, names),
        "closings": [
            {"closing": each, "channel": names.get(each.channel, each.channel)}
            for each in Closing.objects.filter(agency=place.number).order_by("-day", "-pk")[:60]
        ],
        "statements": [
            {"statement": each, "channel": names.get(each.channel, each.channel)}
            for each in Statement.objects.order_by("-pk")[:30]
        ],
        "yesterday": city_day(clock.now()) - timedelta(days=1),
    }
    return render(request, "office/money/settlement.html", context)


def _days(place: Place, names: dict[str, str]) -> list[dict[str, Any]]:
    """Days of the last month in which money came in by a channel and that are still open."""
    today = city_day(clock.now())
    rows = []
    for channel in CHANNELS:
        since = today - timedelta(days=DAYS_SHOWN)
        for day in settling.open_days(place.number, channel, since, today + timedelta(days=1)):
            expected, counted, covered = settling.standing(place.number, channel, day)
            rows.append(
                {
                    "channel": channel, "name": names[channel], "day": day, "expected": expected, "counted": counted,
                    "covered": covered, "difference": counted - expected, "over": day < today,
                }
            )  # fmt: skip
    return sorted(rows, key=lambda row: (row["day"], row["channel"]))


def _act(request: HttpRequest, place: Place) -> Any:
    what, channel = request.POST.get("what"), request.POST.get("channel", "")
    if channel not in (*CHANNELS, "cash"):
        raise Http404
    words = request.POST.get("words", "")
    if what == "import":
        return _import(request, place, channel)
    found = read_day(request.POST.get("day", ""))
    day = date.fromisoformat(found) if found else None
    if day is None:
        messages.error(request, _("Hãy ghi ngày."))
        return None
    if what == "month":
        answer = settling.close_month(place.number, channel, day, actor_of(request), words)
    else:
        answer = settling.close_channel(place.number, channel, day, actor_of(request), words)
    if not isinstance(answer, Refusal):
        messages.success(request, _("Đã khóa."))
    return answer


def _import(request: HttpRequest, place: Place, channel: str) -> Any:
    """A statement makes money known: only the head of the unit brings one in, under their own name."""
    upload = request.FILES.get("file")
    first, last = read_day(request.POST.get("first", "")), read_day(request.POST.get("last", ""))
    if not place.head:
        messages.error(request, _("Nhập sao kê do người phụ trách bộ phận Một cửa làm."))
    elif upload is None or upload.size > settling.LARGEST or not first:
        messages.error(request, _("Hãy chọn tệp CSV (tối đa 20 MB) và ghi ngày của sao kê."))
    else:
        begin = date.fromisoformat(first)
        end = date.fromisoformat(last) if last and last >= first else begin
        try:
            made = settling.import_statement(
                channel, str(upload.name), upload.read(), begin, end, actor_of(request).account
            )
        except settling.UnreadableStatementError as error:
            messages.error(request, str(error))
            return None
        messages.success(
            request,
            _("Đã so %(rows)d dòng, %(differences)d khác biệt.") % {"rows": made.rows, "differences": made.differences},
        )
    return None


@official(*READERS)
def statement(request: HttpRequest, number: int) -> HttpResponse:
    """The differences of one statement that concern the agency, or all of them for whoever oversees."""
    place = Place(request)
    found = Statement.objects.filter(pk=number).first()
    if found is None:
        raise Http404
    # What belongs to nobody yet names its senders: only whoever may match it sees it.
    seen = {each.number for each in place.all} | ({0} if place.head else set())
    words = verdict_words()
    rows = found.lines.exclude(verdict="matched").filter(agency__in=seen)
    context = {
        "place": place,
        "statement": found,
        "channel": channel_words().get(found.channel, found.channel),
        "rows": [{"line": each, "verdict": words[each.verdict]} for each in rows[:MOST_ROWS]],
        "count": rows.count(),
        "crumbs": [(_("Đối soát"), f"{reverse('office:settlement')}?noi={place.number}"), (found.name, None)],
    }
    return render(request, "office/money/statement.html", context)
