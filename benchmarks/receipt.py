"""A receipt set and rendered as PDF/A, one after the other, each with another code."""

import time
from argparse import Namespace
from datetime import datetime
from typing import Any

from benchmarks.timing import percentiles
from msgspec import structs

from motcua.law.working_time import CITY_ZONE
from motcua.papers import forms
from motcua.papers.typeset import render

NEEDS_CITY = False
TARGET = 5.0  # ms

RECEIPT = forms.Receipt(
    head=forms.Letterhead(
        agency="Bộ phận Tiếp nhận và Trả kết quả",
        superior="Ủy ban nhân dân phường mẫu",
        issued_at=datetime(2018, 12, 17, 9, 12, tzinfo=CITY_ZONE),
        number="214/BPTNTRKQ",
        place="Phường mẫu",
    ),
    code="000.00.02.H26-181217-0042",
    filer=forms.Filer(
        name="NGUYỄN THỊ MẪU", address="Số 1, phố Mẫu", phone="0900 000 001", email="mau@example.vn",
        identity="001000000001",
    ),
    subject="Cấp giấy phép xây dựng nhà ở riêng lẻ tại đô thị",
    papers=tuple(
        forms.Paper(f"Giấy tờ mẫu số {number} trong thành phần hồ sơ phải nộp", originals=1) for number in range(1, 6)
    ),
    limit="15 ngày làm việc",
    received_at=datetime(2018, 12, 17, 9, 10, tzinfo=CITY_ZONE),
    due_at=datetime(2019, 1, 7, 17, tzinfo=CITY_ZONE),
    collect_at="Bộ phận Tiếp nhận và Trả kết quả",
    book="01",
    book_number="1042",
    officer="Trần Văn Mẫu",
    fees=(forms.Fee("Lệ phí", 75_000, paid=True, is_demo=True),),
    tracking_url="https://motcua.example/theo-doi/q7Xn2vKfR8sTzWb4mYhLpA",
    code_is_demo=True,
)  # fmt: skip


def run(options: Namespace) -> dict[str, Any]:
    """For `--seconds`, after ten to warm up."""
    spent: list[float] = []
    begun, worked, number = time.perf_counter(), time.process_time(), 0
    while number < 10 or time.perf_counter() - begun < options.seconds:
        number += 1
        receipt = structs.replace(RECEIPT, code=f"000.00.02.H26-181217-{number:04d}")
        started = time.perf_counter()
        render(receipt)
        spent.append((time.perf_counter() - started) * 1000)
    p50, p95 = percentiles(spent[10:] or spent)
    worked = time.process_time() - worked
    return {
        "rate": p50,
        "unit": "ms",
        "ratio": round(TARGET / p50, 2),
        "against": f"{TARGET:.0f} ms",
        "p50_ms": p50,
        "p95_ms": p95,
        "cpu_ms": round(worked / len(spent) * 1000, 2),
        "first_ms": round(spent[0], 1),
        "receipts": len(spent),
    }
