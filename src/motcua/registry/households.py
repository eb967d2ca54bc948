"""Households: who lives together under whom, and moves from one to another. Dated, nothing removed."""

from datetime import date, datetime

from django.db import transaction
from django.db.models.functions import Now

from motcua.registry.models import Household, Member, Resident
from motcua.registry.record import Source, change


class NotMovedError(ValueError):
    """A move that cannot be."""


@transaction.atomic
def move(resident_id: int, household_id: int, relation: str, on: date, source: Source, new_head: int = 0) -> Member:
    """The person lives in another household from a day on, and their permanent residence is its address.

    A head who leaves others behind names who heads them from then on. Raises NotMovedError when nobody would, or
    when the household has a head and the person would be a second one.
    """
    home = Household.objects.select_for_update().get(pk=household_id)
    person = Resident.objects.select_for_update().get(pk=resident_id)
    left = Member.objects.select_for_update().filter(resident=person, valid_to=None).first()
    if left is not None and left.household_id == home.pk:
        raise NotMovedError("already lives there")
    if relation == "head" and home.members.filter(relation="head", valid_to=None).exists():
        raise NotMovedError("the household has a head")
    if left is not None:
        if on < left.valid_from:
            raise NotMovedError("moved out before moving in")
        _leave(left, on, new_head, source)
    joined = Member.objects.create(
        household=home, resident=person, relation=relation, valid_from=on, source=source.words
    )
    place = {"text": home.address, "commune": home.commune}
    change(person.pk, "permanent", place | ({"catalogue": home.catalogue} if home.catalogue else {}), source, on)
    return joined


def _leave(left: Member, on: date, new_head: int, source: Source) -> None:
    Member.objects.filter(pk=left.pk).update(valid_to=on, end_known_at=Now())
    others = Member.objects.filter(household=left.household_id, valid_to=None).exclude(pk=left.pk)
    if left.relation != "head" or not others.exists():
        return
    follows = others.filter(resident=new_head).first()
    if follows is None:
        raise NotMovedError("those left behind need a head")
    Member.objects.filter(pk=follows.pk).update(valid_to=on, end_known_at=Now())
    Member.objects.create(
        household_id=left.household_id, resident_id=new_head, relation="head", valid_from=on, source=source.words
    )


def members_of(household_id: int, on: date, known: datetime | None = None) -> list[Member]:
    """Who lived there on a day, the head first; as it was known at an instant (None: as it is known now)."""
    rows = Member.objects.filter(household=household_id, valid_from__lte=on).select_related("resident")
    found = [row for row in rows if _was_there(row, on, known)]
    return sorted(found, key=lambda row: (row.relation != "head", row.pk))


def _was_there(row: Member, on: date, known: datetime | None) -> bool:
    if known is not None and row.known_at > known:
        return False
    if row.valid_to is None or on < row.valid_to:
        return True
    # An end of which we heard later was no end to us then.
    return known is not None and row.end_known_at is not None and row.end_known_at > known
