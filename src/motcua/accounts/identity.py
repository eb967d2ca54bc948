"""Who a signed-in resident is to the law, and how to reach them.

`assurance` is 1 for somebody who signed up alone and 2 for somebody whose identity was proven. Whom they may act
for is left to `authority`, what they may file to the law.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

from motcua.accounts.models import ResidentAccount
from motcua.law.actor import Actor
from motcua.organisation.models import Account


@dataclass(frozen=True, slots=True)
class Contact:
    """Where a resident can be told something; an empty text where there is nothing proven."""

    phone: str
    email: str
    language: Literal["vi", "en"]


NOBODY = Contact("", "", "vi")


def resident_of(user: Any) -> ResidentAccount | None:
    """The resident behind a signed-in user; None for officials, for visitors, and for a deleted account."""
    if not isinstance(user, Account) or user.side != "resident" or not user.is_active:
        return None
    found = ResidentAccount.objects.filter(account=user.pk, deleted_at=None).first()
    if found is not None:
        found.account = user
    return found


def actor_of(user: Any) -> Actor:
    """The resident as the law's actor. Raises ValueError for an account that is no resident's."""
    resident = resident_of(user)
    if resident is None:
        raise ValueError("not a resident's account")
    return as_actor(resident)


def as_actor(resident: ResidentAccount) -> Actor:
    """The same, without a query, for somebody already read."""
    account = resident.account
    return Actor(account=account.pk, name=account.full_name, kind="resident", assurance=resident.assurance)


def resident_number(user: Any) -> str:
    """The proven personal number of a person, or tax code of a business; an empty text when none was proven."""
    resident = resident_of(user)
    return number_of(resident) if resident else ""


def number_of(resident: ResidentAccount) -> str:
    """The number that stands for this resident in the register."""
    return resident.tax_code if resident.kind == "business" else resident.number


def contact(user: Any) -> Contact:
    """Proven phone and e-mail, and the language to write in. Empty for an account that is no resident's."""
    resident = resident_of(user)
    if resident is None:
        return NOBODY
    language = cast(Literal["vi", "en"], "en" if resident.account.language == "en" else "vi")
    return Contact(resident.phone, resident.email, language)
