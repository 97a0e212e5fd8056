"""A coordinator asks whether somebody has a place, without a person: what is known is given, else partners are asked.

Nothing that is asked tells of one person. It says no more than for which of a few groups, how soon and how many; where
help is needed decides who is asked and is told to nobody, and it decides nothing where too few people stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.commands.places import AskCapacity
from service.casework.context import Context
from service.casework.places.report_capacity import capacity_views
from service.casework.views.places import AskedPartner, CapacityAnswers, CapacityView
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.envelope import MessageKind
from service.dispatch.store import QueuedMessage
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.partners import store as partners
from service.partners.directory import Listing
from service.places import questions
from service.places import store as places
from service.places.lifecycle import QuestionState
from service.places.policy import SHELTERS, TargetGroup, Urgency, helps
from service.places.tables import Capacity, CapacityAsk, CapacityQuestion
from service.routing.facts.places import Municipality

TERMS: Final = {Urgency.URGENT: "referral.answer_urgent", Urgency.NORMAL: "referral.answer"}
_FITS_AT_LEAST: Final = "places.question_fits_at_least"


class QuestionNotUnderstood(DomainError):
    """Places are asked for where no police unit is, or an answer says something else than it means."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "question-not-understood"
    title: ClassVar[str] = "This cannot be asked or answered about places"


@dataclass(frozen=True)
class _Around:
    """Who can be asked about a group, and what they have reported."""

    listings: Sequence[Listing]
    reports: Sequence[Capacity]


def ask_capacity(context: Context, command: AskCapacity) -> CapacityAnswers:
    """Ask whether there are places; whoever has reported enough of them is named, and else everybody who fits is asked.

    Args:
        context: who asks.
        command: for which group, how soon, how many.

    Raises:
        ScopeMissing: the caller may not ask for places.
        QuestionNotUnderstood: there is no such police unit.
    """
    context.require(Scope.PLACES_HOLD)
    with context.refusals_kept(Event.QUESTION_REFUSED, Action.CREATE), context.work() as work:
        around, everywhere = _around(context, work.session, command)
        names = partners.names(work.session)
        shown = capacity_views(context, work.session, around.reports, names)
        usable = tuple(one for one in shown if one.left and not one.stale)
        known = sum(one.left for one in usable) >= command.count
        to = [] if known else [one.id for one in around.listings]
        asked, asks = put_question(context, work, command, to, org=context.caller.org, everywhere=everywhere)
        work.session.flush()
        return _answers(work.session, asked, (usable, asks), names)


def put_question(
    context: Context,
    work: UnitOfWork,
    command: AskCapacity,
    to: Sequence[str],
    *,
    org: str,
    everywhere: bool = False,
) -> tuple[CapacityQuestion, list[CapacityAsk]]:
    """Keep a question for places and let partners know that they are asked.

    Args:
        context: who asks.
        work: the unit of work of the act.
        command: for which group, how soon, how many.
        to: the partners that are asked.
        org: the organisation to which the answers belong.
        everywhere: whether more partners are asked than those of the region.
    """
    now = context.clock.now()
    asked = CapacityQuestion(
        id=new_id(),
        org=org,
        asked_by=context.caller.subject,
        asked_at=now,
        answer_by=_answer_by(context, command.urgency, now),
        target_group=command.target_group,
        urgency=command.urgency,
        count=command.count,
        everywhere=everywhere,
        state=QuestionState.OPEN if to else QuestionState.SETTLED,
    )
    places.add(work.session, asked)
    touched = (Touched("capacity_question", str(asked.id), None, 1),)
    context.record(work, Act(Event.CAPACITY_ASKED, Action.CREATE, SYSTEM_STREAM, touched))
    return asked, [_tell(context, work, asked, one) for one in to]


def _tell(context: Context, work: UnitOfWork, asked: CapacityQuestion, partner_id: str) -> CapacityAsk:
    """Let a partner know that it is asked, by a message that says nothing but where the question is."""
    ask = CapacityAsk(id=new_id(), question_id=asked.id, partner_id=partner_id)
    places.add(work.session, ask)
    message = QueuedMessage(
        partner_id=partner_id,
        # No case: the question waits in a lane of its own, which nobody can match with a person's.
        case_id=asked.id,
        referral_id=asked.id,
        kind=MessageKind.CAPACITY_ASKED,
        recorded_at=context.clock.now(),
        dataref=f"{context.public_url}/v1/capacity-questions/{asked.id}",
        trace_id=context.trace.trace_id,
    )
    message_id = dispatch.enqueue(work.session, message)
    touched = (Touched("capacity_ask", str(ask.id), None, 1), Touched("delivery", message_id))
    context.record(work, Act(Event.QUESTION_QUEUED, Action.CREATE, SYSTEM_STREAM, touched))
    return ask


