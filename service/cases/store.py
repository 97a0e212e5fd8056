"""Keeps cases, versions of facts and the steps of a case, and finds them for those who may see them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select

from service.cases.lifecycle import CASE_LIFECYCLE, CaseState
from service.cases.tables import Case, CaseFacts, CaseReturn, CaseStep
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state

_GIVEN: Final = SealedColumn[dict[str, Any]](CaseFacts, "given")
_STEP: Final = SealedColumn[dict[str, Any]](CaseStep, "said")
_RETURN: Final = SealedColumn[dict[str, Any]](CaseReturn, "said")


class CaseNotFound(DomainError):
    """There is no such case, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "case-not-found"
    title = "There is no such case"


class CaseClosed(DomainError):
    """Nobody works on a closed case; what is still heard of it changes nothing but what it must."""

    kind = Kind.CONFLICT
    code = "case-closed"
    title = "The case is closed; reopen it first"


def add(session: Session, *rows: SQLModel) -> None:
    """Keep a case, facts of it, a decision about it."""
    session.add_all(rows)


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


def require_open(case: Case) -> None:
    """Stop what can only be done while somebody works on a case.

    Raises:
        CaseClosed: nobody does.
    """
    if not is_open(case):
        raise CaseClosed


def is_open(case: Case) -> bool:
    """Tell whether somebody works on a case."""
    return case.state is CaseState.OPEN


def facts(session: Session, case_id: UUID, version: int) -> CaseFacts:
    """Give one version of a case's facts.

    Raises:
        CaseNotFound: the case has no such version.
    """
    found = session.get(CaseFacts, (case_id, version))
    if found is None:
        raise CaseNotFound
    return found


def facts_versions(session: Session, case_id: UUID) -> list[CaseFacts]:
    """Give every version of a case's facts, oldest first."""
    question = select(CaseFacts).where(col(CaseFacts.case_id) == case_id)
    return list(session.exec(question.order_by(col(CaseFacts.version))))


def hold(session: Session, case_id: UUID) -> Case:
    """Give a case, for the service itself and for no caller, and let nobody else change it until this transaction ends.

    Raises:
        CaseNotFound: there is none.
    """
    return case_seen_by(session, case_id, None, lock=True)


def cases_by_id(session: Session, case_ids: Iterable[UUID]) -> list[Case]:
    """Give cases by their ids, oldest first, for the service itself and for no caller."""
    question = select(Case).where(col(Case.id).in_(list(case_ids)))
    return list(session.exec(question.order_by(col(Case.opened_at), col(Case.id))))


def sealed_facts(vault: Vault, case_id: UUID, version: int, given: Mapping[str, Any]) -> bytes:
    """Seal one version of a case's facts, for the row that will hold it."""
    return _GIVEN.seal(vault, case_id, (case_id, version), dict(given))


def told(vault: Vault, facts: CaseFacts) -> dict[str, Any]:
    """Give what was told in one version of a case's facts.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _GIVEN.open(vault, facts.case_id, (facts.case_id, facts.version), facts.given)


def known(session: Session, vault: Vault, case: Case) -> dict[str, Any]:
    """Give the facts that count now.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return told(vault, facts(session, case.id, case.facts_version))


def move_case(session: Session, case: Case, step: CaseStep) -> None:
    """Close or reopen a case, whose row this transaction holds locked, and keep the step.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    case.state = next_state(CASE_LIFECYCLE, case.state, step.event)
    session.add(step)
    touch(session, case)


def steps(session: Session, case_id: UUID) -> list[CaseStep]:
    """Give when and why a case was closed and reopened, oldest first."""
    question = select(CaseStep).where(col(CaseStep.case_id) == case_id)
    return list(session.exec(question.order_by(col(CaseStep.version))))


def sealed_step(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal why a case was closed or reopened, for the row that will hold it."""
    return _STEP.seal(vault, case_id, (case_id, version), dict(said))


def said_of_step(vault: Vault, step: CaseStep) -> dict[str, Any]:
    """Give why a case was closed or reopened.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _STEP.open(vault, step.case_id, (step.case_id, step.version), step.said)


def touch(session: Session, case: Case, facts_version: int | None = None) -> None:
    """Count a change of a case, whose row this transaction holds locked.

    Args:
        session: the session that holds the case.
        case: which one.
        facts_version: the version of the facts that counts from now on, when that is what changed.
    """
    case.version += 1
    if facts_version is not None:
        case.facts_version = facts_version
    session.flush()


def open_case_ids(session: Session) -> list[UUID]:
    """Give the ids of all open cases, oldest first, for the service itself and for no caller."""
    question = select(Case.id).where(col(Case.state) == CaseState.OPEN).order_by(col(Case.opened_at), col(Case.id))
    return list(session.exec(question))


def opened_between(session: Session, first: datetime, end: datetime) -> list[UUID]:
    """Give the ids of the cases opened from an instant until before another, for the service itself and no caller."""
    question = select(Case.id).where(col(Case.opened_at) >= first, col(Case.opened_at) < end)
    return list(session.exec(question.order_by(col(Case.opened_at), col(Case.id))))


def facts_known_at(session: Session, case_id: UUID, at: datetime) -> CaseFacts | None:
    """Give the newest version of a case's facts that had been told by an instant, None when nothing had been."""
    question = select(CaseFacts).where(col(CaseFacts.case_id) == case_id, col(CaseFacts.told_at) <= at)
    return session.exec(question.order_by(col(CaseFacts.version).desc()).limit(1)).one_or_none()


def returns(session: Session, case_id: UUID) -> list[CaseReturn]:
    """Give what was recorded of a person's return: the first record and its corrections, the one that counts last."""
    question = select(CaseReturn).where(col(CaseReturn.case_id) == case_id)
    return list(session.exec(question.order_by(col(CaseReturn.version))))


def sealed_return(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal one version of what was recorded of a return, for the row that will hold it."""
    return _RETURN.seal(vault, case_id, (case_id, version), dict(said))


def said_of_return(vault: Vault, kept: CaseReturn) -> dict[str, Any]:
    """Give what was recorded in one version of a return.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _RETURN.open(vault, kept.case_id, (kept.case_id, kept.version), kept.said)
