"""Processes as BPMN files, out and in, and event logs of bounded size, straight from the page."""

from collections.abc import Iterator
from typing import cast

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.flow.bpmn_in import read_bpmn
from motcua.flow.bpmn_names import MOST_BYTES
from motcua.flow.bpmn_out import write_bpmn
from motcua.flow.differences import differences
from motcua.flow.event_log import Selection, how_many, traces
from motcua.flow.ocel_out import write_ocel
from motcua.flow.xes_out import write_xes
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address
from motcua.office.flow.asking import looked_at, procedure_or_404

MOST_IN_A_PAGE = 20_000
READERS = {"control", "admin"}


@official(*sorted(CONTROL_ROLES))
def flow_bpmn(request: HttpRequest) -> HttpResponse:
    """The procedure's process as a BPMN 2.0 file."""
    procedure = procedure_or_404(request.GET.get("thu-tuc", "")[:40])
    text = write_bpmn(procedure.code, procedure.name, procedure.process)
    response = HttpResponse(text, content_type="application/xml; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{procedure.code}.bpmn"'
    return response


@official(*sorted(READERS))
def flow_read(request: HttpRequest) -> HttpResponse:
    """Reads a BPMN file: what is refused in it, by element and line; how it differs from the process that holds.

    Changes nothing: a new version of a procedure comes with the content.
    """
    procedure = procedure_or_404(request.GET.get("thu-tuc", "")[:40])
    language = get_language() or "vi"
    context: dict[str, object] = {
        "name": procedure.name.within(language),
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (procedure.name.within(language), address("control_process", {"thu-tuc": procedure.code})),
            (_("Đọc tệp BPMN"), None),
        ],
    }
    if request.method == "POST":
        given = request.FILES.get("tep")
        if given is None or given.size is None or given.size > MOST_BYTES:
            context["missing"] = _("Hãy chọn một tệp .bpmn, nhỏ hơn 2 MB.")
        else:
            found = read_bpmn(given.read())
            differ = differences(procedure.process, found.process) if found.process else []
            context |= {
                "read": True,
                "refused": [
                    {"line": each.line, "element": each.element, "reason": each.reason.within(language)}
                    for each in found.refused
                ],
                "differences": [each.words.within(language) for each in differ],
            }
    return render(request, "office/flow/read.html", context, status=200)


@official(*sorted(CONTROL_ROLES))
def flow_log_xes(request: HttpRequest) -> HttpResponse:
    """The event log of the slice as XES."""
    return cast(HttpResponse, _log(request, "xes"))


@official(*sorted(CONTROL_ROLES))
def flow_log_ocel(request: HttpRequest) -> HttpResponse:
    """The event log of the slice as OCEL 2.0."""
    return cast(HttpResponse, _log(request, "ocel"))


def _log(request: HttpRequest, kind: str) -> HttpResponse | StreamingHttpResponse:
    found = looked_at(request)
    selection = Selection(found.slice.begin, found.slice.end, found.slice.procedure, found.slice.scope)
    if (number := how_many(selection)) > MOST_IN_A_PAGE:
        context = {
            "number": number,
            "most": MOST_IN_A_PAGE,
            "kind": kind,
            "back": address("flow_ways", found.parts),
        }
        return render(request, "office/flow/too_large.html", context, status=413)
    pieces: Iterator[str] = (
        write_ocel(traces(selection, papers=True)) if kind == "ocel" else write_xes(traces(selection))
    )
    kinds = {"xes": ("application/xml", "xes"), "ocel": ("application/json", "ocel.json")}
    response = StreamingHttpResponse(pieces, content_type=f"{kinds[kind][0]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="motcua-{found.slice.procedure or "all"}.{kinds[kind][1]}"'
    return response
