"""A small content pack in a folder of its own: one district, two communes, two procedures, the city's rules."""

import re
import shutil
from pathlib import Path

CONTENT = Path(__file__).resolve().parents[2] / "content"
UNITS = """code,number,kind,name,name_en,parent,valid_from,valid_to,successor,identifier
002,1002,quận,Hoàn Kiếm,Hoan Kiem district,HN,2008-08-01,,,000.00.32.H26
00037,2037,phường,Phúc Tân,Phuc Tan ward,002,2008-08-01,,,
00040,2040,phường,Đồng Xuân,Dong Xuan ward,002,2008-08-01,,,
"""
PROCEDURES = ("house-permit.yaml", "marital-status-certificate.yaml")


def tiny_pack(folder: Path) -> Path:
    """Writes the pack below `folder` and returns its own folder. Nothing is wrong with it."""
    pack = folder / "content" / "tiny"
    shutil.copytree(CONTENT / "law", folder / "content" / "law")
    for each in ("organisation", "catalogue", "calendars"):
        shutil.copytree(CONTENT / "hanoi-2018" / each, pack / each)
    head = (CONTENT / "hanoi-2018" / "pack.yaml").read_text()
    (pack / "pack.yaml").write_text(re.sub(r"(?m)^regimes: .*$", "regimes: ../law/regimes.yaml", head))
    for late in ("later_names.csv", "two_tiers.csv"):
        (pack / "organisation" / late).unlink()
    (pack / "organisation" / "units.csv").write_text(UNITS)
    (pack / "procedures").mkdir()
    for name in PROCEDURES:
        shutil.copy(CONTENT / "hanoi-2018" / "procedures" / name, pack / "procedures" / name)
    return pack


def changed(path: Path, old: str, new: str) -> int:
    """Replaces the only or first `old` of a file by `new`; returns the line on which `new` begins."""
    text = path.read_text()
    assert old in text, f"{old!r} is not in {path.name}"
    at = text.index(old)
    path.write_text(text[:at] + new + text[at + len(old) :])
    skipped = len(new) - len(new.lstrip("\n"))
    return text.count("\n", 0, at) + 1 + skipped
