"""Finding a dossier: by its code or the token on its receipt, and, for officials, by number or name.

Every question is answered from an index; what somebody may not see is not counted either.
"""

from datetime import datetime
from typing import Any

import msgspec

from motcua.dossiers import store
from motcua.dossiers.policy import INVOLVED, WORKED_ON, visible
from motcua.dossiers.rows import as_stored, decode_state
from motcua.law.actor import Actor
from motcua.law.dossier import Dossier
from motcua.law.names import search_key


class Found(msgspec.Struct, frozen=True):
    """One dossier in a list of results."""

    id: int
    code: str
    token: str
    procedure: str
    version: int
    applicant_name: str
    receiving: int
    status: int
    waiting: bool
    lodged_at: datetime
    due_at: datetime | None
    finished_at: datetime | None


_COLUMNS = ", ".join(f"d.{name}" for name in Found.__struct_fields__)


# Of dossiers taken in elsewhere, so many of the newest under one name are asked whether we worked on them.
NAMESAKES = 200
# Half a city is called Nguyễn. Of so many of one beginning the newest are met soonest by going back from today.
MANY = 5_000
# How far that goes for dossiers taken in elsewhere. For our own it goes on until it has found enough.
GONE_THROUGH = 50_000

_BEGINS = "n.key ~>=~ %(first)s AND n.key ~<~ %(beyond)s"
_OURS = "n.receiving = ANY (%(visible)s)"
# CASE hides from the planner what could be looked up: it shall go back through the key of the table.
_NAMED = f"""
    WITH few AS MATERIALIZED (
        SELECT n.dossier_id FROM dossiers_name n WHERE {_OURS} AND {_BEGINS} LIMIT (%(many)s + 1)),
    near AS MATERIALIZED (
        SELECT n.dossier_id, n.receiving FROM dossiers_name n
         WHERE {_BEGINS} ORDER BY n.key USING ~<~ LIMIT (%(many)s + 1)),
    ours AS (
        (SELECT dossier_id FROM few
          WHERE (SELECT count(*) FROM few) <= %(many)s ORDER BY dossier_id DESC LIMIT %(limit)s)
        UNION ALL
        (SELECT n.dossier_id FROM dossiers_name n
          WHERE (SELECT count(*) FROM few) > %(many)s AND CASE WHEN {_OURS} THEN {_BEGINS} END
          ORDER BY n.dossier_id DESC LIMIT %(limit)s)),
    others AS (
        (SELECT n.dossier_id FROM near n
          WHERE (SELECT count(*) FROM near) <= %(many)s AND NOT {_OURS} ORDER BY n.dossier_id DESC LIMIT %(namesakes)s)
        UNION ALL
        (SELECT n.dossier_id FROM (SELECT * FROM dossiers_name ORDER BY dossier_id DESC LIMIT %(gone_through)s) n
          WHERE (SELECT count(*) FROM near) > %(many)s AND CASE WHEN NOT {_OURS} THEN {_BEGINS} END
          ORDER BY n.dossier_id DESC LIMIT %(namesakes)s)),
    elsewhere AS (
        SELECT d.id FROM (SELECT dossier_id AS id FROM others) d
         WHERE {WORKED_ON} ORDER BY d.id DESC LIMIT %(limit)s)
    SELECT {_COLUMNS} FROM (SELECT dossier_id AS id FROM ours UNION ALL SELECT id FROM elsewhere) f
      JOIN dossiers_dossier d ON d.id = f.id ORDER BY d.id DESC LIMIT %(limit)s
"""
_NAMESAKES = f"""
    d.id IN (
        SELECT n.dossier_id FROM dossiers_name n WHERE {_OURS} AND n.key = %(key)s
        UNION ALL
        (SELECT n.dossier_id FROM dossiers_name n
          WHERE NOT {_OURS} AND n.key = %(key)s ORDER BY n.dossier_id DESC LIMIT %(namesakes)s))
"""
# Behind every text that begins with the one before it: no character comes after this one.
_LAST = "\U0010ffff"


