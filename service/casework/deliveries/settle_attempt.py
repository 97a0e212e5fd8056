"""What follows from one attempt, in one transaction: for the message, its referral, the endpoint and a desk."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Outcome, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deliveries.subjects import stream_of, subject_of
from service.casework.tasks.await_triage import number_told
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import DELIVER_BY_HAND, IN_TROUBLE, NO_ENDPOINT
from service.casework.tasks.open_about import open_about
from service.database.lease_clock import database_time
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.backoff import (
    LONGEST_FAILURE,
    DeadLetter,
    Decision,
    Delivered,
    DisableEndpoint,
    RetryAt,
    Tries,
    Trouble,
    decide,
    spread,
    trouble_with,
)
from service.dispatch.envelope import ABOUT_NO_CASE, OF_A_GROUP, MessageKind
from service.dispatch.outcome import NOTHING_TRIED
from service.dispatch.outcome import Outcome as AttemptOutcome
from service.partners import endpoints
from service.partners.lifecycle import EndpointEvent
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent
from service.referrals.tables import Referral
from service.signals import store as signals

_TASKS: Final[Mapping[Trouble, str]] = {
    Trouble.NOBODY_LISTENS: NO_ENDPOINT,
    Trouble.HARD_TO_REACH: IN_TROUBLE,
    Trouble.GIVEN_UP: DELIVER_BY_HAND,
}
_HEALTH: Final[Mapping[EndpointEvent, Event]] = {
    EndpointEvent.FAIL: Event.ENDPOINT_FAILING,
    EndpointEvent.RECOVER: Event.ENDPOINT_RECOVERED,
}


@dataclass(frozen=True)
class _Sent:
    """A message that went to an endpoint."""

    claimed: dispatch.Claim
    endpoint_id: UUID


def settle_attempt(
    context: Context,
    work: UnitOfWork,
    claimed: dispatch.Claim,
    outcome: AttemptOutcome,
    endpoint_id: UUID | None = None,
) -> None:
    """Keep how an attempt ended and everything that follows from it.

    Args:
        context: the worker's, within the trace of the message.
        work: the unit of work of the act.
        claimed: what was claimed for the attempt.
        outcome: how it ended.
        endpoint_id: where the message went; None when nothing was tried.

    Raises:
        LeaseLost: somebody else holds the lane by now.
    """
    # In the order in which every act locks: case, referral, endpoint, lane, trail.
    about = None if claimed.kind in ABOUT_NO_CASE else _about(work, claimed)
    if claimed.kind in OF_A_GROUP:
        hold_group(work, claimed)
    # What somebody wants sent by hand climbs no ladder: it fails back to where it was.
    tries = claimed.tries if claimed.resent_from is not None else claimed.tries.after(outcome)
    decision = decide(outcome, tries, context.clock.wall(), spread(claimed.message_id, claimed.attempt))
    if endpoint_id is not None and outcome.category not in NOTHING_TRIED:
        sent = _Sent(claimed, endpoint_id)
        _note_health(context, work, sent, works=isinstance(decision, Delivered))
        gone = isinstance(decision, DisableEndpoint)
        if (gone or isinstance(decision, DeadLetter)) and _stop_sending(context, work, sent, gone=gone):
            tries, decision = Tries(), RetryAt(context.clock.wall())
    told_before = dispatch.trouble_of(work.session, claimed.message_id)
    has_arrived = isinstance(decision, Delivered) or claimed.arrived_before
    trouble = None if has_arrived else trouble_with(decision, outcome, tries) or told_before
    dispatch.record(work.session, claimed, dispatch.Ended(outcome, decision, tries, trouble, endpoint_id))
    touched = touched_by(claimed, endpoint_id)
    if about is not None and isinstance(decision, Delivered):
        referral = about[1]
        before = referral.version
        referrals.move(work.session, referral, ReferralEvent.DELIVER)
        touched = (Touched("referral", str(referral.id), before, referral.version), *touched[1:])
    event, ending = _told(decision, claimed)
    context.record(work, Act(event, Action.EXECUTE, stream_of(claimed), touched, ending))
    if claimed.kind is MessageKind.NUMBER_ANNOUNCED and isinstance(decision, Delivered):
        number_told(context, work, claimed.referral_id)
    if about is not None and (trouble is not told_before or trouble is Trouble.GIVEN_UP):
        tell_desk(context, work, about, trouble)


def hold_group(work: UnitOfWork, claimed: dispatch.Claim) -> None:
    """Let nobody else act on a group until this act ends; the group comes first, as a case does.

    Args:
        work: the unit of work of the act.
        claimed: a message about the group.
    """
    signals.group_seen_by(work.session, claimed.referral_id, None, lock=True)


def _about(work: UnitOfWork, claimed: dispatch.Claim) -> tuple[Case, Referral]:
    case = cases.hold(work.session, claimed.case_id)
    return case, referrals.referral(work.session, claimed.referral_id, lock=True)


def tell_desk(context: Context, work: UnitOfWork, about: tuple[Case, Referral], trouble: Trouble | None) -> None:
    """Put onto the desk of a case what has become of a message about a referral, in place of what was said before.

    Args:
        context: who found out.
        work: the unit of work; it holds the case's row.
        about: the case and the referral.
        trouble: what a person must know; None when all is well.
    """
    case, referral = about
    wanted = None if trouble is None else _TASKS[trouble]
    drop_about(context, work, referral, set(_TASKS.values()) - {wanted})
    if wanted is not None:
        open_about(context, work, case, referral, wanted)


def touched_by(claimed: dispatch.Claim, endpoint_id: UUID | None) -> tuple[Touched, ...]:
    """Name what an attempt touches.

    Args:
        claimed: what was claimed for it.
        endpoint_id: where the message goes; None when it goes nowhere.
    """
    touched = (
        Touched(type=subject_of(claimed).type, id=str(claimed.referral_id)),
        Touched(type="delivery", id=claimed.message_id),
        Touched(type="attempt", id=str(claimed.attempt)),
        Touched(type="partner", id=claimed.partner_id),
    )
    return touched if endpoint_id is None else (*touched, Touched(type="endpoint", id=str(endpoint_id)))


def _told(decision: Decision, claimed: dispatch.Claim) -> tuple[Event, Outcome]:
    about = subject_of(claimed)
    match decision:
        case Delivered():
            return about.sent, Outcome.SUCCESS
        case DeadLetter() | DisableEndpoint() if not claimed.arrived_before:
            return about.parked, Outcome.FAILED
        case _:
            return about.failed, Outcome.FAILED


def _note_health(context: Context, work: UnitOfWork, sent: _Sent, *, works: bool) -> None:
    """Note what an attempt says about the endpoint: it begins to fail, or works again."""
    happened = endpoints.note_health(work.session, sent.endpoint_id, works=works, at=database_time(work.session))
    if happened is not None:
        _tell_of(context, work, _HEALTH[happened], sent)


def _stop_sending(context: Context, work: UnitOfWork, sent: _Sent, *, gone: bool) -> bool:
    """Disable an endpoint that is gone or has failed for too long; say whether the partner listens elsewhere by now."""
    endpoint = endpoints.active_endpoint(work.session, sent.claimed.partner_id, lock=True)
    if endpoint is None or endpoint.id != sent.endpoint_id:
        return endpoint is not None
    since = endpoint.failing_since
    if gone or (since is not None and database_time(work.session) - since >= LONGEST_FAILURE):
        endpoints.move_endpoint(work.session, endpoint, EndpointEvent.DISABLE)
        _tell_of(context, work, Event.ENDPOINT_DISABLED, sent)
    return False


def _tell_of(context: Context, work: UnitOfWork, event: Event, sent: _Sent) -> None:
    touched = (Touched("endpoint", str(sent.endpoint_id)), Touched("partner", sent.claimed.partner_id))
    context.record(work, Act(event, Action.UPDATE, SYSTEM_STREAM, touched))
