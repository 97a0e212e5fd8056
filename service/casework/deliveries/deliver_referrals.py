"""Sends what waits: claim and say so in the trail, send outside any transaction, write down what came of it.

Whoever dies in between leaves a lease that runs out; the message is then sent again under the same id. It may arrive
twice, it is never lost. The worker calls `prepare`, hands the parcel to a `Send`, and calls `record`.
"""

import base64
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

from service.access.roles import Scope
from service.audit import store as audit
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Outcome, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.deliveries.settle_attempt import hold_group, settle_attempt, touched_by
from service.casework.deliveries.subjects import stream_of, subject_of
from service.casework.upkeep.true_clock import require_true_clock
from service.database.bell import Ring
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.keyring import WrappingKeyGone
from service.database.sealing.vault import KeyDestroyed
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.circuit import AT_ONCE
from service.dispatch.envelope import ABOUT_NO_CASE, MEDIA_TYPE, OF_A_GROUP
from service.dispatch.outcome import Category
from service.dispatch.outcome import Outcome as AttemptOutcome
from service.dispatch.parcel import Parcel
from service.dispatch.signature import UnusableMessage, UnusableSecret, signed_headers
from service.dispatch.turns import claim, until_next
from service.kernel.trace import Trace, trace_within
from service.kernel.transitions import IllegalTransition
from service.partners import endpoints

CHECKPOINT: Final = "nrm-checkpoint"
"""Header of a delivery that holds the newest checkpoint of the audit log: its signed note (C2SP), in base64."""


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


def until_due(context: Context, at_once: int = AT_ONCE) -> timedelta | None:
    """Tell how long nothing has to be sent; nothing when no message waits at all.

    Args:
        context: the worker's.
        at_once: messages that may be under way to one partner at the same time.
    """
    with context.look() as session:
        return until_next(session, at_once)


def prepare(context: Context, lease: timedelta, at_once: int = AT_ONCE, most: int = 1) -> list[Sending] | None:
    """Claim messages that are due, write into the trail that they are about to be sent, and sign them.

    What can be claimed but not sent has met that as its attempt, and is not among what is given.

    Args:
        context: the worker's.
        lease: how long nobody else may send them; at least twice the deadline of one attempt.
        at_once: messages that may be under way to one partner at the same time.
        most: how many the caller can send now.

    Returns:
        Nothing at all when nothing is due.

    Raises:
        ScopeMissing: the caller is not the service itself.
        ClockDrifts: this machine's clock is wrong.
    """
    context.require(Scope.REFERRALS_DELIVER)
    ready: list[Sending] = []
    hindered: list[tuple[dispatch.Claim, Category]] = []
    with context.work() as work:
        require_true_clock(context, work.session)
        found = claim(work.session, lease, at_once, most)
        for claimed in found:
            if isinstance(claimed, dispatch.BrokenLane):
                _tell_of(context, work, claimed)
                continue
            within = context.within(trace_within(claimed.trace_id))
            sending = _signed(within, work, claimed)
            if isinstance(sending, Category):
                hindered.append((claimed, sending))
                continue
            dispatch.begin(work.session, claimed)
            touched = touched_by(claimed, sending.endpoint_id)
            within.record(work, Act(subject_of(claimed).sending, Action.EXECUTE, stream_of(claimed), touched))
            ready.append(sending)
    for claimed, hindrance in hindered:
        _keep_hindrance(context.within(trace_within(claimed.trace_id)), claimed, hindrance)
    return ready if found else None


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
            settle_attempt(context, work, sending.claimed, outcome, sending.endpoint_id)
    except dispatch.LeaseLost:
        # Whoever holds the lane now sends the message again, and its outcome is the one that counts.
        return False
    return True


def _keep_hindrance(context: Context, claimed: dispatch.Claim, hindrance: Category) -> None:
    """Keep what kept a message from being sent, in an act of its own, unless it was taken back meanwhile.

    It may open a task, and whoever does so holds the case before the lane.
    """
    with suppress(dispatch.LeaseLost, IllegalTransition), context.work() as work:
        if claimed.kind not in ABOUT_NO_CASE:
            cases.hold(work.session, claimed.case_id)
        if claimed.kind in OF_A_GROUP:
            hold_group(work, claimed)
        dispatch.begin(work.session, claimed)
        settle_attempt(context, work, claimed, AttemptOutcome(hindrance))
        if (
            hindrance is Category.NO_ENDPOINT
            and endpoints.active_endpoint(work.session, claimed.partner_id) is not None
        ):
            # The partner came to listen before we held the lane, and woke a lane that was not put off yet.
            dispatch.look_again(work.session, claimed.lane_id)


def _tell_of(context: Context, work: UnitOfWork, lane: dispatch.BrokenLane) -> None:
    """Say in the system's trail that a lane has lost its message; no act of the case did that."""
    touched = (Touched("lane", str(lane.lane_id)), Touched("partner", lane.partner_id))
    context.record(work, Act(Event.REFERRAL_DELIVERY_FAILED, Action.EXECUTE, SYSTEM_STREAM, touched, Outcome.FAILED))


def _signed(context: Context, work: UnitOfWork, claimed: dispatch.Claim) -> Sending | Category:
    endpoint = endpoints.active_endpoint(work.session, claimed.partner_id)
    if endpoint is None:
        return Category.NO_ENDPOINT
    try:
        secrets = endpoints.secrets(work.vault, endpoint, context.clock.now())
        headers = signed_headers(claimed.message_id, context.clock.wall(), claimed.body, secrets, endpoint.public_key)
    except (UnusableMessage, UnusableSecret, NotSealedHere, KeyDestroyed, WrappingKeyGone):
        return Category.OWN_FAULT
    told = {"Content-Type": MEDIA_TYPE, "traceparent": context.trace.header, **headers, **_promise(work)}
    return Sending(claimed, endpoint.id, Parcel(endpoint.url, claimed.body, told), context.trace)


def _promise(work: UnitOfWork) -> dict[str, str]:
    """Give what the log has promised about itself so far, so that every partner can bear witness to it."""
    try:
        return {CHECKPOINT: _in_header(audit.newest_note(work.session))}
    except audit.NothingSigned:
        return {}


@lru_cache(maxsize=1)
def _in_header(note: str) -> str:
    return base64.b64encode(note.encode("utf-8")).decode("ascii")
