"""Whether sealed values to which no entry committed open where they stand: who moves one between rows is found."""

from collections.abc import Iterator
from typing import Final

from sqlalchemy import inspect, select
from sqlmodel import Session, SQLModel

from service.audit.examination import Finding
from service.cases.tables import CaseDecision
from service.database.sealing.data_key import NotSealedHere, Place
from service.database.sealing.keyring import KeysUnavailable
from service.database.sealing.vault import KeyDestroyed, Vault
from service.partners.tables import Endpoint
from service.referrals.tables import Referral
from service.repeats.tables import KeptRequest

ONLY_SEALED: Final[tuple[tuple[type[SQLModel], str], ...]] = (
    (CaseDecision, "receipt"),
    (Referral, "disclosed"),
    (Endpoint, "secret"),
    (Endpoint, "older_secrets"),
    (KeptRequest, "answer"),
)
"""Columns whose values nobody hashed into an entry; the others are opened and compared with what was committed to."""

_AT_ONCE: Final = 1000


def misplaced(session: Session, vault: Vault) -> Iterator[Finding]:
    """Open every value where it stands.

    Args:
        session: where the rows are.
        vault: opens them; while the keys are away nothing is opened.
    """
    for table, name in ONLY_SEALED:
        columns = inspect(table).columns
        parts = [column for column in columns if column.primary_key]
        question = select(*parts, columns[name]).where(columns[name].is_not(None))
        with session.connection().execute(question, execution_options={"yield_per": _AT_ONCE}) as rows:
            for *key, sealed in rows:
                row = "/".join(map(str, key))
                place = Place(str(table.__tablename__), name, row)
                try:
                    vault.look_at(place, sealed)
                except KeysUnavailable:
                    return
                except (NotSealedHere, KeyDestroyed) as refusal:
                    yield Finding(f"{name} of the {table.__tablename__} {row} cannot be opened: {refusal.title}")
