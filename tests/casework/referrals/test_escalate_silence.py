"""A partner is silent: its referral expires at its term and no earlier, once, and somebody goes on with it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.referrals.read_referral import read_referral
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.upkeep.true_clock import ClockDrifts
from service.casework.views.referrals import ReferralLine
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import REFERRAL_TAKEN
from service.dispatch.lifecycle import DeliveryState
from service.kernel.transitions import IllegalTransition
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState, WithdrawReason
from service.referrals.store import ReferralNotFound
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import (
    answers,
    audit_bodies,
    auditor,
    coordinator,
    lines_for,
    one_more,
    open_tasks_about,
    opened_case,
    partner,
    says,
)

EXPERTS = "emm"
SECOND = "emm-second"
AN_INSTANT = timedelta(microseconds=1)


def first_asked(service: Service, **facts: object) -> tuple[UUID, ReferralLine]:
    one_more(service, SECOND, EXPERTS)
    case_id = opened_case(service, **facts).case_id
    (line,) = lines_for(service, case_id, EXPERTS)
    return case_id, line


def silence(service: Service, clock: FixedClock, line: ReferralLine) -> None:
    """Let time pass until the term of a referral is over, and let the service notice it."""
    assert line.answer_by is not None
    clock.move(max(line.answer_by - clock.now(), timedelta()))
    assert escalate_silence(service.system(), line.id) is True


@pytest.mark.parametrize(
    ("asked_at", "facts", "until"),
    [
        # Monday morning: the end of Tuesday, a working day.
        ("2026-11-23T09:00", {}, "2026-11-24T23:00"),
        # Saturday night: the end of Monday.
        ("2026-11-28T22:30", {}, "2026-11-30T23:00"),
        # Saturday night and somebody is in danger: four hours, whatever day it is.
        ("2026-11-28T22:30", {"acute_danger": "yes"}, "2026-11-29T02:30"),
        # Four hours are four hours when the clocks go back.
        ("2026-10-24T23:30", {"acute_danger": "yes", "accepted_on": "2026-10-24"}, "2026-10-25T03:30"),
        # The day before Whitsun weekend: Monday is free, Tuesday counts; and summer time.
        ("2026-05-22T09:00", {"accepted_on": "2026-05-22"}, "2026-05-26T22:00"),
    ],
)
def test_the_term_is_the_one_that_the_decision_names(
    service: Service, clock: FixedClock, asked_at: str, facts: dict[str, object], until: str
) -> None:
    clock.move(datetime.fromisoformat(asked_at).replace(tzinfo=UTC) - clock.now())

    _, line = first_asked(service, **facts)

    assert line.answer_by == datetime.fromisoformat(until).replace(tzinfo=UTC)


def test_nobody_is_late_before_the_term_is_over(service: Service, clock: FixedClock) -> None:
    _, line = first_asked(service)
    assert line.answer_by is not None
    clock.move(line.answer_by - clock.now() - AN_INSTANT)

    assert overdue(service.system()) is None
    assert escalate_silence(service.system(), line.id) is False

    clock.move(AN_INSTANT)
    assert overdue(service.system()) is not None
    assert escalate_silence(service.system(), line.id) is True


def test_a_silent_partner_s_referral_is_on_a_desk_and_the_next_partner_has_it(
    service: Service, clock: FixedClock
) -> None:
    case_id, line = first_asked(service)

    silence(service, clock, line)

    first, second = lines_for(service, case_id, EXPERTS)
    assert (first.state, first.asked_next) == (ReferralState.EXPIRED, second.id)
    assert open_tasks_about(service, first) == ["silent_partner"]
    assert [one.state for one in first.deliveries] == [DeliveryState.CANCELLED]
    assert (second.partner_id, second.state) == (SECOND, ReferralState.QUEUED)
    assert second.answer_by is not None
    assert second.answer_by > clock.now()
    with pytest.raises(ReferralNotFound):
        read_referral(partner(service, "emm"), first.id)


def test_having_seen_it_is_no_answer(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    answers(service, line, Answer.ACKNOWLEDGE)

    silence(service, clock, line)

    assert lines_for(service, case_id, EXPERTS)[0].state is ReferralState.EXPIRED


def test_it_expires_once_and_the_trail_says_how_late_that_was_noticed(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    assert line.answer_by is not None
    clock.move(line.answer_by - clock.now() + timedelta(hours=2, seconds=5))

    assert [escalate_silence(service.system(), line.id) for _ in range(3)] == [True, False, False]

    told = [one["objects"] for one in audit_bodies(service, case_id) if one["event"] == Event.REFERRAL_EXPIRED]
    assert [[one["id"] for one in objects] for objects in told] == [[str(line.id), "PT7205S"]]
    assert read_trail(coordinator(service), case_id).verified


def test_what_is_only_counted_needs_no_answer(service: Service, clock: FixedClock) -> None:
    opened_case(service, consent={}, reporter="ngo")
    clock.move(timedelta(days=365))

    assert overdue(service.system()) is None


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE])
def test_who_has_answered_is_not_silent(service: Service, clock: FixedClock, answer: Answer) -> None:
    _, line = first_asked(service)
    answers(service, line, answer, DeclineReason.KNOWN_ALREADY if answer is Answer.DECLINE else None)
    clock.move(timedelta(days=30))

    assert escalate_silence(service.system(), line.id) is False


def test_a_late_yes_counts_while_nobody_else_has_said_it_and_takes_the_ask_back_from_the_next(
    service: Service, clock: FixedClock
) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)

    assert answers(service, line, Answer.ACCEPT) is ReferralState.ACCEPTED

    first, second = lines_for(service, case_id, EXPERTS)
    assert (second.state, second.withdraw_reason) == (ReferralState.WITHDRAWN, WithdrawReason.TAKEN_ELSEWHERE)
    assert open_tasks_about(service, first) == []
    assert read_referral(partner(service, "emm"), first.id).facts


def test_a_late_yes_is_refused_once_another_partner_has_said_yes(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)
    answers(service, lines_for(service, case_id, EXPERTS)[1], Answer.ACCEPT)

    with pytest.raises(IllegalTransition):
        answers(service, line, Answer.ACCEPT)

    assert open_tasks_about(service, line) == []
    assert [one.state for one in lines_for(service, case_id, EXPERTS)] == [
        ReferralState.WITHDRAWN,
        ReferralState.ACCEPTED,
    ]


def test_a_late_no_settles_it_and_asks_nobody_a_second_time(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)

    answers(service, line, Answer.DECLINE, DeclineReason.NO_CAPACITY)

    assert [one.state for one in lines_for(service, case_id, EXPERTS)] == [ReferralState.DECLINED, ReferralState.QUEUED]
    assert open_tasks_about(service, line) == []


def test_when_everybody_is_silent_it_ends_on_a_desk(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    asked = []
    while line.state is ReferralState.QUEUED:
        silence(service, clock, line)
        asked.append(line.partner_id)
        line = lines_for(service, case_id, EXPERTS)[-1]

    assert asked == ["emm", SECOND, "comensha"]
    assert open_tasks_about(service, line) == ["nobody_accepts", "silent_partner"]


def test_the_longest_silence_comes_first_and_one_that_is_hindered_holds_up_nobody(
    service: Service, clock: FixedClock
) -> None:
    _, early = first_asked(service)
    clock.move(timedelta(days=1))
    _, late = first_asked(service)
    clock.move(timedelta(days=30))

    found: list[UUID] = []
    while (referral_id := overdue(service.system(), found)) is not None:
        found.append(referral_id)

    assert found.index(early.id) < found.index(late.id)


def test_only_the_service_itself_lets_anything_expire(service: Service) -> None:
    _, line = first_asked(service)

    with pytest.raises(ScopeMissing):
        escalate_silence(coordinator(service), line.id)


def test_a_machine_whose_clock_is_wrong_lets_nothing_expire(service: Service, clock: FixedClock) -> None:
    class Fast(FixedClock):
        def wall(self) -> datetime:
            return super().wall() + timedelta(minutes=1)

    _, line = first_asked(service)
    clock.move(timedelta(days=30))

    with pytest.raises(ClockDrifts):
        escalate_silence(replace(service.system(), clock=Fast(clock.now())), line.id)


def test_when_nobody_has_taken_it_the_regional_coordinator_hears_of_the_silence_and_then_comensha(
    service: Service, clock: FixedClock
) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)
    heard: list[tuple[int, str]] = []
    for day in range(1, 5):
        clock.move(timedelta(days=1))
        fire_everything(service)
        heard += [(day, kind) for kind in escalated(service, case_id) if kind not in {one for _, one in heard}]

    assert heard == [(2, "deadline_missed"), (3, "escalate_to_care_coordinator"), (4, "escalate_to_comensha")]
    # Somebody takes it after all, and nobody need hear of it any more.
    answers(service, lines_for(service, case_id, EXPERTS)[1], Answer.ACCEPT)
    assert escalated(service, case_id) == []
    assert verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_another_silence_after_a_missed_clock_gives_nobody_more_time(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)
    clock.move(timedelta(days=2))
    fire_everything(service)

    silence(service, clock, lines_for(service, case_id, EXPERTS)[1])

    # There is one clock, missed, and what follows from it goes on.
    assert escalated(service, case_id) == ["deadline_missed"]


@pytest.mark.only_on("sqlite")
def test_what_is_urgent_stays_urgent_after_a_silence(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service, acute_danger="yes")
    silence(service, clock, line)

    clock.move(timedelta(hours=4))
    fire_everything(service)

    assert escalated(service, case_id) == ["deadline_missed"]


@pytest.mark.only_on("sqlite")
def test_nobody_hears_of_a_silence_after_which_somebody_has_taken_it(service: Service, clock: FixedClock) -> None:
    case_id, line = first_asked(service)
    silence(service, clock, line)
    answers(service, lines_for(service, case_id, EXPERTS)[1], Answer.ACCEPT)

    clock.move(timedelta(days=3))
    fire_everything(service)

    assert escalated(service, case_id) == []


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("days", [1, 3])
def test_nobody_hears_of_a_silence_about_somebody_whose_consent_is_gone(
    service: Service, clock: FixedClock, days: int
) -> None:
    """Before the clock rings, and when it has rung and others are about to hear of it."""
    case_id = opened_case(service, reporter="ngo").case_id
    silence(service, clock, lines_for(service, case_id, "care_coordinator")[0])
    second = lines_for(service, case_id, "care_coordinator")[1]
    read_referral(partner(service, second.partner_id), second.id)
    clock.move(timedelta(days=days))
    fire_everything(service)

    says(service, case_id, registration="withdrawn")

    assert lines_for(service, case_id, "care_coordinator")[1].withdraw_reason is WithdrawReason.CONSENT_GONE
    clock.move(timedelta(days=10))
    fire_everything(service)
    assert escalated(service, case_id) == []
    assert verify_log(auditor(service)).verified


def fire_everything(service: Service) -> None:
    seen = set[UUID]()
    while (found := due_clock(service.system(), seen)) is not None:
        seen.add(found)
        fire_clock(service.system(), found)


def escalated(service: Service, case_id: UUID) -> list[str]:
    """Give what lies on desks because of the clock after a silence."""
    with service.database.look() as session:
        (clock,) = [one.id for one in deadlines.deadlines_of(session, [case_id]) if one.kind == REFERRAL_TAKEN]
    found = read_case(coordinator(service), case_id).tasks
    return [one.kind for one in found if one.deadline_id == clock and one.state is TaskState.OPEN]
