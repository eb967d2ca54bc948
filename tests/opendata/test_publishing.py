"""Published datasets: equal to the figures, in versions that stay, checked by their sums, in formats that agree."""

import csv
import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import polars
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, transaction

from motcua.dossiers import clock
from motcua.files import store as files
from motcua.kpis import openness
from motcua.kpis import publishing as kpi_publishing
from motcua.law.texts import Text
from motcua.opendata import catalogue, checking, linked, publishing
from motcua.opendata.definitions import DatasetFileError, datasets, read_dataset
from motcua.opendata.encoding import CHECKSUMS
from motcua.opendata.models import Release, ReleaseFile
from motcua.opendata.sources import crossing, opinions
from motcua.opendata.suppression import is_small
from motcua.reports import facts
from motcua.reports.counting import FLOWS, STOCKS
from motcua.reports.figures import Board, of_period
from motcua.reports.models import Cube, DossierFact
from motcua.reports.periods import containing, month, quarter
from reports.town import EAST, FERRY, HILL, HOUSE, MARKET, SHOP, WEST, Town, hour

NOW = hour("2019-02-20 10:00")
DECEMBER, FOURTH = month(2018, 12), quarter(2018, 4)
WHY = Text("Đếm lại.", "Counted again.")


@pytest.fixture(autouse=True)
def in_february(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """It is February, and the figures are complete."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(kpi_publishing, "complete", lambda _kpi: NOW)
    monkeypatch.setattr(publishing, "complete_until", lambda: NOW)
    monkeypatch.setattr(opinions, "is_complete", lambda _period: True)
    return


def lived(town: Town) -> None:
    """Three months of a small town, with cells of every size."""
    ids = []
    for agency, code, count in ((MARKET, HOUSE, 12), (MARKET, SHOP, 2), (FERRY, HOUSE, 7), (FERRY, SHOP, 6),
                                (HILL, HOUSE, 6), (HILL, SHOP, 9)):  # fmt: skip
        state = town.answered(agency, "2018-12-03 09:00", "2018-12-12 10:00", code=code)
        facts.follow([state.id])
        # The others of its kind stand in the sums alone: a life a row would say nothing more here.
        for each in Cube.objects.filter(receiving=agency, procedure=code):
            flows = {name: getattr(each, name) * count for name in (*FLOWS, *STOCKS)}
            Cube.objects.filter(half=each.half, receiving=agency, procedure=code).update(**flows)
    ids += [town.answered(WEST, "2018-11-05 09:00", "2018-12-28 10:00").id, town.accepted(EAST, "2018-12-20 09:00").id]
    facts.follow(ids)


def indicators_published(month_of: Any = DECEMBER) -> None:
    """The dataset of the indicators waits for them."""
    for kpi in openness.public():
        kpi_publishing.publish(kpi, month_of, NOW)


def rows_of(release: Release) -> list[dict[str, Any]]:
    return publishing.rows_of(release)


def published(code: str, period: Any = DECEMBER) -> Release:
    release = publishing.publish(datasets()[code], period)
    assert release is not None
    return release


def test_a_dataset_says_what_the_citys_page_says(town: Town) -> None:
    lived(town)
    board = Board(of_period(DECEMBER), DECEMBER.ends)
    for row in rows_of(published("ho-so-theo-co-quan")):
        number = {"T11": MARKET, "T12": FERRY, "T21": HILL, "T2": WEST, "T1": EAST}[row["agency"]]
        figures = board.by_agency[number]
        assert {key: row[key] for key in ("received", "answered", "late", "before_date", "on_time", "granted")} == {
            key: getattr(figures, key) for key in ("received", "answered", "late", "before_date", "on_time", "granted")
        }
        assert (row["share_on_time"] is None) == figures.too_few
    by_procedure = {row["procedure"]: row for row in rows_of(published("ho-so-theo-thu-tuc"))}
    for code, figures in board.by_procedure.items():
        assert by_procedure[code]["answered"] == figures.answered
    late = rows_of(published("ho-so-tre-han"))
    codes = DossierFact.objects.filter(timeliness="late").values_list("code", flat=True)
    assert sorted(row["code"] for row in late) == sorted(codes)
    assert len(late) == board.total.late == 1


def test_months_add_up_to_the_quarter(town: Town) -> None:
    lived(town)
    by_month = [row for n in (10, 11, 12) for row in rows_of(published("ho-so-theo-co-quan", month(2018, n)))]
    whole = Board(of_period(FOURTH), NOW).total
    assert sum(row["received"] for row in by_month) == whole.received
    assert sum(row["late"] for row in by_month) == whole.late


def test_small_cells_are_hidden_and_cannot_be_had_by_taking_away(town: Town) -> None:
    lived(town)
    rows = {(row["agency"], row["procedure"]): row for row in rows_of(published("ho-so-co-quan-va-thu-tuc", FOURTH))}
    counted = crossing.counted(FOURTH)
    codes = {MARKET: "T11", FERRY: "T12", HILL: "T21", WEST: "T2", EAST: "T1"}
    table = {(codes[agency], code): counts for (agency, code), counts in counted.items()}
    assert is_small(table["T11", SHOP])
    assert rows["T11", SHOP]["hidden"] is True
    assert [rows["T11", SHOP][key] for key in ("received", "answered", "not_late", "late")] == [None] * 4
    hidden = {key for key, row in rows.items() if row["hidden"]}
    for side in (0, 1):
        for key in hidden:
            beside = [each for each in hidden if each[side] == key[side] and each != key]
            assert beside, f"{key} is what is left when the others are taken from the sum"
    for key, row in rows.items():
        if not row["hidden"]:
            assert (row["received"], row["not_late"], row["late"]) == table[key]


def test_no_dataset_puts_a_place_and_a_procedure_in_one_row_but_the_guarded_one() -> None:
    """Cells of different datasets of one period must not open each other."""
    for each in datasets().values():
        if each.code == "ho-so-co-quan-va-thu-tuc":
            assert each.hides
            continue
        places = {"agency", "agency_name", "district"} & set(each.keys)
        affairs = {"procedure", "procedure_name", "field", "step", "limits"} & set(each.keys)
        assert not (places and affairs), each.code
        assert not {"applicant", "address", "officer", "phone"} & set(each.keys), each.code
    kinds = {each.period for each in datasets().values() if each.hides}
    assert kinds == {"quarter"}, "a guarded table of two overlapping periods would be opened by subtraction"


def test_a_recount_that_changes_nothing_publishes_nothing(town: Town) -> None:
    lived(town)
    indicators_published()
    for each in datasets().values():
        period = containing(date(2018, 12, 1), each.period, report=each.report)
        first = publishing.publish(each, period)
        assert first is not None
        assert publishing.publish(each, period) is None


def test_a_correction_is_a_new_version_that_says_why_and_leaves_the_old_one(town: Town) -> None:
    lived(town)
    dataset = datasets()["ho-so-theo-co-quan"]
    first = published(dataset.code)
    kept = {each.name: b"".join(files.read(each.digest)) for each in first.files.all()}
    cube = Cube.objects.filter(half=date(2018, 12, 1), receiving=MARKET).first()
    assert cube is not None
    Cube.objects.filter(half=cube.half, receiving=MARKET, procedure=cube.procedure).update(received=cube.received + 1)
    with pytest.raises(publishing.NotPublishedError, match="say why"):
        publishing.publish(dataset, DECEMBER)
    second = publishing.publish(dataset, DECEMBER, WHY)
    assert second is not None
    assert second.version == 2
    assert second.note_vi == "Đếm lại. So với phiên bản 1: bỏ 1 dòng, thêm 1 dòng."
    assert {each.name: b"".join(files.read(each.digest)) for each in first.files.all()} == kept
    assert Release.objects.filter(dataset=dataset.code).count() == 2


def test_check_names_figures_that_have_changed_since(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lived(town)
    for code in ("ho-so-theo-co-quan", "ho-so-tre-han"):
        published(code)
    assert list(publishing.outdated()) == []
    call_command("opendata", "check", "--figures")
    Cube.objects.filter(half=date(2018, 12, 1), receiving=MARKET, procedure=HOUSE).update(received=99)
    call_command("opendata", "check")
    capsys.readouterr()
    with pytest.raises(SystemExit):
        call_command("opendata", "check", "--figures", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["changed"] == [{"dataset": "ho-so-theo-co-quan", "period": "2018-12", "version": 1}]
    assert told["broken"] == []
    publishing.publish(datasets()["ho-so-theo-co-quan"], DECEMBER, WHY)
    assert list(publishing.outdated()) == []


def test_what_one_version_hid_the_next_one_hides(town: Town) -> None:
    lived(town)
    first = published("ho-so-co-quan-va-thu-tuc", FOURTH)
    Cube.objects.filter(receiving=MARKET, procedure=SHOP, received=2).update(received=40)
    Cube.objects.filter(receiving=HILL, procedure=SHOP, received=9).update(received=30)
    second = publishing.publish(datasets()[first.dataset], FOURTH, WHY)
    assert second is not None
    assert {tuple(each) for each in first.hidden} <= {tuple(each) for each in second.hidden}
    row = next(row for row in rows_of(second) if row["agency"] == "T11" and row["procedure"] == SHOP)
    assert row["hidden"] is True


def test_what_was_published_cannot_be_changed(town: Town) -> None:
    lived(town)
    release = published("ho-so-tre-han")
    release.rows = 0
    with pytest.raises(TypeError, match="stands"):
        release.save()
    for act in (
        lambda: Release.objects.filter(pk=release.pk).update(rows=0),
        lambda: ReleaseFile.objects.filter(release=release).update(digest="0" * 64),
        lambda: Release.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Release.objects.get(pk=release.pk).rows == 1


def test_nothing_is_published_before_it_is_over_and_complete(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(town)
    dataset = datasets()["ho-so-theo-co-quan"]
    with pytest.raises(publishing.NotPublishedError, match="not over"):
        publishing.publish(dataset, month(2019, 2))
    with pytest.raises(publishing.NotPublishedError, match="no period"):
        publishing.publish(dataset, FOURTH)
    for complete in (None, hour("2018-12-31 23:59")):
        monkeypatch.setattr(publishing, "complete_until", lambda complete=complete: complete)
        with pytest.raises(publishing.NotPublishedError, match="not complete"):
            publishing.publish(dataset, DECEMBER)
        assert all(period.ends <= hour("2018-12-31 23:59") for _, period in publishing.due(NOW))
    assert not Release.objects.exists()


def test_the_worker_publishes_what_is_due_and_then_rests(town: Town) -> None:
    lived(town)
    indicators_published()
    made = publishing.publish_due(at_once=3)
    assert len(made) == 3
    # However short the time, one is begun.
    made += publishing.publish_due(seconds=0)
    assert len(made) == 4
    while some := publishing.publish_due():
        made += some
    assert {each.dataset for each in made} == set(datasets())
    assert ("ho-so-theo-co-quan", "2019-01") in {(each.dataset, each.period) for each in made}
    assert "2019-02" not in {each.period for each in made}
    assert publishing.publish_due() == []


def test_the_formats_hold_the_same_cells_in_their_types(town: Town) -> None:
    lived(town)
    for code in ("ho-so-theo-co-quan", "ho-so-tre-han", "ho-so-co-quan-va-thu-tuc", "lich-lam-viec"):
        dataset = datasets()[code]
        release = published(code, DECEMBER if dataset.period == "month" else FOURTH)
        data = {each.format: b"".join(files.read(each.digest)) for each in release.files.all()}
        written = data["csv"].decode()
        assert written.count("\r\n") == written.count("\n") == release.rows + 1
        read = list(csv.DictReader(io.StringIO(written, newline="")))
        listed = json.loads(data["json"])["rows"]
        frame = polars.read_parquet(io.BytesIO(data["parquet"]))
        assert tuple(read[0]) == tuple(listed[0]) == tuple(frame.columns) == dataset.keys
        assert len(read) == len(listed) == frame.height == release.rows
        wanted = {"text": polars.String, "count": polars.Int64, "share": polars.Float64, "flag": polars.Boolean,
                  "date": polars.Date, "instant": polars.Datetime("us", "UTC")}  # fmt: skip
        assert [frame.schema[each.key] for each in dataset.columns] == [wanted[each.type] for each in dataset.columns]
        for one, two, three in zip(read, listed, frame.iter_rows(named=True), strict=True):
            for column in dataset.columns:
                cell = two[column.key]
                said = "" if cell is None else str(cell).lower() if isinstance(cell, bool) else str(cell)
                assert one[column.key] == said
                if isinstance(three[column.key], datetime):
                    assert datetime.fromisoformat(cell).astimezone(UTC) == three[column.key]
                elif isinstance(three[column.key], date):
                    assert cell == three[column.key].isoformat()
                else:
                    assert cell == three[column.key]


def test_check_names_a_file_that_was_tampered_with(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lived(town)
    release = published("ho-so-tre-han")
    assert checking.check() == (5, [])
    call_command("opendata", "check")
    kept = release.files.get(format="csv")
    files.path_of(kept.digest).write_bytes(b"code\r\n")
    files.path_of(release.files.get(format="parquet").digest).unlink()
    _, broken = checking.check()
    assert {(each.file, each.what) for each in broken} == {
        ("ho-so-tre-han-2018-12.csv", "altered"), ("ho-so-tre-han-2018-12.parquet", "missing")
    }  # fmt: skip
    with pytest.raises(SystemExit):
        call_command("opendata", "check")
    assert "ho-so-tre-han 2018-12 v1 ho-so-tre-han-2018-12.csv" in capsys.readouterr().out


def test_the_command_publishes_lists_and_says_what_is_wrong(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    lived(town)
    call_command("opendata", "publish", "--dataset", "ho-so-tre-han", "--period", "2018-12", "--json")
    assert json.loads(capsys.readouterr().out)[0]["version"] == 1
    call_command("opendata", "list")
    assert "ho-so-tre-han 2018-12 v1: 1 dòng" in capsys.readouterr().out
    for wrong in (["--dataset", "none", "--period", "2018-12"], ["--dataset", "thu-tuc", "--period", "x"],
                  ["--dataset", "thu-tuc", "--period", "2018-12"]):  # fmt: skip
        with pytest.raises(CommandError):
            call_command("opendata", "publish", *wrong)
    with pytest.raises(CommandError, match="no dataset"):
        call_command("opendata", "list", "--dataset", "none")
    before = Release.objects.count()
    for half in (["--period", "2018-12"], ["--dataset", "thu-tuc"]):
        with pytest.raises(CommandError, match="go together"):
            call_command("opendata", "publish", *half)
    assert Release.objects.count() == before


def test_the_checksums_are_those_of_the_files(town: Town) -> None:
    lived(town)
    release = published("ho-so-tre-han")
    data = {each.name: b"".join(files.read(each.digest)) for each in release.files.all()}
    stated = dict(reversed(line.split("  ")) for line in data.pop(CHECKSUMS).decode().splitlines())
    assert stated == {name: sha256(content).hexdigest() for name, content in data.items()}


def test_the_catalogue_is_one_story_in_two_forms(town: Town, django_assert_num_queries: Any) -> None:
    lived(town)
    indicators_published()
    publishing.publish_due(at_once=100)
    with django_assert_num_queries(2):
        things = catalogue.description(catalogue.published())
    graph = json.loads(linked.json_ld(things))["@graph"]
    kinds = {kind: [each for each in graph if each["@type"] == kind] for kind in
             ("dcat:Catalog", "dcat:Dataset", "dcat:Distribution")}  # fmt: skip
    assert len(kinds["dcat:Catalog"]) == 1
    assert len(kinds["dcat:Dataset"]) == len(datasets())
    named = {each["@id"] for each in graph}
    for each in kinds["dcat:Catalog"][0]["dcat:dataset"]:
        assert each["@id"] in named
    for each in kinds["dcat:Dataset"]:
        for wanted in ("dct:title", "dct:description", "dct:publisher", "dct:accrualPeriodicity", "dct:temporal"):
            assert each[wanted], (each["@id"], wanted)
        assert {one["@id"] for one in each["dcat:distribution"]} <= named
    for each in kinds["dcat:Distribution"]:
        kept = ReleaseFile.objects.get(name=each["@id"].rpartition("/")[2])
        assert each["dcat:byteSize"][0]["@value"] == str(kept.size)
        assert each["spdx:checksum"][0]["spdx:checksumValue"][0]["@value"] == kept.digest
        assert each["dct:license"][0]["@id"].startswith("https://creativecommons.org/")
    assert triples_of_turtle(linked.turtle(things)) == triples_of_graph(graph)


def triples_of_graph(graph: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    """Subject, kind and number of properties of every named thing."""
    return sorted(
        (each["@id"], each["@type"], sum(len(v) for k, v in each.items() if not k.startswith("@"))) for each in graph
    )


def triples_of_turtle(text: str) -> list[tuple[str, str, int]]:
    """The same, read from Turtle by a small reader of what we write: strings and nested things first taken out."""
    plain = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert plain.count("[") == plain.count("]")
    while "[" in plain:
        plain = re.sub(r"\[[^\[\]]*\]", "_:x", plain)
    found = []
    for block in plain.split("\n\n")[1:]:
        match = re.fullmatch(r"<([^>]+)> a (\S+)((?: ;\n  \S+ \S+)*) \.\n?", block)
        assert match, block
        found.append((match[1], match[2], match[3].count(";\n")))
    return sorted(found)


def test_a_dataset_file_that_is_wrong_says_where(tmp_path: Any) -> None:
    from motcua.opendata.definitions import PLACE

    text = (PLACE / "hai-long.yaml").read_text(encoding="utf-8")
    for before, after, said in (
        ("type: decimal", "type: number", "type"), ("rows: ratings.by_agency", "rows: ratings.nothing", "no rows"),
        ("key: points", "key: answers", "once"), ("code: hai-long", "code: hai-dai", "called after"),
        ("period: quarter", "period: week", "period"), ("key: points", "key: Điểm", "plain"),
    ):  # fmt: skip
        assert before in text
        path = tmp_path / "hai-long.yaml"
        path.write_text(text.replace(before, after), encoding="utf-8")
        with pytest.raises(DatasetFileError, match=said):
            read_dataset(path)
