"""Keeps signals, finds a repeated submission and moves a signal through its life."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from service.database.one_at_a_time import one_at_a_time
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state
from service.signals.lifecycle import LIFECYCLE, SignalEvent
from service.signals.tables import Signal


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


def signal_seen_by(session: Session, signal_id: UUID, org: str | None) -> Signal:
    """Find a signal that an organisation may see.

    Args:
        session: where to look.
        signal_id: which signal.
        org: the organisation that must have submitted it; None for those who supervise all.

    Raises:
        SignalNotFound: there is none that this organisation may see.
    """
    question = select(Signal).where(col(Signal.id) == signal_id)
    if org is not None:
        question = question.where(col(Signal.org) == org)
    found = session.exec(question).one_or_none()
    if found is None:
        raise SignalNotFound
    return found


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


def add(session: Session, signal: Signal) -> Signal:
    """Keep a new signal."""
    session.add(signal)
    return signal


def triage(session: Session, signal: Signal, case_id: UUID) -> None:
    """Say which case holds a signal from now on.

    Raises:
        IllegalTransition: the signal was triaged before.
    """
    session.refresh(signal, with_for_update=True)
    signal.state = next_state(LIFECYCLE, signal.state, SignalEvent.TRIAGE)
    signal.case_id = case_id
    signal.version += 1
