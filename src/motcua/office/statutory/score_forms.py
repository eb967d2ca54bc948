"""What is asked of who records indices 5, 6 and 8: one small form each, left empty where there is nothing new.

And of who withdraws one: the reason.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motcua.law.recorded_scores import MOST, AtTheCounter, Feedback, Publication, Recorded
from motcua.office.people.forms import DayField
from motcua.statutory.recording import LONGEST_EVIDENCE

YES_NO = (("yes", gettext_lazy("Có")), ("no", gettext_lazy("Không")))


class _Part(forms.Form):
    """The values of one index with their evidence. Nothing typed: nothing recorded."""

    use_required_attribute = False
    number = ""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, empty_permitted=True, **options)
        self.fields["evidence"] = forms.CharField(
            label=_("Minh chứng, tiêu chí %(number)s") % {"number": self.number},
            help_text=gettext_lazy("Văn bản, sổ hoặc biên bản nào, số mấy, ngày nào."),
            max_length=LONGEST_EVIDENCE,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
        self.fields["file"] = forms.FileField(
            label=_("Tệp minh chứng, tiêu chí %(number)s") % {"number": self.number},
            help_text=gettext_lazy("PDF hoặc ảnh"),
            required=False,
        )

    def value(self) -> Recorded:
        """What was said, for the law to judge."""
        raise TypeError(type(self).__name__)


def _number(label: Any) -> forms.IntegerField:
    widget = forms.TextInput(attrs={"class": "input--8", "inputmode": "numeric", "autocomplete": "off"})
    return forms.IntegerField(label=label, min_value=0, max_value=MOST, widget=widget)


class CounterPart(_Part):
    """Index 5."""

    number = "5"
    whole = _number(gettext_lazy("Số thủ tục nhận, thẩm định, phê duyệt và trả ngay tại Bộ phận Một cửa"))

    def value(self) -> Recorded:
        """How many procedures are offered is the system's to count."""
        return AtTheCounter(self.cleaned_data["whole"], 0)


class PublicationPart(_Part):
    """Index 6."""

    number = "6"
    inspected_on = DayField(label=gettext_lazy("Ngày kiểm tra"))
    posted = forms.ChoiceField(label=gettext_lazy("Niêm yết tại trụ sở"), choices=YES_NO, widget=forms.RadioSelect)
    correct = forms.ChoiceField(
        label=gettext_lazy("Nội dung công khai chính xác, đầy đủ, kịp thời"), choices=YES_NO, widget=forms.RadioSelect
    )

    def value(self) -> Recorded:
        """What the inspection found."""
        told = self.cleaned_data
        return Publication(
            posted=told["posted"] == "yes", correct=told["correct"] == "yes", inspected_on=told["inspected_on"]
        )


class FeedbackPart(_Part):
    """Index 8."""

    number = "8"
    received = _number(gettext_lazy("Số phản ánh, kiến nghị đã nhận"))
    on_time = _number(gettext_lazy("Trong đó trả lời đúng hạn"))
    prolonged = _number(gettext_lazy("Trong đó kéo dài"))

    def value(self) -> Recorded:
        """What stands in the register."""
        told = self.cleaned_data
        return Feedback(told["received"], told["on_time"], told["prolonged"])


class WithdrawalForm(forms.Form):
    """Why what was recorded is withdrawn, and which version the reader had before them."""

    use_required_attribute = False
    reason = forms.CharField(
        label=gettext_lazy("Lý do rút lại"),
        help_text=gettext_lazy("Vì sao ghi nhận này không đúng, ví dụ ghi nhầm cơ quan, nhầm kỳ."),
        max_length=LONGEST_EVIDENCE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, required=False)


PARTS: dict[str, type[_Part]] = {each.number: each for each in (CounterPart, PublicationPart, FeedbackPart)}
