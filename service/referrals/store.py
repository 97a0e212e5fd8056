"""Keeps referrals, finds them for those who may see them and moves them through their life."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.referrals.lifecycle import (
    LIFECYCLE,
    READABLE,
    UNANSWERED,
    Answer,
    DeclineReason,
    ReferralEvent,
    ReferralState,
    WithdrawReason,
)
from service.referrals.tables import Referral, ReferralAnswer

_DISCLOSED: Final = SealedColumn[list[str]](Referral, "disclosed")


class ReferralNotFound(DomainError):
    """There is no such referral, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "referral-not-found"
    title = "There is no such referral, or it was taken back"


def add(session: Session, referral: Referral) -> Referral:
    """Keep a new referral."""
    session.add(referral)
    return referral


def sealed_names(vault: Vault, case_id: UUID, referral_id: UUID, names: Iterable[str]) -> bytes:
    """Seal the names of the facts that a referral discloses, for the row that will hold them."""
    return _DISCLOSED.seal(vault, case_id, (referral_id,), list(names))


def disclosed(vault: Vault, referral: Referral) -> list[str]:
    """Give the names of the facts that a referral discloses.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _DISCLOSED.open(vault, referral.case_id, (referral.id,), referral.disclosed)


def referral(session: Session, referral_id: UUID, *, lock: bool = False) -> Referral:
    """Give a referral by its id, for the service itself and for no caller.

    Args:
        session: where to look.
        referral_id: which referral.
        lock: whether nobody else may change it until this transaction ends.

    Raises:
        ReferralNotFound: there is none.
    """
    found = session.get(Referral, referral_id, with_for_update=lock)
    if found is None:
        raise ReferralNotFound
    return found


def referral_sent_to(session: Session, referral_id: UUID, partner_id: str) -> Referral:
    """Find a referral that a partner was sent and may still read.

    Args:
        session: where to look.
        referral_id: which referral.
        partner_id: whose it must be.

    Raises:
        ReferralNotFound: there is none that this partner may read.
    """
    question = select(Referral).where(
        col(Referral.id) == referral_id,
        col(Referral.partner_id) == partner_id,
        col(Referral.state).in_(READABLE),
        col(Referral.consent_gone).is_(False),
    )
    found = session.exec(question).one_or_none()
    if found is None:
        raise ReferralNotFound
    return found


def may_be_read(referral: Referral) -> bool:
    """Tell whether its partner may still read it."""
    return referral.state in READABLE and not referral.consent_gone


def referral_asked_of(session: Session, referral_id: UUID, partner_id: str) -> Referral:
    """Find a referral that a partner was asked to answer, in whatever state it is since.

    Raises:
        ReferralNotFound: this partner was not asked.
    """
    question = select(Referral).where(
        col(Referral.id) == referral_id, col(Referral.partner_id) == partner_id, col(Referral.queued_at).is_not(None)
    )
    found = session.exec(question).one_or_none()
    if found is None:
        raise ReferralNotFound
    return found


def referrals_of(session: Session, case_id: UUID, *, lock: bool = False) -> list[Referral]:
    """Give a case's referrals in the order in which they were made.

    Args:
        session: where to look.
        case_id: which case.
        lock: whether nobody else may change any of them until this transaction ends.
    """
    new = new_rows_of(session, Referral, case_id)
    if new is not None:
        return new
    question = select(Referral).where(col(Referral.case_id) == case_id)
    ordered = question.order_by(col(Referral.made_at), col(Referral.asked_as), col(Referral.rule), col(Referral.id))
    if lock:
        ordered = ordered.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(ordered))


def referral_of(session: Session, case_id: UUID, referral_id: UUID) -> Referral:
    """Find a referral of a case, looking for both so that no other case's referral is found.

    Raises:
        ReferralNotFound: the case has no such referral.
    """
    question = select(Referral).where(col(Referral.case_id) == case_id, col(Referral.id) == referral_id)
    found = session.exec(question).one_or_none()
    if found is None:
        raise ReferralNotFound
    return found


def longest_overdue(session: Session, now: datetime, besides: Collection[UUID]) -> UUID | None:
    """Give the referral whose partner should have answered longest ago; None when all are in time.

    Args:
        session: where to look.
        now: business time.
        besides: referrals that are left alone.
    """
    question = (
        select(Referral.id)
        .where(col(Referral.state).in_(UNANSWERED), col(Referral.answer_by) <= now)
        .where(col(Referral.id).not_in(besides))
    )
    return session.exec(question.order_by(col(Referral.answer_by), col(Referral.id)).limit(1)).first()


def proposed_by(session: Session, decision_id: UUID) -> list[Referral]:
    """Give the referrals of a decision that still wait for a person, locked."""
    question = select(Referral).where(
        col(Referral.decision_id) == decision_id, col(Referral.state) == ReferralState.PROPOSED
    )
    ordered = question.order_by(col(Referral.asked_as), col(Referral.rule))
    return list(session.exec(ordered.with_for_update()))


def move(
    session: Session,
    referral: Referral,
    event: ReferralEvent,
    why: DeclineReason | WithdrawReason | None = None,
) -> ReferralState:
    """Move a referral through its life, under its row's lock, and give the state it is in now.

    Args:
        session: the session that holds the referral.
        referral: which one.
        event: what happens to it.
        why: why it is declined or taken back, when it is.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    hold(session, referral)
    following = next_state(LIFECYCLE, referral.state, event)
    if following is not referral.state:
        referral.state = following
        if isinstance(why, DeclineReason):
            referral.decline_reason = why
        if isinstance(why, WithdrawReason):
            referral.withdraw_reason = why
        referral.version += 1
    return following


