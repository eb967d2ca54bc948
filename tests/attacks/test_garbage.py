"""Garbage thrown at every address: nothing breaks, nothing is stored, and forgeries are turned away."""

import io
import random
import zipfile
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from attacks.matrix import Person, cast, dossiers
from dossiers.permits import Permit, everything, rows_of, set_watch
from motcua.dossiers import search
from motcua.files import store as files
from motcua.files.models import StoredFile

pytestmark = pytest.mark.django_db

WORDS = (
    "", "0", "-1", "1", "99999999999999999999999", "nan", "1e400", "x" * 5000, "a\x00b", "%", "_", "\\", "'", '"',
    "'; DROP TABLE dossiers_event; --", "' OR '1'='1", "<script>alert(1)</script>", "{{ 7*7 }}", "../../etc/passwd",
    "\u202e\u200b", "ệ" * 200, "💥", "2018-13-45", "31/02/2018", "١٢٣", "null", "[]", "{}", "on", "yes",
    "1~2~3", "nan~1~1", "1:1", "None", "²", "1_000",
)  # fmt: skip
NAMES = (
    "q", "loc", "sau", "thu-tuc", "buoc", "tim", "task", "action", "key", "seen", "to", "reason", "words", "text",
    "due",
    "path", "value", "agency", "days", "amount", "fee", "number", "items", "other", "papers", "paper", "chosen", "post",
    "case", "kind", "name", "birth", "phone", "email", "commune", "sets", "late", "late-day", "late-time", "pages",
    "copies", "preview", "confirmed", "tu", "den", "trang", "co-quan", "linh-vuc", "cap", "thang", "nam", "next",
    "method", "receipt", "amount-permit", "rows-form-storeys", "form-plot_area", "form-floors", "agrees", "result",
    "to_name", "by_paper", "question", "ground", "document", "apology", "ma", "code", "token", "ngay",
)  # fmt: skip


@pytest.fixture(autouse=True)
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The city's clock."""
    return set_watch(monkeypatch)


@pytest.fixture
def persons() -> dict[str, Person]:
    """Everybody."""
    return cast()


@pytest.fixture
def permits(persons: dict[str, Person]) -> dict[str, Permit]:
    """One dossier in each situation."""
    return dossiers(persons)


def routes() -> list[tuple[str, URLPattern]]:
    """Every address of the three faces."""
    found = []
    for entry in get_resolver().url_patterns:
        if isinstance(entry, URLResolver) and entry.app_name in ("office", "portal", "city"):
            found += [(entry.app_name, each) for each in entry.url_patterns if isinstance(each, URLPattern)]
    return found


def addresses(rng: random.Random, permits: dict[str, Permit]) -> list[str]:
    """Each address with arguments that fit and arguments that do not."""
    permit = rng.choice(list(permits.values()))
    found = []
    for space, pattern in routes():
        for _ in range(2):
            arguments: dict[str, Any] = {}
            for name, converter in pattern.pattern.converters.items():
                kind = type(converter).__name__
                if kind == "IntConverter":
                    arguments[name] = rng.choice((permit.id, 0, 1, 10**18, 10**30))
                    if name == "task":
                        arguments[name] = rng.choice((1, 0, 99, 10**30))
                elif kind == "SlugConverter":
                    arguments[name] = rng.choice(
                        ("forward", "draft", "note", "correct", "extend", "receipt", "supplement", "refusal", "apology",
                         "control", "result", "x", "supplement", "request_supplement", "accept", "hand_over")
                    )  # fmt: skip
                elif kind == "UUIDConverter":
                    arguments[name] = rng.choice((uuid4(), UUID(int=0)))
                else:
                    arguments[name] = rng.choice(
                        (
                            "1.009994",
                            "x",
                            permit.state.token,
                            permit.state.code or "x",
                            "a" * 64,
                            "%00",
                            "..",
                            "'",
                            "\x00",
                        )
                    )
            found.append(reverse(f"{space}:{pattern.name}", kwargs=arguments))
    return found


@pytest.mark.parametrize("seed", range(3))
def test_garbage_is_answered_and_never_breaks_a_page(
    seed: int, persons: dict[str, Person], permits: dict[str, Permit]
) -> None:
    rng = random.Random(seed)
    broken = []
    clients = {name: persons[name].client for name in ("counter", "officer", "leader", "control")}
    clients["anybody"] = Client(raise_request_exception=False)
    for address in addresses(rng, permits):
        name = rng.choice(list(clients))
        values = {key: rng.choice(WORDS) for key in rng.sample(NAMES, 12)}
        for answer in (clients[name].get(address, values), clients[name].post(address, values)):
            if answer.status_code >= 500:
                broken.append((answer.status_code, name, address, values))
    assert broken == []


