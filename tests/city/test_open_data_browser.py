"""Open data, rankings and the check of a receipt in a real browser: narrow and wide, without a script, within reach."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from motcua.dossiers import clock, worker
from motcua.kpis import openness
from motcua.kpis import publishing as kpi_publishing
from motcua.opendata import publishing
from motcua.opendata.sources import opinions
from motcua.reports import facts
from motcua.reports.counting import FLOWS, STOCKS
from motcua.reports.models import Cube
from motcua.reports.periods import month
from opendata.rated import rated_by
from reports.town import HILL, HOUSE, MARKET, SHOP, Town, hour

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    "/so-lieu/?ky=2018-Q4", "/so-lieu/?thu-tuc=T.000001&ky=2018-Q4", "/so-lieu/xep-hang/?ky=2018-Q4&cap=xa-phuong",
    "/so-lieu/hai-long-va-thoi-gian/", "/so-lieu/?co-quan=T11&linh-vuc=T-CT", "/du-lieu-mo/",
    "/du-lieu-mo/ho-so-co-quan-va-thu-tuc/", "/niem-phong/", "/niem-phong/ngay/", "/niem-phong/kiem-tra/",
    "/so-lieu/chi-so/", "/so-lieu/chi-so/on_time_share/",
)  # fmt: skip


@pytest.fixture
def published(live_city: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A city whose past is published and sealed."""
    now = hour("2019-02-20 10:00")
    monkeypatch.setattr(clock, "now", lambda: now)
    monkeypatch.setattr(publishing, "complete_until", lambda: now)
    monkeypatch.setattr(opinions, "is_complete", lambda _period: True)
    town = Town()
    for agency, code, count in ((MARKET, HOUSE, 40), (MARKET, SHOP, 3), (HILL, HOUSE, 90), (HILL, SHOP, 12)):
        facts.follow([town.answered(agency, "2018-12-03 09:00", "2018-12-12 10:00", code=code).id])
        for each in Cube.objects.filter(receiving=agency, procedure=code):
            flows = {name: getattr(each, name) * count for name in (*FLOWS, *STOCKS)}
            Cube.objects.filter(half=each.half, receiving=agency, procedure=code).update(**flows)
    rated_by(MARKET, HOUSE, 20, zero=9, words=8, contested=6)
    rated_by(HILL, HOUSE, 70, zero=3, words=12)
    monkeypatch.setattr(kpi_publishing, "complete", lambda _kpi: now)
    for period in (month(2018, 11), month(2018, 12)):
        for kpi in openness.public():
            kpi_publishing.publish(kpi, period, now)
    publishing.publish_due(at_once=200)
    worker.seal_now()
    return str(live_city)


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_fit_and_are_within_everybodys_reach(published: str, browser: Any, width: int) -> None:
    pictures = os.environ.get("MOTCUA_PICTURES")
    page = browser.new_context(viewport={"width": width, "height": 900}, locale="vi-VN").new_page()
    wrong = []
    for number, address in enumerate(PAGES):
        page.goto(published + address)
        wrong += [(address, "wider than the screen")] if page.evaluate(WIDER) > 0 else []
        found = Axe().run(page).response["violations"]
        wrong += [(address, each["id"], each["nodes"][0]["html"][:120]) for each in found]
        if pictures:
            page.screenshot(path=f"{pictures}/{width}-{number}.png", full_page=True)
    assert wrong == []


def test_the_figures_are_read_and_taken_along_without_a_script(published: str, browser: Any) -> None:
    page = browser.new_context(
        viewport={"width": 360, "height": 780}, locale="vi-VN", java_script_enabled=False, accept_downloads=True
    ).new_page()
    page.goto(f"{published}/so-lieu/")
    page.get_by_role("link", name="Tải dữ liệu mở").click()
    page.get_by_role("link", name="Hồ sơ theo cơ quan, từng tháng", exact=True).click()
    with page.expect_download() as taken:
        page.get_by_role("link", name="CSV", exact=True).first.click()
    assert taken.value.suggested_filename == "ho-so-theo-co-quan-2019-01.csv"
