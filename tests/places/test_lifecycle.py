"""A hold ends once, and in one way."""

from itertools import product

import pytest

from service.kernel.transitions import IllegalTransition, next_state
from service.places.lifecycle import HOLD_LIFECYCLE, HoldEvent, HoldState


def test_a_hold_ends_once() -> None:
    for state, event in product(HoldState, HoldEvent):
        if state is HoldState.HELD:
            assert next_state(HOLD_LIFECYCLE, state, event) is not HoldState.HELD
        else:
            with pytest.raises(IllegalTransition):
                next_state(HOLD_LIFECYCLE, state, event)
