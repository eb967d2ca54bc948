"""Log lines that tell an operator what failed and where, and nothing about the people concerned.

An exception's own words may quote a name, a number or a whole row ("Key (number)=(...) already exists"), so
only its kind, its place and the database's codes are written.
"""

import copy
import logging
import traceback
from types import TracebackType
from typing import Any

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class DiscreetFormatter(logging.Formatter):
    """Time, level, where from, message; exceptions without their words."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03d"

    def __init__(self, *_: Any, **__: Any) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """One line, and the exception's below it. Of a request only its route: an address may carry a token."""
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = f"{getattr(request, 'method', '')} /{getattr(match, 'route', '?')}"
            record = copy.copy(record)
            record.args = tuple(route if each == request.path else each for each in record.args or ())
        return super().format(record)

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - the library's name
        """Each exception of the chain: its kind, the database's codes, and the lines it passed through."""
        lines: list[str] = []
        error = ei[1]
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}{_codes(error)}")
            for frame in traceback.extract_tb(error.__traceback__):
                lines.append(f"  {frame.filename}:{frame.lineno} {frame.name}")
            error = error.__cause__ or error.__context__
        return "\n".join(lines)


def _codes(error: BaseException) -> str:
    diagnostic = getattr(error, "diag", None)
    named = {
        "sqlstate": getattr(error, "sqlstate", None),
        "table": getattr(diagnostic, "table_name", None),
        "constraint": getattr(diagnostic, "constraint_name", None),
    }
    return "".join(f" {name}={value}" for name, value in named.items() if value)
