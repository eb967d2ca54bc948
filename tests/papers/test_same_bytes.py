"""The same form is the same file: again, in another thread, another process, another folder."""

import hashlib
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

import msgspec
import pytest

import motcua
from motcua.papers import forms
from motcua.papers.typeset import render
from papers.samples import RECEIPT, SAMPLES

# Reads a receipt, prints it, and says the hash of what came out.
PRINT_ELSEWHERE = """
import hashlib, sys
import msgspec
from motcua.papers import forms, typeset
form = msgspec.json.decode(sys.stdin.buffer.read(), type=getattr(forms, sys.argv[1]))
print(hashlib.sha256(typeset.render(form)).hexdigest(), typeset.__file__)
"""
FORK_AND_PRINT = """
import os, sys
import msgspec
from motcua.papers import forms, typeset
form = msgspec.json.decode(sys.stdin.buffer.read(), type=forms.Receipt)
typeset.render(form)
child = os.fork()
if child == 0:
    try:
        typeset.render(form)
    except RuntimeError as refusal:
        os.write(1, str(refusal).encode())
    os._exit(0)
os.waitpid(child, 0)
"""


def elsewhere(program: str, name: str, source: Path) -> str:
    form = SAMPLES[name]
    done = subprocess.run(
        [sys.executable, "-c", program, type(form).__name__],
        input=msgspec.json.encode(form),
        capture_output=True,
        check=True,
        timeout=60,
        env={"PYTHONPATH": str(source), "PATH": ""},
    )
    return done.stdout.decode()


@pytest.mark.parametrize("name", SAMPLES)
def test_the_same_form_prints_the_same_bytes_in_another_process(name: str) -> None:
    source = Path(motcua.__file__).parents[1]
    digest, _ = elsewhere(PRINT_ELSEWHERE, name, source).split()
    assert digest == hashlib.sha256(render(SAMPLES[name])).hexdigest()
    assert render(SAMPLES[name]) == render(SAMPLES[name])


def test_the_bytes_do_not_depend_on_where_the_office_is_installed(tmp_path: Path) -> None:
    package = Path(motcua.__file__).parent
    (tmp_path / "motcua").mkdir()
    shutil.copy(package / "__init__.py", tmp_path / "motcua")
    for room in ("papers", "tables"):
        shutil.copytree(package / room, tmp_path / "motcua" / room)
    digest, place = elsewhere(PRINT_ELSEWHERE, "receipt", tmp_path).split()
    assert Path(place).is_relative_to(tmp_path)
    assert digest == hashlib.sha256(render(RECEIPT)).hexdigest()


def test_a_form_issued_at_another_instant_is_another_file() -> None:
    later = msgspec.structs.replace(RECEIPT.head, issued_at=RECEIPT.head.issued_at.replace(second=1))
    assert render(msgspec.structs.replace(RECEIPT, head=later)) != render(RECEIPT)


def test_many_counters_print_at_once() -> None:
    expected = {code: render(numbered(code)) for code in range(4)}
    printed: list[tuple[int, bytes]] = []

    def print_all() -> None:
        for code in range(4):
            printed.append((code, render(numbered(code))))

    counters = [threading.Thread(target=print_all) for _ in range(4)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    assert len(printed) == 16
    assert all(pdf == expected[code] for code, pdf in printed)


def test_every_receipt_is_its_own() -> None:
    began = time.perf_counter()
    printed = {render(numbered(code)) for code in range(50)}
    print(f"{(time.perf_counter() - began) * 1000 / 50:.1f} ms a receipt of two copies")
    assert len(printed) == 50


def test_a_forked_process_says_so_instead_of_waiting_for_ever() -> None:
    said = elsewhere(FORK_AND_PRINT, "receipt", Path(motcua.__file__).parents[1])
    assert "forked after printing" in said


def numbered(number: int) -> forms.Receipt:
    return msgspec.structs.replace(
        RECEIPT,
        code=f"000.00.02.H26-181217-{number:04}",
        tracking_url=f"https://motcua.example/theo-doi/q7Xn2vKfR8sTzWb4mY{number:04}",
    )
