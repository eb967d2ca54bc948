"""The parts of the office's pages for messages, as far as the reader's posts open them."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.notices import letters
from motcua.office.door import actor_of

KEEPERS = ("control", "admin")


def tabs_for(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """Each part with its address; the present one is marked."""
    keeps = any(grant.role in KEEPERS for grant in actor_of(request).grants)
    parts = [
        ("telling", _("Báo cho tôi"), True),
        ("telling_deliveries", _("Đã gửi gì"), True),
        ("telling_letters", _("Hộp thư mô phỏng"), letters.in_use()),
        ("telling_providers", _("Nơi gửi, chi phí"), keeps),
        ("telling_words", _("Lời tin"), keeps),
    ]
    return [
        {"href": reverse(f"office:{name}"), "label": label, "current": name == here}
        for name, label, shown in parts
        if shown
    ]
