"""House permits that owe their fee, the clerk and the head who take it, and a sandbox bank, for tests of money."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import connection

from dossiers.permits import Permit, official
from motcua.fees import providers, working
from motcua.fees.checking import verify
from motcua.fees.following import notices_for
from motcua.fees.incoming import Arrived, take_in
from motcua.fees.models import Account, CollectingAccount, Notice
from motcua.fees.sandbox import sandbox_secret
from motcua.fees.sandbox_server import SandboxServer
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.organisation.directory import directory

FEE = 75_000
ACCOUNT = "0011012345678"


class Owing(Permit):
    """A permit taken in that owes its fee."""

    def __init__(self, commune: str = "00001", amount: int = FEE) -> None:
        super().__init__(commune)
        from motcua.dossiers.handle import Done, lodge_and_accept

        accept = c.Accept(money={"permit": amount})
        done = lodge_and_accept(self.version, self.lodging(), accept, self.people.clerk, uuid4().hex)
        assert isinstance(done, Done), done
        self.id = done.dossier_id

    @property
    def notice(self) -> Notice:
        """Its one notice, as it stands."""
        (found,) = notices_for(self.id)
        return found

    @property
    def head(self) -> Actor:
        """The head of the commune's one-stop unit."""
        return official(21, "Nguyễn Văn Trưởng", (self.place.commune, "one_stop_head"))

    def paid_by_transfer(self, amount: int = FEE, external: str = "") -> Any:
        """A transfer with the right reference arrives."""
        return take_in(arrived(amount, self.notice.reference, external))


def arrived(
    amount: int, purpose: str = "", external: str = "", channel: str = "transfer", payment: str = ""
) -> Arrived:
    """Money as a bank tells of it."""
    from motcua.dossiers import clock

    return Arrived(
        channel=channel, external=external or f"T{uuid4().hex[:12]}", amount=amount, at=clock.now(), purpose=purpose,
        payment=payment, account=ACCOUNT if channel == "transfer" else "",
    )  # fmt: skip


def with_account() -> None:
    """The city's collecting account, as in the demonstration."""
    CollectingAccount.objects.create(
        agency=directory().by_code["HN"].number, bin="970403", account=ACCOUNT, bank="Ngân hàng minh họa",
        holder="THANH PHO HA NOI", valid_from=date(2018, 1, 1), demonstration=True,
    )  # fmt: skip


def balances() -> dict[str, int]:
    """What the kinds of accounts come to, those at nought left out."""
    found: dict[str, int] = {}
    for account in Account.objects.all():
        found[account.kind] = found.get(account.kind, 0) + account.balance
    return {kind: amount for kind, amount in sorted(found.items()) if amount}


def sound() -> bool:
    """The books hold; says what does not."""
    found = verify()
    assert found == []
    return True


@contextmanager
def sandbox(settings: Any, notify: str = "http://127.0.0.1:9", **temper: Any) -> Iterator[SandboxServer]:
    """A sandbox bank on a port of its own, and the settings that lead to it."""
    server = SandboxServer(0, notify, sandbox_secret())
    server.bank.behave(**temper)
    settings.MOTCUA_SANDBOX_URL = server.address
    settings.MOTCUA_PAYMENT_PROVIDERS = {
        "sandbox": "motcua.fees.sandbox.SandboxGateway",
        "transfer": "motcua.fees.sandbox.SandboxTransfer",
    }
    settings.MOTCUA_PROVIDER_TIMEOUT = 5.0
    providers.forget_providers()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        providers.forget_providers()


def worked() -> int:
    """One round of all errands, with whatever is waiting made due."""
    with connection.cursor() as run:
        for table in ("payment", "refund", "watch"):
            run.execute(f"UPDATE fees_{table} SET next_at = now() WHERE next_at IS NOT NULL AND leased_until IS NULL")
    working.by_the_clock()
    return working.ask_about_payments() + working.look_for_credits() + working.give_back()
