"""What was told about a dossier, for those who may see it: each notice with the fate of each destination.

Addresses are shown by their end only: whoever asks whether a message arrived need not learn the number.
"""

import msgspec

from motcua.notices.models import Notice
from motcua.notices.wording.loading import message_of
from motcua.notices.wording.rendering import render

MOST = 200


class Way(msgspec.Struct, frozen=True):
    """One destination and its fate."""

    channel: str
    address: str
    state: str
    provider: str
    reference: str
    sent_at: object
    done_at: object
    reason: str
    parts: int
    cost: int


class Told(msgspec.Struct, frozen=True):
    """One notice. `in_account` says that it also lies in a person's inbox, and `read_at` when they opened it there."""

    kind: str
    title: str
    at: object
    required: bool
    in_account: bool
    read_at: object
    kept_in: str
    ways: tuple[Way, ...]


def told_about(dossier_id: int, language: str) -> list[Told]:
    """Everything told about the dossier, the newest first."""
    rows = Notice.objects.filter(dossier_id=dossier_id).prefetch_related("deliveries").order_by("-id")[:MOST]
    return [_told(row, language) for row in rows]


def _told(row: Notice, language: str) -> Told:
    said = render(message_of(row.kind, row.version), "inbox", language, row.values)
    ways = tuple(
        Way(
            channel=each.channel,
            address=shown(each.channel, each.address),
            state=each.state,
            provider=each.provider,
            reference=each.reference,
            sent_at=each.sent_at,
            done_at=each.done_at,
            reason=each.last_error,
            parts=each.segments,
            cost=each.cost,
        )
        for each in sorted(row.deliveries.all(), key=lambda each: each.rank)
    )
    return Told(
        kind=row.kind,
        title=said.title,
        at=row.created_at,
        required=row.required,
        in_account=bool(row.account),
        read_at=row.read_at,
        kept_in=row.kept_in,
        ways=ways,
    )


def shown(channel: str, address: str) -> str:
    """An address as it is shown: `••• 678`, `n•••@mau.example`; nothing for a browser."""
    if channel == "sms":
        return f"••• {address[-3:]}" if address else ""
    if channel == "email":
        local, _at, domain = address.partition("@")
        return f"{local[:1]}•••@{domain}" if domain else ""
    return ""
