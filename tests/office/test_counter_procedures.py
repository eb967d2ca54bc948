"""Every procedure of the pack at its own counter, and what happens when two presses or two posts meet."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from motcua.catalogue.versions import offered_at
from motcua.dossiers import store
from motcua.dossiers.models import Dossier as Row
from motcua.filing.communes import commune_code, communes
from motcua.law.actor import SYSTEM
from motcua.law.persons import tax_check_digit
from motcua.organisation.appointments import Post, appoint_all
from motcua.organisation.directory import city_day
from motcua.registry.models import Party
from office.counter_city import (
    COPIES,
    HANG_BAC,
    HANG_BUOM,
    HOAN_KIEM,
    HOUSE,
    clerk,
    house_form,
    number_of,
    person,
    press,
)


@pytest.mark.django_db
@pytest.mark.parametrize("agency", [HANG_BAC, HOAN_KIEM, "TP", "XD", "LDTBXH"])
def test_every_procedure_can_be_opened_checked_and_mended(agency: str) -> None:
    clerk_here = clerk("minhtv", agency)
    codes = [card.code for card in offered_at(number_of(agency), city_day())]
    assert codes
    for code in codes:
        opened = clerk_here.get(f"/can-bo/tiep-nhan/{code}/")
        assert opened.status_code == 200, code
        cases = re.findall(r'<option value="(\w+)"', opened.content.decode().partition('id="agency"')[0])
        for case in cases or [""]:
            form = {"case": case, "key": "k", "kind": _kind(opened)}
            checked = press(clerk_here, code, "preview", form)
            assert checked.status_code == 422, (code, case)
            page = checked.content.decode()
            anchors = re.findall(r'<li><a href="#([^"]+)">', page)
            assert anchors, (code, case)
            assert [each for each in anchors if f'id="{each}"' not in page] == [], (code, case)


def _kind(answer: Any) -> str:
    found = re.search(r'name="kind" value="(\w+)"', answer.content.decode())
    assert found is not None
    return found[1]


@pytest.mark.django_db
def test_a_business_is_known_by_its_tax_code() -> None:
    hoa = clerk("hoant", HOAN_KIEM, name="Nguyễn Thị Hoa")
    code = next(
        card.code
        for card in offered_at(number_of(HOAN_KIEM), city_day())
        if 'name="kind" value="business"' in hoa.get(f"/can-bo/tiep-nhan/{card.code}/").content.decode()
    )
    right = tax_check_digit("010010910")
    for digit in range(10):
        page = press(hoa, code, "preview", person(kind="business", number=f"010010910{digit}")).content.decode()
        assert ("chữ số kiểm tra" in page) == (digit != right)


@pytest.mark.django_db
def test_a_clerk_of_two_counters_says_which_one_takes_it_in() -> None:
    minh = clerk("minhtv", HANG_BAC)
    appoint_all(SYSTEM, [Post(minh.account.pk, number_of(HANG_BUOM), "reception", date(2018, 1, 1))])  # type: ignore[attr-defined]
    assert 'id="agency"' in minh.get(f"/can-bo/tiep-nhan/{HOUSE}/").content.decode()
    answer = press(minh, HOUSE, "accept", house_form(agency=str(number_of(HANG_BUOM))))
    assert answer.status_code == 302
    assert Row.objects.get().receiving == number_of(HANG_BUOM)
    elsewhere = press(minh, HOUSE, "accept", house_form(agency=str(number_of(HOAN_KIEM)), key="other"))
    assert "Hãy chọn lại nơi nhận" in elsewhere.content.decode()
    assert Row.objects.count() == 1


@pytest.mark.django_db
def test_every_commune_is_found_by_what_the_list_shows() -> None:
    day = city_day()
    wrong = [code for code, label, _key in communes(day) if commune_code(label, day) != code]
    assert wrong == []
    assert commune_code("phuong hang bac", day) == HANG_BAC
    assert commune_code("khong co dau", day) == "khong co dau"


def test_two_presses_at_once_give_one_dossier_and_one_person(fresh_city: Any) -> None:
    minh = clerk("minhtv", HANG_BAC)
    cookie = minh.cookies
    form = {
        **person(), "case": "ordinary", "paper-original": "yes", "form-document": "Bằng", "form-pages": "1",
        "form-copies": "1", "form-foreign": "no", "form-delivery": "counter",
    }  # fmt: skip

    def pressed(_turn: int) -> str:
        client = Client()
        client.cookies = cookie
        try:
            answer = press(client, COPIES, "accept", form)
            return str(answer.url)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        urls = list(pool.map(pressed, range(8)))
    assert len(set(urls)) == 1, urls
    row = Row.objects.get()
    stored = store.read(row.id)
    assert stored is not None
    assert stored[0].seq == 2
    assert Party.objects.count() == 1
