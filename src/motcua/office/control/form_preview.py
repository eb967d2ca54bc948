"""A published procedure's form as residents and as clerks see it, for those who write and answer for procedures."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing.preview import preview_context
from motcua.law.working_time import city_day
from motcua.office.door import official

FACES = ("cong", "quay")


@official("control", "admin")
def form_preview(request: HttpRequest, code: str) -> HttpResponse:
    """The version in force today, or the one whose number is asked for; one case and one face at a time."""
    found = versions.snapshot()
    cards = found.cards.get(found.resolve(code), [])
    wanted = request.GET.get("ban", "")
    today = found.current(found.resolve(code), city_day(clock.now()))
    card = next((each for each in cards if str(each.version) == wanted), today or (cards[-1] if cards else None))
    if card is None:
        raise Http404
    language = get_language() or "vi"
    procedure = versions.procedure_version(card.version_id)
    face = request.GET.get("mat", "")
    face = face if face in FACES else FACES[0]
    context = preview_context(procedure, request.GET.get("truong-hop", ""), language)
    here = reverse("office:form_preview", args=[procedure.code])

    def address(**changes: str) -> str:
        asked = {"ban": str(card.version), "truong-hop": context["case"], "mat": face} | changes
        return f"{here}?" + "&".join(f"{name}={value}" for name, value in asked.items())

    context |= {
        "face": face,
        "tabs": [
            {"label": label, "href": address(mat=each), "current": each == face}
            for each, label in zip(FACES, (_("Trên cổng"), _("Tại quầy")), strict=True)
        ],
        "case_tabs": [
            {"label": label, "href": address(**{"truong-hop": each}), "current": each == context["case"]}
            for each, label in context["cases"]
        ],
        "versions": [(each.version, address(ban=str(each.version)), each.version == card.version) for each in cards],
        "crumbs": [(_("Kiểm soát"), reverse("office:control")), (procedure.name.within(language), None)],
    }
    return render(request, "office/form_preview.html", context)
