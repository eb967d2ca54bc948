"""The checkpoints: the tree is the standard one, and whatever an intruder in the database does to them is named."""

from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from law.journals import KEYS, MIDNIGHT, PUBLIC, chain, sha, signed
from motcua.law.merkle import (
    CHECKPOINT_WHAT,
    EMPTY_ROOT,
    CheckpointBreak,
    Leaf,
    batch_root,
    checkpoint_hash,
    export_checkpoint,
    inclusion_proof,
    leaf_hash,
    node_hash,
    tree_root,
    verify_checkpoints,
    verify_inclusion,
    verify_signature,
)

FOUR_MINUTES = ({3: 2, 5: 1}, {5: 4, 9: 1, 12: 3}, {}, {3: 3})


def breaks(checkpoints, kept=None):
    return list(verify_checkpoints(checkpoints, KEYS, kept, {}))


def test_the_tree_is_that_of_certificate_transparency():
    # The reference leaves and roots that implementations of RFC 6962 are checked with.
    leaves = [
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    ]
    hashes = [sha256(b"\0" + bytes.fromhex(leaf)).digest() for leaf in leaves]
    roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]
    for size, root in enumerate(roots, 1):
        assert tree_root(hashes[:size]).hex() == root
    assert tree_root([]) == EMPTY_ROOT
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def split_root(hashes):
    """The root as RFC 6962 defines it: split at the largest power of two below the size."""
    if len(hashes) == 1:
        return hashes[0]
    split = 1 << ((len(hashes) - 1).bit_length() - 1)
    return node_hash(split_root(hashes[:split]), split_root(hashes[split:]))


