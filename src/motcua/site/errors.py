"""What people see when something failed: a sentence that says what, and a number to quote.

A database that is away, full or busy is told apart from a fault of ours. How the pages look is left to the
templates; what is written to the log is left to `log_lines`.
"""

import logging
import secrets
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)

# SQLSTATE: disk full; lock not available, cancelled for time, deadlock, too many connections.
FULL = ("53100",)
BUSY = ("55P03", "57014", "40P01", "53300")
AWAY_SECONDS = 10
BUSY_SECONDS = 3


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler for every exception nobody handled, whichever layer raised it."""
    error = sys.exc_info()[1]
    reference = secrets.token_hex(4)
    logger.error("reference %s: %s", reference, type(error).__name__)
    if isinstance(error, OperationalError | InterfaceError):
        reason, sentence, seconds = trouble(error)
        context = {"reason": reason, "sentence": sentence, "seconds": seconds, "reference": reference}
        # Without the request: its user and its session live in the database that did not answer.
        answer = HttpResponse(render_to_string("503.html", context), status=503)
        answer.headers["Retry-After"] = str(seconds)
        return answer
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)


def trouble(error: BaseException) -> tuple[str, str, int]:
    """What ails the database (full, busy, away), a sentence for people, and after how many seconds to try again."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in FULL:
        return "full", _("Máy chủ đã hết chỗ ghi. Nội dung vừa gửi chưa được lưu."), AWAY_SECONDS
    if state in BUSY:
        return "busy", _("Hệ thống đang bận. Nội dung vừa gửi chưa được lưu, xin gửi lại."), BUSY_SECONDS
    return "away", _("Cơ sở dữ liệu đang khởi động lại. Nội dung vừa gửi chưa được lưu."), AWAY_SECONDS
