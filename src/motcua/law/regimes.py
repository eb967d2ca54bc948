"""The law in force as dated data: how clocks go on, how often papers may be asked for, which forms hold.

A dossier stays under the regime of its acceptance. The regimes themselves are content
(`content/law/regimes.yaml`); what the software does with each answer is in `decide`.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import msgspec

from motcua.law.texts import Text


class Regime(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One state of the one-stop law, e.g. Decree 61/2018 with Circular 01/2018."""

    code: str
    name: Text
    valid_from: date
    after_supplement: Literal["restart", "resume"]
    supplements: int
    supplement_window_days: int
    extensions: int
    extension_notice_days: int
    code_format: Literal["2018", "2025"]
    code_agency: Literal["receiving", "resolving"]
    hand_over_cut_off: str
    forms: tuple[str, ...]
    ground: Text
    valid_to: date | None = None
    close_without_supplement_days: int | None = None
    correction_working_days: int | None = None
    online_acceptance_working_hours: int = 8
    online_look_working_hours: int = 2


def regime_on(regimes: Sequence[Regime], day: date) -> Regime:
    """The regime in force on `day`.

    Raises LookupError when none is: a dossier without a law must not be accepted.
    """
    for regime in regimes:
        if regime.valid_from <= day and (regime.valid_to is None or day <= regime.valid_to):
            return regime
    raise LookupError(f"no regime in force on {day.isoformat()}")
