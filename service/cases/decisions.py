"""Keeps decisions about cases and what people chose in their place, and finds them for those who may see them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.cases.lifecycle import DECISION_LIFECYCLE, LIVE, DecisionEvent
from service.cases.tables import Case, CaseDecision, DecisionOverride
from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state

_CONTENT: Final = SealedColumn[dict[str, Any]](CaseDecision, "content")
_RECEIPT: Final = SealedColumn[dict[str, Any]](CaseDecision, "receipt")
_CHOSEN: Final = SealedColumn[dict[str, Any]](DecisionOverride, "chosen")
_REASON: Final = SealedColumn[str](DecisionOverride, "reason")


class DecisionNotFound(DomainError):
    """The case has no such decision."""

    kind = Kind.NOT_FOUND
    code = "decision-not-found"
    title = "The case has no such decision"


def decision_of(session: Session, case_id: UUID, decision_id: UUID) -> CaseDecision:
    """Find a decision of a case, looking for both so that no other case's decision is found.

    Raises:
        DecisionNotFound: the case has no such decision.
    """
    question = select(CaseDecision).where(col(CaseDecision.case_id) == case_id, col(CaseDecision.id) == decision_id)
    found = session.exec(question.with_for_update()).one_or_none()
    if found is None:
        raise DecisionNotFound
    return found


def decision_seen_by(session: Session, decision_id: UUID, org: str | None) -> CaseDecision:
    """Find a decision about a case that an organisation may see.

    Args:
        session: where to look.
        decision_id: which decision.
        org: the organisation that must have opened the case; None for those who supervise all.

    Raises:
        DecisionNotFound: there is none that this organisation may see.
    """
    question = select(CaseDecision).where(col(CaseDecision.id) == decision_id)
    if org is not None:
        question = question.join(Case, col(Case.id) == col(CaseDecision.case_id)).where(col(Case.org) == org)
    found = session.exec(question).one_or_none()
    if found is None:
        raise DecisionNotFound
    return found


def decisions_of(session: Session, case_id: UUID) -> list[CaseDecision]:
    """Give a case's decisions, oldest first."""
    question = select(CaseDecision).where(col(CaseDecision.case_id) == case_id)
    return list(session.exec(question.order_by(col(CaseDecision.made_at), col(CaseDecision.id))))


def decision_ids(session: Session, case_id: UUID | None) -> list[UUID]:
    """Give the ids of all decisions of a case or of all cases, case by case and each case's oldest first."""
    question = select(CaseDecision.id).order_by(
        col(CaseDecision.case_id), col(CaseDecision.made_at), col(CaseDecision.id)
    )
    return list(session.exec(question if case_id is None else question.where(col(CaseDecision.case_id) == case_id)))


def decisions_by_id(session: Session, ids: Iterable[UUID]) -> list[CaseDecision]:
    """Give decisions by their ids, in that order, for the service itself and for no caller."""
    places = {one: place for place, one in enumerate(ids)}
    found = session.exec(select(CaseDecision).where(col(CaseDecision.id).in_(places)))
    return sorted(found, key=lambda one: places[one.id])


def live_decision(session: Session, case_id: UUID) -> CaseDecision:
    """Give the one decision of a case that counts, locked.

    Raises:
        DecisionNotFound: the case has none.
    """
    question = select(CaseDecision).where(col(CaseDecision.case_id) == case_id, col(CaseDecision.state).in_(LIVE))
    found = session.exec(question.with_for_update()).one_or_none()
    if found is None:
        raise DecisionNotFound
    return found


def live_decisions(session: Session, case_ids: Iterable[UUID]) -> dict[UUID, CaseDecision]:
    """Give the decisions that count, by the ids of their cases."""
    ids = list(case_ids)
    new = new_rows_of(session, CaseDecision, *ids)
    if new is not None:
        return {one.case_id: one for one in new if one.state in LIVE}
    question = select(CaseDecision).where(col(CaseDecision.case_id).in_(ids), col(CaseDecision.state).in_(LIVE))
    return {one.case_id: one for one in session.exec(question)}


def move(session: Session, decision: CaseDecision, event: DecisionEvent) -> None:
    """Move a decision through its life.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(decision, with_for_update=True)
    decision.state = next_state(DECISION_LIFECYCLE, decision.state, event)
    decision.version += 1
    session.flush()


def sealed_content(vault: Vault, case_id: UUID, decision_id: UUID, content: Mapping[str, Any]) -> bytes:
    """Seal what was decided, for the row that will hold it."""
    return _CONTENT.seal(vault, case_id, (decision_id,), dict(content))


def content(vault: Vault, decision: CaseDecision) -> dict[str, Any]:
    """Give what was decided.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _CONTENT.open(vault, decision.case_id, (decision.id,), decision.content)


def sealed_receipt(vault: Vault, case_id: UUID, decision_id: UUID, receipt: Mapping[str, str | None]) -> bytes:
    """Seal on what a decision was made and what came out, for the row that will hold it."""
    return _RECEIPT.seal(vault, case_id, (decision_id,), dict(receipt))


def receipt(vault: Vault, decision: CaseDecision) -> dict[str, Any] | None:
    """Give the receipt of a decision; None for those that were made before receipts were kept.

    Raises:
        KeysUnavailable: the keys are away.
    """
    if decision.receipt is None:
        return None
    return _RECEIPT.open(vault, decision.case_id, (decision.id,), decision.receipt)


def overrides_of(session: Session, case_id: UUID) -> list[DecisionOverride]:
    """Give what people chose in place of what the rules proposed, oldest first."""
    question = select(DecisionOverride).where(col(DecisionOverride.case_id) == case_id)
    return list(session.exec(question.order_by(col(DecisionOverride.chosen_at), col(DecisionOverride.id))))


def sealed_choice(vault: Vault, case_id: UUID, override_id: UUID, chosen: Mapping[str, Any]) -> bytes:
    """Seal what a person chose in place of what the rules proposed, for the row that will hold it."""
    return _CHOSEN.seal(vault, case_id, (override_id,), dict(chosen))


def chosen(vault: Vault, override: DecisionOverride) -> dict[str, Any]:
    """Give what a person chose in place of what the rules proposed.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _CHOSEN.open(vault, override.case_id, (override.id,), override.chosen)


def sealed_reason(vault: Vault, case_id: UUID, override_id: UUID, reason: str) -> bytes:
    """Seal why a person chose something else, for the row that will hold it."""
    return _REASON.seal(vault, case_id, (override_id,), reason)


def reason(vault: Vault, override: DecisionOverride) -> str:
    """Give why a person chose something else.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _REASON.open(vault, override.case_id, (override.id,), override.reason)
