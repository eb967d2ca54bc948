"""Raises an account to level 2: a clerk at a counter compares the card with the person, and stands for it.

The resident shows a code from their own page, so that what is raised is the account of the one who stands there,
and no clerk looks up accounts by phone. An identity provider's word is taken in `linking`.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from motcua.accounts import codes, guarding
from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.identity import number_of
from motcua.accounts.models import PROVEN, ResidentAccount
from motcua.accounts.refusals import refusal, too_often
from motcua.law.actor import Actor, Grant
from motcua.law.names import as_declared, search_key
from motcua.law.persons import PersonNumber, TaxCode, check_personal_number, check_tax_code
from motcua.law.refusal import Refusal
from motcua.registry.facts import same_birth
from motcua.registry.lookups import look_up

COUNTER_ROLES = ("reception", "one_stop_head")


@dataclass(frozen=True, slots=True)
class Card:
    """What the clerk reads off the card, or a business's certificate: its own number, the name, the birth date."""

    number: str
    name: str
    birth: str = ""
    document: str = ""
    checked: bool = False


def counter_of(by: Actor) -> Grant | None:
    """The post at a counter that lets somebody prove identities and record authorities."""
    return next((each for each in by.grants if each.role in COUNTER_ROLES), None)


def whose_code(by: Actor, code: str) -> ResidentAccount | Refusal:
    """The account whose owner shows this code at the counter."""
    if counter_of(by) is None:
        return refusal("not_at_a_counter")
    verdict = guarding.take("look_up", by.account)
    if not verdict:
        return too_often(verdict.wait)
    with transaction.atomic():
        shown = codes.shown_at_counter(code)
        found = _resident(shown.account_id) if shown else None
    return found or refusal("counter_code_wrong")


def prove_at_counter(by: Actor, code: str, card: Card, origin: Origin = NOWHERE) -> ResidentAccount | Refusal:
    """Links the account that shows the code to the number on the card, with who proved it and where."""
    post = counter_of(by)
    if post is None:
        return refusal("not_at_a_counter")
    if not card.checked:
        return refusal("card_unchecked")
    try:
        with transaction.atomic():
            shown = codes.shown_at_counter(code)
            found = _resident(shown.account_id) if shown else None
            if shown is None or found is None:
                return refusal("counter_code_wrong")
            if found.account_id == by.account:
                return refusal("own_identity")
            number = checked_number(found.kind, card.number)
            if isinstance(number, Refusal):
                return number
            if number_of(found) not in ("", number):
                return refusal("proven_already")
            if found.kind == "person" and _differs(by, number, card):
                return refusal("register_differs")
            raise_to_proven(
                found, number, card.name, card.birth, how="counter", by=by, agency=post.agency, document=card.document
            )
            record(found.account_id, "proven", origin, by, how="counter", agency=post.agency)
            shown.used_at = timezone.now()
            shown.save(update_fields=["used_at"])
    except IntegrityError:
        return refusal("number_taken")
    return found


def raise_to_proven(
    found: ResidentAccount,
    number: str,
    name: str,
    birth: str,
    *,
    how: str,
    by: Actor | None = None,
    agency: int | None = None,
    document: str = "",
) -> None:
    """Writes level 2. Raises IntegrityError when another account has the number."""
    if found.kind == "business":
        found.tax_code = number
    else:
        found.number = number
    found.birth = birth or found.birth
    found.assurance, found.proven_at, found.proven_how = PROVEN, timezone.now(), how
    found.proven_by_id = by.account if by else None
    found.proven_agency, found.proven_document = agency, document
    found.save()
    if name.strip():
        found.account.full_name = as_declared(name)
        found.account.save(update_fields=["full_name"])


def checked_number(kind: str, typed: str) -> str | Refusal:
    """A personal number of twelve digits, or a business's tax code."""
    if kind == "business":
        code = check_tax_code(typed)
        return code.number if isinstance(code, TaxCode) and code.kind != "12" else refusal("tax_code_invalid")
    number = check_personal_number(typed)
    if isinstance(number, PersonNumber) and number.kind == "cccd12":
        return number.number
    return refusal("number_invalid")


def _differs(by: Actor, number: str, card: Card) -> bool:
    """True when the register knows the number under another name or birth date: a digit was mistyped, or worse.

    A number that the register does not know says nothing. Asking is written down there.
    """
    known = look_up(number, purpose="identity", who=by, reason="Đối chiếu căn cước tại quầy cho tài khoản")
    if known is None:
        return False
    other_name = search_key(known.name) != search_key(card.name)
    return other_name or bool(card.birth and known.birth and not same_birth(card.birth, known.birth))


def _resident(account: int | None) -> ResidentAccount | None:
    locked = ResidentAccount.objects.select_for_update(of=("self",)).select_related("account")
    return locked.filter(account=account, account__is_active=True, deleted_at=None).first()
