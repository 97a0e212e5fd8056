"""Keeps tags and finds cases that share one."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col

from service.database.sealing.lookup import LookupKey
from service.recognition.tables import RecognitionTag
from service.recognition.traits import Trait, TraitKind


def remember(session: Session, key: LookupKey, case_id: UUID, traits: Iterable[Trait]) -> None:
    """Keep the tags of a case's person; those that are known already stay as they are.

    Args:
        session: where to keep them; the case's row is there already, and held when it is not new.
        key: makes tags that tell nothing without it.
        case_id: whose person it is.
        traits: by what the person may be recognised.
    """
    wanted = {(trait.kind, key.tag(f"recognition/{trait.kind}", trait.value)) for trait in traits}
    if not wanted:
        return
    question = select(col(RecognitionTag.kind), col(RecognitionTag.tag)).where(
        col(RecognitionTag.case_id) == case_id, col(RecognitionTag.key) == key.id
    )
    known = {(row.kind, bytes(row.tag)) for row in session.connection().execute(question)}
    rows = [{"case_id": case_id, "kind": kind, "key": key.id, "tag": tag} for kind, tag in sorted(wanted - known)]
    if rows:
        session.connection().execute(insert(RecognitionTag), rows)


def forget(session: Session, case_id: UUID) -> None:
    """Forget by what the person of a case may be recognised, because some of it was somebody else's."""
    session.connection().execute(delete(RecognitionTag).where(col(RecognitionTag.case_id) == case_id))


def cases_sharing(session: Session, case_id: UUID) -> dict[UUID, frozenset[TraitKind]]:
    """Give the other cases whose person shares a tag with this one's, and the kinds of what they share."""
    own, other = aliased(RecognitionTag), aliased(RecognitionTag)
    same = and_(
        col(other.kind) == col(own.kind),
        col(other.key) == col(own.key),
        col(other.tag) == col(own.tag),
        col(other.case_id) != col(own.case_id),
    )
    found_by = select(col(other.case_id), col(other.kind)).join_from(own, other, same)
    question = found_by.where(col(own.case_id) == case_id)
    found: dict[UUID, frozenset[TraitKind]] = {}
    for row in session.connection().execute(question):
        found[row.case_id] = found.get(row.case_id, frozenset()) | {row.kind}
    return found
