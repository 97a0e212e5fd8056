"""Keeps what was established in a case and gives it back, oldest first."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.journal.lifecycle import EntryKind
from service.journal.tables import JournalEntry
from service.kernel.errors import DomainError, Kind

_SAID: Final = SealedColumn[dict[str, Any]](JournalEntry, "said")


class EntryNotFound(DomainError):
    """The case has no such entry."""

    kind = Kind.NOT_FOUND
    code = "entry-not-found"
    title = "The case has no such entry"


def add(session: Session, entry: JournalEntry) -> JournalEntry:
    """Keep a new entry."""
    session.add(entry)
    session.flush()
    return entry


def entries_of(session: Session, case_id: UUID, *kinds: EntryKind) -> list[JournalEntry]:
    """Give a case's entries of some kinds, or all of them, in the order in which they were recorded."""
    question = select(JournalEntry).where(col(JournalEntry.case_id) == case_id)
    if kinds:
        question = question.where(col(JournalEntry.kind).in_(kinds))
    return list(session.exec(question.order_by(col(JournalEntry.number))))


def entry_of(session: Session, case_id: UUID, entry_id: UUID, kind: EntryKind) -> JournalEntry:
    """Find an entry of a case, looking for both so that no other case's entry is found.

    Raises:
        EntryNotFound: the case has no such entry of this kind.
    """
    question = select(JournalEntry).where(
        col(JournalEntry.case_id) == case_id, col(JournalEntry.id) == entry_id, col(JournalEntry.kind) == kind
    )
    found = session.exec(question).one_or_none()
    if found is None:
        raise EntryNotFound
    return found


def next_number(session: Session, case_id: UUID) -> int:
    """Give the number of a case's next entry; the transaction holds the case's row."""
    question = select(JournalEntry.number).where(col(JournalEntry.case_id) == case_id)
    newest = session.exec(question.order_by(col(JournalEntry.number).desc()).limit(1)).one_or_none()
    return 1 if newest is None else newest + 1


def sealed(vault: Vault, case_id: UUID, entry_id: UUID, said: Mapping[str, Any]) -> bytes:
    """Seal what was established, for the row that will hold it."""
    return _SAID.seal(vault, case_id, (entry_id,), dict(said))


def said(vault: Vault, entry: JournalEntry) -> dict[str, Any]:
    """Give what was established.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _SAID.open(vault, entry.case_id, (entry.id,), entry.said)
