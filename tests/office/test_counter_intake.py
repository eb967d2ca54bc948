"""Taking dossiers in at the counter, as a clerk of Hàng Bạc ward does it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from office.counter_city import BIRTH, HANG_BAC, HANG_BUOM, HOUSE, MORNING, clerk, house_form, number_of, person, press
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from motcua.dossiers import clock, store
from motcua.dossiers.journal import history
from motcua.dossiers.models import Dossier as Row
from motcua.registry.models import Party

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 a scan"


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """A Monday morning of December 2018."""
    monkeypatch.setattr(clock, "now", lambda: MORNING)


@pytest.fixture
def minh() -> Client:
    """The clerk at Hàng Bạc's counter."""
    return clerk("minhtv", HANG_BAC)


def only() -> Any:
    """The one dossier there is."""
    (row,) = Row.objects.values_list("id", flat=True)
    stored = store.read(row)
    assert stored is not None
    return stored[0]


def test_a_complete_application_is_accepted_with_a_code_and_a_date(minh: Client) -> None:
    answer = press(minh, HOUSE, "accept", house_form())
    assert answer.status_code == 302, answer.content.decode()
    state = only()
    assert answer.url == f"/can-bo/tiep-nhan/xong/{state.id}/"
    assert state.code.endswith("181217-0001")
    assert (state.phase, state.applicant.name, state.applicant.phone) == (
        "working", "Nguyễn Thị Ánh Tuyết", "0912345678",
    )  # fmt: skip
    assert state.applicant.address.commune == HANG_BAC
    assert state.form["total_area"] == "120.5"
    assert [(paper.id, paper.original, paper.certified) for paper in state.papers] == [
        ("application", 1, 0), ("land_right", 0, 1), ("drawings", 2, 0),
    ]  # fmt: skip
    assert [(each.id, each.amount) for each in state.money] == [("permit", 75_000)]
    page = minh.get(answer.url).content.decode()
    assert state.code in page
    assert "17:00" in page
    assert "75.000" in page
