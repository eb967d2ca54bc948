"""Files, money and results by machine: sent with a token, paid once for each key, fetched by their owner alone."""

import base64
from typing import Any

import pytest
from django.test import Client as Browser

from api.connecting import partner
from api.test_dossiers import application
from files.paperwork import document
from motcua.dossiers.handle import Done, handle
from motcua.files.intake import work
from motcua.law import commands as c
from motcua.law.actor import SYSTEM

pytestmark = pytest.mark.django_db
TUS = {"Tus-Resumable": "1.0.0"}


def sent(program: Any, data: bytes, name: str = "bien-ban.pdf") -> str:
    """Uploads in two parts; the id of the upload."""
    browser, headers = Browser(), program.headers | TUS
    told = f"filename {base64.b64encode(name.encode()).decode()}"
    made = browser.post("/api/v1/uploads", headers=headers | {"Upload-Length": str(len(data)), "Upload-Metadata": told})
    assert made.status_code == 201, made.content
    place = made.headers["Location"]
    half = len(data) // 2
    for start, part in ((0, data[:half]), (half, data[half:])):
        answer = browser.patch(
            place, part, content_type="application/offset+octet-stream", headers=headers | {"Upload-Offset": str(start)}
        )
        assert answer.status_code == 204, answer.content
    while work():
        pass
    return str(place.rsplit("/", 1)[1])


def test_a_paper_is_uploaded_by_machine_and_bound_to_its_dossier() -> None:
    program, _account = partner()
    other, _other = partner(name="Khác")
    upload = sent(program, document())
    told = program.get(f"/uploads/{upload}/status").json()
    assert told["state"] == "ready"
    assert other.get(f"/uploads/{upload}/status").status_code == 404
    papers = [
        {"id": name, "uploads": [upload]} for name in ("abandonment_record", "residence", "identity", "declaration")
    ]
    stolen = other.post("/dossiers", application(papers=papers))
    assert stolen.status_code == 422
    made = program.post("/dossiers", application(papers=papers))
    assert made.status_code == 201, made.content


def test_without_the_scope_no_file_is_taken() -> None:
    program, _account = partner("dossiers:read")
    answer = Browser().post("/api/v1/uploads", headers=program.headers | TUS | {"Upload-Length": "5"})
    assert answer.status_code == 403
    assert Browser().post("/api/v1/uploads", headers=TUS | {"Upload-Length": "5"}).status_code == 401


def test_what_is_owed_is_told_and_paid_once_for_each_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.api.filing._lacking", lambda *_args: [])
    monkeypatch.setattr("motcua.law.intake.missing_papers", lambda *_args: ())
    program, _account = partner()
    other, _other = partner(name="Khác")
    made = program.post("/dossiers", application()).json()
    assert isinstance(handle(made["id"], c.Accept(money={"extracts": 8_000}), SYSTEM, "a"), Done)
    told = program.get(f"/dossiers/{made['id']}/payments").json()
    notice = told["items"][0]
    assert (notice["amount"], notice["open"], notice["paid"]) == (8_000, 8_000, 0)
    assert other.get(f"/dossiers/{made['id']}/payments").status_code == 404
    path = f"/dossiers/{made['id']}/payments/{notice['reference']}"
    assert program.post(path, {"way": "nothing"}).status_code == 422
    for way in told["ways"]:
        first = program.post(path, {"way": way}, key=f"key-{way}-0001").json()
        again = program.post(path, {"way": way}, key=f"key-{way}-0001").json()
        assert first["id"] == again["id"]
    assert other.post(path, {"way": "sandbox"}).status_code == 404


def test_a_result_that_is_not_there_is_nobody_s(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("motcua.api.filing._lacking", lambda *_args: [])
    program, _account = partner()
    made = program.post("/dossiers", application()).json()
    assert program.get(f"/dossiers/{made['id']}/results/{'a' * 64}").status_code == 404
    assert program.get(f"/dossiers/{made['id']}/results/nothing").status_code == 422


def test_people_are_taken_in_row_by_row() -> None:
    program, _account = partner()
    good = {"number": "000187000001", "name": "Nguyễn Thị Mẫu", "birth": "1987-03-04", "sex": "nữ"}
    told = program.post("/register/people", {"rows": [good, {"number": "1"}]}).json()["items"]
    assert [each["outcome"] for each in told] == ["new", "refused"]
    assert {each["path"] for each in told[1]["errors"]} >= {"number", "name"}
    again = program.post("/register/people", {"rows": [good]}).json()["items"]
    assert again[0]["outcome"] == "unchanged"
    reader, _account = partner("dossiers:read")
    assert reader.post("/register/people", {"rows": [good]}).status_code == 403
