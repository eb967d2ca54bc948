"""Somebody who sends files."""

from typing import Any

import pytest

from files.paperwork import Sender


@pytest.fixture
def sender(db: None, client: Any) -> Sender:
    """Signed in, on a page of ours."""
    from motcua.organisation.models import Account

    account = Account.objects.create_user(username="nguoi-gui", password=None, full_name="Người Gửi Mẫu")
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    made = Sender(client)
    made.account = account  # type: ignore[attr-defined]
    return made
