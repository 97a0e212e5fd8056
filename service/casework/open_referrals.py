"""Who is asked: each notification of a decision becomes a referral to one partner, sent at once or after a person."""

from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import CaseDecision
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.envelope import MessageKind
from service.dispatch.store import QueuedMessage
from service.kernel.ids import new_id
from service.partners import store as partners
from service.partners.directory import partner_for
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent, ReferralState
from service.referrals.tables import Referral
from service.routing.decision import Decision, Notification

_AUTOMATIC = "automatic"
_VICTIM = "victim"


def open_referrals(context: Context, work: UnitOfWork, made: CaseDecision, decision: Decision) -> None:
    """Make a decision's referrals, and queue those that the rules send by themselves.

    Args:
        context: who caused the decision.
        work: the unit of work that keeps the decision.
        made: the decision as kept.
        decision: the decision as made.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    directory = partners.directory(work.session)
    coordinator = None if decision.region.fallback else decision.region.care_coordinator
    for notification in decision.notifications:
        # What the person is told is handed over by the coordinator; no message leaves for it.
        if notification.to == _VICTIM:
            continue
        partner = partner_for(notification.to, coordinator, directory)
        referral = referrals.add(work.session, _referral(context, made, notification, partner.id))
        touched = (Touched("referral", str(referral.id), None, referral.version), Touched("partner", partner.id))
        act = Act(Event.REFERRAL_PROPOSED, Action.CREATE, str(made.case_id), touched, policy=made.rule_set)
        context.record(work, act)
        if notification.dispatch == _AUTOMATIC:
            queue(context, work, referral)


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
        ),
    )
    touched = (Touched("referral", str(referral.id), before, referral.version), Touched("delivery", message_id))
    context.record(work, Act(Event.REFERRAL_QUEUED, Action.UPDATE, str(referral.case_id), touched))
    return referral.id


def _referral(context: Context, made: CaseDecision, notification: Notification, partner_id: str) -> Referral:
    return Referral(
        id=new_id(),
        case_id=made.case_id,
        decision_id=made.id,
        facts_version=made.facts_version,
        partner_id=partner_id,
        asked_as=notification.to,
        content=notification.content,
        disclosed=list(context.rules().disclosure[notification.content].facts_for(notification.rule)),
        rule=notification.rule,
        sources=_sources(made, notification.rule),
        due=notification.due,
        due_at=notification.due_at,
        made_at=context.clock.now(),
        state=ReferralState.PROPOSED,
    )


def _sources(made: CaseDecision, rule: str) -> list[str]:
    cited = [source for row in made.content["trace"] if row["rule"] == rule for source in row["sources"]]
    return list(dict.fromkeys(cited))
