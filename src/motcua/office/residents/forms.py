"""What the counter is asked for when it proves an identity or records an authority."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from motcua.office.people.forms import DayField


class _Form(forms.Form):
    """Mistakes are told by the page in the reader's language, not by the browser in its own."""

    use_required_attribute = False


class CodeForm(_Form):
    """The code on the resident's screen."""

    code = forms.CharField(
        label=_("Mã trên màn hình của người dân"),
        max_length=20,
        help_text=_("8 chữ và số, ở trang Tài khoản › Định danh của họ."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "class": "input--12"}),
    )


class CardForm(CodeForm):
    """What stands on the card, and that it was compared."""

    number = forms.CharField(
        label=_("Số định danh trên thẻ"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--12"}),
    )
    name = forms.CharField(
        label=_("Họ và tên trên thẻ"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    birth = DayField(label=_("Ngày sinh trên thẻ"), required=False)
    document = forms.CharField(
        label=_("Giấy tờ đã xem"),
        max_length=60,
        help_text=_("Ví dụ: căn cước cấp 12/3/2024"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    checked = forms.BooleanField(label=_("Tôi đã đối chiếu thẻ với người đứng trước quầy"), required=False)

    def __init__(self, *args: Any, business: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["code"].widget = forms.HiddenInput()
        if business:
            del self.fields["birth"]
            self.fields["number"].label = _("Mã số thuế trên giấy đăng ký")
            self.fields["name"].label = _("Tên tổ chức trên giấy đăng ký")


class NumberForm(_Form):
    """Whose authorities to look at."""

    number = forms.CharField(
        label=_("Số định danh hoặc mã số thuế"),
        max_length=20,
        help_text=_("Của người làm thay hoặc người được thay."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--12"}),
    )


class AuthorityForm(_Form):
    """An authority as the document gives it."""

    kind = forms.ChoiceField(
        label=_("Làm thay cho"),
        choices=[
            ("child", _("Con chưa thành niên (giấy khai sinh)")),
            ("parent", _("Cha, mẹ, người thân (văn bản ủy quyền)")),
            ("company", _("Doanh nghiệp, tổ chức (người đại diện, giấy giới thiệu)")),
            ("other", _("Người khác (giám hộ, quyết định của tòa)")),
        ],
        widget=forms.RadioSelect,
    )
    holder = forms.CharField(
        label=_("Số định danh của người làm thay"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--12"}),
    )
    principal = forms.CharField(
        label=_("Số định danh hoặc mã số thuế của bên được thay"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "input--12"}),
    )
    principal_name = forms.CharField(
        label=_("Tên của bên được thay"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    document = forms.CharField(
        label=_("Số và ngày của giấy tờ"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    valid_from = DayField(label=_("Từ ngày"))
    valid_to = DayField(label=_("Đến hết ngày"), required=False)
    procedures = forms.CharField(
        label=_("Chỉ cho những thủ tục này"),
        max_length=400,
        required=False,
        help_text=_("Mã thủ tục, cách nhau bằng dấu phẩy; để trống là mọi thủ tục."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
