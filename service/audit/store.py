"""Appends to the trail and reads it; there is nothing else that can be done to it.

What is read back is read as the driver gives it, whatever it holds: somebody may have changed it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from sqlalchemy import TextClause, bindparam, func, select, text, update
from sqlmodel import Session, col

from service.audit.chain import Head, Kept, leaf_hash
from service.audit.event import Act, Actor, Place, entry, instant
from service.audit.merkle import Node
from service.audit.tables import AuditCheckpoint, AuditEntry, AuditHead
from service.database.one_at_a_time import one_at_a_time
from service.database.rows import insert_rows
from service.database.unit_of_work import UnitOfWork
from service.kernel.canonical_json import canonical_bytes
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id, new_salt

LARGEST_ENTRY: Final = 65_535
"""Bytes of an entry at most, so that logs can be served to others (C2SP tlog-tiles)."""

APPENDED: Final = "audit_appended"
"""Where a connection notes the entries that were appended through it, for whoever seals them."""

_ENTRIES: Final = "SELECT id, stream, seq, leaf_hash, body, ts, event, leaf_index FROM audit_entry "
_OF_STREAM: Final = text(_ENTRIES + "WHERE stream = :stream ORDER BY seq")
_IN_LOG_ORDER: Final = text(_ENTRIES + "WHERE leaf_index IS NOT NULL ORDER BY leaf_index")
_WITHOUT_PLACE: Final = text(_ENTRIES + "WHERE leaf_index IS NULL ORDER BY stream, seq")
_HEADS: Final = text("SELECT stream, seq, hash FROM audit_head")
_NODES: Final = text("SELECT level, idx, hash FROM audit_node ORDER BY (idx + 1) << level, level")
_NOTES: Final = text("SELECT size, note FROM audit_checkpoint ORDER BY size")
_AT_ONCE: Final = 1000

_NO_HEAD: Final = Head(0, "")
_MOVE: Final = (
    update(AuditHead)
    .where(col(AuditHead.stream) == bindparam("of_stream"))
    .values(seq=bindparam("to_seq"), hash=bindparam("to_hash"))
)


class NothingSigned(DomainError):
    """The log is empty, or nobody has sealed it yet."""

    kind = Kind.NOT_FOUND
    code = "nothing-signed"
    title = "There is no signed checkpoint yet"


@dataclass(frozen=True)
class Noted:
    """One act on its way into the trail.

    Attributes:
        act: what happened.
        actor: who did it.
        at: real time, aware.
        origin: the name of this log and of the machine.
    """

    act: Act
    actor: Actor
    at: datetime
    origin: tuple[str, str]

    @property
    def stream(self) -> str:
        """Give the stream that it goes into."""
        return self.act.stream


def append(work: UnitOfWork, noted: Sequence[Noted]) -> None:
    """Write acts into their streams, all at once.

    Streams are locked in the order of their names, so that no two units of work wait for each other.

    Args:
        work: the unit of work of the acts themselves; all is kept or nothing.
        noted: the acts, those of one stream in the order in which they happened.
    """
    entries: list[dict[str, Any]] = []
    begun: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    heads = _heads_to_follow(work, {one.stream for one in noted})
    for stream, acts in groupby(sorted(noted, key=attrgetter("stream")), key=attrgetter("stream")):
        before = heads.get(stream)
        head = before or _NO_HEAD
        for one in acts:
            head, row = _linked(one, head)
            entries.append(row)
        if before is None:
            begun.append({"stream": stream, "seq": head.seq, "hash": head.hash})
        else:
            moved.append({"of_stream": stream, "to_seq": head.seq, "to_hash": head.hash})
    connection = work.session.connection()
    if connection.dialect.name == "sqlite":
        # Sealed in this very commit; elsewhere by another process, which takes what it finds.
        connection.info.setdefault(APPENDED, set()).update(row["id"] for row in entries)
    if moved:
        connection.execute(_MOVE, moved)
    insert_rows(work.session, AuditEntry, entries)
    insert_rows(work.session, AuditHead, begun)


def _heads_to_follow(work: UnitOfWork, streams: Iterable[str]) -> dict[str, Head]:
    """Lock the last links that there are, in one question however many; a stream without one is begun by this act."""
    # The stream of a case that this very act opens is left out: nobody else can have begun it.
    asked = sorted(stream for stream in streams if not work.session.made_here(stream))
    heads = _heads_of(work.session, asked, lock=True)
    for stream in asked:
        if stream not in heads:
            one_at_a_time(work.session, "audit", stream)
            heads |= _heads_of(work.session, [stream], lock=True)
    return heads


def _linked(noted: Noted, head: Head) -> tuple[Head, dict[str, Any]]:
    """Link an entry to the one before it: give the stream's new head, and the entry's row."""
    entry_id, act = new_id(), noted.act
    seq = head.seq + 1
    place = Place(log=noted.origin[0], node=noted.origin[1], seq=seq, prev=head.hash or None)
    body = canonical_bytes(entry(act, noted.actor, place, noted.at, (str(entry_id), new_salt())))
    if len(body) > LARGEST_ENTRY or not body.isascii():
        message = "an entry holds a limited number of ids and codes, and nothing else"
        raise ValueError(message)
    new = Head(seq, leaf_hash(body))
    row = {"id": entry_id, "stream": act.stream, "seq": seq, "leaf_hash": new.hash, "body": body}
    return new, {**row, "ts": noted.at, "event": act.event}


def head_of(session: Session, stream: str) -> Head | None:
    """Give a stream's noted last link.

    Args:
        session: where to look.
        stream: a case's id, or the system's stream.
    """
    return _heads_of(session, [stream]).get(stream)


def _heads_of(session: Session, streams: Sequence[str], *, lock: bool = False) -> dict[str, Head]:
    """Give the noted last links of streams; when locked, nobody else may append until this transaction ends."""
    if not streams:
        return {}
    question = select(col(AuditHead.stream), col(AuditHead.seq), col(AuditHead.hash))
    # Rows are locked in the order in which they are given.
    question = question.where(col(AuditHead.stream).in_(streams)).order_by(col(AuditHead.stream))
    rows = session.connection().execute(question.with_for_update() if lock else question)
    return {row.stream: Head(row.seq, row.hash) for row in rows}


def entries_of(session: Session, stream: str) -> list[Kept]:
    """Give a whole stream in its own order, as exact bytes."""
    return [_kept(row) for row in session.connection().execute(_OF_STREAM, {"stream": stream})]


def all_entries(session: Session) -> Iterator[Kept]:
    """Give every entry in the order of the log, then those that have no place in it yet, by stream."""
    for question in (_IN_LOG_ORDER, _WITHOUT_PLACE):
        yield from map(_kept, _rows(session, question))


def all_heads(session: Session) -> Iterator[tuple[str, Head]]:
    """Give the noted last link of every stream."""
    for row in _rows(session, _HEADS):
        yield str(row.stream), Head(row.seq, row.hash)


def all_nodes(session: Session) -> Iterator[Node]:
    """Give the kept subtrees of the log, in the order in which they were completed."""
    for row in _rows(session, _NODES):
        yield Node(row.level, row.idx, _bytes(row.hash))


def all_notes(session: Session) -> Iterator[tuple[int, str]]:
    """Give the kept checkpoints with the sizes of the log that they speak of, smallest first."""
    for row in _rows(session, _NOTES):
        yield row.size, str(row.note)


def any_waits(session: Session) -> bool:
    """Tell whether an entry has no place in the log yet."""
    waiting = select(col(AuditEntry.id)).where(col(AuditEntry.leaf_index).is_(None)).limit(1)
    return session.connection().execute(waiting).first() is not None


def oldest_without_place(session: Session) -> datetime | None:
    """Say when the oldest entry was written that has no place in the log yet."""
    waiting = select(func.min(col(AuditEntry.ts))).where(col(AuditEntry.leaf_index).is_(None))
    found: datetime | None = session.connection().execute(waiting).scalar_one()
    return found


def newest_note(session: Session) -> str:
    """Give the checkpoint over the largest log.

    Raises:
        NothingSigned: there is none yet.
    """
    newest = select(col(AuditCheckpoint.note)).order_by(col(AuditCheckpoint.size).desc()).limit(1)
    note: str | None = session.connection().execute(newest).scalar_one_or_none()
    if note is None:
        raise NothingSigned
    return note


def _rows(session: Session, question: TextClause) -> Any:  # noqa: ANN401 -- rows of no table
    return session.connection().execute(question, execution_options={"yield_per": _AT_ONCE})


def _kept(row: Any) -> Kept:  # noqa: ANN401 -- a row of no table
    return Kept(
        seq=row.seq,
        body=_bytes(row.body),
        leaf_hash=str(row.leaf_hash),
        stream=str(row.stream),
        event=str(row.event),
        id=_id(row.id),
        ts=_instant(row.ts),
        leaf_index=row.leaf_index,
    )


def _bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode("utf-8", "replace")


def _id(value: object) -> str:
    try:
        return str(UUID(str(value)))
    except ValueError:
        return str(value)


def _instant(value: object) -> str:
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return str(value)
    return instant(moment if moment.tzinfo else moment.replace(tzinfo=UTC))
