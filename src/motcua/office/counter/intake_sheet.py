"""What lies on the counter: one dossier being taken in, as it was typed so far."""

from datetime import date, datetime

from django.http import HttpRequest, QueryDict
from django.utils.translation import get_language

from motcua.dossiers import clock
from motcua.filing.communes import commune_label
from motcua.law.actor import Actor
from motcua.law.directory import Agency
from motcua.law.procedure import Case, Field, Paper, Procedure
from motcua.law.working_time import city_day
from motcua.office.counter.places import receiving
from motcua.office.counter.scans import Scans


class IntakeSheet:
    """The page being filled: the procedure, the chosen case and counter, what was typed, and the scans."""

    def __init__(self, request: HttpRequest, actor: Actor, version: int, procedure: Procedure) -> None:
        self.actor, self.version, self.procedure = actor, version, procedure
        self.language = get_language() or "vi"
        self.now: datetime = clock.now()
        self.day: date = city_day(self.now)
        self.places = receiving(actor, procedure)
        self.typed: QueryDict = request.POST.copy() if request.method == "POST" else QueryDict(mutable=True)
        names = [f"scan-{paper.id}" for paper in procedure.papers]
        names += [f"form-{field.id}" for field in procedure.fields() if field.type == "file"]
        self.scans = Scans(request, names)
        if request.method != "POST":
            self._begin(request)
        for name in names:
            if name.startswith("form-"):
                self.typed[name] = next(iter(self.scans.digests(name)), "")

    def _begin(self, request: HttpRequest) -> None:
        """An empty sheet: the papers' counts as asked for, our own commune, the first lawful kind of applicant."""
        self.typed["case"] = request.GET.get("case", "")
        self.typed["agency"] = request.GET.get("agency", "")
        self.typed["kind"] = self.procedure.applicants[0]
        self.typed["sets"] = "1"
        self.typed["late-day"] = f"{self.day.day}/{self.day.month}/{self.day.year}"
        if self.agency.tier == "commune":
            self.typed["commune"] = commune_label(self.agency)

    def said(self, name: str) -> str:
        """What was typed into a field, without the spaces around it."""
        return str(self.typed.get(name, "")).strip()

    @property
    def agency(self) -> Agency:
        """The counter that takes it in: the chosen one, or the first that may."""
        chosen = self.said("agency")
        return next((place for place in self.places if str(place.number) == chosen), self.places[0])

    @property
    def case(self) -> Case:
        """The chosen case, or the first."""
        chosen = self.said("case")
        return next((case for case in self.procedure.cases if case.id == chosen), self.procedure.cases[0])

    def papers(self) -> list[Paper]:
        """The papers of this case, those asked for under a condition too."""
        return [paper for paper in self.procedure.papers if not paper.cases or self.case.id in paper.cases]

    def fields(self) -> tuple[Field, ...]:
        """All questions of the form."""
        return self.procedure.fields()
