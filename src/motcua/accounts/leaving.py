"""Deleting an account: contact data and every means of signing in go, what the law keeps stays and is named before.

The journal names the account's key for ever, so the row stays, closed and empty. Dossiers keep what was declared
in them, each as long as its procedure says; the history of the account is kept five years.
"""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils import timezone

from motcua.accounts import sessions
from motcua.accounts.history import NOWHERE, Origin, record
from motcua.accounts.identity import as_actor, number_of
from motcua.accounts.models import SELF_REGISTERED, Authority, OneTimeCode, ResidentAccount
from motcua.organisation.models import Account

GONE = "—"


def delete_account(who: ResidentAccount, origin: Origin = NOWHERE) -> None:
    """Empties and closes the account, ends what it gave others by consent, and ends its sessions. Not to be undone."""
    with transaction.atomic():
        account = Account.objects.select_for_update().get(pk=who.account_id)
        found = ResidentAccount.objects.select_for_update().get(pk=who.pk)
        if found.deleted_at is not None:
            return
        actor, number = as_actor(who), number_of(found)
        record(account.pk, "deleted", origin)
        if number:
            given = Authority.objects.filter(principal_number=number, how="consent", revoked_at=None)
            given.update(revoked_at=timezone.now(), revoked_by_id=actor.account)
        found.number = found.tax_code = found.birth = found.phone = found.email = found.proven_document = ""
        found.assurance, found.deleted_at = SELF_REGISTERED, timezone.now()
        found.save()
        account.full_name, account.email, account.phone, account.is_active = GONE, "", "", False
        account.set_unusable_password()
        account.save()
        for table in (Authenticator, SocialAccount, EmailAddress):
            table.objects.filter(user=account).delete()
        OneTimeCode.objects.filter(account=account).delete()
        sessions.end_all(account)
