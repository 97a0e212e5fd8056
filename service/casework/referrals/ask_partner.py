"""What happens to one referral: it is proposed, released to its partner, known to have arrived, or taken back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.deliveries.warn_of_late_delivery import warn_at
from service.casework.tasks.end_tasks import drop_about
from service.casework.tasks.kinds import ABOUT_A_REFERRAL, ABOUT_DELIVERY, RELEASE_REFERRAL
from service.database.unit_of_work import UnitOfWork
from service.dispatch import store as dispatch
from service.dispatch.cancel import Cancelled, cancel
from service.dispatch.envelope import MessageKind
from service.dispatch.store import QueuedMessage
from service.kernel.clock import local_day
from service.kernel.ids import new_id
from service.referrals import store as referrals
from service.referrals.lifecycle import ReferralEvent, ReferralState, WithdrawReason
from service.referrals.tables import Referral
from service.routing.facts.terms import Due, Term

AUTOMATIC: Final = "automatic"
"""How rules name what is sent by itself."""

_NOTHING_MORE: Final[Mapping[str, Any]] = {}
_NEWS: Final = frozenset({MessageKind.REFERRAL_SENT})
"""What a partner that knows of a referral need not be told any more; that something was taken back it must hear."""

_OVERTAKEN: Final = frozenset(MessageKind) - {MessageKind.FACTS_RECALLED}
"""What says nothing more once a referral is taken back; whoever must give facts back must hear which."""

_OF_THIS_ONE: Final = frozenset(
    {
        *("id", "partner_id", "disclosed", "made_at", "state", "version", "queued_at", "arrived_at", "answer_by"),
        *("decision_id", "instead_of", "consent_gone", "decline_reason", "withdraw_reason"),
    }
)
"""What a referral does not hand on to the one that is made in its place."""


def hold(work: UnitOfWork, referral: Referral) -> None:
    """Let nobody else change a referral or its case until this act ends; the case first, as everybody does.

    Args:
        work: the unit of work of the act.
        referral: which one; it is read again, because somebody may have changed it meanwhile.
    """
    cases.hold(work.session, referral.case_id)
    referrals.hold(work.session, referral)


def propose(context: Context, work: UnitOfWork, referral: Referral, policy: str | None = None) -> Referral:
    """Keep a new referral, of which nobody is told yet.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: the new one.
        policy: the rules that ask for it.
    """
    referrals.add(work.session, referral)
    touched = (Touched("referral", str(referral.id), None, referral.version), Touched("partner", referral.partner_id))
    act = Act(Event.REFERRAL_PROPOSED, Action.CREATE, str(referral.case_id), touched, policy=policy)
    context.record(work, act)
    return referral


def propose_instead(
    context: Context, work: UnitOfWork, referral: Referral, partner_id: str, decision_id: UUID
) -> Referral:
    """Propose to another partner what one partner was asked.

    Args:
        context: who wants that, or caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what was asked.
        partner_id: who is asked instead.
        decision_id: the decision that counts now and asks for it.
    """
    instead_id, names = new_id(), referrals.disclosed(work.vault, referral)
    instead = Referral(
        **referral.model_dump(exclude=set(_OF_THIS_ONE)),
        id=instead_id,
        decision_id=decision_id,
        partner_id=partner_id,
        instead_of=referral.id,
        disclosed=referrals.sealed_names(work.vault, referral.case_id, instead_id, names),
        made_at=context.clock.now(),
        state=ReferralState.PROPOSED,
    )
    return propose(context, work, instead)


def queue(context: Context, work: UnitOfWork, referral: Referral) -> UUID:
    """Release a referral: from now on its partner is told of it and may read it.

    Args:
        context: who releases it, or caused the rules to.
        work: the unit of work of the act.
        referral: which one; its case's row is held by this unit of work.

    Raises:
        IllegalTransition: the referral was released before.
    """
    before, now = referral.version, context.clock.now()
    referrals.release(work.session, referral, now, answer_by(referral, now))
    message_id = tell(context, work, referral, MessageKind.REFERRAL_SENT)
    touched = (Touched("referral", str(referral.id), before, referral.version), Touched("delivery", message_id))
    context.record(work, Act(Event.REFERRAL_QUEUED, Action.UPDATE, str(referral.case_id), touched))
    drop_about(context, work, referral, {RELEASE_REFERRAL})
    return referral.id


def answer_by(referral: Referral, told_at: datetime) -> datetime | None:
    """Say when the term is over in which a partner answers; none where no answer is awaited.

    Args:
        referral: which one.
        told_at: business time at which the partner was told.
    """
    if referral.answer_term is None:
        return None
    return Term.parse(referral.answer_term).due(local_day(told_at), told_at).over_at


def arrived(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Keep that a partner knows of a referral: it has read it, answered it, or heard of it by telephone.

    Args:
        context: who made it known.
        work: the unit of work of the act; it holds the case's row.
        referral: what the partner knows of, moved already.
    """
    referrals.note_arrival(work.session, referral, context.clock.now())
    stop_telling(context, work, referral)


