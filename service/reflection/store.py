"""Keeps who established which step of a reflection period."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.reflection.tables import PeriodRecord

_SAID: Final = SealedColumn[dict[str, Any]](PeriodRecord, "said")


def add(session: Session, record: PeriodRecord) -> None:
    """Keep one record."""
    session.add(record)


def records(session: Session, case_id: UUID) -> list[PeriodRecord]:
    """Give what was recorded in a case, oldest first."""
    question = select(PeriodRecord).where(col(PeriodRecord.case_id) == case_id)
    return list(session.exec(question.order_by(col(PeriodRecord.version))))


def sealed(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal one record, for the row that will hold it."""
    return _SAID.seal(vault, case_id, (case_id, version), dict(said))


def said(vault: Vault, record: PeriodRecord) -> dict[str, Any]:
    """Give what one record says.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _SAID.open(vault, record.case_id, (record.case_id, record.version), record.said)
