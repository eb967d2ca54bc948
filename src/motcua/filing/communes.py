"""Communes as people name them: chosen from a list, with or without marks and district.

Which of them receives what is left to the catalogue; where an official serves, to the counter.
"""

from datetime import date
from functools import lru_cache

from motcua.law.directory import Agency, Directory
from motcua.law.names import search_key
from motcua.organisation.directory import directory


def commune_label(commune: Agency) -> str:
    """The commune with its district, as it is chosen from the list."""
    above = directory().above(commune.number)
    return f"{commune.name.vi}, {above.name.vi}" if above and above.tier == "district" else commune.name.vi


def communes(day: date) -> tuple[tuple[str, str, str], ...]:
    """The communes that exist on `day`, by code: code, label, and the label as it is searched."""
    return _communes(directory(), day)


@lru_cache(maxsize=4)
def _communes(known: Directory, day: date) -> tuple[tuple[str, str, str], ...]:
    found = [each for each in known.by_number.values() if each.tier == "commune" and each.is_valid(day)]
    labels = [(each.code, commune_label(each)) for each in sorted(found, key=lambda each: each.code)]
    return tuple((code, label, search_key(label)) for code, label in labels)


def commune_code(said: str, day: date) -> str:
    """The code of the commune somebody named, with or without marks and district; what was said when unclear."""
    key = search_key(said)
    if not key or key.isdecimal():
        return said.strip()
    known = communes(day)
    matches = [code for code, _, label in known if label == key]
    matches = matches or [code for code, _, label in known if label.split(",")[0] == key]
    matches = matches or [code for code, _, label in known if key in label]
    return matches[0] if len(matches) == 1 else said.strip()


def commune_said(code: str) -> str:
    """The label for a stored code; the text itself when it is no code."""
    found = directory().by_code.get(code) if code else None
    return commune_label(found) if found is not None and found.tier == "commune" else code