def read_answers(context: Context, question_id: UUID) -> CapacityAnswers:
    """Give what has come of a question for places by now; that it was read is kept before it is given.

    Args:
        context: who asked it, or a colleague.
        question_id: which question.

    Raises:
        ScopeMissing: the caller may not ask for places.
        QuestionNotFound: the caller's organisation asked none such.
    """
    context.require(Scope.PLACES_HOLD)
    wanted = Touched("capacity_question", str(question_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, wanted), context.work() as work:
        session = work.session
        asked = questions.question_of(session, question_id, context.caller.org)
        names, asks = partners.names(session), questions.asks_of(session, question_id)
        fitting = {one.id for one in _fitting(context, session, asked.target_group)}
        reports = [one for one in places.capacities(session) if _serves(one, fitting, asked.target_group)]
        shown = capacity_views(context, session, reports, names)
        usable = tuple(one for one in shown if one.left and not one.stale)
        context.record(work, Act(Event.QUESTION_READ, Action.READ, SYSTEM_STREAM, (wanted,)))
        return _answers(session, asked, (usable, asks), names)


def _around(context: Context, session: Session, command: AskCapacity) -> tuple[_Around, bool]:
    """Give who is asked, and whether a region was named that would tell too much."""
    everywhere = _fitting(context, session, command.target_group)
    reports = [
        one for one in places.capacities(session) if _serves(one, {one.id for one in everywhere}, command.target_group)
    ]
    if command.police_unit is None:
        return _Around(everywhere, reports), False
    there = [one for one in everywhere if works_in(context, one, command.police_unit)]
    ids = {one.id for one in there}
    theirs = [one for one in reports if one.partner_id in ids]
    # People among whom nobody stands out: those who are known to stay there, and nobody who is only guessed.
    if sum(one.occupied or 0 for one in theirs) < context.rules().parameters.needed_number(
        _FITS_AT_LEAST, context.today()
    ):
        return _Around(everywhere, reports), True
    return _Around(there, theirs), False


def _fitting(context: Context, session: Session, group: TargetGroup) -> list[Listing]:
    today = context.today()
    return [
        one
        for one in context.directory(session)
        if one.is_asked(today)
        and one.services & SHELTERS[group]
        and helps({feature.attribute: frozenset(feature.values) for feature in one.target_groups}, group)
    ]


def _serves(report: Capacity, partner_ids: Iterable[str], group: TargetGroup) -> bool:
    return report.partner_id in partner_ids and report.target_group is group and report.shelter_type in SHELTERS[group]


def works_in(context: Context, listing: Listing, police_unit: str) -> bool:
    """Tell whether a partner works in a police unit; whose area is not known works anywhere.

    Args:
        context: whose reference data say where that is.
        listing: the partner.
        police_unit: its name.

    Raises:
        QuestionNotUnderstood: there is no such police unit.
    """
    theirs = _municipalities(context, police_unit)
    return not listing.areas or any(
        getattr(one, area.attribute) in area.values for area in listing.areas for one in theirs
    )


def _municipalities(context: Context, police_unit: str) -> list[Municipality]:
    found = [one for one in context.rules().places.municipalities.values() if one.police_unit == police_unit]
    if not found:
        problem = Problem("/police_unit", "not-in-list", "There is no police unit of this name.")
        raise QuestionNotUnderstood(problems=(problem,))
    return found


def _answer_by(context: Context, urgency: Urgency, now: datetime) -> datetime:
    term = context.rules().parameters.needed_term(TERMS[urgency], context.today())
    return term.due(local_day(now), now).over_at


def _answers(
    session: Session,
    asked: CapacityQuestion,
    came: tuple[tuple[CapacityView, ...], Iterable[CapacityAsk]],
    names: dict[str, str],
) -> CapacityAnswers:
    (known, asks), messages = came, dispatch.messages_by_partner(session, asked.id)
    return CapacityAnswers(
        id=asked.id,
        target_group=asked.target_group,
        urgency=asked.urgency,
        count=asked.count,
        asked_at=asked.asked_at,
        answer_by=asked.answer_by,
        state=asked.state,
        everywhere=asked.everywhere,
        reported=known,
        asked=tuple(
            AskedPartner(
                partner_id=one.partner_id,
                partner_name=names[one.partner_id],
                delivery=messages[one.partner_id].state,
                trouble=messages[one.partner_id].trouble,
                answer=one.answer,
                places=one.places,
                answered_at=one.answered_at,
            )
            for one in asks
        ),
    )
