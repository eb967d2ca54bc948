"""Ordering a list: which, of what period and part of the city, as what; and orders that come from other pages."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.exports import orders
from motcua.exports.words import FORMAT_NAMES, REASONS
from motcua.law.limits import add_months
from motcua.law.working_time import city_day
from motcua.office.control.asking import scope_of
from motcua.office.door import CONTROL_ROLES, POST_KEY, official
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, kind_name, said, work_state_name
from motcua.reports.periods import CUT
from motcua.reports.work import STATES

_FIGURES = (
    "received", "answered", "late", "open_accepted", "open_overdue", "open_waiting", "open_lodged", "ended_otherwise",
    "refused",
)  # fmt: skip


class OrderForm(forms.Form):
    """What is wanted. Mistakes are told by the page in the reader's language, not by the browser in its own."""

    use_required_attribute = False
    what = forms.ChoiceField(label=gettext_lazy("Danh sách"), widget=forms.Select(attrs={"class": "select"}))
    first = forms.CharField(
        label=gettext_lazy("Từ tháng"),
        max_length=7,
        help_text=gettext_lazy("Năm-tháng, ví dụ 2018-12. Danh sách đang giải quyết luôn là ngay bây giờ."),
        widget=forms.TextInput(attrs={"type": "month", "class": "input input--12"}),
    )
    last = forms.CharField(
        label=gettext_lazy("Đến hết tháng"),
        max_length=7,
        widget=forms.TextInput(attrs={"type": "month", "class": "input input--12"}),
    )
    agency = forms.ChoiceField(
        label=gettext_lazy("Cơ quan"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    field = forms.ChoiceField(
        label=gettext_lazy("Lĩnh vực"), required=False, widget=forms.Select(attrs={"class": "select"})
    )
    format = forms.ChoiceField(
        label=gettext_lazy("Dạng tệp"),
        choices=[(each, FORMAT_NAMES[each]) for each in ("xlsx", "csv")],
        widget=forms.RadioSelect(attrs={"class": "choice__input"}),
    )

    def __init__(self, *args: Any, places: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["what"].choices = _lists()  # type: ignore[attr-defined]
        self.fields["agency"].choices = [("", _("Tất cả cơ quan tôi theo dõi")), *places]  # type: ignore[attr-defined]
        named = sorted(((code, said(name)) for code, name in versions.fields().items()), key=lambda each: each[1])
        self.fields["field"].choices = [("", _("Mọi lĩnh vực")), *named]  # type: ignore[attr-defined]

    def clean_first(self) -> date:
        """The first day of the month."""
        return _month(self.cleaned_data["first"])

    def clean_last(self) -> date:
        """The first day of the month."""
        return _month(self.cleaned_data["last"])

    def clean(self) -> dict[str, Any]:
        """The months in their order."""
        found = super().clean() or self.cleaned_data
        if "first" in found and "last" in found and found["first"] > found["last"]:
            self.add_error("last", _("Tháng cuối đứng trước tháng đầu."))
        return found


def _month(words: str) -> date:
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        raise forms.ValidationError(_("Viết năm-tháng, ví dụ 2018-12.")) from None
    if not 1990 <= found.year <= 2200:
        raise forms.ValidationError(_("Viết năm-tháng, ví dụ 2018-12."))
    return found


def _lists() -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (_("Hồ sơ"), [(f"dossiers:{each}", kind_name(each)) for each in _FIGURES]),
        (_("Việc theo từng bước"), [(f"stages:{each}", work_state_name(each)) for each in STATES]),
        (_("Số liệu cộng"), [("cube:", _("Nửa tháng, cơ quan, thủ tục"))]),
    ]


@official(*sorted(CONTROL_ROLES))
def export_order(request: HttpRequest) -> HttpResponse:
    """The form, and the order it makes."""
    places = _places(request)
    today = city_day(clock.now())
    year = {"first": f"{add_months(today.replace(day=1), -11):%Y-%m}", "last": f"{today:%Y-%m}", "format": "xlsx"}
    form = OrderForm(request.POST or None, places=places, initial=year)
    if request.method == "POST" and form.is_valid():
        found = form.cleaned_data
        kind, parameters = _wanted(found)
        return place(request, kind, parameters, found["format"])
    context = {
        "form": form,
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (_("Danh sách tải xuống"), reverse("office:exports")),
            (_("Đặt danh sách"), None),
        ],
    }
    return render(request, "office/exports/order.html", context, status=422 if form.is_bound else 200)


def _places(request: HttpRequest) -> list[tuple[str, str]]:
    """The houses whose figures the reader may order."""
    known, scope = directory(), scope_of(request)
    seen = known.by_number.values() if scope is None else [known[each] for each in scope]
    return sorted(((each.code, agency_name(each.number)) for each in seen), key=lambda each: each[1])


def _wanted(found: dict[str, Any]) -> tuple[str, dict[str, str]]:
    room, _colon, which = found["what"].partition(":")
    parameters = {name: found[name] for name in ("agency", "field") if found[name]}
    if room == "stages":
        end = add_months(found["last"], 1)
        return "reports.stages", {
            **parameters, "state": which, "begin": found["first"].isoformat(), "end": end.isoformat(),
        }  # fmt: skip
    parameters |= {"first": found["first"].isoformat(), "last": found["last"].replace(day=CUT).isoformat()}
    return (f"reports.{room}", parameters | {"kind": which}) if which else (f"reports.{room}", parameters)


def place(request: HttpRequest, kind: str, parameters: dict[str, str], format: str) -> HttpResponse:
    """Orders a list for whoever is signed in, in the post they chose; and to the page where it is watched."""
    if post := request.session.get(POST_KEY):
        parameters = {**parameters, "post": str(post)}
    try:
        orders.order(request.user, kind, parameters, format, (get_language() or "vi")[:2])  # type: ignore[arg-type]
    except orders.TooManyError:
        messages.error(
            request, _("Bạn đang có %(n)d danh sách chưa xong. Hãy chờ hoặc bỏ bớt.") % {"n": orders.MOST_WAITING}
        )
    except PermissionDenied:
        messages.error(request, said(REASONS["no_right"]))
    except (ValueError, LookupError):
        messages.error(request, said(REASONS["bad_parameters"]))
    return redirect(f"{reverse('office:exports')}?tu-cap-nhat=1")
