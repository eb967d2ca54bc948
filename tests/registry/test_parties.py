"""Finding and remembering applicants: by number, by a former number, by the beginning of an unaccented name."""

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motcua.law.dossier import Address, Applicant
from motcua.law.names import search_key
from motcua.registry.models import FormerNumber, Party
from motcua.registry.parties import as_applicant, find_parties, remember

pytestmark = pytest.mark.django_db


def applicant(name: str = "Nguyễn Thị Hoà", number: str = "001180000001", **more: str) -> Applicant:
    """Somebody made up."""
    return Applicant(
        kind="person", name=name, number=number, birth="1980-05-02", phone=more.get("phone", "0912345678"),
        address=Address(text="Số 5 Nghĩa Dũng", commune="00001"),
    )  # fmt: skip


def found(query: str) -> list[str]:
    """The names found."""
    return [party.name for party in find_parties(query)]


def test_somebody_is_found_by_the_whole_number_however_it_is_typed() -> None:
    remember(applicant())
    for query in ("001180000001", " 001 180 000 001 ", "001.180.000.001"):
        assert found(query) == ["Nguyễn Thị Hoà"]
    for query in ("00118000000", "0011800000012", "180000001"):
        assert found(query) == []


def test_somebody_is_found_by_a_former_number() -> None:
    known = remember(applicant())
    FormerNumber.objects.create(number="012345678", party_id=known.party)
    assert found("012345678") == ["Nguyễn Thị Hoà"]
    assert found("012 345 678") == ["Nguyễn Thị Hoà"]


def test_somebody_is_found_by_the_beginning_of_the_name_with_or_without_accents() -> None:
    for index, name in enumerate(("Nguyễn Thị Hoà", "Nguyễn Thị Hòa", "Đặng Văn Ước", "H'Hen Niê", "Nguyen 100%_")):
        remember(applicant(name, f"00118000000{index}"))
    assert sorted(found("nguyen thi hoa")) == ["Nguyễn Thị Hoà", "Nguyễn Thị Hòa"]
    assert sorted(found("NGUYỄN THỊ HÒA")) == ["Nguyễn Thị Hoà", "Nguyễn Thị Hòa"]
    assert found("dang v") == ["Đặng Văn Ước"]
    assert found("văn ước") == []
    assert found("nguyen 100%") == ["Nguyen 100%_"]
    for wild in ("%%", "__", "n_uyen", "n%"):
        assert found(wild) == []


def test_what_was_declared_last_is_what_is_offered_next() -> None:
    first = remember(applicant())
    second = remember(applicant(phone="0987654321"))
    assert first.party == second.party
    assert Party.objects.count() == 1
    offered = as_applicant(find_parties("001180000001")[0])
    assert (offered.phone, offered.party, offered.address.commune) == ("0987654321", first.party, "00001")


def test_somebody_without_a_number_is_nobody_else() -> None:
    assert remember(applicant(number="")).party == 0
    assert Party.objects.count() == 0


def test_both_ways_of_finding_use_an_index() -> None:
    questions = (
        (Party.objects.filter(name_key__startswith="nguyen van").order_by("name_key", "id")[:10], "party_name_key"),
        (Party.objects.filter(number="001180000001").exclude(number=""), "party_number_once"),
        (FormerNumber.objects.filter(number="012345678"), "Index Scan using registry_formernumber"),
    )
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query, index in questions:
            plan = query.explain()
            assert index in plan, plan


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_any_text_may_be_asked_for(query: str) -> None:
    for party in find_parties(query):
        assert search_key(party.name).startswith(search_key(query))


@pytest.mark.parametrize("query", ["a\x00b", "\x00\x00\x00", "' OR 1=1 --", "٠١٢٣٤٥٦٧٨", "²" * 12, "1" * 3000])
def test_no_text_breaks_the_search(query: str) -> None:
    assert found(query) == []
