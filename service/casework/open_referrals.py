"""Who is asked: each notification of a decision becomes a referral to one partner, sent at once or after a person."""

from collections.abc import Iterable
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import CaseDecision
from service.casework.choose_partner import whom_to_ask
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.envelope import MessageKind
from service.dispatch.store import QueuedMessage
from service.kernel.ids import new_id
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent, ReferralState
from service.referrals.tables import Referral
from service.routing.decision import Decision, Notification
from service.routing.facts.answers import Answers

_AUTOMATIC = "automatic"
_VICTIM = "victim"
_Ask = tuple[str, str, str, str]
_GONE = frozenset({ReferralState.WITHDRAWN, ReferralState.EXPIRED})


def open_referrals(
    context: Context, work: UnitOfWork, made: CaseDecision, answers: Answers, decision: Decision
) -> None:
    """Make a decision's referrals, and queue those that the rules send by themselves.

    Whoever was asked the same before, because of an earlier decision, is not asked again; what has not been told to
    anybody yet and is not asked for any more is withdrawn.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision.
        made: the decision as kept.
        answers: the facts that were decided on.
        decision: the decision as made.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    able = whom_to_ask(context, work.session, answers, decision.as_json())
    # What the person is told is handed over by the coordinator; no message leaves for it.
    told = [one for one in decision.notifications if one.to != _VICTIM]
    wanted = [(one, able(one.to)[0].id) for one in told]
    before = [one for one in referrals.referrals_of(work.session, made.case_id) if one.state not in _GONE]
    _take_back(context, work, before, {_ask(partner_id, one) for one, partner_id in wanted})
    asked = {(one.partner_id, one.asked_as, one.content, one.rule) for one in before}
    for notification, partner_id in wanted:
        if _ask(partner_id, notification) in asked:
            continue
        new = _referral(context, work, (made, decision, notification), partner_id)
        referral = _propose(context, work, new, made.rule_set)
        if notification.dispatch == _AUTOMATIC:
            queue(context, work, referral)


def _take_back(context: Context, work: UnitOfWork, before: Iterable[Referral], wanted: set[_Ask]) -> None:
    """Withdraw what no partner has been told of yet and no rule asks for any more, as after a consent is withdrawn."""
    for referral in before:
        ask = (referral.partner_id, referral.asked_as, referral.content, referral.rule)
        if referral.state is ReferralState.QUEUED and ask not in wanted:
            withdraw(context, work, referral)


def _ask(partner_id: str, notification: Notification) -> _Ask:
    return partner_id, notification.to, notification.content, notification.rule


def queue(context: Context, work: UnitOfWork, referral: Referral) -> UUID:
    """Release a referral: from now on its partner is told of it and may read it.

    Args:
        context: who releases it, or caused the rules to.
        work: the unit of work of the act.
        referral: which one; its case's row is held by this unit of work.

    Raises:
        IllegalTransition: the referral was released before.
    """
    before = referral.version
    referrals.move(work.session, referral, ReferralEvent.QUEUE)
    message_id = dispatch.enqueue(
        work.session,
        QueuedMessage(
            partner_id=referral.partner_id,
            case_id=referral.case_id,
            referral_id=referral.id,
            kind=MessageKind.REFERRAL_SENT,
            recorded_at=context.clock.now(),
            dataref=f"{context.public_url}/v1/referrals/{referral.id}",
            trace_id=context.trace.trace_id,
        ),
    )
    touched = (Touched("referral", str(referral.id), before, referral.version), Touched("delivery", message_id))
    context.record(work, Act(Event.REFERRAL_QUEUED, Action.UPDATE, str(referral.case_id), touched))
    return referral.id


def withdraw(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Take back a referral that nobody was told of.

    Args:
        context: who takes it back, or caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: one that still waits for a person, or for its message to be sent.

    Raises:
        IllegalTransition: it has ended before.
    """
    before = referral.version
    referrals.move(work.session, referral, ReferralEvent.WITHDRAW)
    touched = (Touched("referral", str(referral.id), before, referral.version),)
    context.record(work, Act(Event.REFERRAL_WITHDRAWN, Action.UPDATE, str(referral.case_id), touched))


def ask_instead(context: Context, work: UnitOfWork, referral: Referral, partner_id: str) -> Referral:
    """Propose to another partner what one partner was asked.

    Args:
        context: who wants that.
        work: the unit of work of the act; it holds the case's row.
        referral: what was asked.
        partner_id: who is asked instead.
    """
    own = {"id", "partner_id", "disclosed", "made_at", "state", "version", "decline_reason"}
    instead_id, names = new_id(), referrals.disclosed(work.vault, referral)
    instead = Referral(
        **referral.model_dump(exclude=own),
        id=instead_id,
        partner_id=partner_id,
        disclosed=referrals.sealed_names(work.vault, referral.case_id, instead_id, names),
        made_at=context.clock.now(),
        state=ReferralState.PROPOSED,
    )
    return _propose(context, work, instead, None)


def _propose(context: Context, work: UnitOfWork, referral: Referral, policy: str | None) -> Referral:
    referrals.add(work.session, referral)
    touched = (Touched("referral", str(referral.id), None, referral.version), Touched("partner", referral.partner_id))
    act = Act(Event.REFERRAL_PROPOSED, Action.CREATE, str(referral.case_id), touched, policy=policy)
    context.record(work, act)
    return referral


def _referral(
    context: Context, work: UnitOfWork, asked: tuple[CaseDecision, Decision, Notification], partner_id: str
) -> Referral:
    (made, decision, notification), referral_id = asked, new_id()
    names = context.rules().disclosure[notification.content].facts_for(notification.rule)
    return Referral(
        id=referral_id,
        case_id=made.case_id,
        decision_id=made.id,
        facts_version=made.facts_version,
        partner_id=partner_id,
        asked_as=notification.to,
        content=notification.content,
        disclosed=referrals.sealed_names(work.vault, made.case_id, referral_id, names),
        rule=notification.rule,
        sources=decision.sources(notification.rule),
        due=notification.due,
        due_at=notification.due_at,
        made_at=context.clock.now(),
        state=ReferralState.PROPOSED,
    )
