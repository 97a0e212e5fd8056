"""Keeps deadlines, finds them for those who may see them and moves them through their life."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session, col, func, select

from service.database.rows import new_rows_of
from service.database.sealing.sealed_column import SealedColumn
from service.database.sealing.vault import Vault
from service.deadlines.lifecycle import LIFECYCLE, LIVE, DeadlineEvent, DeadlineState
from service.deadlines.tables import Deadline, Suspension
from service.kernel.errors import DomainError, Kind
from service.kernel.transitions import next_state

_WORDS: Final = SealedColumn[str](Suspension, "words")
_MET: Final = SealedColumn[str](Deadline, "met")


class DeadlineNotFound(DomainError):
    """The case has no such deadline, or not for this caller."""

    kind = Kind.NOT_FOUND
    code = "deadline-not-found"
    title = "The case has no such deadline"


def add(session: Session, deadlines: Iterable[Deadline]) -> None:
    """Keep new deadlines."""
    session.add_all(deadlines)


def deadline(session: Session, deadline_id: UUID) -> Deadline:
    """Give a deadline by its id, for the service itself and for no caller.

    Raises:
        DeadlineNotFound: there is none.
    """
    found = session.get(Deadline, deadline_id)
    if found is None:
        raise DeadlineNotFound
    return found


def deadline_of(session: Session, case_id: UUID, deadline_id: UUID) -> Deadline:
    """Find a deadline of a case, looking for both so that no other case's deadline is found.

    Raises:
        DeadlineNotFound: the case has no such deadline.
    """
    question = select(Deadline).where(col(Deadline.case_id) == case_id, col(Deadline.id) == deadline_id)
    found = session.exec(question).one_or_none()
    if found is None:
        raise DeadlineNotFound
    return found


def deadlines_of(session: Session, case_ids: Iterable[UUID]) -> list[Deadline]:
    """Give every deadline of some cases, what is due first before the rest and older generations before newer ones."""
    ids = list(case_ids)
    new = new_rows_of(session, Deadline, *ids)
    if new is not None:
        return new
    question = select(Deadline).where(col(Deadline.case_id).in_(ids))
    order = (col(Deadline.rings_at), col(Deadline.kind), col(Deadline.key), col(Deadline.generation))
    return list(session.exec(question.order_by(*order)))


def newest(deadlines: Iterable[Deadline]) -> dict[tuple[str, str], Deadline]:
    """Give of each clock of one case the generation that counts, by kind and key."""
    found: dict[tuple[str, str], Deadline] = {}
    for one in deadlines:
        known = found.get((one.kind, one.key))
        if known is None or known.generation < one.generation:
            found[one.kind, one.key] = one
    return found


def clocks(session: Session, case_id: UUID) -> dict[tuple[str, str], Deadline]:
    """Give the clocks of a case, each as the generation that counts, by kind and key."""
    return newest(deadlines_of(session, [case_id]))


def longest_due(session: Session, now: datetime, besides: Collection[UUID]) -> UUID | None:
    """Give the deadline whose time came longest ago; None when the time of none has come.

    Args:
        session: where to look.
        now: business time.
        besides: deadlines that are left alone.
    """
    question = (
        select(Deadline.id)
        .where(col(Deadline.state) == DeadlineState.RUNNING, col(Deadline.rings_at) <= now)
        .where(col(Deadline.id).not_in(besides))
    )
    return session.exec(question.order_by(col(Deadline.rings_at), col(Deadline.id)).limit(1)).first()


def last_fired_at(session: Session) -> datetime | None:
    """Give when the last deadline of all rang, in business time; None when none has."""
    return session.exec(select(func.max(col(Deadline.fired_at)))).one()


def fired_after(session: Session, at: datetime) -> list[Deadline]:
    """Give what rang later than an instant, the deadlines of one case beside each other."""
    question = select(Deadline).where(col(Deadline.fired_at) > at)
    return list(session.exec(question.order_by(col(Deadline.case_id), col(Deadline.id))))


def count_as_fired(session: Session, deadline: Deadline, at: datetime) -> None:
    """Have a deadline that rang by a wrong clock, and is locked, count as rung at another instant."""
    deadline.fired_at = at
    deadline.version += 1
    session.flush()


def is_live(deadline: Deadline) -> bool:
    """Tell whether something is still to come."""
    return deadline.state in LIVE


def is_unmet(deadline: Deadline) -> bool:
    """Tell whether something is still to come or to be done."""
    return deadline.state in LIVE or deadline.state is DeadlineState.MISSED


def is_done(deadline: Deadline) -> bool:
    """Tell whether somebody did what it is about, in time or late."""
    return deadline.met is not None


def hold(session: Session, deadline: Deadline) -> None:
    """See a deadline as it is now, and let nobody else change it until this transaction ends."""
    session.refresh(deadline, with_for_update=True)


def fire(session: Session, deadline: Deadline, event: DeadlineEvent, at: datetime) -> None:
    """Note that the time of a deadline has come.

    Args:
        session: the session that holds the deadline.
        deadline: which one, locked.
        event: whether somebody missed it or its moment is simply there.
        at: business time at which that was noticed.

    Raises:
        IllegalTransition: it does not run.
    """
    deadline.fired_at = at
    _move(session, deadline, event)


def meet(session: Session, deadline: Deadline, sealed: bytes, by: str, at: datetime) -> None:
    """Note that somebody did what a deadline is about.

    Args:
        session: the session that holds the deadline.
        deadline: which one, locked.
        sealed: the day on which it was done.
        by: whoever says so.
        at: business time.

    Raises:
        IllegalTransition: it ended otherwise.
    """
    _end(session, deadline, DeadlineEvent.MEET, by, at)
    deadline.met = sealed


def cancel(session: Session, deadline: Deadline, by: str, at: datetime) -> None:
    """Note that nothing is to come of a deadline any more.

    Raises:
        IllegalTransition: it has ended before.
    """
    _end(session, deadline, DeadlineEvent.CANCEL, by, at)


def suspend(session: Session, deadline: Deadline, suspension: Suspension) -> None:
    """Let a deadline stand still from now on.

    Args:
        session: the session that holds the deadline.
        deadline: which one, locked.
        suspension: why and since when; kept here.

    Raises:
        IllegalTransition: it does not run.
    """
    deadline.was_suspended = True
    _move(session, deadline, DeadlineEvent.SUSPEND)
    session.add(suspension)


def resume(session: Session, deadline: Deadline, suspension: Suspension, ended: tuple[str, datetime]) -> None:
    """Let a deadline run on.

    Args:
        session: the session that holds the deadline.
        deadline: which one, locked, with the day that counts from now on.
        suspension: the time during which it stood still.
        ended: who ended that, and when.

    Raises:
        IllegalTransition: it does not stand still.
    """
    _move(session, deadline, DeadlineEvent.RESUME)
    end_suspension(session, suspension, ended)


def end_suspension(session: Session, suspension: Suspension, ended: tuple[str, datetime]) -> None:
    """Note who ended a time during which a clock stood still, and when."""
    suspension.ended_by, suspension.ended_at = ended
    suspension.version += 1
    session.flush()


def suspensions(session: Session, case_id: UUID) -> list[Suspension]:
    """Give the times during which clocks of a case stood still, oldest first."""
    question = select(Suspension).where(col(Suspension.case_id) == case_id)
    return list(session.exec(question.order_by(col(Suspension.begun_at), col(Suspension.id))))


def sealed_words(vault: Vault, case_id: UUID, suspension_id: UUID, words: str) -> bytes:
    """Seal why a deadline stands still, for the row that will hold it."""
    return _WORDS.seal(vault, case_id, (suspension_id,), words)


def words_of(vault: Vault, suspension: Suspension) -> str | None:
    """Give why a deadline stood still in a person's words; None when there are none.

    Raises:
        KeysUnavailable: the keys are away.
    """
    if suspension.words is None:
        return None
    return _WORDS.open(vault, suspension.case_id, (suspension.id,), suspension.words)


def sealed_day(vault: Vault, deadline: Deadline, on: date) -> bytes:
    """Seal the day on which something was done, for the row of its deadline."""
    return _MET.seal(vault, deadline.case_id, (deadline.id,), on.isoformat())


def day_met(vault: Vault, deadline: Deadline) -> date | None:
    """Give the day on which a deadline was met; None when nobody said so.

    Raises:
        KeysUnavailable: the keys are away.
    """
    if deadline.met is None:
        return None
    return date.fromisoformat(_MET.open(vault, deadline.case_id, (deadline.id,), deadline.met))


def _end(session: Session, deadline: Deadline, event: DeadlineEvent, by: str, at: datetime) -> None:
    deadline.ended_by = by
    deadline.ended_at = at
    _move(session, deadline, event)


def _move(session: Session, deadline: Deadline, event: DeadlineEvent) -> None:
    deadline.state = next_state(LIFECYCLE, deadline.state, event)
    deadline.version += 1
    session.flush()