@pytest.mark.parametrize("seed", range(2))
def test_every_action_stands_any_answers(seed: int, persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    from motcua.office.desk.action_forms import FORMS

    rng = random.Random(seed)
    broken = []
    for action in FORMS:
        for name, situation in (("counter", "accepted"), ("officer", "opinion asked"), ("leader", "ready")):
            permit = permits[situation]
            number = next((task.no for task in permit.state.tasks), 0)
            values = {key: rng.choice(WORDS) for key in rng.sample(NAMES, 30)}
            address = reverse("office:act", args=[permit.id, action, rng.choice((number, 0))])
            status = persons[name].client.post(address, values).status_code
            if status >= 500:
                broken.append((status, action, name, values))
    for permit in permits.values():
        status = persons["control"].client.get(reverse("office:dossier", args=[permit.id])).status_code
        if status >= 500:
            broken.append((status, "page", permit.id))
    assert broken == []


def test_a_forged_form_is_turned_away(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit = permits["accepted"]
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = persons["counter"].client.cookies
    before = everything()
    address = reverse("office:act", args=[permit.id, "forward", permit.task()])
    for headers in ({}, {"HTTP_X_CSRFTOKEN": "x" * 64}, {"HTTP_ORIGIN": "https://elsewhere.example"}):
        answer = strict.post(address, {"key": uuid4().hex, "csrfmiddlewaretoken": "y" * 64}, **headers)
        assert answer.status_code == 403
    for space, pattern in routes():
        if space == "office" and not pattern.pattern.converters:
            answer = strict.post(
                reverse(f"office:{pattern.name}"), {"task": "1:1", "action": "sign", "confirmed": "yes"}
            )
            assert answer.status_code in (403, 405), pattern.name
    assert everything() == before


def test_the_same_form_sent_twice_is_one_act(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit, client = permits["accepted"], persons["counter"].client
    address = reverse("office:act", args=[permit.id, "forward", permit.task()])
    form = {"key": uuid4().hex, "seen": str(permit.state.seq)}
    first, second = client.post(address, form), client.post(address, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert rows_of("SELECT count(*) FROM dossiers_event WHERE dossier_id = %s AND type = 'forwarded'", permit.id) == [
        (1,)
    ]


def test_a_form_leads_nowhere_but_into_the_office(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit, client = permits["accepted"], persons["counter"].client
    address = reverse("office:act", args=[permit.id, "note", 0])
    for place in ("https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)", "nowhere", "\\\\x", "1"):
        answer = client.post(address, {"key": uuid4().hex, "words": "Ghi chú", "next": place})
        assert answer.status_code == 302, place
        assert answer["Location"].startswith("/can-bo/"), place


def test_a_number_that_is_none_is_no_number(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit, client = permits["accepted"], persons["counter"].client
    for number in ("²", "١", "1_0", "9" * 5000):
        form = {"key": uuid4().hex, "seen": number, "words": "Ghi chú", "task": f"{number}:{number}", "to": number}
        for address in (reverse("office:act", args=[permit.id, "note", 0]), reverse("office:bulk")):
            answer = client.post(address, form | {"action": "forward", "confirmed": "yes"})
            assert answer.status_code < 500, (address, number[:10])


def test_a_stale_page_is_told_what_happened_and_keeps_what_was_typed(
    persons: dict[str, Person], permits: dict[str, Permit]
) -> None:
    permit, client = permits["opinion asked"], persons["officer"].client
    address = reverse("office:act", args=[permit.id, "draft", permit.task()])
    before = everything()
    answer = client.post(address, {"key": uuid4().hex, "seen": "1", "result": "permit", "text": "Chữ đã gõ"})
    assert answer.status_code == 422
    assert "Chữ đã gõ" in answer.content.decode()
    assert everything() == before


def test_a_body_too_large_is_refused(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit, client = permits["opinion asked"], persons["officer"].client
    before = everything()
    address = reverse("office:act", args=[permit.id, "draft", permit.task()])
    big = {"key": uuid4().hex, "result": "permit", "text": "x" * (django_settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)}
    many = {f"f{index}": "" for index in range(django_settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    for form in (big, many):
        assert client.post(address, form).status_code in (400, 413)
    assert everything() == before


def bomb() -> bytes:
    """Ten megabytes of nothing in a few kilobytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.pdf", b"\0" * 10_000_000)
    return made.getvalue()


NOT_TAKEN = [
    ("scan.pdf", bomb()),
    ("scan.pdf", b""),
    ("scan.pdf", b"MZ\x90\x00 program"),
    ("scan.png", b"<svg onload=alert(1)>"),
    ("scan.jpg", b"<html><script>alert(1)</script></html>"),
    ("../../scan.pdf", b"GIF89a"),
    ("scan.pdf", b" %PDF-1.7"),
    ("\x00.pdf", b"PK\x03\x04"),
]


def test_a_file_that_is_not_what_is_taken_is_refused_and_nothing_is_kept(
    persons: dict[str, Person], permits: dict[str, Permit], own_files: Any
) -> None:
    permit, client = permits["accepted"], persons["counter"].client
    before = everything()
    address = reverse("office:act", args=[permit.id, "note", 0])
    for name, content in NOT_TAKEN:
        upload = SimpleUploadedFile(name, content, content_type="application/pdf")
        form = {"key": uuid4().hex, "words": "Bản quét", "paper": "application", "files": upload}
        assert client.post(address, form).status_code == 422, content[:20]
        assert everything() == before
        assert StoredFile.objects.count() == 0
        assert [path for path in own_files.rglob("*") if path.is_file()] == []


CUT_OFF = b'\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF'
BROKEN = [
        (b"--" + BOUNDARY.encode() + CUT_OFF, MULTIPART_CONTENT),
        (b"\xff\xfe\x00", MULTIPART_CONTENT),
        (b"words=x", "multipart/form-data"),
        (b"words=x", "multipart/form-data; boundary=" + "b" * 300),
        (b'{"words": "x"}', "application/json"),
        (b"words=\xff\xfe%00%ff", "application/x-www-form-urlencoded"),
        (b"words=x", "text/plain; charset=nonsense"),
        (b"words=x", ""),
        (b"<a/>", "application/xml"),
]  # fmt: skip


def test_a_broken_body_is_answered(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    client = persons["counter"].client
    for body, content_type in BROKEN:
        for address in (
            reverse("office:act", args=[permits["accepted"].id, "note", 0]),
            reverse("office:intake", args=["1.009994"]),
            reverse("office:bulk"),
        ):
            assert client.generic("POST", address, body, content_type).status_code < 500, (address, content_type)


def test_an_upload_that_breaks_off_stores_nothing(
    persons: dict[str, Person], permits: dict[str, Permit], own_files: Any
) -> None:
    permit, client = permits["accepted"], persons["counter"].client
    upload = SimpleUploadedFile("a.pdf", b"%PDF-1.7" + b"x" * 100_000, content_type="application/pdf")
    body = encode_multipart(BOUNDARY, {"files": upload, "key": uuid4().hex, "paper": "application", "words": "x"})
    address = reverse("office:act", args=[permit.id, "note", 0])
    before = everything()
    for cut in (10, 150, 5000, 99_000):
        assert client.generic("POST", address, body[:cut], MULTIPART_CONTENT).status_code < 500
    assert everything() == before


def test_no_digest_leads_out_of_the_store(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    permit = permits["accepted"]
    for digest in ("..", "../../../etc/passwd", "%2e%2e%2f", "a" * 64, "A" * 64, "0" * 63 + "/", "\x00"):
        address = f"/can-bo/ho-so/{permit.id}/tep/{digest}/"
        assert persons["counter"].client.get(address).status_code == 404
        if digest != "a" * 64:
            with pytest.raises(ValueError, match="digest"):
                files.path_of(digest)


def test_a_stored_file_that_no_paper_of_the_dossier_names_is_not_shown(
    persons: dict[str, Person], permits: dict[str, Permit]
) -> None:
    stored = files.put(b"%PDF-1.7 of somebody else", name="x.pdf")
    address = reverse("office:scan", args=[permits["accepted"].id, stored.digest])
    assert persons["counter"].client.get(address).status_code == 404


def test_injected_sql_finds_nothing_and_harms_nothing(persons: dict[str, Person], permits: dict[str, Permit]) -> None:
    client = persons["counter"].client
    before = everything()
    for query in (
        "' OR 1=1 --",
        "%' OR '%'='",
        "'; DELETE FROM dossiers_event; --",
        "') UNION SELECT 1 --",
        "\\' OR 1=1 --",
    ):
        assert search.search(persons["counter"].actor, query) == []
        for address in ("office:search", "office:desk", "office:counter", "office:results", "office:book"):
            for name in ("q", "tim", "thu-tuc", "buoc", "loc", "sau"):
                assert client.get(reverse(address), {name: query}).status_code in (200, 302)
    assert everything() == before
