"""Forms of campaigns, made and changed in the browser by the control office: what the pack can say, said on a page.

Rows, choices and sums are written one a line. A form that a campaign was opened with is never changed: saving makes
the next version beside it.
"""

import re
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import structs

from motcua.campaigns import forms, opening
from motcua.law.campaign import MOST_COLUMNS, Choice, Column, Form, Row, Sum
from motcua.law.campaign_cells import UnreadableCellError, read_words, written
from motcua.law.campaign_check import Stored
from motcua.law.texts import Text
from motcua.office.campaigns import asking
from motcua.office.campaigns.opening_page import preview
from motcua.office.door import actor_of, official

BLANK_COLUMNS = 3
KINDS = ("text", "int", "decimal", "money", "date", "choice", "yes_no")
RULES = ("none", "sum", "count", "average", "min", "max")
_NUMBER = Column("n", Text("Số", "Number"), "decimal", decimals=6)


@official("control")
def forms_page(request: HttpRequest) -> HttpResponse:
    """Every form in its newest version."""
    if not opening.may_open(actor_of(request)):
        return render(request, "office/no_post.html", {"needed": ("control",)}, status=403)
    rows = [
        {
            "href": reverse("office:campaign_form", args=[each.code]),
            "number": each.number,
            "opened": each.opened,
            "origin": _("gói nội dung") if each.origin == "pack" else each.by,
            **preview(forms.form_of(each)),
        }
        for each in forms.newest()
    ]
    context = {"rows": rows, "crumbs": asking.crumbs((_("Biểu thu thập"), None))}
    return render(request, "office/campaigns/forms.html", context)


