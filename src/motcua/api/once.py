"""One key, one act: the header `Idempotency-Key` of whatever changes something.

The act itself is made single by the room that does it, under a key derived from this one; here the same key is
kept from meaning two different requests.
"""

import hashlib
import re
from datetime import timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from motcua.api.door import actor_of
from motcua.api.models import Once
from motcua.api.problems import Problem

HEADER = "Idempotency-Key"
KEPT = timedelta(days=90)
_KEY = re.compile(r"[\x21-\x7e]{8,128}")


def key_of(request: HttpRequest) -> str:
    """The key under which the rooms do this request once.

    Raises Problem 400 without a usable header, and 409 when the key was used for another request before.
    """
    given = request.headers.get(HEADER, "").strip()
    if not _KEY.fullmatch(given):
        raise Problem(
            400,
            "key_needed",
            _("Cần tiêu đề Idempotency-Key"),
            _("8 đến 128 ký tự không dấu, mỗi việc một khóa; gửi lại cùng việc thì dùng lại khóa."),
        )
    account = actor_of(request).account
    asked = hashlib.sha256(b"\0".join((str(request.method).encode(), request.path.encode(), request.body))).hexdigest()
    try:
        with transaction.atomic():
            Once.objects.create(account=account, key=given, digest=asked)
    except IntegrityError:
        before = Once.objects.get(account=account, key=given)
        if before.digest != asked:
            raise Problem(409, "key_reused", _("Khóa này đã dùng cho một yêu cầu khác")) from None
    return f"api/{account}/{given}"


def forget_old() -> int:
    """Removes keys past their time; returns how many."""
    return Once.objects.filter(at__lt=timezone.now() - KEPT).delete()[0]
