#!/usr/bin/env python3
"""Checks the seals of a motcua city without motcua and without its database.

    verify_motcua.py proof PROOF.json --key PUBLIC [--checkpoints LIST.jsonl]
    verify_motcua.py journal JOURNAL.jsonl --key PUBLIC [--checkpoints LIST.jsonl]

`proof` checks what a receipt carries; `journal` a whole export: one event per line in the order of the dossiers,
then one checkpoint per line with its leaves. LIST.jsonl is the published list of checkpoints, kept by somebody
else than the city: against it a city that set everything back is found out. PUBLIC is the city's Ed25519 key as
64 hex digits, or a file with these, the 32 bytes or PEM; give it again for every key the city has used.

Exit code 0: everything holds. 1: something is broken, and named. 2: it could not be checked.

Needs Python 3.11 and `motcua_seals.py` beside it; signatures need the package `cryptography`.
"""

import argparse
import base64
import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from typing import Any

try:
    from motcua_seals import (
        CAN_CHECK_SIGNATURES,
        UNFIT,
        ZERO,
        Found,
        Row,
        chain_breaks,
        checkpoint_bytes,
        checkpoint_hash,
        content_of,
        hash32,
        is_signed,
        leaf_of,
        linked,
        root_by_path,
        root_of,
    )
except ImportError as error:
    # Python's own exit code for this is 1, which here means that something is broken.
    sys.stderr.write(f"Cannot check: motcua_seals.py must lie beside this script ({error})\n")
    raise SystemExit(2) from error

WORDS = {
    "altered": "the event's content or seal was altered",
    "missing": "an event was taken out of the middle",
    "reordered": "the event no longer stands in its order",
    "inserted": "an event was put in that was never recorded",
    "tail_cut": "the end of the journal was cut off",
    "rewritten": "the chain holds but is not the one that was sealed",
    "dossier_missing": "the whole journal of the dossier is gone",
    "checkpoint_missing": "a checkpoint is missing",
    "checkpoint_altered": "the checkpoint does not follow from the one before",
    "checkpoint_unsigned": "the checkpoint's signature is wrong",
    "checkpoint_other_key": "the checkpoint is signed with an unknown key",
    "batch_altered": "the checkpoint's leaves were altered",
    "batch_rolled_back": "a dossier was sealed again with fewer events",
    "totals_wrong": "the checkpoint's totals do not add up",
    "checkpoints_cut": "the last checkpoints were removed: everything was set back",
    "checkpoint_replaced": "the checkpoint is not the one that was published",
    "unreadable_line": "the line cannot be read",
    "event_differs": "the event is not the one sealed",
    "not_linked": "the event does not lead to the head of the chain",
    "not_included": "the head is not under the checkpoint",
    "unsigned": "the checkpoint's signature is wrong",
    "unknown_key": "the checkpoint is signed with an unknown key",
    "other_checkpoint": "the checkpoint is not the one that was published",
}


class CannotCheck(Exception):  # noqa: N818
    """The material itself is missing or unusable."""


def checkpoint_breaks(lines: Iterable[dict[str, Any]], keys: dict[str, bytes], kept: dict[int, bytes]) -> Found:
    """What is wrong with the checkpoints; their number stands where an event's seq would, the dossier is 0."""
    found: Found = set()
    before, hash_before, adds_up = {"checkpoint": 0, "total_dossiers": 0, "total_events": 0}, ZERO, True
    newest: dict[int, int] = {}
    for stated in lines:
        number, expected, ours = stated["checkpoint"], before["checkpoint"] + 1, checkpoint_hash(stated)
        if number > expected:
            found.add((0, expected, "checkpoint_missing"))
        elif number < expected or ours is None or hash32(stated["prev"]) != hash_before:
            found.add((0, number, "checkpoint_altered"))
        key = keys.get(str(stated.get("key_id")))
        if key is None or not is_signed(stated, key):
            found.add((0, number, "checkpoint_other_key" if key is None else "checkpoint_unsigned"))
        whole = is_batch(stated)
        adds_up = adds_up and whole and number == expected and ours is not None
        found |= batch_breaks(stated, before, newest, adds_up) if whole else {(0, number, "batch_altered")}
        if kept.get(number, ours) != ours:
            found.add((0, number, "checkpoint_replaced"))
        before, hash_before = stated, ours or b""
    if max(kept, default=0) > before["checkpoint"]:
        found.add((0, before["checkpoint"] + 1, "checkpoints_cut"))
    return found


