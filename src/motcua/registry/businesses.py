"""Businesses and their branches, by tax code: entered, changed and closed, each dated both ways as with residents.

The check digit is reckoned by `law.persons`, and held by the table as well.
"""

from datetime import date

from django.db import transaction
from django.utils import timezone

from motcua.law.dossier import Address
from motcua.law.names import as_declared, search_key
from motcua.law.persons import check_tax_code
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.registry import two_times
from motcua.registry.models import Business, BusinessStatement
from motcua.registry.record import Source

CLOSED = "closed"


def enter(
    tax_code: str, name: str, address: Address, source: Source, since: date, *, representative: str = ""
) -> Business | Refusal:
    """Enters a business or a branch, or says anew what it is from a day on. Twice the same is once.

    A branch (`0100109106-001`) needs its head office first. Refused when the digits of the code are wrong.
    """
    read = check_tax_code(tax_code)
    if isinstance(read, Refusal):
        return read
    declared = as_declared(name)
    if not declared:
        return Refusal("business_unnamed", Text("Cần ghi tên doanh nghiệp", "A business needs its name"))
    with transaction.atomic():
        head = Business.objects.filter(pk=read.number[:10]).first() if read.branch else None
        if read.branch and head is None:
            return Refusal("head_office_unknown", _HEAD_FIRST)
        business, _made = Business.objects.select_for_update().get_or_create(
            pk=read.number, defaults={"name": declared, "name_key": search_key(declared), "head": head, "since": since}
        )
        _say(business, _value(declared, address, representative), source, since)
    return business


def is_known(business: Business, name: str, address: Address, since: date, *, representative: str = "") -> bool:
    """True when the register says already that this held from the day on, whatever came later."""
    value = _value(as_declared(name), address, representative)
    return two_times.true_on(story(business), since, timezone.now()) == value


def _value(name: str, address: Address, representative: str) -> dict[str, str]:
    value = {"name": name, "address": as_declared(address.text), "commune": address.commune}
    return value | ({"representative": representative} if representative else {})


def close(tax_code: str, on: date, source: Source) -> None:
    """The business is no more from a day on, and its branches with it."""
    with transaction.atomic():
        for business in Business.objects.select_for_update().filter(pk__startswith=tax_code[:10]).order_by("pk"):
            if business.pk == tax_code or business.head_id == tax_code:
                _say(business, {CLOSED: "yes", "name": business.name}, source, on)


def find(tax_code: str) -> Business | None:
    """The business or branch with this tax code, written with or without its hyphen."""
    read = check_tax_code(tax_code)
    return None if isinstance(read, Refusal) else Business.objects.filter(pk=read.number).first()


def story(business: Business) -> list[two_times.Statement]:
    """Everything ever said of a business, to be asked with `two_times.true_on`."""
    rows = BusinessStatement.objects.filter(business=business).order_by("known_from", "valid_from")
    return [
        two_times.Statement(row.value, row.valid_from, row.valid_to, row.known_from, row.known_to, row.pk)
        for row in rows
    ]


def _say(business: Business, value: dict[str, str], source: Source, since: date) -> None:
    known = story(business)
    at = max([timezone.now(), *(each.known_from for each in known), *(e.known_to for e in known if e.known_to)])
    if two_times.true_on(known, since, at) == value and not any(e.valid_from > since for e in known if not e.known_to):
        return
    changed = two_times.say(known, value, since, None, at)
    for old in changed.ended:
        BusinessStatement.objects.filter(pk=old.id).update(known_to=at)
    BusinessStatement.objects.bulk_create(
        BusinessStatement(
            business=business, value=new.value, valid_from=new.valid_from, valid_to=new.valid_to, known_from=at,
            source=source.words, dossier=source.dossier, by=source.by,
        )
        for new in changed.said
    )  # fmt: skip
    business.name, business.name_key = value["name"], search_key(value["name"])
    business.address, business.commune = value.get("address", business.address), value.get("commune", business.commune)
    business.representative = value.get("representative", business.representative)
    business.until = since if CLOSED in value else None
    business.source = source.words
    business.save()


_HEAD_FIRST = Text(
    "Chưa có đơn vị chủ quản của chi nhánh này; hãy nhập đơn vị chủ quản trước",
    "The head office of this branch is not in the register; enter it first",
)
