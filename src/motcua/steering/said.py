"""Figures and places as the desk says them in messages and papers, in a given language."""

from decimal import Decimal

from motcua.law.texts import Text
from motcua.organisation.directory import directory

WHOLE_CITY = Text("Toàn thành phố", "The whole city")


def said_number(number: Decimal, unit: str, language: str) -> str:
    """`1.234`, `92,5%`; with the marks of the language, without needless noughts."""
    plain = f"{number.normalize():,f}" if number == number.to_integral() else f"{number.normalize():,}"
    if not language.startswith("en"):
        plain = plain.replace(",", "\0").replace(".", ",").replace("\0", ".")
    return f"{plain}%" if unit == "percent" else plain


def place(agency: int) -> dict[str, str]:
    """An agency's name in both languages; 0 is the whole city."""
    known = directory().by_number.get(agency)
    name = known.name if known is not None else WHOLE_CITY if not agency else Text(str(agency))
    return {"vi": name.vi, "en": name.en or name.vi}
