"""Keeps messages: into a lane in the transaction of the act, what each attempt met, and never out of the database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from service.database.lease_clock import database_time
from service.database.rows import new_rows_of
from service.dispatch.backoff import (
    DeadLetter,
    Decision,
    Delivered,
    DisableEndpoint,
    HoldUntil,
    RetryAt,
    Tries,
    Trouble,
)
from service.dispatch.circuits import note_outcome
from service.dispatch.envelope import MessageKind, Notice, event_bytes
from service.dispatch.lifecycle import LIFECYCLE, DeliveryEvent, DeliveryState
from service.dispatch.message_id import new_message_id
from service.dispatch.outcome import Outcome
from service.dispatch.tables import Attempt, Delivery, Lane
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_id
from service.kernel.transitions import next_state

WAITING_LINES: Final = frozenset({Lane.__tablename__})
"""The table that changes whenever a message has come, or may be sent earlier than it was to be."""

_OVER: Final = frozenset({DeliveryEvent.DELIVER, DeliveryEvent.GIVE_UP, DeliveryEvent.KEEP})
_MISSED: Final = frozenset({DeliveryEvent.RETRY, DeliveryEvent.GIVE_UP})


class LeaseLost(DomainError):
    """The lane has been taken over by somebody else meanwhile; what this worker found out is not kept."""

    kind = Kind.CONFLICT
    code = "lease-lost"
    title = "Somebody else is sending from this lane now"


@dataclass(frozen=True)
class QueuedMessage:
    """One message that an act wants sent.

    Attributes:
        partner_id: to whom.
        case_id: about which case; messages to one partner about one case keep their order.
        referral_id: about which referral.
        kind: what the message announces.
        recorded_at: business time of the act.
        dataref: absolute address from which the partner fetches the content.
        trace_id: the trace of the act; the message hands it on to the partner's system.
        warn_at: business time at which a person is told when it has still not arrived.
        codes: what the message says beside where to fetch, as ids and codes.
    """

    partner_id: str
    case_id: UUID
    referral_id: UUID
    kind: MessageKind
    recorded_at: datetime
    dataref: str
    trace_id: str | None = None
    warn_at: datetime | None = None
    codes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Claim:
    """A lane that is ours for a while, and the one message in it whose turn it is.

    Attributes:
        lane_id: the lane.
        token: our number; it is void as soon as somebody else holds a higher one.
        partner_id: to whom the message goes.
        case_id: about which case.
        referral_id: about which referral.
        message_id: the message's `webhook-id`, the same at every attempt.
        body: the bytes to sign and send.
        attempt: the number of the attempt that the claim allows, from 1.
        kind: what the message announces.
        tries: what the message has met before.
        probe: whether it is sent to find out if the partner's circuit can be closed.
        resent_from: the state from which somebody wanted it sent by hand; None when its turn has come by itself.
        trace_id: the trace of the act that caused the message.
    """

    lane_id: UUID
    token: int
    partner_id: str
    case_id: UUID
    referral_id: UUID
    message_id: str
    body: bytes
    attempt: int
    kind: MessageKind = MessageKind.REFERRAL_SENT
    tries: Tries = field(default_factory=Tries)
    probe: bool = False
    resent_from: DeliveryState | None = None
    trace_id: str | None = None

    @property
    def arrived_before(self) -> bool:
        """Whether the partner has it already, and is sent it once more because somebody wants that."""
        return self.resent_from is DeliveryState.DELIVERED


@dataclass(frozen=True)
class Ended:
    """How an attempt ended and what follows.

    Attributes:
        outcome: how it ended.
        decision: what that means for the message.
        tries: what the message has met by now.
        trouble: what a person is told about it, if anything.
        endpoint_id: where it went, if it went anywhere.
    """

    outcome: Outcome
    decision: Decision
    tries: Tries = field(default_factory=Tries)
    trouble: Trouble | None = None
    endpoint_id: UUID | None = None


@dataclass(frozen=True)
class BrokenLane:
    """A lane that counts messages and has none; it was put off, so that the others get their turn.

    Attributes:
        lane_id: the lane.
        partner_id: to whom its messages go.
    """

    lane_id: UUID
    partner_id: str


def enqueue(session: Session, message: QueuedMessage) -> str:
    """Put a message at the end of its lane and give its id; part of the act that causes it.

    The caller holds the case's row, so that two acts about one case cannot both make its lane.

    Args:
        session: the session of the act's unit of work.
        message: what to send.
    """
    lane = _lane_for(session, message)
    lane.last_seq += 1
    lane.pending += 1
    message_id = new_message_id()
    notice = Notice(
        message_id=message_id,
        kind=message.kind,
        referral_id=str(message.referral_id),
        sequence=lane.last_seq,
        recorded_at=message.recorded_at,
        dataref=message.dataref,
        codes=message.codes,
    )
    session.add(
        Delivery(
            id=message_id,
            lane_id=lane.id,
            seq=lane.last_seq,
            referral_id=message.referral_id,
            kind=message.kind,
            body=event_bytes(notice),
            recorded_at=message.recorded_at,
            state=DeliveryState.DUE,
            warn_at=message.warn_at,
            trace_id=message.trace_id,
        )
    )
    return message_id


@dataclass(frozen=True)
class Written:
    """A message about a referral: what it announces, and whether it was sent or is being sent just now."""

    kind: MessageKind
    may_have_arrived: bool


def messages_about(session: Session, referral_id: UUID) -> list[Written]:
    """Give the messages about a referral, oldest first, but those that were taken back unsent."""
    question = select(col(Delivery.kind), col(Delivery.state), col(Delivery.attempts))
    asked = question.where(col(Delivery.referral_id) == referral_id).order_by(col(Delivery.seq))
    return [
        Written(row.kind, bool(row.attempts) or row.state is DeliveryState.LEASED)
        for row in session.connection().execute(asked).all()
        if row.attempts or row.state is not DeliveryState.CANCELLED
    ]


def trouble_of(session: Session, message_id: str) -> Trouble | None:
    """Give what a person was told about a message, if anything.

    Args:
        session: the session of an act that holds the row of the message's case.
        message_id: which message.
    """
    question = select(col(Delivery.trouble)).where(col(Delivery.id) == message_id)
    return session.connection().execute(question).scalar_one()


def messages_by_partner(session: Session, subject_id: UUID) -> dict[str, Delivery]:
    """Give the message that tells each partner of something that goes to several, by partner."""
    question = select(Delivery, col(Lane.partner_id)).join(Lane, col(Lane.id) == col(Delivery.lane_id))
    return {to: message for message, to in session.execute(question.where(col(Delivery.referral_id) == subject_id))}


def begin(session: Session, claimed: Claim) -> None:
    """Write down that the attempt is made which a claim allows.

    Args:
        session: the session of the act; its trail says the same.
        claimed: the claim.
    """
    move(session, claimed.message_id, DeliveryEvent.CLAIM)


def look_again(session: Session, lane_id: UUID) -> None:
    """Make a lane due at once, because what hindered its message is over.

    Args:
        session: the session of an act that holds the lane.
        lane_id: which lane.
    """
    session.connection().execute(update(Lane).where(col(Lane.id) == lane_id).values(next_due=database_time(session)))


def record(session: Session, claimed: Claim, ended: Ended) -> None:
    """Write down how an attempt ended and give the lane back, or let it stand still when its message is given up.

    Args:
        session: the session of a unit of work of its own.
        claimed: what was claimed for the attempt.
        ended: how it ended.

    Raises:
        LeaseLost: somebody else holds the lane by now; nothing is written.
    """
    now = database_time(session)
    event, next_due = _consequence(ended.decision, now)
    if claimed.arrived_before and event in _MISSED:
        event, next_due = DeliveryEvent.KEEP, now
    is_over = event in _OVER
    connection = session.connection()
    given_back = connection.execute(
        update(Lane)
        .where(col(Lane.id) == claimed.lane_id, col(Lane.token) == claimed.token)
        .values(
            lease_until=None,
            next_due=next_due,
            pending=col(Lane.pending) - int(is_over),
            stopped_by=claimed.message_id if event is DeliveryEvent.GIVE_UP else None,
        )
    )
    if given_back.rowcount != 1:
        raise LeaseLost
    changes: dict[str, Any] = {"outcome": ended.outcome.category, "trouble": ended.trouble}
    if is_over:
        changes["warn_at"] = None
    if event is not DeliveryEvent.HOLD:
        _keep_attempt(session, claimed, ended, now)
        changes |= {"attempts": claimed.attempt, "failed": ended.tries.failed, "refused": ended.tries.refused}
        changes["resent_from"] = None
    move(session, claimed.message_id, event, **changes)
    note_outcome(session, claimed.partner_id, ended.outcome, now, probe=claimed.probe)


def move(session: Session, message_id: str, event: DeliveryEvent, **changes: object) -> None:
    """Move a message through its life.

    Args:
        session: the session of an act that holds the message's lane.
        message_id: which message.
        event: what happens to it.
        changes: what else changes about it, by column.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    connection = session.connection()
    state = connection.execute(select(col(Delivery.state)).where(col(Delivery.id) == message_id)).scalar_one()
    connection.execute(
        update(Delivery)
        .where(col(Delivery.id) == message_id)
        .values(state=next_state(LIFECYCLE, state, event), **changes)
    )


