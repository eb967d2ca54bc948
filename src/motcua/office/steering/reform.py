"""The reform index: an agency's own assessment, its evidence, the city's review, the years, and the files of it."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers import clock
from motcua.files import store as files
from motcua.files.models import StoredFile
from motcua.files.serving import answer as file_answer
from motcua.law.refusal import Refusal
from motcua.law.working_time import city_day
from motcua.office.door import actor_of, official
from motcua.office.steering import words
from motcua.organisation.directory import directory
from motcua.reports.naming import agency_name, said
from motcua.steering import reform_index as index
from motcua.steering.measures import find
from motcua.steering.models import Assessment, Evidence
from motcua.steering.models_targets import DRAFT, SUBMITTED
from motcua.steering.reform_index import Line, Sheet
from motcua.steering.scope import houses, sets_for_the_city

_LARGEST_YEAR = 2200


@official()
def reform_assessments(request: HttpRequest) -> HttpResponse:
    """One's own agencies with their years, and for the city every one that was submitted; a POST begins one."""
    actor, now = actor_of(request), clock.now()
    own = sorted(houses(actor))
    if request.method == "POST":
        agency, year = request.POST.get("agency", ""), request.POST.get("year", "")
        if not (agency.isdecimal() and year.isdecimal() and int(agency[:9]) in own and int(year[:9]) <= _LARGEST_YEAR):
            raise Http404
        answer = index.begin(actor, int(agency), int(year), now)
        if isinstance(answer, Refusal):
            messages.error(request, answer.text.within(words.language()))
            return redirect("office:reform_assessments")
        return redirect("office:reform_assessment", answer.pk)
    is_city = sets_for_the_city(actor)
    submitted = Assessment.objects.exclude(state=DRAFT).order_by("-year", "agency") if is_city else []
    context = {
        "own": [
            {"number": each, "name": agency_name(each), "years": [_year(*row) for row in index.history(each)]}
            for each in own
        ],
        "is_city": is_city,
        "submitted": [_listed(each) for each in submitted],
        "this_year": city_day(now).year,
        "crumbs": [(_("Số liệu"), reverse("office:figures")), (_("Chỉ số cải cách hành chính"), None)],
    }
    return render(request, "office/steering/reform_list.html", context)


def _year(assessment: Assessment, own: Decimal, reviewed: Decimal | None) -> dict[str, Any]:
    return {**_listed(assessment), "own": words.number_words(own, ""), "reviewed": words.number_words(reviewed, "")}


def _listed(assessment: Assessment) -> dict[str, Any]:
    return {
        "href": reverse("office:reform_assessment", args=[assessment.pk]),
        "agency": agency_name(assessment.agency),
        "year": assessment.year,
        "state": words.state_words(assessment.state),
        "tag": {"draft": "waiting", "submitted": "due_today", "reviewed": "on_time"}[assessment.state],
        "at": assessment.reviewed_at or assessment.submitted_at or assessment.made_at,
    }


def seen_or_404(request: HttpRequest, number: int) -> Assessment:
    found = Assessment.objects.select_related("version").filter(pk=number).first()
    if found is None or not index.may_see(actor_of(request), found):
        raise Http404
    return found


@official()
def reform_assessment(request: HttpRequest, number: int) -> HttpResponse:
    """The sheet. A POST keeps points, attaches a file, submits, or reviews, as its button says."""
    assessment, actor, now = seen_or_404(request, number), actor_of(request), clock.now()
    mine, is_city = assessment.agency in houses(actor), sets_for_the_city(actor)
    if request.method == "POST":
        try:
            refusal = _act(request, assessment)
        except InvalidOperation:
            refusal = Refusal("number", index.Text(_("Điểm phải là số, ví dụ 1,5.")))
        if refusal is None:
            messages.success(request, _("Đã lưu."))
            return redirect("office:reform_assessment", number)
        messages.error(request, refusal.text.within(words.language()))
        return redirect("office:reform_assessment", number)
    if mine and assessment.state == DRAFT:
        index.compute(assessment, now)
    sheet = index.sheet(assessment)
    editable = mine and assessment.state == DRAFT
    reviewing = is_city and assessment.state == SUBMITTED
    context = {
        "assessment": assessment,
        "agency": agency_name(assessment.agency),
        "state": words.state_words(assessment.state),
        "areas": [_area(area, sheet) for area in sheet.index.areas],
        "total": words.number_words(sheet.total(), ""),
        "total_reviewed": words.number_words(sheet.total(reviewed=True), ""),
        "most": words.number_words(_most(sheet), ""),
        "unscored": sheet.unscored,
        "is_demo": sheet.index.is_demo,
        "editable": editable,
        "may_submit": editable and assessment.agency in houses(actor, "leader"),
        "reviewing": reviewing,
        "crumbs": [
            (_("Chỉ số cải cách hành chính"), reverse("office:reform_assessments")),
            (f"{agency_name(assessment.agency)}, {assessment.year}", None),
        ],
    }
    return render(request, "office/steering/reform_sheet.html", context)


