"""Filing and following by machine: once for each key, only one's own, every mistake named."""

from typing import Any

import pytest

from api.connecting import BIRTH_FORM, app_of, partner
from motcua.dossiers import store
from motcua.dossiers.handle import Done, handle
from motcua.law import commands as c
from motcua.law.actor import SYSTEM
from residents import MOTHER, resident

pytestmark = pytest.mark.django_db
APPLICANT = {"kind": "person", "name": "Nguyễn Thị Mẫu", "number": MOTHER, "phone": "0912345678"}


def application(**more: Any) -> dict[str, Any]:
    told = {
        "procedure": "1.001193", "case": "abandoned", "agency": "00037", "applicant": APPLICANT,
        "form": {k: v for k, v in BIRTH_FORM.items() if k not in ("birth_evidence", "parents_married", "mother")},
    }  # fmt: skip
    return told | more


@pytest.fixture
def takes_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A procedure all of whose papers may be brought, so that the tests of filing need no uploads."""
    monkeypatch.setattr("motcua.api.filing._lacking", lambda *_args: [])


def test_filed_once_however_often_it_is_sent(takes_everything: None) -> None:
    program, account = partner()
    first = program.post("/dossiers", application(), key="key-00000001")
    assert first.status_code == 201, first.content
    again = program.post("/dossiers", application(), key="key-00000001")
    assert again.json()["id"] == first.json()["id"]
    assert program.get("/dossiers").json()["items"][0]["reference"] == first.json()["reference"]
    assert len(program.get("/dossiers").json()["items"]) == 1
    stored = store.read(first.json()["id"])
    assert stored is not None
    assert stored[0].submitter is not None
    assert stored[0].submitter.account == account.pk
    assert stored[0].channel == "online"


def test_a_key_never_means_two_things(takes_everything: None) -> None:
    program, _account = partner()
    assert program.post("/dossiers", application(), key="key-00000001").status_code == 201
    other = program.post("/dossiers", application(agency="00040"), key="key-00000001")
    assert other.status_code == 409
    assert other.json()["type"].endswith("/key_reused")
    assert len(program.get("/dossiers").json()["items"]) == 1


def test_without_a_key_nothing_is_done(takes_everything: None) -> None:
    program, _account = partner()
    for key in ("short", "with space 1", "ü" * 9):
        answer = program.browser.post(
            "/api/v1/dossiers",
            "{}",
            content_type="application/json",
            headers=program.headers | {"Idempotency-Key": key},
        )
        assert answer.status_code in (400, 422)
    assert program.get("/dossiers").json()["items"] == []


def test_every_mistake_is_named_and_nothing_is_filed() -> None:
    program, _account = partner()
    form = BIRTH_FORM | {"sex": "none", "birth_date": "2999-01-01", "unknown": "x"}
    answer = program.post("/dossiers", application(form=form, case="on_time"))
    assert answer.status_code == 422
    assert {"form.sex", "form.birth_date", "form.unknown"} <= {each["path"] for each in answer.json()["errors"]}
    assert program.post("/dossiers", application(procedure="9.999999")).status_code == 404
    assert program.post("/dossiers", application(agency="nowhere")).status_code == 422
    assert program.post("/dossiers", application(case="nothing")).status_code == 422
    assert program.get("/dossiers").json()["items"] == []


def test_papers_that_must_be_scanned_are_asked_for() -> None:
    program, _account = partner()
    answer = program.post("/dossiers", application())
    assert answer.status_code == 422
    assert "papers.abandonment_record" in {each["path"] for each in answer.json()["errors"]}


def test_an_account_sees_its_own_and_nobody_else_s(takes_everything: None) -> None:
    mine, _account = partner()
    other, _other = partner(name="Khác")
    made = mine.post("/dossiers", application()).json()
    path = f"/dossiers/{made['id']}"
    assert mine.get(path).json()["status"] == 1
    for asked in (path, f"{path}/history"):
        assert other.get(asked).status_code == 404
    for act, told in (("withdrawal", {"reason": "x"}), ("rating", {"scores": {"1": 2}}),
                      ("draft-answer", {"agrees": True}), ("supplement", {"words": "x"})):  # fmt: skip
        assert other.post(f"{path}/{act}", told).status_code == 404
    assert mine.get(path).json()["seq"] == 1
    assert other.get("/dossiers/1").status_code == other.get("/dossiers/9007199254740991").status_code == 404


def test_the_history_says_what_and_where_but_not_what_colleagues_say(takes_everything: None) -> None:
    program, _account = partner()
    made = program.post("/dossiers", application()).json()
    assert isinstance(handle(made["id"], c.Note(words="Riêng tư"), SYSTEM, "n"), Done)
    assert isinstance(handle(made["id"], c.Decline(reason="law", words="Thiếu"), SYSTEM, "d"), Done)
    told = program.get(f"/dossiers/{made['id']}/history")
    assert [each["type"] for each in told.json()["items"]] == ["lodged", "declined"]
    assert {each["agency"] for each in told.json()["items"]} == {"00037"}
    assert "Riêng tư" not in told.content.decode()


def test_taken_back_once_and_not_twice(takes_everything: None) -> None:
    program, _account = partner()
    path = f"/dossiers/{program.post('/dossiers', application()).json()['id']}/withdrawal"
    assert program.post(path, {"reason": "Nhầm"}, key="key-withdraw").json()["status"] == 7
    assert program.post(path, {"reason": "Nhầm"}, key="key-withdraw").status_code == 200
    refused = program.post(path, {"reason": "Nhầm"})
    assert refused.status_code == 409
    assert refused.json()["ground"]


def test_what_was_asked_for_is_brought(takes_everything: None) -> None:
    program, _account = partner()
    made = program.post("/dossiers", application()).json()
    asked = c.RequestSupplement(items=("*Ghi rõ nơi sinh",), reason="Thiếu")
    assert isinstance(handle(made["id"], asked, SYSTEM, "ask"), Done)
    told = program.get(f"/dossiers/{made['id']}").json()
    assert told["asked"][0]["kind"] == "supplement"
    assert "Ghi rõ nơi sinh" in told["asked"][0]["words"]
    form = {"birthplace": {"text": "Bệnh viện B", "commune": "00037"}}
    brought = program.post(f"/dossiers/{made['id']}/supplement", {"form": form})
    assert brought.status_code == 200, brought.content
    assert brought.json()["form"]["birthplace"]["text"] == "Bệnh viện B"


def test_a_resident_s_app_files_in_the_resident_s_name_only(takes_everything: None) -> None:
    who = resident("Nguyễn Thị Mẫu", number=MOTHER)
    program = app_of(who.account)
    made = program.post("/dossiers", application())
    assert made.status_code == 201, made.content
    stored = store.read(made.json()["id"])
    assert stored is not None
    assert stored[0].applicant.account == who.account.pk
    for_another = program.post("/dossiers", application(applicant=APPLICANT | {"number": "000199000009"}))
    assert for_another.status_code == 403


def test_pages_follow_each_other_without_gap_or_double(takes_everything: None) -> None:
    program, _account = partner()
    made = [program.post("/dossiers", application()).json()["id"] for _ in range(5)]
    seen, cursor = [], ""
    for _page in range(4):
        page = program.get(f"/dossiers?limit=2&cursor={cursor}").json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert seen == made[::-1]
    assert program.get("/dossiers?cursor=zzz").status_code == 400
    assert program.get("/dossiers?limit=1000").status_code == 422


def test_a_form_nested_without_end_is_refused(takes_everything: None) -> None:
    program, _account = partner()
    deep = "[" * 20_000 + "]" * 20_000
    answer = program.browser.post(
        "/api/v1/dossiers", '{"form": {"a": ' + deep + "}}", content_type="application/json",
        headers=program.headers | {"Idempotency-Key": "key-00000009"},
    )  # fmt: skip
    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_the_catalogue_tells_the_form_and_where(db: None) -> None:
    program, _account = partner("procedures:read")
    found = program.get("/procedures/1.001193").json()
    assert found["form"]["properties"]["sex"]["enum"] == ["male", "female"]
    assert "00037" in found["agencies"]
    assert program.get("/procedures?q=khai sinh").json()["items"][0]["code"] == "1.001193"
    codes, cursor = [], ""
    while True:
        page = program.get(f"/procedures?limit=20&cursor={cursor}").json()
        codes += [each["code"] for each in page["items"]]
        cursor = page["next"]
        if not cursor:
            break
    assert codes == sorted(set(codes))
    assert program.get("/procedures/none").status_code == 404
