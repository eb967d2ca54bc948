"""The page of papers: each with the ways it can be given, and the files that were sent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.filing.knowing import proven_by
from motcua.filing.models import Draft
from motcua.filing.questions import when_words
from motcua.filing.reading import Read
from motcua.filing.register import register
from motcua.law.procedure import Paper, Procedure
from motcua.portal.filing.attaching import upload_field

Row = dict[str, Any]


def file_rows(draft: Draft, files: Any) -> list[Row]:
    """Files as pages show them: name, size, and where to look at them."""
    return [
        {
            "digest": each["digest"],
            "name": each["name"],
            "href": _address(draft, each["digest"]),
            "image": next((_address(draft, one) for one in each.get("previews") or ()), ""),
            "size": _size(int(each.get("size") or 0)),
            "pages": each.get("pages") or 0,
        }
        for each in files or ()
    ]


def _address(draft: Draft, digest: str) -> str:
    return reverse("portal:draft_file", args=[draft.uuid, digest])


def _size(size: int) -> str:
    if size >= 1024 * 1024:
        return f"{size / 1024 / 1024:.1f} MB".replace(".", "," if (get_language() or "vi") == "vi" else ".")
    return f"{max(1, size // 1024)} kB"


def documents_of(draft: Draft) -> list[Any]:
    """The documents issued to whom the application is for, that hold today."""
    number = str(draft.principal.get("number") or "")
    return list(register().documents_of(number)) if number else []


def papers_part(
    draft: Draft, procedure: Procedure, read: Read, saved: dict[str, Any], errors: dict[str, list[str]]
) -> Row:
    """Every paper asked for, this form itself first."""
    language = get_language() or "vi"
    issued = documents_of(draft)
    asked = [paper for paper in procedure.papers if paper.is_asked(draft.case, read.form)]
    return {
        "form_papers": [paper.name.within(language) for paper in asked if paper.online == "form"],
        "papers": [
            _paper(paper, draft, procedure, saved.get(paper.id) or {}, errors, issued)
            for paper in asked
            if paper.online != "form"
        ],
    }


def _paper(
    paper: Paper, draft: Draft, procedure: Procedure, saved: Row, errors: dict[str, list[str]], issued: list[Any]
) -> Row:
    language = get_language() or "vi"
    name = f"paper-{paper.id}"
    known = proven_by(draft)(paper.known) if paper.known else ""
    fitting = _fitting(paper, issued)
    how = str(saved.get("how") or "")
    chosen = f"issued:{saved.get('digest')}" if how == "issued" else how
    if not chosen:
        chosen = "known" if known else f"issued:{fitting[0].digest}" if fitting else "scan"
    ways: list[tuple[str, str]] = []
    if known:
        ways.append(("known", _("Không nộp, lấy từ cơ sở dữ liệu dân cư")))
    ways += [(f"issued:{each.digest}", _("Dùng lại: %(name)s") % {"name": each.name}) for each in fitting or issued]
    if paper.online == "scan":
        ways.append(("scan", _("Chụp ảnh hoặc tải tệp lên")))
    ways.append(("bring", _("Mang đến quầy sau")))
    fields = {field.id: field for field in procedure.fields()}
    return {
        "id": paper.id,
        "name": paper.name.within(language),
        "note": paper.note.within(language) if paper.note else "",
        "required": paper.required,
        "when": _("khi %(when)s") % {"when": when_words(paper.when, fields, language)} if paper.when else "",
        "ways": ways,
        "chosen": chosen,
        "known": bool(known),
        "upload": upload_field(draft, name, _("Tệp của giấy tờ này"), [], required=True)
        if paper.online == "scan"
        else None,
        "errors": errors.get(name, []),
    }


def _fitting(paper: Paper, issued: list[Any]) -> list[Any]:
    """Of the issued documents those that are the result the paper names."""
    return [each for each in issued if paper.known.startswith("result:") and each.kind == paper.known]
