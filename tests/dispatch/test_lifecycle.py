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


def test_nothing_but_a_person_moves_what_has_arrived_and_nobody_what_need_not_be_heard() -> None:
    moves = {state: {event for before, event in LIFECYCLE if before is state} for state in DeliveryState}
    assert moves[DeliveryState.DELIVERED] == {DeliveryEvent.RESEND}
    assert moves[DeliveryState.CANCELLED] == set()
