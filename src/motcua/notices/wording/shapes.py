"""The shape of `notices/messages.yaml` in a content pack, and the kinds of messages with what each may speak of.

A kind is ours, since the code says when it is told; the words are the city's. Checking is left to `checking`.
"""

from datetime import datetime, timedelta
from typing import Annotated, Literal

import msgspec

from motcua.law.texts import Text
from motcua.law.working_time import CITY_ZONE

Channel = Literal["sms", "push", "email"]
Hours = Annotated[int, msgspec.Meta(ge=0, le=24 * 60)]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one kind of message says on each channel, in both languages, and how it is to travel.

    `channels` is the order in which destinations are tried; without any it stays in the inbox. `required` by
    `ground`: a person cannot opt out of it and its proof goes into the journal. `urgent` does not wait for morning.
    `accents` sends text messages as they are written, at more than twice the parts.
    """

    kind: str
    title: Text
    text: Text
    expires_hours: Hours
    channels: tuple[Channel, ...] = ()
    sms: Text | None = None
    email: Text | None = None
    required: bool = False
    ground: str = ""
    urgent: bool = False
    accents: bool = False
    expires_minutes: Hours = 0

    @property
    def lifetime(self) -> timedelta:
        """For how long the message is worth sending."""
        return timedelta(hours=self.expires_hours, minutes=self.expires_minutes)


class MessagesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`notices/messages.yaml`."""

    messages: tuple[Message, ...]


_DUE = datetime(2019, 1, 7, 17, 0, tzinfo=CITY_ZONE).isoformat()
_BASICS: dict[str, str | int] = {
    "code": "000.00.02.H26-181217-0042",
    "procedure": "Cấp giấy phép xây dựng nhà ở riêng lẻ",
    "agency": "Phường Hàng Mẫu",
    "link": "https://motcua.example/cua-toi/ho-so/14876901377/",
}
_CAMPAIGN: dict[str, str | int] = {
    "title": "Máy tính và đường truyền của xã, phường",
    "agency": "Phường Hàng Mẫu",
    "due": _DUE,
    "link": "https://motcua.example/can-bo/thu-thap/phieu/42/",
}
_CHANGED = _CAMPAIGN | {"reason": "Chờ số liệu kiểm kê cuối năm"}

_FIGURE: dict[str, str | int] = {
    "alert": "Quá hạn nhiều",
    "measure": "Số hồ sơ đang quá hạn",
    "value": "57",
    "limit": "50",
    "place": "Quận Mẫu",
    "link": "https://motcua.example/can-bo/ban-dieu-hanh/canh-bao/7/",
}

# What each kind's words may speak of, with an example each. `name` is for mail and the inbox only.
KINDS: dict[str, dict[str, str | int]] = {
    "submitted": _BASICS | {"code": "T181217-00014-0007", "answer_by": _DUE},
    "accepted": _BASICS | {"due": _DUE},
    "supplement": _BASICS | {"count": 2, "reason": "Bản vẽ thiếu mặt cắt móng"},
    "declined": _BASICS | {"reason": "Không thuộc thẩm quyền"},
    "fee": _BASICS | {"amount": 75_000},
    "paid": _BASICS | {"amount": 75_000, "receipt": "BL00042"},
    "draft": _BASICS | {"until": _DUE},
    "extended": _BASICS | {"due": _DUE, "reason": "Cần xác minh thêm tại thực địa", "by": "Quận Mẫu"},
    "moved": _BASICS | {"due": _DUE, "old": _DUE, "reason": "Lịch làm việc thay đổi"},
    "ready": _BASICS,
    "refused": _BASICS,
    "issued": _BASICS,
    "handed_over": _BASICS | {"rate": "https://motcua.example/danh-gia/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_A/"},
    "closed": _BASICS | {"days": 15},
    "stopped": _BASICS | {"reason": "Theo đề nghị của cơ quan có thẩm quyền"},
    "withdrawn": _BASICS,
    "draft_expiring": _BASICS | {"until": _DUE},
    "sign_in_code": {"sign_in": "482913", "minutes": 10},
    "account": {
        "subject": "Tài khoản Một cửa của bạn",
        "words": "Tài khoản của bạn vừa có số liên hệ mới. Nếu không phải bạn, hãy đến một quầy Một cửa.",
    },
    "answer_alert": _BASICS | {"code": "T181217-00014-0007", "answer_by": _DUE},
    "export_ready": {
        "list": "Hồ sơ đã tiếp nhận, tháng 12/2018",
        "rows": "12.345",
        "format": "Excel",
        "until": _DUE,
        "link": "https://motcua.example/can-bo/so-lieu/tai-xuong/",
    },
    "export_failed": {
        "list": "Hồ sơ đã tiếp nhận, tháng 12/2018",
        "reason": "Danh sách quá dài cho bản PDF.",
        "link": "https://motcua.example/can-bo/so-lieu/tai-xuong/",
    },
    "campaign_opened": _CAMPAIGN,
    "campaign_due": _CAMPAIGN,
    "campaign_late": _CAMPAIGN,
    "campaign_returned": _CAMPAIGN,
    "campaign_moved": _CHANGED | {"old": _DUE},
    "campaign_closed": _CHANGED,
    "campaign_reopened": _CHANGED,
    "figure_alert": _FIGURE,
    "figure_alert_over": _FIGURE,
    "target_due": {
        "target": "Tỷ lệ hồ sơ nộp trực tuyến",
        "day": "31/12/2018",
        "agency": "Văn phòng UBND thành phố",
        "link": "https://motcua.example/can-bo/chi-tieu/ty-le/",
    },
    "digest": {
        "place": "Quận Mẫu",
        "days": "17/12/2018 – 23/12/2018",
        "complete": "08:00 24/12/2018",
        "received": "1.204",
        "online": "310/1.204 (25,7%)",
        "answered": "1.150",
        "on_time": "1.120/1.150 (97,4%)",
        "late": "30",
        "open": "820",
        "overdue": "41",
        "waiting": "95",
        "compared": "tăng 52 hồ sơ so với kỳ trước",
        "worst": "Phường Hàng Mẫu: 12 hồ sơ trễ",
        "link": "https://motcua.example/can-bo/ban-dieu-hanh/",
    },
    "test": {"agency": "Phường Hàng Mẫu"},
}
PERSONAL = {"reason"}
