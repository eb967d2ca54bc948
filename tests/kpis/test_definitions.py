"""KPI files: what is wrong is refused by name, file and line, with what there is instead; the others still load."""

from pathlib import Path

import msgspec
import pytest

from motcua.kpis import definitions
from motcua.kpis.columns import SOURCES
from motcua.kpis.shapes import VIEWERS
from motcua.law.actor import Actor, Grant

GOOD = (definitions.SHIPPED / "on_time_share.yaml").read_text(encoding="utf-8").replace("on_time_share", "ours")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The city's own folder of KPI files."""
    folder = tmp_path / "kpis"
    folder.mkdir()
    monkeypatch.setattr(definitions, "folders", lambda: (definitions.SHIPPED, folder))
    return folder


def test_all_shipped_files_are_right_and_say_everything_in_both_languages() -> None:
    assert definitions.problems() == ()
    for kpi in definitions.all():
        assert kpi.measure == "count" or kpi.denominator is not None or (kpi.amount is not None)
        for text in (kpi.name, kpi.definition, kpi.legal):
            assert text.vi
            assert text.en
        assert kpi.formula


def test_no_share_is_without_its_denominator() -> None:
    for kpi in definitions.all():
        if kpi.unit in ("share", "per_1000"):
            assert kpi.denominator is not None or (kpi.amount is not None and kpi.amount.denominator)
        if kpi.measure == "share":
            assert kpi.numerator


def test_a_citys_own_file_is_a_kpi_like_any_other(own: Path) -> None:
    (own / "ours.yaml").write_text(GOOD)
    assert definitions.get("ours").group == "timeliness"
    assert definitions.problems() == ()


@pytest.mark.parametrize(
    ("was", "now", "line_of", "says"),
    [
        ("column: timeliness", "column: timelyness", "numerator", "there is no column “timelyness”; there is channel"),
        ("when: finished_at", "when: closed", "when", "a dossier has no instant “closed”; it has accepted_at"),
        ("in: [before_date, on_time] }", "in: [early] }", "numerator", "“timeliness” is never “early”"),
        ("in: [before_date, on_time] }", "at_least: 1 }", "numerator", "cannot be asked with at_least"),
        ("by: [receiving", "by: [step", "by", "a dossier has no “step”"),
        ("group: timeliness", "group: other", "group", "there is no group “other”; there is volume"),
        ("measure: share", "measure: percentile", "measure", "a percentile needs “of”"),
        ("unit: share", "unit: furlongs", "unit", "unit"),
        ("better: up", "bettr: up", "bettr", "bettr"),
        ("code: ours", "code: theirs", "code", "the code must be the file's name, “ours”"),
        ("grain: dossier", "grain: stage", "when", "a stage has no instant “finished_at”; it has closed"),
    ],
)
def test_a_wrong_file_is_refused_by_line_and_the_others_still_load(
    own: Path, was: str, now: str, line_of: str, says: str
) -> None:
    assert was in GOOD
    (own / "ours.yaml").write_text(GOOD.replace(was, now))
    shipped = len(list(definitions.SHIPPED.glob("*.yaml")))
    assert len(definitions.all()) == shipped
    with pytest.raises(definitions.UnknownKpiError):
        definitions.get("ours")
    found = definitions.problems()
    lines = [at for at, line in enumerate(GOOD.replace(was, now).splitlines(), 1) if line.startswith(line_of)]
    assert {each.file for each in found} == {str(own / "ours.yaml")}
    assert any(says in each.reason for each in found), found
    assert {each.line for each in found} & set(lines), (found, lines)


def test_a_code_given_twice_is_refused_and_the_shipped_one_stands(own: Path) -> None:
    (own / "late.yaml").write_text((definitions.SHIPPED / "late.yaml").read_text(encoding="utf-8"))
    assert definitions.get("late").measure == "count"
    assert [each.reason for each in definitions.problems()] == ["the code “late” is given twice"]


def test_a_mended_file_is_read_again(own: Path) -> None:
    path = own / "ours.yaml"
    path.write_text(GOOD.replace("column: timeliness", "column: nothing"))
    assert definitions.problems()
    path.write_text(GOOD + "\n# mended\n")
    assert definitions.problems() == ()


def test_each_reader_sees_what_the_one_before_sees_and_more() -> None:
    seen = [{each.code for each in definitions.all(viewer)} for viewer in VIEWERS]
    assert seen[0] < seen[1] < seen[2] <= seen[3]
    assert "step_late_share" in seen[2] - seen[1]
    assert "open_work" in seen[1] - seen[0]
    assert "on_time_share" in seen[0]


@pytest.mark.parametrize(
    ("role", "viewer"), [("reception", "officials"), ("leader", "head"), ("head", "head"), ("control", "control")]
)
def test_who_somebody_is_follows_from_their_posts(role: str, viewer: str) -> None:
    actor = Actor(account=1, name="A", grants=(Grant(agency=1, role=role),))
    assert definitions.viewer_of(actor) == viewer
    assert definitions.viewer_of(msgspec.structs.replace(actor, grants=())) == "public"
    assert definitions.viewer_of(msgspec.structs.replace(actor, kind="resident")) in ("public", viewer)


def test_officials_are_broken_down_for_heads_only() -> None:
    for kpi in definitions.all():
        if "officer" in kpi.by:
            assert kpi.visibility in ("head", "control")


def test_every_column_of_a_grain_is_asked_as_the_database_has_it(db: None) -> None:
    """A column in the list that the facts do not have would fail only when somebody names it."""
    from motcua.dossiers import store

    joins = {"stage": "JOIN reports_dossierfact f USING (dossier_id)", "span": "JOIN reports_dossierfact f USING"
             " (dossier_id) CROSS JOIN (SELECT now() AS at) pt", "rating": "JOIN reports_dossierfact f USING"
             " (dossier_id)"}  # fmt: skip
    for grain, source in SOURCES.items():
        names = [each.sql for each in source.columns.values() if "hours" not in each.needs]
        names += [f"{source.alias}.{each}" for each in source.amounts if each not in source.columns]
        with store.cursor() as run:
            run.execute(f"SELECT {', '.join(names)} FROM {source.table} {source.alias} {joins.get(grain, '')} LIMIT 0")
