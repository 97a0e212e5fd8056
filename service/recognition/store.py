"""Keeps tags and finds cases that share one; keeps what people said of two cases."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import and_, delete, insert, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import Session, col
from sqlmodel import select as modelled

from service.database.sealing.lookup import LookupKey
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.transitions import next_state
from service.recognition.lifecycle import LIFECYCLE, Likeness
from service.recognition.tables import Comparison, RecognitionTag
from service.recognition.traits import Trait, TraitKind

_REASON: Final = SealedColumn[str](Comparison, "reason")


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


def verdicts(session: Session, case_id: UUID) -> list[Comparison]:
    """Give what people said of a case and others, oldest first."""
    question = modelled(Comparison).where(or_(col(Comparison.case_id) == case_id, col(Comparison.other_id) == case_id))
    return list(session.exec(question.order_by(col(Comparison.said_at), col(Comparison.id))))


def said_of(session: Session, case_id: UUID) -> dict[UUID, Likeness]:
    """Give what counts of a case and others, by the others' ids; of whom nothing is said any more is left out.

    Raises:
        IllegalTransition: what is kept cannot have been said in this order.
    """
    found: dict[UUID, Likeness] = {}
    for one in verdicts(session, case_id):
        other = one.other_id if one.case_id == case_id else one.case_id
        found[other] = next_state(LIFECYCLE, found.get(other, Likeness.UNSAID), one.verdict)
    return {other: likeness for other, likeness in found.items() if likeness is not Likeness.UNSAID}


def say(session: Session, vault: Vault, comparison: Comparison, reason: str) -> None:
    """Keep what a person says of two cases.

    Args:
        session: of the act, which holds the rows of both cases.
        vault: of the act.
        comparison: what is said, without its reason.
        reason: in the person's own words.

    Raises:
        IllegalTransition: it was said before, or nothing was said that could be taken back.
    """
    likeness = said_of(session, comparison.case_id).get(comparison.other_id, Likeness.UNSAID)
    next_state(LIFECYCLE, likeness, comparison.verdict)
    comparison.reason = _REASON.seal(vault, comparison.case_id, (comparison.id,), reason)
    session.add(comparison)
    session.flush()


def reason_of(vault: Vault, comparison: Comparison) -> str:
    """Give why something was said of two cases.

    Raises:
        KeysUnavailable: the keys are away.
    """
    return _REASON.open(vault, comparison.case_id, (comparison.id,), comparison.reason)
