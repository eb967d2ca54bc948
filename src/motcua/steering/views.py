"""Saved views: a filter of the dashboard under a name, private or shared with the official's agency.

Whether the reader may look at what a view names is asked when it is opened, like for any other address.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.steering.models import SavedView

MOST_EACH = 50
KEPT_UNUSED = timedelta(days=730)


def seen_by(account: int, agencies: Sequence[int]) -> list[SavedView]:
    """One's own views and those shared with one's agencies, own ones first. One statement."""
    rows = SavedView.objects.filter(Q(account=account) | Q(shared=True, agency__in=list(agencies)))
    return sorted(rows, key=lambda each: (each.account != account, each.name.lower()))


def save(
    account: int, agency: int, name: str, query: str, now: datetime, *, shared: bool, default: bool
) -> SavedView | Refusal:
    """Keeps a view under a name; the same name again replaces it."""
    name = " ".join(name.split())[:80]
    if not name:
        return Refusal("no_name", Text("Hãy đặt tên cho khung nhìn.", "Give the view a name."))
    if len(query) > 500:
        return Refusal("too_long", Text("Bộ lọc này quá dài để lưu.", "This filter is too long to save."))
    with transaction.atomic():
        mine = SavedView.objects.select_for_update().filter(account=account)
        if mine.exclude(name=name).count() >= MOST_EACH:
            said = Text(f"Đã lưu {MOST_EACH} khung nhìn; hãy bỏ bớt.", f"{MOST_EACH} views are saved; drop some.")
            return Refusal("too_many", said)
        if default:
            mine.update(is_default=False)
        values = {
            "agency": agency, "query": query, "shared": shared, "is_default": default,
            "created_at": now, "used_at": now,
        }  # fmt: skip
        return SavedView.objects.update_or_create(account=account, name=name, defaults=values)[0]


def remove(account: int, number: int) -> bool:
    """Removes a view of one's own; False when it is somebody else's or gone."""
    return bool(SavedView.objects.filter(pk=number, account=account).delete()[0])


def default_of(account: int) -> SavedView | None:
    """The view the dashboard opens with."""
    return SavedView.objects.filter(account=account, is_default=True).first()


def opened(number: int, now: datetime) -> None:
    """Notes that a view is in use; once a day is enough."""
    SavedView.objects.filter(pk=number, used_at__lt=now - timedelta(days=1)).update(used_at=now)


def clear(now: datetime) -> int:
    """Removes what nobody opened for two years."""
    return SavedView.objects.filter(used_at__lt=now - KEPT_UNUSED).delete()[0]
