"""The work behind "where the time goes": each finished piece of a post, the longest first, with its dossier."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.dossiers.clock_face import worked_words
from motcua.office.control.words import people
from motcua.office.door import official
from motcua.office.steering import words
from motcua.office.steering.asking import READERS, asked, held, page_of, spent_of
from motcua.reports.naming import place_name, version_name, work_name, work_state_name
from motcua.steering import spending
from motcua.steering.spending import Piece

LONGEST_ROLE = 40


@official(*READERS)
def desk_spent(request: HttpRequest) -> HttpResponse:
    """One page of the work of a post in the last days, or of what of it was late."""
    now = clock.now()
    which, role, late = asked(request.GET, now, held(request)), request.GET.get("khau", ""), "tre" in request.GET
    if not role.isidentifier() or len(role) > LONGEST_ROLE:
        raise Http404
    counted = next((each for each in spending.by_post(which, now) if each.role == role), None)
    after = request.GET.get("sau", "")
    try:
        pieces, following = spending.longest(which, now, role, late=late, after=after)
    except ValueError:
        raise Http404 from None
    name = words.role_words(role)
    title = _("%(post)s: việc xong trễ") % {"post": name} if late else _("%(post)s: việc đã xong") % {"post": name}
    context = {
        "title": title,
        "place": words.place_words(which),
        "parts": words.part_names(which),
        "period": _("xong trong %(days)d ngày qua; lâu nhất đứng trước") % {"days": spending.DAYS},
        "total": 0 if counted is None else counted.late if late else counted.pieces,
        "table": _table(pieces, title),
        "rows": pieces,
        "first": spent_of(which, role, late=late) if after else None,
        "next": spent_of(which, role, following, late=late) if following else None,
        "crumbs": [(_("Bàn điều hành"), page_of(which)), (title, None)],
        "back": page_of(which),
    }
    return render(request, "office/steering/dossiers.html", context)


def _table(pieces: list[Piece], caption: str) -> dict[str, Any]:
    names = people(piece.officer for piece in pieces)
    return {
        "caption": caption,
        "columns": [
            {"key": "code", "label": _("Mã hồ sơ"), "kind": "code"},
            {"key": "state", "label": _("Thời hạn"), "kind": "tag"},
            {"key": "worked", "label": _("Làm"), "kind": "text"},
            {"key": "waited", "label": _("Chờ theo luật"), "kind": "text"},
            {"key": "moved", "label": _("Trên đường"), "kind": "text"},
            {"key": "where", "label": _("Nơi làm"), "kind": "text"},
            {"key": "who", "label": _("Cán bộ"), "kind": "text"},
            {"key": "procedure", "label": _("Thủ tục"), "kind": "text"},
            {"key": "closed", "label": _("Xong"), "kind": "when"},
        ],
        "rows": [
            {
                "id": f"{piece.dossier_id}-{piece.no}",
                "href": reverse("office:dossier", args=[piece.dossier_id]),
                "label": piece.code or _("chưa có mã"),
                "cells": {
                    "code": piece.code or _("chưa có mã"),
                    "state": ("late", work_state_name("done_late"))
                    if piece.late
                    else ("on_time", work_state_name("done_in_time")),
                    "worked": worked_words(piece.worked),
                    "waited": worked_words(piece.waited) if piece.waited else "",
                    "moved": worked_words(piece.in_transit) if piece.in_transit else "",
                    "where": ": ".join(
                        each
                        for each in (place_name(piece.agency), work_name(piece.version, piece.step, piece.kind))
                        if each
                    ),
                    "who": names.get(piece.officer, ""),
                    "procedure": version_name(piece.version),
                    "closed": piece.closed,
                },
            }
            for piece in pieces
        ],
    }
