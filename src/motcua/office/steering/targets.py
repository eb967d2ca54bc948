"""The city's targets: the board, one with its history and evidence, reporting, signing, and setting them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from motcua.dossiers import clock
from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.files.serving import answer as file_answer
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.door import actor_of, official
from motcua.office.list_files import parts_file
from motcua.office.steering import words
from motcua.office.steering.target_chart import drawn
from motcua.office.steering.target_files import history_table, targets_table
from motcua.reports.naming import agency_name
from motcua.steering import targets
from motcua.steering.models import Target, TargetValue
from motcua.steering.scope import sets_for_the_city
from motcua.steering.targets import Standing


class ValueForm(forms.Form):
    """A value for a period that is over, with where it comes from."""

    use_required_attribute = False

    day = forms.ChoiceField(label=gettext_lazy("Giá trị đến hết ngày"))
    value = forms.DecimalField(label=gettext_lazy("Giá trị"), max_digits=18, decimal_places=3)
    note = forms.CharField(
        label=gettext_lazy("Nguồn số liệu, giải trình"), max_length=1000, required=False, widget=forms.Textarea
    )
    file = forms.FileField(label=gettext_lazy("Tệp minh chứng"), required=False)

    def __init__(self, *args: Any, days: list[date], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["day"].choices = [  # type: ignore[attr-defined]
            (each.isoformat(), f"{each.day}/{each.month}/{each.year}") for each in days
        ]


@official()
def target_board(request: HttpRequest) -> HttpResponseBase:
    """All targets with their lights."""
    today, actor = city_day(clock.now()), actor_of(request)
    found = targets.standings(list(Target.objects.filter(is_on=True).order_by("position", "pk")), today)
    rows = [_row(each) for each in found]
    colours = ("green", "amber", "red", "grey")
    wanted = request.GET.get("mau", "")
    if wanted and wanted not in colours:
        raise Http404
    shown = [row for row in rows if not wanted or row["colour"] == wanted]
    if (file := parts_file(request, lambda: {"chi-tieu": targets_table(shown, group_names())})) is not None:
        return file
    here = reverse("office:targets")
    context = {
        "chips": [
            {"label": _("Tất cả"), "count": len(rows), "href": here, "active": not wanted},
            *(
                {"label": _colour_words(colour), "count": sum(row["colour"] == colour for row in rows),
                 "href": f"{here}?mau={colour}", "active": wanted == colour, "state": words.LIGHT_STATES[colour]}
                for colour in colours
            ),
        ],
        "groups": [
            {"id": code, "title": title, "rows": [row for row in shown if row["group"] == code]}
            for code, title in group_names().items()
        ],
        "has_demo": any(each.target.is_demo for each in found),
        "may_set": sets_for_the_city(actor),
        "shown": bool(shown),
    }  # fmt: skip
    return render(request, "office/steering/targets.html", context)


def group_names() -> dict[str, str]:
    """The groups of targets, in their order."""
    return {
        "programme": _("Chương trình một cửa: hệ thống tự tính"),
        "city": _("Chỉ tiêu kinh tế - xã hội"),
    }


def _colour_words(colour: str) -> str:
    return {
        "green": _("Đúng lộ trình"),
        "amber": _("Chậm"),
        "red": _("Chậm nhiều"),
        "grey": _("Chưa nói được"),
    }[colour]


def name_of(target: Target) -> str:
    """The target's name in the reader's language."""
    return target.name_en if words.language().startswith("en") and target.name_en else target.name_vi


def unit_of(target: Target) -> str:
    """Its unit in the reader's language."""
    return target.unit_en if words.language().startswith("en") and target.unit_en else target.unit_vi


def _row(standing: Standing) -> dict[str, Any]:
    target, last, light = standing.target, standing.last, standing.light
    return {
        "code": target.code,
        "group": target.group,
        "href": reverse("office:target", args=[target.code]),
        "name": name_of(target),
        "unit": unit_of(target),
        "owner": agency_name(target.owner),
        "every": words.every_words(target.every),
        "measured": bool(target.measure),
        "baseline": words.number_words(target.baseline, ""),
        "since": target.since,
        "goal": words.number_words(target.goal, ""),
        "due": target.due,
        "value": words.number_words(last.value, "") if last else "",
        "day": last.day if last else None,
        "sample": last.sample if last and target.measure else None,
        "expected": words.number_words(light.expected.quantize(Decimal("0.01")), "") if light.expected else "",
        "colour": light.colour,
        "state": words.LIGHT_STATES[light.colour],
        "says": words.light_words(light.reason),
        "unsigned": len(standing.unsigned),
        "is_demo": target.is_demo,
        "standing": standing,
    }


def _target(code: str) -> Target:
    found = Target.objects.filter(code=code, is_on=True).first()
    if found is None:
        raise Http404
    return found


