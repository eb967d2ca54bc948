"""What the pages of an account ask for. Whether it may be is left to the verbs of `accounts`."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from motcua.law.refusal import Refusal
from motcua.organisation.models import Account

DAY_FORMATS = ["%d/%m/%Y", "%Y-%m-%d"]


class AccountForm(forms.Form):
    """Mistakes are told by the page in the reader's language, not by the browser in its own."""

    use_required_attribute = False


def password_input(purpose: str) -> forms.PasswordInput:
    """A password's input that a password keeper understands: `current-password` or `new-password`."""
    return forms.PasswordInput(attrs={"autocomplete": purpose})


def say_refusal(form: forms.Form, why: Refusal, field: str | None = None) -> None:
    """Shows a refusal at the top of the form, or at the field it is about."""
    words = why.text.within(get_language() or "vi")
    form.add_error(field, f"{words} ({why.ground})" if why.ground else words)


class SignInForm(AccountForm):
    """Who, and the password."""

    identifier = forms.CharField(
        label=gettext_lazy("Số điện thoại, thư điện tử hoặc số định danh"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu"), max_length=200, strip=False, widget=password_input("current-password")
    )


class ContactForm(AccountForm):
    """A phone or mail address to which a code is sent."""

    contact = forms.CharField(
        label=gettext_lazy("Số điện thoại di động hoặc thư điện tử"),
        max_length=254,
        help_text=gettext_lazy("Chúng tôi gửi một mã đến đó để biết là của bạn."),
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class SignUpForm(ContactForm):
    """Who signs up, how to reach them, and a password."""

    field_order = ("kind", "name", "contact", "password")
    kind = forms.ChoiceField(
        label=gettext_lazy("Tài khoản cho"),
        choices=[
            ("person", gettext_lazy("Một người")),
            ("business", gettext_lazy("Doanh nghiệp, hợp tác xã, tổ chức")),
        ],
        initial="person",
        widget=forms.RadioSelect,
    )
    name = forms.CharField(
        label=gettext_lazy("Họ và tên, hoặc tên doanh nghiệp"),
        max_length=200,
        help_text=gettext_lazy("Như trên căn cước hoặc giấy đăng ký."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Mật khẩu"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("Ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất."),
        widget=password_input("new-password"),
    )

    def clean(self) -> dict[str, Any]:
        """A password that is too plain is told at its field."""
        given = super().clean() or {}
        _strong(self, "password", Account(full_name=given.get("name", ""), email=given.get("contact", "")[:254]))
        return given


class CodeForm(AccountForm):
    """The six digits that were sent."""

    code = forms.CharField(
        label=gettext_lazy("Mã 6 số"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "class": "input--8 figures"}
        ),
    )


class NewPasswordForm(CodeForm):
    """The code, and the password to have from now on."""

    password = forms.CharField(
        label=gettext_lazy("Mật khẩu mới"),
        max_length=200,
        strip=False,
        help_text=gettext_lazy("Ít nhất 10 ký tự. Một câu ngắn dễ nhớ là tốt nhất."),
        widget=password_input("new-password"),
    )

    def clean(self) -> dict[str, Any]:
        """A password that is too plain is told at its field. It is not compared with the owner's name: the answer
        would tell who has an account."""
        given = super().clean() or {}
        _strong(self, "password", None)
        return given


class OwnPasswordForm(AccountForm):
    """The present password, to be sure that it is the owner."""

    password = forms.CharField(
        label=gettext_lazy("Mật khẩu hiện nay"), max_length=200, strip=False, widget=password_input("current-password")
    )


class GiveForm(AccountForm):
    """Whom one lets act for oneself, until when, in what."""

    holder = forms.CharField(
        label=gettext_lazy("Số định danh của người làm thay"),
        max_length=20,
        help_text=gettext_lazy("12 chữ số trên thẻ căn cước của người đó."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "input--12", "autocomplete": "off"}),
    )
    valid_to = forms.DateField(
        label=gettext_lazy("Đến hết ngày"),
        input_formats=DAY_FORMATS,
        help_text=gettext_lazy("Ví dụ 31/12/2026. Bạn thu hồi được bất cứ lúc nào."),
        widget=forms.DateInput(format=DAY_FORMATS[0], attrs={"class": "input--8", "autocomplete": "off"}),
    )
    procedures = forms.CharField(
        label=gettext_lazy("Chỉ cho những thủ tục này"),
        max_length=400,
        required=False,
        help_text=gettext_lazy("Mã thủ tục, cách nhau bằng dấu phẩy; để trống là mọi thủ tục."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: date, known: set[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.known = today, known
        self.fields["valid_to"].error_messages["invalid"] = _("Hãy ghi ngày như 31/12/2026.")

    def clean_valid_to(self) -> date:
        """Today at the earliest."""
        day: date = self.cleaned_data["valid_to"]
        if day < self.today:
            raise ValidationError(_("Ngày này đã qua."))
        return day

    def clean_procedures(self) -> tuple[str, ...]:
        """Codes of procedures that there are."""
        given = [each.strip() for each in self.cleaned_data["procedures"].replace(";", ",").split(",") if each.strip()]
        unknown = [each for each in given if each not in self.known]
        if unknown:
            raise ValidationError(_("Không có thủ tục mã %(code)s.") % {"code": unknown[0]})
        return tuple(dict.fromkeys(given))


class DeleteForm(OwnPasswordForm):
    """That it is really meant."""

    sure = forms.BooleanField(label=gettext_lazy("Tôi đã đọc những gì mất và những gì còn giữ"))


def _strong(form: forms.Form, field: str, owner: Account | None) -> None:
    password = form.cleaned_data.get(field)
    if not password:
        return
    try:
        validate_password(password, owner)
    except ValidationError as error:
        form.add_error(field, error)
