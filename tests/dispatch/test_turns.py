"""Whose turn it is: every partner's in turn, a few messages at once, and none while its system is left alone."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlmodel import Session, col, delete, select, update

from service.database.engine import Database
from service.dispatch.backoff import Delivered, HoldUntil, RetryAt
from service.dispatch.outcome import Category, Outcome
from service.dispatch.replay import wake_partner
from service.dispatch.store import BrokenLane, Claim, LeaseLost
from service.dispatch.tables import Attempt, Circuit, Delivery, Lane
from service.dispatch.turns import claim, until_next
from service.kernel.ids import new_id
from tests.dispatch.lanes import FAILED, MINUTE, RUN_OUT, TAKEN, claimed, done, in_an_hour, queued, recorded, taken
from tests.side_by_side import side_by_side


def cases(count: int) -> list[UUID]:
    return [UUID(int=number) for number in range(1, count + 1)]


def claims(database: Database, most: int = 20) -> list[Claim]:
    """Take whatever can be taken, and hold it."""
    found: list[Claim] = []
    while len(found) < most and (one := claimed(database)) is not None:
        found.append(one)
    return found


def circuit(database: Database, partner: str = "shelter") -> Circuit:
    with database.look() as session:
        return session.get_one(Circuit, partner)


def opened(database: Database, partner: str = "shelter") -> None:
    """Let a partner fail until its circuit opens."""
    for case in cases(5):
        queued(database, partner, case)
    for _ in range(5):
        recorded(database, taken(database), FAILED, RetryAt(datetime.now(UTC)))


def attempts(database: Database) -> int:
    with database.look() as session:
        return len(session.exec(select(Attempt)).all())


def time_passes(database: Database) -> None:
    """Let the time be over for which circuits are open."""
    past = datetime.now(UTC) - MINUTE
    done(database, lambda session: session.connection().execute(update(Circuit).values(open_until=past)))


def test_another_partner_or_case_does_not_wait(database: Database) -> None:
    ids = {queued(database), queued(database, partner="police"), queued(database, case=UUID(int=2))}
    assert {taken(database).message_id for _ in ids} == ids


def test_a_partner_has_two_messages_under_way_at_most_and_the_others_do_not_notice(database: Database) -> None:
    for case in cases(10):
        queued(database, "slow", case)
    for case in cases(3):
        queued(database, "quick", case)
    assert sorted(held.partner_id for held in claims(database)) == ["quick", "quick", "slow", "slow"]


def test_a_partner_whose_message_has_ended_gets_the_next_one(database: Database) -> None:
    for case in cases(4):
        queued(database, case=case)
    first, _ = claims(database)
    recorded(database, first, TAKEN, Delivered())
    assert len(claims(database)) == 1


def test_how_many_are_under_way_at_once_can_be_said(database: Database) -> None:
    for case in cases(5):
        queued(database, case=case)
    held = [done(database, lambda session: claim(session, MINUTE, 3)) for _ in range(4)]
    assert [len(one) for one in held] == [1, 1, 1, 0]


def test_a_worker_with_room_takes_several_at_once_from_each_partner_in_its_turn(database: Database) -> None:
    for case in cases(3):
        for partner in ("one", "two", "three"):
            queued(database, partner, case)
    held = [done(database, partial(claim, lease=MINUTE, at_once=2, most=most)) for most in (3, 8)]
    partners = [[one.partner_id for one in some] for some in held]
    assert [len(some) for some in partners] == [3, 3]
    assert sorted(partners[0] + partners[1]) == ["one", "one", "three", "three", "two", "two"]
    lanes = [one.lane_id for some in held for one in some]
    assert len(lanes) == len(set(lanes))


def test_one_probe_is_sent_however_much_room_there_is(database: Database) -> None:
    opened(database)
    time_passes(database)
    assert len(done(database, lambda session: claim(session, MINUTE, 2, 8))) == 1


def test_partners_take_turns_however_much_waits_for_one_of_them(database: Database) -> None:
    for case in cases(6):
        queued(database, "busy", case)
    for case in cases(2):
        queued(database, "calm", case)
    sent = []
    for _ in range(6):
        held = taken(database)
        sent.append(held.partner_id)
        recorded(database, held, TAKEN, Delivered())
    assert sent == ["busy", "calm", "busy", "calm", "busy", "busy"]


@pytest.mark.only_on("postgresql")
def test_workers_that_look_at_the_same_moment_keep_to_the_limit_together(database: Database) -> None:
    for case in cases(12):
        queued(database, case=case)
    found = side_by_side(*[partial(claimed, database) for _ in range(8)])
    assert [one for one in found if isinstance(one, Exception)] == []
    held = [one for one in found if one is not None]
    held += claims(database)
    assert len({one.lane_id for one in held if isinstance(one, Claim)}) == len(held) == 2


@pytest.mark.only_on("postgresql")
def test_while_one_worker_takes_from_a_partner_another_takes_from_the_next(database: Database) -> None:
    for partner in ("one", "two"):
        queued(database, partner)
        recorded(database, taken(database), TAKEN, Delivered())
        queued(database, partner)
    with Session(database.writer) as unfinished:
        [first] = claim(unfinished, MINUTE)
        second = taken(database)
        unfinished.rollback()
    assert isinstance(first, Claim)
    assert {first.partner_id, second.partner_id} == {"one", "two"}
    assert taken(database).message_id == first.message_id


def test_a_partner_that_fails_five_times_in_a_row_is_left_alone(database: Database) -> None:
    opened(database)
    attempts_before = attempts(database)
    assert claims(database) == []
    with database.look() as session:
        ahead = until_next(session)
    assert ahead is not None
    assert timedelta(0) < ahead <= timedelta(seconds=10)
    assert attempts(database) == attempts_before
    queued(database, "police")
    assert [held.partner_id for held in claims(database)] == ["police"]


def test_when_its_time_is_over_one_message_is_the_probe_and_the_others_wait_for_it(database: Database) -> None:
    opened(database)
    time_passes(database)
    [probe] = claims(database)
    assert probe.probe
    recorded(database, probe, TAKEN, Delivered())
    assert len(claims(database)) == 2
    assert circuit(database).open_until is None


def test_a_probe_that_fails_keeps_the_others_waiting_for_longer(database: Database) -> None:
    opened(database)
    time_passes(database)
    [probe] = claims(database)
    recorded(database, probe, FAILED, RetryAt(datetime.now(UTC)))
    assert claims(database) == []
    assert (circuit(database).opened, circuit(database).in_a_row) == (2, 6)


def test_a_probe_whose_worker_died_is_followed_by_another(database: Database) -> None:
    opened(database)
    time_passes(database)
    assert taken(database, RUN_OUT).probe
    assert taken(database).probe


def test_a_probe_that_was_never_sent_says_nothing_about_the_partner(database: Database) -> None:
    opened(database)
    time_passes(database)
    recorded(database, taken(database), Outcome(Category.OWN_FAULT), HoldUntil(in_an_hour()))
    assert circuit(database).in_a_row == 5
    assert taken(database).probe


def test_our_own_faults_never_count_against_a_partner(database: Database) -> None:
    for case in cases(8):
        queued(database, case=case)
    for _ in range(8):
        recorded(database, taken(database), Outcome(Category.OWN_FAULT), HoldUntil(in_an_hour()))
    assert circuit(database).in_a_row == 0


def test_a_partner_that_asks_for_time_is_left_alone_in_all_its_lanes(database: Database) -> None:
    for case in cases(3):
        queued(database, case=case)
    asked = Outcome(Category.SLOWER, 429, 5, retry_after="600")
    recorded(database, taken(database), asked, RetryAt(in_an_hour()))
    assert claims(database) == []
    with database.look() as session:
        ahead = until_next(session)
    assert ahead is not None
    assert 9 * MINUTE < ahead <= 10 * MINUTE


def test_a_partner_that_listens_anew_is_tried_at_once(database: Database) -> None:
    opened(database)
    done(database, lambda session: wake_partner(session, "shelter"))
    assert taken(database).probe


def test_a_zombie_does_not_judge_a_partner(database: Database) -> None:
    queued(database)
    zombie = taken(database, RUN_OUT)
    recorded(database, taken(database), TAKEN, Delivered())
    with pytest.raises(LeaseLost):
        recorded(database, zombie, FAILED, RetryAt(datetime.now(UTC)))
    assert circuit(database).in_a_row == 0


def test_when_a_worker_dies_its_lane_goes_to_the_next_with_the_same_message(database: Database) -> None:
    queued(database)
    dead = taken(database, RUN_OUT)
    heir = taken(database)
    assert (heir.message_id, heir.body, heir.attempt) == (dead.message_id, dead.body, 1)
    assert heir.token > dead.token


def test_the_lane_that_has_waited_longest_comes_first(database: Database) -> None:
    ids = [queued(database, case=case) for case in cases(5)]
    recorded(database, taken(database), FAILED, RetryAt(datetime.now(UTC)))
    sent = []
    for _ in ids:
        held = taken(database)
        sent.append(held.message_id)
        recorded(database, held, TAKEN, Delivered())
    assert sent == [*ids[1:], ids[0]]


def test_how_long_until_the_next_claim_counts_waits_and_leases(database: Database) -> None:
    def ahead() -> timedelta | None:
        with database.look() as session:
            return until_next(session)

    assert ahead() is None
    queued(database)
    assert ahead() == timedelta(0)
    held = taken(database, MINUTE)
    assert MINUTE / 2 < (ahead() or RUN_OUT) <= MINUTE
    recorded(database, held, FAILED, RetryAt(in_an_hour()))
    assert 59 * MINUTE < (ahead() or RUN_OUT) <= 61 * MINUTE
    done(database, lambda session: wake_partner(session, "shelter"))
    recorded(database, taken(database), TAKEN, Delivered())
    assert ahead() is None


def test_finding_the_next_lane_does_not_read_the_finished_ones(database: Database) -> None:
    with Session(database.writer) as session:
        now = datetime.now(UTC)
        lane = {"partner_id": "shelter", "next_due": now, "last_seq": 1, "pending": 0, "token": 1}
        rows = [{"id": new_id(), "case_id": new_id()} | lane for _ in range(5000)]
        session.connection().execute(insert(Lane), rows)
        session.connection().execute(text("ANALYZE"))
        session.commit()
    queued(database, "police")
    asked: list[tuple[str, tuple[object, ...]]] = []

    @event.listens_for(database.writer, "before_cursor_execute")
    def listen(_connection: Connection, _cursor: object, sql: str, values: tuple[object, ...], *_: object) -> None:
        asked.append((sql, values))

    taken(database)
    explain = "EXPLAIN QUERY PLAN" if database.shared else "EXPLAIN"
    questions = [question for question in asked if "FROM dispatch_lane" in question[0]]
    assert len(questions) == 3
    for sql, values in questions:
        with Session(database.writer) as session:
            plan = str(session.connection().exec_driver_sql(f"{explain} {sql}", values).all())
        assert "dispatch_lane_due" in plan or "dispatch_lane_leased" in plan
        assert not any(slow in plan for slow in ("Seq Scan on dispatch_lane", "SCAN dispatch_lane", "TEMP B-TREE")), (
            plan
        )


def test_a_lane_that_lost_its_message_is_put_off_and_the_next_one_has_its_turn(database: Database) -> None:
    queued(database, "first")
    other = queued(database, "second")
    done(database, lambda session: session.connection().execute(delete(Delivery).where(col(Delivery.id) != other)))

    [found] = done(database, lambda session: claim(session, MINUTE))
    assert isinstance(found, BrokenLane)
    assert found.partner_id == "first"
    assert taken(database).message_id == other
    assert claimed(database) is None
