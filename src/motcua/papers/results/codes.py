"""The code on a result by which anybody can check it: sixteen letters and digits that nobody confuses or guesses.

Crockford's alphabet, eighty bits. Shown in fours, typed in any case and with anything between.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 16
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code that was never drawn before, as far as chance goes."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def shown(code: str) -> str:
    """`ABCD-EFGH-JKMN-PQRS`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def parse(typed: str) -> str | None:
    """What was typed as a code, or None when it cannot be one."""
    kept = "".join(each for each in typed[:80].upper() if each.isalnum()).translate(_READ_AS)
    return kept if len(kept) == LENGTH and all(each in ALPHABET for each in kept) else None
