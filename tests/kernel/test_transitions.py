"""Every lifecycle is read by the same function, and what it does not hold is refused."""

from collections.abc import Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest

from service.cases import lifecycle as cases
from service.dispatch import lifecycle as dispatch
from service.kernel.transitions import IllegalTransition, next_state
from service.partners import lifecycle as partners
from service.referrals import lifecycle as referrals
from service.signals import lifecycle as signals

LIFECYCLES = [
    (signals.LIFECYCLE, signals.Standing, signals.SignalEvent),
    (cases.DECISION_LIFECYCLE, cases.DecisionState, cases.DecisionEvent),
    (referrals.LIFECYCLE, referrals.ReferralState, referrals.ReferralEvent),
    (partners.LIFECYCLE, partners.EndpointState, partners.EndpointEvent),
    (dispatch.LIFECYCLE, dispatch.DeliveryState, dispatch.DeliveryEvent),
]
PAIRS = [
    pytest.param(table, state, event, id=f"{states.__name__}-{state}-{event}")
    for table, states, happenings in LIFECYCLES
    for state, event in product(states, happenings)
]


@pytest.mark.parametrize(("table", "state", "event"), PAIRS)
def test_a_move_is_in_the_table_or_is_refused(table: Mapping[Any, Any], state: StrEnum, event: StrEnum) -> None:
    if (state, event) in table:
        assert next_state(table, state, event) in type(state)
    else:
        with pytest.raises(IllegalTransition):
            next_state(table, state, event)


@pytest.mark.parametrize(("table", "states", "_events"), LIFECYCLES)
def test_every_state_can_be_reached_from_the_first(
    table: Mapping[Any, Any], states: type[StrEnum], _events: type[StrEnum]
) -> None:
    reached = {next(iter(states))}
    for _ in states:
        reached |= {after for (before, _event), after in table.items() if before in reached}

    assert reached == set(states)
