"""Every legal move of a delivery, and no other."""

from itertools import product

import pytest

from service.dispatch.lifecycle import LIFECYCLE, DeliveryEvent, DeliveryState
from service.kernel.transitions import IllegalTransition, next_state


@pytest.mark.parametrize(("state", "event"), list(product(DeliveryState, DeliveryEvent)))
def test_a_delivery_moves_as_the_table_says_and_otherwise_not_at_all(
    state: DeliveryState, event: DeliveryEvent
) -> None:
    if (state, event) in LIFECYCLE:
        assert next_state(LIFECYCLE, state, event) is LIFECYCLE[(state, event)]
    else:
        with pytest.raises(IllegalTransition):
            next_state(LIFECYCLE, state, event)


def test_a_delivery_ends_only_as_delivered_or_when_nobody_needs_to_hear_it() -> None:
    with_a_way_on = {state for state, _ in LIFECYCLE}
    assert set(DeliveryState) - with_a_way_on == {DeliveryState.DELIVERED, DeliveryState.CANCELLED}
