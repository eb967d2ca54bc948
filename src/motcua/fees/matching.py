"""Money in suspense that a person matches to a notice, by its reference: what no rule may decide by a name."""

from django.db import transaction

from motcua.fees.following import sync
from motcua.fees.incoming import match
from motcua.fees.models import Credit, Notice
from motcua.fees.refusals import refuse
from motcua.law.actor import Actor
from motcua.law.payments import as_reference
from motcua.law.refusal import Refusal
from motcua.law.rights import COUNTER


def match_by_hand(credit: Credit, typed: str, actor: Actor) -> Credit | Refusal:
    """Shares out money that waits for the notice whose reference was typed; of the cashier's own agency only."""
    notice = Notice.objects.filter(reference=as_reference(typed) or "").first()
    if notice is None or not actor.holds(notice.agency, *COUNTER):
        return refuse("not_matching")
    sync([notice.dossier_id])
    with transaction.atomic():
        notice = Notice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        locked = Credit.objects.select_for_update(no_key=True, of=("self",)).get(pk=credit.pk)
        if not locked.held or locked.notice_id is not None:
            return refuse("nothing_held")
        match(locked, notice)
        return locked
