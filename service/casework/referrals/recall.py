"""Consent has ended: whoever may have read what stood on it is told, and what each says to that is waited for.

What has not left is stopped elsewhere. Here every recipient hears of it: by the message that takes a referral back, or
by a person where no message can say it. Silence becomes somebody's task, and others hear of it.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.deadlines.plan_clocks import Plan, forget_fired, meet_clock, plan_clock, stop_clock
from service.casework.referrals.ask_partner import tell
from service.casework.tasks.kinds import ABOUT_DELIVERY, ABOUT_RECALL, RECALL_BY_HAND
from service.casework.tasks.open_tasks import drop_about, open_about
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


def recall(context: Context, work: UnitOfWork, referral: Referral, *, whole: bool) -> None:
    """Tell a recipient that consent ended, if it can know anything, and have its answer waited for.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what its recipient may have read.
        whole: whether all of it lost its ground; else some of the facts did, and a person says which.
    """
    sent = dispatch.messages_about(work.session, referral.id)
    may_know = referral.arrived_at is not None or any(one.may_have_arrived for one in sent)
    known = [one for one in consents.recalls(work.session, referral.case_id) if one.referral_id == referral.id]
    if not may_know or any(one.whole >= whole for one in known if not consents.is_lifted(one)):
        return
    case = cases.hold(work.session, referral.case_id)
    gone = partners.known_partner(work.session, referral.partner_id).status is PartnerStatus.ENDED
    by_hand = gone or not whole
    due = _due(context)
    made = Recall(
        id=new_id(),
        case_id=case.id,
        referral_id=referral.id,
        whole=whole,
        told_at=context.clock.now(),
        answer_by=due.over_at,
        state=RecallState.BY_HAND if by_hand else RecallState.TOLD,
    )
    consents.add_recall(work.session, made)
    touched: tuple[Touched, ...] = (
        Touched("recall", str(made.id), None, _FIRST),
        Touched("referral", str(referral.id)),
        Touched("partner", referral.partner_id),
    )
    if whole and (not sent or sent[-1].kind is not MessageKind.REFERRAL_WITHDRAWN):
        touched += (Touched("delivery", tell(context, work, referral, MessageKind.REFERRAL_WITHDRAWN)),)
    context.record(work, Act(Event.RECALL_STARTED, Action.CREATE, str(case.id), touched))
    if by_hand:
        open_about(context, work, case, referral, RECALL_BY_HAND)
    plan_clock(context, work, case, Plan(RECALL_ACKNOWLEDGEMENT, _TERM, due, key=str(made.id)))


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
    meet_clock(context, work, case, (RECALL_ACKNOWLEDGEMENT, str(recalled.id)), local_day(said.at))
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
    """Let a recipient keep and read on what consent came back for.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what may be read again.
    """
    for one in consents.recalls(work.session, referral.case_id):
        if one.referral_id == referral.id and not consents.is_lifted(one):
            before, case = one.version, cases.hold(work.session, referral.case_id)
            consents.move(work.session, one, RecallEvent.LIFT)
            _tell_of(context, work, one, Event.RECALL_LIFTED, before)
            stop_clock(context, work, case, (RECALL_ACKNOWLEDGEMENT, str(one.id)))
            _clear_desk(context, work, case, one)


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


def _tell_of(context: Context, work: UnitOfWork, recalled: Recall, event: Event, before: int) -> None:
    moved = Touched("recall", str(recalled.id), before, recalled.version, ("state",))
    touched = (moved, Touched("referral", str(recalled.referral_id)))
    context.record(work, Act(event, Action.UPDATE, str(recalled.case_id), touched))


def _clear_desk(context: Context, work: UnitOfWork, case: Case, recalled: Recall) -> None:
    name = (RECALL_ACKNOWLEDGEMENT, str(recalled.id))
    known = deadlines.clocks(work.session, case.id).get(name)
    if known is not None:
        forget_fired(context, work, case, {known.id})
    drop_about(context, work, referrals.referral(work.session, recalled.referral_id), ABOUT_RECALL | ABOUT_DELIVERY)
