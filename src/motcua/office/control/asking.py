"""What a reader of the control pages asks for, and how far their posts let them look.

Control looks at the agencies its posts oversee, as `dossiers.policy` says; a post that oversees nothing adds
nothing. What an address names and we do not know is a page that does not exist.
"""

from datetime import date, timedelta

from django.http import Http404, HttpRequest, QueryDict

from motcua.dossiers import clock
from motcua.law.limits import add_months
from motcua.law.working_time import city_day
from motcua.office.door import actor_of
from motcua.office.figure_lists import address
from motcua.organisation.directory import directory
from motcua.reports.periods import Kind, Period, containing, midnight, parse
from motcua.reports.scope import overseen
from motcua.reports.work import STATES, Part, State

DAYS_SHOWN = 30
SLUGS: dict[State, str] = {
    "open": "dang-giu", "late": "tre-han", "today": "han-hom-nay", "in_time": "con-han", "waiting": "tam-dung",
    "done_in_time": "xong-dung-han", "done_late": "xong-tre",
}  # fmt: skip
_STATES: dict[str, State] = {SLUGS[state]: state for state in STATES}
_LARGEST_ACCOUNT = 2**63 - 1


def scope_of(request: HttpRequest) -> tuple[int, ...] | None:
    """The agencies whose work the reader oversees; None when that is every agency."""
    return overseen(actor_of(request))


def asked(request: HttpRequest) -> Part:
    """The work an address names: of the last thirty days and now, unless it names a month.

    Raises Http404 for what it names and we do not know.
    """
    query, now = request.GET, clock.now()
    if any("\x00" in value for value in query.values()):
        raise Http404
    tomorrow = midnight(city_day(now) + timedelta(days=1))
    begin, end = tomorrow - timedelta(days=DAYS_SHOWN), tomorrow
    if words := query.get("thang"):
        first = _month(words)
        begin, end = midnight(first), midnight(add_months(first, 1))
    elif words := query.get("ky"):
        period = _period(words)
        begin, end = period.begins, period.ends
    return Part(
        scope=scope_of(request),
        begin=begin,
        end=end,
        now=now,
        tomorrow=tomorrow,
        agency=_agency(query.get("co-quan", "")),
        officer=_account(query.get("nguoi", "")),
        field=query.get("linh-vuc", "")[:60],
        procedure=query.get("thu-tuc", "")[:40],
        step=query.get("buoc", "")[:60],
        kind="step" if query.get("viec") == "buoc" else "",
    )


def _month(words: str) -> date:
    try:
        found = date.fromisoformat(f"{words}-01")
    except ValueError:
        raise Http404 from None
    if not 1990 <= found.year <= 2200:
        raise Http404
    return found


def _period(words: str) -> Period:
    try:
        found = parse(words)
    except ValueError:
        raise Http404 from None
    if not 1990 <= found.first.year <= 2200:
        raise Http404
    return found


def named_period(part: Part) -> Period | None:
    """The period that the part covers exactly, the shortest first; None for the last thirty days."""
    if part.end == part.tomorrow and part.begin == part.tomorrow - timedelta(days=DAYS_SHOWN):
        return None
    last = city_day(part.end) - timedelta(days=1)
    kinds: tuple[Kind, ...] = ("month", "quarter", "half_year", "year")
    found = (containing(last, kind, report=report) for report in (False, True) for kind in kinds)
    return next((each for each in found if (each.begins, each.ends) == (part.begin, part.end)), None)


def _agency(code: str) -> int:
    if not code:
        return 0
    known = directory().by_code.get(code)
    if known is None:
        raise Http404
    return known.number


def _account(words: str) -> int:
    if not words:
        return 0
    if not (words.isascii() and words.isdecimal()) or int(words[:20]) > _LARGEST_ACCOUNT:
        raise Http404
    return int(words)


def asked_state(query: QueryDict) -> State:
    """Which state an address names; what is open when it names none. Raises Http404 for another word."""
    words = query.get("loai", "")
    if words and words not in _STATES:
        raise Http404
    return _STATES.get(words, "open")


def parts_of(part: Part) -> dict[str, str]:
    """The part as parts of an address."""
    found: dict[str, str] = {}
    if (period := named_period(part)) is not None:
        found["thang" if period.kind == "month" and not period.report else "ky"] = period.code
    if part.agency:
        found["co-quan"] = directory()[part.agency].code
    if part.officer:
        found["nguoi"] = str(part.officer)
    named = {"linh-vuc": part.field, "thu-tuc": part.procedure, "buoc": part.step}
    if part.kind:
        found["viec"] = "buoc"
    return found | {name: value for name, value in named.items() if value}


def list_of(part: Part, state: State, **more: str) -> str:
    """The address of the list of the work in a state."""
    return address("control_dossiers", {"loai": SLUGS[state], **parts_of(part), **more})
