"""Tables for the tests: every kind of column, awkward texts, and a paper of the state with a head of three rows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from motcua.law.working_time import CITY_ZONE
from motcua.tables.table import Column, Form, HeadCell, Row, Signature, Table

COLUMNS = (
    Column("code", "Mã hồ sơ"),
    Column("count", "Số bộ", "int", total=True),
    Column("money", "Điểm", "decimal"),
    Column("share", "Tỷ lệ", "percent"),
    Column("day", "Ngày", "date"),
    Column("at", "Lúc", "instant"),
    Column("worked", "Đã làm (phút)", "minutes"),
)
DAY, AT = date(2018, 12, 17), datetime(2018, 12, 17, 2, 30, tzinfo=UTC)
ROW: Row = ("000.00.02.H26-181217-0042", 1, Decimal("7.5"), 0.982, DAY, AT, 90)
# What spreadsheets take for formulas, what breaks CSV, what the library takes for markup, names in both forms.
AWKWARD = (
    "=1+1", "+84912345678", "-5", "@SUM(A1)", "\tx", "\rx", "'=1+1", "=HYPERLINK(\"http://x\",\"y\")", "＝1+1",
    "a,b", 'a"b', "a\nb", "a\r\nb", " đầu và cuối ", "<r><t>x</t></r>", "<r></r>", "_x0041_", "&amp;<b>", "00123",
    "http://x.vn/", "Nguyễn Thị Hoà", "Nguye\u0302\u0303n Thi\u0323 Hoa\u0300", "𠀀" * 3, "{=1}", "1e5", "TRUE", "",
)  # fmt: skip


def table(rows: Any, columns: tuple[Column, ...] = COLUMNS, **more: Any) -> Table:
    return Table("Danh sách hồ sơ", columns, rows, **more)


def texts() -> st.SearchStrategy[str]:
    """Anything a database may keep: no surrogates, no nulls; often something awkward."""
    letters = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\ufffe\uffff")
    return st.sampled_from(AWKWARD) | st.text(letters, max_size=40)


def values() -> st.SearchStrategy[Row]:
    """A row for COLUMNS, any cell of it perhaps empty."""
    numbers = st.integers(-(10**17), 10**17)
    instants = st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1), timezones=st.just(CITY_ZONE))
    return st.tuples(
        texts(),
        st.none() | numbers,
        st.none() | st.decimals(-(10**9), 10**9, places=2),
        st.none() | st.floats(0, 1),
        st.none() | st.dates(date(1900, 3, 1), date(2200, 1, 1)),
        st.none() | instants.map(lambda at: at.astimezone(UTC) + timedelta(microseconds=3)),
        st.none() | st.integers(0, 10**6),
    )


def _cells(*found: Any) -> tuple[HeadCell, ...]:
    return tuple(HeadCell(*each) for each in found)


def paper(rows: Any = ((1, "Xây dựng", 5, 2, 3, ""), (2, "Hộ tịch", 9, 0, 9, "x"))) -> Table:
    """A head of three rows with joined cells, numbered columns, two blocks above, two signatures beneath."""
    columns = (
        Column("no", "STT", "int", 5), Column("field", "Lĩnh vực", width=30),
        Column("all", "Tổng", "int", total=True), Column("before", "Kỳ trước", "int", total=True),
        Column("new", "Mới", "int", total=True), Column("n", "Ghi chú"),
    )  # fmt: skip
    head = (
        _cells(("STT", 1, 3), ("Lĩnh vực", 1, 3), ("Số hồ sơ nhận giải quyết", 3, 1), ("Ghi chú", 1, 3)),
        _cells(("Tổng số", 1, 2), ("Trong đó", 2, 1)),
        _cells(("Số kỳ trước chuyển qua",), ("Số mới tiếp nhận",)),
    )
    form = Form(
        left=("Biểu số: II.06a", "Ban hành theo Thông tư 02/2017/TT-VPCP"), right=("Đơn vị báo cáo: Quận Mẫu",),
        under=("Quý III năm 2018",), head=head, numbers=tuple(f"({at})" for at in range(1, 7)), unit="hồ sơ",
        place_and_day="Hà Nội, ngày 15 tháng 9 năm 2018",
        signatures=(Signature("Người lập biểu", "(Ký)", "Hoà"), Signature("Thủ trưởng", "(Ký, đóng dấu)")), nation=True,
    )  # fmt: skip
    return Table("TÌNH HÌNH GIẢI QUYẾT", columns, rows, form=form, notes=("Cột 3 = cột 4 + cột 5.",))
