"""Why a dossier may be late, in words: the features that speak most for it, with the figures behind them."""

from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.flow.risk import Reason


def reason_words(reason: Reason) -> str:
    """One reason as an official would say it; the feature's name where there are no words for it."""
    figures = reason.plain
    first = figures[0] if figures else 0.0
    second = figures[1] if len(figures) > 1 else 0.0
    match reason.feature:
        case "used":
            return _("đã dùng %(share)s %% thời hạn") % {"share": round(first * 100)}
        case "pressure":
            return _("các bước còn lại được giao %(needed)s, chỉ còn %(left)s") % {
                "needed": worked_words(round(first)), "left": worked_words(max(round(second), 0)),
            } if first > second else _("thời gian còn lại (%(left)s) ít hơn thường lệ") % {
                "left": worked_words(max(round(second), 0))
            }  # fmt: skip
        case "step_used":
            if first >= 2:
                return _("bước hiện tại đã dùng gấp %(times)s lần thời gian được giao") % {"times": round(first)}
            return _("bước hiện tại đã dùng %(share)s %% thời gian được giao") % {"share": round(first * 100)}
        case "in_transit":
            return _("đang trên đường giữa hai cơ quan, chưa được nhận")
        case "waiting":
            return _("đang tạm dừng theo luật")
        case "supplements":
            return _("đã phải bổ sung %(n)s lần") % {"n": round(first)}
        case "returns":
            return _("đã bị trả lại bước trước %(n)s lần") % {"n": round(first)}
        case "agency_late":
            return _("cơ quan đang giữ xong trễ %(share)s %% việc trong 90 ngày qua") % {"share": round(first * 100)}
        case "backlog":
            return _("cơ quan đang giữ tồn %(n)s việc, bằng %(days)s ngày làm việc") % {
                "n": round(first), "days": max(round(second), 1),
            }  # fmt: skip
        case "procedure_late":
            return _("thủ tục này trễ %(share)s %% trong 180 ngày qua") % {"share": round(first * 100)}
        case "online":
            return _("nộp trực tuyến")
        case "weekday":
            return _("ngày trong tuần")
        case "tet":
            return _("còn %(n)s ngày nữa là Tết") % {"n": round(first)} if first >= 0 else _("không gần Tết")
    return reason.feature


def feature_name(name: str) -> str:
    """What a feature is called, on the page about the model."""
    return {
        "used": _("phần thời hạn đã dùng"),
        "pressure": _("các bước còn lại so với thời gian còn lại"),
        "step_used": _("phần thời gian của bước đã dùng"),
        "in_transit": _("đang trên đường giữa hai cơ quan"),
        "waiting": _("đang tạm dừng theo luật"),
        "supplements": _("số lần bổ sung"),
        "returns": _("số lần bị trả lại"),
        "agency_late": _("tỷ lệ việc trễ của cơ quan đang giữ, 90 ngày"),
        "backlog": _("việc tồn của cơ quan đang giữ"),
        "procedure_late": _("tỷ lệ trễ của thủ tục, 180 ngày"),
        "online": _("nộp trực tuyến"),
        "weekday": _("ngày trong tuần"),
        "tet": _("gần Tết"),
    }.get(name, name)
