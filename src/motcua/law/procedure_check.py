"""Checks what a procedure asks for and gives: names, cases, papers, results, and the fees that rest on the form.

The questions of the form are checked in `form_check`, the process in `process_check`.
"""

import re
from collections.abc import Iterable, Iterator

from motcua.law.faults import Fault, fault
from motcua.law.fees import Fee, FeeRule, Percentage
from motcua.law.form_check import check_fields, condition
from motcua.law.limits import parse_limit
from motcua.law.procedure import Paper, Procedure
from motcua.law.texts import Text

_CODE = re.compile(r"[0-9A-Za-zĐ][0-9A-Za-zĐ._-]{1,39}")
_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,59}")
MOST_ENTRIES = 300
PROVEN = ("identity", "residence", "marriage", "birth")


def check_content(procedure: Procedure, *, bilingual: bool = True) -> list[Fault]:
    """Everything but the process. Without `bilingual`, content is taken as another catalogue gave it:
    names may be Vietnamese only, and it may say of a paper or a receiving agency nothing at all.
    """
    found = [*_sizes(procedure)]
    if found:
        return found
    found += _head(procedure, bilingual)
    found += _cases(procedure)
    found += _papers(procedure, bilingual)
    found += _results(procedure)
    found += _fees(procedure)
    found += check_fields(procedure)
    found += _online(procedure)
    found += _names(procedure, bilingual)
    return found


def _sizes(procedure: Procedure) -> Iterator[Fault]:
    for name in ("cases", "papers", "results", "form", "fees", "sources", "aliases"):
        if len(getattr(procedure, name)) > MOST_ENTRIES:
            yield fault(
                f"$.{name}",
                f"Có quá {MOST_ENTRIES} mục.",
                f"There are more than {MOST_ENTRIES} entries.",
            )


def _head(procedure: Procedure, bilingual: bool) -> Iterator[Fault]:
    if not _CODE.fullmatch(procedure.code):
        yield fault(
            "$.code",
            f"“{procedure.code}” không phải mã thủ tục (như 1.001193).",
            f"“{procedure.code}” is not a procedure code (like 1.001193).",
        )
    if procedure.version < 1:
        yield fault("$.version", "Phiên bản bắt đầu từ 1.", "Versions begin at 1.")
    if procedure.valid_to is not None and procedure.valid_to < procedure.valid_from:
        yield fault(
            "$.valid_to",
            f"Hết hiệu lực ({procedure.valid_to}) trước khi có hiệu lực ({procedure.valid_from}).",
            f"Ends ({procedure.valid_to}) before it begins ({procedure.valid_from}).",
        )
    if bilingual and not procedure.received_at and not procedure.received_by:
        yield fault("$.received_at", "Chưa nêu cấp hoặc cơ quan tiếp nhận.", "No tier or agency receives this.")
    if not procedure.applicants:
        yield fault("$.applicants", "Chưa nêu ai được nộp.", "Nobody may apply.")
    for at, alias in enumerate(procedure.aliases):
        if alias.code == procedure.code:
            yield fault(f"$.aliases[{at}].code", "Mã cũ trùng mã hiện nay.", "The alias is the code itself.")
        if alias.valid_from and alias.valid_to and alias.valid_to < alias.valid_from:
            yield fault(
                f"$.aliases[{at}].valid_to", "Mã cũ hết hạn trước khi bắt đầu.", "The alias ends before it begins."
            )


def _cases(procedure: Procedure) -> Iterator[Fault]:
    if not procedure.cases:
        yield fault("$.cases", "Phải có ít nhất một trường hợp.", "There must be at least one case.")
    yield from _ids("$.cases", (case.id for case in procedure.cases))


