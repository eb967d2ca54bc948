"""Digests: issued once per period and person with the figures of the oracle, mailed with the page to a real server."""

import hashlib
import io
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pypdf import PdfReader

from cities import ROOT, City
from motcua.dossiers import clock
from motcua.files import store as files
from motcua.law.refusal import Refusal
from motcua.notices.models import Delivery, Notice
from motcua.reports import facts
from motcua.reports.figures import Figures, between, months_to
from motcua.reports.models import DossierFact
from motcua.reports.periods import midnight
from motcua.site.home import Home, create
from motcua.steering import digests
from motcua.steering.digest_page import mail_values, pdf, reckon
from motcua.steering.models import Digest, Issue
from motcua.steering.schedule import Days
from notices.letters import sent_by, states, until
from notices.servers import provider
from reports.test_figures import slow_count
from reports.town import CITY, EAST, HILL, MARKET, Town, followed
from steering.people import client_of, official

PAGE = "/can-bo/ban-dieu-hanh/ban-tin/"
HERE = Path(__file__).parent
KILLS = 7
WHEN = {"hour": 7, "weekday": 0, "monthday": 1}
# A Monday morning.
MONDAY = datetime.fromisoformat("2019-01-14T07:30:00+07:00")


def wished(account: int, agency: int = EAST, kind: str = "week", at: str = "2018-12-03") -> Digest:
    made = digests.subscribe(account, agency, kind, datetime.fromisoformat(f"{at}T09:00:00+07:00"), **WHEN)
    assert isinstance(made, Digest)
    return made


def busy(town: Town) -> None:
    states = [
        town.answered(MARKET, "2019-01-07 09:00", "2019-01-09 10:00"),
        town.answered(EAST, "2018-11-20 09:00", "2019-01-11 10:00"),
        town.at_officer(town.accepted(MARKET, "2018-12-10 09:00"), "2018-12-10 10:00"),
        town.answered(HILL, "2019-01-08 09:00", "2019-01-09 10:00"),
    ]
    facts.follow([state.id for state in states])


@pytest.mark.usefixtures("complete")
def test_a_digest_is_issued_once_and_says_the_figures_of_its_week(town: Town) -> None:
    busy(town)
    leader = official("leader", EAST, email="lanh.dao@x.example")
    wished(leader.pk)
    assert digests.run_due(MONDAY) == 1
    assert digests.run_due(MONDAY) == 0
    assert digests.run_due(MONDAY + timedelta(days=6)) == 0
    issue, notice = Issue.objects.get(), Notice.objects.get(kind="digest")
    assert (issue.first, issue.last) == (date(2019, 1, 7), date(2019, 1, 13))
    said = {name: notice.values[name] for name in ("received", "answered", "on_time", "late", "overdue", "worst")}
    assert said == {
        "received": "1", "answered": "2", "on_time": "1/2 (50,0%)", "late": "1", "overdue": "1",
        "worst": "Quận Đông: 1 hồ sơ trễ",
    } | {"worst": notice.values["worst"]}  # fmt: skip
    assert notice.values["attached"][0]["digest"] == issue.file
    page = PdfReader(io.BytesIO(files.path_of(issue.file).read_bytes()))
    text = " ".join(page.pages[0].extract_text().split())
    assert len(page.pages) == 1
    for words in ("Quận Đông", "7/1/2019 – 13/1/2019", "Số liệu đầy đủ đến 10:00 15/1/2019", "1/2 (50,0%)"):
        assert words in text, text


@pytest.mark.parametrize("seed", [3, 11, 29])
def test_any_days_are_counted_as_the_slow_oracle_counts_them(town: Town, seed: int) -> None:
    facts.follow(town.at_random(seed, dossiers=12))
    ids = list(DossierFact.objects.values_list("dossier_id", flat=True))
    which = msgspec.structs.replace(months_to(date(2018, 12, 1), 1), agency=EAST)
    dice = random.Random(seed)
    for _ in range(12):
        first = date(2018, 11, 1) + timedelta(days=dice.randrange(60))
        last = first + timedelta(days=dice.choice((0, 6, 30)))
        numbers = sum(between(which, midnight(first), midnight(last + timedelta(days=1))).values(), Figures())
        expected: Counter[str] = Counter()
        for at in range((last - first).days + 1):
            day = msgspec.structs.replace(which, day=first + timedelta(days=at))
            expected += slow_count(ids, day, MONDAY)
        for name in ("received", "before_date", "on_time", "late", "withdrawn", "stopped"):
            assert getattr(numbers, name) == expected[name], (first, last, name)


