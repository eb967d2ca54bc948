"""A message to who ordered a list, in their own inbox of the office: it is ready, or why there is none.

Told in the transaction that ends the order, so once. A city whose words do not know these messages yet goes without:
the page of orders says the same.
"""

import logging
from datetime import datetime
from typing import Any

from django.db import transaction

from motcua.exports.models import Export
from motcua.exports.words import FORMAT_NAMES, REASONS
from motcua.notices.links import absolute
from motcua.notices.people import people_with
from motcua.notices.telling import Telling, tell
from motcua.notices.wording.loading import NoWordsError

log = logging.getLogger("motcua.exports")
PAGE = "/can-bo/so-lieu/tai-xuong/"


def tell_ready(export: Export, now: datetime) -> None:
    """The file is there, until a day."""
    assert export.expires_at is not None
    until = export.expires_at.isoformat()
    rows = f"{export.done:,}"
    said = {"rows": {"vi": rows.replace(",", "."), "en": rows}, "format": FORMAT_NAMES[export.format], "until": until}
    _tell(export, "export_ready", said, now)


def tell_failed(export: Export, now: datetime) -> None:
    """There is no file, and why."""
    reason = REASONS[export.reason]
    _tell(export, "export_failed", {"reason": {"vi": reason.vi, "en": reason.en}}, now)


def _tell(export: Export, kind: str, values: dict[str, Any], now: datetime) -> None:
    person = people_with([export.account]).get(export.account)
    if person is None:
        return
    said = {"list": export.title, "link": absolute(PAGE), **values}
    try:
        with transaction.atomic():
            tell([Telling(f"export/{export.pk}", person, kind, said, now)], now)
    except NoWordsError:
        log.warning("there are no words for %s: motcua content load", kind)