def _papers(procedure: Procedure, bilingual: bool) -> Iterator[Fault]:
    yield from _ids("$.papers", (paper.id for paper in procedure.papers))
    cases = {case.id for case in procedure.cases}
    for at, paper in enumerate(procedure.papers):
        path = f"$.papers[{at}]"
        if min(paper.original, paper.certified, paper.copy) < 0:
            yield fault(path, "Số bản không được âm.", "A number of copies cannot be negative.")
        if bilingual and not paper.original + paper.certified + paper.copy:
            yield fault(
                path,
                f"Giấy tờ “{paper.id}” chưa nêu số bản chính, bản chứng thực hay bản chụp.",
                f"Paper “{paper.id}” says of no kind (original, certified, copy) how many.",
            )
        for each, name in enumerate(paper.cases):
            if name not in cases:
                yield fault(f"{path}.cases[{each}]", f"Không có trường hợp “{name}”.", f"There is no case “{name}”.")
        if paper.when is not None:
            yield from condition(f"{path}.when", paper.when, procedure.fields())
        yield from _known(paper, path)


def _known(paper: Paper, path: str) -> Iterator[Fault]:
    """What makes a paper needless: a topic of the register, or an issued result named by its procedure's code."""
    kind, _colon, code = paper.known.partition(":")
    if paper.known and not (paper.known in PROVEN or (kind == "result" and _CODE.fullmatch(code))):
        yield fault(
            f"{path}.known",
            f"“{paper.known}” phải là {', '.join(PROVEN)} hoặc result:MÃ THỦ TỤC.",
            f"“{paper.known}” must be {', '.join(PROVEN)} or result:CODE OF A PROCEDURE.",
        )
    if paper.online == "form" and paper.known:
        yield fault(
            f"{path}.online",
            "Giấy tờ đã là tờ khai điện tử thì không lấy từ cơ sở dữ liệu.",
            "A paper that is the electronic form itself is not taken from a register.",
        )


def _results(procedure: Procedure) -> Iterator[Fault]:
    if not procedure.results:
        yield fault("$.results", "Phải có ít nhất một kết quả.", "There must be at least one result.")
    yield from _ids("$.results", (result.id for result in procedure.results))
    for at, result in enumerate(procedure.results):
        if result.retention_years < 0:
            yield fault(
                f"$.results[{at}].retention_years", "Thời hạn lưu không được âm.", "Retention cannot be negative."
            )


def _fees(procedure: Procedure) -> Iterator[Fault]:
    """Ids and cases as elsewhere; a percentage is taken of a money field of the form."""
    yield from _ids("$.fees", (fee.id for fee in procedure.fees))
    cases = {case.id for case in procedure.cases}
    money = {field.id for field in procedure.fields() if field.type == "money"}
    for at, fee in enumerate(procedure.fees):
        for each, name in enumerate(fee.cases):
            if name not in cases:
                yield fault(
                    f"$.fees[{at}].cases[{each}]", f"Không có trường hợp “{name}”.", f"There is no case “{name}”."
                )
        for path, rule in _rules(fee):
            if isinstance(rule, Percentage) and rule.basis not in money:
                yield fault(
                    f"$.fees[{at}].{path}.basis",
                    f"“{rule.basis}” không phải mục tiền của mẫu đơn.",
                    f"“{rule.basis}” is not a money field of the form.",
                )


def _rules(fee: Fee) -> Iterator[tuple[str, FeeRule]]:
    yield "rule", fee.rule
    for channel, rule in fee.by_channel.items():
        yield f"by_channel.{channel}", rule
    for at, exemption in enumerate(fee.exemptions):
        if exemption.rule is not None:
            yield f"exemptions[{at}].rule", exemption.rule


