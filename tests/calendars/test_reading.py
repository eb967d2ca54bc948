"""Calendar files: what is wrong is said by file and line, and one bad file does not stop the good ones."""

from pathlib import Path

from motcua.calendars.reading import check_calendars, read_calendar, read_calendars

GOOD = """\
id: {id}
name: {{vi: Lịch thử}}
known_from: 2018-01-01
known_to: 2019-12-31
orders:
  test: {{name: {{vi: Quyết định thử}}}}
periods:
  - valid_from: 2018-01-01
    by: test
    work:
      mon: ["08:00-12:00", "13:00-17:00"]
days_off:
  - {{date: 2019-01-01, kind: holiday, by: test, name: {{vi: Tết Dương lịch}}}}
"""


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_sound_file_is_read(tmp_path: Path) -> None:
    data, problems = read_calendar(written(tmp_path, "a.yaml", GOOD.format(id="a")))
    assert problems == []
    assert data is not None
    assert data.periods[0].work.mon == ("08:00-12:00", "13:00-17:00")


def test_a_wrong_value_is_named_with_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "a.yaml", GOOD.format(id="a").replace("08:00-12:00", "8h-12h"))
    data, problems = read_calendar(path)
    assert data is None
    assert [(problem.file, problem.line) for problem in problems] == [(str(path), 11)]


def test_a_contradiction_is_named_with_its_line(tmp_path: Path) -> None:
    text = GOOD.format(id="a") + "  - {date: 2019-01-01, kind: in_lieu, by: nobody, name: {vi: Nghỉ bù}}\n"
    data, problems = read_calendar(written(tmp_path, "a.yaml", text))
    assert data is None
    assert [problem.line for problem in problems] == [14, 14]
    assert "already" in problems[0].reason
    assert "nobody" in problems[1].reason


def test_a_code_is_used_once_in_a_folder_and_the_other_files_are_still_read(tmp_path: Path) -> None:
    written(tmp_path, "a.yaml", GOOD.format(id="same"))
    second = written(tmp_path, "b.yaml", GOOD.format(id="same"))
    written(tmp_path, "c.yaml", GOOD.format(id="other"))
    assert [data.id for _, data, _ in read_calendars(tmp_path) if data] == ["same", "other"]
    (problem,) = check_calendars(tmp_path)
    assert (problem.file, problem.line) == (str(second), 1)
    assert "a.yaml" in problem.reason


def test_a_file_that_is_not_there_is_a_problem_not_a_crash(tmp_path: Path) -> None:
    data, problems = read_calendar(tmp_path / "none.yaml")
    assert data is None
    assert len(problems) == 1
