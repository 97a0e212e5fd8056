"""A ground has ended: whoever may have read what stood on it is told, and what each says to that is waited for.

What has not left is stopped elsewhere. Here every recipient hears of it: by the message that takes a referral back, by
one that names the facts where only some lost their ground, or by a person where no message can reach it. Silence
becomes somebody's task, and others hear of it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic.alias_generators import to_camel

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.end_clocks import forget_fired, meet_clock, stop_clock
from service.casework.deadlines.plan_clocks import Plan, plan_clock
from service.casework.referrals.ask_partner import tell
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import ABOUT_DELIVERY, ABOUT_RECALL, RECALL_BY_HAND
from service.casework.tasks.open_about import open_about
from service.consent import store as consents
from service.consent.lifecycle import RecallEvent, RecallOutcome, RecallState
from service.consent.store import Acknowledgement
from service.consent.tables import Recall
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import RECALL_ACKNOWLEDGEMENT
from service.dispatch import store as dispatch
from service.dispatch.envelope import MessageKind
from service.kernel.clock import local_day
from service.kernel.ids import new_id
from service.partners import store as partners
from service.partners.directory import PartnerStatus
from service.referrals import store as referrals
from service.referrals.tables import Referral
from service.routing.facts.parameters import NoParameterValue
from service.routing.facts.terms import Due

_TERM: Final = "recall.acknowledge"
_FIRST: Final = 1


def recall(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Tell a recipient that all of a referral lost its ground, if it can know anything, and have its answer waited for.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what its recipient may have read.
    """
    sent = dispatch.messages_about(work.session, referral.id)
    may_know = referral.arrived_at is not None or any(one.may_have_arrived for one in sent)
    if not may_know or any(one.whole for one in _counting(work, referral)):
        return
    told_already = bool(sent) and sent[-1].kind is MessageKind.REFERRAL_WITHDRAWN
    _start(context, work, referral, None if told_already else MessageKind.REFERRAL_WITHDRAWN, [])


def recall_facts(context: Context, work: UnitOfWork, referral: Referral, lost: frozenset[str]) -> None:
    """Tell a recipient which of the facts that it has read lost their ground, and have its answer waited for.

    Of what it was told before, it is told again only what it has not answered: one answer is awaited, about all.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what its recipient has read.
        lost: the names of the facts that stand on no ground any more.
    """
    counting = _counting(work, referral)
    answered = {name for one in counting if not consents.is_waiting(one) for name in one.fields}
    asked = {name for one in counting if consents.is_waiting(one) for name in one.fields}
    if any(one.whole for one in counting) or lost <= answered | asked:
        return
    _start(context, work, referral, MessageKind.FACTS_RECALLED, sorted(lost - answered))


def let_stand(context: Context, work: UnitOfWork, referral: Referral, lost: frozenset[str]) -> bool:
    """Let a recipient keep the facts whose ground came back, and say whether there are any.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what its recipient has read.
        lost: the names of the facts that stand on no ground now.
    """
    came_back = False
    for one in _counting(work, referral):
        left, before = [name for name in one.fields if name in lost], one.version
        if not one.whole and not left:
            _lift(context, work, one)
        elif left != one.fields:
            consents.narrow(work.session, one, left)
            _tell_of(context, work, one, Event.RECALL_LIFTED, before, "fields")
        came_back |= left != one.fields or one.state is RecallState.LIFTED
    return came_back


def acknowledge(context: Context, work: UnitOfWork, case: Case, recalled: Recall, said: Acknowledgement) -> None:
    """Keep what a recipient did with what it had read, in time or late; nobody has to ask it any more.

    Args:
        context: who says so, or wrote it down.
        work: the unit of work of the act; it holds the case's row.
        case: the recall's.
        recalled: what was said about.
        said: what the recipient did.

    Raises:
        IllegalTransition: it had said so before, or consent came back.
    """
    before = recalled.version
    consents.move(work.session, recalled, RecallEvent.ACKNOWLEDGE, said)
    _tell_of(context, work, recalled, Event.RECALL_ACKNOWLEDGED, before)
    meet_clock(context, work, case, _clock(recalled), local_day(said.at))
    _clear_desk(context, work, case, recalled)


