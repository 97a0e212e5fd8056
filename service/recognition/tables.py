"""How tags are kept: personal data still, so they go when their case is erased."""

from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import Coded
from service.recognition.traits import TraitKind


class RecognitionTag(SQLModel, table=True):
    """One trait of the person of a case as a keyed tag; `key` names the key, so that tags of two keys never meet."""

    __tablename__ = "recognition_tag"
    __table_args__ = (Index("recognition_tag_same", "kind", "key", "tag"),)

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    kind: TraitKind = Field(sa_column=Column(Coded(TraitKind), primary_key=True))
    key: str = Field(sa_column=Column(String(16), primary_key=True))
    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True), repr=False)
