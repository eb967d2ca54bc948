"""A result set, signed as PAdES B-LT with a time-stamp, and checked, one after the other, by a passing authority."""

import tempfile
import time
from argparse import Namespace
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.timing import percentiles
from msgspec import structs

from motcua.law.working_time import CITY_ZONE
from motcua.papers import forms
from motcua.papers.results import issuing
from motcua.papers.results.keys import KeyRing
from motcua.papers.typeset import render

NEEDS_CITY = False
AGENCY = "Ủy ban nhân dân phường mẫu"

RESULT = forms.Result(
    head=forms.Letterhead(
        agency=AGENCY,
        superior="Ủy ban nhân dân quận mẫu",
        issued_at=datetime(2018, 12, 17, 9, 12, tzinfo=CITY_ZONE),
        number="12/2018/GKS",
        place="Phường mẫu",
    ),
    kind="Giấy khai sinh",
    signature=forms.Signature(("TM. Ủy ban nhân dân", "Chủ tịch"), name="Trần Văn Mẫu"),
    particulars=(
        forms.Particulars("", (("Họ, chữ đệm, tên", "NGUYỄN THỊ MẪU"), ("Ngày sinh", "ngày 01 tháng 12 năm 2018"))),
        forms.Particulars("Cha mẹ", (("Mẹ", "Nguyễn Thị Mẫu"), ("Cha", "Trần Văn Mẫu"))),
    ),
    code="000.00.02.H26-181217-0042",
    check_url="https://motcua.example/xac-minh/ABCDEFGHJKMNPQRS/",
    check_address="motcua.example/xac-minh",
    check_code="ABCD-EFGH-JKMN-PQRS",
    keywords=("motcua-ket-qua:ABCDEFGHJKMNPQRS",),
    is_demo=True,
)  # fmt: skip


def run(options: Namespace) -> dict[str, Any]:
    """For `--seconds`, after two to warm up. `ratio` is the share of the time that is not the setting alone."""
    with tempfile.TemporaryDirectory() as folder:
        ring = KeyRing(Path(folder), "http://127.0.0.1:1")
        ring.demo.create()
        spent: list[float] = []
        begun, number = time.perf_counter(), 0
        while number < 5 or time.perf_counter() - begun < options.seconds:
            number += 1
            form = structs.replace(RESULT, head=structs.replace(RESULT.head, number=f"{number}/2018/GKS"))
            started = time.perf_counter()
            issuing.signed_form(form, ring, "00001", AGENCY, "")
            spent.append((time.perf_counter() - started) * 1000)
    setting: list[float] = []
    for _ in range(20):
        started = time.perf_counter()
        render(RESULT)
        setting.append((time.perf_counter() - started) * 1000)
    kept = spent[2:]
    p50, p95 = percentiles(kept)
    return {
        "rate": round(1000 / (sum(kept) / len(kept)), 2),
        "unit": "results/s",
        "ratio": round(p50 / percentiles(setting)[0], 1),
        "against": "setting the same page without signing it",
        "p50_ms": p50,
        "p95_ms": p95,
        "first_ms": round(spent[0], 1),
        "results": len(kept),
    }
