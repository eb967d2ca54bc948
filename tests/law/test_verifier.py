"""The standalone verifier agrees with the law on every history, honest or not, and shares no code with it."""

import ast
import base64
import contextlib
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.journals import HOUSE_PERMIT, KEYS, LIFE, MIDNIGHT, PUBLIC, SealedCity
from motcua.law.merkle import (
    CHECKPOINT_WHAT,
    Leaf,
    checkpoint_hash,
)
from motcua.law.proof import PROOF_WHAT, check_proof, make_proof
from motcua.law.seal import WHAT, canonical

VERIFIER = Path(__file__).parents[2] / "verifier"
KEY = PUBLIC.hex()


@pytest.fixture(scope="module")
def verifier():
    sys.path.insert(0, str(VERIFIER))
    try:
        import verify_motcua

        yield verify_motcua
    finally:
        sys.path.remove(str(VERIFIER))


def run(*arguments, flags=()):
    """The script as somebody else would run it: its own process, nothing of ours on the path."""
    command = [sys.executable, *flags, str(VERIFIER / "verify_motcua.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd="/", env={"PYTHONIOENCODING": "utf-8"})


def small_city(**more):
    lives = {5: LIFE[:3], HOUSE_PERMIT: LIFE, 2**52: LIFE[:1]}
    return SealedCity(lives, [{5: 2, HOUSE_PERMIT: 4}, {}, {5: 3, HOUSE_PERMIT: 5, 2**52: 1}], **more)


def found_by(report):
    return {(each["dossier"], each["seq"], each["what"]) for each in report["broken"]}


@pytest.fixture
def files(tmp_path):
    city = small_city()
    return city, city.write(tmp_path / "journal.jsonl"), city.published(tmp_path / "list.jsonl")


def test_nothing_of_motcua_is_imported():
    for source in VERIFIER.glob("*.py"):
        tree = ast.parse(source.read_text(encoding="utf-8"))
        imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
        imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        strangers = {name.split(".")[0] for name in imported} - set(sys.stdlib_module_names)
        assert strangers <= {"cryptography", "motcua_seals"}


def test_the_verifier_has_words_for_everything_the_law_can_name(verifier):
    assert set(verifier.WORDS) == {*WHAT, *CHECKPOINT_WHAT, *PROOF_WHAT, "unreadable_line"} - {"unreadable"}


def test_an_honest_export_holds(files):
    _, journal_file, listed = files
    done = run("journal", journal_file, "--key", KEY, "--checkpoints", listed)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Everything holds." in done.stdout
    done = run("journal", journal_file, "--key", KEY, "--checkpoints", listed, "--json")
    assert json.loads(done.stdout) == {
        "dossiers": 3, "events": 10, "checkpoints": 3, "broken": [], "holds": True, "signatures_checked": True,
    }  # fmt: skip


def test_a_tampered_export_is_named_in_words(files, tmp_path):
    city, _, listed = files
    city.events[4] = city.events[4]._replace(actor="official:9")
    done = run("journal", city.write(tmp_path / "bad.jsonl"), "--key", KEY, "--checkpoints", listed)
    assert done.returncode == 1
    assert f"BROKEN  altered  dossier {HOUSE_PERMIT}, event 2: the event's content" in done.stdout


def edit(city, number, **change):
    checkpoint, leaves = city.checkpoints[number - 1]
    city.checkpoints[number - 1] = (checkpoint._replace(**change), leaves)


def roll_back(city):
    del city.events[-2]
    _, leaves = city.checkpoints[2]
    leaves[1] = Leaf(HOUSE_PERMIT, 4, city.events[6].hash)


TAMPERINGS = {
    "altered": lambda city: city.events.__setitem__(0, city.events[0]._replace(payload=b"{}")),
    "missing": lambda city: city.events.pop(1),
    "dossier_missing": lambda city: city.events.pop(),
    "tail_cut": lambda city: [city.events.pop(7), city.events.pop(7)],
    "inserted": lambda city: city.events.insert(1, city.events[1]._replace(payload=b"{}")),
    "checkpoint_missing": lambda city: city.checkpoints.pop(1),
    "checkpoint_altered": lambda city: edit(city, 1, at=MIDNIGHT),
    "checkpoint_unsigned": lambda city: edit(city, 3, total_events=99),
    "checkpoint_other_key": lambda city: edit(city, 3, key_id="0" * 16),
    "checkpoints_cut": lambda city: city.checkpoints.pop(),
    "batch_altered": roll_back,
    "totals_wrong": lambda city: edit(city, 2, total_dossiers=9),
    "checkpoint_replaced": lambda city: edit(city, 3, at=MIDNIGHT),
}


@pytest.mark.parametrize("what", TAMPERINGS)
def test_each_tampering_is_named_as_the_law_names_it(verifier, files, tmp_path, what):
    city, _, listed = files
    kept = {checkpoint.number: checkpoint_hash(checkpoint) for checkpoint, _ in city.checkpoints}
    TAMPERINGS[what](city)
    report = verifier.check_journal(city.write(tmp_path / "bad.jsonl"), KEYS, verifier.read_list(listed))
    assert what in {each["what"] for each in report["broken"]}
    assert found_by(report) == city.law_finds(kept)


@st.composite
def cities(draw):
    numbers = sorted(draw(st.sets(st.integers(1, 2**53 - 1), min_size=1, max_size=4)))
    lives = {number: draw(st.lists(st.sampled_from(LIFE), min_size=1, max_size=7)) for number in numbers}
    batches, reached = [], {}
    for _ in range(draw(st.integers(0, 4))):
        batch = {
            number: draw(st.integers(reached.get(number, 0) + 1, len(lives[number])))
            for number in numbers
            if reached.get(number, 0) < len(lives[number]) and draw(st.booleans())
        }
        reached |= batch
        batches.append(batch)
    return SealedCity(lives, batches, with_prev=draw(st.booleans()))


def tamper(draw, city):
    """One act of somebody who rules the database."""
    act = draw(
        st.sampled_from(["alter", "remove", "swap", "copy", "renumber", "hash", "vanish", "leaf", "cut", "edit"])
    )
    events = city.events
    spot = draw(st.integers(0, len(events) - 1))
    event = events[spot]
    if act == "alter":
        events[spot] = event._replace(actor=draw(st.text(st.characters(exclude_categories=["Cs"]), max_size=3)))
    elif act == "remove" and len(events) > 1:
        del events[spot]
    elif act == "swap":
        other = draw(st.sampled_from([at for at, each in enumerate(events) if each.dossier_id == event.dossier_id]))
        events[spot], events[other] = events[other]._replace(seq=event.seq), event._replace(seq=events[other].seq)
    elif act == "copy":
        events.insert(spot, event)
    elif act == "renumber":
        count = 0
        for at, each in enumerate(events):
            if each.dossier_id == event.dossier_id:
                count += 1
                events[at] = each._replace(seq=count)
    elif act == "hash":
        events[spot] = event._replace(hash=draw(st.binary(min_size=31, max_size=32)))
    elif act == "vanish" and len({each.dossier_id for each in events}) > 1:
        city.events = [each for each in events if each.dossier_id != event.dossier_id]
    elif act == "leaf":
        for _, leaves in draw(st.permutations(city.checkpoints)):
            if leaves:
                leaves[0] = leaves[0]._replace(seq=draw(st.integers(1, 9)))
                break
    elif act == "cut" and city.checkpoints:
        del city.checkpoints[draw(st.integers(0, len(city.checkpoints) - 1))]
    elif act == "edit" and city.checkpoints:
        number = draw(st.integers(1, len(city.checkpoints)))
        edit(city, number, total_events=draw(st.integers(0, 99)))


@given(st.data())
def test_verifier_and_law_agree_on_any_history(verifier, tmp_path_factory, data):
    city = data.draw(cities())
    kept = {checkpoint.number: checkpoint_hash(checkpoint) for checkpoint, _ in city.checkpoints}
    if data.draw(st.booleans()):
        kept = {}
    untouched = city.lines()
    for _ in range(data.draw(st.integers(0, 3))):
        tamper(data.draw, city)
    city.events.sort(key=lambda event: (event.dossier_id, event.seq))
    folder = tmp_path_factory.mktemp("export")
    report = verifier.check_journal(city.write(folder / "journal.jsonl"), KEYS, kept)
    assert found_by(report) == city.law_finds(kept)
    if city.lines() == untouched:
        assert report["holds"]


def receipt(*, disclosed=True):
    city = small_city()
    checkpoint, leaves = city.checkpoints[2]
    events = [event for event in city.events if event.dossier_id == HOUSE_PERMIT]
    return make_proof("H26-1", events[0].hash, events[1:5], leaves, checkpoint, disclosed=disclosed)


@pytest.mark.parametrize("disclosed", [True, False])
def test_a_receipt_holds(files, tmp_path, disclosed):
    path = tmp_path / "proof.json"
    path.write_bytes(canonical(receipt(disclosed=disclosed)))
    done = run("proof", path, "--key", KEY, "--checkpoints", files[2], "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout) == {
        "code": "H26-1", "dossier": HOUSE_PERMIT, "seq": 2, "code_is_sealed": False if disclosed else None,
        "checkpoint_is_published": True, "broken": [], "holds": True, "signatures_checked": True,
    }  # fmt: skip


@given(st.data())
def test_verifier_and_law_agree_on_any_forged_receipt(verifier, tmp_path_factory, data):
    proof = msgspec.to_builtins(receipt(disclosed=data.draw(st.booleans())))
    for _ in range(data.draw(st.integers(0, 2))):
        where = data.draw(st.sampled_from([proof, proof["checkpoint"], proof["event"] or proof]))
        name = data.draw(st.sampled_from(sorted(set(where) - {"event", "checkpoint", "format"})))
        if name in ("after", "path"):
            where[name] = data.draw(st.sampled_from([where[name][1:], where[name] * 2, ["ab" * 32]]))
        elif isinstance(where[name], int):
            where[name] = data.draw(st.integers(0, 9) | st.just(where[name]))
        elif name == "at":
            where[name] = data.draw(st.sampled_from(["2019-01-07T00:00:00Z", where[name]]))
        else:
            where[name] = data.draw(st.sampled_from(["ab" * 32, where[name]]))
    path = tmp_path_factory.mktemp("proof") / "proof.json"
    path.write_text(json.dumps(proof), encoding="utf-8")
    report = verifier.check_proof(path, KEYS, {})
    assert [each["what"] for each in report["broken"]] == check_proof(msgspec.convert(proof, type(receipt())), KEYS)


def test_a_receipt_of_a_city_that_set_everything_back_is_found_out(files, tmp_path):
    path = tmp_path / "proof.json"
    path.write_bytes(canonical(receipt()))
    anew = SealedCity({HOUSE_PERMIT: LIFE[:2]}, [{}, {}, {HOUSE_PERMIT: 2}])
    listed = anew.published(tmp_path / "anew.jsonl")
    done = run("proof", path, "--key", KEY, "--checkpoints", listed, "--json")
    assert done.returncode == 1
    assert [each["what"] for each in json.loads(done.stdout)["broken"]] == ["other_checkpoint"]


def told(verifier, *arguments):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = verifier.main([str(argument) for argument in arguments])
    return code, out.getvalue(), err.getvalue()


def test_the_key_may_come_in_any_usual_form(verifier, files, tmp_path):
    _, journal_file, _ = files
    der = bytes.fromhex("302a300506032b6570032100") + PUBLIC
    pem = f"-----BEGIN PUBLIC KEY-----\n{base64.b64encode(der).decode()}\n-----END PUBLIC KEY-----\n"
    for name, content in {"raw": PUBLIC, "hex": f"{KEY}\n".encode(), "pem": pem.encode()}.items():
        (tmp_path / name).write_bytes(content)
        assert told(verifier, "journal", journal_file, "--key", tmp_path / name)[0] == 0
    assert told(verifier, "journal", journal_file, "--key", "00" * 32)[0] == 1
    assert told(verifier, "journal", journal_file, "--key", "00" * 32, "--key", KEY)[0] == 0


def test_a_compressed_export_is_read(verifier, files, tmp_path):
    packed = tmp_path / "journal.jsonl.gz"
    packed.write_bytes(gzip.compress(files[1].read_bytes()))
    assert told(verifier, "journal", packed, "--key", KEY)[0] == 0


def test_broken_lines_are_named_and_stop_nothing(verifier, files, tmp_path):
    lines = files[1].read_text(encoding="utf-8").splitlines()
    wrong = ["{", "[]", '{"dossier": "5", "seq": 1}', '{"checkpoint": "one"}', "[" * 100_000, "\udcff", "null"]
    path = tmp_path / "journal.jsonl"
    path.write_text("\n".join([*wrong, *lines]), encoding="utf-8", errors="surrogateescape")
    code, out, _ = told(verifier, "journal", path, "--key", KEY, "--json")
    assert code == 1
    assert found_by(json.loads(out)) == {(0, line, "unreadable_line") for line in range(1, len(wrong) + 1)}


@pytest.mark.parametrize(
    "line",
    [
        {"hash": None}, {"hash": "zz"}, {"payload": 5}, {"at": "yesterday"}, {"at": "2018-12-28T08:44:00"},
        {"agency": -1}, {"agency": "1"}, {"type": None}, {"key": 3}, {"prev": 7}, {"actor": "\ud800"},
    ],
)  # fmt: skip
def test_an_event_that_never_could_be_sealed_is_called_altered(verifier, files, tmp_path, line):
    city, _, _ = files
    lines = city.lines()
    lines[1] |= line
    path = tmp_path / "journal.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")
    code, out, _ = told(verifier, "journal", path, "--key", KEY, "--json")
    assert code == 1
    assert (5, 2, "altered") in found_by(json.loads(out))


@pytest.mark.parametrize(
    ("at", "line"),
    [
        (10, {"prev": 5}), (10, {"total_events": "9"}), (10, {"batch_size": None}), (10, {"at": 9}),
        (12, {"leaves": 5}), (12, {"leaves": [[1]]}), (12, {"leaves": [["a", "b", "c"]]}), (12, {"key_id": []}),
        (12, {"signature": 5}), (11, {"checkpoint": -4}), (11, {"batch_root": "ab"}),
    ],
)  # fmt: skip
def test_a_checkpoint_of_the_wrong_form_is_named(verifier, files, tmp_path, at, line):
    lines = files[0].lines()
    lines[at] |= line
    path = tmp_path / "journal.jsonl"
    path.write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")
    code, out, _ = told(verifier, "journal", path, "--key", KEY, "--json")
    assert code == 1
    assert {each["dossier"] for each in json.loads(out)["broken"]} == {0}


def test_what_cannot_be_checked_is_said_and_counts_as_neither(verifier, files, tmp_path):
    city, journal_file, _ = files
    unordered = tmp_path / "unordered.jsonl"
    unordered.write_text("\n".join(json.dumps(line) for line in reversed(city.lines())), encoding="utf-8")
    odd = tmp_path / "odd.json"
    odd.write_text('{"format": "motcua-proof-9"}', encoding="utf-8")
    empty = tmp_path / "empty.json"
    empty.write_text("{}", encoding="utf-8")
    for arguments, words in (
        (("journal", tmp_path / "nowhere", "--key", KEY), "nowhere"),
        (("journal", journal_file, "--key", tmp_path / "no key"), "no key"),
        (("journal", journal_file, "--key", odd), "no Ed25519 public key"),
        (("journal", journal_file, "--key", KEY, "--checkpoints", odd), "line 1: no checkpoint"),
        (("journal", unordered, "--key", KEY), "not in the order"),
        (("proof", odd, "--key", KEY), "motcua-proof-9"),
        (("proof", empty, "--key", KEY), "is no proof"),
        (("proof", journal_file, "--key", KEY), "Cannot check"),
    ):
        code, out, err = told(verifier, *arguments)
        assert (code, out) == (2, "")
        assert words in err
    assert "error" in json.loads(told(verifier, "proof", empty, "--key", KEY, "--json")[2])


def test_without_cryptography_it_says_that_signatures_were_not_checked(files, tmp_path):
    city, journal_file, _ = files
    # -S leaves the installed packages out.
    done = run("journal", journal_file, "--key", KEY, "--json", flags=["-S"])
    assert done.returncode == 2
    assert "NOT checked" in done.stderr
    assert json.loads(done.stdout)["signatures_checked"] is False
    city.events[0] = city.events[0]._replace(actor="official:9")
    done = run("journal", city.write(tmp_path / "bad.jsonl"), "--key", KEY, flags=["-S"])
    assert done.returncode == 1
    assert "altered" in done.stdout


def test_half_a_verifier_says_so(tmp_path):
    alone = tmp_path / "verify_motcua.py"
    alone.write_bytes((VERIFIER / "verify_motcua.py").read_bytes())
    done = subprocess.run([sys.executable, str(alone), "journal", "x", "--key", KEY], capture_output=True, text=True)
    assert done.returncode == 2
    assert "motcua_seals.py must lie beside" in done.stderr
