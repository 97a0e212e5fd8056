"""Somebody looks at messages on their way: a partner at its own, a coordinator at those of its cases."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session, col, func, or_, select
from sqlmodel.sql.expression import Select

from service.access.roles import Role, Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.partners.manage_endpoints import seen_by
from service.casework.questions import ListAllDeliveries, ListDeliveries
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.deliveries import AttemptLine, AttemptList, DeliveryLine, DeliveryPage
from service.database.pages import cut, page_of
from service.dispatch.envelope import ABOUT_NO_CASE
from service.dispatch.lifecycle import OPEN, DeliveryState
from service.dispatch.message_id import is_message_id, message_id, number_of
from service.dispatch.tables import Attempt, Delivery, Lane
from service.kernel.errors import DomainError, Kind
from service.kernel.paging import Mark, cursor, mark_from
from service.partners import endpoints
from service.partners.tables import Endpoint

Message = tuple[Delivery, Lane]
_TRIED_AGAIN = frozenset({DeliveryState.DUE, DeliveryState.WAITING})


class DeliveryNotFound(DomainError):
    """There is no such message, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "delivery-not-found"
    title = "There is no such delivery"


def list_deliveries(context: Context, question: ListDeliveries, endpoint_id: UUID | None = None) -> DeliveryPage:
    """Give one page of the messages that the caller may see, newest first.

    Args:
        context: who looks.
        question: which ones, how many, and where the page before ended.
        endpoint_id: only those to the partner that listens there.

    Raises:
        ScopeMissing: the caller may not read deliveries.
        EndpointNotFound: there is none of which this caller may see anything.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.DELIVERIES_READ)
    asked = () if endpoint_id is None else (Touched("endpoint", str(endpoint_id)),)
    after = mark_from(question.cursor)
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, *asked), context.work() as work:
        wanted = deliveries_seen(context)
        if endpoint_id is not None:
            wanted = wanted.where(col(Lane.partner_id) == endpoint_seen(context, work.session, endpoint_id).partner_id)
        if question.state is not None:
            wanted = wanted.where(col(Delivery.state) == question.state)
        if isinstance(question, ListAllDeliveries) and question.partner_id is not None:
            wanted = wanted.where(col(Lane.partner_id) == question.partner_id)
        ordered = page_of(wanted, (col(Delivery.recorded_at), col(Delivery.id)), question.page_size, after, message_id)
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        shown = [(lane.case_id, Touched("delivery", one.id)) for one, lane in rows]
        tell(context, work, Listed(Event.DELIVERY_LISTED, question, shown))
        lines = delivery_lines(context, work.session, rows)
    return DeliveryPage(items=lines, next_cursor=cursor(end))


def list_attempts(context: Context, delivery_id: str, endpoint_id: UUID | None = None) -> AttemptList:
    """Give every attempt at sending a message, in order.

    Args:
        context: who looks.
        delivery_id: which message.
        endpoint_id: where the partner listens that it is for, when that was said.

    Raises:
        ScopeMissing: the caller may not read deliveries.
        EndpointNotFound: there is none of which this caller may see anything.
        DeliveryNotFound: there is no such message to this partner, or not for this caller.
    """
    context.require(Scope.DELIVERIES_READ)
    asked = delivery_asked(delivery_id)
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, *asked), context.work() as work:
        partner_id = None
        if endpoint_id is not None:
            partner_id = endpoint_seen(context, work.session, endpoint_id).partner_id
        _, lane = delivery_seen(context, work.session, delivery_id, partner_id)
        found = work.session.exec(
            select(Attempt).where(col(Attempt.delivery_id) == delivery_id).order_by(col(Attempt.n))
        )
        lines = tuple(_attempt(one) for one in found)
        context.record(work, Act(Event.DELIVERY_READ, Action.READ, str(lane.case_id), asked))
    return AttemptList(items=lines)


def deliveries_seen(context: Context) -> Select[Delivery, Lane]:
    """Ask for the messages that the caller may see, with their lanes.

    What was taken back before it was tried announces a referral of which its partner was never told. What announces no
    referral is followed where it was asked, and is not worth sending once more.

    Args:
        context: who asks.
    """
    every = select(Delivery, Lane).join(Lane, col(Lane.id) == col(Delivery.lane_id))
    every = every.where(col(Delivery.kind).not_in(ABOUT_NO_CASE))
    match context.caller.role:
        case Role.PARTNER:
            may_know = or_(col(Delivery.state) != DeliveryState.CANCELLED, col(Delivery.attempts) > 0)
            return every.where(col(Lane.partner_id) == context.caller.org, may_know)
        case Role.COORDINATOR:
            cases = select(col(Case.id)).where(col(Case.org) == context.caller.org)
            return every.where(col(Lane.case_id).in_(cases))
        case _:
            return every


def delivery_asked(delivery_id: str) -> tuple[Touched, ...]:
    """Say for the trail which message was asked for; what is no id of ours could be anything, and is not kept.

    Args:
        delivery_id: what the caller said.
    """
    return (Touched("delivery", delivery_id),) if is_message_id(delivery_id) else ()


def delivery_seen(context: Context, session: Session, delivery_id: str, partner_id: str | None = None) -> Message:
    """Find a message that the caller may see, with its lane.

    Args:
        context: who looks.
        session: where to look.
        delivery_id: which message.
        partner_id: to whom it must be; None when that does not matter.

    Raises:
        DeliveryNotFound: there is none that this caller may see.
    """
    question = deliveries_seen(context).where(col(Delivery.id) == delivery_id)
    if partner_id is not None:
        question = question.where(col(Lane.partner_id) == partner_id)
    found = session.exec(question).one_or_none() if is_message_id(delivery_id) else None
    if found is None:
        raise DeliveryNotFound
    return found


def endpoint_seen(context: Context, session: Session, endpoint_id: UUID) -> Endpoint:
    """Find an endpoint of whose deliveries the caller may see any; a coordinator, only where a case of its has some.

    Args:
        context: who looks.
        session: where to look.
        endpoint_id: which endpoint.

    Raises:
        EndpointNotFound: there is none for this caller.
    """
    endpoint = endpoints.endpoint_of(session, endpoint_id, seen_by(context))
    if context.caller.role is Role.COORDINATOR:
        theirs = deliveries_seen(context).where(col(Lane.partner_id) == endpoint.partner_id)
        if session.exec(theirs.limit(1)).first() is None:
            raise endpoints.EndpointNotFound
    return endpoint


def delivery_lines(context: Context, session: Session, messages: Sequence[Message]) -> tuple[DeliveryLine, ...]:
    """Show messages; to a partner none points at another one, because a lane is a case and it is not told which.

    Args:
        context: who looks.
        session: where to look.
        messages: what is shown, with the lanes.
    """
    lanes = {lane.id for _, lane in messages}
    first = select(col(Delivery.lane_id), func.min(col(Delivery.seq))).group_by(col(Delivery.lane_id))
    turns = set(session.exec(first.where(col(Delivery.lane_id).in_(lanes), col(Delivery.state).in_(OPEN))))
    return tuple(
        _line(one, lane, is_next=(lane.id, one.seq) in turns, alone=context.caller.role is Role.PARTNER)
        for one, lane in messages
    )


def _line(delivery: Delivery, lane: Lane, *, is_next: bool, alone: bool) -> DeliveryLine:
    is_tried = is_next and delivery.state in _TRIED_AGAIN and lane.stopped_by is None
    return DeliveryLine(
        id=delivery.id,
        partner_id=lane.partner_id,
        referral_id=delivery.referral_id,
        kind=delivery.kind,
        sequence=delivery.seq,
        recorded_at=delivery.recorded_at,
        state=delivery.state,
        attempts=delivery.attempts,
        outcome=delivery.outcome,
        trouble=delivery.trouble,
        next_attempt_at=lane.next_due if is_tried else None,
        stopped_by=None if alone and lane.stopped_by != delivery.id else lane.stopped_by,
    )


def _mark(row: Message) -> Mark:
    delivery, _ = row
    return Mark(delivery.recorded_at, number_of(delivery.id))


def _attempt(attempt: Attempt) -> AttemptLine:
    return AttemptLine(
        number=attempt.n,
        ended_at=attempt.at,
        outcome=attempt.outcome,
        http_status=attempt.http_status,
        latency_ms=attempt.latency_ms,
        endpoint_id=attempt.endpoint_id,
        by_hand=attempt.by_hand,
    )
