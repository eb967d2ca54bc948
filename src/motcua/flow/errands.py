"""The room's errands, at a pace: what is learned of a dossier may be a second old, and nobody waits for it.

An errand that says it did something is called again at once. These rest in between, so that the processors are free
for whoever stands at a counter: dossiers that change many times in a second are looked at once, and the pass over all
open ones takes some minutes instead of a whole processor.
"""

from motcua.flow import risk, ways


def take() -> int:
    """What has changed since the last look; again at once only while more than a batch is waiting."""
    taken = ways.take()
    return taken if taken == ways.BATCH else 0


def refresh() -> int:
    """A batch of the pass over the open dossiers. Always returns 0: the next one has time."""
    risk.refresh_due()
    return 0
