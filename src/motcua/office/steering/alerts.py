"""Alerts on the desk: what is going on, what was, what one has set; and setting, seeing and switching off."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.dossiers import clock
from motcua.law.working_time import city_day
from motcua.office.control.words import people
from motcua.office.door import actor_of, official
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, agency_of, held, list_of, places
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, field_name, procedure_name, said
from motcua.reports.periods import containing
from motcua.reports.standing import trouble
from motcua.steering import alerts
from motcua.steering.hysteresis import COMPARISONS
from motcua.steering.measures import WINDOWS, Measure, filter_of, find, offered
from motcua.steering.models import Alert, Firing
from motcua.steering.scope import covers

SHOWN = 100


class AlertForm(forms.Form):
    """What is watched, against which limit, and who is told."""

    use_required_attribute = False

    name = forms.CharField(label=gettext_lazy("Tên cảnh báo"), max_length=120)
    measure = forms.ChoiceField(label=gettext_lazy("Chỉ số"))
    place = forms.ChoiceField(label=gettext_lazy("Ở đâu"))
    window = forms.ChoiceField(
        label=gettext_lazy("Kỳ tính"), help_text=gettext_lazy("Số hồ sơ đang giải quyết luôn tính ngay bây giờ.")
    )
    comparison = forms.ChoiceField(label=gettext_lazy("Báo khi"))
    threshold = forms.DecimalField(
        label=gettext_lazy("Ngưỡng"), max_digits=14, decimal_places=2, localize=False, min_value=Decimal(0)
    )
    release = forms.DecimalField(
        label=gettext_lazy("Hết báo khi về"),
        max_digits=14,
        decimal_places=2,
        min_value=Decimal(0),
        help_text=gettext_lazy("Nằm về phía tốt của ngưỡng, để cảnh báo không bật tắt liên tục."),
    )
    smallest = forms.IntegerField(
        label=gettext_lazy("Ít nhất bao nhiêu hồ sơ thì mới xét"), min_value=0, max_value=1_000_000, initial=10
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Báo thêm cho"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, held: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        choices: dict[str, list[tuple[str, str]]] = {
            "measure": [(each.code, said(each.name)) for each in offered()],
            "place": places(held, words.language()),
            "window": [(each, words.window_words(each)) for each in WINDOWS],
            "comparison": [(each, words.comparison_words(each)) for each in COMPARISONS],
            "roles": [("leader", _("lãnh đạo nơi đó")), ("control", _("kiểm soát thủ tục nơi đó")),
                      ("one_stop_head", _("phụ trách Một cửa nơi đó"))],
        }  # fmt: skip
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]
        self.fields["window"].initial = "month"


@official(*READERS)
def desk_alerts(request: HttpRequest) -> HttpResponse:
    """The lists and the form; a POST sets a new alert."""
    mine, account, now = held(request), actor_of(request).account, clock.now()
    form = AlertForm(request.POST or None, held=mine)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        answer = alerts.make(
            account, now, name=told["name"], measure=told["measure"], window=told["window"],
            agency=agency_of(told["place"], mine), comparison=told["comparison"], threshold=told["threshold"],
            release=told["release"], smallest=told["smallest"], roles=told["roles"],
        )  # fmt: skip
        if isinstance(answer, Alert):
            messages.success(request, _("Đã đặt cảnh báo “%(name)s”.") % {"name": answer.name})
            return redirect("office:desk_alerts")
        form.add_error("release" if answer.code == "release" else None, answer.text.within(words.language()))
    firings = [
        each
        for each in Firing.objects.select_related("alert").order_by("-since")[:SHOWN]
        if covers(mine, each.alert.agency)
    ]
    own = Alert.objects.filter(account=account, is_on=True).order_by("name")
    context = {
        "form": form,
        "going_on": [_firing(each) for each in firings if each.until is None],
        "past": [_firing(each) for each in firings if each.until is not None],
        "own": [_alert(each) for each in own],
        "trouble": trouble(),
        "crumbs": _crumbs(None),
    }
    return render(request, "office/steering/alerts.html", context)


def _crumbs(last: str | None) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [(_("Bàn điều hành"), reverse("office:desk_of_city"))]
    if last is None:
        return [*found, (_("Cảnh báo"), None)]
    return [*found, (_("Cảnh báo"), reverse("office:desk_alerts")), (last, None)]


def _alert(alert: Alert) -> dict[str, Any]:
    measure = find(alert.measure)
    unit = measure.unit if measure else "count"
    return {
        "id": alert.pk,
        "name": alert.name,
        "measure": said(measure.name) if measure else alert.measure,
        "place": _place(alert),
        "window": words.window_words(alert.window),
        "rule": f"{words.comparison_words(alert.comparison)} {words.number_words(alert.threshold, unit)}",
        "release": words.number_words(alert.release, unit),
        "last": words.number_words(alert.last_value, unit),
        "sample": alert.last_sample,
        "smallest": alert.smallest,
        "looked_at": alert.looked_at,
    }


def _place(alert: Alert) -> str:
    place = agency_name(alert.agency) if alert.agency else _("Toàn thành phố")
    narrowed = [field_name(alert.field)] if alert.field else []
    narrowed += [procedure_name(alert.procedure)] if alert.procedure else []
    return ", ".join([place, *narrowed])


def _firing(firing: Firing) -> dict[str, Any]:
    measure = find(firing.alert.measure)
    unit = measure.unit if measure else "count"
    return {
        **_alert(firing.alert),
        "id": firing.pk,
        "href": reverse("office:desk_firing", args=[firing.pk]),
        "since": firing.since,
        "until": firing.until,
        "value": words.number_words(firing.value, unit),
        "end_value": words.number_words(firing.end_value, unit),
        "sample": firing.sample,
        "told": firing.told,
        "seen_at": firing.seen_at,
        "seen_name": firing.seen_name,
        "words": firing.words,
    }


def _behind(measure: Measure, alert: Alert, now: datetime) -> str:
    """Where what a figure counts is seen: its list, or the page of the KPI, which opens its cases."""
    if measure.kpi is None:
        return list_of(filter_of(alert.window, now, alert.agency, alert.field, alert.procedure), measure.listed_as)  # type: ignore[arg-type]
    kind: Any = alert.window if alert.window in ("month", "quarter", "year") else "month"
    parts = {"ky": containing(city_day(now), kind).code}
    if alert.agency in directory().by_number and directory()[alert.agency].parent is not None:
        parts["co-quan"] = directory()[alert.agency].code
    return f"{reverse('office:kpi', args=[measure.kpi.code])}?{urlencode(parts)}"


@official(*READERS)
def desk_firing(request: HttpRequest, number: int) -> HttpResponse:
    """One firing; a POST says "seen", with a word on what is being done."""
    mine, now = held(request), clock.now()
    firing = Firing.objects.select_related("alert").filter(pk=number).first()
    if firing is None or not covers(mine, firing.alert.agency):
        raise Http404
    if request.method == "POST":
        actor = actor_of(request)
        if alerts.acknowledge(firing, actor.account, actor.name, request.POST.get("words", "").strip(), now):
            messages.success(request, _("Đã ghi nhận là bạn đã biết."))
        else:
            messages.error(request, _("Đã có người xác nhận trước bạn."))
        return redirect("office:desk_firing", number)
    alert = firing.alert
    measure = find(alert.measure)
    context = {
        "firing": _firing(firing),
        "by": people([alert.account]).get(alert.account, ""),
        "list_href": _behind(measure, alert, now) if measure else "",
        "crumbs": _crumbs(alert.name),
    }
    return render(request, "office/steering/firing.html", context)


@official(*READERS)
def switch_off_alert(request: HttpRequest, number: int) -> HttpResponse:
    """Ends one of one's own alerts; a GET asks first."""
    alert = Alert.objects.filter(pk=number, account=actor_of(request).account, is_on=True).first()
    if alert is None:
        raise Http404
    if request.method == "POST":
        alerts.switch_off(alert, clock.now())
        messages.success(request, _("Đã tắt cảnh báo “%(name)s”.") % {"name": alert.name})
        return redirect("office:desk_alerts")
    return render(request, "office/steering/switch_off.html", {"alert": _alert(alert), "crumbs": _crumbs(alert.name)})
