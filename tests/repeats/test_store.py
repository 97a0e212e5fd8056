"""Answers of yesterday are forgotten without anybody waiting for anybody else."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from service.database.engine import Database
from service.repeats.store import KEPT_FOR, Identity, claim, forget_old
from service.repeats.tables import KeptRequest

MINE = Identity("office-north", "caller-1", "POST /v1/signals", "a-key-of-one-request-1")
THEIRS = Identity("office-south", "caller-2", "POST /v1/signals", "a-key-of-one-request-2")
THEN = datetime(2026, 11, 23, 9, tzinfo=UTC)
TOMORROW = THEN + KEPT_FOR + timedelta(minutes=1)


def claimed(database: Database, who: Identity, now: datetime, fingerprint: str = "1") -> UUID | KeptRequest:
    with database.work() as work:
        return claim(work.session, who, fingerprint, now)


def kept_of(database: Database) -> set[str]:
    with database.look() as session:
        return set(session.exec(select(KeptRequest.org)))


def test_a_key_whose_day_is_over_is_new_and_nobody_else_s_row_is_touched(database: Database) -> None:
    claimed(database, MINE, THEN)
    claimed(database, THEIRS, THEN)

    assert isinstance(claimed(database, MINE, THEN, "1"), KeptRequest)
    assert isinstance(claimed(database, MINE, TOMORROW, "2"), UUID)
    assert kept_of(database) == {MINE.org, THEIRS.org}


def test_everything_whose_day_is_over_is_forgotten_and_nothing_else(database: Database) -> None:
    claimed(database, MINE, THEN)
    claimed(database, THEIRS, TOMORROW)

    with database.work() as work:
        assert forget_old(work.session, TOMORROW) == 1
    assert kept_of(database) == {THEIRS.org}


@pytest.mark.only_on("postgresql")
def test_forgetting_and_asking_again_do_not_wait_for_a_row_that_another_act_holds(database: Database) -> None:
    claimed(database, MINE, THEN)
    claimed(database, THEIRS, THEN)

    with database.work() as other:
        held = select(KeptRequest).where(KeptRequest.org == THEIRS.org).with_for_update()
        assert other.session.exec(held).one().org == THEIRS.org
        with database.work() as work:
            # Whoever waits here is ended by the test's own time limit.
            assert isinstance(claim(work.session, MINE, "2", TOMORROW), UUID)
            assert forget_old(work.session, TOMORROW) == 0
    assert kept_of(database) == {MINE.org, THEIRS.org}
