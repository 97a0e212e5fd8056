"""The tree is the one of Certificate Transparency: published roots, a second implementation, and no forged proof."""

import hashlib
from collections.abc import Sequence

import pymerkle  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.audit.merkle import Node, NodeAt, Tree, consistency_proof, is_consistent, leaf_of, tree_of

# The eight leaves and the roots over the first one to eight of them, as the tools of Certificate Transparency
# (RFC 6962) publish them for comparison.
LEAVES = [
    bytes.fromhex(leaf)
    for leaf in (
        *("", "00", "10", "2021", "3031", "40414243"),
        *("5051525354555657", "606162636465666768696a6b6c6d6e6f"),
    )
]
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def grown(entries: Sequence[bytes]) -> tuple[list[Tree], NodeAt]:
    """Build the trees of every size over some entries, and what is kept of them."""
    trees, kept = [Tree()], dict[tuple[int, int], bytes]()
    for entry in entries:
        tree, completed = trees[-1].grown(leaf_of(entry))
        trees.append(tree)
        kept.update({(node.level, node.index): node.hash for node in completed})
    return trees, lambda level, index: kept[level, index]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_the_published_ones(size: int) -> None:
    trees, _ = grown(LEAVES[:size])

    assert trees[-1].root().hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_published_root() -> None:
    assert Tree().root() == hashlib.sha256(b"").digest()


def test_a_second_implementation_gives_the_same_root_for_every_size() -> None:
    entries = [f"entry {number}".encode() for number in range(257)]
    trees, _ = grown(entries)
    other = pymerkle.InmemoryTree(algorithm="sha256")

    for size, entry in enumerate(entries, start=1):
        other.append_entry(entry)
        assert trees[size].root() == other.get_root()


@given(st.integers(1, 70), st.integers(0, 40))
def test_a_log_proves_that_it_continues_every_earlier_one(older: int, more: int) -> None:
    newer = older + more
    trees, node_at = grown([bytes([number]) for number in range(newer)])

    proof = consistency_proof(older, newer, node_at)

    assert is_consistent((older, trees[older].root()), (newer, trees[newer].root()), proof)
    assert tree_of(newer, node_at) == trees[newer]


@given(st.integers(1, 40), st.integers(1, 40))
def test_proofs_hold_between_the_roots_of_a_second_implementation(older: int, more: int) -> None:
    entries = [bytes([number]) for number in range(older + more)]
    _, node_at = grown(entries)
    other = pymerkle.InmemoryTree(algorithm="sha256")
    for entry in entries:
        other.append_entry(entry)

    proof = consistency_proof(older, older + more, node_at)
    assert is_consistent((older, other.get_root(older)), (older + more, other.get_root(older + more)), proof)


@given(st.integers(1, 33), st.integers(1, 33), st.data())
def test_no_changed_proof_is_believed(older: int, more: int, data: st.DataObject) -> None:
    newer = older + more
    trees, node_at = grown([bytes([number]) for number in range(newer)])
    proof = consistency_proof(older, newer, node_at)
    first, second = (older, trees[older].root()), (newer, trees[newer].root())
    which = data.draw(st.integers(0, len(proof) - 1))
    flipped = bytes([proof[which][0] ^ 1]) + proof[which][1:]

    assert not is_consistent(first, second, [*proof[:which], flipped, *proof[which + 1 :]])
    assert not is_consistent(first, second, [*proof[:which], *proof[which + 1 :]])
    assert not is_consistent(first, second, [*proof, proof[-1]])
    assert not is_consistent((older, leaf_of(b"another log")), second, proof)
    assert not is_consistent(first, (newer, leaf_of(b"another log")), proof)


def test_the_same_size_is_the_same_root_and_nothing_is_proved_by_an_empty_log() -> None:
    trees, _ = grown(LEAVES)
    root = trees[-1].root()

    assert is_consistent((8, root), (8, root), [])
    assert not is_consistent((8, trees[7].root()), (8, root), [])
    assert not is_consistent((8, root), (8, root), [root])
    assert not is_consistent((0, Tree().root()), (8, root), [])
    assert not is_consistent((9, root), (8, root), [root])


def test_a_leaf_completes_the_subtrees_above_it() -> None:
    trees, node_at = grown(LEAVES[:4])

    assert trees[3].grown(leaf_of(LEAVES[3]))[1] == [
        Node(0, 3, leaf_of(LEAVES[3])),
        Node(1, 1, node_at(1, 1)),
        Node(2, 0, trees[4].root()),
    ]
    assert trees[3].subtrees() == [Node(1, 0, node_at(1, 0)), Node(0, 2, node_at(0, 2))]
