"""A table's length does not show in the memory it takes: measured in processes of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from cities import ROOT

WRITE = """
import sys
from pathlib import Path
from benchmarks.exports import made_up, most_memory
from motcua.tables.csv_text import write_csv
from motcua.tables.xlsx import write_xlsx
write = {"xlsx": write_xlsx, "csv": write_csv}[sys.argv[1]]
rows = write(made_up(int(sys.argv[2])), Path(sys.argv[3]))
sys.stdout.write(f"{rows} {most_memory()}")
"""
MEGABYTE = 1024


def peak(kind: str, rows: int, folder: Path) -> int:
    """The most memory a process that writes so many rows ever had, in KB."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE, kind, str(rows), str(folder / f"{rows}.{kind}")],
        capture_output=True,
        check=True,
        timeout=300,
        env={"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": ""},
    )
    written, most = done.stdout.split()
    assert int(written) == rows
    return int(most)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_ten_times_the_rows_take_no_more_memory(kind: str, tmp_path: Path) -> None:
    few, many = peak(kind, 10_000, tmp_path), peak(kind, 100_000, tmp_path)
    assert many < few + 8 * MEGABYTE
    assert many < 300 * MEGABYTE
