"""How the answers to an action's form become a command of the law.

Nothing is judged here beyond reading; what is wrong the law refuses, in its own words.
"""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.dateparse import parse_date

from motcua.dossiers import clock
from motcua.dossiers.asked_items import form_item
from motcua.files import store as files
from motcua.law import commands as c
from motcua.law.dossier import PaperGiven
from motcua.law.working_time import CITY_ZONE, city_day
from motcua.office.counter.fees_due import FeesDue
from motcua.office.counter.post import tracked
from motcua.office.desk.action_forms import Asked
from motcua.office.desk.colleagues import colleagues

MOST_DIGITS = 15


class Answers:
    """What was answered, read as texts, whole numbers, amounts, days and stored files."""

    def __init__(self, asked: Asked, request: HttpRequest) -> None:
        self.asked = asked
        self.task = asked.number
        self._request = request

    def said(self, name: str) -> str:
        """The answer as text, '' when there is none."""
        return str(self._request.POST.get(name, "")).strip()

    def several(self, name: str) -> list[str]:
        """All that was ticked."""
        return self._request.POST.getlist(name)

    def whole(self, name: str) -> int:
        """A whole number, 0 when it is none."""
        text = self.said(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else 0

    def amount(self, name: str) -> int:
        """Money in đồng, however it is grouped; 0 when it is none."""
        digits = "".join(each for each in self.said(name) if each in "0123456789")
        return int(digits) if digits and len(digits) <= MOST_DIGITS else 0

    def evening(self, name: str) -> datetime:
        """Five in the afternoon of the day answered (7/1/2019 or 2019-01-07); of today when it is none."""
        return datetime.combine(_day(self.said(name)) or city_day(clock.now()), time(17), tzinfo=CITY_ZONE)

    def digests(self) -> tuple[str, ...]:
        """The scans, stored. Raises NotStoredError for one that cannot be taken."""
        uploads = self._request.FILES.getlist("files")
        return tuple(files.put(upload, name=upload.name or "").digest for upload in uploads)  # type: ignore[arg-type]

    def person(self) -> tuple[int, str]:
        """The colleague chosen, as account and name; (0, '') for anybody else."""
        people = dict(colleagues(self.asked.state, self.asked.task, self.asked.procedure))
        return self.whole("to"), people.get(self.said("to"), "")


def _day(text: str) -> date | None:
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    try:
        return parse_date("-".join(part.zfill(2) for part in parts)) if len(parts) == 3 else None
    except ValueError:
        return None


def _accept(said: Answers) -> c.AnyCommand:
    """In whatever way a dossier is accepted its fees are owed; exemptions are claimed at the counter's own page."""
    state = said.asked.state
    channel: Any = state.channel
    fees = FeesDue(said.asked.procedure, state.case, channel, state.form, QueryDict())
    return c.Accept(money=fees.owed())


def _request_supplement(said: Answers) -> c.AnyCommand:
    lines = [line.strip() for line in said.said("other").splitlines() if line.strip()]
    questions = (form_item(each) for each in said.several("fields"))
    items = (*said.several("items"), *questions, *(f"*{line}" for line in lines))
    return c.RequestSupplement(items=items, reason=said.said("words"), task=said.task)


def _supplement(said: Answers) -> c.AnyCommand:
    chosen, digests = said.several("papers"), said.digests()
    given = []
    for name in chosen:
        paper = said.asked.procedure.paper(name)
        if paper is not None:
            copies = paper.copy or int(not paper.original and not paper.certified)
            scans = digests if len(chosen) == 1 else ()
            given.append(PaperGiven(name, paper.original, paper.certified, copies, scans))
    # What was asked for in words alone is answered by the dossier's own papers, brought again.
    return c.GiveSupplement(papers=tuple(given) or said.asked.state.papers[:1])


def _assign(said: Answers) -> c.AnyCommand:
    account, name = said.person()
    return c.Assign(task=said.task, to=account if name else 0, to_name=name, reason=said.said("words"))


def _forward(said: Answers) -> c.AnyCommand:
    return c.Forward(
        task=said.task,
        to=said.said("to"),
        chosen=said.whole("chosen"),
        without_opinion=said.said("without_opinion"),
        note=said.said("note"),
    )


def _hand_over(said: Answers) -> c.AnyCommand:
    by_paper: Any = said.said("by_paper") or "receipt"
    number = said.said("paper_number")
    return c.HandOverResult(
        task=said.task,
        to_name=said.said("to_name"),
        by_paper=by_paper,
        paper_number=tracked(number) if by_paper == "post" else number,
    )


def _request_payment(said: Answers) -> c.AnyCommand:
    amounts = {said.said("fee") or "khac": said.amount("amount")}
    return c.RequestPayment(task=said.task, amounts=amounts, pauses=bool(said.said("pauses")))


def _ask_opinion(said: Answers) -> c.AnyCommand:
    limit = f"{said.whole('days') or 2} working_days"
    return c.AskOpinion(task=said.task, agency=said.whole("agency"), question=said.said("question"), limit=limit)


def _suspend(said: Answers) -> c.AnyCommand:
    ground: Any = said.said("ground") or "verification"
    return c.Suspend(task=said.task, ground=ground, document=said.said("document"))


def _extend(said: Answers) -> c.AnyCommand:
    return c.RequestExtension(
        task=said.task, due=said.evening("due"), reason=said.said("words"), apology=said.said("apology")
    )


def _answer_draft(said: Answers) -> c.AnyCommand:
    """Neither answer chosen is no answer: it must not be taken for an objection or for consent."""
    return c.AnswerDraft(agrees=_chosen(said, "agrees"), words=said.said("words"))


def _rule_on_rating(said: Answers) -> c.AnyCommand:
    return c.RuleOnRating(stands=_chosen(said, "stands"), words=said.said("words"))


def _chosen(said: Answers, name: str) -> bool:
    """Yes or no. Raises KeyError when neither was chosen."""
    return {"yes": True, "no": False}[said.said(name)]


COMMANDS: dict[str, Callable[[Answers], c.AnyCommand]] = {
    "receive": lambda said: c.Receive(tasks=(said.task,)),
    "accept": _accept,
    "decline": lambda said: c.Decline(reason=said.said("reason"), words=said.said("words")),
    "request_supplement": _request_supplement,
    "supplement": _supplement,
    "assign": _assign,
    "reassign": _assign,
    "take": lambda said: c.Assign(task=said.task, to=said.asked.actor.account, to_name=said.asked.actor.name),
    "give_opinion": lambda said: c.GiveOpinion(
        task=said.task, agrees=said.said("agrees") == "yes", words=said.said("words")
    ),
    "draft": lambda said: c.DraftResult(task=said.task, result=said.said("result"), text=said.said("text")),
    "sign": lambda said: c.Sign(task=said.task),
    "number": lambda said: c.NumberResult(task=said.task, number=said.said("number")),
    "ready": lambda said: c.MarkReady(task=said.task),
    "hand_over": _hand_over,
    "forward": _forward,
    "resume": lambda said: c.Resume(task=said.task),
    "ask_opinion": _ask_opinion,
    "request_payment": _request_payment,
    "suspend": _suspend,
    "extend": _extend,
    "send_back": lambda said: c.SendBack(task=said.task, to=said.said("to"), reason=said.said("words")),
    "refuse": lambda said: c.Refuse(task=said.task, reason=said.said("reason"), words=said.said("words")),
    "correct": lambda said: c.Correct(changes={said.said("path"): said.said("value")}, reason=said.said("words")),
    "correct_result": lambda said: c.CorrectResult(reason=said.said("words")),
    "note": lambda said: c.Note(words=said.said("words"), paper=said.said("paper"), files=said.digests()),
    "withdraw": lambda said: c.Withdraw(reason=said.said("words")),
    "stop": lambda said: c.Stop(reason=said.said("words"), ground=said.said("ground")),
    "show_draft": lambda said: c.ShowDraft(task=said.task, note=said.said("note")),
    "answer_draft": _answer_draft,
    "contest_rating": lambda said: c.ContestRating(reason=said.said("words")),
    "rule_on_rating": _rule_on_rating,
}


def command_of(action: str, asked: Asked, request: HttpRequest) -> c.AnyCommand:
    """The command that the answers in `request` make.

    Raises KeyError for an action there is none of, and NotStoredError for a scan that cannot be taken.
    """
    return COMMANDS[action](Answers(asked, request))
