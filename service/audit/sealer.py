"""Gives entries their places in the log, grows the tree over them and signs it, all in one transaction.

On SQLite it is called in every commit; on PostgreSQL, where many processes commit side by side, by the one that holds
the sequencer's lease. Either way the newest signed checkpoint always speaks of every entry that has a place.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlmodel import col

from service.audit.checkpoint import Checkpoint, NotACheckpoint, opened, read_checkpoint
from service.audit.event import Event
from service.audit.merkle import Node, Tree, tree_of
from service.audit.signer import LogRefused, Signer
from service.audit.store import APPENDED
from service.audit.tables import AuditCheckpoint, AuditEntry, AuditNode, AuditSequencer

MOST_AT_ONCE: Final = 1000
"""How many entries get their places in one transaction at most, where it is not the one that wrote them."""

_ONLY_ROW: Final = 1
_GIVE_PLACE: Final = (
    update(AuditEntry).where(col(AuditEntry.id) == bindparam("entry")).values(leaf_index=bindparam("place"))
)


class Sealer:
    """Seals what was written; it remembers the tree from one time to the next."""

    def __init__(self, signer: Callable[[], Signer], wall: Callable[[], datetime], *, own_only: bool) -> None:
        """Prepare to seal.

        Args:
            signer: gives the one who signs; asked when there is something to sign.
            wall: gives real time, aware.
            own_only: whether only what was appended in the very same transaction is sealed, so that nobody can slip
                an entry in; not so where others commit and this one seals.
        """
        self._own_only = own_only
        self.signer = signer
        self._wall = wall
        self._tree = Tree()
        self._note: str | None = None

    def __call__(self, connection: Connection) -> Callable[[], None]:
        """Seal every entry that has no place yet.

        Args:
            connection: in the transaction that is about to be committed.

        Returns:
            What to do once the commit holds.

        Raises:
            LogRefused: the log does not continue what was signed before.
        """
        appended = connection.info.pop(APPENDED, frozenset())
        leaves = _without_place(connection, None if self._own_only else MOST_AT_ONCE)
        tree = self._tree_in(connection) if leaves else Tree()
        if self._own_only and tree.size:
            leaves = [(entry, leaf) for entry, leaf in leaves if entry in appended]
        if not leaves:
            return _nothing
        first, known = tree.size, {(node.level, node.index): node.hash for node in tree.subtrees()}
        fresh: list[Node] = []
        for _, leaf in leaves:
            tree, completed = tree.grown(leaf)
            fresh.extend(completed)
        known.update({(node.level, node.index): node.hash for node in fresh})
        note = self._signed(connection, tree, known)
        places = [{"entry": entry, "place": first + number} for number, (entry, _) in enumerate(leaves)]
        connection.execute(_GIVE_PLACE, places)
        connection.execute(
            insert(AuditNode), [{"level": node.level, "idx": node.index, "hash": node.hash} for node in fresh]
        )
        connection.execute(insert(AuditCheckpoint), [{"size": tree.size, "note": note, "at": self._wall()}])

        def remember() -> None:
            self._tree, self._note = tree, note
            self.signer().keep(note)

        return remember

    def _tree_in(self, connection: Connection) -> Tree:
        """Give the tree as it stands; from memory when nobody else has sealed anything since."""
        newest = select(col(AuditCheckpoint.size), col(AuditCheckpoint.note))
        found = connection.execute(newest.order_by(col(AuditCheckpoint.size).desc()).limit(1)).one_or_none()
        if found is None:
            return Tree()
        if found.note == self._note:
            return self._tree
        checkpoint = _read(found.note, self.signer())
        if checkpoint.origin != self.signer().origin and not _is_continued(connection):
            detail = f"The log was called '{checkpoint.origin}' when it was signed; say why it is not any more."
            raise LogRefused(detail)
        tree = tree_of(checkpoint.size, lambda level, index: _node(connection, level, index))
        if tree.root() != checkpoint.root:
            raise LogRefused("The kept tree is not the one that was signed.")
        return tree

    def _signed(self, connection: Connection, tree: Tree, known: Mapping[tuple[int, int], bytes]) -> str:
        def node_at(level: int, index: int) -> bytes:
            found = known.get((level, index))
            return _node(connection, level, index) if found is None else found

        return self.signer().sign(tree.size, tree.root(), node_at)


def may_seal(connection: Connection, holder: str, now: datetime, lease: timedelta) -> bool:
    """Take or prolong the lease of the one process that seals where many write; tell whether it is this one's.

    Args:
        connection: in the transaction that will seal.
        holder: name of this process, no other's.
        now: the database's own time.
        lease: how long nobody else may seal.
    """
    free = or_(
        col(AuditSequencer.holder).is_(None),
        col(AuditSequencer.holder) == holder,
        col(AuditSequencer.lease_until) < now,
    )
    taking = update(AuditSequencer).where(col(AuditSequencer.id) == _ONLY_ROW, free)
    return connection.execute(taking.values(holder=holder, lease_until=now + lease)).rowcount == 1


def _without_place(connection: Connection, most: int | None) -> Sequence[tuple[UUID, bytes]]:
    # By number first: whatever the clocks of the machines say, each trail stands in the log in its own order.
    question = (
        select(col(AuditEntry.id), col(AuditEntry.leaf_hash))
        .where(col(AuditEntry.leaf_index).is_(None))
        .order_by(col(AuditEntry.seq), col(AuditEntry.id))
        .limit(most)
    )
    return [(row.id, bytes.fromhex(row.leaf_hash)) for row in connection.execute(question)]


def _is_continued(connection: Connection) -> bool:
    """Tell whether somebody has said, among what is to be sealed, that the log goes on under a new name."""
    said = select(col(AuditEntry.id)).where(
        col(AuditEntry.leaf_index).is_(None), col(AuditEntry.event) == Event.LOG_CONTINUED
    )
    return connection.execute(said.limit(1)).first() is not None


def _node(connection: Connection, level: int, index: int) -> bytes:
    question = select(col(AuditNode.hash)).where(col(AuditNode.level) == level, col(AuditNode.idx) == index)
    found = connection.execute(question).scalar_one_or_none()
    if found is None:
        raise LogRefused("A part of the kept tree is gone.")
    return bytes(found)


def _read(note: str, signer: Signer) -> Checkpoint:
    """Read the newest kept checkpoint; one of an earlier log of another name is proved by its tree alone."""
    try:
        said = read_checkpoint(note.partition("\n\n")[0] + "\n")
        if said.origin == signer.origin:
            opened(note, [signer.verifier])
    except NotACheckpoint as fault:
        detail = f"The newest checkpoint cannot be relied on: {fault}."
        raise LogRefused(detail) from None
    return said


def _nothing() -> None:
    """Do nothing: there was nothing to seal."""
