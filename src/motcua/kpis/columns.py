"""The columns a KPI file may name, by grain, each with its SQL; nothing else ever reaches a statement.

A column that counts working time asks for the office's hours (`hours`), one that is kept on the dossier of a piece
of work for its row (`dossier`); `compiling` brings what a column needs.
"""

from typing import Literal, NamedTuple

from motcua.kpis.shapes import Dimension, Grain, When

Kind = Literal["text", "number", "flag"]
Need = Literal["dossier", "hours"]


class Column(NamedTuple):
    """One column: how it is asked, what it holds, and which words it may be compared with (none: any)."""

    sql: str
    kind: Kind
    values: tuple[str, ...] = ()
    needs: frozenset[Need] = frozenset()


class Source(NamedTuple):
    """The table of a grain: its alias, the agency a case belongs to, and when a case may belong to a period."""

    table: str
    alias: str
    place: str
    whens: dict[When, str]
    columns: dict[str, Column]
    dimensions: tuple[Dimension, ...]
    amounts: tuple[str, ...] = ()


HOURS: frozenset[Need] = frozenset({"hours"})
DOSSIER: frozenset[Need] = frozenset({"dossier"})
OUTCOMES = ("granted", "refused", "declined", "withdrawn", "stopped", "closed")
TIMELINESS = ("before_date", "on_time", "late")
GROUNDS = ("supplement", "tax", "payment", "verification", "confirmation")
CHANNELS = ("counter", "online", "post")
STANDS = {
    "in_time": "p.state = 'open' AND (p.due IS NULL OR p.due >= pt.at)",
    "overdue": "p.state = 'open' AND p.due < pt.at",
    "waiting": "p.state = 'waiting'",
    "lodged": "p.state = 'lodged'",
    "returned": "p.state = 'returned'",
}


def worked(earlier: str, later: str) -> str:
    """Minutes of the office's time between two instants, which may be the other way round."""
    return f"(({_worked_until(later)}) - ({_worked_until(earlier)})) / 60"


def _worked_until(instant: str) -> str:
    seconds = f"extract(epoch FROM {instant})::float8"
    at = f"width_bucket({seconds}, hours.opens)"
    return f"coalesce(hours.before[{at}] + least({seconds}, hours.closes[{at}]) - hours.opens[{at}], 0)"


def _minutes(earlier: str, later: str) -> str:
    return f"extract(epoch FROM {later} - {earlier})::float8 / 60"


