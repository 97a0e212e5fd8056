"""Remembers an answer in the transaction of the act, finds it again, and forgets it after a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import BigInteger, Select, cast, delete, func, insert, select, update
from sqlmodel import Session, col
from sqlmodel import select as sqlmodel_select

from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.repeats.tables import KeptRequest

KEPT_FOR: Final = timedelta(hours=24)
"""How long the same key gets the same answer."""

NOBODY: Final = UUID(int=0)
"""Owner of the key for answers that are about no case, such as those about places; there is no such case."""

_ANSWER: Final = SealedColumn[dict[str, Any]](KeptRequest, "answer")


class RequestRunning(DomainError):
    """The same request is being worked on at this moment."""

    kind = Kind.CONFLICT
    code = "request-running"
    title = "The same request is still being worked on; ask again"
    retry_after = 1


class RequestKeyReused(DomainError):
    """The key came back with another content."""

    kind = Kind.REUSED_KEY
    code = "idempotency-key-reused"
    title = "This idempotency key was used for another request"


@dataclass(frozen=True)
class Identity:
    """By what a request is known again: who asked, for which operation, under which key."""

    org: str
    subject: str
    operation: str
    key: str


def claim(session: Session, who: Identity, fingerprint: str, now: datetime) -> UUID | KeptRequest:
    """Write a request down before it is worked on and give the row's id, or give the row when it was answered before.

    Args:
        session: the session of the act's unit of work.
        who: by what it is known again.
        fingerprint: keyed digest of what is asked.
        now: real time, aware.

    Raises:
        RequestRunning: another process is working on it.
        RequestKeyReused: what was asked under this key was something else.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql" and not connection.execute(_alone(who)).scalar_one():
        raise RequestRunning
    kept = session.exec(
        sqlmodel_select(KeptRequest).where(
            col(KeptRequest.org) == who.org,
            col(KeptRequest.subject) == who.subject,
            col(KeptRequest.operation) == who.operation,
            col(KeptRequest.key) == who.key,
        )
    ).one_or_none()
    if kept is not None and kept.ends_at <= now:
        # Only its own row: an act that removed others' would wait for them while they wait for it.
        forget(session, kept.id)
        kept = None
    if kept is None:
        request_id = new_id()
        row = {"id": request_id, **vars(who), "fingerprint": fingerprint, "ends_at": now + KEPT_FOR}
        connection.execute(insert(KeptRequest), [row])
        return request_id
    if kept.fingerprint != fingerprint:
        raise RequestKeyReused
    return kept


def answered(session: Session, request_id: UUID, owner: UUID, sealed: bytes) -> None:
    """Remember the answer, sealed with a case's key, so that it goes when the case is erased."""
    _remember(session, request_id, owner=owner, answer=sealed)


def refused(session: Session, request_id: UUID, refusal: dict[str, Any]) -> None:
    """Remember a refusal, which holds nothing that was sent."""
    _remember(session, request_id, refusal=refusal)


def forget(session: Session, request_id: UUID) -> None:
    """Take a request back that was not worked on after all."""
    session.connection().execute(delete(KeptRequest).where(col(KeptRequest.id) == request_id))


def forget_old(session: Session, now: datetime) -> int:
    """Forget every answer whose day is over, and tell how many; one that another act holds is left for the next time.

    Args:
        session: the session of a unit of work.
        now: real time, aware.
    """
    over = select(col(KeptRequest.id)).where(col(KeptRequest.ends_at) <= now).with_for_update(skip_locked=True)
    return session.connection().execute(delete(KeptRequest).where(col(KeptRequest.id).in_(over))).rowcount


def sealed(vault: Vault, owner: UUID, request_id: UUID, answer: Mapping[str, Any]) -> bytes:
    """Seal an answer, for the row that will remember it."""
    return _ANSWER.seal(vault, owner, (request_id,), dict(answer))


def opened(vault: Vault, kept: KeptRequest) -> dict[str, Any]:
    """Give the answer that was remembered.

    Args:
        vault: of the unit of work.
        kept: a request that was answered and not refused.

    Raises:
        KeysUnavailable: the keys are away.
        KeyDestroyed: the case was erased meanwhile.
    """
    if kept.owner is None or kept.answer is None:
        # Written in the transaction that answered: a row without an end cannot be seen by anybody else.
        raise RequestRunning
    return _ANSWER.open(vault, kept.owner, (kept.id,), kept.answer)


def _alone(who: Identity) -> Select[tuple[bool]]:
    # Held until the transaction ends; whoever comes meanwhile is told so instead of waiting.
    number = func.hashtextextended(f"{who.org}\n{who.subject}\n{who.operation}\n{who.key}", cast(0, BigInteger))
    return select(func.pg_try_advisory_xact_lock(number))


def _remember(session: Session, request_id: UUID, **values: object) -> None:
    session.connection().execute(update(KeptRequest).where(col(KeptRequest.id) == request_id).values(**values))