@pytest.mark.usefixtures("complete")
def test_only_what_is_complete_wished_and_still_ones_own_is_issued(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    leader = official("leader", EAST, email="a@x.example")
    wished(leader.pk, at="2019-01-14")
    # Asked for this morning: the week before it is not sent.
    assert digests.run_due(MONDAY) == 0
    assert digests.run_due(MONDAY + timedelta(days=7)) == 0
    monkeypatch.setattr(digests, "complete_until", lambda: MONDAY + timedelta(days=8))
    assert digests.run_due(MONDAY + timedelta(days=7)) == 1
    monkeypatch.setattr(digests, "complete_until", lambda: None)
    assert digests.run_due(MONDAY + timedelta(days=14)) == 0
    monkeypatch.setattr(digests, "complete_until", lambda: MONDAY + timedelta(days=15))
    leader.appointments.update(valid_to=date(2019, 1, 20))
    today = date(2019, 1, 28)
    monkeypatch.setattr("motcua.organisation.directory.city_day", lambda *_: today)
    assert digests.run_due(MONDAY + timedelta(days=14)) == 0
    assert Issue.objects.count() == 1


@pytest.mark.usefixtures("at_ten", "complete")
def test_one_subscribes_previews_reads_and_ends_by_the_pages(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    from motcua.office.steering import digests as pages

    busy(town)
    monkeypatch.setattr(pages, "complete_until", lambda: MONDAY)
    leader, other = official("leader", EAST, email="a@x.example"), official("leader", HILL)
    client = client_of(leader)
    told = {"place": "T11", "kind": "week", "hour": "7", "weekday": "0", "monthday": "1"}
    assert client.post(PAGE, {**told, "place": "T2"}).status_code == 200
    assert client.post(PAGE, {**told, "monthday": "31"}).status_code == 200
    assert not Digest.objects.exists()
    assert client.post(PAGE, told).status_code == 302
    assert client.post(PAGE, {**told, "hour": "9"}).status_code == 302
    digest = Digest.objects.get()
    assert (digest.agency, digest.hour) == (MARKET, 9)
    for kind in ("day", "week", "month"):
        preview = client.get(f"{PAGE}xem/?co-quan=T11&ky={kind}")
        assert preview.content.startswith(b"%PDF-")
    assert not Issue.objects.exists()
    Digest.objects.update(since=date(2018, 12, 1))
    digests.run_due(MONDAY + timedelta(days=1))
    issue = Issue.objects.get()
    assert b"".join(client.get(f"{PAGE}{issue.pk}/").streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert client_of(other).get(f"{PAGE}{issue.pk}/").status_code == 404
    assert client_of(other).post(PAGE, {"end": digest.pk}).status_code == 404
    assert client.post(PAGE, {"end": digest.pk}).status_code == 302
    assert not Digest.objects.get().is_on
    assert isinstance(digests.subscribe(1, 0, "hour", MONDAY, **WHEN), Refusal)


def test_the_page_is_whole_with_many_units_and_in_english(town: Town) -> None:
    busy(town)
    found = reckon(0, "month", Days(date(2018, 12, 1), date(2018, 12, 31)), MONDAY, MONDAY)
    long = dict.fromkeys([EAST, HILL, MARKET, CITY] * 1, Figures(received=12_345, before_date=9_000, late=345))
    page = pdf(msgspec.structs.replace(found, by_agency=long, alerts=[("Quá hạn nhiều", "57")] * 8), "en")
    read = PdfReader(io.BytesIO(page))
    text = " ".join(read.pages[0].extract_text().split())
    assert "12,345" in text
    assert "The whole city" in text
    assert mail_values(found, "en", "")["place"] == "The whole city"


@pytest.mark.slow
def test_a_mail_carries_the_page_to_a_real_server(fresh_city: City, tmp_path: Path, settings: Any) -> None:
    leader = official("leader", 1, email="lanh.dao@x.example")
    wished(leader.pk, agency=0)
    followed()
    now = clock.now()
    with provider("mail", tmp_path) as server:
        address = f"smtp://127.0.0.1:{server.port}/?from=motcua@city.example&plain=1&name=post&timeout=20"
        with sent_by(settings, email=address):
            from motcua.notices import sending

            assert digests.run_due(now) == 1
            until(lambda: states() == {"sent": 1}, sending.send_email, seconds=30)
            assert digests.run_due(now) == 0
        (mail,) = server.kept()
    issue = Issue.objects.get()
    data = files.path_of(issue.file).read_bytes()
    assert mail["to"] == ["lanh.dao@x.example"]
    assert mail["attached"] == [
        [f"ban-tin-{issue.first:%Y-%m-%d}.pdf", "application/pdf", hashlib.sha256(data).hexdigest()]
    ]
    assert "Số liệu đầy đủ đến" in mail["text"]
    assert re.search(r"Tiếp nhận: 0 \(bằng kỳ trước\)", mail["text"])


@pytest.mark.slow
def test_a_worker_killed_again_and_again_neither_loses_nor_doubles_a_digest(
    fresh_city: City, tmp_path: Path, settings: Any
) -> None:
    """Every digest is issued once and mailed once; the one whose worker died between the server's word and our own
    is never mailed twice: it says that nobody knows, and lies in its reader's list all the same."""
    people, kinds = 8, ("day", "week", "month")
    for at in range(people):
        account = official("leader", 1, email=f"p{at}@x.example", language=("vi", "en")[at % 2])
        for kind in kinds:
            wished(account.pk, agency=0, kind=kind, at="2018-11-01")
    followed()
    wanted = people * len(kinds)
    with provider("mail", tmp_path) as server:
        server.wish(wait=0.01)
        address = f"smtp://127.0.0.1:{server.port}/?from=motcua@city.example&plain=1&name=post&timeout=10&window=2"
        with sent_by(settings, email=address):
            home = Home(tmp_path / "home")
            create(home)
            environment = os.environ | {
                "MOTCUA_HOME": str(home.path), "DATABASE_URL": fresh_city.dsn, "MOTCUA_EMAIL": address,
                "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}", "PYTHONWARNINGS": "", "MOTCUA_NOTICES_LEASE": "2",
            }  # fmt: skip
            dice, in_the_middle = random.Random(5), 0
            settled, now = {"sent", "unknown"}, clock.now()
            for turn in range(KILLS):
                worker = _worker(environment, now)
                # The first die while they issue, before anything is mailed.
                time.sleep(dice.uniform(0.0, 0.12 if turn < 3 else 0.6))
                in_the_middle += Issue.objects.count() < wanted or not set(states()) <= settled
                _kill(worker)
            worker = _worker(environment, now)
            try:
                until(lambda: Issue.objects.count() == wanted and set(states()) <= settled, seconds=60)
            finally:
                _kill(worker)
        letters = Counter((each["to"][0], each["subject"]) for each in server.kept())
    assert in_the_middle >= 3
    assert Notice.objects.filter(kind="digest").count() == wanted
    assert max(letters.values()) == 1
    unknown = Delivery.objects.filter(state="unknown").count()
    assert wanted - unknown <= len(letters) <= wanted
    assert unknown <= KILLS


def _worker(environment: dict[str, str], now: datetime) -> "subprocess.Popen[str]":
    command = [sys.executable, str(HERE / "issuer.py"), now.isoformat()]
    made = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert made.stdout is not None
    assert made.stdout.readline() == "ready\n"
    return made


def _kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def test_the_attachment_names_a_file_that_stays(town: Town) -> None:
    """A file that is gone is left out of the mail, and the mail still goes."""
    from motcua.notices.sending import _attached

    stored = files.put(b"%PDF-1.7\n%%EOF", name="x.pdf", media="application/pdf")
    named = [{"digest": stored.digest, "name": "x.pdf", "media": "application/pdf"},
             {"digest": "0" * 64, "name": "y.pdf", "media": "application/pdf"}]  # fmt: skip
    assert [each.name for each in _attached({"attached": named})] == ["x.pdf"]
