"""Which agencies take a procedure online today, which of them is nearest to where somebody lives, and their names.

Whether one may lodge there is the law's; this only says what can be offered.
"""

from datetime import date

from motcua.catalogue import versions
from motcua.catalogue.online import takes_online
from motcua.filing.communes import commune_label
from motcua.law.directory import Agency
from motcua.law.names import search_key
from motcua.organisation.directory import directory


def taking(code: str, day: date) -> list[Agency]:
    """The agencies that take the procedure online on `day`, in order of their codes."""
    known = directory()
    numbers = [number for number in versions.offering_agencies(code, day) if takes_online(code, number, day)]
    return sorted((known[number] for number in numbers), key=lambda each: each.code)


def anywhere(code: str, day: date) -> bool:
    """True when at least one agency takes the procedure online on `day`."""
    return any(takes_online(code, number, day) for number in versions.offering_agencies(code, day))


def suggested(offices: list[Agency], commune: str) -> list[Agency]:
    """Of `offices` those that stand over a commune (its code): the commune itself first, then its district."""
    known = directory()
    home = known.by_code.get(commune) if commune else None
    if home is None:
        return []
    by_number = {each.number: each for each in offices}
    at: Agency | None = home
    found = []
    while at is not None:
        if at.number in by_number:
            found.append(at)
        at = known.above(at.number)
    return found


def office_label(office: Agency, language: str = "vi") -> str:
    """The office as it is chosen from a list; communes with their district, for several have one name."""
    return commune_label(office) if office.tier == "commune" else office.name.within(language)


def named(said: str, offices: list[Agency]) -> Agency | None:
    """The office somebody named, with or without marks and district; None when none or several are meant."""
    key = search_key(said)
    if not key:
        return None
    keys = [(search_key(office_label(each)), each) for each in offices]
    for test in (lambda label: label == key, lambda label: label.split(",")[0] == key, lambda label: key in label):
        found = [each for label, each in keys if test(label)]
        if found:
            return found[0] if len(found) == 1 else None
    return None
