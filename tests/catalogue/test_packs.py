"""Loading a pack: whole or not at all, the same twice, and what was published stays as it was published."""

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from catalogue.tiny_pack import changed, tiny_pack
from motcua.catalogue import models, versions
from motcua.catalogue.packs import LoadReport, load_pack
from motcua.catalogue.publishing import Published, RepublishedError, content_of, publish
from motcua.law.procedure import Procedure

HOUSE, MARITAL = "9.000101", "9.000102"
DAY = date(2019, 1, 7)


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    """The tiny pack under codes that no other content uses."""
    made = tiny_pack(tmp_path)
    house = made / "procedures" / "house-permit.yaml"
    changed(house, '"1.009994"', f'"{HOUSE}"')
    changed(house, '"1.013225"', '"9.000201"')
    changed(made / "procedures" / "marital-status-certificate.yaml", '"1.004873"', f'"{MARITAL}"')
    return made


def loaded(pack: Path) -> LoadReport:
    report = load_pack(pack)
    assert report.problems == ()
    return report


def token() -> Any:
    return models.Revision.objects.get(id=1).token


def second_version(pack: Path, **changes: str) -> Path:
    """A file with version 2 of the house permit, from 2021 on."""
    path = pack / "procedures" / "house-permit-2.yaml"
    path.write_text((pack / "procedures" / "house-permit.yaml").read_text())
    changed(path, "version: 1", "version: 2")
    changed(path, "valid_from: 2018-06-21", "valid_from: 2021-01-01")
    for old, new in changes.items():
        changed(path, old, new)
    return path


def test_loading_twice_changes_nothing(db: None, pack: Path) -> None:
    first = loaded(pack)
    before = token()

    second = loaded(pack)

    assert (first.procedures, second.procedures) == (Published(2, 0), Published(0, 2))
    assert (second.offerings, second.regimes) == (first.offerings, first.regimes)
    assert token() == before


def test_a_published_version_cannot_be_changed(db: None, pack: Path) -> None:
    loaded(pack)
    kept = versions.current_version(HOUSE, DAY)
    line = changed(pack / "procedures" / "house-permit.yaml", "version: 1", "version: 1")
    changed(pack / "procedures" / "house-permit.yaml", "amount: 75000", "amount: 80000")
    changed(pack / "catalogue" / "life_events.yaml", "code: have_child", "code: have_children")
    changed(pack / "procedures" / "marital-status-certificate.yaml", f'"{MARITAL}"', '"9.000103"')

    report = load_pack(pack)

    [problem] = report.problems
    assert "publish a new version" in problem.reason
    assert (Path(problem.file).name, problem.line) == ("house-permit.yaml", line)
    assert report.procedures == Published()
    assert versions.current_version(HOUSE, DAY) == kept
    assert not models.LifeEvent.objects.filter(code="have_children").exists()
    assert not models.Procedure.objects.filter(code="9.000103").exists()


def test_a_new_version_holds_from_its_day_and_the_old_one_before(db: None, pack: Path) -> None:
    loaded(pack)
    old, _ = versions.current_version(HOUSE, DAY)
    second_version(pack, **{"amount: 75000": "amount: 80000"})

    assert loaded(pack).procedures == Published(1, 2)

    new, procedure = versions.current_version(HOUSE, date(2021, 1, 1))
    assert procedure.version == 2
    assert new != old
    assert versions.current_version(HOUSE, date(2020, 12, 31))[0] == old
    assert versions.procedure_version(old).version == 1


def test_what_is_offered_follows_the_versions(db: None, pack: Path) -> None:
    second_version(pack, **{"[commune, district]": "[commune]"})
    loaded(pack)

    def at(agency: int, day: date) -> bool:
        return HOUSE in {card.code for card in versions.offered_at(agency, day)}

    commune = models.Agency.objects.get(code="00037").number
    assert [at(1002, day) for day in (date(2018, 6, 20), date(2018, 6, 21), date(2020, 12, 31), date(2021, 1, 1))] == [
        False, True, True, False,
    ]  # fmt: skip
    assert at(commune, date(2021, 1, 1))
    spans = models.Offering.objects.filter(procedure=HOUSE).order_by("tier").values_list("tier", "valid_to")
    assert list(spans) == [("commune", None), ("district", date(2020, 12, 31))]
    everywhere = versions.offering_agencies(HOUSE, DAY)
    assert 1002 in everywhere
    assert commune in everywhere
    assert len(versions.offering_agencies(HOUSE, date(2021, 1, 1))) == len(everywhere) - 30


def test_what_was_decided_for_one_agency_outlives_a_load(db: None, pack: Path) -> None:
    loaded(pack)
    models.Offering.objects.create(procedure_id=HOUSE, agency_id=1002, valid_from=DAY, online_level=4)
    second_version(pack)
    loaded(pack)

    levels = {card.code: card.online_level for card in versions.offered_at(1002, DAY)}

    assert levels[HOUSE] == 4
    assert {card.code: card.online_level for card in versions.offered_at(1001, DAY)}[HOUSE] == 3


def test_old_codes_lead_to_the_procedure(db: None, pack: Path) -> None:
    loaded(pack)

    assert versions.current_version("9.000201", DAY) == versions.current_version(HOUSE, DAY)
    assert versions.offering_agencies("9.000201", DAY) == versions.offering_agencies(HOUSE, DAY)


