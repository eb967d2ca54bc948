"""Makes what the HTTP client of the kill test needs in a fresh city; prints dossier, session and forgery secret."""

import json
from datetime import date

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.middleware.csrf import _get_new_csrf_string  # noqa: E402

from dossiers.permits import Permit  # noqa: E402
from motcua.law.actor import SYSTEM  # noqa: E402
from motcua.organisation.appointments import Post, appoint  # noqa: E402
from motcua.organisation.models import Account  # noqa: E402


def main() -> None:
    """One clerk, signed in, and one dossier at the counter."""
    permit = Permit().accept()
    account = Account.objects.create_user("tai", full_name="Người chịu tải")
    appoint(SYSTEM, Post(account.pk, permit.place.commune, "reception", date(2018, 1, 1)))
    session = SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.save()
    print(json.dumps({"dossier": permit.id, "session": session.session_key, "csrf": _get_new_csrf_string()}))


if __name__ == "__main__":
    main()
