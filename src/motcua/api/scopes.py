"""What a machine may be allowed to do, in the words of OAuth 2: one scope each, the same for apps and partners."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from oauth2_provider.scopes import BaseScopes

SCOPES = {
    "procedures:read": _("xem thủ tục"),
    "dossiers:read": _("xem hồ sơ của tài khoản"),
    "dossiers:write": _("nộp hồ sơ, bổ sung, rút, trả lời dự thảo, đánh giá"),
    "files:write": _("tải giấy tờ lên"),
    "payments:read": _("xem khoản phải nộp"),
    "payments:write": _("bắt đầu thanh toán"),
    "results:read": _("tải kết quả điện tử"),
    "webhooks": _("nhận báo tin về hồ sơ của tài khoản"),
    "register:import": _("nạp dữ liệu dân cư, có kết quả từng dòng"),
}
# What a resident may let an app do for them; the register is filled by houses, not by people.
FOR_RESIDENTS = tuple(name for name in SCOPES if name != "register:import")


class ClientScopes(BaseScopes):  # type: ignore[misc]
    """Each client has its own most; asked for nothing, it gets all of that."""

    def get_all_scopes(self) -> dict[str, str]:
        """Every scope there is, with its words."""
        return {name: str(words) for name, words in SCOPES.items()}

    def get_available_scopes(
        self, application: Any = None, request: Any = None, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Those the client may ask for."""
        return [name for name in application.scopes.split() if name in SCOPES] if application is not None else []

    def get_default_scopes(self, application: Any = None, *args: Any, **kwargs: Any) -> list[str]:
        """Those it gets when it names none."""
        return self.get_available_scopes(application)
