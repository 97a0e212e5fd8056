"""The person is told about rights first: no report is recorded before that, and every telling is kept for good."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import ChangeFacts
from service.casework.rights.read_rights import read_rights
from service.casework.rights.record_rights import RightsNotUnderstood, record_rights
from service.casework.rights.rights_told import RightsNotTold
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.rights import store as rights
from service.rights.policy import BEFORE_CONSENT, Item
from service.tasks.lifecycle import TaskState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, signal, told_about_rights

TODAY = date(2026, 11, 23)
EVERYTHING = [("NT-19", TaskState.OPEN), ("NT-20", TaskState.OPEN)]


def waiting(service: Service, case_id: UUID) -> list[tuple[str, TaskState]]:
    """Give the tasks to tell about rights and to record it."""
    told = [one for one in read_case(coordinator(service), case_id).tasks if one.kind == "record_rights_information"]
    return sorted((one.rule, one.state) for one in told)


def reports(service: Service, case_id: UUID, on: date) -> None:
    version = read_case(coordinator(service), case_id).version
    change_facts(
        coordinator(service), case_id, frozenset({version}), ChangeFacts(facts={"reported_on": on.isoformat()})
    )


def test_nt_19_and_nt_20_a_report_is_recorded_only_after_the_person_was_told_everything(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = read_case(coordinator(service), case_id)
    yesterday = TODAY - timedelta(days=1)

    with pytest.raises(RightsNotTold):
        reports(service, case_id, TODAY)
    record_rights(coordinator(service), case_id, told_about_rights(items=BEFORE_CONSENT))
    with pytest.raises(RightsNotTold):
        reports(service, case_id, TODAY)
    record_rights(coordinator(service), case_id, told_about_rights(items=["false_report"]))
    with pytest.raises(RightsNotTold):
        reports(service, case_id, yesterday)
    refused = read_case(coordinator(service), case_id)
    reports(service, case_id, TODAY)

    assert (refused.version, refused.facts) == (before.version, before.facts)
    assert read_case(coordinator(service), case_id).facts["reported_on"] == TODAY.isoformat()
    entries = read_trail(auditor(service), case_id).entries
    assert [one.outcome for one in entries if one.event == Event.FACTS_REFUSED] == [Outcome.REFUSED] * 3


def test_what_was_told_elsewhere_without_a_word_about_rights_is_kept_and_leaves_a_task(service: Service) -> None:
    case_id = opened_case(service, reported_on="2026-11-23", consent=None).case_id
    asked = waiting(service, case_id)
    record_rights(coordinator(service), case_id, told_about_rights(items=BEFORE_CONSENT))
    half = waiting(service, case_id)
    record_rights(coordinator(service), case_id, told_about_rights())

    assert asked == EVERYTHING
    assert half == [("NT-19", TaskState.DONE), ("NT-20", TaskState.OPEN)]
    assert {state for _, state in waiting(service, case_id)} == {TaskState.DONE}


def test_a_consent_that_a_signal_tells_of_waits_for_the_seven_rights_and_a_second_signal_asks_nothing_twice(
    service: Service,
) -> None:
    case_id = opened_case(service, consent={"registration": "given"}).case_id
    receive_signal(coordinator(service), signal(consent={"placement": "given"}).model_copy(update={"case_id": case_id}))

    assert waiting(service, case_id) == [("NT-19", TaskState.OPEN)]
    assert waiting(service, opened_case(service, consent={"registration": "refused"}).case_id) == []


def test_what_the_person_did_not_understand_or_was_recorded_by_mistake_does_not_count(service: Service) -> None:
    desk, case_id = coordinator(service), opened_case(service).case_id
    record_rights(desk, case_id, told_about_rights(understood=False))
    nothing = read_rights(desk, case_id)
    record_rights(desk, case_id, told_about_rights())
    everything = read_rights(desk, case_id)
    mistaken = "Invented: the lawyer was not spoken about."
    without = [item for item in Item if item is not Item.LAWYER]
    record_rights(desk, case_id, told_about_rights(items=without, corrects=2, explanation=mistaken))
    corrected = read_rights(desk, case_id)

    assert len(nothing.missing) == 8
    assert (everything.missing, everything.missing_for_consent) == ((), ())
    assert corrected.missing == corrected.missing_for_consent == (Item.LAWYER,)
    assert [one.counts for one in corrected.records] == [True, False, True]
    assert (corrected.records[2].language, corrected.records[2].given_by) == ("bg", "officer-1")
    # What is to be told again is asked for again.
    assert waiting(service, case_id) == [("NT-19", TaskState.DONE), ("NT-19", TaskState.OPEN)]


def test_whoever_records_a_consent_can_ask_whether_rights_were_told_by_that_day(service: Service) -> None:
    case_id = opened_case(service).case_id
    record_rights(coordinator(service), case_id, told_about_rights(items=BEFORE_CONSENT))

    with coordinator(service).work() as work:
        by_day = [
            rights.given_before(work.session, work.vault, case_id, TODAY - timedelta(days=late)) for late in (0, 1)
        ]
    assert by_day == [True, False]


def test_what_cannot_be_is_refused_and_nothing_is_kept(service: Service) -> None:
    case_id, mistaken = opened_case(service).case_id, "Invented: mistaken."
    for code, changes in (
        ("still-to-come", {"given_on": TODAY + timedelta(days=1)}),
        ("unexplained", {"corrects": 1}),
        ("unexplained", {"explanation": mistaken}),
        ("not-there", {"corrects": 1, "explanation": mistaken}),
    ):
        with pytest.raises(RightsNotUnderstood) as refused:
            record_rights(coordinator(service), case_id, told_about_rights(**changes))
        assert [one.code for one in refused.value.problems] == [code]
    with pytest.raises(CaseNotFound):
        record_rights(coordinator(service, OTHER_OFFICE), case_id, told_about_rights())
    with pytest.raises(ScopeMissing):
        record_rights(auditor(service), case_id, told_about_rights())

    assert read_rights(auditor(service), case_id).records == ()
    entries = read_trail(auditor(service), case_id).entries
    assert [one.outcome for one in entries if one.event == Event.RIGHTS_REFUSED] == [Outcome.REFUSED] * 4


def test_no_word_without_a_language_counts() -> None:
    for language in ("und", "Bulgarian", "x", "BG"):
        with pytest.raises(ValueError, match="language"):
            told_about_rights(language=language)
