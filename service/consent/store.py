"""Keeps what was said about consent, and gives it back in the order in which it was."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from service.consent.tables import ConsentEntry
from service.database.rows import new_rows_of
from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault


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
    return vault.seal(case_id, _place(case_id, version), dict(said))


def said(vault: Vault, entry: ConsentEntry) -> dict[str, Any]:
    """Give what one entry says.

    Raises:
        KeysUnavailable: the keys are away.
    """
    content: dict[str, Any] = vault.open(entry.case_id, _place(entry.case_id, entry.version), entry.said)
    return content


def _place(case_id: UUID, version: int) -> Place:
    return Place("consent_entry", "said", f"{case_id}/{version}")
