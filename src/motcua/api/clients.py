"""Who may connect: registering a partner's program or an app, changing its secret, shutting it out.

Partners authenticate with client credentials, apps with an authorization code and PKCE. The protocol itself is
left to the OAuth library.
"""

from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from oauth2_provider.generators import generate_client_id, generate_client_secret
from oauth2_provider.models import get_access_token_model, get_refresh_token_model

from motcua.api.models import Client, Subscription
from motcua.api.scopes import FOR_RESIDENTS, SCOPES
from motcua.organisation.models import Account


class Registered(NamedTuple):
    """A new client and its secret, which is kept nowhere in the clear; an app has none."""

    client: Client
    secret: str


class WrongScopeError(ValueError):
    """A scope that does not exist, or that this kind of client cannot have."""


@transaction.atomic
def register_partner(name: str, scopes: list[str]) -> Registered:
    """A partner's program with an account of its own, which nobody can sign in to."""
    _check(scopes, tuple(SCOPES))
    client_id, secret = generate_client_id(), generate_client_secret()
    account = Account.objects.create_user(f"partner-{client_id[:24]}", full_name=name, side="partner")
    client = Client.objects.create(
        client_id=client_id,
        client_secret=secret,
        name=name,
        user=account,
        client_type=Client.CLIENT_CONFIDENTIAL,
        authorization_grant_type=Client.GRANT_CLIENT_CREDENTIALS,
        scopes=" ".join(scopes),
    )
    return Registered(client, secret)


def register_app(name: str, scopes: list[str], redirect_uris: list[str]) -> Registered:
    """An app that residents let in with an authorization code and PKCE; it cannot keep a secret and has none."""
    _check(scopes, FOR_RESIDENTS)
    client = Client.objects.create(
        client_id=generate_client_id(),
        client_secret="",
        name=name,
        client_type=Client.CLIENT_PUBLIC,
        authorization_grant_type=Client.GRANT_AUTHORIZATION_CODE,
        redirect_uris=" ".join(redirect_uris),
        scopes=" ".join(scopes),
    )
    return Registered(client, "")


def new_secret(client: Client) -> str:
    """Another secret; the old one and every token drawn with it are worth nothing from now on."""
    secret = generate_client_secret()
    with transaction.atomic():
        client.client_secret = secret
        client.save(update_fields=["client_secret", "updated"])
        _end_tokens(client)
    return secret


@transaction.atomic
def shut_out(client: Client) -> None:
    """No token any more, no new one, and nothing is told to it; what it filed stays filed."""
    client.scopes = ""
    client.client_secret = generate_client_secret()
    client.save(update_fields=["scopes", "client_secret", "updated"])
    _end_tokens(client)
    if client.user_id is not None:
        Subscription.objects.filter(account=client.user_id, closed_at=None).update(
            closed_at=timezone.now(), closed_because="client shut out"
        )
        Account.objects.filter(pk=client.user_id).update(is_active=False)


def _end_tokens(client: Client) -> None:
    get_access_token_model().objects.filter(application=client).delete()
    get_refresh_token_model().objects.filter(application=client).delete()


def _check(scopes: list[str], known: tuple[str, ...]) -> None:
    wrong = [scope for scope in scopes if scope not in known]
    if wrong or not scopes:
        raise WrongScopeError(", ".join(wrong) or "-")
