"""Whose turn it is: which lane a worker takes next, under a lease, and how long there is nothing to take.

Partners take turns, and no partner has more than a few messages under way at the same time, on all machines together:
so a slow one holds up nobody but itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    Integer,
    Row,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import Session, col

from service.database.columns import UtcInstant
from service.database.lease_clock import database_time
from service.dispatch.backoff import Tries
from service.dispatch.circuit import AT_ONCE, Health
from service.dispatch.circuits import held, make_known, note_turn
from service.dispatch.lifecycle import OPEN
from service.dispatch.store import BrokenLane, Claim
from service.dispatch.tables import Circuit, Delivery, Lane

_PUT_OFF: Final = timedelta(hours=1)
_LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)


def can_be_sent() -> tuple[ColumnElement[bool], ...]:
    """Say which lanes have something to send and do not stand still."""
    # Written as in the partial index, or the index is not used.
    return col(Lane.pending) > literal_column("0"), col(Lane.stopped_by).is_(None)


def _partners_waited_for() -> CTE:
    """Step from one partner with something to send to the next, so that idle ones and their lanes are never read."""
    first = select(func.min(col(Lane.partner_id)).label("partner_id")).where(*can_be_sent())
    waiting = first.cte("waiting", recursive=True)
    following = select(func.min(col(Lane.partner_id))).where(
        *can_be_sent(), col(Lane.partner_id) > waiting.c.partner_id
    )
    return waiting.union_all(select(following.scalar_subquery()).where(waiting.c.partner_id.is_not(None)))


# Questions that are asked again and again are put into words once.
_NOW: Final = bindparam("now", type_=UtcInstant)
_PARTNER: Final[BindParameter[str]] = bindparam("partner")
_LEASED: Final = col(Lane.lease_until) > _NOW
_FREE: Final = or_(col(Lane.lease_until).is_(None), col(Lane.lease_until) <= _NOW)
_WAITING: Final = _partners_waited_for()
_THEIRS: Final = col(Lane.partner_id) == _WAITING.c.partner_id
_LINES: Final = (
    select(
        _WAITING.c.partner_id,
        col(Circuit.partner_id).is_not(None),
        col(Circuit.claimed_at),
        col(Circuit.open_until),
        select(func.min(col(Lane.next_due))).where(_THEIRS, *can_be_sent(), _FREE).scalar_subquery(),
        select(func.count()).select_from(Lane).where(_THEIRS, _LEASED).scalar_subquery(),
        select(func.min(col(Lane.lease_until))).where(_THEIRS, _LEASED).scalar_subquery(),
    )
    .select_from(_WAITING)
    .outerjoin(Circuit, col(Circuit.partner_id) == _WAITING.c.partner_id)
    .where(_WAITING.c.partner_id.is_not(None))
)
_BUSY: Final = select(func.count()).where(col(Lane.partner_id) == _PARTNER, _LEASED)
_DUE_LANES: Final = (
    select(col(Lane.id), col(Lane.token), col(Lane.partner_id), col(Lane.case_id))
    .where(col(Lane.partner_id) == _PARTNER, *can_be_sent(), col(Lane.next_due) <= _NOW, _FREE)
    .order_by(col(Lane.next_due), col(Lane.id))
    .limit(bindparam("most", type_=Integer))
    .with_for_update(skip_locked=True)
)
_FIRST_MESSAGE: Final = (
    select(
        col(Delivery.id),
        col(Delivery.referral_id),
        col(Delivery.kind),
        col(Delivery.body),
        col(Delivery.attempts),
        col(Delivery.failed),
        col(Delivery.refused),
        col(Delivery.resent_from),
        col(Delivery.trace_id),
    )
    .where(col(Delivery.lane_id) == bindparam("lane"), col(Delivery.state).in_(OPEN))
    .order_by(col(Delivery.seq))
    .limit(1)
)


@dataclass(frozen=True)
class _Line:
    """What waits for one partner.

    Attributes:
        partner_id: which partner.
        known: whether anything is kept of how it does.
        claimed_at: when it had its last turn; None when it never had one.
        open_until: until when its circuit is open.
        due_at: when the first of the lanes is due that nobody holds.
        busy: how many lanes are held.
        free_at: when the first lease runs out.
    """

    partner_id: str
    known: bool
    claimed_at: datetime | None
    open_until: datetime | None
    due_at: datetime | None
    busy: int
    free_at: datetime | None

    def sendable_at(self, at_once: int) -> datetime | None:
        """Say from when on a lane can be taken, if nobody ends before that."""
        first = [self.free_at] if self.busy >= at_once else [self.free_at, self.due_at]
        instants = [instant for instant in first if instant is not None]
        return max(min(instants), self.open_until or min(instants)) if instants else None


@dataclass(frozen=True)
class Backlog:
    """What waits to be sent.

    Attributes:
        messages: how many.
        overdue: for how long something could have been sent already and was not.
    """

    messages: int
    overdue: timedelta


def backlog(session: Session, at_once: int = AT_ONCE) -> Backlog:
    """Tell how much waits to be sent, and how late the sending is.

    Args:
        session: where to look.
        at_once: messages that may be under way to one partner at the same time.
    """
    now = database_time(session)
    waiting = select(func.coalesce(func.sum(col(Lane.pending)), 0)).where(*can_be_sent())
    instants = [line.sendable_at(at_once) for line in _lines(session, now)]
    late = [now - instant for instant in instants if instant is not None and instant < now]
    return Backlog(int(session.connection().execute(waiting).scalar_one()), max(late, default=timedelta(0)))


def claim(session: Session, lease: timedelta, at_once: int = AT_ONCE, most: int = 1) -> list[Claim | BrokenLane]:
    """Take lanes that are due, as long as the lease lasts, first from the partner whose last turn was longest ago.

    A lane whose message is missing is put off and given as what it is: it must not stop the others.

    Args:
        session: the session of a unit of work of its own.
        lease: how long nobody else may send from them; at least twice the deadline of one attempt.
        at_once: messages that may be under way to one partner at the same time.
        most: how many lanes to take.

    Returns:
        None when nothing is due, or when those that are due must wait for others.
    """
    now = database_time(session)
    ready = [line for line in _lines(session, now) if (at := line.sendable_at(at_once)) is not None and at <= now]
    unknown = [line.partner_id for line in ready if not line.known]
    if unknown:
        make_known(session, unknown)
    # Whoever never had a turn comes first.
    ready.sort(key=lambda line: (line.claimed_at or _LONG_AGO, line.due_at or now, line.partner_id))
    taken: list[Claim | BrokenLane] = []
    for partner_id, health in _held(session, [line.partner_id for line in ready]):
        if health.open_until is not None and health.open_until > now:
            continue
        probe = health.open_until is not None
        room = min(at_once - _busy(session, partner_id, now), 1 if probe else most - len(taken))
        lanes = _due_lanes(session, partner_id, now, room)
        if lanes:
            note_turn(session, partner_id, now, health.while_probed(now + lease) if probe else health)
            taken += [_leased(session, lane, now + lease, probe=probe) for lane in lanes]
        if len(taken) >= most:
            break
    return taken


def until_next(session: Session, at_once: int = AT_ONCE) -> timedelta | None:
    """Tell how long it is until a lane can be claimed, by the database's clock; nothing when no lane has a message.

    Args:
        session: where to look.
        at_once: messages that may be under way to one partner at the same time.
    """
    now = database_time(session)
    instants = [line.sendable_at(at_once) for line in _lines(session, now)]
    return min((max(timedelta(0), instant - now) for instant in instants if instant is not None), default=None)


def _due_lanes(session: Session, partner_id: str, now: datetime, most: int) -> Sequence[Row[UUID, int, str, UUID]]:
    if most < 1:
        return []
    wanted = {"partner": partner_id, "now": now, "most": most}
    return session.connection().execute(_DUE_LANES, wanted).all()


def _leased(session: Session, lane: Row[UUID, int, str, UUID], until: datetime, *, probe: bool) -> Claim | BrokenLane:
    connection = session.connection()
    first = connection.execute(_FIRST_MESSAGE, {"lane": lane.id}).one_or_none()
    this_lane = update(Lane).where(col(Lane.id) == lane.id)
    if first is None:
        connection.execute(this_lane.values(lease_until=None, next_due=until + _PUT_OFF))
        return BrokenLane(lane.id, lane.partner_id)
    connection.execute(this_lane.values(token=lane.token + 1, lease_until=until))
    return Claim(
        lane_id=lane.id,
        token=lane.token + 1,
        partner_id=lane.partner_id,
        case_id=lane.case_id,
        referral_id=first.referral_id,
        message_id=first.id,
        body=bytes(first.body),
        attempt=first.attempts + 1,
        kind=first.kind,
        tries=Tries(first.failed, first.refused),
        probe=probe,
        resent_from=first.resent_from,
        trace_id=first.trace_id,
    )


def _held(session: Session, partner_ids: Sequence[str]) -> Iterator[tuple[str, Health]]:
    """Give the partners that nobody else is just looking at, one after the other; if there is none, wait for one.

    Whoever holds a partner waits for no other: two workers could wait for each other.
    """
    taken = False
    for partner_id in partner_ids:
        health = held(session, partner_id, wait=False)
        if health is not None:
            taken = True
            yield partner_id, health
    if partner_ids and not taken:
        yield partner_ids[0], held(session, partner_ids[0], wait=True) or Health()


def _lines(session: Session, now: datetime) -> list[_Line]:
    """Give what waits for each partner for which anything waits."""
    return [_Line(*row) for row in session.connection().execute(_LINES, {"now": now})]


def _busy(session: Session, partner_id: str, now: datetime) -> int:
    return session.connection().execute(_BUSY, {"partner": partner_id, "now": now}).scalar_one()
