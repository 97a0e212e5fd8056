"""How the wrapped keys of cases are kept: without the wrapping keys, which are elsewhere, they open nothing."""

from uuid import UUID

from sqlalchemy import Column, LargeBinary, String
from sqlmodel import Field, SQLModel


class KeptKey(SQLModel, table=True):
    """One wrapped key of one owner; erasing an owner is deleting its rows here.

    An owner has one key, and one more for each act that had to seal while the wrapping keys were away.
    """

    __tablename__ = "data_key"

    id: UUID = Field(primary_key=True)
    owner: UUID = Field(index=True)
    epoch: str = Field(sa_column=Column(String(36), nullable=False, index=True))
    form: str = Field(sa_column=Column(String(8), nullable=False))
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False), repr=False)
