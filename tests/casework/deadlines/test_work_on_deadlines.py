"""People stop a deadline, let it run on and say that it was met; what cannot be is refused, and leaves a trace."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from service.audit.event import Event, Outcome
from service.casework.cases.read_cases import read_case
from service.casework.commands.deadlines import CompleteDeadline, SuspendDeadline
from service.casework.commands.tasks import FinishTask
from service.casework.deadlines.show_deadlines import list_deadlines, read_deadlines
from service.casework.deadlines.work_on_deadlines import (
    DeadlineNotUnderstood,
    NotByHand,
    TimeIsOver,
    complete_deadline,
    resume_deadline,
    suspend_deadline,
)
from service.casework.desk.work_on_tasks import finish_task
from service.casework.firing.fire_clock import due_clock
from service.casework.questions import ListDeadlines
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.deadlines import DeadlineView
from service.deadlines.lifecycle import NOT_BY_HAND, PLACEMENT_WAITING, REFERRAL_TAKEN, DeadlineState, SuspendReason
from service.deadlines.store import DeadlineNotFound
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Seen, Stale, Unseen
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clocks_of, until
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, stepped

FIRST = frozenset({1})
ILL = SuspendDeadline(reason=SuspendReason.PERSON_ILL, words="Invented: in hospital.")
TODAY = CompleteDeadline(on=date(2026, 11, 23))


def of_kind(service: Service, case_id: UUID, kind: str) -> DeadlineView:
    """Give the newest generation of the first clock of a kind."""
    found = [one for one in read_deadlines(coordinator(service), case_id).items if one.kind == kind]
    return max(found, key=lambda one: one.generation)


def ladder_of(service: Service, case_id: UUID, deadline_id: UUID) -> DeadlineState:
    """Give where the clock stands after which somebody else hears of a deadline that was missed."""
    return next(one.state for one in clocks_of(service, case_id) if one.key == str(deadline_id))


def test_a_clock_that_stood_still_has_its_time_back_and_shows_its_first_day(
    service: Service, clock: FixedClock
) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    before = of_kind(service, case_id, "health_check")

    still = suspend_deadline(context, case_id, before.id, FIRST, ILL)
    until(service, clock, before.rings_at + timedelta(hours=9))
    assert of_kind(service, case_id, "health_check").state is DeadlineState.SUSPENDED
    # From Monday to Tuesday of the week after: six working days.
    running = resume_deadline(context, case_id, before.id, frozenset({still.version}))

    assert (before.term, before.due) == ("5 working days", date(2026, 11, 30))
    assert (running.state, running.set_for, running.due) == (
        DeadlineState.RUNNING,
        date(2026, 11, 30),
        date(2026, 12, 8),
    )
    assert running.was_suspended
    assert [(one.words, one.ended_by) for one in running.suspensions] == [("Invented: in hospital.", "coordinator-1")]
    assert read_trail(context, case_id).verified
    assert verify_log(service.operator()).breaks == ()


@pytest.mark.only_on("sqlite")
def test_that_it_stood_still_outlives_a_change_of_the_day(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    before = of_kind(service, case_id, "health_check")
    suspend_deadline(context, case_id, before.id, FIRST, ILL)
    clock.move(timedelta(days=2))
    resume_deadline(context, case_id, before.id, frozenset({2}))
    clock.move(timedelta(days=1))
    suspend_deadline(context, case_id, before.id, frozenset({3}), ILL)

    stepped(service, case_id, "accepted", "2026-11-20", explanation="Invented: another day.")

    after = of_kind(service, case_id, "health_check")
    assert (after.generation, after.state, after.was_suspended) == (2, DeadlineState.SUSPENDED, True)
    # Five working days from the Friday, and the two of the first time that it stood still.
    assert (after.set_for, after.due) == (date(2026, 11, 27), date(2026, 12, 1))
    running = resume_deadline(context, case_id, after.id, FIRST)
    assert (running.state, len(running.suspensions)) == (DeadlineState.RUNNING, 2)


@pytest.mark.only_on("sqlite")
def test_whoever_stops_a_clock_is_reminded_of_it_again_and_again(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    check = of_kind(service, case_id, "health_check")
    suspend_deadline(context, case_id, check.id, FIRST, ILL)

    for _ in range(2):
        review = of_kind(service, case_id, "suspension_review")
        until(service, clock, review.rings_at)
        busy = [one for one in read_case(context, case_id).tasks if one.deadline_id == check.id]
        assert [(one.kind, one.state) for one in busy] == [("review_suspension", TaskState.OPEN)]

    resume_deadline(context, case_id, check.id, frozenset({2}))
    assert of_kind(service, case_id, "suspension_review").state is DeadlineState.CANCELLED
    busy = [one for one in read_case(context, case_id).tasks if one.deadline_id == check.id]
    assert {one.state for one in busy} == {TaskState.OBSOLETE}


@pytest.mark.only_on("sqlite")
def test_a_clock_that_is_asked_for_again_does_not_stand_still_because_it_once_did(
    service: Service, clock: FixedClock
) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    first = of_kind(service, case_id, "health_check")
    suspend_deadline(context, case_id, first.id, FIRST, ILL)
    clock.move(timedelta(days=1))
    stepped(service, case_id, "unknown_destination", "2026-11-24")
    clock.move(timedelta(days=2))

    stepped(service, case_id, "unknown_destination", None, explanation="Invented: seen again.")

    # A day of the same term it stood still; not those on which nobody asked for it.
    again = of_kind(service, case_id, "health_check")
    assert (again.generation, again.state, again.due) == (2, DeadlineState.RUNNING, date(2026, 12, 1))
    assert [one.ended_by for one in again.suspensions] == ["coordinator-1"]
    until(service, clock, again.rings_at)
    assert of_kind(service, case_id, "health_check").state is DeadlineState.MISSED
    assert verify_log(service.operator()).breaks == ()


@pytest.mark.only_on("sqlite")
def test_what_stood_still_before_another_first_day_lengthens_nothing(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    ended, still = (of_kind(service, case_id, kind) for kind in ("health_check", "coa_allowance_application"))
    for one in (ended, still):
        suspend_deadline(context, case_id, one.id, FIRST, ILL)
    clock.move(timedelta(days=2))
    resume_deadline(context, case_id, ended.id, frozenset({2}))

    stepped(service, case_id, "accepted", "2026-11-25", explanation="Invented: another day.")

    for kind in ("health_check", "coa_allowance_application"):
        anew = of_kind(service, case_id, kind)
        assert (anew.generation, anew.state, anew.due) == (2, DeadlineState.RUNNING, anew.set_for), kind
        assert all(one.ended_at for one in anew.suspensions)


@pytest.mark.only_on("sqlite")
def test_what_is_done_stands_still_no_longer(service: Service) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    check = of_kind(service, case_id, "health_check")
    suspend_deadline(context, case_id, check.id, FIRST, ILL)

    done = complete_deadline(context, case_id, check.id, frozenset({2}), TODAY)

    assert [one.ended_by for one in done.suspensions] == ["coordinator-1"]
    assert verify_log(service.operator()).breaks == ()


@pytest.mark.only_on("sqlite")
def test_what_is_late_does_not_stand_still_even_if_nobody_has_noticed_yet(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    check = of_kind(service, case_id, "health_check")
    clock.move(check.rings_at - clock.now())

    _refused(service, TimeIsOver, lambda: suspend_deadline(context, case_id, check.id, FIRST, ILL), case_id)

    until(service, clock, clock.now())
    assert of_kind(service, case_id, "health_check").state is DeadlineState.MISSED


def test_nobody_says_by_hand_that_there_is_a_place_or_an_answer() -> None:
    assert {PLACEMENT_WAITING, REFERRAL_TAKEN} <= NOT_BY_HAND


@pytest.mark.only_on("sqlite")
def test_what_was_done_too_late_is_done_and_leaves_nobody_busy(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    until(service, clock, of_kind(service, case_id, "health_check").rings_at + timedelta(hours=1))
    missed = of_kind(service, case_id, "health_check")

    met = complete_deadline(
        context, case_id, missed.id, frozenset({missed.version}), CompleteDeadline(on=date(2026, 12, 1))
    )

    assert (missed.state, missed.is_late) == (DeadlineState.MISSED, True)
    assert (met.state, met.met_on, met.fired_at) == (DeadlineState.MET, date(2026, 12, 1), missed.fired_at)
    busy = [one for one in read_case(context, case_id).tasks if one.deadline_id == missed.id]
    assert {one.state for one in busy} == {TaskState.OBSOLETE}
    assert ladder_of(service, case_id, missed.id) is DeadlineState.CANCELLED
    assert verify_log(service.operator()).breaks == ()


@pytest.mark.only_on("sqlite")
def test_the_task_about_a_missed_deadline_is_the_deadline_s_end(service: Service, clock: FixedClock) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    missed = of_kind(service, case_id, "health_check")
    until(service, clock, missed.rings_at)
    (task,) = [one for one in read_case(context, case_id).tasks if one.deadline_id == missed.id]

    finish_task(context, task.id, frozenset({task.version}), FinishTask(outcome=TaskOutcome.ACHIEVED))

    met = of_kind(service, case_id, "health_check")
    assert (met.state, met.met_on) == (DeadlineState.MET, date(2026, 12, 1))
    assert ladder_of(service, case_id, missed.id) is DeadlineState.CANCELLED


@pytest.mark.only_on("sqlite")
def test_what_cannot_be_is_refused_and_changes_nothing(service: Service) -> None:
    case_id, other = opened_case(service).case_id, opened_case(service).case_id
    context, stranger = coordinator(service), coordinator(service, OTHER_OFFICE)
    check, end = (of_kind(service, case_id, kind).id for kind in ("health_check", "reflection_end"))
    done = of_kind(service, case_id, "coa_allowance_application")
    complete_deadline(context, case_id, done.id, FIRST, TODAY)
    before = read_deadlines(context, case_id)
    second: Seen = frozenset({2})
    tomorrow = CompleteDeadline(on=date(2026, 11, 24))
    long_ago = CompleteDeadline(on=date(1999, 1, 1))
    # What counts back from a later day has no term.
    warned = next(one.id for one in read_deadlines(context, case_id).items if one.kind == "assessment" and not one.term)
    wordless = SuspendDeadline(reason=SuspendReason.OTHER)

    for refusal, act in (
        (DeadlineNotUnderstood, lambda: complete_deadline(context, case_id, check, FIRST, tomorrow)),
        (DeadlineNotUnderstood, lambda: complete_deadline(context, case_id, check, FIRST, long_ago)),
        (DeadlineNotUnderstood, lambda: complete_deadline(context, case_id, warned, FIRST, long_ago)),
        (DeadlineNotUnderstood, lambda: suspend_deadline(context, case_id, check, FIRST, wordless)),
        (DeadlineNotFound, lambda: complete_deadline(context, other, check, FIRST, TODAY)),
        (NotByHand, lambda: suspend_deadline(context, case_id, end, FIRST, ILL)),
        (NotByHand, lambda: complete_deadline(context, case_id, end, FIRST, TODAY)),
        (IllegalTransition, lambda: suspend_deadline(context, case_id, done.id, second, ILL)),
        (IllegalTransition, lambda: complete_deadline(context, case_id, done.id, second, TODAY)),
        (IllegalTransition, lambda: resume_deadline(context, case_id, check, FIRST)),
        (Unseen, lambda: suspend_deadline(context, case_id, check, None, ILL)),
        (Stale, lambda: suspend_deadline(context, case_id, check, second, ILL)),
    ):
        _refused(service, refusal, act, other if refusal is DeadlineNotFound else case_id)
    with pytest.raises(DomainError, match="no such case"):
        suspend_deadline(stranger, case_id, check, FIRST, ILL)

    assert read_deadlines(context, case_id) == before


def _refused(service: Service, refusal: type[DomainError], act: Callable[[], object], in_trail_of: UUID) -> None:
    with pytest.raises(refusal):
        act()
    last = read_trail(coordinator(service), in_trail_of).entries[-1]
    assert (last.event, last.outcome) == (Event.DEADLINE_REFUSED, Outcome.REFUSED), refusal


@pytest.mark.only_on("sqlite")
def test_a_list_gives_what_rings_first_and_only_the_caller_s_own(service: Service) -> None:
    case_id, context = opened_case(service).case_id, coordinator(service)
    opened_case(service)

    first = list_deadlines(context, ListDeadlines(page_size=5))
    rest = list_deadlines(context, ListDeadlines(page_size=100, cursor=first.next_cursor))
    found = [*first.items, *rest.items]

    assert found == sorted(found, key=lambda one: (one.rings_at, one.id))
    assert len({one.id for one in found}) == len(found) == 2 * len(read_deadlines(context, case_id).items)
    soon = ListDeadlines(
        due_before=date(2026, 11, 26), case_id=case_id, state=DeadlineState.RUNNING, owner="office-north"
    )
    assert [(one.kind, one.due) for one in list_deadlines(context, soon).items] == [("assessment", date(2026, 11, 25))]
    assert list_deadlines(coordinator(service, OTHER_OFFICE), ListDeadlines()).items == ()
    assert len(list_deadlines(auditor(service), ListDeadlines(page_size=100)).items) == len(found)
    assert due_clock(service.system()) is None
