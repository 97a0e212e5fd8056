"""Goes over the whole log from the bytes of its entries upwards, and names everything that does not hold.

Nothing kept beside an entry is believed: leaves are hashed again, the tree is built again, every signed checkpoint is
compared with it, and every stream must run without a gap to where it was noted to end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

from service.audit.chain import Head, Kept, misfit
from service.audit.checkpoint import Checkpoint, NotACheckpoint, Verifier, read_signed
from service.audit.merkle import Node, Tree, leaf_of

T = TypeVar("T")

MOST_FINDINGS: Final = 1000
"""How many findings are told; a log that is broken in more places is not trusted more for knowing them."""

_LARGEST_LEVEL: Final = 62


@dataclass(frozen=True)
class Finding:
    """One thing that does not hold, and as far as it is known where.

    Attributes:
        what: what is wrong.
        stream: the trail in which it is.
        seq: the entry's number in that trail, from 1.
        place: the entry's place in the log, from 0.
    """

    what: str
    stream: str | None = None
    seq: int | None = None
    place: int | None = None


@dataclass(frozen=True)
class Witness:
    """A checkpoint that is remembered outside the database, and by whom."""

    who: str
    checkpoint: Checkpoint


@dataclass
class Examination:
    """One walk over a log, entry by entry in the order of the log; those without a place come last, by trail.

    Attributes:
        nodes: the kept subtrees in the order in which they were completed.
        notes: the kept checkpoints with their sizes, smallest first.
        verifiers: the keys that are trusted to sign.
        witnesses: checkpoints remembered elsewhere.
        all_have_places: whether entries are given their places in the very commit that keeps them.
    """

    nodes: Iterable[Node]
    notes: Iterable[tuple[int, str]]
    verifiers: Sequence[Verifier]
    witnesses: Sequence[Witness] = ()
    all_have_places: bool = True
    tree: Tree = field(default=Tree(), init=False)
    findings: list[Finding] = field(default_factory=list, init=False)
    entries: int = field(default=0, init=False)
    waiting: int = field(default=0, init=False)
    checkpoints: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        """Stand before the first entry."""
        self._links: dict[str, Head] = {}
        self._nodes = _InOrder((_completed_by(node), node) for node in self.nodes)
        self._notes = _InOrder(self.notes)
        self._signed = 0
        self._root_differs = False

    @property
    def trails(self) -> int:
        """Give how many trails were met."""
        return len(self._links)

    def take(self, kept: Kept) -> bool:
        """Examine the next entry, and tell whether it holds.

        Args:
            kept: as it was found.
        """
        self.entries += 1
        link = self._links.get(kept.stream)
        expected, previous = (link.seq + 1, link.hash) if link else (1, None)
        wrong = misfit(kept, expected, previous)
        if kept.leaf_index is None:
            self.waiting += 1
            hashed = leaf_of(kept.body)
            if self.all_have_places:
                wrong = wrong or "this entry was never put into the log"
        else:
            self._pass_over_missing(kept.leaf_index)
            if kept.leaf_index != self.tree.size:
                self._find(Finding("this place in the log is taken twice", kept.stream, expected, kept.leaf_index))
                return False
            hashed = self._grow(leaf_of(kept.body))
            if hashed != leaf_of(kept.body):
                wrong = wrong or "this is not the entry that was put in this place of the log"
        if wrong is not None:
            self._find(Finding(wrong, kept.stream, expected, kept.leaf_index))
        # Going on from what was found, so that one wrong entry is not told as many.
        self._links[kept.stream] = Head(max(expected, _number(kept.seq)), hashed.hex())
        return wrong is None

    def end(self, heads: Iterable[tuple[str, Head]]) -> None:
        """Compare what was found with where everything was noted to end.

        Args:
            heads: the noted last link of every trail.
        """
        noted = dict(heads)
        for stream in sorted({*self._links, *noted}):
            self._compare_ends(stream, self._links.get(stream), noted.get(stream))
        if list(self._nodes.rest()):
            self._find(Finding("subtrees are kept over entries that are gone", place=self.tree.size))
        for size, note in self._notes.rest():
            self._check_note(size, note)
        for witness in self.witnesses:
            if witness.checkpoint.size > self.tree.size:
                self._cut(witness.who, witness.checkpoint.size)
        if self._signed < self.tree.size:
            self._find(Finding("entries from here on stand behind the last signed checkpoint", place=self._signed))

    def _pass_over_missing(self, place: int) -> None:
        while self.tree.size < place:
            before, missing = self._completed_here(), self.tree.size
            leaf = next((node.hash for node in before if node.level == 0), None)
            self._find(Finding("the entry that was put in this place of the log is gone", place=missing))
            self._grow_with(leaf or b"", before)

    def _grow(self, leaf: bytes) -> bytes:
        """Put a leaf into the tree; give the leaf that was kept in its place, which is the same in a whole log."""
        kept = self._completed_here()
        was = next((node.hash for node in kept if node.level == 0), leaf)
        self._grow_with(was, kept)
        return was

    def _completed_here(self) -> list[Node]:
        return [node for _, node in self._nodes.up_to(self.tree.size)]

    def _grow_with(self, leaf: bytes, kept: Sequence[Node]) -> None:
        place = self.tree.size
        self.tree, completed = self.tree.grown(leaf)
        if [node for node in kept if node.level] != completed[1:] or kept[:1] != completed[:1]:
            self._find(Finding("the kept subtrees that end here are not those of the entries below", place=place))
        for size, note in self._notes.up_to(self.tree.size):
            self._check_note(size, note)
        for witness in self.witnesses:
            if witness.checkpoint.size == self.tree.size and witness.checkpoint.root != self.tree.root():
                self._find(Finding(f"the log up to here is not the one that {witness.who} remembers", place=place))

    def _check_note(self, size: int, note: str) -> None:
        self.checkpoints += 1
        self._signed = max(self._signed, size)
        try:
            checkpoint = read_signed(note, self.verifiers)
        except NotACheckpoint as fault:
            self._find(Finding(f"the checkpoint of {size} entries: {fault}", place=size - 1))
            return
        if checkpoint.size != size:
            self._find(Finding("a checkpoint is kept under another size than it speaks of", place=size - 1))
        elif size > self.tree.size:
            self._cut("a signed checkpoint", size)
        elif size != self.tree.size:
            self._find(Finding("a checkpoint is kept out of order", place=size - 1))
        elif checkpoint.root != self.tree.root() and not self._root_differs:
            self._root_differs = True
            self._find(Finding("the log up to here is not the one that was signed", place=size - 1))

    def _compare_ends(self, stream: str, link: Head | None, noted: Head | None) -> None:
        if link == noted:
            return
        ends, should = (0 if one is None else one.seq for one in (link, noted))
        what = f"the trail ends at entry {ends} and was noted to end at entry {should}"
        if ends == should:
            what = "the trail does not end with the entry that was noted"
        self._find(Finding(what, stream, min(ends, should) + 1 if ends != should else ends))

    def _cut(self, who: str, size: int) -> None:
        what = f"the log ends here, but {who} says that it had {size} entries: the others are gone"
        self._find(Finding(what, place=self.tree.size))

    def _find(self, finding: Finding) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(finding)


class _InOrder(Generic[T]):
    """Values that are taken as the walk reaches their numbers."""

    def __init__(self, numbered: Iterable[tuple[int, T]]) -> None:
        """Stand before the first.

        Args:
            numbered: the values with their numbers, smallest first.
        """
        self._coming = iter(numbered)
        self._next = next(self._coming, None)

    def up_to(self, number: int) -> Iterator[tuple[int, T]]:
        """Take everything up to a number."""
        while self._next is not None and self._next[0] <= number:
            taken, self._next = self._next, next(self._coming, None)
            yield taken

    def rest(self) -> Iterator[tuple[int, T]]:
        """Take everything that is left."""
        while self._next is not None:
            taken, self._next = self._next, next(self._coming, None)
            yield taken


def _completed_by(node: Node) -> int:
    """Give the place of the last leaf under a subtree."""
    return ((node.index + 1) << min(max(node.level, 0), _LARGEST_LEVEL)) - 1


def _number(seq: object) -> int:
    return seq if isinstance(seq, int) else 0
