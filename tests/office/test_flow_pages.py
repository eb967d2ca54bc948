"""The pages of the flow: every figure opens to what it counts, what-if answers the journey's question, scopes hold."""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from flow.past import written
from flow.test_ways import followed, sent_back
from motcua.dossiers import clock
from motcua.flow import risk, training, ways
from motcua.flow.bpmn_in import read_bpmn
from motcua.flow.minutes import DAY
from motcua.law import commands as c
from motcua.office.flow.asking import procedure_or_404
from motcua.office.flow.whatif import _in, read_form
from office.town_posts import NOW, as_post  # noqa: F401
from reports.conftest import nothing_remembered, town  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HOUSE, MARKET, WEST, WEST_XD, Town, hour

FIGURE = re.compile(r'<a class="figures[^"]*" href="([^"]+)">([\d.]+)</a>')
PAGES = ("duong-di/", "thu-doi/", "nguy-co/", "du-bao/", "quy-trinh.bpmn", "nhat-ky.xes", "nhat-ky.ocel.json")
QUERY = f"?thu-tuc={HOUSE}"


@pytest.fixture(autouse=True)
def at_ten(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    risk.day.forget()
    yield
    risk.day.forget()


def read(client: Client, path: str) -> str:
    answer = client.get(f"/can-bo/thoi-gian/{path}")
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def listed(client: Client, href: str) -> int:
    rows = 0
    while href:
        page = client.get(href).content.decode()
        rows += page.count("<tr data-row")
        following = re.search(r'href="([^"]+)" rel="next"', page)
        href = unescape(following[1]) if following else ""
    return rows


def busy(town: Town) -> list[int]:  # noqa: F811
    ids = [town.answered(MARKET, "2018-12-03 09:00", f"2018-12-10 10:0{at}").id for at in range(4)]
    ids += [town.answered(WEST, "2018-12-03 09:00", "2019-01-08 10:00").id]
    ids += [sent_back(town, EAST, "2018-12-03 09:00", "2018-12-28 10:00")]
    state = town.accepted(MARKET, "2018-12-05 09:00")
    state = town.do(state, "clerk", c.Forward(task=state.tasks[0].no), "2018-12-05 10:00")
    state = town.do(state, "head", c.Receive(tasks=(state.tasks[0].no,)), "2018-12-07 10:00")
    ids.append(town.do(state, "clerk", c.Withdraw(reason="Đổi ý"), "2018-12-14 10:00").id)
    followed(ids)
    return ids


def test_every_count_of_the_ways_opens_exactly_what_it_counts(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    client = as_post("control", CITY)
    seen = 0
    for more in ("", "&co-quan=T1/XD", "&thang=2018-12", "&ky=2018-Q4", "&ky=2019"):
        page = read(client, f"duong-di/{QUERY}{more}")
        for href, value in FIGURE.findall(page):
            assert listed(client, unescape(href)) == int(value.replace(".", "")), (more, href)
            seen += int(value) > 0
    assert seen > 25


def test_the_page_of_the_ways_names_them_and_their_deviations(town: Town, as_post: Any) -> None:  # noqa: F811
    from motcua.reports.models import StageFact

    ids = busy(town)
    StageFact.objects.filter(dossier_id=ids[0], step="appraise").delete()
    ways.rebuild()
    page = read(as_post("control", CITY), f"duong-di/{QUERY}")
    assert "sau bước “share_out” đi thẳng đến “approve”" in page
    assert '<li class="flow-way__again">appraise</li>' in page
    assert "Ký, cho số dồn một lúc" in page
    assert "chữ số" not in page


def test_the_process_page_draws_the_process_and_tells_what_passed(town: Town, as_post: Any) -> None:  # noqa: F811
    busy(town)
    page = as_post("control", CITY).get(f"/can-bo/kiem-soat/quy-trinh/{QUERY}&ky=2018-12").content.decode()
    assert page.count('<g class="flow-step flow-step--') == 6
    told = re.search(r'<script id="flow-loads" type="application/json">(.*?)</script>', page)
    assert told
    loads = {each["id"]: each for each in json.loads(told[1])}
    assert loads["step_approve"]["level"] == 3
    assert loads["step_approve"]["lines"][0].startswith("6 ")
    assert loads["step_hand_in"]["level"] == 0
    assert "flow-step--3" in page


def test_what_if_without_a_change_says_what_was_and_the_journeys_question_is_answered(
    town: Town, as_post: Any  # noqa: F811
) -> None:  # fmt: skip
    written(town, 200)
    ways.rebuild()
    client = as_post("control", CITY)
    page = read(client, f"thu-doi/{QUERY}&ky=2019")
    # Sent back as it was shown, the form changes nothing.
    fields = {
        name: unescape(value)
        for name, value in re.findall(r'<input class="input figures"[^>]* name="([^"]+)" value="([^"]*)"', page)
    }
    assert len(fields) == 3 + 6 + 2
    same = client.get("/can-bo/thoi-gian/thu-doi/", {"thu-tuc": HOUSE, "ky": "2019", **fields}).content.decode()
    assert share_of(page) == share_of(same)
    assert "Như đã xảy ra" in same
    # The stage took five days and an hour each time.
    changed = {**fields, "g-1": "5", "c-3": "gop"}
    answer = client.get("/can-bo/thoi-gian/thu-doi/", {"thu-tuc": HOUSE, "ky": "2019", **changed}).content.decode()
    assert "Nếu quy trình như thế này" in answer
    held, n = share_of(answer)
    assert held < share_of(page)[0]
    assert n == share_of(page)[1]
    missed = re.search(r'href="([^"]+)">Xem (\d+) hồ sơ không giữ được', answer)
    assert missed
    assert int(missed[2]) == n - held == listed(client, unescape(missed[1]))
    # A looser plan holds for more.
    loose = client.get("/can-bo/thoi-gian/thu-doi/", {"thu-tuc": HOUSE, "ky": "2019", **changed, "g-1": "9"})
    assert share_of(loose.content.decode())[0] >= held


def share_of(page: str) -> tuple[int, int]:
    found = re.search(r"\(([\d.]+) trong ([\d.]+)\)", page)
    assert found
    return int(found[1].replace(".", "")), int(found[2].replace(".", ""))


def test_half_a_day_can_be_asked_for_and_what_was_shown_changes_nothing(town: Town) -> None:  # noqa: F811
    process = procedure_or_404(HOUSE).process
    form = read_form(QueryDict("g-1=0,5&b-1=0.25&rut=0,5"), process)
    assert form.plan.stage_limits == {process.stages[1].id: 240}
    assert form.plan.step_limits == {process.steps[1].id: 15}
    assert list(form.errors) == ["rut"]
    # Four hours of a stage are half a day, never none.
    assert (_in(240, DAY), _in(480, DAY), _in(20, 60), _in(None, DAY)) == ("0,5", "1", "0,33", "")


def test_a_number_that_is_none_is_said_at_its_field_and_nothing_typed_is_lost(
    town: Town, as_post: Any  # noqa: F811
) -> None:  # fmt: skip
    busy(town)
    page = read(as_post("control", CITY), f"thu-doi/{QUERY}&g-1=nhanh&b-2=-3&c-3=gop&rut=2")
    assert page.count("Hãy ghi một số từ 0") >= 2
    assert 'value="nhanh"' in page
    assert 'value="-3"' in page
    assert re.search(r'<option value="gop" selected>', page)


def test_the_morning_list_has_its_reasons_in_words_and_the_model_page_its_scores(
    town: Town, as_post: Any, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    now = hour("2021-02-01 09:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    client = as_post("control", CITY)
    assert "Chưa học được" in read(client, "nguy-co/")
    written(town, 1600)
    training.train()
    states = [town.at_officer(town.accepted(each, "2021-01-13 09:00"), "2021-01-13 10:00") for each in (EAST, WEST)]
    followed([state.id for state in states])
    risk.refresh()
    page = read(client, "nguy-co/")
    assert all(state.code in page for state in states)
    reasons = re.findall(r'<ul class="flow-reasons"><li>([^<]+)', page)
    assert reasons
    assert all(" " in each for each in reasons)
    model = read(client, "du-bao/")
    assert "chắc chắn hơn" in model
    assert "flow-curve__line" in model
    assert "tỷ lệ việc trễ của cơ quan đang giữ" in model


@pytest.mark.parametrize(
    ("role", "agency", "sees"), [("control", EAST, "east"), ("head", WEST_XD, "west"), ("leader", WEST, "west")]
)
def test_each_post_sees_its_own_scope(town: Town, as_post: Any, role: str, agency: int, sees: str) -> None:  # noqa: F811
    east = town.answered(MARKET, "2018-12-03 09:00", "2018-12-10 10:00")
    west = town.answered(WEST, "2018-12-03 09:00", "2018-12-10 10:00")
    followed([east.id, west.id])
    client = as_post(role, agency)
    page = read(client, f"duong-di/ho-so/{QUERY}&loai=tat-ca")
    log = b"".join(client.get(f"/can-bo/thoi-gian/nhat-ky.xes{QUERY}").streaming_content).decode()  # type: ignore[attr-defined]
    for text in (page, log):
        assert (east.code in text) is (sees == "east")
        assert (west.code in text) is (sees == "west")
    assert share_of(read(client, f"thu-doi/{QUERY}"))[1] == 1


def test_whoever_oversees_nothing_is_not_let_in(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("officer", EAST_XD)
    for page in PAGES:
        assert client.get(f"/can-bo/thoi-gian/{page}{QUERY}").status_code == 403
        assert Client().get(f"/can-bo/thoi-gian/{page}{QUERY}").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["duong-di/?thu-tuc=none", "duong-di/ho-so/", f"duong-di/ho-so/{QUERY}&loai=x", f"duong-di/ho-so/{QUERY}&sau=x",
     f"duong-di/ho-so/{QUERY}&kieu=x", f"duong-di/ho-so/{QUERY}&kieu=99999999999999999999",
     f"duong-di/ho-so/{QUERY}&loai=ky-don&sau=1", f"duong-di/ho-so/{QUERY}&loai=giao-cham&gui=nowhere",
     f"duong-di/{QUERY}&ky=2018-Q9", f"duong-di/{QUERY}&ky=0001", "thu-doi/", f"thu-doi/ho-so/{QUERY}&sau=x",
     "quy-trinh.bpmn?thu-tuc=none"],
)  # fmt: skip
def test_an_address_of_nothing_is_no_page(town: Town, as_post: Any, address: str) -> None:  # noqa: F811
    assert as_post("control", CITY).get(f"/can-bo/thoi-gian/{address}").status_code == 404


def test_a_bad_key_of_the_morning_list_is_no_page(
    town: Town, as_post: Any, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    monkeypatch.setattr("motcua.office.flow.risk.usable", lambda _: object())
    assert as_post("control", CITY).get("/can-bo/thoi-gian/nguy-co/?sau=x").status_code == 404


def test_a_process_goes_out_as_a_file_and_what_was_changed_in_it_is_told(town: Town, as_post: Any) -> None:  # noqa: F811
    client = as_post("control", CITY)
    text = client.get(f"/can-bo/thoi-gian/quy-trinh.bpmn{QUERY}").content.decode()
    assert read_bpmn(text.encode()).code == HOUSE
    page = sent(client, text)
    assert "Không có chỗ nào khác" in page
    page = sent(client, text.replace('limit="12 working_days"', 'limit="6 working_days"'))
    assert "12 working_days" in page
    assert "6 working_days" in page
    page = sent(client, text.replace("userTask", "scriptTask"))
    assert "step_approve" in page
    assert "không có trong quy trình" in page
    assert "Hãy chọn một tệp" in client.post(f"/can-bo/thoi-gian/doc-bpmn/{QUERY}").content.decode()


def sent(client: Client, text: str) -> str:
    file = SimpleUploadedFile("x.bpmn", text.encode())
    return unescape(client.post(f"/can-bo/thoi-gian/doc-bpmn/{QUERY}", {"tep": file}).content.decode())


def test_a_log_too_large_for_a_page_says_how_else(
    town: Town, as_post: Any, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    busy(town)
    monkeypatch.setattr("motcua.office.flow.files.MOST_IN_A_PAGE", 3)
    answer = as_post("control", CITY).get(f"/can-bo/thoi-gian/nhat-ky.ocel.json{QUERY}")
    assert answer.status_code == 413
    assert "motcua flow export ocel" in answer.content.decode()


def test_the_hub_leads_to_the_pages(town: Town, as_post: Any) -> None:  # noqa: F811
    page = as_post("head", EAST_XD).get("/can-bo/so-lieu/").content.decode()
    assert "/can-bo/thoi-gian/nguy-co/" in page
    assert "Thời gian đi đâu" in page
