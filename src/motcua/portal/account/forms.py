"""What the pages of an account ask for. Whether it may be is left to the verbs of `accounts`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AccountForm(forms.Form):
    """Mistakes are told by the page in the reader's language, not by the browser in its own."""

    use_required_attribute = False


def password_input(purpose: str) -> forms.PasswordInput:
    """A password's input that a password keeper understands: `current-password` or `new-password`."""
    return forms.PasswordInput(attrs={"autocomplete": purpose})


class SignInForm(AccountForm):
    """Who, and the password."""

    identifier = forms.CharField(
        label=_("Số điện thoại, thư điện tử hoặc số định danh"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Mật khẩu"), max_length=200, strip=False, widget=password_input("current-password")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["password"].widget.render_value = False  # type: ignore[attr-defined]
