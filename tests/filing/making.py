"""Drafts made by the verbs, without pages."""

import uuid
from typing import Any

from filing.citizen import BIRTH, hang_bac
from motcua.accounts.identity import as_actor
from motcua.accounts.models import ResidentAccount
from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing import drafts, handing_in
from motcua.filing.drafts import Beginning
from motcua.filing.knowing import ask
from motcua.filing.models import Draft
from motcua.law.actor import Actor
from motcua.law.dossier import Applicant
from motcua.law.working_time import city_day

ANSWERS: dict[str, dict[str, Any]] = {
    "muc-1": {
        "child_name": "Trần Thị Bé Mẫu", "birth_date": "1/11/2018", "sex": "female", "birth_evidence": "notice",
        "birthplace": {"text": "Bệnh viện Phụ sản, 929 La Thành"},
    },
    "muc-2": {"parents_married": "yes"},
    "muc-3": {"relation": "parent", "filed_by": "self", "copies": "0"},
    "nguoi-nop": {"phone": "0912345678"},
    "giay-to": {"birth_notice": {"how": "scan", "files": [{"digest": "c" * 64, "name": "chứng sinh.pdf"}]}},
    "phi": {"claims": {}, "counts": {}},
    "nhan-ket-qua": {"way": "electronic"},
}  # fmt: skip


def started(who: ResidentAccount, code: str = BIRTH, case: str = "on_time", version: int | None = None) -> Draft:
    """A draft just begun for oneself."""
    present, _law = versions.current_version(code, city_day(clock.now()))
    version = version or present
    procedure = versions.procedure_version(version)
    filled = ask(procedure, case, who.number, actor(who))
    principal = {"kind": "self", "name": who.account.full_name, "number": who.number, "account": who.account_id,
                 "authority": 0, "kind_of_applicant": "person"}  # fmt: skip
    start = Beginning(principal, version, case, hang_bac())
    return drafts.begin(who.account, uuid.uuid4(), start, filled, {"phone": who.phone})


def answered(who: ResidentAccount, **changes: dict[str, Any]) -> Draft:
    """A birth registration ready to be handed in; `changes` by page, with underscores for dashes."""
    draft = started(who)
    for step, content in ANSWERS.items():
        content = content | changes.get(step.replace("-", "_"), {})
        saved = drafts.save(draft.uuid, who.account, step, content, draft.revision)
        assert isinstance(saved, Draft), saved
        draft = saved
    return draft


def actor(who: ResidentAccount) -> Actor:
    """The resident as the law sees them."""
    return as_actor(who)


def submitter(who: ResidentAccount) -> Applicant:
    """The resident as whoever files."""
    return Applicant(kind="person", name=who.account.full_name, number=who.number, account=who.account_id)


def submit(draft: Draft, who: ResidentAccount) -> Any:
    """Hands the draft in."""
    return handing_in.submit(draft.uuid, who.account, actor(who), submitter(who))