def heard_by_hand(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Keep that a person told a recipient that consent ended, if that is what it had to hear.

    Args:
        context: who told it.
        work: the unit of work of the act; it holds the case's row.
        referral: what the recipient had read.
    """
    waiting = consents.waiting_for(work.session, [referral.id]).get(referral.id)
    if waiting is not None:
        said = Acknowledgement(RecallOutcome.REACHED, context.caller.subject, context.clock.now(), by_hand=True)
        acknowledge(context, work, cases.hold(work.session, referral.case_id), waiting, said)


def lift(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Let a recipient read on what consent came back for.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what may be read again.
    """
    for one in _counting(work, referral):
        if one.whole:
            _lift(context, work, one)


def miss_recall(context: Context, work: UnitOfWork, case: Case, recall_id: UUID) -> UUID | None:
    """Note that a recipient was silent for too long, and give the referral that it is about; none when it was not.

    Args:
        context: the worker's.
        work: the unit of work; it holds the case's row.
        case: the recall's.
        recall_id: which one.
    """
    found = next((one for one in consents.recalls(work.session, case.id) if one.id == recall_id), None)
    if found is None or not consents.is_waiting(found):
        return None
    before = found.version
    consents.move(work.session, found, RecallEvent.MISS)
    _tell_of(context, work, found, Event.RECALL_UNANSWERED, before)
    return found.referral_id


def _due(context: Context) -> Due:
    """Say until when a recipient answers: the term of the rules, or the end of today where they name none."""
    now: datetime = context.clock.now()
    try:
        term = context.rules().parameters.term(_TERM, context.today())
    except NoParameterValue:
        term = None
    return Due(context.today(), None) if term is None else term.due(context.today(), now)


def _start(
    context: Context, work: UnitOfWork, referral: Referral, message: MessageKind | None, fields: list[str]
) -> None:
    """Keep that a recipient is told, by a message or where none reaches it by a person, and wait for its answer."""
    case, due, gone = cases.hold(work.session, referral.case_id), _due(context), _has_ended(work, referral)
    made = Recall(
        id=new_id(),
        case_id=case.id,
        referral_id=referral.id,
        whole=not fields,
        fields=fields,
        told_at=context.clock.now(),
        answer_by=due.over_at,
        state=RecallState.BY_HAND if gone else RecallState.TOLD,
    )
    _replace(context, work, case, [one for one in _counting(work, referral) if consents.is_waiting(one)])
    consents.add_recall(work.session, made)
    touched: tuple[Touched, ...] = (
        Touched("recall", str(made.id), None, _FIRST, tuple(fields)),
        Touched("referral", str(referral.id)),
        Touched("partner", referral.partner_id),
    )
    if message is not None:
        codes = {"recallId": str(made.id), "fields": [to_camel(one) for one in fields]} if fields else {}
        touched += (Touched("delivery", tell(context, work, referral, message, codes)),)
    context.record(work, Act(Event.RECALL_STARTED, Action.CREATE, str(case.id), touched))
    if gone:
        open_about(context, work, case, referral, RECALL_BY_HAND)
    plan_clock(context, work, case, Plan(RECALL_ACKNOWLEDGEMENT, _TERM, due, key=str(made.id)))


def _has_ended(work: UnitOfWork, referral: Referral) -> bool:
    return partners.known_partner(work.session, referral.partner_id).status is PartnerStatus.ENDED


def _counting(work: UnitOfWork, referral: Referral) -> list[Recall]:
    """Give what the recipient of a referral was told and what was not taken back, oldest first."""
    known = consents.recalls(work.session, referral.case_id)
    return [one for one in known if one.referral_id == referral.id and consents.still_counts(one)]


def _replace(context: Context, work: UnitOfWork, case: Case, waiting: list[Recall]) -> None:
    """Wait for one answer about more instead; whoever is busy with silence so far stays busy."""
    for one in waiting:
        before = one.version
        consents.move(work.session, one, RecallEvent.REPLACE)
        _tell_of(context, work, one, Event.RECALL_REPLACED, before)
        stop_clock(context, work, case, _clock(one))


def _lift(context: Context, work: UnitOfWork, recalled: Recall) -> None:
    before, case = recalled.version, cases.hold(work.session, recalled.case_id)
    consents.move(work.session, recalled, RecallEvent.LIFT)
    _tell_of(context, work, recalled, Event.RECALL_LIFTED, before)
    stop_clock(context, work, case, _clock(recalled))
    _clear_desk(context, work, case, recalled)


def _tell_of(
    context: Context, work: UnitOfWork, recalled: Recall, event: Event, before: int, changed: str = "state"
) -> None:
    moved = Touched("recall", str(recalled.id), before, recalled.version, (changed,))
    touched = (moved, Touched("referral", str(recalled.referral_id)))
    context.record(work, Act(event, Action.UPDATE, str(recalled.case_id), touched))


def _clear_desk(context: Context, work: UnitOfWork, case: Case, recalled: Recall) -> None:
    """Leave nobody busy with a recipient that has answered, or need not, unless it still owes an answer."""
    of_this_one = [one for one in consents.recalls(work.session, case.id) if one.referral_id == recalled.referral_id]
    if any(consents.is_waiting(one) for one in of_this_one):
        return
    known = deadlines.clocks(work.session, case.id)
    forget_fired(context, work, case, {known[_clock(one)].id for one in of_this_one if _clock(one) in known})
    drop_about(context, work, referrals.referral(work.session, recalled.referral_id), ABOUT_RECALL | ABOUT_DELIVERY)


def _clock(recalled: Recall) -> tuple[str, str]:
    return RECALL_ACKNOWLEDGEMENT, str(recalled.id)
