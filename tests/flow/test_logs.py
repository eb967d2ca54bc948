"""Event logs: pm4py reads what we write, and finds as much in it as there is; nobody is named in it."""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from flow.test_ways import followed
from law.office import HOUSE_PROCESS
from motcua.flow.bpmn_out import write_bpmn
from motcua.flow.event_log import Selection, how_many, pseudonym, traces
from motcua.flow.xes_out import write_xes
from motcua.law.texts import Text
from motcua.organisation.models import Account
from motcua.reports.models import DossierFact, StageFact
from reports.town import EAST, HOUSE, MARKET, WEST, Town, hour

# Its import warns and takes seconds: it reads in a process of its own.
READER = """
import json, sys, warnings
warnings.simplefilter("ignore")
import pm4py
kind, path = sys.argv[1:]
if kind == "xes":
    log = pm4py.read_xes(path)
    told = {"cases": log["case:concept:name"].nunique(), "events": len(log),
            "activities": sorted(set(log["concept:name"])), "resources": sorted(set(log["org:resource"].dropna())),
            "columns": sorted(log.columns), "lifecycle": log["lifecycle:transition"].value_counts().to_dict(),
            "variants": len(pm4py.get_variants(log[log["lifecycle:transition"] == "start"]))}
else:
    log = pm4py.read_ocel2_json(path)
    told = {"events": len(log.events), "objects": log.objects["ocel:type"].value_counts().to_dict(),
            "types": sorted(set(log.events["ocel:activity"])), "relations": len(log.relations),
            "o2o": len(log.o2o), "late": log.objects["late"].dropna().astype(str).value_counts().to_dict()}
print("\\n" + json.dumps(told))
"""
WHEN = Selection(hour("2018-01-01 00:00"), hour("2021-01-01 00:00"))


