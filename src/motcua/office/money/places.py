"""Which agency's money a page is about: the one named in the address among those the official may see."""

from django.http import Http404, HttpRequest

from motcua.law.directory import Agency
from motcua.law.rights import COUNTER
from motcua.office.door import actor_of
from motcua.organisation.directory import directory
from motcua.organisation.policy import visible_agencies

CASHIERS = COUNTER
READERS = (*COUNTER, "control", "leader")
MOST_LISTED = 60


class Place:
    """The agency, and what the official may do with its money: take it, decide about it, or only look."""

    def __init__(self, request: HttpRequest) -> None:
        actor, known = actor_of(request), directory()
        serving = dict.fromkeys(grant.agency for grant in actor.grants if grant.role in COUNTER)
        overseen = {grant.role for grant in actor.grants} & {"control", "leader"}
        seen = set(visible_agencies(actor)) if overseen else set()
        said = request.POST.get("noi") or request.GET.get("noi") or ""
        numbers = [*serving, *sorted(seen - set(serving))]
        numbers = [number for number in numbers if number in known.by_number]
        if not numbers:
            raise Http404
        wanted = int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else numbers[0]
        if wanted not in numbers:
            raise Http404
        self.agency: Agency = known[wanted]
        self.number = wanted
        self.cashier = wanted in serving
        self.head = actor.holds(wanted, "one_stop_head")
        self.all = [known[number] for number in numbers]

    def choices(self, language: str) -> list[tuple[str, str]]:
        """The agencies to choose from; a long list is narrowed to what receives at a counter."""
        shown = self.all if len(self.all) <= MOST_LISTED else [each for each in self.all if each.tier != "division"]
        return [(str(each.number), each.name.within(language)) for each in shown[:1000]]


def may_look_at(request: HttpRequest, agency: int) -> bool:
    """True when the official takes, decides about or oversees the money of `agency`."""
    actor = actor_of(request)
    if actor.holds(agency, *COUNTER):
        return True
    overseen = any(grant.role in ("control", "leader") for grant in actor.grants)
    return overseen and agency in visible_agencies(actor)
