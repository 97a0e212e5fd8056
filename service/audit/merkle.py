"""The tree over all entries (RFC 6962 section 2.1, RFC 9162 section 2.1): one hash stands for the whole log so far.

Nodes of complete subtrees never change again, so they are kept: level 0 are the leaves, `index` counts from the left.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"

NodeAt = Callable[[int, int], bytes]
"""Gives the hash of a complete subtree by level and index."""


@dataclass(frozen=True)
class Node:
    """A complete subtree of `2**level` leaves."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True)
class Tree:
    """A log of `size` leaves, held by the roots of its complete subtrees from left to right."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def root(self) -> bytes:
        """Give the hash that stands for all leaves."""
        if not self.peaks:
            return hashlib.sha256(b"").digest()
        *rest, folded = self.peaks
        for peak in reversed(rest):
            folded = joined(peak, folded)
        return folded

    def grown(self, leaf: bytes) -> tuple["Tree", list[Node]]:
        """Append a leaf.

        Args:
            leaf: hash of the entry.

        Returns:
            The larger tree and the subtrees that the leaf completed, from the leaf itself upwards.
        """
        peaks, level, hashed = list(self.peaks), 0, leaf
        completed = [Node(0, self.size, leaf)]
        while self.size >> level & 1:
            hashed = joined(peaks.pop(), hashed)
            level += 1
            completed.append(Node(level, self.size >> level, hashed))
        return Tree(self.size + 1, (*peaks, hashed)), completed

    def subtrees(self) -> list[Node]:
        """Give the complete subtrees that the tree is held by."""
        levels = _levels(self.size)
        return [Node(level, (self.size >> level) - 1, peak) for level, peak in zip(levels, self.peaks, strict=True)]


def leaf_of(body: bytes) -> bytes:
    """Hash an entry's bytes as a leaf; no node can be mistaken for one."""
    return hashlib.sha256(_LEAF + body).digest()


def joined(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees as the one above them."""
    return hashlib.sha256(_NODE + left + right).digest()


def tree_of(size: int, node_at: NodeAt) -> Tree:
    """Take up a log where it stands.

    Args:
        size: number of leaves.
        node_at: the kept subtrees.
    """
    return Tree(size, tuple(node_at(level, (size >> level) - 1) for level in _levels(size)))


def consistency_proof(older: int, newer: int, node_at: NodeAt) -> list[bytes]:
    """Give the hashes that prove an older log to be the beginning of a newer one (RFC 6962 section 2.1.2).

    Args:
        older: leaves of the older log, at least 1.
        newer: leaves of the newer log, not fewer.
        node_at: the kept subtrees of the newer log.
    """
    low, high, whole, proof = 0, newer, True, []
    while older != high:
        middle = low + _largest_power_below(high - low)
        if older <= middle:
            proof.append(_range_root(middle, high, node_at))
            high = middle
        else:
            proof.append(_range_root(low, middle, node_at))
            low, whole = middle, False
    if not whole:
        proof.append(_range_root(low, high, node_at))
    return proof[::-1]


def is_consistent(older: tuple[int, bytes], newer: tuple[int, bytes], proof: Sequence[bytes]) -> bool:
    """Tell whether a proof shows that nothing of an older log was changed (RFC 9162 section 2.1.4.2).

    Args:
        older: size and root; an empty log proves nothing and is refused.
        newer: size and root.
        proof: the hashes.
    """
    (first, first_root), (second, second_root) = older, newer
    if first == second:
        return not proof and first_root == second_root
    if not 0 < first < second or not proof:
        return False
    path = list(proof) if first & (first - 1) else [first_root, *proof]
    low, high = first - 1, second - 1
    while low & 1:
        low, high = low >> 1, high >> 1
    return _folded(path, low, high) == (first_root, second_root)


def _folded(path: Iterable[bytes], low: int, high: int) -> tuple[bytes, bytes] | None:
    """Fold a proof into the two roots that it speaks of; nothing when it is too long or too short."""
    start, *rest = path
    first = second = start
    for step in rest:
        if high == 0:
            return None
        if low & 1 or low == high:
            first, second = joined(step, first), joined(step, second)
            while low and not low & 1:
                low, high = low >> 1, high >> 1
        else:
            second = joined(second, step)
        low, high = low >> 1, high >> 1
    return (first, second) if high == 0 else None


def _levels(size: int) -> list[int]:
    return [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]


def _largest_power_below(length: int) -> int:
    return 1 << ((length - 1).bit_length() - 1)


def _range_root(low: int, high: int, node_at: NodeAt) -> bytes:
    length = high - low
    if length & (length - 1) == 0:
        level = length.bit_length() - 1
        return node_at(level, low >> level)
    middle = low + _largest_power_below(length)
    return joined(_range_root(low, middle, node_at), _range_root(middle, high, node_at))
