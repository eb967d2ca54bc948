"""The words for one person: a message's text on a channel, in a language, with its values said as people say them.

Values are kept as they are (instants in ISO form, money as whole đồng) and said here, so that one stored notice
reads well in both languages. Which channel is used is left to `planning`.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import override

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE
from motcua.notices.lettering import Size, plain, size_of
from motcua.notices.wording.shapes import Message

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
INSTANTS = {"due", "until", "old", "answer_by"}
MONEY = {"amount"}
LONGEST_VALUE = 160
# Half a link leads nowhere.
LONGEST = {"link": 500, "rate": 500, "words": 400}
LONGEST_PROCEDURE_IN_SMS = 48


class Rendered(NamedTuple):
    """What leaves on one channel; `size` only for text messages."""

    title: str
    text: str
    size: Size | None = None


def placeholders(text: str) -> set[str]:
    """The names between braces."""
    return set(PLACEHOLDER.findall(text))


def render(message: Message, channel: str, language: str, values: Mapping[str, Any]) -> Rendered:
    """The message on a channel: `sms`, `email`, `push` or `inbox`."""
    title = _fill(message.title, language, values)
    if channel == "sms":
        text = _fill(message.sms or message.text, language, _shortened(values))
        text = text if message.accents else plain(text)
        return Rendered("", text, size_of(text))
    if channel == "email":
        return Rendered(title, _fill(message.email or message.text, language, values))
    return Rendered(title, _fill(message.text, language, values))


def _fill(text: Text, language: str, values: Mapping[str, Any]) -> str:
    said = text.within(language).strip()
    return PLACEHOLDER.sub(lambda found: _say(found[1], values.get(found[1], ""), language), said)


def _say(name: str, value: Any, language: str) -> str:
    if name in INSTANTS and value:
        return _instant(str(value), language)
    if name in MONEY:
        return f"{int(value or 0):,}".replace(",", "." if language == "vi" else ",") + (
            " đồng" if language == "vi" else " dong"
        )
    if isinstance(value, Mapping):
        value = value.get(language) or value.get("vi", "")
    # A line break out of a value would end a header or forge a second message.
    said = " ".join(str(value).split())
    longest = LONGEST.get(name, LONGEST_VALUE)
    return said if len(said) <= longest else said[: longest - 1] + "…"


def _instant(iso: str, language: str) -> str:
    at = datetime.fromisoformat(iso).astimezone(CITY_ZONE)
    with override(language):
        return f"{at:%H:%M} {at.day}/{at.month}/{at.year}"


def _shortened(values: Mapping[str, Any]) -> dict[str, Any]:
    found = dict(values)
    procedure = found.get("procedure")
    if isinstance(procedure, Mapping):
        found["procedure"] = {language: _cut(said) for language, said in procedure.items()}
    elif isinstance(procedure, str):
        found["procedure"] = _cut(procedure)
    return found


def _cut(said: str) -> str:
    """Cut at a word, so that a part more is not paid for the tail of a long name."""
    if len(said) <= LONGEST_PROCEDURE_IN_SMS:
        return said
    return said[: LONGEST_PROCEDURE_IN_SMS - 3].rsplit(" ", 1)[0] + "..."
