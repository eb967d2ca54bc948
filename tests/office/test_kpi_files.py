"""The indicators as files: every value of the page as a number, nothing that the page does not say."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from kpis.conftest import taken_online, town  # noqa: F401
from kpis.lively import Lively
from motcua.dossiers import clock
from motcua.kpis import definitions, publishing
from motcua.reports import facts
from motcua.reports.periods import parse
from office.files_taken import cells, lines, offered, refuses_nonsense
from office.test_control import as_post  # noqa: F401
from office.test_kpis import LIST, NOW, PART
from reports.conftest import nothing_remembered  # noqa: F401
from reports.town import CITY, EAST, EAST_XD, HILL, MARKET

AsPost = Callable[..., Client]


@pytest.fixture(autouse=True)
def in_january(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The pages are looked at in the middle of January: the last month that is over is December."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(publishing, "complete", lambda _: NOW)
    return


def of_page(client: Client, here: str) -> list[dict[str, Any]]:
    """The rows of the overview in its order."""
    return [row for group in client.get(here).context["groups"] for row in group["rows"]]


def test_every_indicator_is_in_the_file_with_its_unit(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    town.at_random(77, dossiers=25)
    client = as_post("control", CITY)
    rows, shown = lines(client, LIST), of_page(client, LIST)
    assert [each["Mã"] for each in rows] == [each["kpi"].code for each in shown]
    assert len(rows) == len(definitions.all("control"))
    told = 0
    for row, each in zip(rows, shown, strict=True):
        found = each["reading"]
        assert bool(row["Giá trị"]) == (found is not None and found.shown is not None), row
        # A number, or the words the page has instead.
        assert bool(row["Giá trị"]) or row["Ghi chú"] == (each["value"] or "không tính theo phần này")
        assert row["Mẫu số"] == ("" if each["of"] is None else str(each["of"]))
        told += bool(row["Giá trị"])
    assert told > 20
    received = next(each for each in rows if each["Mã"] == "received")
    assert (received["Giá trị"], received["Đơn vị tính"]) == (
        str(next(each for each in shown if each["kpi"].code == "received")["reading"].numerator), "hồ sơ",
    )  # fmt: skip
    assert offered(client, LIST) == {""}
    refuses_nonsense(client, LIST)


def test_the_months_and_the_units_of_one_are_numbers(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    dossiers = [town.answered(MARKET, "2018-12-03 09:00", f"2018-12-10 10:{at:02}") for at in range(12)]
    dossiers += [town.answered(EAST, "2018-12-03 09:00", f"2019-01-08 10:{at:02}") for at in range(3)]
    facts.follow([each.id for each in dossiers])
    client = as_post("control", CITY)
    here = f"{LIST}on_time_share/?ky=2018-12"
    assert offered(client, here) == {"thang", "don-vi"}
    page = client.get(here)
    months = lines(client, here, "thang")
    assert len(months) == len(page.context["months"]) == 13
    december = next(each for each in months if each["Tháng (ngày đầu)"] == "2018-12-01")
    assert float(december["Giá trị"]) == 1
    assert 0 < float(december["Khoảng tin cậy 95%, từ"]) < 1
    assert (december["Tử số"], december["Mẫu số"]) == ("12", "12")
    # November had nothing to say.
    november = next(each for each in months if each["Tháng (ngày đầu)"] == "2018-11-01")
    assert (november["Giá trị"], november["Ghi chú"]) == ("", "không có hồ sơ nào")
    # Three are too few in January: neither the page nor the file has a share of them.
    units = lines(client, f"{LIST}on_time_share/?ky=2019-01", "don-vi")
    assert [(each["Giá trị"], each["Khoảng tin cậy 95%, từ"], each["Ghi chú"]) for each in units] == [
        ("", "", "quá ít để nói")
    ]
    assert units[0]["Mẫu số"] == "3"
    typed = [row for row in cells(client, here, "thang") if isinstance(row[0], datetime)]
    assert [row[0].date() for row in typed][-1] == date(2018, 12, 1)
    assert typed[-1][1] == 1
    refuses_nonsense(client, here)
    assert client.get(f"{here}&dinh-dang=csv").status_code == 404
    assert len({row[0] for row in cells(client, here) if row[0]}) > 10


def test_what_is_folded_away_is_in_the_file(
    town: Lively, as_post: AsPost, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:  # fmt: skip
    town.at_random(5, dossiers=20)
    client = as_post("control", CITY)
    monkeypatch.setattr("motcua.office.kpis.single.SHOWN", 1)
    for code in ("received", "on_time_share", "step_late_share", "work_closed_a_day"):
        here = f"{LIST}{code}/"
        context = client.get(here).context
        rows = [*context["rows"], *context["more"]]
        assert len(rows) > 1
        of = context["of"]
        assert [each[of] for each in lines(client, here, "don-vi")] == [each["name"] for each in rows]


def test_what_was_published_and_corrected_is_taken_along(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    from motcua.reports.models import DossierFact

    facts.follow([town.answered(EAST, "2018-12-03 09:00", "2018-12-10 10:00").id for _ in range(12)])
    kpi = definitions.get("corrected_share")
    publishing.publish(kpi, parse("2018-12"), NOW)
    DossierFact.objects.update(corrected_at=NOW)
    publishing.publish(kpi, parse("2018-12"), NOW)
    client = as_post("control", CITY)
    rows = lines(client, f"{LIST}corrected_share/", "cong-bo")
    assert [(each["Kỳ"], each["Bản"], float(each["Giá trị (trên 1.000)"])) for each in rows] == [
        ("2018-12", "2", 1000.0), ("2018-12", "1", 0.0),
    ]  # fmt: skip
    assert next(each for each in lines(client, LIST) if each["Mã"] == kpi.code)["Ghi chú"] == "đã đính chính"


def test_the_cases_behind_a_value_are_so_many_lines(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    town.at_random(77, dossiers=15)
    client, seen = as_post("control", CITY), 0
    for code in ("received", "on_time_share", "step_late_share", "rating_average"):
        if code not in {each.code for each in definitions.all()}:
            continue
        page = client.get(f"{LIST}{code}/").content.decode()
        for href, value in list(dict(PART.findall(page)).items())[:4]:
            assert len(lines(client, unescape(href))) == int(value.replace(".", "")), (code, href)
            seen += int(value.replace(".", ""))
    assert seen > 20
    rows = cells(client, f"{LIST}received/ho-so/")
    assert any(isinstance(value, datetime) for row in rows for value in row)
    refuses_nonsense(client, f"{LIST}received/ho-so/")


def test_a_file_goes_to_whoever_sees_the_page_only(town: Lively, as_post: AsPost) -> None:  # noqa: F811
    facts.follow([town.accepted(each, "2018-12-03 09:00").id for each in (MARKET, EAST, EAST, HILL)])
    client = as_post("reception", MARKET)
    may = {each.code for each in definitions.all("officials")}
    assert {each["Mã"] for each in lines(client, LIST)} == may
    assert len(lines(client, f"{LIST}received/ho-so/")) == 1
    hidden = next(each.code for each in definitions.all("control") if each.code not in may)
    for path in ("", "ho-so/"):
        assert client.get(f"{LIST}{hidden}/{path}?dinh-dang=csv&bang=thang").status_code == 404
    assert client.get(f"{LIST}received/?co-quan=T21&dinh-dang=xlsx").status_code == 404
    assert Client().get(f"{LIST}?dinh-dang=csv").status_code == 302
    assert as_post("head", EAST_XD).get(f"{LIST}?co-quan=T2&dinh-dang=csv").status_code == 404
