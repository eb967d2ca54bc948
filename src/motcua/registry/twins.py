"""Two records that may be one person: found by name, birth and number, decided by people, never merged by itself."""

from django.db import transaction
from django.utils import timezone

from motcua.registry.facts import same_birth
from motcua.registry.models import Alias, Resident, Twin

MOST_LOOKED_AT = 50


class DecidedError(ValueError):
    """A pair that was decided already, or that cannot be one person."""


def look_for_twins(resident_id: int) -> int:
    """Notes those with the same unaccented name and another number, when the birth may be the same, or when it is in
    the same year and the numbers differ by one slip: a digit, or two neighbours swapped.
    """
    person = Resident.objects.get(pk=resident_id)
    if not person.birth:
        return 0
    near = Resident.objects.filter(birth_year=person.birth_year, name_key=person.name_key, merged_into=None)
    found = [
        each for each in near.exclude(pk=person.pk).order_by("pk")[:MOST_LOOKED_AT]
        if (same_birth(each.birth, person.birth) or is_a_slip(each.number, person.number))
        and (not each.sex or not person.sex or each.sex == person.sex)
    ]  # fmt: skip
    rows = [Twin(one_id=min(person.pk, each.pk), other_id=max(person.pk, each.pk)) for each in found]
    Twin.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def is_a_slip(one: str, other: str) -> bool:
    """True when one digit differs, or two neighbours are swapped."""
    apart = [at for at in range(min(len(one), len(other))) if one[at] != other[at]]
    if len(one) != len(other) or len(apart) > 2:
        return False
    if len(apart) == 2:
        first, second = apart
        return second == first + 1 and one[first] == other[second] and one[second] == other[first]
    return len(apart) == 1


def open_twins(limit: int = 50) -> list[Twin]:
    """Pairs that wait for a decision, the longest waiting first."""
    return list(Twin.objects.filter(same=None).select_related("one", "other").order_by("found_at")[:limit])


def count_open() -> int:
    """How many pairs wait."""
    return Twin.objects.filter(same=None).count()


@transaction.atomic
def decide(one: int, other: int, *, same: bool, words: str, by: str, keep: int = 0) -> None:
    """They are one person, then the record not kept leads to the kept one; or two, then they are not asked about again.

    Raises DecidedError when it was decided before, or when `keep` is neither.
    """
    pair = Twin.objects.select_for_update().filter(one=min(one, other), other=max(one, other)).first()
    if pair is None or pair.same is not None:
        raise DecidedError("decided already")
    if same:
        if keep not in (one, other):
            raise DecidedError("which record is kept must be said")
        goes = Resident.objects.select_for_update().get(pk=other if keep == one else one)
        goes.merged_into_id = keep
        goes.save(update_fields=["merged_into"])
        Alias.objects.filter(resident=goes).update(resident=keep)
    Twin.objects.filter(one=pair.one_id, other=pair.other_id).update(
        same=same, words=words, decided_by=by, decided_at=timezone.now()
    )


def pair(one: int, other: int) -> Twin | None:
    """A pair that waits, with both records, or None."""
    return Twin.objects.filter(one=one, other=other, same=None).select_related("one", "other").first()
