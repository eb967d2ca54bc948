"""Who holds a campaign's row: many who write into it at once, or the one who changes its term.

The campaign is always taken before any of its answers, so that nobody waits for each other in a ring.
"""

from django.db import connection

from motcua.campaigns.models import Campaign
from motcua.law.campaign_term import Term


def hold_open(campaign: int) -> Term:
    """The campaign's term, which nobody changes until the transaction ends; others may hold it as well."""
    with connection.cursor() as run:
        run.execute("SELECT due_at, closed_at FROM campaigns_campaign WHERE id = %s FOR SHARE", [campaign])
        return Term(*run.fetchone())


def hold_alone(campaign: int) -> Campaign | None:
    """The campaign as it stands once everybody who wrote into it is done; none of them begins before we end."""
    return Campaign.objects.select_for_update(of=("self",)).select_related("form").filter(pk=campaign).first()
