"""What the journal gained that concerns results: numbered ones become work, those sent by post are followed.

Runs inside the follower's transaction, exactly once. Making, signing and recording are left to `issuing`.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from motcua.dossiers import store
from motcua.dossiers.rows import decode_event
from motcua.law import events as e
from motcua.papers.results.codes import new_code
from motcua.papers.results.keys import NoKeyError
from motcua.papers.results.ring import signing_since
from motcua.papers.results.tables import Delivery, ResultWork

# The last number each dossier was given, where it was given since signing began; replayed logs have none of ours.
_NUMBERED = """
    SELECT dossier_id, max(seq) FROM dossiers_event
     WHERE dossier_id = ANY (%(ids)s) AND type = 'result_numbered' AND at >= %(since)s GROUP BY dossier_id
"""
_HANDED = """
    SELECT j.dossier_id, j.seq, j.at, j.payload, d.receiving FROM dossiers_event j JOIN dossiers_dossier d
        ON d.id = j.dossier_id
     WHERE j.dossier_id = ANY (%(ids)s) AND j.type = 'handed_over' AND j.payload LIKE '%%"post"%%'
"""


def _since() -> datetime | None:
    """Since when results are signed. A configuration that cannot be read must hold up neither results nor the other
    followers: everything numbered becomes work then, and `issuing` puts aside what it can say is too old.
    """
    try:
        return signing_since()
    except NoKeyError:
        return datetime.min.replace(tzinfo=UTC)


def follow(ids: Sequence[int]) -> None:
    """Writes down what is to be done for these dossiers; what is written already stays as it is."""
    with store.cursor() as run:
        handed = run.execute(_HANDED, {"ids": list(ids)}).fetchall()
        since = _since()
        numbered = run.execute(_NUMBERED, {"ids": list(ids), "since": since}).fetchall() if since else []
    ResultWork.objects.bulk_create(
        [ResultWork(dossier_id=dossier, seq=seq, token=new_code()) for dossier, seq in numbered],
        ignore_conflicts=True,
    )
    posted = []
    for dossier, seq, at, payload, receiving in handed:
        event = decode_event(payload)
        if isinstance(event, e.HandedOver) and event.channel == "post":
            posted.append(
                Delivery(
                    dossier_id=dossier,
                    seq=seq,
                    tracking=event.paper_number,
                    receiving=receiving,
                    to_name=event.to_name,
                    posted_at=event.occurred_at or at,
                )
            )
    Delivery.objects.bulk_create(posted, ignore_conflicts=True)