def is_batch(stated: dict[str, Any]) -> bool:
    leaves = stated.get("leaves", [])
    try:
        dossiers = [dossier for dossier, _, _ in leaves]
        whole = len(leaves) == stated["batch_size"] and dossiers == sorted(set(dossiers))
        return whole and root_of([leaf_of(*leaf) for leaf in leaves]) == hash32(stated["batch_root"])
    except UNFIT:
        return False


def batch_breaks(stated: dict[str, Any], before: dict[str, Any], newest: dict[int, int], adds_up: bool) -> Found:
    found: Found = set()
    dossiers = events = 0
    for dossier, seq, _ in stated.get("leaves", []):
        earlier = newest.get(dossier, 0)
        if seq <= earlier:
            found.add((0, stated["checkpoint"], "batch_rolled_back"))
        dossiers, events, newest[dossier] = dossiers + (not earlier), events + seq - earlier, seq
    sums = [("total_dossiers", dossiers), ("total_events", events)]
    if adds_up and any(stated[name] != before[name] + more for name, more in sums):
        found.add((0, stated["checkpoint"], "totals_wrong"))
    return found


def proof_faults(proof: dict[str, Any], keys: dict[str, bytes], kept: dict[int, bytes]) -> list[str]:
    """What is wrong with a proof, nothing when it holds. Raises one of UNFIT when it has the wrong form."""
    faults, stated = [], proof["checkpoint"] | {"signature": proof["signature"], "key_id": proof["key_id"]}
    stated["checkpoint"] = stated["number"]
    if proof.get("event") is not None and content_of(proof["event"]) != hash32(proof["content"]):
        faults.append("event_differs")
    here = hash32(proof["prev"])
    for seq, content in enumerate([proof["content"], *proof["after"]], proof["seq"]):
        here = linked(here, proof["dossier"], seq, hash32(content))
    if here != hash32(proof["head"]):
        faults.append("not_linked")
    leaf = leaf_of(proof["dossier"], proof["seq"] + len(proof["after"]), proof["head"])
    path = [hash32(each) for each in proof["path"]]
    try:
        included = root_by_path(leaf, proof["index"], stated["batch_size"], path) == hash32(stated["batch_root"])
    except (ValueError, RecursionError):
        included = False
    if not included:
        faults.append("not_included")
    if stated["key_id"] not in keys:
        faults.append("unknown_key")
    elif not is_signed(stated, keys[stated["key_id"]]):
        faults.append("unsigned")
    ours = sha256(checkpoint_bytes(stated)).digest()
    if kept.get(stated["number"], ours) != ours:
        faults.append("other_checkpoint")
    return faults


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any] | None]]:
    """The file's lines by number; None for one that is no JSON object."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                try:
                    value = json.loads(line)
                except (ValueError, RecursionError):
                    value = None
                yield number, value if isinstance(value, dict) else None


def read_keys(given: Iterable[str]) -> dict[str, bytes]:
    """The trusted keys by their id: the first 16 hex digits of the SHA-256 of the raw key."""
    keys = {}
    for text in given:
        raw = text.encode() if re.fullmatch("[0-9a-fA-F]{64}", text) else Path(text).read_bytes()
        pem = re.search(rb"-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END", raw)
        if pem:
            # SubjectPublicKeyInfo of Ed25519 (RFC 8410): twelve fixed bytes, then the key.
            fixed, raw = (der := base64.b64decode(pem[1]))[:12], der[12:]
            raw = raw if fixed == bytes.fromhex("302a300506032b6570032100") else b""
        elif re.fullmatch(rb"\s*[0-9a-fA-F]{64}\s*", raw):
            raw = bytes.fromhex(raw.decode())
        if len(raw) != 32:
            raise CannotCheck(f"{text} is no Ed25519 public key")
        keys[sha256(raw).hexdigest()[:16]] = raw
    return keys


def read_list(path: Path | None) -> dict[int, bytes]:
    """The hashes of the published checkpoints by number."""
    kept = {}
    for number, line in read_lines(path) if path else ():
        ours = checkpoint_hash(line) if line else None
        if line is None or ours is None:
            raise CannotCheck(f"{path}, line {number}: no checkpoint")
        kept[line["checkpoint"]] = ours
    return kept


def checkpoints_in(path: Path, heads: dict[int, tuple[int, bytes]], found: Found) -> Iterator[dict[str, Any]]:
    """The checkpoints of an export; notes in `heads` how far they say that each dossier's journal reaches."""
    for number, line in read_lines(path):
        if line is None:
            found.add((0, number, "unreadable_line"))
        elif "checkpoint" in line:
            if type(line["checkpoint"]) is not int:
                found.add((0, number, "unreadable_line"))
                continue
            leaves = line.get("leaves")
            for leaf in leaves if isinstance(leaves, list) else ():
                try:
                    dossier, seq, head = leaf
                    if seq > heads.get(dossier, (0, b""))[0]:
                        heads[dossier] = (seq, hash32(head))
                except UNFIT:
                    continue
            yield line


