"""`motcua fees verify`: the books against themselves and against the dossiers' journals; names whatever differs."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from motcua.dossiers import store
from motcua.dossiers.rows import decode_state
from motcua.fees.models import Notice

PAGE = 1000

# What must give no row. Each question returns the thing that is wrong and the figures.
_QUESTIONS = {
    "posting_not_zero": """
        SELECT posting_id::text, sum(amount)::text FROM fees_entry GROUP BY posting_id HAVING sum(amount) <> 0""",
    "sum_differs": """
        SELECT a.kind || '/' || a.agency || '/' || a.detail, a.balance || ' / ' || coalesce(s.total, 0)
          FROM fees_account a LEFT JOIN (SELECT account_id, sum(amount) AS total, count(*) AS lines
                                           FROM fees_entry GROUP BY 1) s ON s.account_id = a.id
         WHERE a.balance <> coalesce(s.total, 0) OR a.entries <> coalesce(s.lines, 0)""",
    "receipt_gap": """
        SELECT b.series || ' ' || b.agency, b.last || ' / ' || coalesce(r.many, 0) || ' / ' || coalesce(r.highest, 0)
          FROM fees_receiptbook b LEFT JOIN (
              SELECT agency, form, series, year, count(*) AS many, max(number) AS highest, sum(number) AS total
                FROM fees_receipt GROUP BY 1, 2, 3, 4) r USING (agency, form, series, year)
         WHERE b.last <> coalesce(r.many, 0) OR b.last <> coalesce(r.highest, 0)""",
    "receivable_differs": """
        SELECT n.agency::text, n.open || ' / ' || coalesce(a.balance, 0) FROM (
            SELECT agency, sum(amount - paid - dropped) AS open FROM fees_notice GROUP BY 1) n
          LEFT JOIN fees_account a ON a.kind = 'receivable' AND a.agency = n.agency
         WHERE n.open <> coalesce(a.balance, 0)""",
    "suspense_differs": """
        SELECT coalesce(c.agency, a.agency)::text, coalesce(c.held, 0) || ' / ' || coalesce(-a.balance, 0) FROM (
            SELECT agency, sum(held) AS held FROM fees_credit GROUP BY 1) c
          FULL JOIN (SELECT agency, balance FROM fees_account WHERE kind = 'suspense') a ON a.agency = c.agency
         WHERE coalesce(c.held, 0) <> coalesce(-a.balance, 0)""",
    "refunds_differ": """
        SELECT coalesce(r.agency, a.agency)::text, coalesce(r.due, 0) || ' / ' || coalesce(-a.balance, 0) FROM (
            SELECT agency, sum(amount) AS due FROM fees_refund WHERE state <> 'paid' GROUP BY 1) r
          FULL JOIN (SELECT agency, balance FROM fees_account WHERE kind = 'refunds') a ON a.agency = r.agency
         WHERE coalesce(r.due, 0) <> coalesce(-a.balance, 0)""",
    "receipt_without_payment": """
        SELECT r.series || '-' || r.number, r.total::text FROM fees_receipt r
         WHERE NOT EXISTS (SELECT FROM fees_payment p WHERE p.receipt_id = r.id)""",
}


class Problem(NamedTuple):
    """What is wrong, with which thing, by which figures."""

    code: str
    which: str
    figures: str


def verify(progress: Callable[[int], None] = lambda _count: None) -> list[Problem]:
    """Everything that does not add up; empty when the books are sound."""
    found = []
    with store.cursor() as run:
        for code, question in _QUESTIONS.items():
            found += [Problem(code, str(row[0]), str(row[1])) for row in run.execute(question).fetchall()]
    return [*found, *_against_the_dossiers(progress)]


def _against_the_dossiers(progress: Callable[[int], None]) -> Iterator[Problem]:
    """What each dossier says was asked for and paid, against its notices."""
    after, seen = 0, 0
    while True:
        numbers = list(
            Notice.objects.filter(dossier_id__gt=after).order_by("dossier_id").values_list("dossier_id", flat=True)
            .distinct()[:PAGE]
        )  # fmt: skip
        if not numbers:
            return
        after, seen = numbers[-1], seen + len(numbers)
        notices: dict[int, list[Notice]] = {}
        for notice in Notice.objects.filter(dossier_id__in=numbers):
            notices.setdefault(notice.dossier_id, []).append(notice)
        with store.cursor() as run:
            states = run.execute("SELECT id, state FROM dossiers_dossier WHERE id = ANY (%s)", (numbers,)).fetchall()
        for number, text in states:
            yield from _differences(number, decode_state(text).money, notices[number])
        progress(seen)


def _differences(number: int, money: tuple[object, ...], notices: list[Notice]) -> Iterator[Problem]:
    asked = sum(each.amount for each in money)  # type: ignore[attr-defined]
    paid = sum(each.paid for each in money)  # type: ignore[attr-defined]
    ours = sum(each.amount for each in notices)
    ours_paid = sum(each.paid for each in notices)
    if asked != ours:
        yield Problem("asked_differs", str(number), f"{asked} / {ours}")
    if paid != ours_paid:
        yield Problem("paid_differs", str(number), f"{paid} / {ours_paid}")
    for notice in notices:
        if sum(notice.settled.values()) != notice.paid + notice.dropped:
            yield Problem("notice_differs", notice.reference, f"{notice.settled}")
