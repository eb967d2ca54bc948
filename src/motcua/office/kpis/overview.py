"""The list of the indicators by group: the value of a period, the line of the published months, the definition.

What was published of the period is shown as it was published; everything else is reckoned now.
"""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from motcua.kpis import definitions, published, reading
from motcua.kpis.drawing import line
from motcua.office.door import official
from motcua.office.kpis.seen import address, period_chips, scope_name, seen
from motcua.office.kpis.taking_along import overview_table
from motcua.office.list_files import parts_file
from motcua.reports.naming import said
from motcua.tables.table import Table

LINE = timedelta(days=400)


@official()
def kpis_page(request: HttpRequest) -> HttpResponseBase:
    """Every indicator the reader may see, or all of them as a file."""
    asked = seen(request)
    unit = asked.unit
    stated = published.of_period(asked.period.code, *unit) if unit else {}
    lines = published.lines(*unit, since=asked.period.ends - LINE) if unit else {}
    groups: dict[str, dict[str, Any]] = {}
    every = definitions.all(asked.viewer)
    unstated = [kpi for kpi in every if kpi.code not in stated]
    now = reading.values(unstated, asked.which, now=asked.now, within=asked.within)
    for kpi in every:
        group = groups.setdefault(
            kpi.group, {"id": kpi.group, "title": said(definitions.GROUPS[kpi.group]), "rows": []}
        )
        was = stated.get(kpi.code)
        found = was.reading if was else now.get(kpi.code)
        group["rows"].append(
            {
                "kpi": kpi,
                "reading": found,
                "name": said(kpi.name),
                "definition": said(kpi.definition),
                "href": address("kpi", asked, kpi.code),
                "value": reading.say(kpi, found) if found else None,
                "of": round(found.denominator or 0)
                if found and kpi.measure in ("share", "mean", "percentile")
                else None,
                "corrected": was.corrected if was else False,
                "line": line([each.reading.shown for each in lines.get(kpi.code, [])]),
            }
        )

    def tables() -> dict[str, Table]:
        notes = (_("Số đã công bố."),) if stated else ()
        return {"": overview_table(list(groups.values()), asked, *notes)}

    if (file := parts_file(request, tables, f"chi-so-{asked.period.code}")) is not None:
        return file
    context = {
        "groups": groups.values(),
        "period": said(asked.period.name),
        "scope": scope_name(asked),
        "periods": period_chips(asked, "kpis"),
        "broken": {each.file for each in definitions.problems()},
        "published": bool(stated),
    }
    return render(request, "office/kpis/overview.html", context)