def _most(sheet: Sheet, area: str = "") -> Decimal:
    wanted = [sheet.lines[area]] if area else list(sheet.lines.values())
    return sum((Decimal(str(each.criterion.points)) for lines in wanted for each in lines), Decimal(0))


def _area(area: Any, sheet: Sheet) -> dict[str, Any]:
    return {
        "code": area.code,
        "name": said(area.name),
        "most": words.number_words(_most(sheet, area.code), ""),
        "own": words.number_words(sheet.total(area.code), ""),
        "reviewed": words.number_words(sheet.total(area.code, reviewed=True), ""),
        "lines": [_line(each) for each in sheet.lines[area.code]],
    }


def _line(line: Line) -> dict[str, Any]:
    score, measure = line.score, find(line.criterion.measure)
    differs = score.reviewed is not None and score.points is not None and score.reviewed != score.points
    return {
        "code": line.criterion.code,
        "name": said(line.criterion.name),
        "most": words.number_words(Decimal(str(line.criterion.points)), ""),
        "points": words.number_words(score.points, ""),
        "note": score.note,
        "computed": measure is not None,
        "figure": words.number_words(score.figure, measure.unit) if measure else "",
        "measure": said(measure.name) if measure else "",
        "sample": score.sample,
        "reviewed": words.number_words(score.reviewed, ""),
        "review_note": score.review_note,
        "differs": differs,
        "evidence": [
            {"name": each.name, "by": each.by_name, "href": reverse("office:reform_evidence", args=[each.pk])}
            for each in line.evidence
        ],
    }


def _number(text: str) -> Decimal | None:
    text = text.strip().replace(",", ".")
    if not text:
        return None
    found = Decimal(text)
    if not found.is_finite() or found.as_tuple().exponent < -2:  # type: ignore[operator]
        raise InvalidOperation(text)
    return found


def _given(request: HttpRequest, points: str, note: str) -> dict[str, tuple[Decimal | None, str]]:
    """The points and words of a form, by criterion."""
    codes = [name.removeprefix(points) for name in request.POST if name.startswith(points)]
    return {
        code: (_number(request.POST[f"{points}{code}"]), request.POST.get(f"{note}{code}", "").strip())
        for code in codes
    }


def _act(request: HttpRequest, assessment: Assessment) -> Refusal | None:
    actor, now, what = actor_of(request), clock.now(), request.POST.get("what", "")
    if what.startswith("attach:"):
        return _attach(request, assessment, what.removeprefix("attach:"))
    if what in ("save", "submit"):
        refusal = index.score(assessment, actor, _given(request, "p-", "n-"))
        return refusal or (index.submit(assessment, actor, now) if what == "submit" else None)
    if what in ("review", "close"):
        return index.review(assessment, actor, _given(request, "r-", "w-"), now, close=what == "close")
    raise Http404


def _attach(request: HttpRequest, assessment: Assessment, criterion: str) -> Refusal | None:
    actor = actor_of(request)
    upload = request.FILES.get(f"f-{criterion}")
    # What was typed beside the file is not lost.
    refusal = index.score(assessment, actor, _given(request, "p-", "n-"))
    if refusal is not None:
        return refusal
    if upload is None:
        return Refusal("no_file", index.Text(_("Hãy chọn tệp minh chứng.")))
    try:
        stored = files.put(upload.file, name=str(upload.name))
    except files.NotStoredError as error:
        return Refusal("file", index.Text(str(error)))
    answer = index.attach(assessment, actor, criterion, stored.digest, str(upload.name), clock.now())
    return answer if isinstance(answer, Refusal) else None


@official()
def reform_evidence(request: HttpRequest, number: int) -> HttpResponseBase:
    """A file of evidence, for whoever may see the assessment."""
    found = Evidence.objects.select_related("score").filter(pk=number).first()
    if found is None:
        raise Http404
    seen_or_404(request, found.score.assessment_id)
    stored = StoredFile.objects.filter(pk=found.file).first()
    if stored is None:
        raise Http404
    return file_answer(request, found.file, stored.media_type, found.name)


def rows_of(sheet: Sheet) -> Iterator[tuple[Any, ...]]:
    """The sheet as rows: each area with its sums, then its criteria."""
    for area in sheet.index.areas:
        yield (area.code, said(area.name), _most(sheet, area.code), sheet.total(area.code), "",
               sheet.total(area.code, reviewed=True), "", 0)  # fmt: skip
        for each in sheet.lines[area.code]:
            yield (
                each.criterion.code, said(each.criterion.name), Decimal(str(each.criterion.points)), each.score.points,
                each.score.note, each.score.reviewed, each.score.review_note, len(each.evidence),
            )  # fmt: skip


def heads() -> tuple[str, ...]:
    """The columns of the sheet as a file."""
    return (
        _("Mã"), _("Lĩnh vực, tiêu chí"), _("Điểm tối đa"), _("Tự chấm"), _("Giải trình"), _("Thẩm định"),
        _("Lý do khác"), _("Số tệp minh chứng"),
    )  # fmt: skip


def file_stem(assessment: Assessment) -> str:
    """What the file is called."""
    code = directory()[assessment.agency].code.replace("/", "-")
    return f"cai-cach-{code}-{assessment.year}"
