"""`motcua bench`: finds what can be measured, and measures without touching the city."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from motcua.site import benchmarks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two files of which one measures something."""
    made = tmp_path / "benchmarks"
    made.mkdir()
    (made / "probe_shared.py").write_text("ANSWER = 42\n")
    (made / "probe_pure.py").write_text(
        "NEEDS_CITY = False\n"
        "def run(options):\n"
        "    from benchmarks.probe_shared import ANSWER\n"
        "    return {'rate': ANSWER * options.seconds, 'unit': 'a second'}\n"
    )
    monkeypatch.setattr(benchmarks, "repository_folder", lambda _name: made)
    return made


def test_a_benchmark_is_a_file_that_runs_and_says_whether_it_needs_a_city(folder: Path) -> None:
    assert benchmarks.names() == ["probe_pure"]
    assert benchmarks.needs_city("probe_pure") is False
    (folder / "probe_city.py").write_text("def run(options):\n    return {}\n")
    assert benchmarks.needs_city("probe_city") is True


def test_figures_are_printed_as_one_line_for_machines(folder: Path) -> None:
    printed = io.StringIO()
    call_command("bench", "probe_pure", json=True, seconds=2.0, stdout=printed)
    assert json.loads(printed.getvalue()) == {"name": "probe_pure", "rate": 84.0, "unit": "a second"}


def test_an_unknown_benchmark_is_refused_with_those_there_are(folder: Path) -> None:
    with pytest.raises(CommandError, match="probe_pure"):
        call_command("bench", "probe_shared")