def move_all(session: Session, message_ids: Collection[str], event: DeliveryEvent, **changes: object) -> None:
    """Move several messages through their lives alike.

    Args:
        session: the session of an act that holds the messages' lanes.
        message_ids: which messages.
        event: what happens to them.
        changes: what else changes about them, by column.

    Raises:
        IllegalTransition: that cannot happen to one of them now.
    """
    connection = session.connection()
    question = select(col(Delivery.id), col(Delivery.state)).where(col(Delivery.id).in_(message_ids))
    in_state: dict[DeliveryState, list[str]] = {}
    for one in connection.execute(question):
        in_state.setdefault(one.state, []).append(one.id)
    for state, ids in in_state.items():
        moved = update(Delivery).where(col(Delivery.id).in_(ids))
        connection.execute(moved.values(state=next_state(LIFECYCLE, state, event), **changes))


def _keep_attempt(session: Session, claimed: Claim, ended: Ended, now: datetime) -> None:
    session.connection().execute(
        insert(Attempt),
        [
            {
                "delivery_id": claimed.message_id,
                "n": claimed.attempt,
                "at": now,
                "outcome": ended.outcome.category,
                "http_status": ended.outcome.http_status,
                "latency_ms": ended.outcome.latency_ms,
                "endpoint_id": ended.endpoint_id,
                "by_hand": claimed.resent_from is not None,
            }
        ],
    )