@given(st.integers(1, 200), st.data())
def test_a_path_leads_to_the_root_and_only_for_its_own_leaf(size, data):
    hashes = [sha(str(number)) for number in range(size)]
    root = tree_root(hashes)
    assert root == split_root(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(hashes, index)
    assert verify_inclusion(hashes[index], index, size, path, root)
    assert not verify_inclusion(sha("another"), index, size, path, root)
    other = data.draw(st.integers(0, size - 1))
    assert verify_inclusion(hashes[index], other, size, path, root) == (other == index)
    assert not verify_inclusion(hashes[index], index, size, [*path, sha("more")], root)
    assert not verify_inclusion(hashes[index], size, size, path, root)
    assert not verify_inclusion(hashes[index], -1, size, path, root)
    if path:
        assert not verify_inclusion(hashes[index], index, size, path[:-1], root)
        assert not verify_inclusion(hashes[index], index, size, [*path[:-1], path[-1][:31]], root)


def test_there_is_no_proof_for_a_leaf_outside_the_tree():
    for index in (-1, 3):
        with pytest.raises(IndexError):
            inclusion_proof([sha("a"), sha("b"), sha("c")], index)


def test_an_inner_node_cannot_pass_for_a_leaf():
    leaves = [leaf_hash(Leaf(number, 1, sha("h"))) for number in range(4)]
    inner = node_hash(leaves[0], leaves[1])
    forged = [inner, node_hash(leaves[2], leaves[3])]
    assert tree_root(forged) == tree_root(leaves)
    assert inner not in leaves
    assert leaf_hash(Leaf(1, 1, sha("h"))) != leaf_hash(Leaf(1, 2, sha("h")))


def test_leaves_come_once_and_in_rising_order():
    one, two = Leaf(1, 1, sha("a")), Leaf(2, 1, sha("b"))
    assert batch_root([one, two]) == node_hash(leaf_hash(one), leaf_hash(two))
    for wrong in ([two, one], [one, one]):
        with pytest.raises(ValueError, match="rising"):
            batch_root(wrong)
    for unfit in (Leaf(1, 1, b"short"), Leaf(-1, 1, sha("a")), Leaf(1, 2**32, sha("a"))):
        with pytest.raises(ValueError, match=r"."):
            leaf_hash(unfit)


def test_an_honest_chain_has_no_breaks_and_adds_up():
    checkpoints = chain(*FOUR_MINUTES)
    newest = {}
    assert list(verify_checkpoints(checkpoints, KEYS, newest=newest)) == []
    assert newest == {3: 3, 5: 4, 9: 1, 12: 3}
    assert (checkpoints[-1][0].total_dossiers, checkpoints[-1][0].total_events) == (4, 11)


@pytest.mark.parametrize(
    "change",
    [
        {"at": MIDNIGHT}, {"prev": sha("x")}, {"batch_root": sha("x")}, {"batch_size": 9}, {"total_dossiers": 9},
        {"total_events": 99}, {"number": 7},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_every_field_of_a_checkpoint_is_signed(change):
    checkpoint = chain(*FOUR_MINUTES)[1][0]
    assert verify_signature(PUBLIC, checkpoint)
    assert not verify_signature(PUBLIC, checkpoint._replace(**change))


def test_a_signature_is_refused_without_fuss():
    checkpoint = chain(*FOUR_MINUTES)[0][0]
    assert not verify_signature(PUBLIC, checkpoint._replace(signature=b""))
    assert not verify_signature(b"not a key", checkpoint)
    assert not verify_signature(PUBLIC, checkpoint._replace(prev=b"short"))
    stranger = Ed25519PrivateKey.from_private_bytes(b"another key, of no consequence!!")
    assert not verify_signature(PUBLIC, signed(checkpoint, stranger))


def tampered(number, **change):
    checkpoints = chain(*FOUR_MINUTES)
    checkpoint, leaves = checkpoints[number - 1]
    checkpoints[number - 1] = (checkpoint._replace(**change), leaves)
    return checkpoints


def test_a_changed_checkpoint_is_named_by_its_signature_and_by_the_next_one():
    assert breaks(tampered(2, at=MIDNIGHT)) == [
        CheckpointBreak(2, "checkpoint_unsigned"),
        CheckpointBreak(3, "checkpoint_altered"),
    ]
    assert breaks(tampered(2, signature=b"")) == [CheckpointBreak(2, "checkpoint_unsigned")]
    assert CheckpointBreak(2, "checkpoint_altered") in breaks(tampered(2, prev=b"short"))
    assert CheckpointBreak(3, "totals_wrong") in breaks(tampered(3, total_events=9))


def test_a_checkpoint_signed_by_a_stranger_is_named():
    stranger = Ed25519PrivateKey.from_private_bytes(b"another key, of no consequence!!")
    checkpoints = chain(*FOUR_MINUTES)
    last, leaves = checkpoints[-1]
    checkpoints[-1] = (signed(last, stranger), leaves)
    assert breaks(checkpoints) == [CheckpointBreak(4, "checkpoint_other_key")]
    both = {**KEYS, checkpoints[-1][0].key_id: stranger.public_key().public_bytes_raw()}
    assert list(verify_checkpoints(checkpoints, both)) == []


@pytest.mark.parametrize("gone", [1, 2, 3])
def test_a_missing_checkpoint_is_named(gone):
    checkpoints = chain(*FOUR_MINUTES)
    del checkpoints[gone - 1]
    assert breaks(checkpoints) == [CheckpointBreak(gone, "checkpoint_missing")]


def test_a_repeated_checkpoint_is_named():
    checkpoints = chain(*FOUR_MINUTES)
    found = breaks([*checkpoints[:2], checkpoints[1], *checkpoints[2:]])
    assert CheckpointBreak(2, "checkpoint_altered") in found


def test_leaves_touched_after_the_checkpoint_are_named():
    checkpoint, leaves = chain(*FOUR_MINUTES)[1]
    rolled_back = [leaves[0]._replace(seq=2), *leaves[1:]]
    for wrong in (rolled_back, leaves[1:], leaves[::-1], [], [leaves[0]._replace(head=b""), *leaves[1:]]):
        checkpoints = chain(*FOUR_MINUTES)
        checkpoints[1] = (checkpoint, wrong)
        assert CheckpointBreak(2, "batch_altered") in breaks(checkpoints)


def test_a_dossier_sealed_again_with_fewer_events_is_named():
    found = breaks(chain({3: 5}, {3: 4}))
    assert CheckpointBreak(2, "batch_rolled_back") in found


def test_setting_everything_back_is_named_by_whoever_kept_a_later_checkpoint():
    checkpoints = chain(*FOUR_MINUTES)
    kept = {4: checkpoint_hash(checkpoints[3][0])}
    assert breaks(checkpoints, kept) == []
    assert breaks(checkpoints[:2]) == []
    assert breaks(checkpoints[:2], kept) == [CheckpointBreak(3, "checkpoints_cut")]
    regrown = chain(*FOUR_MINUTES[:3], {5: 5})
    assert breaks(regrown, kept) == [CheckpointBreak(4, "checkpoint_replaced")]
    assert breaks([], kept) == [CheckpointBreak(1, "checkpoints_cut")]


def test_an_export_names_every_field_and_the_leaves_only_when_asked():
    checkpoint, leaves = chain(*FOUR_MINUTES)[1]
    line = export_checkpoint(checkpoint)
    assert line["at"] == "2019-01-07T00:02:00.000000Z"
    assert "leaves" not in line
    assert export_checkpoint(checkpoint, leaves)["leaves"][0] == [5, 4, leaves[0].head.hex()]
    assert all(text.vi and text.en for text in CHECKPOINT_WHAT.values())
