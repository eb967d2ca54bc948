"""Finding and remembering applicants at intake. The population register proper is a wing of its own."""

from msgspec import structs

from motcua.law.dossier import Address, Applicant
from motcua.law.names import search_key
from motcua.registry.models import FormerNumber, Party


def find_parties(query: str, limit: int = 10) -> list[Party]:
    """Parties by number (whole, current or former) or by the beginning of their unaccented name."""
    query = query.strip()
    digits = query.replace(" ", "").replace(".", "")
    if digits.isdecimal() and len(digits) >= 9:
        former = FormerNumber.objects.filter(number=digits).values_list("party_id", flat=True)
        return list(Party.objects.filter(number=digits) | Party.objects.filter(pk__in=list(former)))[:limit]
    key = search_key(query)
    if len(key) < 2:
        return []
    return list(Party.objects.filter(name_key__startswith=key).order_by("name_key", "id")[:limit])


def remember(applicant: Applicant) -> Applicant:
    """Keeps what was declared last under the applicant's number; returns the applicant with its party.

    Somebody without a number is not matched with anybody: two people may share a name.
    """
    values = {
        "kind": applicant.kind,
        "name": applicant.name,
        "name_key": search_key(applicant.name),
        "birth": applicant.birth,
        "phone": applicant.phone,
        "email": applicant.email,
        "address": applicant.address.text,
        "commune": applicant.address.commune,
    }
    if not applicant.number:
        return applicant
    party, _ = Party.objects.update_or_create(number=applicant.number, defaults=values)
    return structs.replace(applicant, party=party.pk)


def as_applicant(party: Party) -> Applicant:
    """The party as an applicant, to begin a new dossier with."""
    return Applicant(
        kind=party.kind,  # type: ignore[arg-type]
        name=party.name,
        number=party.number,
        birth=party.birth,
        phone=party.phone,
        email=party.email,
        address=Address(text=party.address, commune=party.commune),
        party=party.pk,
    )
