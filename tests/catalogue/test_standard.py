"""A standard process fits any limit and could always be published."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogue.tiny_pack import CONTENT
from motcua.catalogue.content_shapes import StandardProcessesFile
from motcua.catalogue.standard import fitted, standard_process
from motcua.law.limits import Limit, format_limit
from motcua.law.procedure import Case, Procedure, Result
from motcua.law.process_check import check_procedure
from motcua.law.texts import Text
from motcua.organisation.content_files import read_yaml

ROLES = {"reception", "results", "officer", "head", "leader", "registrar", "one_stop_head"}
NAME = Text("Tên", "Name")


def standard() -> StandardProcessesFile:
    path: Path = CONTENT / "hanoi-2018" / "catalogue" / "standard_processes.yaml"
    found, problems = read_yaml(path, StandardProcessesFile)
    assert problems == []
    assert found is not None
    return found


STANDARD = standard()
LIMITS = st.one_of(
    st.integers(1, 100).map(lambda n: Limit(n, "working_hours")),
    st.integers(1, 400).map(lambda n: Limit(n, "working_days")),
    st.integers(1, 400).map(lambda n: Limit(n, "calendar_days")),
    st.integers(1, 36).map(lambda n: Limit(n, "months")),
    st.just(Limit(0, "same_day", "15:00")),
)


@given(st.sampled_from(["commune", "district", "department", "branch"]), LIMITS)
def test_it_fits_any_limit(tier: str, limit: Limit) -> None:
    made = Procedure(
        code="1.000000", version=1, name=NAME, field="G15-TP07", valid_from=date(2018, 6, 21),
        received_at=("commune",), applicants=("person",), online_level=2,
        cases=(Case(id="any", name=NAME, statutory=format_limit(limit)),), papers=(),
        results=(Result(id="any", name=NAME),), process=standard_process(STANDARD, tier, limit),
    )  # fmt: skip

    assert check_procedure(made, None, ROLES) == []


def test_what_has_fewer_hours_than_steps_is_done_at_once() -> None:
    assert len(standard_process(STANDARD, "department", Limit(3, "working_hours")).steps) == 1
    assert len(standard_process(STANDARD, "department", Limit(7, "working_hours")).steps) == 7

    with pytest.raises(ValueError, match="do not fit"):
        fitted(STANDARD.standard_processes[0], 4)


def test_the_shares_are_kept_in_long_limits() -> None:
    process = standard_process(STANDARD, "commune", Limit(100, "working_days"))

    budgets = {step.id: int(step.budget.split()[0]) for step in process.steps}
    assert budgets == {"receive": 40, "appraise": 517, "sign": 160, "number": 40, "return": 40}