def hold(session: Session, referral: Referral) -> None:
    """See a referral as it is now, and let nobody else change it until this transaction ends."""
    session.refresh(referral, with_for_update=True)


def release(session: Session, referral: Referral, at: datetime, answer_by: datetime | None) -> None:
    """Let a partner know of a referral from now on.

    Args:
        session: the session that holds the referral.
        referral: one that was proposed.
        at: business time of the release.
        answer_by: when the partner's term to answer is over; None when no answer is awaited.

    Raises:
        IllegalTransition: it was released or taken back before.
    """
    move(session, referral, ReferralEvent.QUEUE)
    referral.queued_at = at
    referral.answer_by = answer_by


def hand_over(session: Session, referral: Referral, answer_by: datetime | None) -> None:
    """Note that a person told the partner, whose term to answer begins anew.

    Args:
        session: the session that holds the referral.
        referral: which one.
        answer_by: when the term is over; None when no answer is awaited.

    Raises:
        IllegalTransition: there is nothing to hand over now.
    """
    before = referral.version
    move(session, referral, ReferralEvent.HAND_OVER)
    referral.answer_by = answer_by
    referral.version = before + 1
    session.flush()


def note_arrival(session: Session, referral: Referral, at: datetime) -> None:
    """Note when a partner was first known to know of a referral, other than by its message."""
    if referral.arrived_at is None:
        referral.arrived_at = at
        session.flush()


def let_read(session: Session, referral: Referral, *, may_read: bool) -> None:
    """Let a partner read a referral, or read it no longer because consent is gone."""
    referral.consent_gone = not may_read
    referral.version += 1
    session.flush()


def keep_answer(session: Session, answer: ReferralAnswer) -> None:
    """Keep what a partner answered."""
    session.add(answer)
    session.flush()


def answer_given(session: Session, referral_id: UUID, answer: Answer) -> ReferralAnswer | None:
    """Give an answer as it was kept, if it was given."""
    question = select(ReferralAnswer).where(
        col(ReferralAnswer.referral_id) == referral_id, col(ReferralAnswer.answer) == answer
    )
    return session.exec(question).one_or_none()


def answers_to(session: Session, referral_ids: Iterable[UUID]) -> list[ReferralAnswer]:
    """Give what was answered to some referrals, in the order in which it was."""
    question = select(ReferralAnswer).where(col(ReferralAnswer.referral_id).in_(list(referral_ids)))
    return list(session.exec(question.order_by(col(ReferralAnswer.given_at), col(ReferralAnswer.answer))))
