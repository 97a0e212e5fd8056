"""A reflection period has its order: offered, accepted, running, ended; once in a lifetime, whatever is tried."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.kernel.errors import DomainError
from service.reflection.lifecycle import ENDINGS, LIFECYCLE, PeriodState, Step
from service.reflection.policy import Circumstances, StepNotUnderstood, StepOutOfOrder, Taken, state_after, take

MONDAY = date(2026, 11, 23)
DAY = timedelta(days=1)
LATER = Circumstances(today=date(2027, 12, 31))
RUNNING = {Step.OFFERED: MONDAY, Step.ACCEPTED: MONDAY}


def refused(history: dict[Step, date], taken: Taken, now: Circumstances = LATER) -> str:
    """Give the code by which a step is refused."""
    with pytest.raises((StepNotUnderstood, StepOutOfOrder)) as refusal:
        take(history, taken, now)
    return refusal.value.problems[0].code


def test_cl_01_a_period_runs_from_the_day_on_which_the_offer_was_accepted() -> None:
    offered = take({}, Taken(Step.OFFERED, MONDAY), LATER)
    accepted = take(offered, Taken(Step.ACCEPTED, MONDAY), LATER)

    assert [state_after(one) for one in ({}, offered, accepted)] == [
        PeriodState.NONE,
        PeriodState.OFFERED,
        PeriodState.RUNNING,
    ]


@pytest.mark.parametrize("ending", ENDINGS)
def test_each_ending_ends_what_runs_and_nothing_starts_again(ending: Step) -> None:
    ended = take(RUNNING, Taken(ending, MONDAY + 69 * DAY, explained=True), LATER)

    assert state_after(ended) is PeriodState.ENDED
    assert refused(ended, Taken(Step.OFFERED, MONDAY + 70 * DAY)) == "one-off"
    assert not [move for move in LIFECYCLE if move[0] is PeriodState.ENDED and LIFECYCLE[move] is not move[0]]


def test_what_cannot_follow_is_refused_with_its_reason() -> None:
    wrong: dict[str, list[tuple[dict[Step, date], Taken]]] = {
        "out-of-order": [({}, Taken(Step.ACCEPTED, MONDAY)), ({}, Taken(Step.RENOUNCED, MONDAY))],
        "one-off": [({Step.REPORTED: MONDAY}, Taken(Step.OFFERED, MONDAY))],
        "still-to-come": [(RUNNING, Taken(Step.RENOUNCED, LATER.today + DAY))],
        "recorded-before": [(RUNNING, Taken(Step.ACCEPTED, MONDAY + DAY))],
        "before-a-later-step": [(RUNNING, Taken(Step.RECORD_SIGNED, MONDAY - DAY))],
        "before-the-start": [(RUNNING, Taken(Step.RECORD_SIGNED, MONDAY - DAY, explained=True))],
        "before-the-offer": [(RUNNING, Taken(Step.ACCEPTED, MONDAY - DAY, explained=True))],
        "unexplained": [(RUNNING, Taken(Step.REVOKED, MONDAY))],
    }
    used = Circumstances(today=LATER.today, used_before=True)

    for code, tries in wrong.items():
        for history, taken in tries:
            assert refused(history, taken, used if code == "one-off" else LATER) == code


def test_after_the_last_day_nobody_ends_it_any_more_and_what_happened_before_that_is_still_told() -> None:
    over = Circumstances(today=date(2027, 3, 10), expired_on=date(2027, 2, 23))

    assert refused(RUNNING, Taken(Step.RENOUNCED, date(2027, 2, 24)), over) == "out-of-order"
    told_late = take(RUNNING, Taken(Step.UNKNOWN_DESTINATION, date(2027, 1, 31)), over)
    assert state_after(told_late) is PeriodState.ENDED
    # A report can be made at any time; it ends nothing that has ended.
    assert take(RUNNING, Taken(Step.RECORD_SIGNED, date(2027, 3, 1)), over)


def test_who_declined_may_be_asked_again_and_has_used_nothing() -> None:
    declined = take({Step.OFFERED: MONDAY}, Taken(Step.DECLINED, MONDAY), LATER)
    again = take(declined, Taken(Step.OFFERED, MONDAY + DAY), LATER)

    assert (state_after(declined), state_after(again)) == (PeriodState.DECLINED, PeriodState.OFFERED)


TAKEN = st.builds(
    Taken,
    st.sampled_from(Step),
    st.none() | st.integers(0, 60).map(lambda days: MONDAY + days * DAY),
    explained=st.booleans(),
)


@given(st.lists(TAKEN, max_size=14), st.integers(0, 60), st.booleans())
def test_no_sequence_of_steps_yields_two_running_periods_or_a_step_out_of_order(
    tries: list[Taken],
    today: int,
    used: bool,  # noqa: FBT001 -- hypothesis gives it by place
) -> None:
    now = Circumstances(MONDAY + today * DAY, used_before=used)
    history: dict[Step, date] = {}
    for one in tries:
        before = dict(history)
        try:
            history = take(history, one, now)
        except DomainError:
            assert history == before
            continue
        state = state_after(history)
        starts, offered = history.get(Step.ACCEPTED), history.get(Step.OFFERED)
        assert all(day <= now.today for day in history.values())
        assert (state is PeriodState.RUNNING) <= (starts is not None and not used)
        assert (state is PeriodState.DECLINED) <= (starts is None)
        if starts is not None:
            assert offered is not None
            assert offered <= starts
            assert all(history.get(step, starts) >= starts for step in ENDINGS)
            assert (state is PeriodState.ENDED) == any(step in history for step in ENDINGS)
        if not one.explained:
            # Without an explanation nothing that was recorded changes, but for an offer after a refusal.
            kept = {step for step in before if before[step] == history.get(step)}
            assert set(before) - kept <= {Step.DECLINED, Step.OFFERED}
