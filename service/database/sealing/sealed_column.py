"""Columns whose values are sealed, each value bound to the row where it stands."""

from dataclasses import dataclass
from typing import Generic, TypeVar
from uuid import UUID

from sqlmodel import SQLModel

from service.database.sealing.data_key import Place
from service.database.sealing.vault import Vault

T = TypeVar("T")


@dataclass(frozen=True)
class SealedColumn(Generic[T]):
    """A column of sealed values of one shape, in the canonical JSON form of T.

    Attributes:
        table: the table that it stands in.
        name: the column's.
    """

    table: type[SQLModel]
    name: str

    def seal(self, vault: Vault, owner: UUID, row: tuple[object, ...], value: T) -> bytes:
        """Seal a value for the row that will hold it.

        Args:
            vault: of the act.
            owner: whose key seals it.
            row: what tells the row from all others: its id, or its parts.
            value: what is sealed.

        Raises:
            KeysUnavailable: the wrapping keys are away and were never here.
        """
        return vault.seal(owner, self._place(row), value)

    def open(self, vault: Vault, owner: UUID, row: tuple[object, ...], sealed: bytes) -> T:
        """Give the value that a row holds.

        Args:
            vault: of the act.
            owner: as when it was sealed.
            row: as when it was sealed.
            sealed: what the row holds.

        Raises:
            KeysUnavailable: the wrapping keys are away.
            KeyDestroyed: the owner was erased.
            NotSealedHere: these bytes were changed, or belong elsewhere.
        """
        value: T = vault.open(owner, self._place(row), sealed)
        return value

    def _place(self, row: tuple[object, ...]) -> Place:
        return Place(str(self.table.__tablename__), self.name, "/".join(map(str, row)))
