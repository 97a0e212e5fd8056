"""Keeps cases, versions of facts and decisions, and finds them for those who may see them."""

from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from service.cases.lifecycle import DECISION_LIFECYCLE, DecisionEvent
from service.cases.tables import Case, CaseDecision, CaseFacts
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state


class CaseNotFound(DomainError):
    """There is no such case, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "case-not-found"
    title = "There is no such case"


class DecisionNotFound(DomainError):
    """The case has no such decision."""

    kind = Kind.NOT_FOUND
    code = "decision-not-found"
    title = "The case has no such decision"


def add(session: Session, *rows: SQLModel) -> None:
    """Keep a case, then its facts, then a decision, in the order in which they need each other."""
    for row in rows:
        session.add(row)
        session.flush()


def case_seen_by(session: Session, case_id: UUID, org: str | None, *, lock: bool = False) -> Case:
    """Find a case that an organisation may see.

    Args:
        session: where to look.
        case_id: which case.
        org: the organisation that must have opened it; None for those who supervise all.
        lock: whether nobody else may change the case until this transaction ends.

    Raises:
        CaseNotFound: there is none that this organisation may see.
    """
    question = select(Case).where(col(Case.id) == case_id)
    if org is not None:
        question = question.where(col(Case.org) == org)
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None:
        raise CaseNotFound
    return found


def facts(session: Session, case_id: UUID, version: int) -> CaseFacts:
    """Give one version of a case's facts.

    Raises:
        CaseNotFound: the case has no such version.
    """
    found = session.get(CaseFacts, (case_id, version))
    if found is None:
        raise CaseNotFound
    return found


def decisions(session: Session, case_id: UUID) -> list[CaseDecision]:
    """Give a case's decisions, oldest first."""
    question = select(CaseDecision).where(col(CaseDecision.case_id) == case_id)
    return list(session.exec(question.order_by(col(CaseDecision.made_at), col(CaseDecision.id))))


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


def move_decision(session: Session, decision: CaseDecision, event: DecisionEvent) -> None:
    """Move a decision through its life.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(decision, with_for_update=True)
    decision.state = next_state(DECISION_LIFECYCLE, decision.state, event)
    session.flush()
