"""What a page gives as a file, read back: its lines as CSV, its cells as Excel."""

import csv
import io
import re
from html import unescape
from typing import Any

from django.test import Client
from openpyxl import load_workbook


def joined(here: str, more: str) -> str:
    """An address with more in it."""
    return f"{here}{'&' if '?' in here else '?'}{more}"


def content(client: Client, here: str, query: str) -> bytes:
    """The file behind an address."""
    answer: Any = client.get(joined(here, query))
    assert answer.status_code == 200, (here, query, answer.status_code)
    assert "attachment" in answer["Content-Disposition"]
    # Read to its end, it closes itself.
    return b"".join(answer)


def lines(client: Client, here: str, part: str = "") -> list[dict[str, str]]:
    """The rows of a table of a page as CSV, each by its titles."""
    query = f"dinh-dang=csv&bang={part}" if part else "dinh-dang=csv"
    return list(csv.DictReader(io.StringIO(content(client, here, query).decode("utf-8-sig"), newline="")))


def cells(client: Client, here: str, part: str = "") -> list[list[Any]]:
    """Every cell of a table as Excel has it, or of all tables of the page, sheet after sheet."""
    query = f"dinh-dang=xlsx&bang={part}" if part else "dinh-dang=xlsx"
    book = load_workbook(io.BytesIO(content(client, here, query)))
    return [[cell.value for cell in row] for sheet in book for row in sheet.iter_rows()]


def offered(client: Client, here: str) -> set[str]:
    """The tables a page offers as CSV, each by its name in the address; '' where it has only one."""
    hrefs = re.findall(r'href="(\?[^"]*dinh-dang=csv[^"]*)"', client.get(here).content.decode())
    found = set()
    for href in hrefs:
        named = re.search(r"[?&]bang=([^&]+)", unescape(href))
        found.add(named[1] if named else "")
        # What is offered is answered.
        content(client, here.split("?")[0], unescape(href)[1:])
    return found


def refuses_nonsense(client: Client, here: str) -> None:
    """A table and a format there are not are pages that do not exist."""
    for query in ("dinh-dang=exe", "dinh-dang=csv&bang=khong-co"):
        assert client.get(joined(here, query)).status_code == 404, (here, query)