def beginning(key: str) -> str:
    """The pattern of texts that begin with `key`, its own percent signs and underscores taken as written."""
    return key.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_") + "%"


def by_code(code: str) -> Dossier | None:
    """The dossier with this public code, or None."""
    return _one("code", code)


def by_token(token: str) -> Dossier | None:
    """The dossier with this receipt's token, or None."""
    return _one("token", token)


def _one(column: str, value: str) -> Dossier | None:
    value = as_stored(value)
    if not value:
        return None
    with store.cursor() as run:
        row = run.execute(
            f"SELECT state FROM dossiers_dossier WHERE {column} = %s LIMIT 1", (value,), prepare=True
        ).fetchone()
    return None if row is None else decode_state(row[0])


_MINE = """
    SELECT d.id, d.state FROM (
        (SELECT id FROM dossiers_dossier
          WHERE account = %(account)s AND account <> 0 AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)
        UNION
        (SELECT id FROM dossiers_dossier
          WHERE filer = %(account)s AND filer <> 0 AND id < %(before)s ORDER BY id DESC LIMIT %(limit)s)) f
      JOIN dossiers_dossier d ON d.id = f.id ORDER BY d.id DESC LIMIT %(limit)s
"""
_BEYOND = 1 << 53


def mine(account: int, limit: int = 20, before: int = _BEYOND) -> list[Dossier]:
    """The dossiers of a signed-in person, owned or filed for others, newest first; `before` is the last id shown."""
    with store.cursor() as run:
        rows = run.execute(_MINE, {"account": account, "before": before, "limit": limit}).fetchall()
    return [decode_state(row[1]) for row in rows]


def search(actor: Actor, query: str, limit: int = 20) -> list[Found]:
    """Dossiers the actor may see, the newest first: by code, by the applicant's number, or by the beginning of
    the name. Of dossiers that others took in under it only the newest are looked at: NAMESAKES of them, and for a
    beginning of MANY among the newest GONE_THROUGH of the city.
    """
    text = as_stored(query).strip()
    digits = text.replace(" ", "")
    key = search_key(text)
    if len(key) < 2:
        return []
    parameters: dict[str, Any] = {"visible": visible(actor), "limit": limit, "namesakes": NAMESAKES}
    if digits.isdecimal() and len(digits) >= 9:
        where, parameters["value"] = "d.applicant_number = %(value)s AND d.applicant_number <> ''", digits
    elif any(character.isdecimal() for character in text):
        where, parameters["value"] = "d.code = %(value)s", text.upper()
    else:
        parameters |= {"first": key, "beyond": key + _LAST, "many": MANY, "gone_through": GONE_THROUGH}
        return _rows(_NAMED, parameters)
    return _found(where, parameters)


def earlier(actor: Actor, procedure: str, number: str, name: str, limit: int = 5) -> list[Found]:
    """Open dossiers that may be the same one handed in twice: same procedure, same number or same name."""
    parameters: dict[str, Any] = {
        "visible": visible(actor),
        "procedure": as_stored(procedure),
        "number": as_stored(number),
        "key": search_key(as_stored(name)),
        "namesakes": NAMESAKES,
        "limit": limit,
    }
    same = "d.applicant_number = %(number)s AND d.applicant_number <> ''" if number else _NAMESAKES
    return _found(f"{same} AND d.procedure = %(procedure)s AND d.finished_at IS NULL", parameters)


def _found(where: str, parameters: dict[str, Any]) -> list[Found]:
    query = f"SELECT {_COLUMNS} FROM dossiers_dossier d WHERE {where} AND {INVOLVED} ORDER BY d.id DESC LIMIT %(limit)s"
    return _rows(query, parameters)


def _rows(query: str, parameters: dict[str, Any]) -> list[Found]:
    with store.cursor() as run:
        return [Found(*row) for row in run.execute(query, parameters).fetchall()]
