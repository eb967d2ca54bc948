"""`{% load figures %}{% complete_until %}`: until when the figures of a page are complete, or that they are not."""

from typing import Any

from django import template
from django.utils.translation import gettext as _

from motcua.dossiers import followers
from motcua.reports.facts import NAME
from motcua.reports.standing import Trouble, trouble

register = template.Library()


@register.inclusion_tag("reports/complete_until.html")
def complete_until() -> dict[str, Any]:
    """One quiet line when all is well; a warning that comes before any figure when it is not."""
    wrong = trouble()
    return {"wrong": _said(wrong), "until": None if wrong else followers.complete_until(NAME)}


def _said(wrong: Trouble) -> str:
    return {
        "": "",
        "never_made": _("Số liệu chưa được tính từ nhật ký. Người vận hành cần chạy: motcua reports rebuild."),
        "old_scheme": _("Số liệu còn tính theo cách cũ. Người vận hành cần chạy: motcua reports rebuild."),
        "rows_lost": _("Bảng số liệu bị mất dòng. Người vận hành cần chạy: motcua reports rebuild."),
        "rows_too_many": _("Bảng số liệu có dòng thừa. Người vận hành cần chạy: motcua reports rebuild."),
    }[wrong]
