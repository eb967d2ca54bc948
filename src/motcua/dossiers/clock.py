"""The hour: the server's, in UTC. Replays and made-up histories hand theirs in instead."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant in UTC, to the microsecond the journal keeps."""
    return datetime.now(UTC)
