"""A day's takings of one counter: receipts, by whom and how, the drawer and its closing, and the list as CSV."""

import csv
import io
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from motcua.dossiers import clock
from motcua.fees.cash import drawer_is_closed
from motcua.fees.models import Closing, Credit, Receipt, Refund
from motcua.fees.settling import close_drawer, day_bounds, drawer_should_hold
from motcua.filing.declared import read_day
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.door import actor_of, official
from motcua.office.money.places import CASHIERS, READERS, Place

MOST_SHOWN = 200
LONGEST_SPAN = timedelta(days=366)
MOST_EXPORTED = 200_000


def method_words() -> dict[str, str]:
    """How money was taken."""
    return {"cash": _("Tiền mặt"), "transfer": _("Chuyển khoản"), "online": _("Trực tuyến")}


class Days:
    """The days asked for: today's when nothing is said."""

    def __init__(self, request: HttpRequest) -> None:
        today = city_day(clock.now())
        self.first = _day(request.GET.get("tu", ""), today)
        self.last = min(max(_day(request.GET.get("den", ""), self.first), self.first), self.first + LONGEST_SPAN)
        self.today = today

    def receipts(self, agency: int) -> "QuerySet[Receipt]":
        """The agency's receipts of these days."""
        start, end = day_bounds(self.first, self.last)
        return Receipt.objects.filter(agency=agency, issued_at__gte=start, issued_at__lt=end)


def _day(said: str, otherwise: date) -> date:
    found = read_day(said)
    return date.fromisoformat(found) if found and found >= "2000-01-01" else otherwise


@official(*READERS)
def takings(request: HttpRequest) -> HttpResponse:
    """The page of a day (or of days) of one agency."""
    return _page(request)


def _page(request: HttpRequest, refusal: Refusal | None = None, counted: str = "", words: str = "") -> HttpResponse:
    place, days, language = Place(request), Days(request), get_language() or "vi"
    receipts = days.receipts(place.number)
    held_good = receipts.filter(cancellation=None)
    methods = method_words()
    actor = actor_of(request)
    context = {
        "place": place,
        "places": place.choices(language),
        "name": place.agency.name.within(language),
        "days": days,
        "sums": [
            {"label": methods.get(row["method"], row["method"]), "count": row["many"], "amount": row["all"]}
            for row in held_good.values("method").annotate(many=Count("pk"), all=Sum("total")).order_by("method")
        ],
        "clerks": list(
            held_good.filter(method="cash").values("issuer").annotate(many=Count("pk"), all=Sum("total"))
            .order_by("issuer")
        ),
        "total": held_good.aggregate(all=Sum("total"))["all"] or 0,
        "count": receipts.count(),
        "rows": [_row(each, methods) for each in receipts.select_related("cancellation").order_by("-pk")[:MOST_SHOWN]],
        "most": MOST_SHOWN,
        "csv": reverse("office:receipts_csv") + "?" + _asked(place, days),
        "drawer": drawer_should_hold(place.number, actor.account) if place.cashier else None,
        "drawer_closed": place.cashier and drawer_is_closed(place.number, actor.account),
        "closings": _closings(place, days),
        "waiting": Credit.objects.filter(agency=place.number, held__gt=0).count(),
        "refunds_due": Refund.objects.filter(agency=place.number).exclude(state="paid").count(),
        "errors": [("counted", refusal.text.within(language))] if refusal else [],
        "counted": counted,
        "words": words,
    }  # fmt: skip
    return render(request, "office/money/day.html", context, status=422 if refusal else 200)


def _closings(place: Place, days: Days) -> list[Closing]:
    found = Closing.objects.filter(agency=place.number, channel="cash", day__gte=days.first, day__lte=days.last)
    return list(found.order_by("pk"))


def _asked(place: Place, days: Days) -> str:
    return urlencode({"noi": place.number, "tu": days.first.isoformat(), "den": days.last.isoformat()})


def _row(receipt: Receipt, methods: dict[str, str]) -> dict[str, Any]:
    return {
        "receipt": receipt,
        "href": reverse("office:fee_receipt", args=[receipt.pk]),
        "method": methods.get(receipt.method, receipt.method),
        "cancelled": getattr(receipt, "cancellation", None),
    }


@official(*CASHIERS)
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Counts the clerk's own drawer and closes it for the day."""
    place = Place(request)
    typed, words = request.POST.get("counted", ""), request.POST.get("words", "").strip()
    digits = "".join(each for each in typed if each in "0123456789")
    if not digits or len(digits) > 13:
        messages.error(request, _("Hãy ghi số tiền đếm được trong két, kể cả khi là 0."))
        return redirect(f"{reverse('office:money')}?noi={place.number}")
    answer = close_drawer(place.number, actor_of(request), int(digits), words)
    if isinstance(answer, Refusal):
        return _page(request, answer, typed, words)
    messages.success(request, _("Két đã khóa cho hôm nay."))
    return redirect(f"{reverse('office:money')}?noi={place.number}")


COLUMNS = ("form", "series", "number", "issued_at", "code", "payer", "total", "method", "issuer", "cancelled")


@official(*READERS)
def export(request: HttpRequest) -> HttpResponse:
    """The receipts of these days as CSV, cancelled ones with their reason."""
    place, days = Place(request), Days(request)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(COLUMNS)
    for receipt in days.receipts(place.number).select_related("cancellation").order_by("pk")[:MOST_EXPORTED]:
        undone = getattr(receipt, "cancellation", None)
        rows.writerow(
            [
                receipt.form, receipt.series, f"{receipt.number:07}", receipt.issued_at.isoformat(),
                _plain(receipt.code), _plain(receipt.payer), receipt.total, receipt.method, _plain(receipt.issuer),
                _plain(undone.reason) if undone else "",
            ]
        )  # fmt: skip
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"bien-lai-{place.agency.code}-{days.first}-{days.last}.csv".replace("/", "-")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _plain(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
