"""How tags are kept: personal data still, so they go when their case is erased; and what people said of two cases."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String
from sqlmodel import Field, SQLModel

from service.database.columns import Coded, UtcInstant
from service.recognition.lifecycle import Verdict
from service.recognition.traits import TraitKind


class RecognitionTag(SQLModel, table=True):
    """One trait of the person of a case as a keyed tag; `key` names the key, so that tags of two keys never meet."""

    __tablename__ = "recognition_tag"
    __table_args__ = (Index("recognition_tag_same", "kind", "key", "tag"),)

    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), primary_key=True))
    kind: TraitKind = Field(sa_column=Column(Coded(TraitKind), primary_key=True))
    key: str = Field(sa_column=Column(String(16), primary_key=True))
    tag: bytes = Field(sa_column=Column(LargeBinary, primary_key=True), repr=False)


class Comparison(SQLModel, table=True):
    """What a person said of two cases, the older first, and why, sealed with its key; not changed, the last counts."""

    __tablename__ = "case_comparison"
    __table_args__ = (
        Index("case_comparison_case", "case_id", "said_at"),
        Index("case_comparison_other", "other_id", "said_at"),
    )

    id: UUID = Field(primary_key=True)
    case_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    other_id: UUID = Field(sa_column=Column(ForeignKey("cases.id"), nullable=False))
    verdict: Verdict = Field(sa_column=Column(Coded(Verdict), nullable=False))
    reason: bytes = Field(default=b"", sa_column=Column(LargeBinary, nullable=False), repr=False)
    said_by: str = Field(sa_column=Column(String(64), nullable=False))
    said_at: datetime = Field(sa_column=Column(UtcInstant, nullable=False))
