"""A receipt's proof holds for its own event and for nothing else, and shows no more than it must."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.journals import HOUSE_PERMIT, KEYS, MIDNIGHT, START, journal, signed
from motcua.law.merkle import Leaf, checkpoint_hash, next_checkpoint
from motcua.law.proof import PROOF_WHAT, Proof, check_proof, code_is_sealed, make_proof
from motcua.law.seal import GENESIS, canonical, event_hash

CODE = "000.00.01.H26-181228-0001"
LIFE = ["lodged", "accepted", "assigned", "forwarded", "signed"]


def with_code(events):
    """The journal of which the second event states the dossier's code."""
    prev, sealed = GENESIS, []
    for event in events:
        payload = canonical({"code": CODE}) if event.seq == 2 else event.payload
        own = event_hash(
            prev,
            event.dossier_id,
            event.seq,
            event.at,
            event.type,
            event.actor,
            event.agency,
            payload,
            event.key,
        )
        sealed.append(event._replace(payload=payload, prev=prev, hash=own))
        prev = own
    return sealed


EVENTS = with_code(journal(HOUSE_PERMIT, LIFE))


def sealed_city(others, events=EVENTS):
    leaves = [Leaf(number, 1, event_hash(GENESIS, number, 1, START, "a", "b", 1, b"")) for number in others]
    leaves = sorted([*leaves, Leaf(HOUSE_PERMIT, len(events), events[-1].hash)])
    total = len(events) + len(leaves) - 1
    return signed(next_checkpoint(None, MIDNIGHT, leaves, new_dossiers=len(leaves), new_events=total)), leaves


def receipt_proof(others=(5, 7, 2**40), seq=2, *, disclosed=True):
    checkpoint, leaves = sealed_city(others)
    prev = EVENTS[seq - 2].hash if seq > 1 else GENESIS
    return make_proof(CODE, prev, EVENTS[seq - 1 :], leaves, checkpoint, disclosed=disclosed), checkpoint


@given(
    st.sets(st.integers(1, 2**53).filter(lambda n: n != HOUSE_PERMIT), max_size=40),
    st.integers(1, 5),
    st.booleans(),
)
def test_a_proof_holds_after_a_journey_through_json(others, seq, disclosed):
    proof, checkpoint = receipt_proof(others, seq, disclosed=disclosed)
    read = msgspec.json.decode(canonical(proof), type=Proof)
    assert read == proof
    assert check_proof(read, KEYS) == []
    assert check_proof(read, KEYS, {checkpoint.number: checkpoint_hash(checkpoint)}) == []


def test_nothing_of_an_undisclosed_event_is_in_the_file():
    proof, _ = receipt_proof(disclosed=False)
    text = canonical(proof).decode()
    assert "official" not in text
    assert "accepted" not in text
    assert json.loads(text)["event"] is None
    disclosed, _ = receipt_proof()
    assert "assigned" not in canonical(disclosed).decode()


def test_the_code_is_bound_by_the_event_that_drew_it():
    assert code_is_sealed(receipt_proof(seq=2)[0]) is True
    assert code_is_sealed(receipt_proof(seq=3)[0]) is False
    assert code_is_sealed(receipt_proof(disclosed=False)[0]) is None
    forged = msgspec.structs.replace(receipt_proof()[0], code="000.00.01.H26-181228-0002")
    assert code_is_sealed(forged) is False


def changed(proof, **change):
    return msgspec.structs.replace(proof, **change)


def test_a_forged_proof_says_where_it_fails():
    proof, checkpoint = receipt_proof()
    event, stated = proof.event, proof.checkpoint
    other = "ab" * 32
    assert check_proof(changed(proof, event=changed(event, payload="{}")), KEYS) == ["event_differs"]
    assert check_proof(changed(proof, event=changed(event, at="2018-12-28T01:00:00Z")), KEYS) == ["event_differs"]
    assert check_proof(changed(proof, prev=other), KEYS) == ["not_linked"]
    assert check_proof(changed(proof, after=proof.after[:-1]), KEYS) == ["not_linked", "not_included"]
    assert check_proof(changed(proof, after=(other, *proof.after[1:])), KEYS) == ["not_linked"]
    assert check_proof(changed(proof, seq=3), KEYS) == ["not_linked", "not_included"]
    assert check_proof(changed(proof, path=proof.path[1:]), KEYS) == ["not_included"]
    assert check_proof(changed(proof, index=0), KEYS) == ["not_included"]
    assert check_proof(changed(proof, dossier=5), KEYS) == ["not_linked", "not_included"]
    assert check_proof(changed(proof, checkpoint=changed(stated, total_events=1)), KEYS) == ["unsigned"]
    assert check_proof(changed(proof, signature="00" * 64), KEYS) == ["unsigned"]
    assert check_proof(changed(proof, key_id="0" * 16), KEYS) == ["unknown_key"]
    assert check_proof(proof, {}) == ["unknown_key"]
    assert check_proof(proof, KEYS, {checkpoint.number: b"\1" * 32}) == ["other_checkpoint"]


@pytest.mark.parametrize(
    "change",
    [{"head": "zz"}, {"prev": "ab"}, {"seq": -1}, {"signature": "x"}, {"path": ("q",)}, {"dossier": 2**70}],
)
def test_a_malformed_proof_is_called_unreadable(change):
    assert check_proof(changed(receipt_proof()[0], **change), KEYS) == ["unreadable"]


def test_events_that_do_not_end_at_the_head_make_no_proof():
    checkpoint, leaves = sealed_city([4])
    for events, among in ((EVENTS[1:4], leaves), (EVENTS[1:], leaves[:1])):
        with pytest.raises(ValueError, match="head"):
            make_proof(CODE, EVENTS[0].hash, events, among, checkpoint, disclosed=True)


def test_every_fault_has_words():
    assert all(text.vi and text.en for text in PROOF_WHAT.values())
