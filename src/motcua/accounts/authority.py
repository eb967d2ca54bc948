"""For whom a resident may act today: for themselves, and for those who, or whose papers, say so.

Only somebody whose identity is proven acts for others. What may be filed for them is left to the law and to
`filing`; giving and revoking authority to `authorising`.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.db.models import Q, QuerySet

from motcua.accounts.identity import number_of, resident_of
from motcua.accounts.models import Authority, ResidentAccount
from motcua.organisation.directory import city_day

PrincipalKind = Literal["self", "child", "parent", "company", "other"]


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody acted for. `account` is theirs, 0 when they have none; `authority` is the row it rests on, 0 for self.

    `procedures` are the codes it is limited to; empty means every one. `business` says that `number` is a tax code.
    """

    kind: PrincipalKind
    name: str
    number: str
    account: int = 0
    authority: int = 0
    procedures: tuple[str, ...] = ()
    business: bool = False

    def covers(self, procedure: str) -> bool:
        """True when one may act for them in the procedure with this code."""
        return not self.procedures or procedure in self.procedures


def principals(user: Any, today: date | None = None) -> list[Principal]:
    """Oneself first, then everybody for whom one may act on `today`; empty for an account that is no resident's."""
    resident = resident_of(user)
    return of_resident(resident, today) if resident else []


def of_resident(resident: ResidentAccount, today: date | None = None) -> list[Principal]:
    """The same for a resident already read. Two queries at most."""
    me = Principal(
        kind="self",
        name=resident.account.full_name,
        number=number_of(resident),
        account=resident.account_id,
        business=resident.kind == "business",
    )
    if not resident.number:
        return [me]
    held = list(in_force(today).filter(holder_number=resident.number).order_by("principal_name", "id"))
    owners = _accounts_of({each.principal_number for each in held})
    return [me, *(_principal(each, owners.get(each.principal_number, 0)) for each in held)]


def may_act_for(user: Any, number: str, today: date | None = None) -> Principal | None:
    """The principal with this number, when the user may act for them today. One's own number is oneself.

    With several authorities for one person the widest is taken.
    """
    found = [each for each in principals(user, today) if number and each.number == number]
    return min(found, key=lambda each: (each.kind != "self", bool(each.procedures)), default=None)


def in_force(today: date | None = None) -> "QuerySet[Authority]":
    """Authorities that hold on `today` (the city's day when None)."""
    day = today or city_day()
    return Authority.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, revoked_at=None)


def _accounts_of(numbers: set[str]) -> dict[str, int]:
    if not numbers:
        return {}
    rows = ResidentAccount.objects.filter(Q(number__in=numbers) | Q(tax_code__in=numbers), deleted_at=None)
    return {number_of(each): each.account_id for each in rows}


def _principal(held: Authority, account: int) -> Principal:
    return Principal(
        kind=held.kind,  # type: ignore[arg-type]
        name=held.principal_name,
        number=held.principal_number,
        account=account,
        authority=held.pk,
        procedures=tuple(held.procedures),
        business=held.kind == "company",
    )
