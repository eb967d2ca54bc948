"""What the pages about people ask for. Whether it may be is left to the verbs, which refuse in their own words."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.law.refusal import Refusal
from motcua.organisation.directory import directory, roles

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]


class DayField(forms.DateField):
    """A day typed as 24/11/2026."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateInput(format=DAY_FORMATS[0], attrs={"class": "input--8", "autocomplete": "off"})
        super().__init__(
            input_formats=DAY_FORMATS, widget=widget, help_text=gettext_lazy("Ví dụ 24/11/2026"), **options
        )
        self.error_messages["invalid"] = format_lazy(
            gettext_lazy("{field}: hãy ghi ngày như 24/11/2026."), field=self.label
        )


class _Form(forms.Form):
    """Mistakes are told by the page in the reader's language, not by the browser in its own."""

    use_required_attribute = False


class DelegationForm(_Form):
    """Which of one's own posts is lent, for how long, and why. The receiver is chosen before."""

    post = forms.ChoiceField(label=gettext_lazy("Vị trí ủy quyền"), widget=forms.RadioSelect)
    valid_from = DayField(label=gettext_lazy("Từ ngày"))
    valid_to = DayField(label=gettext_lazy("Đến hết ngày"))
    reason = forms.CharField(label=gettext_lazy("Lý do"), max_length=500)
    document = forms.CharField(label=gettext_lazy("Số văn bản ủy quyền"), max_length=200, required=False)
    receiver = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, posts: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["post"].choices = posts  # type: ignore[attr-defined]
        if len(posts) == 1:
            self.fields["post"].initial = posts[0][0]


class AppointmentForm(_Form):
    """Which role, from when, until when."""

    role = forms.ChoiceField(label=gettext_lazy("Vai trò"), widget=forms.RadioSelect)
    title = forms.CharField(
        label=gettext_lazy("Chức danh"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("Như in trên văn bản, ví dụ Phó Chủ tịch; để trống thì dùng tên vai trò."),
    )
    valid_from = DayField(label=gettext_lazy("Từ ngày"))
    valid_to = DayField(label=gettext_lazy("Đến hết ngày"), required=False)
    account = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, *args: Any, agency: int, **options: Any) -> None:
        super().__init__(*args, **options)
        language, tier = get_language() or "vi", directory()[agency].tier
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            (card.code, f"{card.name.within(language)}: {card.explanation.within(language)}")
            for card in roles().values()
            if tier in card.at
        ]


class LastDayForm(_Form):
    """The last day on which something still holds."""

    last_day = DayField(label=gettext_lazy("Ngày cuối cùng còn giữ vị trí"))


class RevokeForm(_Form):
    """When a delegation ends: at once, or at the end of today."""

    when = forms.ChoiceField(label=gettext_lazy("Kết thúc"), widget=forms.RadioSelect, initial="now")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["when"].choices = [("now", _("Ngay bây giờ")), ("today", _("Hết hôm nay"))]  # type: ignore[attr-defined]

    def last_day(self, today: date) -> date:
        """The last day on which the delegation still holds."""
        return today if self.cleaned_data["when"] == "today" else today - timedelta(days=1)


class AccountForm(_Form):
    """Who the new account is for."""

    full_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=200)
    username = forms.CharField(
        label=gettext_lazy("Tên đăng nhập"),
        max_length=150,
        help_text=gettext_lazy("Chữ thường không dấu, số và các dấu . _ - ví dụ lan.nguyen"),
    )


def say_refusal(form: forms.Form, refusal: Refusal, field: str | None = None) -> None:
    """Shows a refusal at the top of the form, or at the field it is about."""
    words = refusal.text.within(get_language() or "vi")
    form.add_error(field, f"{words} ({refusal.ground})" if refusal.ground else words)
