"""What a clock says to people: a state, the words, and how the date was reached, as plain data for any page.

Deadlines are the law's; here they are only put into words, in the reader's language.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from motcua.calendars.lookup import calendar_for
from motcua.law.clocks import Wait
from motcua.law.dossier import Dossier
from motcua.law.limits import deadline, remaining
from motcua.law.procedure import Procedure
from motcua.law.rights import GROUNDS
from motcua.law.working_time import WorkingCalendar, city_day
from motcua.organisation.directory import directory

Face = dict[str, Any]


def calendar_of(agency: int) -> WorkingCalendar:
    """The working calendar an agency keeps to today."""
    agencies = directory()
    return calendar_for(agency, agencies[agency].tier, house=agencies.house(agency))


def time_left(calendar: WorkingCalendar, now: datetime, due: datetime) -> tuple[str, str]:
    """The state (on_time, due_today, late) and the words people say."""
    left = remaining(calendar, now, due)
    if left.late and not left.working_minutes:
        return "late", _("vừa quá hạn")
    if left.late:
        return "late", _("trễ %(span)s") % {"span": _span(left.working_minutes, left.working_days)}
    if city_day(now) == city_day(due):
        return "due_today", _("hạn hôm nay, còn %(span)s") % {"span": _span(left.working_minutes, 0)}
    return "on_time", _("còn %(span)s") % {"span": _span(left.working_minutes, left.working_days)}


def _span(minutes: int, days: int) -> str:
    if days >= 1:
        return ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", days) % {"n": days}
    if minutes >= 60:
        return ngettext("%(n)d giờ", "%(n)d giờ", minutes // 60) % {"n": minutes // 60}
    return ngettext("%(n)d phút", "%(n)d phút", minutes) % {"n": minutes}


def _ground(ground: str) -> str:
    vi, en = GROUNDS[ground]
    return en if (get_language() or "vi").startswith("en") else vi


def short_face(
    calendar: WorkingCalendar, now: datetime, opened: datetime, due: datetime, *, waiting: bool = False
) -> Face:
    """The clock of a task or a dossier in a list: no explanation, one bisection each."""
    if waiting:
        return {"state": "waiting", "words": _("tạm dừng tính giờ"), "share": None, "due": due}
    state, words = time_left(calendar, now, due)
    return {"state": state, "words": words, "share": share_used(calendar, opened, now, due), "due": due}


def share_used(calendar: WorkingCalendar, opened: datetime, now: datetime, due: datetime) -> float:
    """How much of the working time from `opened` to `due` has run; above 1 when it is late."""
    whole = calendar.worked_minutes_between(opened, due) if due > opened else 0
    run = calendar.worked_minutes_between(opened, now) if now > opened else 0
    return run / whole if whole else (1.0 if now > due else 0.0)


def dossier_face(state: Dossier, now: datetime, *, calendar: WorkingCalendar | None = None) -> Face | None:
    """The dossier's legal clock for a chip; None before a date was promised."""
    if state.due_at is None or state.accepted_at is None:
        return None
    calendar = calendar or calendar_of(state.receiving)
    if state.finished_at is not None or state.phase == "ended":
        return _finished(state)
    if state.pause is not None:
        return {
            "state": "waiting",
            "words": _ground(state.pause.ground),
            "share": None,
            "due": state.due_at,
            "paused_since": state.pause.since,
        }
    return short_face(calendar, now, state.accepted_at, state.due_at)


def _finished(state: Dossier) -> Face:
    late = state.finished_at is not None and state.due_at is not None and state.finished_at > state.due_at
    return {
        "state": "late" if late else "done",
        "words": _("đã giải quyết, trễ hạn") if late else _("đã giải quyết"),
        "share": None,
        "due": state.due_at,
    }


def explained(
    face: Face, state: Dossier, procedure: Procedure, waits: tuple[Wait, ...], now: datetime, held: dict[int, int]
) -> Face:
    """The face with how its date was reached: days counted and skipped, pauses, and who held it how long."""
    if state.accepted_at is None or state.due_at is None:
        return face
    language = get_language() or "vi"
    agencies = directory()
    calendar = calendar_of(state.receiving)
    reckoned = deadline(calendar, state.accepted_at, procedure.case(state.case).limit(state.channel))
    days = [{"day": day, "counted": True} for day, _minutes in reckoned.counted]
    days += [{"day": day, "counted": False, "reason": why.within(language)} for day, why in reckoned.skipped]
    waited = (now - state.lodged_at).days
    return {
        **face,
        "name": _("Hạn theo luật"),
        "explanation": [
            (_("Nhận đủ hồ sơ"), state.accepted_at),
            (_("Cách tính"), reckoned.rule.within(language)),
            (_("Hẹn trả lúc tiếp nhận"), state.promised_at),
            (_("Hẹn trả hiện nay"), state.due_at),
        ],
        "days": sorted(days, key=lambda each: each["day"]),
        "pauses": [
            {
                "from": wait.since,
                "to": wait.until,
                "ground": _ground(wait.ground),
                "actor": agencies[wait.agency].name.within(language),
            }
            for wait in waits
        ],
        "held": [
            {"who": agencies[agency].name.within(language), "words": worked_words(minutes)}
            for agency, minutes in held.items()
        ],
        "own_words": ngettext("người dân đã chờ %(n)d ngày", "người dân đã chờ %(n)d ngày", waited) % {"n": waited},
    }


def worked_words(minutes: int) -> str:
    """Minutes of working time as people say them, a day being eight hours."""
    days, rest = divmod(minutes, 8 * 60)
    hours, left = divmod(rest, 60)
    parts = []
    if days:
        parts.append(ngettext("%(n)d ngày làm việc", "%(n)d ngày làm việc", days) % {"n": days})
    if hours:
        parts.append(ngettext("%(n)d giờ", "%(n)d giờ", hours) % {"n": hours})
    if left and not days:
        parts.append(ngettext("%(n)d phút", "%(n)d phút", left) % {"n": left})
    return " ".join(parts) or _("dưới 1 phút")
