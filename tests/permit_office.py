"""One house permit's way from a commune to its district and back, with the people on it, for tests."""

from django.test import Client

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.dossiers.handle import Done, handle, lodge_and_accept
from motcua.law import commands as c
from motcua.law.dossier import Applicant, Dossier, PaperGiven
from motcua.law.working_time import city_day
from motcua.organisation.directory import directory
from staffing import actor, hire

DISTRICT, DIVISION = "002", "002/XD"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class Office:
    """The people of one permit's way, and the dossiers they have."""

    def __init__(self, password: str = "") -> None:
        commune = next(
            each for each in directory().children[directory().by_code[DISTRICT].number]
            if directory()[each].tier == "commune"
        )  # fmt: skip
        self.commune = directory()[commune].code
        self.clerk = hire("lan", (self.commune, "reception"), (self.commune, "results"), password=password)
        self.desk_clerk = hire("quan", (DISTRICT, "reception"), password=password)
        self.head = hire("binh", (DIVISION, "head"), password=password)
        self.officer = hire("ha", (DIVISION, "officer"), password=password)
        self.leader = hire("long", (DISTRICT, "leader"), password=password)
        self.registrar = hire("anh", (DISTRICT, "registrar"), password=password)
        self.planner = hire("son", ("QHKT", "officer"), password=password)
        self.control = hire("kiemtra", ("HN", "control"), password=password)
        self.stranger = hire("ngoc", ("001", "reception"), password=password)

    def client(self, account: object) -> Client:
        """A browser in which somebody is signed in."""
        client = Client()
        client.force_login(account, backend=BACKEND)  # type: ignore[arg-type]
        return client

    def accepted(self, number: int = 1) -> Dossier:
        """A house permit just received at the commune."""
        version, law = versions.current_version("1.009994", city_day(clock.now()))
        papers = tuple(PaperGiven(id=paper.id, original=1, certified=1, copy=1) for paper in law.papers)
        command = c.Lodge(
            case=law.cases[0].id, channel="counter", agency=directory().by_code[self.commune].number,
            applicant=Applicant(kind="person", name=f"Nguyễn Văn An {number}"), papers=papers,
        )  # fmt: skip
        done = lodge_and_accept(version, command, c.Accept(), actor(self.clerk), f"test/{number}")
        assert isinstance(done, Done), done
        return done.state

    def do(self, state: Dossier, command: object, account: object, key: str) -> Dossier:
        """One act that must succeed."""
        done = handle(state.id, command, actor(account), f"{state.id}/{key}")  # type: ignore[arg-type]
        assert isinstance(done, Done), done
        return done.state

    def with_officer(self, number: int = 1) -> Dossier:
        """At the division, assigned."""
        state = self.accepted(number)
        for key in ("one", "two", "three"):
            task = state.tasks[0]
            step = versions.procedure_version(state.version).process.step(task.step)
            if "assign" in step.actions:
                officer = actor(self.officer)
                return self.do(state, c.Assign(task=task.no, to=officer.account, to_name=officer.name), self.head, key)
            who = self.clerk if task.agency == state.receiving else self.desk_clerk
            state = self.do(state, c.Forward(task=task.no), who, key)
        raise AssertionError("no step assigns")

    def to_sign(self, number: int) -> Dossier:
        """Drafted and before the leader."""
        state = self.with_officer(number)
        result = versions.procedure_version(state.version).results[0].id
        state = self.do(state, c.DraftResult(task=state.tasks[0].no, result=result, text="Đồng ý"), self.officer, "d")
        while "sign" not in versions.procedure_version(state.version).process.step(state.tasks[0].step).actions:
            task = state.tasks[0]
            who = self.officer if task.role == "officer" else self.head
            state = self.do(state, c.Forward(task=task.no), who, f"f{task.no}")
        return state