def read_by_pm4py(kind: str, file: Path) -> dict[str, Any]:
    command = [sys.executable, "-W", "ignore", "-c", READER, kind, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return told


@pytest.fixture
def ended(town: Town) -> list[int]:
    ids = [
        town.answered((MARKET, EAST, WEST)[at % 3], "2018-12-03 09:00", f"2018-12-1{at} 10:00").id for at in range(4)
    ]
    ids += town.at_random(3, dossiers=8)
    followed(ids)
    return ids


def exported(kind: str, file: Path, *more: str) -> Path:
    call_command("flow", "export", kind, str(file), "--from", "2018-01-01", "--to", "2020-12-31", *more,
                 stdout=StringIO())  # fmt: skip
    return file


def test_pm4py_finds_in_the_xes_log_what_the_facts_have(ended: list[int], tmp_path: Path) -> None:
    told = read_by_pm4py("xes", exported("xes", tmp_path / "log.xes"))
    facts = DossierFact.objects.filter(finished_at__isnull=False, accepted_at__isnull=False)
    work = StageFact.objects.filter(kind="step", dossier_id__in=facts.values("dossier_id"))
    closed = work.exclude(closed=None)
    assert told["cases"] == facts.count() == how_many(WHEN)
    assert told["events"] == work.count() + closed.count()
    assert told["lifecycle"] == {"start": work.count(), "complete": closed.count()}
    assert told["activities"] == sorted(set(work.values_list("step", flat=True)))
    assert all(each.startswith("cb-") for each in told["resources"])
    assert {"org:group", "org:role", "time:timestamp", "case:motcua:late"} <= set(told["columns"])
    assert 1 <= told["variants"] <= facts.count()


def test_pm4py_finds_in_the_ocel_log_what_the_facts_have(ended: list[int], tmp_path: Path) -> None:
    told = read_by_pm4py("ocel", exported("ocel", tmp_path / "log.json"))
    facts = DossierFact.objects.filter(finished_at__isnull=False, accepted_at__isnull=False)
    work = StageFact.objects.filter(kind="step", dossier_id__in=facts.values("dossier_id")).exclude(closed=None)
    answered = facts.filter(outcome__in=("granted", "refused"))
    assert told["events"] == work.count()
    assert told["types"] == sorted(set(work.values_list("step", flat=True)))
    assert told["objects"]["dossier"] == facts.count()
    assert told["objects"]["result"] == answered.count()
    assert told["objects"]["agency"] == work.values("agency").distinct().count()
    assert told["objects"]["paper"] == 2 * facts.count()
    assert told["objects"]["official"] > 1
    assert told["o2o"] == 2 * facts.count() + answered.count()
    late = facts.filter(timeliness="late").count()
    assert told["late"].get("true", told["late"].get("True", 0)) == late


def test_a_log_of_one_procedure_has_no_other(ended: list[int], tmp_path: Path) -> None:
    told = read_by_pm4py("xes", exported("xes", tmp_path / "log.xes", "--procedure", HOUSE))
    assert told["cases"] == DossierFact.objects.filter(
        procedure=HOUSE, finished_at__isnull=False, accepted_at__isnull=False
    ).count()  # fmt: skip


def test_nobody_is_named(town: Town, ended: list[int], tmp_path: Path) -> None:
    texts = [exported(kind, tmp_path / kind).read_text() for kind in ("xes", "ocel")]
    accounts = list(Account.objects.values_list("pk", "full_name", "username"))
    assert accounts
    for text in texts:
        assert "Nguyễn" not in text
        assert "001080000001" not in text
        for _number, name, username in accounts:
            assert name not in text
            assert username not in text
    # Whoever did something is a pseudonym, never the number of an account; other things have numbers too.
    by_name = set(re.findall(r'key="org:resource" value="([^"]*)"', texts[0]))
    officials = {each["id"] for each in json.loads(texts[1])["objects"] if each["type"] == "official"}
    assert len(by_name) > 1
    assert by_name <= {pseudonym(number) for number, _, _ in accounts}
    assert officials == {f"official:{each}" for each in by_name}
    # The same person is the same pseudonym in both, and two are two.
    assert len({pseudonym(number) for number, _, _ in accounts}) == len(accounts)
    assert pseudonym(town.east["leader"].account) in texts[0]
    assert pseudonym(town.east["leader"].account) in texts[1]


def test_a_log_of_nothing_is_a_log(town: Town, tmp_path: Path) -> None:
    text = "".join(write_xes(traces(WHEN)))
    assert text.count("<trace>") == 0
    assert text.endswith("</log>\n")
    assert json.loads(exported("ocel", tmp_path / "log.json").read_text())["events"] == []


def test_batches_leave_nobody_out_and_count_nobody_twice(ended: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = [trace.code for trace in traces(WHEN)]
    monkeypatch.setattr("motcua.flow.event_log.BATCH", 2)
    assert [trace.code for trace in traces(WHEN)] == whole
    assert len(set(whole)) == len(whole)
    assert len(list(traces(Selection(WHEN.begin, WHEN.end, scope=(WEST,))))) < len(whole)


def test_the_command_writes_and_reads_bpmn(town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "house.bpmn"
    call_command("flow", "bpmn", HOUSE, str(file))
    call_command("flow", "read-bpmn", str(file), "--json")
    assert json.loads(capsys.readouterr().out.splitlines()[-1]) == {"refused": [], "differences": []}
    other = write_bpmn(HOUSE, Text("x"), HOUSE_PROCESS).replace('role="head"', 'role="leader"')
    file.write_text(other)
    call_command("flow", "read-bpmn", str(file), "--json")
    (differ,) = json.loads(capsys.readouterr().out.splitlines()[-1])["differences"]
    assert (differ["part"], differ["field"]) == ("step:share_out", "role")
    file.write_text(other.replace("userTask", "scriptTask"))
    with pytest.raises(SystemExit):
        call_command("flow", "read-bpmn", str(file))
    assert "step_give" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("flow", "bpmn", "no.such", str(file))