def _online(procedure: Procedure) -> Iterator[Fault]:
    """Decree 43/2011: from level 3 the form is filled in and sent online; below, nothing is promised online."""
    if procedure.online_level >= 3 and not procedure.fields():
        yield fault(
            "$.online_level",
            f"Mức {procedure.online_level} phải có mẫu đơn điện tử.",
            f"Level {procedure.online_level} needs a form to fill in.",
        )
    if any(paper.online == "form" for paper in procedure.papers) and not procedure.fields():
        yield fault("$.papers", "Tờ khai điện tử cần có mẫu đơn.", "An electronic form needs a form to fill in.")
    yield from _confirmed(procedure)
    for at, case in enumerate(procedure.cases):
        if "online" in case.channels and procedure.online_level < 3:
            yield fault(
                f"$.cases[{at}].channels.online",
                f"Mức {procedure.online_level} không nhận hồ sơ trực tuyến.",
                f"Level {procedure.online_level} takes nothing in online.",
            )


def _confirmed(procedure: Procedure) -> Iterator[Fault]:
    """A draft is shown by a step that may, for a limit that can be read; neither stands without the other."""
    if procedure.confirm_draft:
        try:
            parse_limit(procedure.confirm_draft)
        except ValueError:
            yield fault(
                "$.confirm_draft",
                f"“{procedure.confirm_draft}” không phải thời hạn (như 1 calendar_days).",
                f"“{procedure.confirm_draft}” is not a limit (like 1 calendar_days).",
            )
    shows = [at for at, step in enumerate(procedure.process.steps) if "show_draft" in step.actions]
    if procedure.confirm_draft and not shows:
        yield fault(
            "$.confirm_draft",
            "Không bước nào được gửi dự thảo (show_draft) cho người nộp.",
            "No step may show the draft (show_draft) to the applicant.",
        )
    if shows and not procedure.confirm_draft:
        yield fault(
            f"$.process.steps[{shows[0]}].actions",
            "show_draft cần confirm_draft: người nộp có bao lâu để trả lời.",
            "show_draft needs confirm_draft: how long the applicant has to answer.",
        )


def _names(procedure: Procedure, bilingual: bool) -> Iterator[Fault]:
    for path, text in _texts(procedure):
        if not text.vi.strip():
            yield fault(f"{path}.vi", "Thiếu tên tiếng Việt.", "The Vietnamese name is missing.")
        if bilingual and not text.en.strip():
            yield fault(f"{path}.en", "Thiếu tên tiếng Anh.", "The English name is missing.")


def _texts(procedure: Procedure) -> Iterator[tuple[str, Text]]:
    yield "$.name", procedure.name
    for at, case in enumerate(procedure.cases):
        yield f"$.cases[{at}].name", case.name
    for at, paper in enumerate(procedure.papers):
        yield f"$.papers[{at}].name", paper.name
    for at, result in enumerate(procedure.results):
        yield f"$.results[{at}].name", result.name
    for at, fee in enumerate(procedure.fees):
        yield f"$.fees[{at}].name", fee.name
        for each, exemption in enumerate(fee.exemptions):
            yield f"$.fees[{at}].exemptions[{each}].name", exemption.name
    for at, stage in enumerate(procedure.process.stages):
        yield f"$.process.stages[{at}].name", stage.name
    for at, step in enumerate(procedure.process.steps):
        yield f"$.process.steps[{at}].name", step.name
    for at, group in enumerate(procedure.form):
        yield f"$.form[{at}].name", group.name
        for number, field in enumerate(group.fields):
            path = f"$.form[{at}].fields[{number}]"
            yield f"{path}.label", field.label
            for each, choice in enumerate(field.choices):
                yield f"{path}.choices[{each}].name", choice.name
            for each, column in enumerate(field.columns):
                yield f"{path}.columns[{each}].label", column.label


def _ids(path: str, names: Iterable[str]) -> Iterator[Fault]:
    known: set[str] = set()
    for at, name in enumerate(names):
        if name in known:
            yield fault(f"{path}[{at}].id", f"“{name}” đã có rồi.", f"“{name}” is there already.")
        elif not _ID.fullmatch(name):
            yield fault(
                f"{path}[{at}].id",
                f"“{name}” chỉ được gồm chữ thường, chữ số và dấu gạch dưới.",
                f"“{name}” may only have small letters, digits and underscores.",
            )
        known.add(name)
