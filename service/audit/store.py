"""Appends to the trail and reads it; there is nothing else that can be done to it."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from service.audit.chain import Head, Kept, leaf_hash
from service.audit.event import Act, Actor, Place, entry
from service.audit.tables import AuditEntry, AuditHead
from service.database.one_at_a_time import one_at_a_time
from service.database.unit_of_work import UnitOfWork
from service.kernel.canonical_json import canonical_bytes
from service.kernel.ids import new_id, new_salt


def append(work: UnitOfWork, act: Act, actor: Actor, at: datetime, origin: tuple[str, str]) -> int:
    """Write one act into its stream and give its number there.

    Args:
        work: the unit of work of the act itself; both are kept or neither is.
        act: what happened.
        actor: who did it.
        at: real time, aware.
        origin: the name of this log and of the machine.
    """
    session = work.session
    head = head_of(session, act.stream, lock=True)
    if head is None:
        one_at_a_time(session, "audit", act.stream)
        head = head_of(session, act.stream, lock=True)
    seq, prev = (head.seq + 1, head.hash) if head else (1, None)
    entry_id = new_id()
    place = Place(log=origin[0], node=origin[1], seq=seq, prev=prev)
    body = canonical_bytes(entry(act, actor, place, at, (str(entry_id), new_salt())))
    this = leaf_hash(body)
    session.connection().execute(
        insert(AuditEntry),
        [
            {
                "id": entry_id,
                "stream": act.stream,
                "seq": seq,
                "leaf_hash": this,
                "body": body,
                "ts": at,
                "event": act.event,
            }
        ],
    )
    _move_head(session, act.stream, Head(seq, this))
    return seq


def head_of(session: Session, stream: str, *, lock: bool = False) -> Head | None:
    """Give a stream's noted last link.

    Args:
        session: where to look.
        stream: a case's id, or the system's stream.
        lock: whether nobody else may append until this transaction ends.
    """
    question = select(col(AuditHead.seq), col(AuditHead.hash)).where(col(AuditHead.stream) == stream)
    row = session.connection().execute(question.with_for_update() if lock else question).one_or_none()
    return Head(row.seq, row.hash) if row else None


def entries_of(session: Session, stream: str) -> list[Kept]:
    """Give a whole stream in its own order, as exact bytes."""
    question = (
        select(
            col(AuditEntry.seq),
            col(AuditEntry.body),
            col(AuditEntry.leaf_hash),
            col(AuditEntry.stream),
            col(AuditEntry.event),
        )
        .where(col(AuditEntry.stream) == stream)
        .order_by(col(AuditEntry.seq))
    )
    rows = session.connection().execute(question)
    return [Kept(row.seq, bytes(row.body), row.leaf_hash, row.stream, row.event.value) for row in rows]


def streams(session: Session) -> list[str]:
    """Give the names of all streams that have entries or a noted end."""
    question = select(col(AuditEntry.stream)).union(select(col(AuditHead.stream)))
    return sorted(session.connection().execute(question).scalars())


def _move_head(session: Session, stream: str, head: Head) -> None:
    connection = session.connection()
    values = {"seq": head.seq, "hash": head.hash}
    if head.seq == 1:
        connection.execute(insert(AuditHead), [{"stream": stream, **values}])
    else:
        connection.execute(update(AuditHead).where(col(AuditHead.stream) == stream).values(**values))