def rows_in(path: Path, found: Found) -> Iterator[Row]:
    for number, line in read_lines(path):
        if line is not None and "checkpoint" not in line:
            try:
                yield Row(line)
            except UNFIT:
                found.add((0, number, "unreadable_line"))


def check_journal(path: Path, keys: dict[str, bytes], kept: dict[int, bytes]) -> dict[str, Any]:
    """Reads the export twice: first the checkpoints and how far each dossier must reach, then the events."""
    heads: dict[int, tuple[int, bytes]] = {}
    found: Found = set()
    counts = {"dossiers": 0, "events": 0, "checkpoints": 0}

    def counted() -> Iterator[dict[str, Any]]:
        for line in checkpoints_in(path, heads, found):
            counts["checkpoints"] += 1
            yield line

    found |= checkpoint_breaks(counted(), keys, kept)
    last = -1
    for dossier, group in groupby(rows_in(path, found), key=lambda row: row.dossier):
        if dossier <= last:
            raise CannotCheck(f"{path}: the events are not in the order of the dossiers ({dossier} after {last})")
        rows, last = list(group), dossier
        counts["dossiers"] += 1
        counts["events"] += len(rows)
        found |= chain_breaks(rows, [heads.pop(dossier)] if dossier in heads else [])
    found |= {(dossier, 0, "dossier_missing") for dossier in heads}
    named = [{"dossier": dossier, "seq": seq, "what": what} for dossier, seq, what in sorted(found)]
    return {**counts, "broken": named, "holds": not named}


def check_proof(path: Path, keys: dict[str, bytes], kept: dict[int, bytes]) -> dict[str, Any]:
    proof = json.loads(path.read_bytes())
    try:
        if proof["format"] != "motcua-proof-1":
            raise CannotCheck(f"{path}: a proof of a form this verifier does not know: {proof['format']}")
        faults = proof_faults(proof, keys, kept)
        event = proof.get("event")
        return {
            "code": proof["code"],
            "dossier": proof["dossier"],
            "seq": proof["seq"],
            "code_is_sealed": None if event is None else f'"{proof["code"]}"' in event["payload"],
            "checkpoint_is_published": proof["checkpoint"]["number"] in kept,
            "broken": [{"dossier": proof["dossier"], "seq": proof["seq"], "what": what} for what in faults],
            "holds": not faults,
        }
    except UNFIT as error:
        raise CannotCheck(f"{path} is no proof: {type(error).__name__}: {error}") from error


def told(report: dict[str, Any]) -> str:
    lines = [
        f"{name.replace('_', ' ')}: {'not shown' if value is None else value}"
        for name, value in report.items()
        if name not in ("broken", "holds")
    ]
    for each in report["broken"]:
        where = f"dossier {each['dossier']}, event {each['seq']}" if each["dossier"] else f"no. {each['seq']}"
        lines.append(f"BROKEN  {each['what']}  {where}: {WORDS[each['what']]}")
    lines.append("Everything holds." if report["holds"] else f"{len(report['broken'])} broken.")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["proof", "journal"])
    parser.add_argument("file", type=Path)
    parser.add_argument("--key", action="append", required=True, help="the city's public key; may be repeated")
    parser.add_argument("--checkpoints", type=Path, help="the published list of checkpoints")
    parser.add_argument("--json", action="store_true", help="for machines")
    options = parser.parse_args(arguments)
    check = check_proof if options.what == "proof" else check_journal
    try:
        if sys.version_info < (3, 11):  # noqa: UP036
            raise CannotCheck("Python 3.11 or later is needed")
        report = check(options.file, read_keys(options.key), read_list(options.checkpoints))
    except (CannotCheck, OSError, ValueError, RecursionError) as error:
        said = json.dumps({"error": str(error)}) if options.json else f"Cannot check: {error}"
        sys.stderr.write(f"{said}\n")
        return 2
    report["signatures_checked"] = CAN_CHECK_SIGNATURES
    sys.stdout.write((json.dumps(report, ensure_ascii=False) if options.json else told(report)) + "\n")
    if not CAN_CHECK_SIGNATURES:
        sys.stderr.write("The signatures were NOT checked: the Python package `cryptography` is missing.\n")
    return 1 if report["broken"] else 0 if CAN_CHECK_SIGNATURES else 2


if __name__ == "__main__":
    sys.exit(main())
