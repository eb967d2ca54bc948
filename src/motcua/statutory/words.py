"""Names that stand in the forms of the state, in both languages whatever the reader's: they are kept as issued."""

from motcua.catalogue import versions
from motcua.law.texts import Text
from motcua.organisation.directory import directory

TIER_NAMES: dict[str, Text] = {
    "city": Text("Cấp thành phố", "City"),
    "department": Text("Sở, ngành", "Departments"),
    "district": Text("Cấp huyện", "Districts"),
    "commune": Text("Cấp xã", "Communes"),
    "branch": Text("Cơ quan ngành dọc", "Branches of national agencies"),
}
OTHER = Text("Khác", "Other")


def tier_of(receiving: int) -> str:
    """The tier of an agency's house; '' when it is not known."""
    known = directory()
    return known[known.house(receiving)].tier if receiving in known.by_number else ""


def tier_name(tier: str) -> Text:
    """A tier as the forms call it."""
    return TIER_NAMES.get(tier, OTHER)


def agency_text(number: int) -> Text:
    """An agency's name; its number when it is not known."""
    agency = directory().by_number.get(number)
    return agency.name if agency else Text(str(number), str(number))


def field_text(code: str) -> Text:
    """A field's name; its code when it has none."""
    return versions.fields().get(code) or Text(code, code)


def procedure_text(code: str) -> Text:
    """A procedure's name by its newest version; its code when it is not known."""
    cards = versions.snapshot().cards.get(code)
    return cards[-1].name if cards else Text(code, code)
