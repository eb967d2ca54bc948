"""Wrong content files: each kind of mistake is named by file and line, and nothing else in the pack is blamed."""

from pathlib import Path

import pytest

from catalogue.tiny_pack import changed, tiny_pack
from motcua.catalogue.packs import check_pack

HOUSE = "procedures/house-permit.yaml"
MARITAL = "procedures/marital-status-certificate.yaml"
FIELDS = "catalogue/fields.yaml"
EVENTS = "catalogue/life_events.yaml"
REASONS = "catalogue/reasons.yaml"
STANDARD = "catalogue/standard_processes.yaml"
REGIMES = "../law/regimes.yaml"

# What is changed in which file, and the words that must be said about that very line.
MISTAKES: dict[str, tuple[str, str, str, str]] = {
    # The file itself
    "a tab": (HOUSE, "field: G17-XD11", "field:\tG17-XD11", "a tab"),
    "wrong syntax": (HOUSE, "field: G17-XD11", "field: G17: XD11", "not YAML"),
    "a key twice": (HOUSE, "online_level: 3", "online_level: 3\nonline_level: 4", "given twice"),
    "an unknown key": (HOUSE, "online_level: 3", "online_levl: 3", "“online_levl” is not known here"),
    "an anchor": (HOUSE, "field: G17-XD11", "field: &x G17-XD11", "anchor"),
    "a tag": (HOUSE, "field: G17-XD11", "field: !!python/name:os.system G17-XD11", "tag"),
    # Wrong types
    "a version in words": (HOUSE, "version: 1", "version: first", "expected a whole number"),
    "a date the other way round": (HOUSE, "valid_from: 2018-06-21", "valid_from: 21/06/2018", "expected a date"),
    "a level out of range": (HOUSE, "online_level: 3", "online_level: 5", "none of the values"),
    "an unknown tier": (HOUSE, "[commune, district]", "[commune, region]", "none of the values"),
    "an unknown kind of applicant": (HOUSE, "[person, organisation]", "[citizen]", "none of the values"),
    "an unknown action": (HOUSE, "actions: [number]", "actions: [stamp]", "none of the values"),
    "an unknown type of field": (HOUSE, "type: person", "type: human", "none of the values"),
    "a fee below nought": (HOUSE, "amount: 75000", "amount: -75000", "cannot be negative"),
    "a number of copies in words": (HOUSE, "certified: 1", "certified: one", "expected a whole number"),
    # Names that lead nowhere
    "an unknown field of activity": (HOUSE, "field: G17-XD11", "field: G17-XD99", "no field “G17-XD99”"),
    "an unknown life event": (HOUSE, "[build_house]", "[build_castle]", "no life event “build_castle”"),
    "an unknown role": (HOUSE, "role: registrar", "role: scribe", "no role “scribe”"),
    "an unknown stage": (HOUSE, "stage: return", "stage: attic", "no stage “attic”"),
    "an unknown next step": (HOUSE, "next: [review]", "next: [ponder]", "no step “ponder”"),
    "an unknown step to return to": (HOUSE, "back: [appraise, review]", "back: [appraise, ponder]", "no step “ponder”"),
    "an unknown division": (HOUSE, "unit: XD", "unit: XX", "no responsible agency when received at"),
    "a case of a paper": (HOUSE, "cases: [renovation]", "cases: [restoration]", "no case “restoration”"),
    "a condition on no field": (HOUSE, "{field: adjoining,", "{field: adjacent,", "no field “adjacent”"),
    "a condition on no value": (HOUSE, "values: [architect, firm]}", "values: [architekt]}", "no value “architekt”"),
    "a sum of no field": (HOUSE, '"sum: storeys.area"', '"sum: storeys.height"', "no field “storeys.height”"),
    # Limits and the process
    "a limit in no unit": (HOUSE, "offered: 15 working_days", "offered: 15 days", "not a time limit"),
    "offered longer than the law": (HOUSE, "offered: 15 working_days", "offered: 40 working_days", "longer than"),
    "steps longer than the limit": (HOUSE, "offered: 15 working_days", "offered: 9 working_days", "add up to"),
    "steps longer than their stage": (HOUSE, "limit: 13 working_days", "limit: 9 working_days", "its limit is"),
    "a last step that keeps the result": (HOUSE, "actions: [request_payment, ready, hand_over]",
                                          "actions: [request_payment, ready]", "must have the action hand_over"),
    "a result never ready": (HOUSE, "actions: [request_payment, ready, hand_over]",
                             "actions: [request_payment, hand_over]", "without marking the result ready"),
    "a step with no way on": (MARITAL, "actions: [forward]", "actions: [extend]", "no action that passes"),
    "a return with no action": (HOUSE, "back: [appraise, review]", "join: true\n      back: [appraise, review]",
                                "that no parallel step opens"),
    "English forgotten": (HOUSE, "name: {vi: Xây dựng mới, en: New building}", "name: {vi: Xây dựng mới}",
                          "English name is missing"),
    "a paper of no kind": (HOUSE, "- id: neighbour_pledge", "- id: bare\n    name: {vi: Giấy, en: Paper}\n"
                           "  - id: neighbour_pledge", "of no kind"),
    "a paper twice": (HOUSE, "- id: drawings", "- id: application", "there already"),
    "an alias of another procedure": (HOUSE, '- code: "1.013225"', '- code: "1.004873"', "already belongs to"),
    # The other files
    "a field of activity twice": (FIELDS, "code: G15-TP03", "code: G15-TP02", "given twice"),
    "a life event in capitals": (EVENTS, "code: have_child", "code: Have-Child", "code"),
    "a reason for an unknown act": (REASONS, "use: [supplement]", "use: [complaint]", "none of the values"),
    "shares beyond the whole": (STANDARD, "share: 65", "share: 96", "more than 100"),
    "a standard step without its role": (STANDARD, "role: leader", "role: boss", "no role “boss”"),
    "a department that is not there": (STANDARD, "department: QHKT}", "department: QHKTX}", "no agency with the code"),
    "regimes with a gap": (REGIMES, "valid_from: 2021-12-06", "valid_from: 2021-12-08", "on the day after"),
    "a cut-off that is no time": (REGIMES, 'hand_over_cut_off: "15:00"', 'hand_over_cut_off: "3 pm"', "not a time"),
    "a clock that goes on in no known way": (REGIMES, "after_supplement: restart", "after_supplement: on", "none of"),
}  # fmt: skip


