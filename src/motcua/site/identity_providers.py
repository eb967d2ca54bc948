"""Identity providers by OpenID Connect, read from the environment: the national one and any other.

MOTCUA_OIDC_PROVIDERS names them (`vneid,thu`), and for each, with its name in capitals, as in MOTCUA_OIDC_VNEID_:
ISSUER, CLIENT_ID, CLIENT_SECRET, NAME (for the button), SCOPE, and how it calls its claims: NUMBER_CLAIM,
LEVEL_CLAIM, BIRTH_CLAIM, PROVEN (values of the level that mean a proven identity, by comma; without it nobody is
proven by this provider). How claims are read is left to `accounts.claims`.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")


def providers(environment: Mapping[str, str]) -> dict[str, Any]:
    """The setting SOCIALACCOUNT_PROVIDERS. Raises ImproperlyConfigured when a provider is named but not described."""
    names = [each.strip().lower() for each in environment.get("MOTCUA_OIDC_PROVIDERS", "").split(",") if each.strip()]
    apps = [_app(name, environment) for name in names]
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": apps}}


def _app(name: str, environment: Mapping[str, str]) -> dict[str, Any]:
    if not re.fullmatch("[a-z][a-z0-9]{0,29}", name):
        raise ImproperlyConfigured(f"MOTCUA_OIDC_PROVIDERS: “{name}” must be letters and digits")
    prefix = f"MOTCUA_OIDC_{name.upper()}_"
    given = {key.removeprefix(prefix): value for key, value in environment.items() if key.startswith(prefix)}
    missing = [prefix + each for each in NEEDED if not given.get(each)]
    if missing:
        raise ImproperlyConfigured(f"thiếu / missing: {', '.join(missing)}")
    issuer = given["ISSUER"].rstrip("/")
    if not issuer.startswith("https://") and not re.match(r"http://(127\.0\.0\.1|localhost)(:|/|$)", issuer):
        raise ImproperlyConfigured(f"{prefix}ISSUER: an identity provider is spoken to over https only")
    claims = {
        "number": given.get("NUMBER_CLAIM", "personal_number"),
        "level": given.get("LEVEL_CLAIM", "acr"),
        "birth": given.get("BIRTH_CLAIM", "birthdate"),
        "proven": tuple(each.strip() for each in given.get("PROVEN", "").split(",") if each.strip()),
    }
    return {
        "provider_id": name,
        "name": given.get("NAME", name),
        "client_id": given["CLIENT_ID"],
        "secret": given["CLIENT_SECRET"],
        "settings": {
            "server_url": issuer,
            "scope": given.get("SCOPE", "openid profile email phone").split(),
            "claims": claims,
        },
    }
