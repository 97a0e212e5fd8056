"""Keeps who established which step of a reflection period."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault
from service.reflection.tables import PeriodRecord


def add(session: Session, record: PeriodRecord) -> None:
    """Keep one record."""
    session.add(record)


def records(session: Session, case_id: UUID) -> list[PeriodRecord]:
    """Give what was recorded in a case, oldest first."""
    question = select(PeriodRecord).where(col(PeriodRecord.case_id) == case_id)
    return list(session.exec(question.order_by(col(PeriodRecord.version))))


def sealed(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal one record, for the row that will hold it."""
    return vault.seal(case_id, _place(case_id, version), dict(said))


def said(vault: Vault, record: PeriodRecord) -> dict[str, Any]:
    """Give what one record says.

    Raises:
        KeysUnavailable: the keys are away.
    """
    content: dict[str, Any] = vault.open(record.case_id, _place(record.case_id, record.version), record.said)
    return content


def _place(case_id: UUID, version: int) -> Place:
    return Place("period_record", "said", f"{case_id}/{version}")
