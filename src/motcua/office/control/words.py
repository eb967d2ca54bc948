"""The states of work in words, and the names of the people who held it."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from motcua.office.control.asking import named_period
from motcua.organisation.models import Account
from motcua.reports.naming import agency_name, field_name, procedure_name, said
from motcua.reports.work import Part, State

COLOURS: dict[State, str] = {"late": "late", "today": "due_today", "waiting": "waiting", "done_late": "late"}


def people(accounts: Iterable[int]) -> dict[int, str]:
    """The names of accounts."""
    wanted = {each for each in accounts if each}
    return dict(Account.objects.filter(pk__in=wanted).values_list("pk", "full_name")) if wanted else {}


def period_name(part: Part) -> str:
    """The period of finished work as people say it."""
    period = named_period(part)
    if period is None:
        return _("30 ngày qua")
    if period.kind != "month" or period.report:
        return said(period.name)
    return _("tháng %(month)s/%(year)s") % {"month": period.first.month, "year": period.first.year}


def names_of(part: Part) -> dict[str, str]:
    """What a part is narrowed to, by the name it has in an address."""
    found: dict[str, str] = {}
    if part.agency:
        found["co-quan"] = agency_name(part.agency)
    if part.officer:
        found["nguoi"] = people([part.officer]).get(part.officer, str(part.officer))
    if part.field:
        found["linh-vuc"] = field_name(part.field)
    if part.procedure:
        found["thu-tuc"] = procedure_name(part.procedure)
    if part.step:
        found["buoc"] = part.step
    return found
