"""Keeps what a person was told about rights, and says what was told by a day."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.rights.policy import BEFORE_CONSENT, Item, Telling, given_on, missing
from service.rights.tables import RightsRecord

_SAID: Final = SealedColumn[dict[str, Any]](RightsRecord, "said")


def add(session: Session, record: RightsRecord) -> None:
    """Keep one record."""
    session.add(record)


def records(session: Session, case_id: UUID) -> list[RightsRecord]:
    """Give what was recorded in a case, oldest first, what was corrected too."""
    new = new_rows_of(session, RightsRecord, case_id)
    if new is not None:
        return new
    question = select(RightsRecord).where(col(RightsRecord.case_id) == case_id)
    return list(session.exec(question.order_by(col(RightsRecord.version))))


def sealed(vault: Vault, case_id: UUID, version: int, said: Mapping[str, Any]) -> bytes:
    """Seal one record, for the row that will hold it."""
    return _SAID.seal(vault, case_id, (case_id, version), dict(said))


def said(vault: Vault, record: RightsRecord) -> dict[str, Any]:
    """Give what one record says.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _SAID.open(vault, record.case_id, (record.case_id, record.version), record.said)


def counting(told: Mapping[int, Mapping[str, Any]]) -> dict[int, Mapping[str, Any]]:
    """Leave out the records that a later one corrects.

    Args:
        told: what the records of a case say, by their versions.
    """
    corrected = {one["corrects"] for one in told.values()}
    return {version: one for version, one in told.items() if version not in corrected}


def items_given(vault: Vault, kept: Iterable[RightsRecord]) -> dict[Item, date]:
    """Give the first day on which each item was told so that the person understood it, by the records that count.

    Raises:
        KeysUnavailable: the keys are away.
    """
    told = counting({record.version: said(vault, record) for record in kept})
    return given_on(
        Telling(frozenset(map(Item, one["items"])), date.fromisoformat(one["given_on"]), one["understood"])
        for one in told.values()
    )


def given_before(
    session: Session, vault: Vault, case_id: UUID, day: date, needed: Iterable[Item] = BEFORE_CONSENT
) -> bool:
    """Tell whether a person had been told about rights by the end of a day, in a language that the person understands.

    Args:
        session: where to look.
        vault: opens what was recorded.
        case_id: whose case.
        day: the local day of the consent or the report.
        needed: what should have been told; the seven rights when left out.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return not missing(items_given(vault, records(session, case_id)), needed, day)
