"""The work behind "where the time goes": each finished piece of a post, the longest first, with its dossier."""

from functools import partial
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.dossiers.clock_face import worked_words
from motcua.office.control.words import people
from motcua.office.door import official
from motcua.office.figure_lists import dossier_row, dossier_table, turned
from motcua.office.list_files import downloads_of, list_file
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, asked, held, page_of, spent_of
from motcua.reports.naming import kind_name, place_name, version_name, work_name
from motcua.steering import spending
from motcua.steering.spending import Piece

LONGEST_ROLE = 40


@official(*READERS)
def desk_spent(request: HttpRequest) -> HttpResponseBase:
    """One page of the work of a post in the last days, or of what of it was late."""
    now = clock.now()
    which, role, late = asked(request.GET, now, held(request)), request.GET.get("khau", ""), "tre" in request.GET
    if not role.isidentifier() or len(role) > LONGEST_ROLE:
        raise Http404

    def page(after: str, **more: int) -> tuple[list[Piece], str]:
        return spending.longest(which, now, role, late=late, after=after, **more)

    name = words.role_words(role)
    title = _("%(post)s, việc xong trễ") % {"post": name} if late else _("%(post)s, việc đã xong") % {"post": name}
    period = _("xong trong %(days)d ngày qua; lâu nhất đứng trước") % {"days": spending.DAYS}
    notes = (", ".join([words.place_words(which), *words.part_names(which)]), period)
    if (file := list_file(request, title, page, partial(_table, caption=title, in_file=True), notes)) is not None:
        return file
    counted = next((each for each in spending.by_post(which, now) if each.role == role), None)
    pieces, pages = turned(request, page, partial(spent_of, which, role, late=late))
    total = 0 if counted is None else counted.late if late else counted.pieces
    context = {
        "title": title,
        "place": words.place_words(which),
        "parts": words.part_names(which),
        "period": period,
        "total": total,
        "table": _table(pieces, title),
        **pages,
        **downloads_of(total),
        "crumbs": [(_("Bàn điều hành"), page_of(which)), (title, None)],
        "back": page_of(which),
    }
    return render(request, "office/steering/dossiers.html", context)


def _table(pieces: list[Piece], caption: str, *, in_file: bool = False) -> dict[str, Any]:
    """The pieces as rows. A file has the minutes as numbers where the page has words."""
    minutes = [
        ("worked", _("Làm (phút làm việc)"), "minutes"),
        ("waited", _("Chờ theo luật (phút làm việc)"), "minutes"),
        ("moved", _("Trên đường (phút làm việc)"), "minutes"),
    ]
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("state", _("Thời hạn"), "tag"),
        *(minutes if in_file else [("spent", _("Thời gian"), "words")]),
        ("where", _("Nơi làm"), "words"),
        ("who", _("Cán bộ"), "text"),
        ("procedure", _("Thủ tục"), "text"),
        ("closed", _("Xong"), "when"),
    ]
    names = people(piece.officer for piece in pieces)
    return dossier_table(caption, columns, [_row(piece, names.get(piece.officer, "")) for piece in pieces])


def _spent(piece: Piece) -> str:
    parts = [
        _("làm %(time)s") % {"time": worked_words(piece.worked)},
        _("chờ theo luật %(time)s") % {"time": worked_words(piece.waited)} if piece.waited else "",
        _("trên đường %(time)s") % {"time": worked_words(piece.in_transit)} if piece.in_transit else "",
    ]
    return "; ".join(each for each in parts if each)


def _row(piece: Piece, who: str) -> dict[str, Any]:
    code = piece.code or _("chưa có mã")
    where = (place_name(piece.agency), work_name(piece.version, piece.step, piece.kind))
    cells = {
        "code": code,
        "state": ("late", kind_name("late")) if piece.late else ("on_time", kind_name("on_time")),
        "spent": _spent(piece),
        "worked": piece.worked,
        "waited": piece.waited,
        "moved": piece.in_transit,
        "where": ": ".join(each for each in where if each),
        "who": who,
        "procedure": version_name(piece.version),
        "closed": piece.closed,
    }
    return dossier_row(piece.dossier_id, code, cells, no=piece.no)
