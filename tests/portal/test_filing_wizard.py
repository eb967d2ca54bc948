# ruff: noqa: F401, F811 - fixtures are imported by name
"""Filing a birth registration online, page by page, as a mother does it; without scripts, for this is plain HTTP."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from files.paperwork import document
from filing.citizen import BIRTH, CHILD, PARENTS, REGISTERS, FakeRegister, hang_bac, mother, register
from motcua.catalogue import versions
from motcua.dossiers import clock, store
from motcua.dossiers.models import Dossier as Row
from motcua.filing.models import Draft
from motcua.filing.offices import anywhere
from motcua.law.codes import reference
from motcua.law.working_time import city_day
from residents import signed_in

pytestmark = pytest.mark.django_db
# Savepoints counted, and the three questions asked every two seconds whether catalogue and houses have changed.
SUBMIT_QUERIES = 36


@pytest.fixture
def her(register: FakeRegister) -> Client:
    """The mother's browser."""
    client = signed_in(mother())
    return client


def begin(client: Client, code: str = BIRTH, **more: str) -> Draft:
    """Starts a draft; returns it."""
    answer = client.post(f"/nop-ho-so/{code}/", {"case": "on_time", "whom": "0", "office": str(hang_bac()), **more})
    assert answer.status_code == 302, mistakes(answer)
    return Draft.objects.get(pk=re.search(r"/to/([0-9a-f-]+)/", answer.url)[1])  # type: ignore[index]


def mistakes(answer: Any) -> list[str]:
    """What the summary at the top says."""
    summary = re.search(r"error-summary__list.*?</ul>", answer.content.decode(), re.DOTALL)
    return re.findall(r"<li>(?:<a[^>]*>)?(.*?)(?:</a>)?</li>", summary[0]) if summary else []


def send(client: Client, draft: Draft, step: str, data: dict[str, Any], do: str = "next", **more: Any) -> Any:
    """One page sent with one of its buttons, made from the present revision."""
    revision = Draft.objects.get(pk=draft.pk).revision
    return client.post(f"/nop-ho-so/to/{draft.pk}/{step}/", {"revision": revision, "do": do, **data, **more})


def not_online() -> str:
    """A procedure that nobody takes in online."""
    day = city_day(clock.now())
    return next(card.code for card in versions.cards_on(day) if not anywhere(card.code, day))


def scan(pages: int = 1) -> SimpleUploadedFile:
    """A scanned birth notice."""
    return SimpleUploadedFile("giấy chứng sinh.pdf", document(pages), content_type="application/pdf")


def filled(client: Client) -> Draft:
    """A draft that is ready for review."""
    draft = begin(client)
    pages: list[tuple[str, dict[str, Any]]] = [
        ("muc-1", CHILD),
        ("muc-2", PARENTS),
        ("muc-3", REGISTERS),
        ("nguoi-nop", {"phone": "0912 345 678", "email": ""}),
        ("giay-to", {"paper-birth_notice": scan(), "how-identity": "known", "how-marriage_certificate": "known"}),
        ("phi", {}),
        ("nhan-ket-qua", {"way": "electronic"}),
    ]
    for step, data in pages:
        answer = send(client, draft, step, data)
        assert answer.status_code == 302, (step, mistakes(answer))
    assert answer.url.endswith("/xem-lai/")
    return Draft.objects.get(pk=draft.pk)


def test_handing_in_asks_the_database_little(her: Client, django_assert_max_num_queries: Any) -> None:
    """Session, account, authority, the draft, the law's four, two files kept, the twin; no question per answer."""
    draft = filled(her)
    more = {"paper-residence": scan(pages=2), "paper-birth_notice": scan(pages=3)}
    assert send(her, draft, "giay-to", more).status_code == 302
    saved = Draft.objects.get(pk=draft.pk).papers
    assert [len(saved[name]["files"]) for name in ("birth_notice", "residence")] == [1, 1]
    with django_assert_max_num_queries(SUBMIT_QUERIES):
        done = her.post(f"/nop-ho-so/to/{draft.pk}/xem-lai/", {"do": "submit", "declare": "yes", "revision": 99})
    assert done.status_code == 302


def test_the_whole_way_from_the_first_page_to_the_reference(her: Client) -> None:
    draft = filled(her)
    review = her.get(f"/nop-ho-so/to/{draft.pk}/xem-lai/").content.decode()
    for said in ("Trần Thị Bé Mẫu", "Nguyễn Thị Mẫu", "Trần Văn Thử", "giấy chứng sinh.pdf", "16.000", "1/11/2018"):
        assert said in review, said
    without = send(her, draft, "xem-lai", {}, do="submit")
    assert (without.status_code, Row.objects.count()) == (422, 0)
    done = send(her, draft, "xem-lai", {"declare": "yes"}, do="submit")
    assert done.status_code == 302, mistakes(done)
    (dossier_id,) = Row.objects.values_list("id", flat=True)
    page = her.get(done.url).content.decode()
    assert reference(dossier_id) in page
    assert "Trả lời chậm nhất" in page
    state = store.read(dossier_id)[0]  # type: ignore[index]
    assert (state.channel, state.phase, state.code) == ("online", "lodged", "")
    assert state.applicant.account == draft.account_id
    assert state.form["mother"]["name"] == "Nguyễn Thị Mẫu"
    assert state.form["father"]["name"] == "Trần Văn Thử"
    assert state.sources["mother"].startswith("register@")
    assert state.sources["applicant.number"].startswith("register@")
    given = {paper.id: paper for paper in state.papers}
    assert given["declaration"].source == "form"
    assert given["identity"].source.startswith("register:identity@")
    assert len(given["birth_notice"].files) == 1
