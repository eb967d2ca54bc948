"""House permits filed online by residents with accounts, under a version that lets them see the draft, for tests."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from msgspec import structs

from dossiers.permits import CODE, Permit
from motcua.accounts.identity import as_actor
from motcua.accounts.models import ResidentAccount
from motcua.catalogue import versions
from motcua.catalogue.publishing import publish
from motcua.dossiers.handle import Done, lodge
from motcua.law import commands as c
from motcua.law.dossier import Applicant, PaperGiven
from residents import resident, signed_in


class OwnPermit(Permit):
    """A house permit of a resident; everything the office does with it is as in `Permit`."""

    def __init__(self, owner: ResidentAccount | None = None) -> None:
        super().__init__()
        self.owner = owner or resident(number="000187000001")
        if self.procedure.version != 99:
            steps = tuple(
                structs.replace(step, actions=(*step.actions, "show_draft")) if step.id == "appraise" else step
                for step in self.procedure.process.steps
            )
            changed = structs.replace(
                self.procedure,
                version=99,
                process=structs.replace(self.procedure.process, steps=steps),
                confirm_draft="1 calendar_days",
            )
            publish([changed], "pack")
            self.version, self.procedure = versions.current_version(CODE, date(2018, 12, 3))

    @property
    def client(self) -> Client:
        """The owner's browser."""
        return signed_in(self.owner)

    @property
    def actor(self) -> Any:
        """The owner as the law's actor."""
        return as_actor(self.owner)

    def filed(self, papers: tuple[PaperGiven, ...] | None = None, **more: Any) -> "OwnPermit":
        """Handed in online by its owner."""
        account = self.owner.account
        for_whom = Applicant(kind="person", name=account.full_name, number=self.owner.number, account=account.pk)
        values = {"applicant": for_whom, **({"papers": papers} if papers is not None else {}), **more}
        done = lodge(self.version, self.lodging(channel="online", **values), self.actor, uuid4().hex)
        assert isinstance(done, Done), done
        self.id = done.dossier_id
        return self

    def accepted(self) -> "OwnPermit":
        """Taken in by the counter."""
        self.act(c.Accept(money={"fee": 75000}), self.people.clerk)
        return self

    def drafted(self) -> "OwnPermit":
        """With a draft that nobody outside has seen."""
        self.to("appraise")
        self.act(
            c.DraftResult(task=self.task(), result="permit", text="Dự thảo: cho phép ba tầng"), self.people.officer
        )
        return self

    def shown(self) -> "OwnPermit":
        """The draft lies with the owner."""
        self.act(c.ShowDraft(task=self.task()), self.people.officer)
        return self

    def ended(self) -> "OwnPermit":
        """Signed, collected and over."""
        self.act(c.AnswerDraft(agrees=True), self.actor)
        people = self.people
        for command, who in (
            (c.Forward, people.officer), (c.Forward, people.head), (c.Sign, people.leader),
            (c.NumberResult, people.registrar), (c.MarkReady, people.clerk),
        ):  # fmt: skip
            self.act(command(task=self.task()), who)
        if self.state.owed:
            paid = {each.id: each.amount for each in self.state.money}
            self.act(c.RecordPayment(amounts=paid, method="cash", receipt="0000001"), people.clerk)
        handed = c.HandOverResult(task=self.task(), to_name="Nguyễn Thị Mẫu", by_paper="receipt")
        self.act(handed, people.clerk)
        return self
