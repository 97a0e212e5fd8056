"""Keeps referrals, finds them for those who may see them and moves them through their life."""

from collections.abc import Iterable
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.referrals.lifecycle import LIFECYCLE, READABLE, DeclineReason, ReferralEvent, ReferralState
from service.referrals.tables import Referral


class ReferralNotFound(DomainError):
    """There is no such referral, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "referral-not-found"
    title = "There is no such referral"


def add(session: Session, referral: Referral) -> Referral:
    """Keep a new referral."""
    session.add(referral)
    session.flush()
    return referral


def sealed_names(vault: Vault, case_id: UUID, referral_id: UUID, names: Iterable[str]) -> bytes:
    """Seal the names of the facts that a referral discloses, for the row that will hold them."""
    return vault.seal(case_id, _disclosed_place(referral_id), list(names))


def disclosed(vault: Vault, referral: Referral) -> list[str]:
    """Give the names of the facts that a referral discloses.

    Raises:
        KeysUnavailable: the keys are away.
    """
    names: list[str] = vault.open(referral.case_id, _disclosed_place(referral.id), referral.disclosed)
    return names


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
    )
    found = session.exec(question).one_or_none()
    if found is None:
        raise ReferralNotFound
    return found


def referral_asked_of(session: Session, referral_id: UUID, partner_id: str) -> Referral:
    """Find a referral that a partner was asked to answer, in whatever state except proposed, and lock it.

    Raises:
        ReferralNotFound: this partner was not asked.
    """
    question = select(Referral).where(
        col(Referral.id) == referral_id,
        col(Referral.partner_id) == partner_id,
        col(Referral.state) != ReferralState.PROPOSED,
    )
    found = session.exec(question.with_for_update()).one_or_none()
    if found is None:
        raise ReferralNotFound
    return found


def referrals_of(session: Session, case_id: UUID) -> list[Referral]:
    """Give a case's referrals in the order in which they were made."""
    question = select(Referral).where(col(Referral.case_id) == case_id)
    return list(session.exec(question.order_by(col(Referral.made_at), col(Referral.asked_as), col(Referral.rule))))


def made_by(session: Session, decision_id: UUID) -> list[Referral]:
    """Give every referral that a decision led to, in whatever state."""
    question = select(Referral).where(col(Referral.decision_id) == decision_id)
    return list(session.exec(question.order_by(col(Referral.asked_as), col(Referral.rule), col(Referral.id))))


def proposed_by(session: Session, decision_id: UUID) -> list[Referral]:
    """Give the referrals of a decision that still wait for a person, locked."""
    question = select(Referral).where(
        col(Referral.decision_id) == decision_id, col(Referral.state) == ReferralState.PROPOSED
    )
    ordered = question.order_by(col(Referral.asked_as), col(Referral.rule))
    return list(session.exec(ordered.with_for_update()))


def move(
    session: Session, referral: Referral, event: ReferralEvent, decline_reason: DeclineReason | None = None
) -> ReferralState:
    """Move a referral through its life, under its row's lock, and give the state it is in now.

    Args:
        session: the session that holds the referral.
        referral: which one.
        event: what happens to it.
        decline_reason: why it is declined, when it is.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(referral, with_for_update=True)
    following = next_state(LIFECYCLE, referral.state, event)
    if following is not referral.state:
        referral.state = following
        referral.decline_reason = decline_reason
        referral.version += 1
        session.flush()
    return following


def _disclosed_place(referral_id: UUID) -> Place:
    return Place("referral", "disclosed", str(referral_id))
