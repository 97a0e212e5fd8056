"""Keeps consultations, finds them for those who plan them and for those who are invited, and moves them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.consultations.lifecycle import LIFECYCLE, SHOWN, ConsultationEvent
from service.consultations.tables import Consultation, Participant
from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state

_SHARED: Final = SealedColumn[list[str]](Participant, "shared")
_OUTCOME: Final = SealedColumn[dict[str, Any]](Consultation, "outcome")


class ConsultationNotFound(DomainError):
    """There is no such consultation, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "consultation-not-found"
    title = "There is no such consultation"


def add(session: Session, consultation: Consultation, participants: Iterable[Participant]) -> None:
    """Keep a new consultation and who is invited."""
    session.add(consultation)
    session.add_all(participants)


def consultation_of(session: Session, case_id: UUID, consultation_id: UUID, *, lock: bool = False) -> Consultation:
    """Find a consultation of a case, looking for both so that no other case's is found.

    Args:
        session: where to look.
        case_id: the case, which the caller may see.
        consultation_id: which consultation.
        lock: whether nobody else may change it until this transaction ends.

    Raises:
        ConsultationNotFound: the case has no such consultation.
    """
    question = select(Consultation).where(col(Consultation.case_id) == case_id, col(Consultation.id) == consultation_id)
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None:
        raise ConsultationNotFound
    return found


def consultations_of(session: Session, case_id: UUID) -> list[Consultation]:
    """Give the consultations of a case, oldest first."""
    new = new_rows_of(session, Consultation, case_id)
    if new is not None:
        return new
    question = select(Consultation).where(col(Consultation.case_id) == case_id)
    return list(session.exec(question.order_by(col(Consultation.planned_at), col(Consultation.id))))


def invited_to(session: Session, org: str) -> list[Consultation]:
    """Give the consultations to which an organisation is invited and that are not over, the next one first."""
    invited = select(Participant.consultation_id).where(col(Participant.org) == org)
    question = select(Consultation).where(col(Consultation.id).in_(invited), col(Consultation.state).in_(SHOWN))
    return list(session.exec(question.order_by(col(Consultation.planned_for), col(Consultation.id))))


def invitation(session: Session, consultation_id: UUID, org: str) -> Consultation:
    """Find a consultation for an organisation that is invited to it, as long as it is not over.

    Raises:
        ConsultationNotFound: there is none, it is over, or others are invited.
    """
    found = [one for one in invited_to(session, org) if one.id == consultation_id]
    if not found:
        raise ConsultationNotFound
    return found[0]


def participants_of(session: Session, consultation_id: UUID) -> list[Participant]:
    """Give who is invited, by organisation and pseudonym."""
    question = select(Participant).where(col(Participant.consultation_id) == consultation_id)
    return list(session.exec(question.order_by(col(Participant.org), col(Participant.participant))))


def sealed_names(vault: Vault, case_id: UUID, participant_id: UUID, names: Iterable[str]) -> bytes:
    """Seal the names of the facts that somebody may see, for the row that will hold them."""
    return _SHARED.seal(vault, case_id, (participant_id,), sorted(names))


def names(vault: Vault, case_id: UUID, participant: Participant) -> list[str]:
    """Give the names of the facts that somebody may see.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _SHARED.open(vault, case_id, (participant.id,), participant.shared)


def move(
    session: Session,
    vault: Vault,
    consultation: Consultation,
    event: ConsultationEvent,
    outcome: Mapping[str, Any] | None,
) -> None:
    """Move a consultation through its life.

    Args:
        session: the session that holds it, locked.
        vault: of the act.
        consultation: which one.
        event: what happens to it.
        outcome: what was decided, or why it does not take place; None leaves what was kept.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    consultation.state = next_state(LIFECYCLE, consultation.state, event)
    if outcome is not None:
        consultation.outcome = _OUTCOME.seal(vault, consultation.case_id, (consultation.id,), dict(outcome))
    consultation.version += 1
    session.flush()


def came(session: Session, participant: Participant) -> None:
    """Note that somebody who was invited was there."""
    participant.present = True
    session.flush()


def outcome(vault: Vault, consultation: Consultation) -> dict[str, Any]:
    """Give what was decided, or why it did not take place; empty while neither was said.

    Raises:
        KeysUnavailable: the keys are away.
    """
    if consultation.outcome is None:
        return {}
    return _OUTCOME.open(vault, consultation.case_id, (consultation.id,), consultation.outcome)