def test_the_tiny_pack_is_right(tmp_path: Path) -> None:
    assert check_pack(tiny_pack(tmp_path)) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_by_file_and_line(name: str, tmp_path: Path) -> None:
    file, old, new, words = MISTAKES[name]
    pack = tiny_pack(tmp_path)
    path = pack / file
    line = changed(path, old, new)

    problems = check_pack(pack)

    lines = range(line, line + new.count("\n") + 1)
    assert any(words in each.reason and Path(each.file).samefile(path) and each.line in lines for each in problems), (
        line,
        problems,
    )
    assert {Path(each.file).name for each in problems} == {path.name}


def test_a_key_left_out_is_named_where_it_should_stand(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    changed(pack / HOUSE, "field: G17-XD11\n", "")

    [problem] = check_pack(pack)

    assert "“field” is missing" in problem.reason
    assert problem.file.endswith("house-permit.yaml")


def test_mistakes_in_many_files_are_told_together(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    for name in ("an unknown role", "a step with no way on", "a field of activity twice", "regimes with a gap"):
        file, old, new, _ = MISTAKES[name]
        changed(pack / file, old, new)

    files = {Path(each.file).name for each in check_pack(pack)}

    assert files == {"house-permit.yaml", "marital-status-certificate.yaml", "fields.yaml", "regimes.yaml"}


def test_a_version_given_twice_and_a_version_that_does_not_follow_are_named(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    again = pack / "procedures" / "z-again.yaml"
    again.write_text((pack / HOUSE).read_text())
    assert [(Path(each.file).name, "is already in house-permit.yaml" in each.reason) for each in check_pack(pack)] == [
        ("z-again.yaml", True)
    ]

    line = changed(again, "version: 1", "version: 2")
    [problem] = check_pack(pack)
    assert "must begin after version 1" in problem.reason
    assert problem.line == line + again.read_text().split("version: 2")[1].split("valid_from")[0].count("\n")


@pytest.mark.parametrize("missing", [FIELDS, EVENTS, REASONS, STANDARD, REGIMES, "pack.yaml"])
def test_a_missing_file_is_named(missing: str, tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    (pack / missing).unlink()

    problems = check_pack(pack)

    assert any(Path(missing).name in str(each) for each in problems), problems


def test_a_wrong_calendar_is_told_with_the_rest(tmp_path: Path) -> None:
    pack = tiny_pack(tmp_path)
    line = changed(pack / "calendars" / "hanoi.yaml", "known_from: 2016-01-01", "known_from: soon")

    [problem] = check_pack(pack)

    assert (Path(problem.file).name, problem.line) == ("hanoi.yaml", line)
