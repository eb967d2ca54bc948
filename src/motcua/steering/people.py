"""The officials the desk tells something: those who hold a post at an agency, by their account's own mail."""

from collections.abc import Collection, Iterable
from datetime import date

from motcua.notices.people import Person, mailbox
from motcua.organisation.directory import directory
from motcua.organisation.models import Account, Appointment


def officials(accounts: Collection[int]) -> dict[int, Person]:
    """These accounts as people to be told, where they are open."""
    rows = Account.objects.filter(pk__in=set(accounts), is_active=True, side="official")
    return {
        account: Person(account=account, email=mailbox(email), language=language)
        for account, email, language in rows.values_list("pk", "email", "language")
    }


def holders(agency: int, roles: Iterable[str], day: date) -> set[int]:
    """The accounts that hold one of the roles at an agency on a day; 0 is the city itself."""
    known = directory()
    at = agency or next((each.number for each in known.by_number.values() if each.parent is None), 0)
    rows = Appointment.objects.filter(
        agency=at, role__code__in=list(roles), cancelled_at=None, valid_from__lte=day, account__is_active=True
    ).exclude(valid_to__lt=day)
    return set(rows.values_list("account_id", flat=True))
