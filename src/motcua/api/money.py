"""Machines see what a dossier owes and begin to pay it. What comes of a payment is told by its state."""

from django.http import HttpRequest
from django.utils.translation import get_language
from ninja import Router, Status

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.dossiers import DossierId, own
from motcua.api.once import key_of
from motcua.api.problems import Problem, missing
from motcua.fees.accounts import code_for, purpose_of
from motcua.fees.attempts import begin_payment
from motcua.fees.explaining import standing_of, ways
from motcua.fees.following import notices_for, sync
from motcua.fees.models import Notice, Payment
from motcua.law.refusal import Refusal

router = Router(tags=["payments"])


@router.get("/{dossier_id}/payments", auth=Scoped("payments:read"), response=s.NoticesOut, operation_id="list_payments")
def notices(request: HttpRequest, dossier_id: DossierId) -> s.NoticesOut:
    """What is asked for, with the code to scan (VietQR) and the words to write, and the attempts to pay it."""
    own(request, dossier_id)
    sync([dossier_id])
    return s.NoticesOut(items=[_notice(each) for each in notices_for(dossier_id)], ways=[name for name, _w in ways()])


@router.post(
    "/{dossier_id}/payments/{reference}",
    auth=Scoped("payments:write"),
    response={201: s.PaymentOut},
    operation_id="begin_payment",
)
def begin(request: HttpRequest, dossier_id: DossierId, reference: s.Code, told: s.PaymentSent) -> Status:
    """Begins to pay what is open; the same key begins one payment."""
    key = key_of(request)
    own(request, dossier_id)
    notice = next((each for each in notices_for(dossier_id) if each.reference == reference), None)
    if notice is None:
        raise missing()
    done = begin_payment(notice, told.way, key, actor_of(request).account)
    if isinstance(done, Refusal):
        text = done.text.within(get_language() or "vi")
        raise Problem(409 if done.code == "key_mismatch" else 422, done.code, text)
    return Status(201, _payment(done))


def _notice(notice: Notice) -> s.NoticeOut:
    standing = standing_of(notice)
    code = code_for(notice, standing.open) if standing.open else None
    return s.NoticeOut(
        reference=notice.reference,
        amount=notice.amount,
        paid=notice.paid,
        open=standing.open,
        purpose=purpose_of(notice),
        vietqr=code[1] if code else "",
        payments=[_payment(each) for each in notice.payments.order_by("created_at", "pk")],
    )


def _payment(row: Payment) -> s.PaymentOut:
    return s.PaymentOut(
        id=str(row.pk), way=row.provider, amount=row.amount, state=row.state, pay_url=row.pay_url,
        expires_at=row.expires_at,
    )  # fmt: skip
