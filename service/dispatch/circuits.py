"""Keeps how each partner's system has done lately, in one row that all machines share."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update
from sqlmodel import Session, col

from service.database.one_at_a_time import one_at_a_time
from service.dispatch.backoff import wished_wait
from service.dispatch.circuit import Health
from service.dispatch.outcome import NOTHING_TRIED, Category, Outcome
from service.dispatch.tables import Circuit

_COLUMNS = (col(Circuit.in_a_row), col(Circuit.recent), col(Circuit.opened), col(Circuit.open_until))


def make_known(session: Session, partner_ids: Collection[str]) -> None:
    """Begin to keep how partners do of which nothing is kept yet.

    Args:
        session: the session of the act; it holds no other partner yet, or two acts could wait for each other.
        partner_ids: which partners.
    """
    one_at_a_time(session, "circuit")
    question = select(col(Circuit.partner_id)).where(col(Circuit.partner_id).in_(partner_ids))
    connection = session.connection()
    unknown = set(partner_ids).difference(connection.execute(question).scalars())
    if unknown:
        connection.execute(insert(Circuit), [{"partner_id": one, **vars(Health())} for one in sorted(unknown)])


def held(session: Session, partner_id: str, *, wait: bool) -> Health | None:
    """Give how a partner's system has done, and let nobody else send to it or judge it until this transaction ends.

    Args:
        session: the session of the act.
        partner_id: which partner; something is kept of it already.
        wait: whether to wait while somebody else holds it; otherwise nothing is given then.
    """
    return _found(session, partner_id, lock=True, wait=wait)


def note_turn(session: Session, partner_id: str, now: datetime, health: Health) -> None:
    """Note that a partner has its turn now; it is held by this transaction.

    Args:
        session: the session of the act.
        partner_id: which partner.
        now: the database's time.
        health: what is to be kept of its health.
    """
    changed = update(Circuit).where(col(Circuit.partner_id) == partner_id)
    session.connection().execute(changed.values(claimed_at=now, **vars(health)))


def note_outcome(session: Session, partner_id: str, outcome: Outcome, now: datetime, *, probe: bool) -> None:
    """Count an attempt for or against a partner's system; what is no fault of the partner's counts neither way.

    Args:
        session: the session of the act, which holds the message's lane.
        partner_id: which partner.
        outcome: how the attempt ended.
        now: the database's time.
        probe: whether the attempt was sent to find out if the circuit can be closed.
    """

    def after(health: Health) -> Health:
        if outcome.category in NOTHING_TRIED:
            return health.may_be_tried(now) if probe else health
        if outcome.category is Category.TAKEN:
            return health.after_success()
        slower = outcome.category is Category.SLOWER
        wish = wished_wait(outcome.retry_after, now) if slower else timedelta(0)
        return health.after_failure(now, probe=probe, wish=wish)

    seen = _found(session, partner_id, lock=False) or Health()
    # A partner that is well is not written down again and again, so its attempts do not wait for each other.
    if after(seen) != seen:
        _keep(session, partner_id, after(held(session, partner_id, wait=True) or Health()))


def try_again(session: Session, partner_id: str, now: datetime) -> None:
    """Let the next message to a partner be sent at once, because somebody says that its system works again.

    Args:
        session: the session of the act.
        partner_id: which partner.
        now: the database's time.
    """
    health = _found(session, partner_id, lock=True)
    if health is not None:
        _keep(session, partner_id, health.may_be_tried(now))


def _keep(session: Session, partner_id: str, health: Health) -> None:
    session.connection().execute(update(Circuit).where(col(Circuit.partner_id) == partner_id).values(**vars(health)))


def _found(session: Session, partner_id: str, *, lock: bool, wait: bool = True) -> Health | None:
    question = select(*_COLUMNS).where(col(Circuit.partner_id) == partner_id)
    if lock:
        question = question.with_for_update(skip_locked=not wait)
    row = session.connection().execute(question).one_or_none()
    return None if row is None else Health(*row)
