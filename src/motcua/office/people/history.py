"""The record of changes of the organisation in people's words, for one agency or one account.

Writing the record is left to the verbs; nothing here changes it.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law.working_time import day_in_words
from motcua.office.desk.telling import who_acted
from motcua.office.people.finding import place_name
from motcua.organisation.directory import roles
from motcua.organisation.models import Account, Appointment, Change, Delegation

ON_A_PAGE = 20
ICONS = {"appoint": "plus", "end_appointment": "minus", "delegate": "send", "revoke_delegation": "reply"}


class Page(NamedTuple):
    """Entries for the timeline, the newest first, and the key of the page after it."""

    entries: list[dict[str, Any]]
    following: int | None


def of_agency(agency: int, before: int | None) -> Page:
    """What was changed at one agency: its posts, delegations, and the accounts of its people."""
    subjects = [f"appointment {pk}" for pk in Appointment.objects.filter(agency=agency).values_list("pk", flat=True)]
    subjects += [f"delegation {pk}" for pk in Delegation.objects.filter(agency=agency).values_list("pk", flat=True)]
    people = Appointment.objects.filter(agency=agency).values_list("account", flat=True).distinct()
    subjects += [f"account {pk}" for pk in people]
    return _page(Q(subject__in=subjects) | Q(verb="new_account", details__agency_id=agency), before)


def of_account(account: int, places: Callable[[int], bool], before: int | None) -> Page:
    """What was changed about one account at the `places` that the reader may see, and to the account itself."""
    held = Appointment.objects.filter(account=account).values_list("pk", "agency")
    lent = Delegation.objects.filter(Q(from_account=account) | Q(to_account=account)).values_list("pk", "agency")
    subjects = [f"appointment {pk}" for pk, agency in held if places(agency)]
    subjects += [f"delegation {pk}" for pk, agency in lent if places(agency)]
    return _page(Q(subject__in=[*subjects, f"account {account}"]), before)


def _page(which: Q, before: int | None) -> Page:
    found = Change.objects.filter(which)
    if before is not None:
        found = found.filter(pk__lt=before)
    rows = list(found.order_by("-pk")[: ON_A_PAGE + 1])
    shown = rows[:ON_A_PAGE]
    keys = {each.details.get(name) for each in shown for name in ("account_id", "from_account_id", "to_account_id")}
    names = dict(Account.objects.filter(pk__in=keys - {None}).values_list("pk", "full_name"))
    entries = [
        {"when": each.at, "who": who_acted(each.name), "what": _in_words(each, names),
         "note": each.details.get("reason", ""), "icon": ICONS.get(each.verb, "user")}
        for each in shown
    ]  # fmt: skip
    return Page(entries, shown[-1].pk if len(rows) > ON_A_PAGE else None)


def _in_words(change: Change, names: dict[int, str]) -> str:
    about = change.details
    words = {
        "who": names.get(about.get("account_id", 0), about.get("full_name", "")),
        "giver": names.get(about.get("from_account_id", 0), ""),
        "receiver": names.get(about.get("to_account_id", 0), ""),
        "post": _post(about),
        "from": _day(about.get("valid_from")),
        "to": _day(about.get("valid_to")),
        "username": about.get("username", ""),
    }
    if change.verb == "appoint" and about.get("valid_to"):
        return _("Bổ nhiệm %(who)s: %(post)s, từ %(from)s đến hết %(to)s") % words
    if change.verb in ("end_appointment", "revoke_delegation") and about.get("cancelled_at"):
        return _CANCELLED[change.verb]() % words
    sentence = _SENTENCES.get(change.verb)
    return sentence() % words if sentence else change.verb


_SENTENCES: dict[str, Callable[[], str]] = {
    "appoint": lambda: _("Bổ nhiệm %(who)s: %(post)s, từ %(from)s"),
    "end_appointment": lambda: _("%(who)s thôi giữ vị trí %(post)s sau %(to)s"),
    "delegate": lambda: _("%(giver)s ủy quyền cho %(receiver)s: %(post)s, từ %(from)s đến hết %(to)s"),
    "revoke_delegation": lambda: _("Thu hồi ủy quyền của %(giver)s cho %(receiver)s: %(post)s, hết %(to)s"),
    "new_account": lambda: _("Tạo tài khoản %(username)s cho %(who)s"),
    "close_account": lambda: _("Đóng tài khoản %(username)s của %(who)s"),
    "reopen_account": lambda: _("Mở lại tài khoản %(username)s của %(who)s"),
}
_CANCELLED: dict[str, Callable[[], str]] = {
    "end_appointment": lambda: _("Hủy bổ nhiệm chưa bắt đầu của %(who)s: %(post)s"),
    "revoke_delegation": lambda: _("Hủy ủy quyền chưa dùng của %(giver)s cho %(receiver)s: %(post)s"),
}


def _post(about: dict[str, Any]) -> str:
    role = next((card for card in roles().values() if card.number == about.get("role_id")), None)
    title = about.get("title") or (role.name.within(get_language() or "vi") if role else "")
    return f"{title}, {place_name(about['agency_id'])}" if "agency_id" in about else title


def _day(text: str | None) -> str:
    if not text:
        return "…"
    day = datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text)
    return day_in_words(day).within(get_language() or "vi")
