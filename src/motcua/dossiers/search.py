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

# Names are matched in the index alone, which knows where each dossier was taken in; half a city is called Nguyễn.
_NAMED = f"""
    WITH named AS MATERIALIZED (
        SELECT d.id, d.receiving = ANY (%(visible)s) AS ours
          FROM dossiers_dossier d WHERE d.applicant_key LIKE %(value)s),
    ours AS (SELECT id FROM named WHERE ours ORDER BY id DESC LIMIT %(limit)s),
    elsewhere AS (
        SELECT d.id FROM (SELECT id FROM named WHERE NOT ours ORDER BY id DESC LIMIT {NAMESAKES}) d
         WHERE {WORKED_ON} ORDER BY d.id DESC LIMIT %(limit)s)
    SELECT {_COLUMNS} FROM (SELECT id FROM ours UNION ALL SELECT id FROM elsewhere) f
      JOIN dossiers_dossier d ON d.id = f.id ORDER BY d.id DESC LIMIT %(limit)s
"""


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
    the name. Among more than NAMESAKES of one beginning that others took in, only the newest are looked at.
    """
    text = as_stored(query).strip()
    digits = text.replace(" ", "")
    key = search_key(text)
    if len(key) < 2:
        return []
    parameters: dict[str, Any] = {"visible": visible(actor), "limit": limit}
    if digits.isdecimal() and len(digits) >= 9:
        where, parameters["value"] = "d.applicant_number = %(value)s AND d.applicant_number <> ''", digits
    elif any(character.isdecimal() for character in text):
        where, parameters["value"] = "d.code = %(value)s", text.upper()
    else:
        return _rows(_NAMED, parameters | {"value": beginning(key)})
    return _found(where, parameters)


def earlier(actor: Actor, procedure: str, number: str, name: str, limit: int = 5) -> list[Found]:
    """Open dossiers that may be the same one handed in twice: same procedure, same number or same name."""
    parameters: dict[str, Any] = {
        "visible": visible(actor),
        "procedure": as_stored(procedure),
        "number": as_stored(number),
        "key": search_key(as_stored(name)),
        "limit": limit,
    }
    same = "d.applicant_number = %(number)s AND d.applicant_number <> ''" if number else "d.applicant_key = %(key)s"
    return _found(f"{same} AND d.procedure = %(procedure)s AND d.finished_at IS NULL", parameters)


def _found(where: str, parameters: dict[str, Any]) -> list[Found]:
    query = f"SELECT {_COLUMNS} FROM dossiers_dossier d WHERE {where} AND {INVOLVED} ORDER BY d.id DESC LIMIT %(limit)s"
    return _rows(query, parameters)


def _rows(query: str, parameters: dict[str, Any]) -> list[Found]:
    with store.cursor() as run:
        return [Found(*row) for row in run.execute(query, parameters).fetchall()]
