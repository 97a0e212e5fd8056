"""Somebody has messages sent by hand, one or all that did not arrive, or says that one is not sent any more."""

from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlmodel import col

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.commands.deliveries import RecoverDeliveries, SkipDelivery
from service.casework.context import Context
from service.casework.deliveries.read_deliveries import (
    deliveries_seen,
    delivery_asked,
    delivery_lines,
    delivery_seen,
    endpoint_seen,
)
from service.casework.tasks.kinds import DELIVER_BY_HAND
from service.casework.tasks.open_about import open_about
from service.casework.views.deliveries import DeliveryLine, RecoveryView
from service.dispatch.cancel import skip
from service.dispatch.lifecycle import DeliveryState
from service.dispatch.replay import hold_lanes, resend
from service.dispatch.tables import Delivery, Lane
from service.kernel.errors import DomainError, Kind, Problem
from service.partners import endpoints
from service.partners.lifecycle import LISTENING
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralState

LONGEST_WINDOW: Final = timedelta(days=14)
"""How long a time a recovery covers at most."""

MOST_AT_ONCE: Final = 200
"""Messages that one recovery takes; it says when there are more."""

_NOT_ARRIVED: Final = (DeliveryState.DUE, DeliveryState.WAITING, DeliveryState.DEAD_LETTER)


class BadWindow(DomainError):
    """The window of a recovery ends before it begins, or is too long."""

    kind = Kind.INVALID
    code = "bad-window"
    title = "A recovery covers 14 days at most, and its end comes after its beginning"


class NobodyListens(DomainError):
    """Nothing can be sent, because the partner has no endpoint that gets messages."""

    kind = Kind.CONFLICT
    code = "nobody-listens"
    title = "This partner has no endpoint that gets messages now"


class HeldBack(DomainError):
    """An older message to the same partner about the same case was given up and comes first."""

    kind = Kind.CONFLICT
    code = "held-back"
    title = "An older message to this partner about this case was given up; resend or skip that one first"


def resend_delivery(context: Context, delivery_id: str) -> DeliveryLine:
    """Send a message at once, or once more, under the id that it always had; what fails goes back to where it was.

    Args:
        context: the partner, a coordinator of the case, or an administrator.
        delivery_id: which message.

    Raises:
        ScopeMissing: the caller may not resend.
        DeliveryNotFound: there is no such message for this caller.
        NobodyListens: the partner has no endpoint that gets messages.
        HeldBack: an older message comes first.
        IllegalTransition: it is being sent just now, or was taken back.
    """
    context.require(Scope.DELIVERIES_RESEND)
    asked = delivery_asked(delivery_id)
    with context.refusals_kept(Event.DELIVERY_REFUSED, Action.EXECUTE, *asked) as tried, context.work() as work:
        delivery, lane = delivery_seen(context, work.session, delivery_id)
        tried.in_case(lane.case_id)
        if endpoints.active_endpoint(work.session, lane.partner_id) is None:
            raise NobodyListens
        if resend(work.session, lane.partner_id, [delivery_id]).held_back:
            raise HeldBack
        context.record(work, Act(Event.DELIVERY_RESENT, Action.EXECUTE, str(lane.case_id), asked))
        for row in (delivery, lane):
            work.session.refresh(row)
        (line,) = delivery_lines(context, work.session, [(delivery, lane)])
        return line


def recover_deliveries(context: Context, endpoint_id: UUID, command: RecoverDeliveries) -> RecoveryView:
    """Send everything to a partner now that was recorded in a window of time and has not arrived.

    Args:
        context: the partner, or whoever may resend for it.
        endpoint_id: where it listens.
        command: the window.

    Raises:
        ScopeMissing: the caller may not resend.
        BadWindow: the window is too long, or ends before it begins.
        EndpointNotFound: there is none for this caller.
        NobodyListens: this endpoint gets no messages now.
    """
    context.require(Scope.DELIVERIES_RESEND)
    if not timedelta(0) < command.until - command.since <= LONGEST_WINDOW:
        raise BadWindow(problems=(Problem("/until", BadWindow.code, BadWindow.title),))
    asked = Touched("endpoint", str(endpoint_id))
    with context.refusals_kept(Event.DELIVERY_REFUSED, Action.EXECUTE, asked), context.work() as work:
        endpoint = endpoint_seen(context, work.session, endpoint_id)
        if endpoint.state not in LISTENING:
            raise NobodyListens
        hold_lanes(work.session, endpoint.partner_id)
        lost = deliveries_seen(context).where(
            col(Lane.partner_id) == endpoint.partner_id,
            col(Delivery.recorded_at) >= command.since,
            col(Delivery.recorded_at) < command.until,
            col(Delivery.state).in_(_NOT_ARRIVED),
        )
        ordered = lost.order_by(col(Delivery.recorded_at), col(Delivery.id)).limit(MOST_AT_ONCE + 1)
        found = list(work.session.exec(ordered))
        taken, more = found[:MOST_AT_ONCE], found[MOST_AT_ONCE:]
        done = resend(work.session, endpoint.partner_id, [one.id for one, _ in taken])
        of_case: dict[UUID, list[Touched]] = {}
        for one, lane in taken:
            if one.id in done.queued:
                of_case.setdefault(lane.case_id, []).append(Touched("delivery", one.id))
        for case_id, touched in sorted(of_case.items()):
            context.record(work, Act(Event.DELIVERY_RESENT, Action.EXECUTE, str(case_id), tuple(touched)))
        counted = (asked, Touched("count", str(len(done.queued))))
        context.record(work, Act(Event.DELIVERIES_RECOVERED, Action.EXECUTE, SYSTEM_STREAM, counted))
        return RecoveryView(
            queued=len(done.queued),
            held_back=len(done.held_back),
            stopped_early=bool(more),
            continue_from=more[0][0].recorded_at if more else None,
        )


def skip_delivery(context: Context, delivery_id: str, command: SkipDelivery) -> DeliveryLine:
    """Send a message no more and let those behind it go on; that its partner is not told stays on the desk.

    Args:
        context: a coordinator of the case, or an administrator.
        delivery_id: which message.
        command: why, as a code.

    Raises:
        ScopeMissing: the caller may not skip.
        DeliveryNotFound: there is no such message for this caller.
        IllegalTransition: it has arrived, is being sent just now, or was taken back.
    """
    context.require(Scope.DELIVERIES_SKIP)
    asked = delivery_asked(delivery_id)
    with context.refusals_kept(Event.DELIVERY_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        delivery, lane = delivery_seen(context, work.session, delivery_id)
        tried.in_case(lane.case_id)
        case = cases.hold(work.session, lane.case_id)
        referral = referrals.referral(work.session, delivery.referral_id, lock=True)
        skip(work.session, delivery_id)
        why = Touched("reason", command.reason.value)
        context.record(work, Act(Event.DELIVERY_SKIPPED, Action.UPDATE, str(lane.case_id), (*asked, why)))
        if referral.state is ReferralState.QUEUED:
            open_about(context, work, case, referral, DELIVER_BY_HAND)
        for row in (delivery, lane):
            work.session.refresh(row)
        (line,) = delivery_lines(context, work.session, [(delivery, lane)])
        return line
