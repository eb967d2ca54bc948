"""What a changed process would have done: a form with a row per stage and step, and last year's dossiers through it.

The form is an address, so that a question can be sent to somebody. The reckoning stands in `flow.whatif`.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import partial
from typing import Any

import msgspec
from django.http import Http404, HttpRequest, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from motcua.dossiers.clock_face import worked_words
from motcua.flow.lives import MOST_LIVES, Lives, lives
from motcua.flow.minutes import DAY, read_limit
from motcua.flow.slices import FEWEST
from motcua.flow.variants import dossiers
from motcua.flow.whatif import Outcome, Part, Plan, Share, replay
from motcua.kpis.wording import number
from motcua.law.process import Process
from motcua.office.door import CONTROL_ROLES, official
from motcua.office.figure_lists import address, dossier_row, dossier_table, turned
from motcua.office.flow.asking import Asked, looked_at, narrowed, procedure_or_404, tabs
from motcua.office.flow.taking_along import notes_of, whatif_tables
from motcua.office.list_files import downloads_of, list_file, parts_file
from motcua.reports.naming import agency_name, procedure_name, said
from motcua.tables import page_keys
from motcua.tables.table import Table

PAGE = 50
MOST_DAYS, MOST_HOURS = 500, 4000
MEASURE = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,2})?")
HOW = {"": "keep", "bo": "cut", "gop": "merge", "song-song": "together"}


class Form(msgspec.Struct, frozen=True):
    """What the form says: a plan, what cannot be read of it, and everything as it was typed."""

    plan: Plan
    errors: dict[str, str]
    typed: dict[str, str]


def read_form(query: QueryDict, process: Process) -> Form:
    """The plan in an address. Fields left out, empty or as they were change nothing."""
    errors: dict[str, str] = {}
    mine = [name for name in query if name[:2] in ("g-", "b-", "c-") or name in ("rut", "tiet-kiem")]
    typed = {name: query.get(name, "")[:12] for name in mine}
    stages = _limits(process.stages, "g", DAY, MOST_DAYS, typed, errors)
    steps = _limits(process.steps, "b", 60, MOST_HOURS, typed, errors)
    how = [HOW.get(typed.get(f"c-{at}", ""), "keep") for at in range(len(process.steps))]
    cut = tuple(step.id for step, each in zip(process.steps, how, strict=True) if each == "cut")
    plan = Plan(
        stage_limits=stages,
        step_limits=steps,
        cut=cut,
        merged=_groups(process, how, "merge"),
        together=_groups(process, how, "together"),
        merge_saves=_number("tiet-kiem", typed, errors, 100) or 0,
        total_cut=(_number("rut", typed, errors, MOST_DAYS) or 0) * DAY,
    )
    if plan.merge_saves and not plan.merged:
        plan = msgspec.structs.replace(plan, merge_saves=0)
    return Form(plan, errors, typed)


def _limits(
    parts: Any, prefix: str, minutes: int, most: int, typed: dict[str, str], errors: dict[str, str]
) -> dict[str, int]:
    found = {}
    for at, part in enumerate(parts):
        name = f"{prefix}-{at}"
        present = read_limit(part.limit if prefix == "g" else part.budget)
        # What the field showed is the limit as it is, however it was rounded.
        if typed.get(name, "").strip() == _in(present, minutes):
            continue
        number = _measure(name, typed, errors, most)
        if number is not None:
            found[part.id] = round(number * minutes)
    return found


def _measure(name: str, typed: dict[str, str], errors: dict[str, str], most: int) -> float | None:
    """A limit as people write it: half a day is 0,5 or 0.5."""
    words = typed.get(name, "").strip()
    if not words:
        return None
    if not MEASURE.fullmatch(words) or float(words.replace(",", ".")) > most:
        errors[name] = _("Hãy ghi một số từ 0 đến %(most)s, như 4 hoặc 0,5.") % {"most": most}
        return None
    return float(words.replace(",", "."))


def _number(name: str, typed: dict[str, str], errors: dict[str, str], most: int) -> int | None:
    words = typed.get(name, "").strip()
    if not words:
        return None
    if not (words.isascii() and words.isdecimal()) or int(words) > most:
        errors[name] = _("Hãy ghi một số nguyên từ 0 đến %(most)s.") % {"most": most}
        return None
    return int(words)


def _groups(process: Process, how: list[str], wanted: str) -> tuple[tuple[str, ...], ...]:
    """Runs of steps each joined to the one before it."""
    groups: list[list[str]] = []
    for at, each in enumerate(how):
        if each != wanted or not at:
            continue
        if how[at - 1] == wanted and groups and at > 1:
            groups[-1].append(process.steps[at].id)
        else:
            groups.append([process.steps[at - 1].id, process.steps[at].id])
    return tuple(tuple(group) for group in groups)


@official(*sorted(CONTROL_ROLES))
def flow_whatif(request: HttpRequest) -> HttpResponseBase:
    """The form, and the answer side by side with what was; or the answer as a file."""
    found = looked_at(request)
    if not found.slice.procedure:
        raise Http404
    procedure = procedure_or_404(found.slice.procedure)
    form = read_form(request.GET, procedure.process)
    read = lives(found.slice)
    outcome = _outcome(procedure.process, form.plan, read)
    changed = not form.plan.changes_nothing and not form.errors
    assumed = _assumed(form.plan)

    def tables() -> Mapping[str, Table]:
        notes = (*_changed_in_all(form.plan), *_sampled(read), _("Giả định"), *assumed)
        return whatif_tables(found, outcome, procedure.process, _changes(procedure.process, form), notes)

    if (file := parts_file(request, tables if changed and read.lives else dict, "thu-doi")) is not None:
        return file
    context = {
        "name": said(procedure.name),
        "crumbs": [
            (_("Số liệu"), reverse("office:figures")),
            (procedure_name(procedure.code), address("flow_ways", found.parts)),
            (_("Thử thay đổi"), None),
        ],
        "tabs": tabs("flow_whatif", found),
        "removable": narrowed("flow_whatif", found),
        "period": found.period,
        "parts": found.parts,
        "rows": _rows(procedure.process, form),
        "errors": [(name, words) for name, words in form.errors.items()],
        "rut": _field("rut", form),
        "saving": _field("tiet-kiem", form),
        "total": read.total,
        "sampled": " ".join(_sampled(read)),
        "assumed": assumed,
        "fewest": FEWEST,
        "changed": changed,
        "answer": _answer(outcome, found, form) if read.lives else None,
        "stages": [_part(each, procedure.process.stage(each.name).name) for each in outcome.stages],
        "steps": [_part(each, procedure.process.step(each.name).name) for each in outcome.steps],
    }
    return render(request, "office/flow/whatif.html", context)


def _assumed(plan: Plan) -> list[str]:
    """What is taken for granted when past dossiers go through another process."""
    return [
        _("Công việc mất đúng số phút làm việc như đã mất; hàng chờ ở mỗi bàn không đổi."),
        _("Thời hạn tính bằng giờ làm việc, một ngày là 8 giờ; thời gian chờ theo luật không tính."),
        _("Bước bị bỏ: không mất phút nào. Bước làm cùng lúc: tính bước dài nhất."),
        _(
            "Bước gộp: mất thời gian giao nhận giữa hai nơi, và %(saves)s %% phút của bước sau (bạn cho như vậy;"
            " số liệu không nói)."
        )
        % {"saves": plan.merge_saves}
        if plan.merge_saves
        else _(
            "Bước gộp: mất thời gian giao nhận giữa hai nơi; trong cùng một cơ quan không đo được phần chờ nên giữ"
            " nguyên."
        ),
        _("Giữ được: đúng hẹn với người dân, và không giai đoạn nào quá thời hạn mới của nó."),
    ]


def _sampled(read: Lives) -> list[str]:
    if read.total <= MOST_LIVES:
        return []
    parts = {"n": number(len(read.lives)), "all": number(read.total)}
    return [_("Tính trên %(n)s hồ sơ chọn ngẫu nhiên trong %(all)s.") % parts]


def _changed_in_all(plan: Plan) -> list[str]:
    if not plan.total_cut:
        return []
    return [_("Rút ngắn hẹn trả chung: %(days)s ngày làm việc.") % {"days": plan.total_cut // DAY}]


def _changes(process: Process, form: Form) -> dict[str, str]:
    """What the form does to each step, in the words of its choices."""
    found = {}
    for at, step in enumerate(process.steps):
        chosen = form.typed.get(f"c-{at}", "")
        found[step.id] = next((label for value, label, here in _choices(at, chosen) if here and value), "")
    return found


def _outcome(process: Process, plan: Plan, read: Lives) -> Outcome:
    return replay(
        read.lives,
        plan,
        {stage.id: read_limit(stage.limit) for stage in process.stages},
        {step.id: read_limit(step.budget) for step in process.steps},
    )


def _field(name: str, form: Form, present: str = "") -> dict[str, Any]:
    return {"name": name, "value": form.typed.get(name, present), "error": form.errors.get(name, "")}


def _rows(process: Process, form: Form) -> list[dict[str, Any]]:
    """A row per stage with its steps beneath."""
    numbers = {step.id: at for at, step in enumerate(process.steps)}
    rows = []
    for at, stage in enumerate(process.stages):
        rows.append({
            "kind": "stage",
            "name": said(stage.name),
            "field": _field(f"g-{at}", form, _in(read_limit(stage.limit), DAY)),
            "limit": worked_words(read_limit(stage.limit) or 0),
            "steps": [
                {
                    "number": numbers[step.id] + 1,
                    "name": said(step.name),
                    "field": _field(f"b-{numbers[step.id]}", form, _in(read_limit(step.budget), 60)),
                    "how": {
                        "name": f"c-{numbers[step.id]}",
                        "choices": _choices(numbers[step.id], form.typed.get(f"c-{numbers[step.id]}", "")),
                    },
                }
                for step in process.steps
                if step.stage == stage.id
            ],
        })  # fmt: skip
    return rows


def _in(minutes: int | None, unit: int) -> str:
    return f"{minutes / unit:.2f}".rstrip("0").rstrip(".").replace(".", ",") if minutes else ""


def _choices(number: int, chosen: str) -> list[tuple[str, str, bool]]:
    words = [("", _("giữ nguyên")), ("bo", _("bỏ bước này"))]
    if number:
        words += [("gop", _("gộp với bước trước")), ("song-song", _("làm cùng lúc với bước trước"))]
    return [(value, label, value == chosen) for value, label in words]


def _answer(outcome: Outcome, found: Asked, form: Form) -> dict[str, Any]:
    return {
        "was": _share(outcome.was),
        "would": _share(outcome.would),
        "missed": len(outcome.missed),
        "missed_href": address("flow_whatif_list", {**found.parts, **form.typed}),
    }


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval or (0.0, 0.0)
    return {"n": share.n, "held": share.held, "share": share.share, "low": low, "high": high}


def _part(part: Part, name: Any) -> dict[str, Any]:
    return {
        "name": said(name),
        "limit": worked_words(part.limit) if part.limit else "",
        "new_limit": worked_words(part.new_limit) if part.new_limit is not None else "",
        "moved": part.limit != part.new_limit,
        "was": _share(part.was),
        "would": _share(part.would),
        "median": worked_words(round(part.median)) if part.median is not None else "",
        "new_median": worked_words(round(part.new_median)) if part.new_median is not None else "",
    }


@official(*sorted(CONTROL_ROLES))
def flow_whatif_list(request: HttpRequest) -> HttpResponseBase:
    """The dossiers that would not have held the plan, a page at a time, or all of them as a file."""
    found = looked_at(request)
    procedure = procedure_or_404(found.slice.procedure)
    form = read_form(request.GET, procedure.process)
    missed = dict(_outcome(procedure.process, form.plan, lives(found.slice)).missed)
    parts = {**found.parts, **form.typed}
    title = _("Không giữ được thời hạn mới")
    page, table = partial(_page, sorted(missed)), partial(_table, missed=missed, caption=title)
    if (file := list_file(request, title, page, table, notes_of(found))) is not None:
        return file
    shown, pages = turned(request, page, lambda **more: address("flow_whatif_list", parts | more))
    context = {
        "title": title,
        "total": len(missed),
        "period": found.period,
        "crumbs": [(_("Thử thay đổi"), address("flow_whatif", parts)), (title, None)],
        "table": table(shown),
        **pages,
        **downloads_of(len(missed)),
        "back": address("flow_whatif", parts),
    }
    return render(request, "office/flow/list.html", context)


def _page(numbers: list[int], after: str, limit: int = PAGE) -> tuple[list[int], str]:
    beyond = bisect_right(numbers, page_keys.number(after)) if after else 0
    return page_keys.cut(numbers[beyond:], limit, str)


def _table(numbers: list[int], missed: dict[int, int], caption: str) -> dict[str, Any]:
    columns = [
        ("code", _("Mã hồ sơ"), "code"),
        ("receiving", _("Nơi nhận"), "text"),
        ("accepted", _("Tiếp nhận"), "when"),
        ("finished", _("Kết thúc"), "when"),
        ("over", _("Quá thời hạn mới"), "worked"),
        ("was", _("Thực tế"), "text"),
    ]
    rows = []
    for row in dossiers(numbers):
        late = row.timeliness == "late"
        cells = {
            "code": row.code,
            "receiving": agency_name(row.receiving),
            "accepted": row.accepted_at,
            "finished": row.finished_at,
            "over": missed[row.dossier_id],
            "was": _("trễ hạn") if late else _("không trễ"),
        }
        rows.append(dossier_row(row.dossier_id, row.code, cells, late=late))
    return dossier_table(caption, columns, rows)
