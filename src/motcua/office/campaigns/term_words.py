"""How a campaign's date became what it is, said on its pages and in its files; and the doors to change it."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from motcua.campaigns import opening, progress, term
from motcua.campaigns.models import ActDone, Campaign
from motcua.campaigns.rolling import RollUp
from motcua.law.campaign_term import Change
from motcua.law.working_time import CITY_ZONE
from motcua.office.campaigns import asking
from motcua.office.door import actor_of


def doors(request: HttpRequest, campaign: Campaign) -> list[tuple[str, str, str]]:
    """What the reader may change about the campaign's date: the address, the words and the icon."""
    if not opening.may_open(actor_of(request)):
        return []
    names: tuple[Change, ...] = ("reopen",) if campaign.closed_at is not None else ("move", "close")
    return [(reverse(f"office:campaign_{name}", args=[campaign.pk]), *asking.act_words(name)) for name in names]


def term_of(campaign: Campaign) -> dict[str, Any]:
    """How the date became what it is: the first one, how often it was moved, every change; and the closing."""
    acts = term.changes(campaign)
    moved = sum(each.kind != "close" for each in acts)
    return {
        "closed": acts[0] if acts and campaign.closed_at is not None else None,
        "moved": moved,
        "moved_words": ngettext("Hạn đã dời %(n)d lần", "Hạn đã dời %(n)d lần", moved) % {"n": moved} if moved else "",
        "first": datetime.fromisoformat(acts[-1].details["from"]) if acts else campaign.due_at,
        "changes": [_entry(each) for each in acts],
    }


def _entry(act: ActDone) -> dict[str, Any]:
    what, icon = asking.act_words(act.kind)
    if act.kind != "close":
        old, new = _short(act.details["from"]), _short(act.details["to"])
        what = _("%(what)s: %(old)s thành %(new)s") % {"what": what, "old": old, "new": new}
    return {"what": what, "icon": icon, "who": act.name, "when": act.at, "note": act.words}


def _short(iso: str) -> str:
    at = datetime.fromisoformat(iso).astimezone(CITY_ZONE)
    return f"{at:%H:%M} {at.day}/{at.month}/{at.year}"


def unanswered(found: RollUp, campaign: Campaign) -> int:
    """How many of a roll-up's agencies never answered the closed campaign."""
    return sum(progress.is_unanswered(campaign, each.answer) for each in found.counted)


def said_in_file(campaign: Campaign, found: RollUp) -> list[str]:
    """What a file says of the date: moved how often and from when, closed when, why, and how many never answered."""
    said, known = [], term_of(campaign)
    if known["moved"]:
        first = _short(known["first"].isoformat())
        said.append(f"{_('Hạn')} {_short(campaign.due_at.isoformat())}. {known['moved_words']}; {_('hạn đầu')} {first}")
    if known["closed"] is not None:
        n = unanswered(found, campaign)
        words = ngettext("%(n)d cơ quan không trả lời", "%(n)d cơ quan không trả lời", n) % {"n": n}
        at = _short(known["closed"].at.isoformat())
        said.append(f"{_('Đợt đã đóng lúc')} {at}: {known['closed'].words}. {words}")
    return said