def stop_telling(context: Context, work: UnitOfWork, referral: Referral) -> None:
    """Announce a referral no more that its partner knows of or need not hear of; what is under way arrives.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: which one.
    """
    stopped = cancel(work.session, referral.id, _NEWS)
    if stopped.message_ids:
        touched = (Touched("referral", str(referral.id)), *_stopped(stopped))
        context.record(work, Act(Event.REFERRAL_DELIVERY_STOPPED, Action.UPDATE, str(referral.case_id), touched))
    drop_about(context, work, referral, ABOUT_DELIVERY)


def withdraw(context: Context, work: UnitOfWork, referral: Referral, why: WithdrawReason) -> None:
    """Take back a referral: its partner is told so if it may have heard of it, and what a desk had to do is needless.

    Args:
        context: who takes it back, or caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: one that has not ended.
        why: a code; partners are not told.

    Raises:
        IllegalTransition: it has ended before.
    """
    before = referral.version
    referrals.move(work.session, referral, ReferralEvent.WITHDRAW, why)
    touched: tuple[Touched, ...] = (Touched("referral", str(referral.id), before, referral.version),)
    stopped = cancel(work.session, referral.id, _OVERTAKEN)
    touched += _stopped(stopped)
    if stopped.may_have_arrived or referral.arrived_at is not None:
        message_id = tell(context, work, referral, MessageKind.REFERRAL_WITHDRAWN)
        touched += (Touched("delivery", message_id),)
    context.record(work, Act(Event.REFERRAL_WITHDRAWN, Action.UPDATE, str(referral.case_id), touched))
    drop_about(context, work, referral, ABOUT_A_REFERRAL)


def tell(
    context: Context, work: UnitOfWork, referral: Referral, kind: MessageKind, codes: Mapping[str, Any] = _NOTHING_MORE
) -> str:
    """Put a message about a referral at the end of its partner's line, and give its id.

    Args:
        context: who caused it.
        work: the unit of work of the act; it holds the case's row.
        referral: what it is about.
        kind: what it announces.
        codes: what it says beside that, as ids and codes.
    """
    message = QueuedMessage(
        partner_id=referral.partner_id,
        case_id=referral.case_id,
        referral_id=referral.id,
        kind=kind,
        recorded_at=context.clock.now(),
        dataref=f"{context.public_url}/v1/referrals/{referral.id}",
        trace_id=context.trace.trace_id,
        warn_at=_warn_at(referral, context.clock.now()) if kind is MessageKind.REFERRAL_SENT else None,
        codes=codes,
    )
    return dispatch.enqueue(work.session, message)


def _warn_at(referral: Referral, now: datetime) -> datetime | None:
    due = None if referral.due is None else Due(referral.due, referral.due_at).over_at
    return warn_at(now, due, referral.answer_by)


def _stopped(stopped: Cancelled) -> tuple[Touched, ...]:
    return tuple(Touched("delivery", message_id) for message_id in stopped.message_ids)