def test_what_is_not_there_is_said_so(db: None, pack: Path) -> None:
    loaded(pack)

    with pytest.raises(versions.UnknownProcedureError, match="holds on 2001-01-01"):
        versions.current_version(HOUSE, date(2001, 1, 1))
    with pytest.raises(versions.UnknownProcedureError):
        versions.current_version("no such code", DAY)
    with pytest.raises(versions.UnknownProcedureError):
        versions.procedure_version(-1)
    assert versions.offered_at(65_000, DAY) == []


def test_a_wrong_pack_is_not_loaded_at_all(db: None, pack: Path) -> None:
    changed(pack / "procedures" / "marital-status-certificate.yaml", "role: registrar", "role: scribe")
    before = token()

    report = load_pack(pack)

    assert [each.reason for each in report.problems] == ["There is no role “scribe”."]
    assert not models.Procedure.objects.filter(code=HOUSE).exists()
    assert token() == before


def test_the_rules_of_a_regime_in_use_cannot_be_changed_but_its_end_can(db: None, pack: Path) -> None:
    loaded(pack)
    regimes = pack.parent / "law" / "regimes.yaml"
    text = regimes.read_text()
    changed(regimes, "code: ND61-2018", "code: ND61-2018")
    changed(regimes, "supplement_window_days: 3 ", "supplement_window_days: 5 ")

    [problem] = load_pack(pack).problems
    assert "state a new regime" in problem.reason

    regimes.write_text(text.replace("en: Decree 118/2025}", "en: The decree of 2025}"))
    loaded(pack)
    assert versions.regimes()[-1].name.en == "The decree of 2025"


def test_reasons_fields_and_life_events_are_read_back_in_order(db: None, pack: Path) -> None:
    loaded(pack)

    assert [each.code for each in versions.life_events()][:2] == ["have_child", "build_house"]
    assert {each.code for each in versions.reasons("suspend")} == {"supplement", "tax", "payment", "verification"}
    assert versions.fields()["G15-TP07"].en == "Civil status"
    assert [regime.code for regime in versions.regimes()] == ["ND61-2018", "ND107-2021", "ND118-2025"]


def test_reading_a_version_again_asks_the_database_nothing(
    db: None, pack: Path, django_assert_num_queries: Any
) -> None:
    loaded(pack)
    version, _ = versions.current_version(HOUSE, DAY)
    versions.regimes()

    with django_assert_num_queries(0):
        versions.procedure_version(version)
        versions.current_version(HOUSE, DAY)
        versions.regimes()


def test_publishing_other_content_under_a_published_number_is_refused(db: None, pack: Path) -> None:
    loaded(pack)
    _, procedure = versions.current_version(HOUSE, DAY)
    changed_one: Procedure = type(procedure)(**{**_fields(procedure), "online_level": 4})

    with pytest.raises(RepublishedError) as refused:
        publish([changed_one], "pack")
    assert "công bố phiên bản mới" in refused.value.text.vi
    assert publish([procedure], "pack") == Published(0, 1)


def _fields(procedure: Procedure) -> dict[str, Any]:
    return {name: getattr(procedure, name) for name in procedure.__struct_fields__}


def test_the_content_is_what_its_digest_says(db: None, pack: Path) -> None:
    loaded(pack)
    row = models.ProcedureVersion.objects.get(procedure=HOUSE)

    assert content_of(versions.procedure_version(row.pk)) == (row.content, row.sha256)


def test_the_table_refuses_changes_whoever_asks(fresh_city: Any) -> None:
    with psycopg.connect(fresh_city.owner_dsn, autocommit=True) as owner:
        for statement in (
            "UPDATE catalogue_procedureversion SET content = '{}'",
            "DELETE FROM catalogue_procedureversion",
        ):
            with pytest.raises(psycopg.errors.RaiseException, match="publish a new version"):
                owner.execute(statement)
    with psycopg.connect(fresh_city.dsn, autocommit=True) as application:
        for statement in ("UPDATE catalogue_procedureversion SET sha256 = ''", "TRUNCATE catalogue_procedureversion"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                application.execute(statement)


# The command ------------------------------------------------------------------------------------------------


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("content", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_the_command_checks_without_a_database(pack: Path) -> None:
    assert "good" in said("check", str(pack))
    assert json.loads(said("check", str(pack), "--json"))["problems"] == []


def test_the_command_loads_and_counts(db: None, pack: Path) -> None:
    told = json.loads(said("load", str(pack), "--json"))

    assert told["procedures"] == {"published": 2, "unchanged": 0}
    assert told["offerings"] == 3
    assert told["seconds"] >= 0


def test_the_command_fails_with_file_and_line(pack: Path) -> None:
    line = changed(pack / "procedures" / "house-permit.yaml", "role: registrar", "role: scribe")
    out, err = StringIO(), StringIO()

    with pytest.raises(CommandError, match="1 chỗ sai"):
        call_command("content", "check", str(pack), stdout=out, stderr=err)

    assert f"house-permit.yaml:{line}: There is no role “scribe”." in err.getvalue()


@pytest.mark.parametrize(("path", "words"), [("nowhere", "không có"), ("units.csv", "neither")])
def test_the_command_says_what_it_cannot_read(path: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "units.csv").write_text("x")

    with pytest.raises(CommandError, match=words):
        said("check", str(tmp_path / path))


def test_the_command_prints_the_schema_for_authors() -> None:
    schema = json.loads(said("schema"))

    assert schema["$ref"] == "#/$defs/Procedure"
    assert set(schema["$defs"]["Procedure"]["required"]) >= {"code", "version", "name", "process"}
