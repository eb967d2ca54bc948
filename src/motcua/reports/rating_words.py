"""The nine questions of a rating in everyday words, and a rating as it is shown again.

The criteria and their points are those of Circular 01/2018, articles 13 and 14, as lived by the person who rates.
"""

from typing import Any

from django.utils.translation import gettext as _

from motcua.law.dossier import Dossier
from motcua.law.rating import CRITERIA


def questions() -> dict[str, tuple[str, tuple[str, str, str]]]:
    """Each criterion with its question and its answers for 2, 1 and 0 points."""
    return {
        "1": (
            _("Có kết quả đúng ngày hẹn không?"),
            (_("Sớm hơn ngày hẹn"), _("Đúng ngày hẹn"), _("Trễ hơn ngày hẹn")),
        ),
        "2": (
            _("Từng nơi xử lý làm có nhanh không?"),
            (_("Nơi nào cũng nhanh"), _("Vừa đúng hạn"), _("Có nơi để lâu quá hạn")),
        ),
        "3": (
            _("Bạn phải sửa hay bổ sung hồ sơ mấy lần?"),
            (_("Không lần nào"), _("Một lần"), _("Hơn một lần")),
        ),
        "4": (
            _("Ngoài nơi nộp, bạn phải đến hay gọi thêm mấy nơi?"),
            (_("Không nơi nào"), _("Một nơi"), _("Hơn một nơi")),
        ),
        "5": (
            _("Nộp và nhận có gọn ở một chỗ không?"),
            (_("Xong hết ở một chỗ"), _("Nộp và nhận một chỗ, chờ nơi khác làm"), _("Phải chạy nhiều chỗ")),
        ),
        "6": (
            _("Hướng dẫn, mẫu đơn có đúng và đủ không?"),
            (_("Đúng và đủ, cả trên mạng lẫn tại nơi nộp"), _("Chỉ đủ ở một trong hai"), _("Sai hoặc thiếu")),
        ),
        "7": (
            _("Người tiếp bạn có lịch sự, tận tình không?"),
            (_("Lịch sự, tận tình"), _("Bình thường"), _("Có điều phải phàn nàn")),
        ),
        "8": (
            _("Khi bạn hỏi hay góp ý, có được trả lời không?"),
            (_("Được trả lời ngay, hoặc không cần hỏi"), _("Được trả lời nhưng chậm"), _("Không được trả lời")),
        ),
        "9": (
            _("Làm trên mạng có được không?"),
            (_("Làm được hết"), _("Làm được một phần"), _("Không làm được, hoặc lỗi")),
        ),
    }


def fields(typed: dict[str, str]) -> list[dict[str, Any]]:
    """The questions as groups of choices, with what was chosen before."""
    return [
        {
            "id": f"c{number}", "name": f"c{number}", "label": f"{number}. {question}", "kind": "radios",
            "required": True,
            "choices": [(points, answer) for points, answer in zip(("2", "1", "0"), answers, strict=True)],
            "value": typed.get(f"c{number}", ""), "errors": [],
        }
        for number, (question, answers) in questions().items()
    ]  # fmt: skip


def scores_of(typed: dict[str, str]) -> dict[str, int]:
    """The points of the questions that were answered; what is no answer is left out."""
    return {each: int(typed[f"c{each}"]) for each in CRITERIA if typed.get(f"c{each}") in ("0", "1", "2")}


def as_rated(state: Dossier) -> dict[str, Any] | None:
    """A rating for its reader: the answers in words, what was contested of it, and how that ended."""
    rating = state.rating
    if rating is None:
        return None
    said = questions()
    return {
        "at": rating.at,
        "points": sum(rating.scores.values()),
        "most": 2 * len(rating.scores),
        "answers": [
            {"key": said[each][0], "value": said[each][1][2 - points]}
            for each, points in sorted(rating.scores.items())
            if each in said
        ],
        "words": rating.words,
        "contested_at": rating.contested_at,
        "contested_for": rating.contested_for,
        "stands": rating.stands,
        "ruling": rating.ruling,
    }
