"""A long list written to Excel and to CSV, each in a process of its own: rows a second and the most memory it took.

Twelve columns as the list of dossiers has them, made up as they are written, so that what is measured is the
writing. A million rows unless `--rows` says otherwise. Needs no city.
"""

import subprocess
import sys
import tempfile
import time
from argparse import Namespace
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from motcua.law.working_time import CITY_ZONE
from motcua.tables.csv_text import write_csv
from motcua.tables.table import Column, Kind, Row, Table
from motcua.tables.xlsx import write_xlsx

NEEDS_CITY = False
ROWS = 1_000_000
WRITERS = {"xlsx": write_xlsx, "csv": write_csv}
COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("Mã hồ sơ", "text"), ("Thủ tục", "text"), ("Lĩnh vực", "text"), ("Nơi nhận", "text"), ("Kênh nộp", "text"),
    ("Tiếp nhận", "instant"), ("Hẹn trả", "instant"), ("Có kết quả", "instant"), ("Kết quả", "text"),
    ("Thời hạn", "text"), ("Số lần bổ sung", "int"), ("Thời gian giải quyết (phút)", "minutes"),
)  # fmt: skip
OPENS = datetime(2018, 1, 2, 8, tzinfo=CITY_ZONE)


def made_up(rows: int) -> Table:
    """A list of so many dossiers, made as it is read."""
    columns = tuple(
        Column(f"c{at}", title, kind, total=kind in ("int", "minutes")) for at, (title, kind) in enumerate(COLUMNS)
    )
    return Table("Danh sách hồ sơ", columns, _rows(rows), notes=("Số liệu làm ra để đo.",), length=rows)


def _rows(rows: int) -> Iterator[Row]:
    for at in range(rows):
        lodged = OPENS + timedelta(minutes=at % 400_000)
        yield (
            f"000.00.{at % 600:02d}.H26-18{at % 12 + 1:02d}17-{at % 10_000:04d}",
            "Cấp giấy phép xây dựng nhà ở riêng lẻ",
            "Xây dựng",
            f"Phường số {at % 584}",
            "tại quầy" if at % 3 else "trực tuyến",
            lodged,
            lodged + timedelta(days=15),
            lodged + timedelta(days=at % 20) if at % 7 else None,
            "đồng ý" if at % 7 else "",
            "đúng hạn" if at % 20 < 15 else "trễ hạn",
            at % 4,
            at % 9_600,
        )


def run(options: Namespace) -> dict[str, Any]:
    """Both files, one after the other."""
    rows = getattr(options, "rows", None) or ROWS
    found: dict[str, Any] = {"rows": rows, "columns": len(COLUMNS), "unit": "rows/s to Excel"}
    with tempfile.TemporaryDirectory(prefix="motcua-exports-") as folder:
        for kind in WRITERS:
            command = [sys.executable, __file__, kind, str(rows), folder]
            said = subprocess.run(command, capture_output=True, check=True, text=True).stdout.split()
            seconds, most, size = float(said[0]), int(said[1]), int(said[2])
            found |= {
                f"{kind}_rows_per_s": round(rows / seconds),
                f"{kind}_seconds": round(seconds, 1),
                f"{kind}_peak_mb": round(most / 1024, 1),
                f"{kind}_file_mb": round(size / 1e6, 1),
            }
    return {"rate": found["xlsx_rows_per_s"], **found}


def _one(kind: str, rows: int, folder: Path) -> None:
    place = folder / f"list.{kind}"
    begun = time.perf_counter()
    WRITERS[kind](made_up(rows), place)
    spent = time.perf_counter() - begun
    print(f"{spent:.3f} {most_memory()} {place.stat().st_size}")


def most_memory() -> int:
    """The most memory this process ever had, in KB.

    Not `ru_maxrss`: that begins with what the process had which started this one.
    """
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    _one(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))
