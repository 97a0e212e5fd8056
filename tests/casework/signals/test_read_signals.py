"""A signal is read as it was told by those who work on its case, and a list of signals tells nothing about anybody."""

from datetime import date

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event
from service.casework.commands.signals import Identity
from service.casework.questions import ListSignals
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.signals.lifecycle import SignalState
from service.signals.store import SignalNotFound, SubmissionKeyReused
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner, signal, told

NARRATIVE = "She slept behind the washing machines of an invented laundry."
WHO = Identity(name="Invented Person", birth_date=date(1996, 2, 29), contact="invented@example.org")
WHOLE = signal().model_copy(update={"narrative": NARRATIVE, "identity": WHO})


def test_a_signal_is_given_back_as_it_was_told(service: Service) -> None:
    receipt = receive_signal(coordinator(service), WHOLE)

    found = read_signal(coordinator(service), receipt.signal_id)
    assert (found.state, found.case_id, found.facts) == (SignalState.TRIAGED, receipt.case_id, told())
    assert found.narrative == NARRATIVE
    assert found.identity is not None
    assert (found.identity.name, found.identity.birth_date) == (WHO.name, WHO.birth_date)


def test_a_signal_that_told_only_facts_has_nothing_else(service: Service) -> None:
    found = read_signal(coordinator(service), opened_case(service).signal_id)

    assert (found.narrative, found.identity) == (None, None)


def test_another_narrative_under_the_same_key_is_another_signal(service: Service) -> None:
    first = receive_signal(coordinator(service), WHOLE)

    assert receive_signal(coordinator(service), WHOLE) == first
    for changed in ({"narrative": "Something else."}, {"narrative": None}, {"identity": Identity(name="Another")}):
        with pytest.raises(SubmissionKeyReused):
            receive_signal(coordinator(service), WHOLE.model_copy(update=changed))


def test_who_read_it_and_which_parts_stands_in_the_trail_of_its_case(service: Service) -> None:
    receipt = receive_signal(coordinator(service), WHOLE)
    read_signal(auditor(service), receipt.signal_id)

    trail = read_trail(coordinator(service), receipt.case_id)
    assert (trail.entries[-1].event, trail.entries[-1].actor) == (Event.SIGNAL_READ, "auditor-1")
    assert not {NARRATIVE, WHO.name} & set(trail.model_dump_json().split('"'))


def test_signals_of_another_office_are_not_there(service: Service) -> None:
    receipt = receive_signal(coordinator(service), WHOLE)

    with pytest.raises(SignalNotFound):
        read_signal(coordinator(service, OTHER_OFFICE), receipt.signal_id)
    assert list_signals(coordinator(service, OTHER_OFFICE), ListSignals()).items == ()
    for refused in (
        lambda: read_signal(partner(service, "comensha"), receipt.signal_id),
        lambda: list_signals(partner(service, "comensha"), ListSignals()),
    ):
        with pytest.raises(ScopeMissing):
            refused()


def test_a_list_gives_pages_and_filters(service: Service) -> None:
    receipts = [opened_case(service) for _ in "abc"]

    first = list_signals(coordinator(service), ListSignals(page_size=2))
    rest = list_signals(coordinator(service), ListSignals(page_size=2, cursor=first.next_cursor))
    one = list_signals(coordinator(service), ListSignals(case_id=receipts[0].case_id))

    assert {line.id for line in (*first.items, *rest.items)} == {receipt.signal_id for receipt in receipts}
    assert rest.next_cursor is None
    assert [line.id for line in one.items] == [receipts[0].signal_id]
    assert list_signals(coordinator(service), ListSignals(state=SignalState.RECEIVED)).items == ()
