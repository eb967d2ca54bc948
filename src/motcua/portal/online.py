"""What the portal says of doing a procedure online: the level that is really possible, and why it is not higher.

Reckoning it is left to `catalogue.online` and the law; here it is only put into words.
"""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue.online import Standing, standing
from motcua.law.online_level import Obstacle, OnlineLevel


def level_words(level: int) -> str:
    """What a level of Decree 43/2011 lets people do."""
    return {
        0: _("Chưa đủ thông tin trên mạng"),
        1: _("Mức độ 1: xem hướng dẫn trên mạng, nộp tại quầy"),
        2: _("Mức độ 2: tải mẫu đơn trên mạng, nộp tại quầy"),
        3: _("Mức độ 3: khai và nộp trực tuyến"),
        4: _("Mức độ 4: nộp, trả phí và nhận kết quả không cần đến"),
    }[level]


def extent_words(extent: str) -> str:
    """Whole or part, as Decree 42/2022 divides them; '' before it."""
    return {
        "": "",
        "information": _("chỉ cung cấp thông tin trực tuyến"),
        "part": _("dịch vụ công trực tuyến một phần"),
        "whole": _("dịch vụ công trực tuyến toàn trình"),
    }[extent]


def joined(obstacles: Iterable[Obstacle]) -> str:
    """Obstacles as clauses of one sentence."""
    language = get_language() or "vi"
    return "; ".join(dict.fromkeys(each.text.within(language) for each in obstacles))


def why_not_higher(level: OnlineLevel) -> str:
    """One sentence: what stands between this level and the next one; '' at the highest."""
    if not level.next_obstacles:
        return ""
    said = {"next": level.level + 1, "why": joined(level.next_obstacles)}
    return _("Chưa phải mức %(next)d vì %(why)s.") % said


def online_answer(code: str, day: date) -> tuple[str, str]:
    """The level of a procedure over the city and why it is no higher: the answer, and a note beneath it."""
    found = standing(code, day)
    if found is None:
        return _("Chưa nơi nào trong thành phố nhận thủ tục này"), ""
    value = level_words(found.least.level)
    if found.least.level != found.best.level:
        value = _("Mức độ %(least)d đến %(best)d, tùy nơi nhận") % {
            "least": found.least.level,
            "best": found.best.level,
        }
    return value, " ".join(filter(None, (_extent(found), why_not_higher(found.least))))


def _extent(found: Standing) -> str:
    said = extent_words(found.least.extent)
    return f"{said[:1].upper()}{said[1:]}." if said else ""
