"""What a machine files, read as the law will see it: answers cleaned, papers bound to what was uploaded.

Every mistake is named by its path. Unlike a person's draft, what a machine sends is whole or not taken.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from motcua.accounts.authority import may_act_for
from motcua.accounts.identity import resident_number
from motcua.api import shapes as s
from motcua.api.problems import Problem, missing, wrong
from motcua.api.uploads import digests
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.law import commands as c
from motcua.law.actor import Actor
from motcua.law.dossier import Address, Applicant, PaperGiven
from motcua.law.forms import check_form
from motcua.law.names import as_declared
from motcua.law.procedure import Procedure
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from motcua.organisation.models import Account


def lodging(told: s.Application, actor: Actor) -> tuple[int, c.Lodge]:
    """The version it is filed under, and the command.

    Raises Problem 404 for an unknown procedure or agency and 422 with every wrong field.
    """
    try:
        version, procedure = versions.current_version(told.procedure, city_day(clock.now()))
    except versions.UnknownProcedureError:
        raise missing() from None
    agency = directory().by_code.get(told.agency)
    if agency is None:
        raise wrong([("agency", _("Không có cơ quan nào mang mã này."))])
    if told.case not in {case.id for case in procedure.cases}:
        raise wrong([("case", _("Thủ tục không có trường hợp này."))])
    form = answers(told.form, procedure, told.case, actor)
    papers = papers_given(told.papers, procedure, actor)
    lacking = _lacking(procedure, told.case, form, papers)
    if lacking:
        raise wrong([(f"papers.{name}", _("Còn thiếu giấy tờ này.")) for name in lacking])
    applicant, submitter = _people(told.applicant, actor, procedure.code)
    command = c.Lodge(
        case=told.case,
        channel="online",
        agency=agency.number,
        applicant=applicant,
        submitter=submitter,
        form=form,
        papers=papers,
    )
    return version, command


def answers(
    given: Mapping[str, Any], procedure: Procedure, case: str, actor: Actor, before: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """The answers cleaned by the procedure's form, those `before` standing where nothing is given.

    A file is given by its upload's id. Raises Problem 422 with every mistake.
    """
    files = {field.id for field in procedure.fields() if field.type == "file"}
    told = dict(given)
    for name in files & set(told):
        found = digests([str(told[name])], actor.account) if told[name] else ()
        if found is None:
            raise wrong([(f"form.{name}", _("Tệp chưa tải xong, hoặc không phải của tài khoản này."))])
        told[name] = found[0] if found else ""
    try:
        cleaned, faults = check_form(procedure.fields(), {**(before or {}), **told}, city_day(clock.now()), case)
    except (RecursionError, OverflowError):
        raise Problem(422, "invalid", _("Dữ liệu gửi lên có chỗ sai")) from None
    if faults:
        language = get_language() or "vi"
        raise wrong([(f"form.{fault.path}", fault.reason.within(language)) for fault in faults])
    return cleaned


def papers_given(sent: Sequence[s.PaperSent], procedure: Procedure, actor: Actor) -> tuple[PaperGiven, ...]:
    """Each paper with the files its uploads became. Raises Problem 422 for unknown papers and uploads not one's own."""
    faults: list[tuple[str, str]] = []
    found: dict[str, PaperGiven] = {}
    for at, paper in enumerate(sent):
        if procedure.paper(paper.id) is None or paper.id in found:
            faults.append((f"papers.{at}.id", _("Thủ tục không có giấy tờ này, hoặc đã ghi rồi.")))
            continue
        files = digests(paper.uploads, actor.account)
        if files is None:
            faults.append((f"papers.{at}.uploads", _("Tệp chưa tải xong, hoặc không phải của tài khoản này.")))
            continue
        found[paper.id] = PaperGiven(id=paper.id, copy=1 if files else 0, files=files)
    if faults:
        raise wrong(faults)
    return tuple(found.values())


def _lacking(procedure: Procedure, case: str, form: dict[str, Any], papers: tuple[PaperGiven, ...]) -> list[str]:
    """What must come with the filing: papers that are neither the form itself nor brought in person."""
    given = {paper.id for paper in papers if paper.is_given}
    return [
        paper.id
        for paper in procedure.papers
        if paper.required and paper.online == "scan" and not paper.known and paper.is_asked(case, form)
        and paper.id not in given
    ]  # fmt: skip


def _people(told: s.ApplicantGiven, actor: Actor, procedure: str) -> tuple[Applicant, Applicant | None]:
    """For whom, and who files: a resident for themselves, a partner for somebody else."""
    name = as_declared(told.name)
    if not name:
        raise wrong([("applicant.name", _("Cần ghi họ tên."))])
    mine = actor.kind == "resident"
    number = told.number.upper()
    owner = actor.account if mine else 0
    if mine:
        number, owner = _number_of(number, actor, procedure)
    applicant = Applicant(
        kind=told.kind,
        name=name,
        number=number,
        birth=told.birth.isoformat() if told.birth else "",
        phone=told.phone,
        email=told.email,
        address=Address(text=as_declared(told.address.text), commune=told.address.commune),
        account=owner,
    )
    if mine:
        filer = Applicant(kind="person", name=actor.name, account=actor.account)
        return applicant, None if owner == actor.account else filer
    return applicant, Applicant(kind="organisation", name=actor.name, account=actor.account)


def _number_of(number: str, actor: Actor, procedure: str) -> tuple[str, int]:
    """The number a resident may file under and whose account it is: their proven own, or one they may act for."""
    user = Account.objects.get(pk=actor.account)
    proven = resident_number(user)
    if not proven or number in ("", proven):
        return proven or number, actor.account
    principal = may_act_for(user, number)
    if principal is None or not principal.covers(procedure):
        raise Problem(403, "not_in_own_name", _("Không được nộp thay cho người có số này"))
    return number, principal.account or actor.account
