"""The city sets a target: a new one, or another goal, date or owner for one that is there; its values stay."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.office.door import actor_of, official
from motcua.office.people.forms import DayField
from motcua.office.steering import words
from motcua.organisation.directory import directory
from motcua.reports.naming import said
from motcua.steering import targets
from motcua.steering.measures import offered
from motcua.steering.models import Target
from motcua.steering.models_targets import EVERY, GROUPS

_CITYWIDE = ("city", "department", "district")


class TargetForm(forms.Form):
    """What is to be reached, from where, by when, and who answers for it."""

    use_required_attribute = False

    name_vi = forms.CharField(label=gettext_lazy("Tên chỉ tiêu"), max_length=200)
    name_en = forms.CharField(label=gettext_lazy("Tên tiếng Anh"), max_length=200, required=False)
    unit_vi = forms.CharField(label=gettext_lazy("Đơn vị tính"), max_length=40)
    unit_en = forms.CharField(label=gettext_lazy("Đơn vị tính, tiếng Anh"), max_length=40, required=False)
    group = forms.ChoiceField(label=gettext_lazy("Nhóm"))
    owner = forms.TypedChoiceField(label=gettext_lazy("Cơ quan chịu trách nhiệm"), coerce=int)
    measure = forms.ChoiceField(label=gettext_lazy("Lấy giá trị từ"), required=False)
    every = forms.ChoiceField(label=gettext_lazy("Kỳ báo cáo"))
    more_is_better = forms.TypedChoiceField(label=gettext_lazy("Chiều tốt"), coerce=lambda each: each == "yes")
    since = DayField(label=gettext_lazy("Tính từ ngày"))
    baseline = forms.DecimalField(label=gettext_lazy("Giá trị ban đầu"), max_digits=18, decimal_places=3)
    due = DayField(label=gettext_lazy("Hạn hoàn thành"))
    goal = forms.DecimalField(label=gettext_lazy("Giá trị cần đạt"), max_digits=18, decimal_places=3)
    source = forms.CharField(label=gettext_lazy("Văn bản giao chỉ tiêu"), max_length=300)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        known = directory()
        choices: dict[str, list[tuple[Any, str]]] = {
            "group": [("city", _("Kinh tế - xã hội")), ("programme", _("Chương trình một cửa"))],
            "owner": [
                (each.number, said(each.name))
                for each in sorted(known.by_number.values(), key=lambda each: each.number)
                if each.tier in _CITYWIDE
            ],
            "measure": [("", _("cơ quan báo cáo")), *((each.code, said(each.name)) for each in offered())],
            "every": [(each, words.every_words(each)) for each in EVERY],
            "more_is_better": [("yes", _("càng cao càng tốt")), ("no", _("càng thấp càng tốt"))],
        }
        assert {code for code, _label in choices["group"]} == set(GROUPS)
        for name, each in choices.items():
            self.fields[name].choices = each  # type: ignore[attr-defined]


@official("leader", "control")
def target_set(request: HttpRequest, code: str = "") -> HttpResponse:
    """The form for one that is there, or for a new one."""
    actor = actor_of(request)
    found = Target.objects.filter(code=code).first() if code else None
    if (code and found is None) or not targets.sets_for_the_city(actor):
        raise Http404
    initial = {name: getattr(found, name) for name in TargetForm.base_fields} if found else {}
    if found:
        initial["more_is_better"] = "yes" if found.more_is_better else "no"
    form = TargetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        told = {**form.cleaned_data, "is_demo": False, "is_on": True}
        if found is None:
            told["position"] = Target.objects.count()
        answer = targets.define(actor, code or _code_for(told["name_vi"]), told)
        if isinstance(answer, Target):
            messages.success(request, _("Đã giao chỉ tiêu “%(name)s”.") % {"name": answer.name_vi})
            return redirect("office:target", answer.code)
        form.add_error(None, answer.text.within(words.language()))
    context = {
        "form": form,
        "target": found,
        "crumbs": [(_("Chỉ tiêu của thành phố"), reverse("office:targets")), (_("Giao chỉ tiêu"), None)],
    }
    return render(request, "office/steering/target_set.html", context)


def _code_for(name: str) -> str:
    """An address for a new target, from its name; a number is added where it is taken."""
    base = slugify(name.replace("đ", "d").replace("Đ", "D"))[:32] or "chi-tieu"
    taken = set(Target.objects.filter(code__startswith=base).values_list("code", flat=True))
    number, code = 1, base
    while code in taken:
        number += 1
        code = f"{base}-{number}"
    return code
