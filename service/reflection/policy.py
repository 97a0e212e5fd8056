"""Whether a step of a reflection period may be taken: in its order, on a day that can be, corrected with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final

from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.transitions import IllegalTransition, next_state
from service.reflection.lifecycle import ENDINGS, LIFECYCLE, PeriodState, Step

History = Mapping[Step, date]
"""The days of the steps that count: of each the last one that was told."""

_CHOICES: Final = (Step.ACCEPTED, Step.DECLINED)
_TURN: Final = {step: turn for turn, step in enumerate(Step)}


class StepNotUnderstood(DomainError):
    """The day of the step cannot be, or something is missing that must be said with it."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "period-step-not-understood"
    title: ClassVar[str] = "The step of the reflection period cannot be recorded as it was told"


class StepOutOfOrder(DomainError):
    """The step cannot follow on what happened before, or contradicts it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "period-step-out-of-order"
    title: ClassVar[str] = "This step of the reflection period is not possible now"


@dataclass(frozen=True)
class Taken:
    """A step that somebody wants to take.

    Attributes:
        step: which one.
        on: the local day on which it happened; None when it turned out not to have happened.
        explained: whether somebody says why it corrects what was recorded.
    """

    step: Step
    on: date | None
    explained: bool = False


@dataclass(frozen=True)
class Circumstances:
    """What else counts.

    Attributes:
        today: the local day.
        expired_on: the last day of a period that ran out by itself; None when none did.
        used_before: whether the person had a period before this one.
    """

    today: date
    expired_on: date | None = None
    used_before: bool = False


def state_after(history: History, expired_on: date | None = None) -> PeriodState:
    """Give where a period is after all its steps, in the order of their days.

    Whoever told of a choice and not of the offer before it has told of both.

    Args:
        history: the days of the steps.
        expired_on: the last day of a period that ran out by itself; None when none did.

    Raises:
        IllegalTransition: the steps cannot have happened in this order.
    """
    state = PeriodState.NONE
    for step, day in sorted(history.items(), key=_place):
        if state is PeriodState.RUNNING and expired_on is not None and day > expired_on:
            state = PeriodState.ENDED
        if step in _CHOICES and Step.OFFERED not in history:
            state = next_state(LIFECYCLE, state, Step.OFFERED)
        state = next_state(LIFECYCLE, state, step)
    return PeriodState.ENDED if state is PeriodState.RUNNING and expired_on is not None else state


def take(history: History, taken: Taken, now: Circumstances) -> dict[Step, date]:
    """Give the history with a step taken, or refuse the step with the reason.

    Args:
        history: what happened before.
        taken: the step.
        now: what else counts.

    Raises:
        StepNotUnderstood: the day is still to come, or something is not explained.
        StepOutOfOrder: the step cannot follow on what happened before, or contradicts it.
    """
    corrects = taken.step in history and not _offers_again(history, taken, now)
    _require_sense(history, taken, now, corrects=corrects)
    after = {step: day for step, day in history.items() if step is not taken.step}
    if taken.on is not None:
        if not corrects:
            _require_turn(history, taken.step, taken.on, now)
        if taken.step is Step.OFFERED:
            after = {step: day for step, day in after.items() if step is not Step.DECLINED or corrects}
        after[taken.step] = taken.on
    _require_order(after)
    return after


def _offers_again(history: History, taken: Taken, now: Circumstances) -> bool:
    """Tell whether this is another offer, and not another day for the offer that was made."""
    if taken.step is not Step.OFFERED or taken.on is None:
        return False
    declined = history.get(Step.DECLINED)
    if declined is not None:
        return taken.on >= declined
    return not taken.explained and state_after(history, now.expired_on) is PeriodState.ENDED


def _require_sense(history: History, taken: Taken, now: Circumstances, *, corrects: bool) -> None:
    if taken.on is not None and taken.on > now.today:
        raise _refused(StepNotUnderstood, "still-to-come", "A step is recorded when it has happened.", "/on")
    if taken.explained:
        return
    where = "/explanation"
    if corrects:
        detail = "The step is recorded with another day; to correct it, explain what is corrected."
        raise _refused(StepOutOfOrder, "recorded-before", detail, where)
    if taken.step is Step.REVOKED:
        raise _refused(StepNotUnderstood, "unexplained", "Whoever ends a period early says why.", where)
    later = [day for step, day in history.items() if step is not Step.REPORTED]
    if taken.step is not Step.REPORTED and taken.on is not None and taken.on < max(later, default=taken.on):
        detail = "A step of a later day is recorded; explain why this one was not recorded before it."
        raise _refused(StepOutOfOrder, "before-a-later-step", detail, where)


def _require_turn(history: History, step: Step, on: date, now: Circumstances) -> None:
    """Refuse a step that cannot follow on those before it."""
    before = {one: day for one, day in history.items() if _place((one, day)) < _place((step, on))}
    ran_out = now.expired_on if now.expired_on is not None and on > now.expired_on else None
    state = state_after(before, ran_out)
    if step in {Step.OFFERED, Step.ACCEPTED} and (now.used_before or state is PeriodState.ENDED):
        raise _refused(StepOutOfOrder, "one-off", "A reflection period can be had once.", "/step")
    if (state, step) not in LIFECYCLE:
        raise _refused(StepOutOfOrder, "out-of-order", f"'{step}' is not possible while it is '{state}'.", "/step")


def _require_order(after: History) -> None:
    """Refuse a history that contradicts itself."""
    starts, offer = after.get(Step.ACCEPTED), after.get(Step.OFFERED)
    if starts is not None and any(step in after and after[step] < starts for step in ENDINGS):
        raise _refused(StepOutOfOrder, "before-the-start", "A period cannot end before it starts.", "/on")
    if offer is not None and any(step in after and after[step] < offer for step in _CHOICES):
        raise _refused(StepOutOfOrder, "before-the-offer", "Nobody chooses before the offer.", "/on")
    try:
        state_after(after)
    except IllegalTransition as refusal:
        raise _refused(StepOutOfOrder, "out-of-order", refusal.detail, "/step") from refusal


def _place(one: tuple[Step, date]) -> tuple[date, int]:
    """Give where a step stands among others: by its day, and on one day by its turn."""
    return one[1], _TURN[one[0]]


def _refused(error: type[DomainError], code: str, detail: str, where: str) -> DomainError:
    return error(detail, problems=(Problem(where, code, detail),))