def _lane_for(session: Session, message: QueuedMessage) -> Lane:
    """Find a message's lane, locked, or make it; due at once when nothing else waits in it."""
    lane = _known_lane(session, message)
    if lane is None:
        lane = Lane(id=new_id(), partner_id=message.partner_id, case_id=message.case_id)
        session.add(lane)
    elif lane.pending == 0:
        lane.next_due = database_time(session)
    return lane


def _known_lane(session: Session, message: QueuedMessage) -> Lane | None:
    new = new_rows_of(session, Lane, message.case_id)
    if new is not None:
        return next((lane for lane in new if lane.partner_id == message.partner_id), None)
    question = select(Lane).where(col(Lane.partner_id) == message.partner_id, col(Lane.case_id) == message.case_id)
    found = session.execute(question.with_for_update(), execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


def _consequence(decision: Decision, now: datetime) -> tuple[DeliveryEvent, datetime]:
    """Say what a decision does to the message, and when its lane is due again; behind a finished message, at once."""
    match decision:
        case Delivered():
            return DeliveryEvent.DELIVER, now
        case RetryAt(at):
            return DeliveryEvent.RETRY, at
        case HoldUntil(at):
            return DeliveryEvent.HOLD, at
        case DeadLetter() | DisableEndpoint():
            return DeliveryEvent.GIVE_UP, now
