"""Keeps signals, finds a repeated submission, opens and seals what was told, and moves a signal through its life."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.one_at_a_time import one_at_a_time
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.signals.lifecycle import LIFECYCLE, SignalEvent, SignalKind
from service.signals.tables import Signal, SignalStep

SEALED: Final = ("facts", "narrative", "identity", "announced", "advice")
"""What of a signal is sealed."""

_TOLD: Final = {name: SealedColumn[Any](Signal, name) for name in SEALED}
_EXPLANATION: Final = SealedColumn[str](SignalStep, "explanation")


class SubmissionKeyReused(DomainError):
    """The submission key came back with another content."""

    kind = Kind.REUSED_KEY
    code = "submission-key-reused"
    title = "This submission key was used for another signal"


class SignalNotFound(DomainError):
    """There is no such signal, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "signal-not-found"
    title = "There is no such signal"


def signal_seen_by(session: Session, signal_id: UUID, org: str | None, *, lock: bool = False) -> Signal:
    """Find a signal that an organisation may see.

    Args:
        session: where to look.
        signal_id: which signal.
        org: the organisation that must have submitted it; None for those who supervise all.
        lock: whether nobody else may change the signal until this transaction ends.

    Raises:
        SignalNotFound: there is none that this organisation may see.
    """
    question = select(Signal).where(col(Signal.id) == signal_id)
    if org is not None:
        question = question.where(col(Signal.org) == org)
    found = session.exec(question.with_for_update() if lock else question).one_or_none()
    if found is None:
        raise SignalNotFound
    return found


def group_seen_by(session: Session, group_id: UUID, org: str | None, *, lock: bool = False) -> Signal:
    """Find a group that an organisation may see.

    Args:
        session: where to look.
        group_id: which group.
        org: the organisation that must have announced it; None for those who supervise all.
        lock: whether nobody else may change the group until this transaction ends.

    Raises:
        SignalNotFound: there is none that this organisation may see.
    """
    found = signal_seen_by(session, group_id, org, lock=lock)
    if found.kind is not SignalKind.GROUP:
        raise SignalNotFound
    return found


def members_of(session: Session, group_id: UUID) -> list[Signal]:
    """Give the signals about the members of a group, by their submission keys."""
    question = select(Signal).where(col(Signal.group_id) == group_id)
    return list(session.exec(question.order_by(col(Signal.submission_key))))


def is_of_a_group(session: Session, case_id: UUID) -> bool:
    """Tell whether the person of a case was found in a group that was announced as one."""
    question = select(Signal.id).where(col(Signal.case_id) == case_id, col(Signal.group_id).is_not(None))
    return session.exec(question.limit(1)).first() is not None


def submitted_before(session: Session, org: str, key: str, content_digest: str) -> Signal | None:
    """Find the signal that an organisation submitted under a key, if it did; until then nobody else can submit it.

    Args:
        session: where to look.
        org: whose key it is; keys of different organisations never meet.
        key: the submission key.
        content_digest: hash of what is submitted now.

    Raises:
        SubmissionKeyReused: what was submitted then is something else.
    """
    one_at_a_time(session, "signal", org, key)
    question = select(Signal).where(col(Signal.org) == org, col(Signal.submission_key) == key)
    known = session.exec(question).one_or_none()
    if known is not None and known.content_digest != content_digest:
        raise SubmissionKeyReused
    return known


def last_submitted_at(session: Session, case_id: UUID) -> datetime | None:
    """Say when the last signal came that a case holds."""
    question = select(Signal.submitted_at).where(col(Signal.case_id) == case_id)
    return session.exec(question.order_by(col(Signal.submitted_at).desc()).limit(1)).first()


def signals_of(session: Session, case_id: UUID) -> list[Signal]:
    """Give the signals that a case holds, in the order in which they came."""
    question = select(Signal).where(col(Signal.case_id) == case_id)
    return list(session.exec(question.order_by(col(Signal.submitted_at), col(Signal.id))))


def add(session: Session, signal: Signal) -> Signal:
    """Keep a new signal."""
    session.add(signal)
    return signal


def owner(signal: Signal) -> UUID:
    """Say with whose key a signal is sealed, and in whose trail it stands: its case's, or its own while it has none."""
    return signal.case_id or signal.id


def sealed(vault: Vault, owner_id: UUID, signal_id: UUID, told: Mapping[str, Any]) -> dict[str, bytes]:
    """Seal what a signal tells, for the row that will hold it; what is empty is left out.

    Args:
        vault: of the act.
        owner_id: whose key seals it.
        signal_id: which signal.
        told: what was told, by name.
    """
    return {
        name: column.seal(vault, owner_id, (signal_id,), told[name]) for name, column in _TOLD.items() if told.get(name)
    }


def told(vault: Vault, signal: Signal) -> dict[str, Any]:
    """Give what a signal tells, by name; what it does not tell is left out.

    Raises:
        KeysUnavailable: the keys are away.
    """
    kept = {name: getattr(signal, name) for name in SEALED}
    return {
        name: _TOLD[name].open(vault, owner(signal), (signal.id,), value)
        for name, value in kept.items()
        if value is not None
    }


def move(session: Session, signal: Signal, event: SignalEvent, case_id: UUID | None = None) -> None:
    """Move a signal through its life.

    Args:
        session: the session that holds the signal.
        signal: which one.
        event: what triage does with it.
        case_id: the case that holds it from now on; None when none does.

    Raises:
        IllegalTransition: that cannot happen to it now.
    """
    session.refresh(signal, with_for_update=True)
    signal.state = next_state(LIFECYCLE, signal.state, event)
    signal.case_id = case_id
    signal.version += 1


def move_sealed(session: Session, vault: Vault, signal: Signal, event: SignalEvent, case_id: UUID | None) -> None:
    """Move a signal into a case or out of one, and seal what it tells with the key of whom it then belongs to.

    Args:
        session: the session that holds the signal.
        vault: of the act.
        signal: which one.
        event: what triage does with it.
        case_id: the case that holds it from now on; None when none does.

    Raises:
        IllegalTransition: that cannot happen to it now.
        KeysUnavailable: the keys are away.
    """
    tells = told(vault, signal)
    move(session, signal, event, case_id)
    for name, value in sealed(vault, owner(signal), signal.id, tells).items():
        setattr(signal, name, value)
    session.flush()


def keep_step(session: Session, vault: Vault, step: SignalStep, explanation: str | None) -> None:
    """Keep what triage did and why.

    Args:
        session: of the act.
        vault: of the act.
        step: what was done, without its explanation.
        explanation: in a person's own words, if there is one.
    """
    if explanation is not None:
        step.explanation = _EXPLANATION.seal(vault, step.signal_id, (step.signal_id, step.version), explanation)
    session.add(step)


def steps_of(session: Session, signal_id: UUID) -> list[SignalStep]:
    """Give what triage did with a signal, oldest first."""
    question = select(SignalStep).where(col(SignalStep.signal_id) == signal_id)
    return list(session.exec(question.order_by(col(SignalStep.version))))


def said_of_step(vault: Vault, step: SignalStep) -> dict[str, str | None]:
    """Give what an act of triage says beside its event: to which case, for which reason, in whose words.

    Raises:
        KeysUnavailable: the keys are away.
    """
    sealed_words, row = step.explanation, (step.signal_id, step.version)
    words = None if sealed_words is None else _EXPLANATION.open(vault, step.signal_id, row, sealed_words)
    return {
        "case": None if step.case_id is None else str(step.case_id),
        "reason": None if step.reason is None else step.reason.value,
        "explanation": words,
    }
