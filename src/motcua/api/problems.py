"""Every answer that is not what was asked for, in one form: problem details (RFC 9457).

`type` names the kind, `title` and `detail` say it in the reader's language, `errors` names each wrong field, and a
refusal of the law carries its rule and its legal ground.
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from motcua.law.refusal import Refusal

log = logging.getLogger("motcua.api")

MEDIA = "application/problem+json"
TYPES = "/api/v1/loi/"


class FieldProblem(Schema):
    """One wrong field: where it is in what was sent, and why."""

    path: str
    detail: str


class ProblemShape(Schema):
    """Problem details (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = ""
    ground: str = ""
    errors: list[FieldProblem] = []


class Problem(Exception):  # noqa: N818 - RFC 9457's own word for it
    """Raised anywhere behind the machines' face; becomes the answer."""

    def __init__(
        self,
        status: int,
        kind: str,
        title: str,
        detail: str = "",
        *,
        ground: str = "",
        errors: Sequence[tuple[str, str]] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(kind)
        self.status, self.kind, self.title, self.detail, self.ground = status, kind, title, detail, ground
        self.errors, self.headers = errors, headers or {}

    def answer(self) -> HttpResponse:
        """The problem as an answer."""
        told: dict[str, Any] = {"type": f"{TYPES}{self.kind}", "title": self.title, "status": self.status}
        told |= {name: value for name, value in (("detail", self.detail), ("ground", self.ground)) if value}
        if self.errors:
            told["errors"] = [{"path": path, "detail": detail} for path, detail in self.errors]
        text = json.dumps(told, ensure_ascii=False)
        return HttpResponse(
            text, status=self.status, content_type=MEDIA, headers=self.headers | {"Cache-Control": "no-store"}
        )


def refused(refusal: Refusal) -> Problem:
    """A refusal of the law: 403 where the right is lacking, 409 where the dossier stands elsewhere, else 422."""
    status = {"not_yours": 403, "assurance_needed": 403, "changed_meanwhile": 409, "wrong_phase": 409}
    language = get_language() or "vi"
    return Problem(
        status.get(refusal.code, 422),
        refusal.code,
        _("Không thực hiện được theo quy định"),
        refusal.text.within(language),
        ground=refusal.ground,
    )


def missing() -> Problem:
    """What is not there, or not for this account: the same answer for both."""
    return Problem(404, "not_found", _("Không có, hoặc không phải của tài khoản này"))


def wrong(errors: Sequence[tuple[str, str]]) -> Problem:
    """Fields that cannot be taken."""
    return Problem(422, "invalid", _("Dữ liệu gửi lên có chỗ sai"), errors=errors)


def answer_with_problems(api: NinjaAPI) -> None:
    """Gives the interface its handlers: whatever is raised, the answer is a problem and never a page."""

    @api.exception_handler(Problem)
    def told(request: HttpRequest, error: Problem) -> HttpResponse:
        return error.answer()

    @api.exception_handler(Http404)
    def not_there(request: HttpRequest, error: Http404) -> HttpResponse:
        return missing().answer()

    @api.exception_handler(AuthenticationError)
    def not_known(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return unauthorised().answer()

    @api.exception_handler(ValidationError)
    def not_valid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return wrong([(_path(each["loc"]), str(each["msg"])) for each in error.errors]).answer()

    @api.exception_handler(RequestDataTooBig)
    def too_big(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
        return Problem(413, "too_large", _("Dữ liệu gửi lên quá lớn")).answer()

    @api.exception_handler(SuspiciousOperation)
    def suspicious(request: HttpRequest, error: SuspiciousOperation) -> HttpResponse:
        return Problem(400, "bad_request", _("Yêu cầu không đúng dạng")).answer()

    @api.exception_handler(HttpError)
    def http(request: HttpRequest, error: HttpError) -> HttpResponse:
        return Problem(error.status_code, "bad_request", _("Yêu cầu không đúng dạng")).answer()

    @api.exception_handler(DatabaseError)
    def database(request: HttpRequest, error: DatabaseError) -> HttpResponse:
        log.exception("the database refused a request of the interface")
        busy = Problem(503, "unavailable", _("Hệ thống đang bận, hãy gửi lại với cùng khóa"))
        busy.headers["Retry-After"] = "5"
        return busy.answer()


def unauthorised(detail: str = "") -> Problem:
    """No token, or one that is not good any more."""
    asks = {"WWW-Authenticate": 'Bearer realm="motcua", error="invalid_token"'}
    return Problem(401, "unauthorised", _("Cần mã truy cập còn hiệu lực"), detail, headers=asks)


def _path(place: Sequence[Any]) -> str:
    """`("body", "told", "applicant", "name")` as `applicant.name`: the names of our own parameters say nothing."""
    parts = [str(part) for part in place]
    return ".".join(parts[2:] if parts[:1] == ["body"] and len(parts) > 2 else parts[1:]) or ".".join(parts)
