"""Asks the register about somebody for whom an application is filled in, and puts what it says into answers.

One recorded look-up each time; the pure part is in `prefill`. Somebody without a number is not asked about.
"""

from collections.abc import Callable
from datetime import timedelta

from motcua.catalogue import versions
from motcua.dossiers import clock
from motcua.filing.drafts import fill_again
from motcua.filing.models import Draft
from motcua.filing.prefill import Filled, Topic, prefill, source_at
from motcua.filing.register import PAPER_TOPICS, PURPOSE, proves, register, topics_of
from motcua.law.actor import Actor
from motcua.law.procedure import Procedure
from motcua.organisation.models import Account

FRESH = timedelta(days=1)


def ask(procedure: Procedure, case: str, number: str, who: Actor) -> Filled:
    """What the register knows of the person with this number, for a case of the procedure; empty when nothing."""
    if not number:
        return Filled({}, {}, {})
    source = register()
    known = source.look_up(number, purpose=PURPOSE, who=who, reason=procedure.code)
    if known is None:
        return Filled({}, {}, {})
    topic = topics_of(source, known)
    at = clock.now()
    filled = prefill(procedure, case, topic, at)
    filled.sources.update(_proven(topic, source_at(at)))
    return filled


def _proven(topic: Topic, said: str) -> dict[str, str]:
    """Which kinds of paper are needless, each with its source as the dossier keeps it: `register:identity@...`."""
    moment = said.partition("@")[2]
    return {f"paper.{name}": f"register:{name}@{moment}" for name in PAPER_TOPICS if proves(topic, name)}


def look_again(draft: Draft, account: Account, who: Actor) -> Draft:
    """Takes what the register says now, when what the draft has from it is older than a day."""
    if draft.known_at is None or clock.now() - draft.known_at < FRESH:
        return draft
    return renew(draft, account, who)


def renew(draft: Draft, account: Account, who: Actor) -> Draft:
    """Takes what the register says now. Somebody it no longer knows keeps what was known."""
    person = draft.principal.get("kind_of_applicant", "person") == "person"
    number = str(draft.principal.get("number") or "") if person else ""
    filled = ask(versions.procedure_version(draft.version), draft.case, number, who)
    return (filled.sources and fill_again(draft.uuid, account, filled)) or draft


def proven_by(draft: Draft) -> Callable[[str], str]:
    """Gives the source that makes a kind of paper needless in this draft; '' when it must be handed in."""
    return lambda name: str(draft.sources.get(f"paper.{name}", ""))
