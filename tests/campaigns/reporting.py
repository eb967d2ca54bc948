"""A small reporting city: forms by few words, three communes under two districts, and people who answer, sign, accept.

Everything is done through the room's own verbs.
"""

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import openpyxl

from motcua.campaigns import answering, forms, opening
from motcua.campaigns.excel_template import SHEET, template
from motcua.campaigns.models import Answer, Campaign
from motcua.law.actor import Actor
from motcua.law.campaign import Choice, Column, Form, Row, Sum
from motcua.law.campaign_check import Line, Typed
from motcua.law.campaign_course import Whom
from motcua.law.refusal import Refusal
from motcua.law.texts import Text
from motcua.organisation.directory import directory
from motcua.organisation.models import Account
from staffing import actor, hire

# Phúc Xá and Trúc Bạch of Ba Đình, Hàng Buồm of Hoàn Kiếm; and the city itself.
COMMUNES = ("00001", "00004", "00061")
DISTRICTS = ("001", "001", "002")
NOW = datetime(2018, 12, 10, 3, 0, tzinfo=UTC)
DUE = datetime(2018, 12, 20, 10, 0, tzinfo=UTC)

COMPUTERS = Form(
    code="may-tinh",
    title=Text("Máy tính", "Computers"),
    columns=(
        Column("tong", Text("Tổng", "All"), "int", required=True, minimum=Decimal(0), rollup="sum", jump=50),
        Column("tot", Text("Tốt", "Good"), "int", minimum=Decimal(0), rollup="sum"),
        Column("hong", Text("Hỏng", "Broken"), "int", minimum=Decimal(0), rollup="sum"),
        Column("gia", Text("Giá", "Price"), "decimal", decimals=1, rollup="average", weight="tong"),
        Column("mua", Text("Ngày mua", "Bought"), "date", rollup="min"),
        Column("mang", Text("Có mạng", "Online"), "yes_no", rollup="count"),
        Column("ghi", Text("Ghi chú", "Remarks"), "text", longest=50),
    ),
    rows=(Row("ban", Text("Để bàn", "Desktop")), Row("xach", Text("Xách tay", "Laptop"))),
    sums=(Sum("tong", ("tot", "hong")),),
)
OFFICES = Form(
    code="tru-so",
    title=Text("Trụ sở", "Offices"),
    columns=(
        Column("ten", Text("Tên", "Name"), "text", required=True, rollup="count"),
        Column("dien_tich", Text("Diện tích", "Area"), "decimal", decimals=1, rollup="sum"),
        Column("loai", Text("Loại", "Kind"), "choice",
               choices=(Choice("a", Text("Cấp A", "Class A")), Choice("b", Text("Cấp B", "Class B")))),
    ),
    most_rows=300,
)  # fmt: skip


class City:
    """People of the reporting city, hired once; a campaign and its answers."""

    def __init__(self, form: Form = COMPUTERS, due: datetime = DUE, now: datetime = NOW) -> None:
        self.accounts: dict[str, Account] = {}
        self.now = now
        self.form = form
        version, faults = forms.keep(form, "browser", "Kiểm soát")
        assert version is not None, faults
        self.control = self.person("control", ("HN", "control"))
        wanted = opening.Opening(
            version.pk, form.title, date(2018, 1, 1), date(2018, 12, 31), due, Whom(named=COMMUNES)
        )  # fmt: skip
        opened = opening.open_campaign(wanted, self.control, now)
        assert isinstance(opened, Campaign), opened
        self.campaign = opened

    def person(self, name: str, *posts: tuple[str, str]) -> Actor:
        """Somebody with these posts, hired when first asked for."""
        if name not in self.accounts:
            known = Account.objects.filter(username=name).first()
            self.accounts[name] = known or hire(name, *posts)
        return actor(self.accounts[name])

    def clerk(self, at: int = 0) -> Actor:
        """Who fills in at a commune."""
        return self.person(f"clerk{at}", (COMMUNES[at], "officer"))

    def leader(self, at: int = 0) -> Actor:
        """Who signs at a commune."""
        return self.person(f"leader{at}", (COMMUNES[at], "leader"))

    def district(self, at: int = 0) -> Actor:
        """Who accepts at its district."""
        return self.person(f"district{DISTRICTS[at]}", (DISTRICTS[at], "control"))

    def answer(self, at: int = 0) -> Answer:
        """The answer of a commune."""
        number = directory().by_code[COMMUNES[at]].number
        return Answer.objects.select_related("campaign__form").get(campaign=self.campaign, agency=number)

    def save(self, given: dict[str, dict[str, Any]], at: int = 0, source: str = "browser") -> answering.Saved:
        """Cells saved by the commune's clerk, who saw what there is."""
        answer = self.answer(at)
        version = answering.version_of(answer)
        seen = (version.no, version.revision) if version else (0, 0)
        saved = answering.save(answer.pk, given, seen, self.clerk(at), source, self.now)
        assert not isinstance(saved, Refusal), saved
        return saved

    def submit(self, at: int = 0, words: str = "") -> answering.Saved | Refusal:
        """Handed to the leader."""
        answer = self.answer(at)
        version = answering.version_of(answer)
        assert version is not None
        return answering.submit(answer.pk, (version.no, version.revision), self.clerk(at), words, self.now)

    def signed(self, at: int, given: dict[str, dict[str, Any]]) -> None:
        """Filled in, submitted and signed."""
        self.save(given, at)
        done = self.submit(at)
        assert not isinstance(done, Refusal), done
        done = answering.act(self.answer(at).pk, "sign", self.leader(at), now=self.now)
        assert not isinstance(done, Refusal), done

    def lines(self, at: int = 0) -> list[Line]:
        """What stands in the newest version."""
        answer = self.answer(at)
        return answering.lines_in(self.form, answering.version_of(answer))

    def template(self, at: int = 0) -> bytes:
        """The spreadsheet as the commune downloads it."""
        answer = self.answer(at)
        version = answering.version_of(answer)
        return template(answer, version, answering.lines_in(self.form, version))


def whole(number: int, **more: Any) -> dict[str, dict[str, Any]]:
    """Both rows of the computers, so many of each, all of them good."""
    row = {"tong": number, "tot": number, "hong": 0}
    return {"ban": row | more, "xach": row}


def edited(data: bytes, change: Any) -> bytes:
    """A workbook with something done to its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    change(book[SHEET], book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def plain(lines: list[Line]) -> dict[str, dict[str, Any]]:
    """Rows by key, what can be read in them."""
    return {line.key: dict(line.cells) for line in lines}


def ago(days: int) -> datetime:
    """So many days before NOW."""
    return NOW - timedelta(days=days)


__all__ = ["COMMUNES", "COMPUTERS", "DUE", "NOW", "OFFICES", "City", "Typed", "edited", "msgspec", "plain", "whole"]