_DOSSIER = {
    "channel": Column("f.channel", "text", CHANNELS),
    "applicant_kind": Column("f.applicant_kind", "text"),
    "level": Column("f.level", "number"),
    "outcome": Column("f.outcome", "text", OUTCOMES),
    "timeliness": Column("f.timeliness", "text", TIMELINESS),
    "index_timeliness": Column("f.index_timeliness", "text", TIMELINESS),
    "index_reason": Column("f.index_reason", "text", ("supplements", "after_date")),
    "supplements": Column("f.supplements", "number"),
    "supplements_at_intake": Column("f.supplements_at_intake", "number"),
    "sent_back": Column("f.sent_back", "number"),
    "extended": Column("f.extended", "flag"),
    "corrected": Column("f.corrected_at IS NOT NULL", "flag"),
    "kept_promise": Column("coalesce(f.finished_at <= f.promised_at, false)", "flag"),
    "paid": Column("f.paid", "flag"),
    "paid_online": Column("f.paid_online", "flag"),
    "identified": Column("f.identified", "flag"),
    "digitised": Column("f.digitised", "flag"),
    "reused": Column("f.reused", "flag"),
    "e_result": Column("f.e_result", "flag"),
    "rated": Column("EXISTS (SELECT FROM reports_ratingfact q WHERE q.dossier_id = f.dossier_id)", "flag"),
    "legal_minutes": Column("f.legal_minutes", "number"),
    "agency_minutes": Column("f.agency_minutes", "number"),
    "step_minutes": Column("f.step_minutes", "number"),
    "resident_minutes": Column("f.resident_minutes", "number"),
    "counter_minutes": Column(_minutes("f.finished_at", "f.handed_at"), "number"),
    "intake_minutes": Column(worked("f.lodged_at", "f.accepted_at"), "number", needs=HOURS),
    "late_minutes": Column(worked("f.due_at", "f.finished_at"), "number", needs=HOURS),
}
_STAGE = {
    "role": Column("s.role", "text"),
    "kind": Column("s.kind", "text", ("step", "opinion", "correction")),
    "ended_by": Column("s.ended_by", "text"),
    "late": Column("s.late", "flag"),
    "sent": Column("s.sent_by <> 0", "flag"),
    "received": Column("s.in_transit IS NOT NULL", "flag"),
    "worked": Column("s.worked", "number"),
    "waited": Column("s.waited", "number"),
    "elapsed": Column("s.worked + s.waited", "number"),
    "in_transit": Column("s.in_transit", "number"),
    # Worked and waited is the whole of it, allowed the part until its date: what is over is the lateness.
    "late_minutes": Column("greatest(s.worked + s.waited - s.allowed, 0)", "number"),
    "channel": Column("f.channel", "text", CHANNELS, DOSSIER),
}
_SPAN = {
    "stand": Column(
        f"CASE {' '.join(f'WHEN {sql} THEN {name!r}' for name, sql in STANDS.items())} END", "text", tuple(STANDS)
    ),
    "ground": Column("p.ground", "text", GROUNDS),
    "age_minutes": Column(_minutes("f.accepted_at", "pt.at"), "number", needs=DOSSIER),
    "channel": Column("f.channel", "text", CHANNELS, DOSSIER),
}
_RATING = {
    "mean_points": Column("(SELECT avg(v.value::int) FROM jsonb_each_text(r.scores) v)::float8", "number"),
    "has_zero": Column("jsonb_path_exists(r.scores, '$.* ? (@ == 0)')", "flag"),
    "contested": Column("r.contested_at IS NOT NULL", "flag"),
    "struck": Column("r.stands IS FALSE", "flag"),
    "ruled": Column("r.stands IS NOT NULL", "flag"),
    "by": Column("r.by", "text"),
    "channel": Column("f.channel", "text", CHANNELS),
}
_TIMES: tuple[Dimension, ...] = ("month", "half")
_PLACES: tuple[Dimension, ...] = ("receiving", "district", "tier")
_WHAT: tuple[Dimension, ...] = ("field", "procedure", "channel")

SOURCES: dict[Grain, Source] = {
    "dossier": Source(
        "reports_dossierfact", "f", "f.receiving",
        {"accepted_at": "f.accepted_at", "finished_at": "f.finished_at", "handed_at": "f.handed_at"},
        _DOSSIER, (*_TIMES, *_PLACES, *_WHAT, "resolving"),
    ),
    "stage": Source(
        "reports_stagefact", "s", "s.agency", {"closed": "s.closed"}, _STAGE,
        (*_TIMES, "agency", "district", "tier", *_WHAT, "step", "officer"),
        ("worked", "waited", "elapsed", "in_transit"),
    ),
    "span": Source(
        "reports_span", "p", "p.receiving", {"as_of": "pt.at"}, _SPAN, (*_TIMES, *_PLACES, *_WHAT, "ground"),
    ),
    "open_day": Source(
        "reports_openday", "o", "o.agency", {"day": "o.day", "as_of": "pt.at"}, {},
        (*_TIMES, "agency", "district", "tier"),
        ("d_open", "d_late", "d_waiting", "closed", "closed_late"),
    ),
    "rating": Source(
        "reports_ratingfact", "r", "r.receiving", {"at": "r.at"}, _RATING, (*_TIMES, *_PLACES, *_WHAT),
    ),
}  # fmt: skip
