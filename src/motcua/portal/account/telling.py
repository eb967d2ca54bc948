"""The history of an account in people's words."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from motcua.accounts.models import AccountEvent
from motcua.accounts.sessions import device_words

ICONS = {
    "signed_in": "log-in", "opened": "door-open", "proven": "shield-check", "deleted": "trash-2",
    "phone_changed": "phone", "phone_removed": "phone", "email_changed": "mail", "email_removed": "mail",
    "session_ended": "log-out", "sessions_ended": "log-out", "authority_given": "users",
    "authority_revoked": "users",
}  # fmt: skip
_FACTORS: dict[str, Callable[[], str]] = {
    "webauthn": lambda: _("khóa truy cập"),
    "totp": lambda: _("ứng dụng xác thực"),
    "recovery_codes": lambda: _("mã dự phòng"),
}
_WAYS: dict[str, Callable[[], str]] = {
    "password": lambda: _("mật khẩu"),
    "socialaccount": lambda: _("định danh điện tử"),
    **_FACTORS,
}
_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "opened": lambda about: _("Mở tài khoản"),
    "signed_in": lambda about: _signed_in(about),
    "password_changed": lambda about: _("Đổi mật khẩu"),
    "password_reset": lambda about: _("Đặt mật khẩu mới bằng mã gửi đến bạn"),
    "factor_added": lambda about: _("Thêm %(factor)s") % {"factor": _factor(about)},
    "factor_removed": lambda about: _("Bỏ %(factor)s") % {"factor": _factor(about)},
    "factor_reset": lambda about: _("Làm lại %(factor)s") % {"factor": _factor(about)},
    "identity_added": lambda about: _("Gắn định danh điện tử %(provider)s") % {"provider": about.get("provider", "")},
    "proven": lambda about: _proven(about),
    "phone_changed": lambda about: _("Đổi số điện thoại sang %(after)s") % {"after": about.get("after", "")},
    "email_changed": lambda about: _("Đổi thư điện tử sang %(after)s") % {"after": about.get("after", "")},
    "phone_removed": lambda about: _("Bỏ số điện thoại %(before)s") % {"before": about.get("before", "")},
    "email_removed": lambda about: _("Bỏ thư điện tử %(before)s") % {"before": about.get("before", "")},
    "session_ended": lambda about: _("Thoát từ xa ở %(device)s") % {"device": _device(about)},
    "sessions_ended": lambda about: _("Thoát ở mọi nơi khác"),
    "authority_given": lambda about: _("Ghi thẩm quyền làm thay cho %(name)s") % {"name": about.get("principal", "")},
    "authority_revoked": lambda about: (
        _("Thu hồi thẩm quyền làm thay cho %(name)s") % {"name": about.get("principal", "")}
    ),
    "deleted": lambda about: _("Xóa tài khoản"),
}


def told(event: AccountEvent) -> dict[str, Any]:
    """One entry for the timeline: when, who, what, from where."""
    sentence = _SENTENCES.get(event.verb)
    browser, system = device_words(event.device)
    where = " · ".join(part for part in (browser, system, event.address or "") if part)
    return {
        "when": event.at,
        "who": event.by_name or "",
        "what": sentence(event.details) if sentence else event.verb,
        "note": where,
        "icon": ICONS.get(event.verb, "lock"),
    }


def _signed_in(about: dict[str, Any]) -> str:
    used = [_WAYS[each]() for each in str(about.get("how", "")).split("+") if each in _WAYS]
    return _("Đăng nhập bằng %(ways)s") % {"ways": ", ".join(used)} if used else _("Đăng nhập")


def _factor(about: dict[str, Any]) -> str:
    factor = _FACTORS.get(str(about.get("factor", "")))
    return factor() if factor else ""


def _proven(about: dict[str, Any]) -> str:
    if about.get("how") == "provider":
        return _("Lên mức 2 qua %(provider)s") % {"provider": about.get("provider", "")}
    return _("Lên mức 2: đối chiếu căn cước tại quầy")


def _device(about: dict[str, Any]) -> str:
    return ", ".join(part for part in (about.get("browser"), about.get("system")) if part) or _("thiết bị khác")
