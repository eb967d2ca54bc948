"""Gives, records and revokes the authority to act for somebody else; each leaves its record with both accounts.

A person gives it from their own account, a clerk records it from a document, or the register of persons says that
somebody is the parent of a minor. Whether it holds today is answered in `authority`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from motcua.accounts import guarding
from motcua.accounts.authority import in_force
from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.identity import as_actor, number_of
from motcua.accounts.models import Authority, ResidentAccount
from motcua.accounts.proving import checked_number, counter_of
from motcua.accounts.refusals import refusal, too_often
from motcua.law.actor import Actor
from motcua.law.names import as_declared
from motcua.law.refusal import Refusal
from motcua.organisation.directory import city_day
from motcua.registry.lookups import children_of, look_up

# What the register says is asked again after a year: custody may have changed.
FROM_REGISTER_HOLDS = timedelta(days=365)
OF_AGE = 18


@dataclass(frozen=True, slots=True)
class Grantee:
    """An authority to be: who may act for whom, in which procedures (none means all), until when, by what paper."""

    kind: str
    holder: str
    principal: str
    principal_name: str
    valid_from: date
    valid_to: date | None = None
    procedures: tuple[str, ...] = ()
    document: str = ""


def give(
    who: ResidentAccount, holder: str, valid_to: date | None, procedures: Sequence[str] = (), origin: Origin = NOWHERE
) -> Authority | Refusal:
    """The owner of the account lets the person with the number `holder` act for them, until `valid_to`."""
    number = checked_number("person", holder)
    if isinstance(number, Refusal):
        return number
    if not number_of(who):
        return refusal("level_two_needed")
    verdict = guarding.take("look_up", who.account_id)
    if not verdict:
        return too_often(verdict.wait)
    kind = "company" if who.kind == "business" else "parent"
    wish = Grantee(
        kind=kind,
        holder=number,
        principal=number_of(who),
        principal_name=who.account.full_name,
        valid_from=city_day(),
        valid_to=valid_to,
        procedures=tuple(procedures),
    )
    return _store(wish, "consent", as_actor(who), None, origin)


def record_at_counter(by: Actor, wish: Grantee, origin: Origin = NOWHERE) -> Authority | Refusal:
    """A clerk records an authority that a document gives: birth certificate, power of attorney, business licence."""
    post = counter_of(by)
    if post is None:
        return refusal("not_at_a_counter")
    holder = checked_number("person", wish.holder)
    principal = checked_number("business" if wish.kind == "company" else "person", wish.principal)
    for checked in (holder, principal):
        if isinstance(checked, Refusal):
            return checked
    if not wish.document.strip():
        return refusal("document_missing")
    numbered = Grantee(
        kind=wish.kind,
        holder=str(holder),
        principal=str(principal),
        principal_name=as_declared(wish.principal_name),
        valid_from=wish.valid_from,
        valid_to=wish.valid_to,
        procedures=wish.procedures,
        document=wish.document.strip(),
    )
    return _store(numbered, "counter", by, post.agency, origin)


def take_from_register(who: ResidentAccount, origin: Origin = NOWHERE) -> list[Authority] | Refusal:
    """Records an authority for each minor whose parent the register says the owner is; those that stand stay.

    Asking is written down in the register, for the parent and for each child.
    """
    if not who.number:
        return refusal("level_two_needed")
    asking, why = as_actor(who), "Cha, mẹ xác nhận con chưa thành niên để nộp hồ sơ thay"
    if look_up(who.number, purpose="identity", who=asking, reason=why) is None:
        return refusal("no_register")
    today, made = city_day(), []
    for child in children_of(who.number):
        last = _under_age_until(child.birth)
        if last is None or last < today:
            continue
        look_up(child.number, purpose="identity", who=asking, reason=why)
        wish = Grantee(
            kind="child",
            holder=who.number,
            principal=child.number,
            principal_name=child.name,
            valid_from=today,
            valid_to=min(last, today + FROM_REGISTER_HOLDS),
        )
        answer = _store(wish, "register", asking, None, origin)
        if isinstance(answer, Authority):
            made.append(answer)
    return made


def revoke(by: Actor, number: str, authority: int, origin: Origin = NOWHERE) -> Authority | Refusal:
    """Ends an authority at once: by who gave it or holds it (`number` is theirs), or by a clerk at a counter."""
    with transaction.atomic():
        found = Authority.objects.select_for_update().filter(pk=authority).first()
        concerned = found is not None and bool(number) and number in (found.principal_number, found.holder_number)
        if found is None or not (concerned or counter_of(by)):
            return refusal("not_yours")
        if found.revoked_at is not None or (found.valid_to is not None and found.valid_to < city_day()):
            return refusal("ended_already")
        found.revoked_at, found.revoked_by_id = timezone.now(), by.account
        found.save(update_fields=["revoked_at", "revoked_by"])
        _record(found, "authority_revoked", by, origin)
    return found


def unknown_procedure(code: str) -> Refusal:
    """Refused because an authority names a procedure that there is not."""
    return refusal("procedure_unknown", procedure=code)


def concerning(number: str) -> list[Authority]:
    """Authorities given by or to the person or business with this number, the newest first."""
    if not number:
        return []
    found = Authority.objects.filter(Q(holder_number=number) | Q(principal_number=number))
    return list(found.select_related("recorded_by").order_by("-id")[:100])


def _store(wish: Grantee, how: str, by: Actor, agency: int | None, origin: Origin) -> Authority | Refusal:
    if wish.holder == wish.principal:
        return refusal("for_oneself")
    if wish.valid_to is not None and wish.valid_to < wish.valid_from:
        return refusal("dates_reversed")
    with transaction.atomic():
        standing = in_force(wish.valid_from).filter(holder_number=wish.holder, principal_number=wish.principal)
        wanted = sorted(wish.procedures)
        for each in standing.select_for_update():
            longer = each.valid_to is None or (wish.valid_to is not None and each.valid_to >= wish.valid_to)
            if longer and (not each.procedures or sorted(each.procedures) == wanted):
                return refusal("held_already")
        made = Authority.objects.create(
            kind=wish.kind,
            holder_number=wish.holder,
            principal_number=wish.principal,
            principal_name=wish.principal_name,
            procedures=wanted,
            valid_from=wish.valid_from,
            valid_to=wish.valid_to,
            how=how,
            document=wish.document,
            recorded_by_id=by.account,
            recorded_agency=agency,
        )
        _record(made, "authority_given", by, origin)
    return made


def _record(row: Authority, verb: str, by: Actor, origin: Origin) -> None:
    """In the history of every account concerned: who acted, who may act, for whom."""
    sides = Q(number__in=[row.holder_number, row.principal_number]) | Q(tax_code=row.principal_number)
    accounts = set(ResidentAccount.objects.filter(sides, deleted_at=None).values_list("account_id", flat=True))
    for account in sorted(accounts | ({by.account} if by.kind == "resident" else set())):
        # Only who acted is told from where.
        where = origin if account == by.account else NOWHERE
        record(account, verb, where, by, authority=row.pk, kind=row.kind, principal=row.principal_name, how=row.how)


def _under_age_until(birth: str) -> date | None:
    """The last day before somebody is eighteen (Civil Code 2015, art. 20); None when the day of birth is not known.

    Born on 29 February, one is eighteen on 1 March.
    """
    try:
        born = date.fromisoformat(birth)
    except ValueError:
        return None
    try:
        of_age = born.replace(year=born.year + OF_AGE)
    except ValueError:
        of_age = date(born.year + OF_AGE, 3, 1)
    return of_age - timedelta(days=1)
