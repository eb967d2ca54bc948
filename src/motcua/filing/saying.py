"""Answers of a form as people read them: choices by their names, money grouped, days as they are said."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.law.fees import money
from motcua.law.forms import ADDRESS, PERSON
from motcua.law.procedure import Field, Procedure
from motcua.organisation.directory import directory


def say_value(field: Field, value: Any, language: str) -> str:
    """A form's answer as text: choices by their names, money grouped, tables row by row."""
    if isinstance(value, list):
        return "; ".join(
            ", ".join(say_value(column, row[column.id], language) for column in field.columns if column.id in row)
            for row in value
        )
    if isinstance(value, dict):
        commune = directory().by_code.get(str(value.get("commune", "")))
        place = [commune.name.within(language)] if commune else []
        # As the form asks, whatever order the parts were kept in.
        names = [name for name in (*PERSON, *ADDRESS) if name in value and name != "commune"]
        said = [say_day(value[name]) if name == "birth" else str(value[name]) for name in names]
        return ", ".join([part for part in said if part] + place)
    if field.type == "choice":
        return next((each.name.within(language) for each in field.choices if each.value == value), str(value))
    if field.type == "money":
        return _("%(amount)s đ") % {"amount": money(int(value), language)}
    if field.type == "yes_no":
        return _("Có") if value == "yes" else _("Không")
    return say_day(value) if field.type == "date" else str(value)


CLAIM = "exemption."


def claim_of(paper: str) -> tuple[str, str] | None:
    """The fee and the exemption for which a paper was handed in as proof; None for an ordinary paper."""
    if not paper.startswith(CLAIM):
        return None
    fee, _dot, exemption = paper.removeprefix(CLAIM).partition(".")
    return fee, exemption


def claim_words(procedure: Procedure, paper: str, language: str) -> str:
    """What a proof of an exemption is called; the id itself when the procedure knows no such exemption."""
    found = claim_of(paper)
    for fee in procedure.fees if found else ():
        for each in fee.exemptions:
            if (fee.id, each.id) == found:
                return (each.proof or each.name).within(language)
    return paper


def source_words(source: str) -> str:
    """Where an answer or a paper came from that nobody had to type or bring; '' for nothing.

    `register@<instant>` and `register:identity@<instant>` name the register and the day, `result:<digest>` a result
    the city issued, `form` the electronic form itself, `claimed` an exemption without its proof.
    """
    kind, _at, when = source.partition("@")
    if kind.startswith("result:"):
        return _("Dùng lại kết quả thành phố đã cấp")
    if kind.startswith("register"):
        said = say_day(when[:10]) if when else ""
        return _("Lấy từ cơ sở dữ liệu dân cư %(day)s") % {"day": said} if said else _("Lấy từ cơ sở dữ liệu dân cư")
    return {"form": _("Tờ khai điện tử"), "claimed": _("Đề nghị, chưa có giấy chứng minh")}.get(kind, source)


def say_day(value: Any) -> str:
    """An ISO day as people write it: 7/1/2019, or 7 January 2019 in English; other words as they stand."""
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        return str(value)
    english = (get_language() or "vi").startswith("en")
    return date_format(day, "j F Y") if english else f"{day.day}/{day.month}/{day.year}"
