"""Where an agency collects, as dated data, and the VietQR code that leads a payer's bank there.

An agency without an account of its own collects into that of the nearest agency above it that has one. Accounts are
loaded from a file (`motcua fees accounts FILE`); what is marked `demonstration` no bank gave.
"""

from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import yaml
from django.db import transaction
from django.db.models import Q

from motcua.dossiers import clock
from motcua.fees.models import CollectingAccount, Notice
from motcua.law.payments import purpose
from motcua.law.vietqr import VietQR, build
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory

LARGEST_FILE = 1_000_000
PURPOSE = "nop phi"


class AccountLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account as a file gives it: the agency by its code, the bank by its six digits."""

    agency: str
    bin: str
    account: str
    bank: str
    holder: str
    valid_from: date
    valid_to: date | None = None
    tax_code: str = ""
    document: str = ""
    demonstration: bool = False

    def __post_init__(self) -> None:
        # What could not stand in a code must not come so far that a payer sees it.
        VietQR(self.bin, self.account)


def account_for(agency: int, day: date) -> CollectingAccount | None:
    """Where `agency` collects on `day`: its own account, else the nearest above; None when there is none."""
    agencies = directory()
    way: list[int] = []
    at: int | None = agency
    while at is not None and at in agencies.by_number:
        way.append(at)
        at = agencies.by_number[at].parent
    valid = Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))
    found = {
        each.agency: each for each in CollectingAccount.objects.filter(valid, agency__in=way).order_by("valid_from")
    }
    return next((found[each] for each in way if each in found), None)


def owner_of(account: str) -> int:
    """The agency whose account this is; 0 when it is none of ours."""
    owner = CollectingAccount.objects.filter(account=account).order_by("-valid_from").first() if account else None
    return owner.agency if owner else 0


def code_for(notice: Notice, amount: int) -> tuple[CollectingAccount, str] | None:
    """The account and the VietQR text for `amount` of a notice; None where the agency has no account."""
    account = account_for(notice.agency, city_day(clock.now()))
    if account is None or amount <= 0:
        return None
    code = VietQR(
        bin=account.bin,
        account=account.account,
        amount=amount,
        once=True,
        bill=notice.reference,
        purpose=purpose_of(notice),
    )
    return account, build(code)


def purpose_of(notice: Notice) -> str:
    """What the payer's bank writes: the reference first, so that nothing cuts it off."""
    return purpose(f"{notice.reference} {PURPOSE}")


def load_accounts(path: Path) -> tuple[int, list[str]]:
    """Loads a file of accounts whole or not at all; returns how many, and what is wrong with it line by line."""
    if path.stat().st_size > LARGEST_FILE:
        return 0, ["the file is larger than 1 MB"]
    try:
        rows: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return 0, [str(error)]
    if not isinstance(rows, dict) or not isinstance(rows.get("accounts"), list):
        return 0, ["the file has no list `accounts`"]
    lines, wrong = [], []
    known = directory().by_code
    for number, row in enumerate(rows["accounts"], start=1):
        try:
            line = msgspec.convert(row, AccountLine, strict=False)
        except (msgspec.ValidationError, ValueError) as error:
            wrong.append(f"account {number}: {error}")
            continue
        if line.agency not in known:
            wrong.append(f"account {number}: there is no agency {line.agency}")
        lines.append(line)
    if wrong:
        return 0, wrong
    with transaction.atomic():
        for line in lines:
            values = {
                name: getattr(line, name) for name in line.__struct_fields__ if name not in ("agency", "valid_from")
            }
            CollectingAccount.objects.update_or_create(
                agency=known[line.agency].number, valid_from=line.valid_from, defaults=values
            )
    return len(lines), []
