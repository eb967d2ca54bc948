"""A procedure's form as residents and as clerks will see it, made from its definition alone.

Needs no database: nothing is filled in and nobody is looked up. Where the register would answer, it says so.
"""

from typing import Any

from django.utils.translation import gettext as _

from motcua.filing.questions import as_typed, shown_blocks, when_words
from motcua.filing.reading import ways
from motcua.filing.steps import steps_of
from motcua.law.limits import limit_in_words, parse_limit
from motcua.law.procedure import Paper, Procedure

Row = dict[str, Any]


def preview_context(procedure: Procedure, case: str, language: str) -> Row:
    """What the templates `filing/preview_portal.html` and `filing/preview_counter.html` show, for one case."""
    cases = [each.id for each in procedure.cases]
    case = case if case in cases else cases[0]
    return {
        "name": procedure.name.within(language),
        "code": procedure.code,
        "version": procedure.version,
        "valid_from": procedure.valid_from,
        "cases": [(each.id, each.name.within(language)) for each in procedure.cases],
        "case": case,
        "facts": _facts(procedure, language),
        "groups": _groups(procedure, case, language),
        "form_papers": [paper.name.within(language) for paper in _asked(procedure, case) if paper.online == "form"],
        "papers": [_paper(paper, procedure, language) for paper in _asked(procedure, case)],
        "pages": len(steps_of(procedure, case, {})),
    }


def _facts(procedure: Procedure, language: str) -> list[tuple[str, str]]:
    """What holds for filing online."""
    known = [field for field in procedure.fields() if field.known]
    words = {
        "electronic": _("bản điện tử"),
        "person": _("tại quầy"),
        "post": _("qua bưu điện"),
    }
    facts = [
        (_("Mức trực tuyến được công bố"), str(procedure.online_level)),
        (_("Tài khoản phải ở mức"), str(procedure.assurance)),
        (_("Mục lấy từ dân cư"), f"{len(known)} / {len(procedure.fields())}"),
        (_("Nhận kết quả"), ", ".join(words[way] for way in ways(procedure))),
    ]
    if procedure.confirm_draft:
        limit = limit_in_words(parse_limit(procedure.confirm_draft)).within(language)
        facts.append((_("Người nộp xem dự thảo trong"), limit))
    return facts


def _groups(procedure: Procedure, case: str, language: str) -> list[Row]:
    groups = []
    for group in procedure.form:
        asked = [field for field in group.fields if not field.cases or case in field.cases]
        shown = [field for field in asked if not field.computed]
        blocks = shown_blocks(shown, procedure, as_typed(shown, {}), {}, language, {})
        for field, block in zip(shown, blocks, strict=True):
            block |= {"asked": True, "no_same": True, "depends": ""}
            if field.known:
                block["topic"] = field.known
        computed = [(field.label.within(language), field.computed) for field in asked if field.computed]
        if blocks or computed:
            groups.append({"name": group.name.within(language), "blocks": blocks, "computed": computed})
    return groups


def _asked(procedure: Procedure, case: str) -> list[Paper]:
    return [paper for paper in procedure.papers if not paper.cases or case in paper.cases]


def _paper(paper: Paper, procedure: Procedure, language: str) -> Row:
    """One paper with the ways it can be given online, and how many are brought to a counter."""
    fields = {field.id: field for field in procedure.fields()}
    online = {"form": _("là tờ khai điện tử"), "scan": _("chụp hoặc tải lên"), "original": _("phải mang bản chính")}
    said = [online[paper.online]]
    kind, _colon, code = paper.known.partition(":")
    if kind == "result":
        said.insert(0, _("dùng lại kết quả của thủ tục %(code)s") % {"code": code})
    elif kind:
        said.insert(0, _("không cần khi dân cư biết: %(topic)s") % {"topic": kind})
    return {
        "id": paper.id,
        "name": paper.name.within(language),
        "note": paper.note.within(language) if paper.note else "",
        "required": paper.required,
        "when": _("khi %(when)s") % {"when": when_words(paper.when, fields, language)} if paper.when else "",
        "original": paper.original,
        "certified": paper.certified,
        "copy": paper.copy,
        "ticked": False,
        "has": {},
        "online": "; ".join(said),
        "is_form": paper.online == "form",
    }
