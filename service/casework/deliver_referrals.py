"""Sends what waits: claim and say so in the trail, send outside any transaction, write down what came of it.

Whoever dies in between leaves a lease that runs out; the message is then sent again under the same id. It may arrive
twice, it is never lost. The worker calls `prepare`, hands the parcel to a `Send`, and calls `record`.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Outcome, Touched
from service.casework.context import Context
from service.database.bell import Ring
from service.database.lease_clock import database_time
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.keyring import WrappingKeyGone
from service.database.sealing.vault import KeyDestroyed
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.backoff import DeadLetter, Decision, Delivered, DisableEndpoint, RetryAt, decide, spread
from service.dispatch.envelope import MEDIA_TYPE
from service.dispatch.outcome import Category
from service.dispatch.outcome import Outcome as AttemptOutcome
from service.dispatch.parcel import Parcel
from service.dispatch.signature import UnusableMessage, UnusableSecret, signed_headers
from service.kernel.errors import DomainError, Kind
from service.kernel.trace import Trace, trace_within
from service.partners import store as partners
from service.partners.lifecycle import EndpointEvent
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent

LARGEST_DRIFT: Final = timedelta(seconds=2)
"""How far this machine's clock may be from the database's; a wrong signing instant is refused by receivers."""


class ClockDrifts(DomainError):
    """This machine's clock and the database's differ too much to sign and send."""

    kind = Kind.UNAVAILABLE
    code = "clock-drifts"
    title = "This machine's clock is wrong; nothing is sent until it is right"


class Instead(Enum):
    """What a turn of the worker can be other than a parcel to send."""

    NOTHING_DUE = auto()
    COULD_NOT_SEND = auto()


@dataclass(frozen=True)
class Sending:
    """A claimed message, signed and ready to go.

    Attributes:
        claimed: the lane and the message that are ours.
        endpoint_id: where it goes.
        parcel: what to hand to the sender.
        trace: the attempt's step in the trace of the act that caused the message.
    """

    claimed: dispatch.Claim
    endpoint_id: UUID
    parcel: Parcel
    trace: Trace


def heard(context: Context, ring: Ring) -> AbstractContextManager[None]:
    """Ring, while the block runs, whenever an act of this process may have given the worker something to do.

    Args:
        context: the worker's.
        ring: called by whichever thread has kept the act; it must return at once.
    """
    return context.database.bell.heard(dispatch.WAITING_LINES, ring)


def until_due(context: Context) -> timedelta | None:
    """Tell how long nothing has to be sent; nothing when no message waits at all.

    Args:
        context: the worker's.
    """
    with context.look() as session:
        return dispatch.until_next(session)


def prepare(context: Context, lease: timedelta) -> Sending | Instead:
    """Claim the message that is due longest, write into the trail that it is about to be sent, and sign it.

    Args:
        context: the worker's.
        lease: how long nobody else may send it; at least twice the deadline of one attempt.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
    """
    context.require(Scope.REFERRALS_DELIVER)
    with context.work() as work:
        if abs(context.clock.wall() - database_time(work.session)) > LARGEST_DRIFT:
            raise ClockDrifts
        claimed = dispatch.claim(work.session, lease)
        if claimed is None:
            return Instead.NOTHING_DUE
        if isinstance(claimed, dispatch.BrokenLane):
            _tell_of(context, work, claimed)
            return Instead.COULD_NOT_SEND
        context = context.within(trace_within(claimed.trace_id))
        ready = _signed(context, work, claimed)
        if isinstance(ready, Category):
            _settle(context, work, claimed, AttemptOutcome(ready), None)
            return Instead.COULD_NOT_SEND
        intent = Act(Event.REFERRAL_SENDING, Action.EXECUTE, str(claimed.case_id), _touched(claimed, ready.endpoint_id))
        context.record(work, intent)
        return ready


def record(context: Context, sending: Sending, outcome: AttemptOutcome) -> bool:
    """Write down how an attempt ended and what follows; say whether it was still ours to write.

    Args:
        context: the worker's.
        sending: what was sent.
        outcome: how it ended.
    """
    context = context.within(sending.trace)
    try:
        with context.work() as work:
            _settle(context, work, sending.claimed, outcome, sending.endpoint_id)
    except dispatch.LeaseLost:
        # Whoever holds the lane now sends the message again, and its outcome is the one that counts.
        return False
    return True


def _tell_of(context: Context, work: UnitOfWork, lane: dispatch.BrokenLane) -> None:
    """Say in the system's trail that a lane has lost its message; no act of the case did that."""
    touched = (Touched("lane", str(lane.lane_id)), Touched("partner", lane.partner_id))
    context.record(work, Act(Event.REFERRAL_DELIVERY_FAILED, Action.EXECUTE, SYSTEM_STREAM, touched, Outcome.FAILED))


