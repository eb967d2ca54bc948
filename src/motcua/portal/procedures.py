"""The home page, the search, and the procedure pages: what to bring, how long, how much, where."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from motcua.catalogue import versions
from motcua.catalogue.search import search_procedures
from motcua.dossiers import clock
from motcua.filing.offices import anywhere
from motcua.law.fees import Fee, Fixed, Percentage, PerCopy, PerPage, money
from motcua.law.limits import limit_in_words
from motcua.law.procedure import Case, Procedure
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.portal.online import online_answer
from motcua.reports import figures

ICONS = {
    "have_child": "baby", "build_house": "house", "open_shop": "store", "move": "truck", "marry": "heart-handshake",
    "lose_someone": "flower", "land": "map-pin", "papers": "stamp", "study": "graduation-cap", "health": "stethoscope",
    "work_and_support": "briefcase",
}  # fmt: skip
ASKED = (
    ("khai sinh", gettext_noop("khai sinh")),
    ("giấy phép xây dựng", gettext_noop("xây nhà")),
    ("chứng thực bản sao", gettext_noop("sao y công chứng")),
    ("hộ kinh doanh", gettext_noop("mở cửa hàng")),
)


def home(request: HttpRequest) -> HttpResponse:
    """One question, the following of a dossier, the events of a life, and one honest line."""
    language = get_language() or "vi"
    events = [
        {
            "code": event.code,
            "icon": ICONS.get(event.code, "flag"),
            "name": event.name.within(language),
            "summary": event.more.within(language),
        }
        for event in versions.life_events()
    ]
    asked = [(_(said), f"{reverse('portal:search')}?q={words}") for words, said in ASKED]
    context = {"events": events, "asked": asked, "yesterday": figures.yesterday(clock.now())}
    return render(request, "portal/home.html", context)


def search(request: HttpRequest) -> HttpResponse:
    """Procedures by what people call them, without accents and with slips of the finger."""
    query = request.GET.get("q", "").strip()[:200]
    hits = search_procedures(query, limit=20) if query else []
    if len(hits) == 1:
        return redirect("portal:procedure", hits[0].code)
    context = {"query": query, "rows": [_card(each.code) for each in hits]}
    return render(request, "portal/search.html", context)


def _card(code: str) -> dict[str, Any]:
    language = get_language() or "vi"
    _version, procedure = versions.current_version(code, city_day(clock.now()))
    return {
        "href": reverse("portal:procedure", args=[procedure.code]),
        "name": procedure.name.within(language),
        "time": _time(procedure.cases[0], language),
        "where": ", ".join(_tiers(procedure)),
    }


def life_event(request: HttpRequest, code: str) -> HttpResponse:
    """The procedures that belong to an event of a life."""
    event = next((each for each in versions.life_events() if each.code == code), None)
    if event is None:
        raise Http404
    language = get_language() or "vi"
    cards = [card for card in versions.cards_on(city_day(clock.now())) if code in card.life_events]
    context = {
        "name": event.name.within(language),
        "summary": event.more.within(language),
        "rows": [_card(card.code) for card in cards],
        "crumbs": [(_("Trang đầu"), reverse("portal:home")), (event.name.within(language), None)],
    }
    return render(request, "portal/life_event.html", context)


def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure, the answer first and the law last."""
    try:
        _version, law = versions.current_version(code, city_day(clock.now()))
    except versions.UnknownProcedureError as error:
        raise Http404 from error
    if law.code != code:
        return redirect("portal:procedure", law.code)
    language = get_language() or "vi"
    context = {
        "procedure": law,
        "name": law.name.within(language),
        "summary": law.summary.within(language) if law.summary else "",
        "answers": _answers(law, language),
        "file_online": _file_online(law),
        "cases": [{"name": case.name.within(language), "time": _time(case, language)} for case in law.cases],
        "papers": [_paper(paper, language) for paper in law.papers],
        "fees": [_fee(fee, language) for fee in law.fees],
        "stages": [
            {"name": stage.name.within(language), "agency": _place(stage.place, language), "state": "next",
             "when": limit_in_words(stage.time()).within(language), "note": ""}
            for stage in law.process.stages
        ],
        "demonstration": [_demonstrated(part) for part in law.demonstration],
        "crumbs": [(_("Trang đầu"), reverse("portal:home")), (law.name.within(language), None)],
    }  # fmt: skip
    return render(request, "portal/procedure.html", context)


def _file_online(law: Procedure) -> dict[str, Any] | None:
    """The one button: to file online, where anybody takes it so."""
    if not law.form or not anywhere(law.code, city_day(clock.now())):
        return None
    return {"href": reverse("portal:file", args=[law.code]), "label": _("Nộp trực tuyến")}


