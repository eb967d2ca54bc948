"""What is wrong with content, and where: the one shape in which all checks of this package report.

Where a place is in a file (its line) is left to whoever read the file.
"""

import msgspec

from motcua.law.texts import Text


class Fault(msgspec.Struct, frozen=True):
    """One fault. `path` names the value: `$.process.steps[3].next[0]`."""

    path: str
    reason: Text


def fault(path: str, vi: str, en: str) -> Fault:
    """A fault told in both languages."""
    return Fault(path, Text(vi, en))
