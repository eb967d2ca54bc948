"""A command the law does not allow. A refusal is a value, not an exception: nothing changes, it says why."""

from typing import Any

import msgspec

from motcua.law.texts import Text


class Refusal(msgspec.Struct, frozen=True):
    """Why a command was not carried out.

    `code` is stable and for machines, `text` is for people, `ground` names the legal source,
    `details` carries the figures the text speaks of.
    """

    code: str
    text: Text
    ground: str = ""
    details: dict[str, Any] = {}