def _signed(context: Context, work: UnitOfWork, claimed: dispatch.Claim) -> Sending | Category:
    endpoint = partners.active_endpoint(work.session, claimed.partner_id)
    if endpoint is None:
        return Category.NO_ENDPOINT
    try:
        secrets = partners.secrets(work.vault, endpoint, context.clock.now())
        headers = signed_headers(claimed.message_id, context.clock.wall(), claimed.body, secrets)
    except (UnusableMessage, UnusableSecret, NotSealedHere, KeyDestroyed, WrappingKeyGone):
        return Category.OWN_FAULT
    told = {"Content-Type": MEDIA_TYPE, "traceparent": context.trace.header, **headers}
    return Sending(claimed, endpoint.id, Parcel(endpoint.url, claimed.body, told), context.trace)


def _settle(
    context: Context, work: UnitOfWork, claimed: dispatch.Claim, outcome: AttemptOutcome, endpoint_id: UUID | None
) -> None:
    draw = spread(claimed.message_id, claimed.attempt)
    decision = decide(outcome, claimed.attempt, context.clock.wall(), draw)
    # In the order in which every act locks: referral, endpoint, lane, trail.
    sent = referrals.referral(work.session, claimed.referral_id, lock=True)
    if isinstance(decision, DisableEndpoint) and not _disable_endpoint(context, work, claimed.partner_id, endpoint_id):
        # The partner has registered another address while this attempt was under way: on to that one.
        decision = RetryAt(context.clock.wall())
    dispatch.record(work.session, claimed, outcome, decision)
    touched = _touched(claimed, endpoint_id)
    if isinstance(decision, Delivered):
        before = sent.version
        referrals.move(work.session, sent, ReferralEvent.DELIVER)
        touched = (Touched("referral", str(sent.id), before, sent.version), *touched[1:])
    event, ending = _told(decision)
    context.record(work, Act(event, Action.EXECUTE, str(claimed.case_id), touched, ending))


def _told(decision: Decision) -> tuple[Event, Outcome]:
    match decision:
        case Delivered():
            return Event.REFERRAL_SENT, Outcome.SUCCESS
        case RetryAt():
            return Event.REFERRAL_DELIVERY_FAILED, Outcome.FAILED
        case DeadLetter() | DisableEndpoint():
            return Event.REFERRAL_DELIVERY_PARKED, Outcome.FAILED


def _disable_endpoint(context: Context, work: UnitOfWork, partner_id: str, endpoint_id: UUID | None) -> bool:
    """Stop sending to an address that is gone, and say whether the partner listens nowhere now."""
    endpoint = partners.active_endpoint(work.session, partner_id, lock=True)
    if endpoint is None or endpoint.id != endpoint_id:
        return endpoint is None
    partners.move_endpoint(work.session, endpoint, EndpointEvent.DISABLE)
    touched = (Touched(type="endpoint", id=str(endpoint.id)), Touched(type="partner", id=partner_id))
    context.record(work, Act(Event.ENDPOINT_DISABLED, Action.UPDATE, SYSTEM_STREAM, touched))
    return True


def _touched(claimed: dispatch.Claim, endpoint_id: UUID | None) -> tuple[Touched, ...]:
    touched = (
        Touched(type="referral", id=str(claimed.referral_id)),
        Touched(type="delivery", id=claimed.message_id),
        Touched(type="attempt", id=str(claimed.attempt)),
        Touched(type="partner", id=claimed.partner_id),
    )
    return touched if endpoint_id is None else (*touched, Touched(type="endpoint", id=str(endpoint_id)))
