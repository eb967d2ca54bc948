"""Finds people by unaccented name or user name, and says which posts they hold.

Whom one may see this way is decided by the caller, who names the agencies to look in.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Exists, F, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Lower
from django.utils.translation import get_language

from motcua.law.names import as_declared, search_key, sort_key
from motcua.organisation.directory import directory, roles
from motcua.organisation.models import Account, Appointment
from motcua.organisation.naming import full_name

MOST_FOUND = 20


class _Plain(Func):
    """A name without its marks, in small letters: what `search_key` makes of it, in the database."""

    template = (
        r"lower(translate(regexp_replace(normalize(%(expressions)s, NFD), '[\u0300-\u036f]', '', 'g'), 'Đđ', 'dd'))"
    )
    output_field = TextField()


def at_work(day: date) -> Q:
    """Appointments that hold on `day`."""
    return Q(cancelled_at=None, valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


def at_work_or_later(day: date) -> Q:
    """Appointments that hold on `day` or will."""
    return Q(cancelled_at=None) & (Q(valid_to=None) | Q(valid_to__gte=day))


def colleagues(agencies: Collection[int], day: date, *, besides: int) -> QuerySet[Account]:
    """Who holds a post at one of the agencies on `day` or later, without the account `besides`."""
    held = Appointment.objects.filter(at_work_or_later(day), account=OuterRef("pk"), agency__in=agencies)
    return Account.objects.filter(Exists(held), is_active=True).exclude(pk=besides)


def officials() -> QuerySet[Account]:
    """Everybody who holds or has held a post anywhere."""
    return Account.objects.filter(Exists(Appointment.objects.filter(account=OuterRef("pk"))))


def matching(people: QuerySet[Account], query: str, *, or_username: bool = False) -> list[Account]:
    """Those of `people` whose name has every word of `query`, or whose user name begins with it.

    With `or_username` anybody else is found by the whole user name. At most `MOST_FOUND`, in Vietnamese order.
    """
    words = search_key(query).split()
    if not words:
        return []
    named = Q()
    for word in words:
        named &= Q(plain__contains=word)
    typed = as_declared(query).lower()
    found = people.annotate(plain=_Plain(F("full_name")), small=Lower("username"))
    chosen: list[Account] = list(found.filter(named | Q(small__startswith=typed)).order_by("username")[:200])
    if or_username:
        known = {each.pk for each in chosen}
        chosen += Account.objects.filter(username=typed, is_active=True).exclude(pk__in=known)
    return sorted(chosen, key=lambda each: (sort_key(each.full_name), each.username))[:MOST_FOUND]


def place_name(agency: int) -> str:
    """The agency with its house, in the reader's language."""
    return full_name(directory(), agency).within(get_language() or "vi")


def role_name(role: str) -> str:
    """The role in the reader's language."""
    card = roles().get(role)
    return card.name.within(get_language() or "vi") if card else role


def post_name(agency: int, role: str) -> str:
    """“Lãnh đạo cơ quan, Quận Hoàn Kiếm”."""
    return f"{role_name(role)}, {place_name(agency)}"


def posts_of(accounts: Iterable[Account], day: date) -> dict[int, list[str]]:
    """What each of the accounts holds on `day` or will, in words."""
    held = Appointment.objects.filter(at_work_or_later(day), account__in=list(accounts)).select_related("role")
    found: dict[int, list[str]] = {}
    for each in held.order_by("agency_id", "role_id"):
        found.setdefault(each.account_id, []).append(post_name(each.agency_id, each.role.code))
    return found
