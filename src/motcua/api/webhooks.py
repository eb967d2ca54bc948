"""Telling other houses' machines what happened: a follower notes it, an errand delivers it, signed, until it is taken.

Signed as the Standard Webhooks description says: HMAC-SHA256 over id, time and body, under the secret of the
address. What is told holds no name and no paper: whoever wants more asks with a token. Addresses within this house
are refused, so that nobody makes us knock at our own doors.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import socket
import uuid
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.api.models import Delivery, Subscription
from motcua.api.telling import UNTOLD
from motcua.dossiers.journal import Entry, histories
from motcua.dossiers.store import read
from motcua.jobs import leasing
from motcua.law.codes import reference
from motcua.law.dossier import Dossier, national_status

BATCH = 20
LEASE = timedelta(minutes=2)
PATIENCE = 10.0
MOST_ATTEMPTS = 12
MOST_FAILURES = 200
MOST_ADDRESSES = 10
KEPT = timedelta(days=30)


class AddressError(ValueError):
    """An address that is not told anything, and why, in the reader's language."""


def subscribe(account: int, url: str, events: Sequence[str], key: str) -> Subscription:
    """A new address of an account; asked for again under the same key it is the same one.

    Raises AddressError for an address we do not call and for one too many.
    """
    _check(url)
    name = uuid.uuid5(uuid.NAMESPACE_URL, key)
    with transaction.atomic():
        known = Subscription.objects.filter(account=account).select_for_update()
        found = next((row for row in known if row.pk == name), None)
        if found is not None:
            return found
        if len(known) >= MOST_ADDRESSES:
            raise AddressError(_("Tối đa %(n)d địa chỉ nhận tin.") % {"n": MOST_ADDRESSES})
        return Subscription.objects.create(
            id=name, account_id=account, url=url, secret=f"whsec_{_secret()}", events=sorted(set(events))
        )


def _secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _check(url: str) -> tuple[str, str]:
    """The host of an address and the place (an IP address) it leads to now.

    Raises AddressError for what is not https and for hosts that lead into this house, unless the installation is
    a test's. The place is what is then called: a name that changes its mind between two questions changes nothing.
    """
    within = settings.MOTCUA_WEBHOOKS_WITHIN
    try:
        address = urlsplit(url)
        host, port = address.hostname or "", address.port or (443 if address.scheme == "https" else 80)
    except ValueError:
        host = ""
    if not host or address.username or address.password:
        raise AddressError(_("Địa chỉ nhận tin không đúng dạng."))
    if address.scheme != "https" and not within:
        raise AddressError(_("Địa chỉ nhận tin phải bắt đầu bằng https://."))
    try:
        found = sorted({str(each[4][0]) for each in socket.getaddrinfo(host, port, proto=socket.IPPROTO_TCP)})
    except (OSError, UnicodeError):
        raise AddressError(_("Không tìm thấy máy chủ của địa chỉ nhận tin.")) from None
    if not found or not (within or all(ipaddress.ip_address(each.split("%")[0]).is_global for each in found)):
        raise AddressError(_("Không gửi tin đến địa chỉ nội bộ."))
    return host, found[0]


def follow(dossier_ids: Sequence[int]) -> None:
    """Notes what is to be told of these dossiers: every event since the address was given, each once."""
    wanted: dict[int, tuple[Dossier, list[Subscription]]] = {}
    for dossier_id in dossier_ids:
        stored = read(dossier_id)
        if stored is None:
            continue
        state = stored[0]
        accounts = {state.applicant.account, state.submitter.account if state.submitter else 0} - {0}
        listening = list(Subscription.objects.filter(account__in=accounts, closed_at=None)) if accounts else []
        if listening:
            wanted[dossier_id] = (state, listening)
    rows = [
        Delivery(subscription=listener, dossier=dossier_id, seq=entry.seq, type=entry.type, body=_body(state, entry))
        for dossier_id, entry in histories(wanted)
        for state, listening in (wanted[dossier_id],)
        for listener in listening
        if _is_told(entry, listener)
    ]
    Delivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)


def _is_told(entry: Entry, listener: Subscription) -> bool:
    wanted = not listener.events or entry.type in listener.events
    return wanted and entry.type not in UNTOLD and entry.at >= listener.created_at


def _body(state: Dossier, entry: Entry) -> str:
    told = {
        "type": f"dossier.{entry.type}",
        "timestamp": entry.at.isoformat(),
        "data": {
            "id": state.id,
            "reference": reference(state.id),
            "code": state.code,
            "seq": entry.seq,
            "status": national_status(state),
        },
    }
    return json.dumps(told, separators=(",", ":"))


def signature(secret: str, message: str, at: int, body: str) -> str:
    """`v1,` and the HMAC of id, time (seconds) and body."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    seal = hmac.new(key, f"{message}.{at}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(seal).decode()}"


def deliver() -> int:
    """Sends what is due; returns how many were tried. No connection is held while another machine answers."""
    due = leasing.claim(Delivery, BATCH, LEASE)
    addresses = {row.pk: row for row in Subscription.objects.filter(pk__in={each.subscription_id for each in due})}
    connection.close()
    for each in due:
        _deliver(each, addresses[each.subscription_id])
    return len(due)


def _deliver(row: Delivery, listener: Subscription) -> None:
    if listener.closed_at is not None:
        leasing.give_up(row, "the address is closed")
        return
    status, error = _send(row, listener)
    if 200 <= status < 300:
        leasing.finish(row, status=status, done_at=timezone.now())
        if listener.failures:
            Subscription.objects.filter(pk=listener.pk).update(failures=0)
    else:
        _failed(row, listener, status, error)
    connection.close()


def _send(row: Delivery, listener: Subscription) -> tuple[int, str]:
    """The status of the answer (0 for none) and what went wrong. The address is looked at again each time."""
    try:
        host, place = _check(listener.url)
    except AddressError as error:
        return 0, str(error)
    url = httpx.URL(listener.url)
    at = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "motcua-webhooks/1",
        "Host": url.netloc.decode("ascii"),
        "webhook-id": str(row.pk),
        "webhook-timestamp": str(at),
        "webhook-signature": signature(listener.secret, str(row.pk), at, row.body),
    }
    called = httpx.Request(
        "POST", url.copy_with(host=place), content=row.body, headers=headers, extensions={"sni_hostname": host}
    )
    called.extensions["timeout"] = httpx.Timeout(PATIENCE).as_dict()
    try:
        with httpx.Client(follow_redirects=False, trust_env=False) as client:
            answer = client.send(called, stream=True)
            answer.close()
            return answer.status_code, "" if answer.is_success else f"answered {answer.status_code}"
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return 0, type(error).__name__


def _failed(row: Delivery, listener: Subscription, status: int, error: str) -> None:
    gone = status == 410
    if gone or row.attempts >= MOST_ATTEMPTS:
        leasing.give_up(row, error, status=status)
    else:
        leasing.try_again(row, error, status=status)
    Subscription.objects.filter(pk=listener.pk).update(failures=F("failures") + 1)
    closing = Subscription.objects.filter(pk=listener.pk, closed_at=None)
    if not gone:
        closing = closing.filter(failures__gte=MOST_FAILURES)
    closing.update(closed_at=timezone.now(), closed_because="410 Gone" if gone else f"failed {MOST_FAILURES} times")


def sweep() -> int:
    """Removes tellings past their time; returns how many."""
    old = Delivery.objects.filter(created_at__lt=timezone.now() - KEPT, next_at=None)
    return old.delete()[0]
