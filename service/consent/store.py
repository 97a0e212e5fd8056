"""Keeps what was said about consent and who was told that it ended, in the order in which it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.consent.lifecycle import LIFECYCLE, WAITING, RecallEvent, RecallOutcome, RecallState
from service.consent.tables import ConsentEntry, Recall
from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state

_SAID: Final = SealedColumn[dict[str, Any]](ConsentEntry, "said")


class RecallNotFound(DomainError):
    """This recipient was not told that consent ended."""

    kind = Kind.NOT_FOUND
    code = "recall-not-found"
    title = "There is no such recall"


@dataclass(frozen=True)
class Acknowledgement:
    """What a recipient did, who said so and when."""

    outcome: RecallOutcome
    by: str
    at: datetime
    by_hand: bool = False


def add(session: Session, entry: ConsentEntry) -> None:
    """Keep one entry."""
    session.add(entry)


def entries(session: Session, case_id: UUID) -> list[ConsentEntry]:
    """Give what was recorded in a case, oldest first."""
    new = new_rows_of(session, ConsentEntry, case_id)
    if new is not None:
        return new
    question = select(ConsentEntry).where(col(ConsentEntry.case_id) == case_id)
    return list(session.exec(question.order_by(col(ConsentEntry.version))))


def sealed(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal one entry, for the row that will hold it."""
    return _SAID.seal(vault, case_id, (case_id, version), dict(said))


def said(vault: Vault, entry: ConsentEntry) -> dict[str, Any]:
    """Give what one entry says.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _SAID.open(vault, entry.case_id, (entry.case_id, entry.version), entry.said)


def add_recall(session: Session, recall: Recall) -> None:
    """Keep a new recall."""
    session.add(recall)


def recalls(session: Session, case_id: UUID) -> list[Recall]:
    """Give the recalls of a case, oldest first."""
    new = new_rows_of(session, Recall, case_id)
    if new is not None:
        return new
    question = select(Recall).where(col(Recall.case_id) == case_id)
    return list(session.exec(question.order_by(col(Recall.told_at), col(Recall.id))))


def waiting_for(session: Session, referral_ids: Iterable[UUID]) -> dict[UUID, Recall]:
    """Give what still waits for an answer, the newest by the referral that it is about."""
    question = select(Recall).where(col(Recall.referral_id).in_(list(referral_ids)), col(Recall.state).in_(WAITING))
    return {one.referral_id: one for one in session.exec(question.order_by(col(Recall.told_at)))}


def recall_of(session: Session, referral_id: UUID, recall_id: UUID | None) -> Recall:
    """Give a recall of a referral, the newest when none is named.

    Raises:
        RecallNotFound: its recipient was never told so.
    """
    question = select(Recall).where(col(Recall.referral_id) == referral_id)
    if recall_id is not None:
        question = question.where(col(Recall.id) == recall_id)
    found = session.exec(question.order_by(col(Recall.told_at).desc(), col(Recall.id).desc()).limit(1)).one_or_none()
    if found is None:
        raise RecallNotFound
    return found


def move(session: Session, recall: Recall, event: RecallEvent, said: Acknowledgement | None = None) -> None:
    """Move a recall through its life, whose case's row this transaction holds.

    Args:
        session: the session that holds the recall.
        recall: which one.
        event: what happens to it.
        said: what the recipient did, when it says so.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(recall, with_for_update=True)
    recall.state = next_state(LIFECYCLE, recall.state, event)
    if said is not None:
        recall.outcome = said.outcome
        recall.acknowledged_at = said.at
        recall.acknowledged_by = said.by
        recall.by_hand = said.by_hand
    recall.version += 1
    session.flush()


def narrow(session: Session, recall: Recall, fields: Iterable[str]) -> None:
    """Let some facts stand on a ground again, and the others not, in a case whose row this transaction holds.

    Args:
        session: the session that holds the recall.
        recall: which one.
        fields: the names of those that still stand on none.
    """
    session.refresh(recall, with_for_update=True)
    recall.fields = sorted(fields)
    recall.version += 1
    session.flush()


def is_waiting(recall: Recall) -> bool:
    """Tell whether its recipient has not yet said what it did."""
    return recall.state in WAITING


def still_counts(recall: Recall) -> bool:
    """Tell whether a recipient may still not have what a recall is about; what was lifted or replaced says nothing."""
    return recall.state not in {RecallState.LIFTED, RecallState.REPLACED}
