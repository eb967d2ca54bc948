"""Results on their way by post: posted, then delivered or come back. Told by the office; tracking numbers are S10."""

from django.utils import timezone

from motcua.law.actor import Actor
from motcua.papers.results.tables import Delivery

STATES = ("posted", "delivered", "returned")


def deliveries_of(dossier_id: int) -> list[Delivery]:
    """What was sent of a dossier, the newest first."""
    return list(Delivery.objects.filter(dossier_id=dossier_id).order_by("-seq"))


def under_way(agencies: list[int], state: str = "posted", limit: int = 200) -> list[Delivery]:
    """What these agencies sent and is in `state`, the longest on its way first."""
    return list(Delivery.objects.filter(receiving__in=agencies, state=state).order_by("posted_at")[:limit])


def is_of(dossier_id: int, seq: int, agencies: list[int]) -> bool:
    """True when one of these agencies sent it."""
    return Delivery.objects.filter(dossier_id=dossier_id, seq=seq, receiving__in=agencies).exists()


def tell(dossier_id: int, seq: int, state: str, actor: Actor, words: str = "") -> bool:
    """Writes down what became of a delivery; False when it is no longer on its way.

    Raises ValueError for a state there is none of.
    """
    if state not in STATES[1:]:
        raise ValueError(state)
    return bool(
        Delivery.objects.filter(dossier_id=dossier_id, seq=seq, state="posted").update(
            state=state,
            changed_at=timezone.now(),
            changed_by=f"{actor.account} {actor.name}",
            words=words.strip()[:500],
        )
    )
