"""Lays the fate of messages that the law requires into the dossier's own journal, each destination by itself.

The journal gets a digest of the address, never the address. Where a provider reports nothing back, its taking
charge is the proof, and the reference says so.
"""

import logging

from motcua.dossiers.handle import handle
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from motcua.law.refusal import Refusal
from motcua.notices.models import DELIVERED, EXPIRED, PROOF_DUE, PROVEN, SENT, Delivery

log = logging.getLogger("motcua.notices")

BATCH = 50
TAKEN = "accepted:"


def record() -> int:
    """One batch of proofs; returns how many were laid down."""
    rows = list(Delivery.objects.filter(proof=PROOF_DUE).select_related("notice").order_by("id")[:BATCH])
    for row in rows:
        if row.notice.dossier_id:
            # The key makes a second worker's, or a killed one's, the same act.
            done = handle(row.notice.dossier_id, _command(row), SYSTEM, f"notice/{row.pk}")
            if isinstance(done, Refusal):
                log.warning("a proof of delivery was refused: %s", done.code)
        Delivery.objects.filter(pk=row.pk, proof=PROOF_DUE).update(proof=PROVEN)
    return len(rows)


def _command(row: Delivery) -> c.RecordNotice:
    done = row.done_at or row.handed_at or row.notice.created_at
    is_there = row.state in (DELIVERED, SENT)
    has_receipt = row.state == DELIVERED
    return c.RecordNotice(
        kind=row.notice.kind,
        channel=row.channel,
        address=row.address_hash,
        provider=row.provider,
        reference=row.reference if has_receipt or not is_there else f"{TAKEN}{row.reference}",
        outcome="delivered" if is_there else "expired" if row.state == EXPIRED else "failed",
        sent_at=row.sent_at or row.handed_at or row.notice.created_at,
        done_at=done,
    )
