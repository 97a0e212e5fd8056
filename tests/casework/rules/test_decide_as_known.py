"""What a decision would have been at an instant: by the facts told by then, about any day."""

from datetime import date, timedelta

import pytest

from service.audit.event import Event
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.commands.cases import ChangeFacts
from service.casework.rules.decide_as_known import NothingKnownThen, decide_as_known
from service.casework.trail.read_trail import read_trail
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, coordinator, opened_case


def test_what_was_told_later_was_not_known_then(service: Service, clock: FixedClock) -> None:
    case_id, then = opened_case(service).case_id, clock.now()
    clock.move(timedelta(days=3))
    change_facts(coordinator(service), case_id, frozenset({1}), ChangeFacts(facts={"age": 16}))

    before = decide_as_known(coordinator(service), case_id, then, None)
    after = decide_as_known(coordinator(service), case_id, clock.now(), None)

    assert ("child" in before.tracks, "child" in after.tracks) == (False, True)
    assert (before.on, after.on) == (date(2026, 11, 23), date(2026, 11, 26))


def test_the_law_of_another_day_can_be_asked_for(service: Service, clock: FixedClock) -> None:
    dublin = {"residence": "asylum_procedure", "dublin_claimant": "yes", "reflection_choice": None, "accepted_on": None}
    case_id = opened_case(service, **dublin).case_id

    days = (date(2023, 5, 17), date(2023, 5, 18))
    found = [decide_as_known(coordinator(service), case_id, clock.now(), day).reflection_period for day in days]

    assert [one.status for one in found] == ["not_available", "offer"]


def test_nothing_is_kept_but_that_somebody_asked(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    before = len(read_trail(coordinator(service), case_id).entries)

    decide_as_known(coordinator(service), case_id, clock.now(), None)

    events = [entry.event for entry in read_trail(coordinator(service), case_id).entries[before:]]
    assert Event.DECISION_PREVIEWED in events
    assert Event.DECISION_MADE not in events


def test_before_the_case_there_was_nothing_and_for_others_there_is_no_case(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id

    with pytest.raises(NothingKnownThen):
        decide_as_known(coordinator(service), case_id, clock.now() - timedelta(seconds=1), None)
    with pytest.raises(CaseNotFound):
        decide_as_known(coordinator(service, OTHER_OFFICE), case_id, clock.now(), None)