@official()
def target_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """One target: its path and values drawn, the values with their evidence, what is to be done."""
    target, actor, today = _target(code), actor_of(request), city_day(clock.now())
    standing = targets.standings([target], today)[0]
    newest = TargetValue.objects.filter(target=target).select_related("signature").order_by("-day", "-pk")
    may_sign = targets.may_sign(actor, target)
    waiting = {each.pk for each in standing.unsigned}
    row, values = _row(standing), [_value(each, waiting, may_sign, standing) for each in newest]
    if (file := parts_file(request, lambda: {"gia-tri": history_table(row, values)})) is not None:
        return file
    context = {
        "row": row,
        "target": target,
        "chart": drawn(standing),
        "values": values,
        "may_report": targets.may_report(actor, target) and not target.measure,
        "may_set": sets_for_the_city(actor),
        "crumbs": [(_("Chỉ tiêu của thành phố"), reverse("office:targets")), (name_of(target), None)],
    }
    return render(request, "office/steering/target.html", context)


def _value(value: TargetValue, waiting: set[int], may_sign: bool, standing: Standing) -> dict[str, Any]:
    signature = getattr(value, "signature", None)
    holds = any(each.pk == value.pk for each in standing.values)
    if value.is_demo:
        state = ("done", _("giá trị minh họa"))
    elif value.account == 0:
        state = ("on_time", _("hệ thống tính"))
    elif value.pk in waiting:
        state = ("due_today", _("chờ ký"))
    else:
        state = ("on_time", _("đã ký")) if holds else ("done", _("đã được thay"))
    return {
        "id": value.pk,
        "day": value.day,
        "number": value.value,
        "value": words.number_words(value.value, ""),
        "sample": value.sample if value.account == 0 and not value.is_demo else None,
        "note": value.note,
        "by": value.by_name or _("Hệ thống"),
        "at": value.at,
        "file": reverse("office:target_file", args=[value.pk]) if value.file else "",
        "file_name": value.file_name,
        "state": state,
        "signed": f"{signature.name}" if signature else "",
        "signed_at": signature.at if signature else None,
        "may_sign": may_sign and value.pk in waiting,
    }


@official()
def target_report(request: HttpRequest, code: str) -> HttpResponse:
    """The owner's page for a new value; a correction is a new value for the same day."""
    target, actor, now = _target(code), actor_of(request), clock.now()
    if target.measure or not targets.may_report(actor, target):
        raise Http404
    form = ValueForm(request.POST or None, request.FILES or None, days=targets.ends(target, city_day(now)))
    if request.method == "POST" and form.is_valid():
        answer = _reported(target, actor, form)
        if isinstance(answer, TargetValue):
            messages.success(request, _("Đã ghi giá trị. Giá trị có hiệu lực khi lãnh đạo cơ quan ký."))
            return redirect("office:target", target.code)
        form.add_error(None, answer)
    context = {
        "form": form,
        "name": name_of(target),
        "unit": unit_of(target),
        "owner": agency_name(target.owner),
        "crumbs": [
            (_("Chỉ tiêu của thành phố"), reverse("office:targets")),
            (name_of(target), reverse("office:target", args=[target.code])),
            (_("Báo cáo giá trị"), None),
        ],
    }
    return render(request, "office/steering/target_report.html", context)


def _reported(target: Target, actor: Any, form: ValueForm) -> TargetValue | str:
    told, digest, name = form.cleaned_data, "", ""
    if told["file"]:
        try:
            digest, name = files.put(told["file"], name=told["file"].name).digest, told["file"].name
        except files.NotStoredError as error:
            return str(error)
    day = date.fromisoformat(told["day"])
    answer = targets.report(target, actor, day, told["value"], told["note"], clock.now(), file=digest, file_name=name)
    return answer.text.within(words.language()) if isinstance(answer, Refusal) else answer


@official()
@require_POST
def target_sign(request: HttpRequest, number: int) -> HttpResponse:
    """A leader of the owner stands for a value."""
    value = TargetValue.objects.select_related("target").filter(pk=number, account__gt=0).first()
    if value is None:
        raise Http404
    answer = targets.sign(value, actor_of(request), clock.now())
    if isinstance(answer, Refusal):
        messages.error(request, answer.text.within(words.language()))
    else:
        messages.success(request, _("Đã ký giá trị."))
    return redirect("office:target", value.target.code)


@official()
def target_file(request: HttpRequest, number: int) -> HttpResponseBase:
    """The evidence of a value, for any official."""
    value = TargetValue.objects.filter(pk=number).exclude(file="").first()
    stored = StoredFile.objects.filter(pk=value.file).first() if value else None
    if value is None or stored is None:
        raise Http404
    return file_answer(request, value.file, stored.media_type, value.file_name)