@official("control")
def form_page(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new form, or the newest version of one."""
    if not opening.may_open(actor_of(request)):
        return render(request, "office/no_post.html", {"needed": ("control",)}, status=403)
    version = forms.newest_of(code) if code else None
    if code and version is None:
        raise Http404
    errors: list[tuple[str, str]] = []
    given = _as_posted(forms.form_of(version)) if version is not None else _blank()
    if request.method == "POST":
        given = request.POST
        form = read_form(given, code, errors, forms.form_of(version) if version is not None else None)
        if form is not None and not errors:
            kept, faults = forms.keep(form, "browser", actor_of(request).name)
            if kept is not None:
                messages.success(request, _("Đã lưu biểu, bản %(n)d.") % {"n": kept.number})
                return redirect("office:campaign_form", form.code)
            errors += [(_place(each.path), each.reason.within(asking.language())) for each in faults]
    count = min(MOST_COLUMNS, max(_columns_in(given), 1) + BLANK_COLUMNS)
    context = {
        "version": version,
        "errors": errors,
        "fields": _fields(given, errors, bool(code)),
        "columns": [_column_fields(given, at, errors) for at in range(count)],
        "crumbs": asking.crumbs((_("Biểu thu thập"), reverse("office:campaign_forms")), (code or _("Biểu mới"), None)),
        "preview": preview(forms.form_of(version)) if version is not None else None,
    }
    return render(request, "office/campaigns/form.html", context, status=422 if errors else 200)


def _place(path: str) -> str:
    found = re.match(r"\$\.columns\[(\d+)\]", path)
    return f"c{found[1]}-key" if found else path.removeprefix("$.").partition("[")[0]


def _columns_in(given: QueryDict) -> int:
    held = [at for at in range(MOST_COLUMNS) if given.get(f"c{at}-key", "").strip()]
    return held[-1] + 1 if held else 0


def _fields(given: QueryDict, errors: list[tuple[str, str]], is_known: bool) -> list[dict[str, Any]]:
    told: dict[str, list[str]] = {}
    for name, words in errors:
        told.setdefault(name, []).append(words)
    asked = (
        ("code", "text", _("Mã biểu"), {"hint": _("Chữ thường không dấu, số, gạch nối."), "required": True,
                                       "attrs": {"readonly": "readonly"} if is_known else {}}),
        ("title", "text", _("Tên biểu"), {"required": True}),
        ("title_en", "text", _("Tên bằng tiếng Anh"), {}),
        ("ground", "text", _("Căn cứ"), {}),
        ("help", "textarea", _("Hướng dẫn"), {"rows": 3}),
        ("help_en", "textarea", _("Hướng dẫn bằng tiếng Anh"), {"rows": 2}),
        ("rows", "textarea", _("Các dòng cố định"), {"rows": 5, "hint": _(
            "Mỗi dòng: mã = tên | tên tiếng Anh. Để trống thì nơi trả lời tự thêm dòng.")}),
        ("most_rows", "number", _("Nếu tự thêm: nhiều nhất bao nhiêu dòng"), {}),
        ("sums", "textarea", _("Các tổng phải khớp"), {"rows": 3, "hint": _(
            "Mỗi dòng: tong = a + b, hoặc tong >= a (tổng không nhỏ hơn).")}),
    )  # fmt: skip
    return [
        {"id": name, "name": name, "kind": kind, "label": label, "value": given.get(name, ""),
         "errors": told.get(name, []), **more}
        for name, kind, label, more in asked
    ]  # fmt: skip


def _kind_words() -> dict[str, str]:
    return {"text": _("Chữ"), "int": _("Số nguyên"), "decimal": _("Số lẻ"), "money": _("Tiền (đồng)"),
            "date": _("Ngày"), "choice": _("Lựa chọn"), "yes_no": _("Có hoặc không")}  # fmt: skip


def _rule_words() -> dict[str, str]:
    return {"none": _("Không tổng hợp"), "sum": _("Cộng"), "count": _("Đếm"), "average": _("Bình quân"),
            "min": _("Nhỏ nhất"), "max": _("Lớn nhất")}  # fmt: skip


def _column_fields(given: QueryDict, at: int, errors: list[tuple[str, str]]) -> dict[str, Any]:
    told = [words for name, words in errors if name == f"c{at}-key"]
    kinds, rules = _kind_words(), _rule_words()
    asked = (
        ("key", "text", _("Mã cột"), {"errors": told}),
        ("title", "text", _("Tên cột"), {}),
        ("title_en", "text", _("Tên tiếng Anh"), {}),
        ("kind", "choice", _("Kiểu"), {"choices": [(each, kinds[each]) for each in KINDS]}),
        ("required", "boolean", _("Bắt buộc"), {}),
        ("rollup", "choice", _("Tổng hợp"), {"choices": [(each, rules[each]) for each in RULES]}),
        ("weight", "text", _("Bình quân theo cột (mã)"), {}),
        ("minimum", "text", _("Nhỏ nhất là"), {}),
        ("maximum", "text", _("Lớn nhất là"), {}),
        ("decimals", "text", _("Số chữ số lẻ"), {}),
        ("jump", "text", _("Cảnh báo khi lệch kỳ trước quá (%)"), {}),
        ("choices", "textarea", _("Các lựa chọn"), {"rows": 3, "hint": _("Mỗi dòng: mã = tên | tên tiếng Anh.")}),
    )  # fmt: skip
    return {
        "n": at + 1,
        "open": bool(given.get(f"c{at}-key", "").strip()) or bool(told),
        "title": given.get(f"c{at}-title", ""),
        "fields": [
            {"id": f"c{at}-{name}", "name": f"c{at}-{name}", "kind": kind, "label": label, "errors": [],
             "value": given.get(f"c{at}-{name}", "text" if name == "kind" else "none" if name == "rollup" else ""),
             **more}
            for name, kind, label, more in asked
        ],
    }  # fmt: skip


def _blank() -> QueryDict:
    given = QueryDict(mutable=True)
    given["most_rows"] = "200"
    return given


def _as_posted(form: Form) -> QueryDict:
    """A form as the page would post it, so that one page shows both."""
    given = QueryDict(mutable=True)
    said = {
        "code": form.code, "title": form.title.vi, "title_en": form.title.en, "ground": form.ground,
        "help": form.help.vi if form.help else "", "help_en": form.help.en if form.help else "",
        "most_rows": str(form.most_rows), "rows": "\n".join(_named(each.key, each.title) for each in form.rows),
        "sums": "\n".join(f"{each.total} {'=' if each.relation == 'equal' else '>='} {' + '.join(each.parts)}"
                          for each in form.sums),
    }  # fmt: skip
    for at, column in enumerate(form.columns):
        said |= {
            f"c{at}-key": column.key, f"c{at}-title": column.title.vi, f"c{at}-title_en": column.title.en,
            f"c{at}-kind": column.kind, f"c{at}-rollup": column.rollup, f"c{at}-weight": column.weight,
            f"c{at}-minimum": _bound(column.minimum), f"c{at}-maximum": _bound(column.maximum),
            f"c{at}-decimals": str(column.decimals), f"c{at}-jump": "" if column.jump is None else str(column.jump),
            f"c{at}-choices": "\n".join(_named(each.code, each.name) for each in column.choices),
        } | ({f"c{at}-required": "yes"} if column.required else {})  # fmt: skip
    for name, value in said.items():
        given[name] = value
    return given


def _named(key: str, name: Text) -> str:
    return f"{key} = {name.vi}" + (f" | {name.en}" if name.en else "")


def _bound(number: Decimal | None) -> str:
    stored: Stored | None = None if number is None else f"{number:f}"
    return written(_NUMBER, stored)


def read_form(given: QueryDict, code: str, errors: list[tuple[str, str]], before: Form | None = None) -> Form | None:
    """The form a page posted; what cannot be read is added to `errors`. Whether it makes sense, the law says.

    What the page does not ask (a column's help, its first and last day) stays as it was `before`.
    """
    columns = [column for at in range(MOST_COLUMNS) if (column := _column(given, at, errors, before)) is not None]
    rows = [Row(key, name) for key, name in _lines(given.get("rows", ""), "rows", errors)]
    sums = [one for line in given.get("sums", "").splitlines() if (one := _sum(line, errors)) is not None]
    most = _whole(given.get("most_rows", "") or "200", "most_rows", errors)
    if errors:
        return None
    help_vi = given.get("help", "").strip()
    return Form(
        code=code or given.get("code", "").strip(),
        title=Text(given.get("title", "").strip()[:200], given.get("title_en", "").strip()[:200]),
        columns=tuple(columns),
        rows=tuple(rows),
        sums=tuple(sums),
        most_rows=most or 0,
        ground=given.get("ground", "").strip()[:300],
        help=Text(help_vi[:2000], given.get("help_en", "").strip()[:2000]) if help_vi else None,
        demonstration=before is not None and before.demonstration,
    )


def _column(given: QueryDict, at: int, errors: list[tuple[str, str]], before: Form | None) -> Column | None:
    def part(name: str) -> str:
        return given.get(f"c{at}-{name}", "").strip()[:2000]

    if not part("key"):
        if part("title"):
            errors.append((f"c{at}-key", _("Cột “%(title)s” cần có mã.") % {"title": part("title")[:60]}))
        return None
    kind, rule = part("kind"), part("rollup")
    if kind not in KINDS or rule not in RULES:
        errors.append((f"c{at}-key", _("Hãy chọn kiểu và cách tổng hợp.")))
        return None
    choices = _lines(part("choices"), f"c{at}-choices", errors) if kind == "choice" else []
    decimals = _whole(part("decimals"), f"c{at}-decimals", errors)
    old = before.column(part("key")) if before is not None else None
    same = old if old is not None and old.kind == kind else Column(part("key"), Text(""), kind)  # type: ignore[arg-type]
    return structs.replace(
        same,
        title=Text(part("title")[:200], part("title_en")[:200]),
        required=part("required") == "yes",
        minimum=_decimal(part("minimum"), f"c{at}-minimum", errors),
        maximum=_decimal(part("maximum"), f"c{at}-maximum", errors),
        choices=tuple(Choice(key, name) for key, name in choices),
        decimals=2 if decimals is None else decimals,
        rollup=rule,
        weight=part("weight"),
        jump=_whole(part("jump"), f"c{at}-jump", errors),
    )


def _lines(words: str, where: str, errors: list[tuple[str, str]]) -> list[tuple[str, Text]]:
    found = []
    for line in words.splitlines()[:600]:
        if not line.strip():
            continue
        key, mark, names = line.partition("=")
        vi, _bar, en = names.partition("|")
        if not mark or not key.strip() or not vi.strip():
            errors.append((where, _("Không đọc được dòng “%(line)s”.") % {"line": line.strip()[:60]}))
            continue
        found.append((key.strip(), Text(vi.strip()[:200], en.strip()[:200])))
    return found


def _sum(line: str, errors: list[tuple[str, str]]) -> Sum | None:
    if not line.strip():
        return None
    found = re.fullmatch(r"\s*(\w+)\s*(=|>=)\s*(\w+(?:\s*\+\s*\w+)*)\s*", line)
    if found is None:
        errors.append(("sums", _("Không đọc được dòng “%(line)s”.") % {"line": line.strip()[:60]}))
        return None
    parts = tuple(each.strip() for each in found[3].split("+"))
    return Sum(found[1], parts, "equal" if found[2] == "=" else "at_most")


def _whole(words: str, where: str, errors: list[tuple[str, str]]) -> int | None:
    if not words:
        return None
    if not (words.isascii() and words.isdecimal() and len(words) < 8):
        errors.append((where, _("“%(words)s” không phải số nguyên.") % {"words": words[:40]}))
        return None
    return int(words)


def _decimal(words: str, where: str, errors: list[tuple[str, str]]) -> Decimal | None:
    try:
        number = read_words(_NUMBER, words)
    except UnreadableCellError as error:
        errors.append((where, f"“{words[:40]}” {error.text.within(asking.language())}"))
        return None
    return number.normalize() + 0 if isinstance(number, Decimal) else None
