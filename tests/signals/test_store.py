"""A signal is kept once per key of an organisation and triaged once."""

import pytest

from service.casework.cases.read_cases import read_case
from service.kernel.transitions import IllegalTransition
from service.signals.lifecycle import SignalEvent, Standing
from service.signals.store import SubmissionKeyReused, move, submitted_before
from service.signals.tables import Signal
from service.wiring import Service
from tests.factories import OFFICE, OTHER_OFFICE, coordinator, opened_case


def kept(service: Service) -> Signal:
    receipt = opened_case(service)
    with service.database.look() as session:
        return session.get_one(Signal, receipt.signal_id)


def test_a_signal_with_a_case_is_triaged(service: Service) -> None:
    signal = kept(service)

    assert signal.state is Standing.CASE_OPENED
    assert signal.case_id is not None
    assert read_case(coordinator(service), signal.case_id).id == signal.case_id


def test_a_key_finds_its_signal_for_its_own_office_only(service: Service) -> None:
    signal = kept(service)
    with service.database.look() as session:
        found = submitted_before(session, OFFICE, signal.submission_key, signal.content_digest)
        elsewhere = submitted_before(session, OTHER_OFFICE, signal.submission_key, signal.content_digest)

    assert found is not None
    assert found.id == signal.id
    assert elsewhere is None


def test_a_key_with_another_content_is_refused(service: Service) -> None:
    signal = kept(service)
    with service.database.look() as session, pytest.raises(SubmissionKeyReused):
        submitted_before(session, OFFICE, signal.submission_key, "0" * 64)


def test_a_signal_is_triaged_once(service: Service) -> None:
    signal = kept(service)
    assert signal.case_id is not None
    with service.database.work() as work, pytest.raises(IllegalTransition):
        move(work.session, work.session.get_one(Signal, signal.id), SignalEvent.LINK, signal.case_id)
