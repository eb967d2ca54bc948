"""How money finds its notice: the reference, the states of a payment, and what follows from an amount.

The reference is what a payer types; its last character checks the others. A payment moves only along `ALLOWED`.
Money is matched by reference and amount, never by a name. Storing, asking providers and receipts are left to
`fees/`. All money is whole đồng.
"""

import re
import unicodedata
from typing import Literal, get_args

import msgspec

# --- The reference ------------------------------------------------------------------------------------------

PREFIX = "MC"
# Thirty-one letters that no eye and no voice confuses; a prime, so that one check finds every change of one letter
# and every exchange of two.
LETTERS = "0123456789ABCDEFGHJKMNPQRTVWXYZ"
_PRIME = len(LETTERS)
_BODY = 7
_SPACE = _PRIME**_BODY
# Neighbouring notices get references that look nothing alike: multiplied by a number without a common divisor.
_STEP, _START = 16_807_283_911, 9_317_421_337
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1", "S": "5", "U": "V"})
LONGEST_REFERENCE = len(PREFIX) + _BODY + 1


def reference(number: int) -> str:
    """The reference of notice `number`: `MC` and eight characters, the last of them the check.

    Raises ValueError beyond 27,512,614,110 notices.
    """
    if not 0 < number < _SPACE:
        raise ValueError("no reference for this number")
    value = (number * _STEP + _START) % _SPACE
    body = ""
    for _ in range(_BODY):
        value, digit = divmod(value, _PRIME)
        body = LETTERS[digit] + body
    return PREFIX + body + _check(body)


def as_reference(text: str) -> str | None:
    """`text` as one reference, however it was typed (case, spaces, O for 0); None when it is none."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(plain) != LONGEST_REFERENCE or not plain.startswith(PREFIX):
        return None
    body = plain[len(PREFIX) :].translate(_LOOKALIKES)
    return PREFIX + body if body[-1] == _check(body[:-1]) else None


def references_in(purpose: str) -> tuple[str, ...]:
    """Every reference in a transfer's purpose as banks hand it on: capitals, words run together, spaces between."""
    plain = re.sub(r"[^0-9A-Z]", "", purpose.upper())
    found = (as_reference(plain[at.start() : at.start() + LONGEST_REFERENCE]) for at in re.finditer(PREFIX, plain))
    return tuple(dict.fromkeys(each for each in found if each))


def purpose(text: str) -> str:
    """`text` as a bank takes it: ASCII capitals, single spaces, at most 25 characters."""
    plain = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    ascii_only = "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == " "))
    return " ".join(ascii_only.upper().split())[:25].strip()


def _check(body: str) -> str:
    total = sum(place * LETTERS.index(letter) for place, letter in enumerate(body, start=1))
    return LETTERS[total % _PRIME]


# --- The states of a payment --------------------------------------------------------------------------------

State = Literal[
    "created", "pending", "succeeded", "failed", "expired", "unknown", "refunded", "partly_refunded"
]  # fmt: skip
STATES: tuple[State, ...] = get_args(State)

# Every step there is. `failed` and `expired` may still become `succeeded`: the provider's word may come late or out
# of order, and money that arrived is money.
ALLOWED: frozenset[tuple[State, State]] = frozenset(
    {
        ("created", "pending"),
        ("created", "succeeded"),
        ("created", "failed"),
        ("created", "expired"),
        ("created", "unknown"),
        ("unknown", "pending"),
        ("unknown", "succeeded"),
        ("unknown", "failed"),
        ("unknown", "expired"),
        ("pending", "unknown"),
        ("pending", "succeeded"),
        ("pending", "failed"),
        ("pending", "expired"),
        ("failed", "succeeded"),
        ("expired", "succeeded"),
        ("succeeded", "partly_refunded"),
        ("succeeded", "refunded"),
        ("partly_refunded", "partly_refunded"),
        ("partly_refunded", "refunded"),
    }
)
OPEN: frozenset[State] = frozenset({"created", "pending", "unknown"})
PAID: frozenset[State] = frozenset({"succeeded", "partly_refunded", "refunded"})


def may_become(before: State, after: State) -> bool:
    """True when a payment may go from `before` to `after`."""
    return (before, after) in ALLOWED


# --- What follows from an amount ----------------------------------------------------------------------------

Difference = Literal["", "short", "over", "twice", "ended", "unknown_reference"]


class Sharing(msgspec.Struct, frozen=True):
    """How money that came in is shared out; the three parts add up to it and to what was `held` before.

    `paid` goes to the notice, `held` waits in suspense until the rest comes or somebody decides, `back` is owed to
    the payer. `difference` names what was not as asked.
    """

    paid: int = 0
    held: int = 0
    back: int = 0
    difference: Difference = ""


def share(amount: int, owed: int, held: int = 0, *, ended: bool = False) -> Sharing:
    """Shares `amount` for a notice of which `owed` is open and for which `held` waits in suspense already.

    A notice is paid whole or not at all: too little is held, what is too much goes back. Money for a notice that
    was paid or withdrawn goes back whole. Raises ValueError for amounts that cannot be.
    """
    if amount <= 0 or owed < 0 or held < 0:
        raise ValueError("money that came in is positive, what is owed and held is not negative")
    together = amount + held
    if ended:
        return Sharing(back=together, difference="ended")
    if owed == 0:
        return Sharing(back=together, difference="twice")
    if together < owed:
        return Sharing(held=together, difference="short")
    return Sharing(paid=owed, back=together - owed, difference="over" if together > owed else "")
