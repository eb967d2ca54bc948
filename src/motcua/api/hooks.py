"""Machines say where they want to be told, and see what they were told."""

import uuid

from django.http import HttpRequest
from ninja import Router, Status

from motcua.api import shapes as s
from motcua.api.door import Scoped, actor_of
from motcua.api.models import Delivery, Subscription
from motcua.api.once import key_of
from motcua.api.problems import missing, wrong
from motcua.api.webhooks import AddressError, subscribe

router = Router(tags=["webhooks"])
SEES = Scoped("webhooks")
SHOWN = 100


def _own(request: HttpRequest, hook: uuid.UUID) -> Subscription:
    found = Subscription.objects.filter(pk=hook, account=actor_of(request).account).first()
    if found is None:
        raise missing()
    return found


def _out(row: Subscription, secret: str = "") -> s.SubscriptionOut:
    return s.SubscriptionOut(
        id=str(row.pk),
        url=row.url,
        events=row.events,
        created_at=row.created_at,
        closed_at=row.closed_at,
        closed_because=row.closed_because,
        secret=secret,
    )


@router.post("", auth=SEES, response={201: s.SubscriptionOut}, operation_id="subscribe")
def create(request: HttpRequest, told: s.SubscriptionSent) -> Status:
    """Wants to be told at an address; the answer holds the secret that signs what is sent."""
    key = key_of(request)
    try:
        row = subscribe(actor_of(request).account, told.url, told.events, key)
    except AddressError as error:
        raise wrong([("url", str(error))]) from None
    return Status(201, _out(row, row.secret))


@router.get("", auth=SEES, response=s.SubscriptionsOut, operation_id="list_subscriptions")
def listed(request: HttpRequest) -> s.SubscriptionsOut:
    """Every address of the account, closed ones too."""
    rows = Subscription.objects.filter(account=actor_of(request).account).order_by("created_at", "pk")
    return s.SubscriptionsOut(items=[_out(row) for row in rows])


@router.delete("/{hook}", auth=SEES, response={204: None}, operation_id="unsubscribe")
def remove(request: HttpRequest, hook: uuid.UUID) -> Status:
    """Is told nothing more there."""
    _own(request, hook).delete()
    return Status(204, None)


@router.get("/{hook}/deliveries", auth=SEES, response=s.DeliveryPage, operation_id="list_deliveries")
def deliveries(request: HttpRequest, hook: uuid.UUID) -> s.DeliveryPage:
    """The newest hundred tellings of one address and what came of them."""
    rows = Delivery.objects.filter(subscription=_own(request, hook)).order_by("-created_at", "pk")[:SHOWN]
    return s.DeliveryPage(
        items=[
            s.DeliveryOut(
                id=str(row.pk),
                type=row.type,
                dossier=row.dossier,
                created_at=row.created_at,
                done_at=row.done_at,
                attempts=row.attempts,
                status=row.status,
                error=row.last_error,
            )
            for row in rows
        ]
    )