def _answers(law: Procedure, language: str) -> list[dict[str, Any]]:
    who = {"person": _("cá nhân"), "business": _("doanh nghiệp, hộ kinh doanh"), "organisation": _("tổ chức")}
    online, why = online_answer(law.code, city_day(clock.now()))
    return [
        {"icon": "users", "label": _("Ai nộp được"), "value": _sentence([who[kind] for kind in law.applicants])},
        {"icon": "clock", "label": _("Bao lâu"), "value": _sentence([_time(law.cases[0], language)])},
        {"icon": "banknote", "label": _("Bao nhiêu tiền"), "value": _fees_line(law, language)},
        {"icon": "map-pin", "label": _("Nộp ở đâu"), "value": _sentence(_tiers(law))},
        {"icon": "monitor", "label": _("Trực tuyến"), "value": online, "note": why},
    ]


def _demonstrated(part: str) -> str:
    words = {
        "process": _("quy trình nội bộ"),
        "fees": _("phí, lệ phí"),
        "cases": _("thời hạn"),
        "code": _("mã thủ tục"),
    }
    return words.get(part, part)


def _sentence(parts: list[str]) -> str:
    """The parts with commas; only the first letter is raised, for names keep theirs."""
    said = ", ".join(parts)
    return said[:1].upper() + said[1:]


def _time(case: Case, language: str) -> str:
    return limit_in_words(case.limit("counter")).within(language)


def _tiers(law: Procedure) -> list[str]:
    names = {
        "commune": _("Một cửa phường, xã, thị trấn"),
        "district": _("Một cửa quận, huyện"),
        "department": _("Một cửa sở"),
        "branch": _("chi nhánh, chi cục"),
    }
    found = [names[tier] for tier in law.received_at]
    language, agencies = get_language() or "vi", directory()
    return found + [
        agencies.by_code[code].name.within(language) for code in law.received_by if code in agencies.by_code
    ]


def _fees_line(law: Procedure, language: str) -> str:
    if not law.fees:
        return _("Miễn phí")
    if len(law.fees) == 1:
        return _rule(law.fees[0].rule, language)
    # Several amounts without their names would read as one price.
    return "; ".join(f"{fee.name.within(language)}: {_rule(fee.rule, language)}" for fee in law.fees)


def _rule(rule: Fixed | PerPage | PerCopy | Percentage, language: str) -> str:
    match rule:
        case Fixed():
            return _("%(amount)s đ") % {"amount": money(rule.amount, language)} if rule.amount else _("Miễn phí")
        case PerPage():
            parts = [
                _("từ trang %(page)d: %(amount)s đ") % {"page": tier.from_page, "amount": money(tier.amount, language)}
                for tier in rule.tiers
            ]
            cap = rule.cap_per_copy
            return ", ".join(parts) + (_(", tối đa %(cap)s đ một bản") % {"cap": money(cap, language)} if cap else "")
        case PerCopy():
            base = _("%(amount)s đ") % {"amount": money(rule.base, language)} if rule.base else ""
            more = _("%(amount)s đ mỗi bản") % {"amount": money(rule.amount, language)}
            return f"{base} + {more}" if base else more
        case Percentage():
            return f"{format(rule.percent.normalize(), 'f').replace('.', ',' if language == 'vi' else '.')}%"


def _fee(fee: Fee, language: str) -> dict[str, Any]:
    timing = {
        "before": _("nộp khi nộp hồ sơ"),
        "after": _("nộp khi nhận kết quả"),
        "on_notice": _("nộp theo thông báo"),
    }
    return {
        "name": fee.name.within(language),
        "amount": _rule(fee.rule, language),
        "timing": timing[fee.timing],
        "exemptions": [each.name.within(language) for each in fee.exemptions],
        "demonstration": fee.demonstration,
    }


def _paper(paper: Any, language: str) -> dict[str, Any]:
    return {
        "id": paper.id,
        "name": paper.name.within(language),
        "note": paper.note.within(language) if paper.note else "",
        "required": paper.required,
        "when": _("tùy trường hợp") if paper.when or paper.cases else "",
        "original": paper.original,
        "certified": paper.certified,
        "copy": paper.copy,
        "ticked": False,
        "has": {},
    }


def _place(place: str, language: str) -> str:
    kind, _colon, name = place.partition(":")
    agencies = directory()
    if kind == "named" and name in agencies.by_code:
        return agencies.by_code[name].name.within(language)
    tiers = {
        "commune": _("phường, xã, thị trấn"),
        "district": _("quận, huyện, thị xã"),
        "department": _("sở, ngành"),
        "city": _("thành phố"),
        "branch": _("chi nhánh, chi cục"),
    }
    if kind in ("tier", "chosen"):
        return tiers.get(name, name)
    return {"here": _("nơi nộp hồ sơ"), "above": _("cấp trên trực tiếp")}.get(kind, "")
