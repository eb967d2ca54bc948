"""The book of dossiers (form 06): what one counter took in, day by day, on the page and on paper."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.rows import decode_state
from motcua.filing.declared import read_day
from motcua.law.directory import Agency
from motcua.law.dossier import NATIONAL_STATUSES, Dossier, national_status
from motcua.law.rights import COUNTER
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.office.counter.places import counters
from motcua.office.counter.printing import inline
from motcua.office.door import actor_of, official
from motcua.organisation.directory import directory
from motcua.papers import forms
from motcua.papers.from_dossier import DESK, address_line, authority_name, place_name
from motcua.papers.sealing import file_name
from motcua.papers.typeset import render as render_paper
from motcua.tables import page_keys

PAGE = 50
MOST_PRINTED = 1000
LONGEST_SPAN = timedelta(days=366)
_RANGE = "d.receiving = %(agency)s AND d.accepted_at >= %(since)s AND d.accepted_at < %(until)s"


class Asked:
    """Which book and which days: today's when nothing is said."""

    def __init__(self, request: HttpRequest) -> None:
        places = counters(actor_of(request))
        if not places:
            raise Http404
        said = request.GET.get("noi", "")
        self.places = places
        self.place: Agency = next((each for each in places if str(each.number) == said), places[0])
        today = city_day(clock.now())
        self.first = _day(request.GET.get("tu", ""), today)
        self.last = min(max(_day(request.GET.get("den", ""), self.first), self.first), self.first + LONGEST_SPAN)

    def parameters(self) -> dict[str, Any]:
        """The range for the query: whole days of the city."""
        return {
            "agency": self.place.number,
            "since": datetime.combine(self.first, time(), tzinfo=CITY_ZONE),
            "until": datetime.combine(self.last + timedelta(days=1), time(), tzinfo=CITY_ZONE),
        }

    def link(self, **more: str) -> str:
        """The same book and days, with something changed."""
        said = {"noi": str(self.place.number), "tu": self.first.isoformat(), "den": self.last.isoformat(), **more}
        return "?" + urlencode({name: value for name, value in said.items() if value})


def _day(said: str, otherwise: date) -> date:
    found = read_day(said)
    return date.fromisoformat(found) if found and found >= "2000-01-01" else otherwise


@official(*COUNTER)
def book(request: HttpRequest) -> HttpResponse:
    """One page of the book, with the exact number of lines in these days."""
    asked = Asked(request)
    states, following = _page(asked, request.GET.get("sau", ""), PAGE)
    language = get_language() or "vi"
    context = {
        "places": [(str(each.number), each.name.within(language)) for each in asked.places],
        "place": str(asked.place.number),
        "name": asked.place.name.within(language),
        "first": asked.first,
        "last": asked.last,
        "rows": [_row(state, language) for state in states],
        "total": _count(asked),
        "next": asked.link(sau=following) if following else None,
        "previous": asked.link() if request.GET.get("sau") else None,
        "print": reverse("office:book_print") + asked.link(),
        "most": MOST_PRINTED,
    }
    return render(request, "office/counter/book.html", context)


def _count(asked: Asked) -> int:
    with store.cursor() as run:
        row = run.execute(f"SELECT count(*) FROM dossiers_dossier d WHERE {_RANGE}", asked.parameters()).fetchone()  # noqa: S608
    return int(row[0]) if row else 0


def _page(asked: Asked, after: str, limit: int) -> tuple[list[Dossier], str]:
    """Lines in the order of acceptance, and the key of the page that follows."""
    parameters: dict[str, Any] = {**asked.parameters(), "limit": limit + 1}
    beyond = "true"
    with suppress(page_keys.WrongKeyError):
        parameters["a_at"], parameters["a_id"] = page_keys.read(after, page_keys.instant, page_keys.number)
        beyond = "(d.accepted_at, d.id) > (%(a_at)s, %(a_id)s)"
    with store.cursor() as run:
        rows = run.execute(
            f"SELECT d.state FROM dossiers_dossier d WHERE {_RANGE} AND {beyond}"  # noqa: S608  our own conditions
            " ORDER BY d.accepted_at, d.id LIMIT %(limit)s",
            parameters,
        ).fetchall()
    states = [decode_state(row[0]) for row in rows]
    return page_keys.cut(states, limit, lambda last: page_keys.write(last.accepted_at, last.id))


def _row(state: Dossier, language: str) -> dict[str, Any]:
    return {
        "number": state.book,
        "href": reverse("office:dossier", args=[state.id]),
        "code": state.code,
        "procedure": versions.procedure_version(state.version).name.within(language),
        "applicant": state.applicant.name,
        "sets": state.sets,
        "received": state.accepted_at,
        "due": state.due_at,
        "returned": state.handed_at,
        "status": NATIONAL_STATUSES[national_status(state)][int(language.startswith("en"))],
    }


@official(*COUNTER)
def book_print(request: HttpRequest) -> HttpResponse:
    """The same lines as form 06, A4; too many at once are asked for in parts."""
    asked = Asked(request)
    if _count(asked) > MOST_PRINTED:
        context = {"most": MOST_PRINTED, "back": reverse("office:book") + asked.link()}
        return render(request, "office/counter/too_many.html", context, status=422)
    states, _following = _page(asked, "", MOST_PRINTED)
    form = printed_book(asked, states)
    return inline(render_paper(form), file_name(form))


def printed_book(asked: Asked, states: list[Dossier]) -> forms.Book:
    """Form 06 with these lines, as of now."""
    return forms.Book(
        head=forms.Letterhead(
            agency=DESK,
            superior=authority_name(asked.place),
            issued_at=clock.now(),
            place=place_name(asked.place),
        ),
        year=asked.first.year,
        entries=tuple(_entries(states)),
        opened_on=asked.first,
        closed_on=asked.last,
    )


def _entries(states: list[Dossier]) -> Iterator[forms.BookEntry]:
    known = directory()
    for state in states:
        contact = "; ".join(filter(None, (address_line(state.applicant, known), state.applicant.phone)))
        resolving = next(iter(state.places.values()), state.receiving)
        yield forms.BookEntry(
            number=str(state.book),
            code=state.code,
            procedure=versions.procedure_version(state.version).name.vi,
            name=state.applicant.name,
            received_at=state.accepted_at or state.lodged_at,
            due_at=state.due_at,
            sets=state.sets,
            contact=contact,
            agency=known[resolving].name.vi,
            returned_at=state.handed_at,
            note=_("đã trả") if state.handed_at else "",
        )
