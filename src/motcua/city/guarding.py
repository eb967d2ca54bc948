"""What the live pages do not show: a place and a procedure together, for small numbers there point at people.

The page says so, leads to each of the two alone, and to the published table in which small cells are hidden.
"""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.city import words
from motcua.city.asking import page_of
from motcua.opendata.catalogue import path_of_dataset
from motcua.reports.figures import Filter

GUARDED = "ho-so-co-quan-va-thu-tuc"


def guarded(request: HttpRequest, which: Filter) -> HttpResponse:
    """Says why these figures or this list are not shown, and what is."""
    place = msgspec.structs.replace(which, field="", procedure="")
    affair = msgspec.structs.replace(which, agency=0, tier="")
    context = {
        "parts": words.part_names(which),
        "ways": [
            (" · ".join(words.part_names(each)), page_of(each)) for each in (place, affair) if words.part_names(each)
        ],
        "dataset": path_of_dataset(GUARDED),
        "crumbs": [(_("Toàn thành phố"), reverse("city:city")), (_("Không hiện ở đây"), None)],
    }
    return render(request, "city/guarded.html", context)
