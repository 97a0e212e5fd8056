"""A hold ends once, a used one is given back once, and a placement ends for reasons that fit where it is."""

from itertools import product

import pytest

from service.kernel.transitions import IllegalTransition, next_state
from service.places.lifecycle import (
    ENDINGS,
    HOLD_LIFECYCLE,
    OPEN,
    PLACEMENT_LIFECYCLE,
    EndReason,
    HoldEvent,
    HoldState,
    PlacementEvent,
    PlacementState,
)

P = PlacementState


def test_a_hold_ends_once_and_only_what_was_used_is_given_back() -> None:
    ends = {(HoldState.HELD, event) for event in HoldEvent if event is not HoldEvent.GIVE_BACK}

    assert HOLD_LIFECYCLE.keys() == ends | {(HoldState.USED, HoldEvent.GIVE_BACK)}


def test_a_placement_goes_from_waiting_over_kept_to_there_and_out() -> None:
    state = P.WAITING
    for event in (PlacementEvent.RESERVE, PlacementEvent.CONFIRM, PlacementEvent.END):
        state = next_state(PLACEMENT_LIFECYCLE, state, event)

    assert state is P.ENDED
    for state, event in product(P, PlacementEvent):
        if (state, event) not in PLACEMENT_LIFECYCLE:
            with pytest.raises(IllegalTransition):
                next_state(PLACEMENT_LIFECYCLE, state, event)


def test_every_reason_ends_something_and_nobody_moves_on_from_where_nobody_was() -> None:
    assert ENDINGS.keys() == set(EndReason)
    assert frozenset().union(*ENDINGS.values()) == OPEN == set(P) - {P.ENDED}
    assert ENDINGS[EndReason.MOVED_ON] == {P.PLACED}
