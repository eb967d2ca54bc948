"""Who is told about a dossier: the applicant and the submitter, each once, by whatever they can be reached by.

Two entries that share an account, a telephone or an address of mail are one person: nobody gets one event twice.
Accounts may say otherwise how they want to be reached than what stands in a dossier; the account's word holds.
"""

import hashlib
import re
from collections.abc import Collection, Mapping

import msgspec

from motcua.law.dossier import Applicant, Dossier
from motcua.law.telephones import normalise_phone
from motcua.organisation.models import Account

_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")


class Person(msgspec.Struct, frozen=True):
    """Somebody to be told: an account, a mobile number in international form, an address of mail."""

    account: int = 0
    phone: str = ""
    email: str = ""
    language: str = "vi"

    @property
    def key(self) -> str:
        """What makes one event told to them once; no address can be read from it."""
        if self.account:
            return f"a{self.account}"
        return f"h{address_hash(self.phone or self.email)}"

    @property
    def reachable(self) -> bool:
        """True when there is any way at all."""
        return bool(self.account or self.phone or self.email)


def address_hash(address: str) -> str:
    """A digest by which an address can be compared and not read: what goes into the journal."""
    return hashlib.sha256(f"motcua.notices/{address}".encode()).hexdigest()[:32]


def mobile(text: str) -> str:
    """The number as `+84...` when it is a mobile one that text messages reach, otherwise nothing."""
    phone = normalise_phone(text) if text else None
    return phone.international if phone is not None and phone.kind == "mobile" else ""


def mailbox(text: str) -> str:
    """The address when it is one, otherwise nothing. Only plain ASCII: what relays everywhere."""
    text = text.strip()
    return text if len(text) <= 254 and _MAIL.fullmatch(text) else ""


def accounts_in(states: list[Dossier]) -> dict[int, Person]:
    """Everybody named in the dossiers who has an account, as it says they are reached; in one question."""
    return people_with({each.account for state in states for each in _named(state) if each.account})


def people_with(accounts: Collection[int]) -> dict[int, Person]:
    """The people of these accounts, where they are open. Only what was proven to be theirs counts."""
    if not accounts:
        return {}
    rows = Account.objects.filter(pk__in=accounts, is_active=True).values_list(
        "pk", "language", "resident__phone", "resident__email"
    )
    return {
        account: Person(account=account, phone=mobile(phone or ""), email=mailbox(email or ""), language=language)
        for account, language, phone, email in rows
    }


def people_of(state: Dossier, accounts: Mapping[int, Person]) -> list[Person]:
    """Everybody to be told about the dossier, each once; those who cannot be reached too."""
    found: list[Person] = []
    for each in _named(state):
        person = _person(each, accounts)
        same = next((at for at, other in enumerate(found) if _same(person, other)), None)
        if same is None:
            found.append(person)
        else:
            found[same] = _together(found[same], person)
    return found


def _named(state: Dossier) -> list[Applicant]:
    return [state.applicant, *([state.submitter] if state.submitter is not None else [])]


def _person(named: Applicant, accounts: Mapping[int, Person]) -> Person:
    phone, email = mobile(named.phone), mailbox(named.email)
    own = accounts.get(named.account)
    if own is None:
        return Person(phone=phone, email=email)
    return msgspec.structs.replace(own, phone=own.phone or phone, email=own.email or email)


def _same(one: Person, other: Person) -> bool:
    if one.account and other.account:
        return one.account == other.account
    return bool(
        (one.phone and one.phone == other.phone)
        or (one.email and one.email.lower() == other.email.lower())
        or not one.reachable
    )


def _together(one: Person, other: Person) -> Person:
    first, second = (other, one) if other.account and not one.account else (one, other)
    return msgspec.structs.replace(first, phone=first.phone or second.phone, email=first.email or second.email)
