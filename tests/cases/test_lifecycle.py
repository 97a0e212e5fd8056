"""A case goes two ways and no third one, and every reason has its words."""

import pytest

from service.cases.lifecycle import (
    CASE_LIFECYCLE,
    OF_ITSELF,
    SHOWN_IN_THE_CASE,
    CaseEvent,
    CaseState,
    CloseReason,
    ReopenReason,
)
from service.casework.commands.cases import ReopenCase
from service.cli.words import NAMES
from service.kernel.transitions import IllegalTransition, next_state


def test_an_open_case_is_closed_a_closed_one_is_reopened_and_nothing_else_happens_to_it() -> None:
    assert next_state(CASE_LIFECYCLE, CaseState.OPEN, CaseEvent.CLOSE) is CaseState.CLOSED
    assert next_state(CASE_LIFECYCLE, CaseState.CLOSED, CaseEvent.REOPEN) is CaseState.OPEN
    for state, event in ((CaseState.OPEN, CaseEvent.REOPEN), (CaseState.CLOSED, CaseEvent.CLOSE)):
        with pytest.raises(IllegalTransition):
            next_state(CASE_LIFECYCLE, state, event)


def test_every_reason_has_its_dutch_and_a_person_gives_those_that_the_service_does_not() -> None:
    assert NAMES["cases.reason"].keys() == {*CloseReason, *ReopenReason}
    assert NAMES["cases.event"].keys() == set(CaseEvent)
    said = ReopenCase.model_json_schema()["properties"]["reason"]["enum"]
    assert {ReopenReason(one) for one in said} == set(ReopenReason) - OF_ITSELF
    assert set(CloseReason) > SHOWN_IN_THE_CASE
