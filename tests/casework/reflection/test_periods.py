"""Stories of a reflection period: offered, accepted, reported on each month, ended, and never had twice."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.change_facts import change_facts
from service.casework.cases.read_cases import read_case
from service.casework.cases.take_step import take_step
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.reflection import RecordReport, TakeStep
from service.casework.reflection.judge_steps import WrongEstablisher
from service.casework.reflection.record_report import ReportNotDue, record_report
from service.casework.reflection.show_period import read_period
from service.casework.rights.record_rights import record_rights
from service.casework.rights.rights_told import RightsNotTold
from service.casework.trail.read_trail import read_trail
from service.casework.views.reflection import PeriodView
from service.deadlines.lifecycle import DeadlineState
from service.kernel.errors import DomainError
from service.kernel.versions import Stale, Unseen
from service.reflection.policy import StepNotUnderstood, StepOutOfOrder
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, stepped, told_about_rights

TODAY = date(2026, 11, 23)
MET, RUNNING, CANCELLED = DeadlineState.MET, DeadlineState.RUNNING, DeadlineState.CANCELLED
WHY = "Invented: it was written down wrongly."


def wait_until(clock: FixedClock, on: date) -> None:
    clock.move(datetime.combine(on, time(9), UTC) - clock.now())


def a_person(service: Service, **changes: object) -> UUID:
    """Open the case of somebody to whom nobody has offered anything yet."""
    return opened_case(service, reflection_choice=None, accepted_on=None, **changes).case_id


def accepts(service: Service, clock: FixedClock, on: date, **changes: object) -> UUID:
    """Let the police offer the period on a day, and the person accept it."""
    wait_until(clock, on)
    case_id = a_person(service, **changes)
    stepped(service, case_id, "offered", on.isoformat())
    stepped(service, case_id, "accepted", on.isoformat())
    return case_id


def seen(service: Service, case_id: UUID) -> PeriodView:
    return read_period(coordinator(service), case_id)


def reported(service: Service, case_id: UUID, due: date, on: date) -> PeriodView:
    return record_report(coordinator(service), case_id, RecordReport(due=due, reported_on=on))


def months(period: PeriodView) -> list[tuple[date, DeadlineState]]:
    return [(one.due, one.state) for one in period.reports]


def told(service: Service, case_id: UUID) -> set[str]:
    """Give the kinds of the tasks of the decision that counts, and whom it tells."""
    content = read_case(coordinator(service), case_id).decisions[-1].content
    return {one.kind for one in content.tasks} | {one.to for one in content.notifications}


def test_g01_who_accepts_has_three_months_reports_each_month_and_is_not_transferred(
    service: Service, clock: FixedClock
) -> None:
    case_id = a_person(service)
    before = seen(service, case_id)
    offered = stepped(service, case_id, "offered", "2026-11-23")
    accepted = stepped(service, case_id, "accepted", "2026-11-23")
    wait_until(clock, date(2026, 12, 24))
    late = reported(service, case_id, date(2026, 12, 23), date(2026, 12, 22))

    assert [(one.step, one.established_by) for one in before.next] == [("offered", ("police", "border_police"))]
    assert (before.state, offered.state, offered.status) == ("none", "offered", "offer")
    assert {one.step for one in offered.next} == {"accepted", "declined"}
    assert all(one.who["nl"] and one.who["en"] and one.sources for one in offered.next)
    assert (accepted.state, accepted.length, accepted.starts, accepted.ends, accepted.days_left) == (
        *("running", "P3M", TODAY, date(2027, 2, 23), 92),
    )
    assert months(accepted) == [(date(2026, 12, 23), RUNNING), (date(2027, 1, 23), RUNNING)]
    assert date(2027, 2, 9) in accepted.warnings
    assert accepted.transfer_blocked
    assert any("C-66/21" in source for source in accepted.transfer_blocked_by)
    assert [(one.step, one.established_by) for one in accepted.steps] == [("offered", "police"), ("accepted", "police")]
    assert (months(late)[0], late.reports[0].reported_on) == ((date(2026, 12, 23), MET), date(2026, 12, 22))
    assert {"ind", "coa", "legal_aid"} <= told(service, case_id)


def test_g25_an_unknown_destination_that_the_police_establish_ends_it_for_good(
    service: Service, clock: FixedClock
) -> None:
    case_id = accepts(service, clock, date(2027, 1, 11))
    wait_until(clock, date(2027, 1, 31))

    ended = stepped(service, case_id, "unknown_destination", "2027-01-31")

    assert (ended.state, ended.reason, ended.ends, ended.transfer_blocked) == (
        *("ended", "unknown_destination", date(2027, 1, 31), False),
    )
    assert months(ended) == [(date(2027, 2, 11), CANCELLED), (date(2027, 3, 11), CANCELLED)]
    assert {"ind", "exit_plan", "return_counselling"} <= told(service, case_id)
    assert (ended.used, ended.next) == (True, ())
    for step in ("offered", "accepted"):
        with pytest.raises(StepOutOfOrder):
            stepped(service, case_id, step, "2027-01-31")
    assert seen(service, case_id).version == ended.version


def test_g26_a_record_that_is_signed_on_day_sixty_ends_it_that_day_and_what_was_reported_stays_reported(
    service: Service, clock: FixedClock
) -> None:
    case_id = accepts(service, clock, date(2027, 2, 1))
    record_rights(coordinator(service), case_id, told_about_rights(given_on=date(2027, 2, 1)))
    wait_until(clock, date(2027, 4, 2))
    reported(service, case_id, date(2027, 3, 1), date(2027, 3, 1))
    reported(service, case_id, date(2027, 4, 1), date(2027, 4, 1))

    stepped(service, case_id, "reported", "2027-04-02")
    ended = stepped(service, case_id, "record_signed", "2027-04-02")

    assert (ended.state, ended.reason, ended.ends) == ("ended", "record_signed", date(2027, 4, 2))
    assert months(ended) == [(date(2027, 3, 1), MET), (date(2027, 4, 1), MET)]
    content = read_case(coordinator(service), case_id).decisions[-1].content
    assert (date(2027, 4, 3), "permit_decision_target") in {(one.due, one.kind) for one in content.deadlines}
    assert (content.shelter.type, content.shelter.next) == ("cosm", "follow_up")
    assert "return_counselling" not in told(service, case_id)


@pytest.mark.only_on("sqlite")
def test_g07_the_law_of_the_day_of_acceptance_decides_about_a_dublin_claimant(
    service: Service, clock: FixedClock
) -> None:
    dublin = {"residence": "asylum_procedure", "dublin_claimant": "yes"}
    wait_until(clock, date(2023, 5, 17))
    too_early = a_person(service, **dublin)
    with pytest.raises(StepOutOfOrder) as refused:
        stepped(service, too_early, "offered", "2023-05-17")
    on_the_day = seen(service, too_early)
    in_time = seen(service, accepts(service, clock, date(2023, 5, 18), **dublin))

    assert [one.code for one in refused.value.problems] == ["not-available"]
    assert (on_the_day.status, on_the_day.reason, on_the_day.next) == ("not_available", "dublin", ())
    assert (in_time.length, in_time.ends) == ("P30D", date(2023, 6, 17))


@pytest.mark.only_on("sqlite")
def test_g24_who_had_a_period_before_is_offered_none(service: Service) -> None:
    case_id = a_person(service, reflection_used="yes")

    with pytest.raises(StepOutOfOrder) as refused:
        stepped(service, case_id, "offered", "2026-11-23")

    period = seen(service, case_id)
    assert [one.code for one in refused.value.problems] == ["one-off"]
    assert (period.state, period.status, period.reason, period.used) == ("none", "not_available", "one_off", True)
    assert period.next == ()


@pytest.mark.only_on("sqlite")
def test_g58_who_declines_is_helped_on_and_may_be_offered_it_again(service: Service, clock: FixedClock) -> None:
    wait_until(clock, date(2026, 12, 3))
    case_id = a_person(service)
    stepped(service, case_id, "offered", "2026-12-03")
    declined = stepped(service, case_id, "declined", "2026-12-03")
    help_goes_on = told(service, case_id)
    wait_until(clock, date(2026, 12, 7))
    again = stepped(service, case_id, "offered", "2026-12-07")

    assert (declined.state, declined.status, declined.used) == ("declined", "declined", False)
    assert {"comensha", "victim"} <= help_goes_on
    assert (again.state, again.status) == ("offered", "offer")
    assert [one.step for one in again.records] == ["offered", "declined", "offered"]


@pytest.mark.only_on("sqlite")
def test_cl_11_the_authority_alone_ends_it_early_and_says_why(service: Service) -> None:
    case_id = opened_case(service).case_id
    for said in ({"explanation": None}, {"established_by": "coa", "explanation": WHY}):
        with pytest.raises((StepNotUnderstood, WrongEstablisher)):
            stepped(service, case_id, "revoked", "2026-11-23", **said)

    ended = stepped(service, case_id, "revoked", "2026-11-23", established_by="ind", learned="letter", explanation=WHY)

    assert (ended.state, ended.reason, ended.rule) == ("ended", "revoked", "CL-11")
    assert (ended.records[-1].explanation, ended.records[-1].learned) == (WHY, "letter")


def test_what_cannot_be_is_refused_with_its_reason_and_nothing_changes(service: Service) -> None:
    case_id = opened_case(service, accepted_on="2026-11-20").case_id
    before = seen(service, case_id)
    wrong: list[tuple[type[DomainError], str, dict[str, object]]] = [
        (StepOutOfOrder, "recorded-before", {"step": "accepted", "on": "2026-11-22"}),
        (StepNotUnderstood, "still-to-come", {"step": "renounced", "on": "2026-11-24"}),
        (StepOutOfOrder, "before-the-start", {"step": "cooperated", "on": "2026-11-19", "explanation": WHY}),
        (StepOutOfOrder, "out-of-order", {"step": "offered", "on": "2026-11-23"}),
        (StepNotUnderstood, "not-recorded", {"step": "renounced", "on": None}),
        (WrongEstablisher, "may-not-establish", {"step": "renounced", "on": "2026-11-23", "established_by": "coa"}),
        (WrongEstablisher, "may-not-establish", {"step": "renounced", "on": "2026-11-23", "established_by": None}),
        (StepNotUnderstood, "how-heard", {"step": "renounced", "on": "2026-11-23", "learned": None}),
        (WrongEstablisher, "not-in-the-directory", {"step": "cooperated", "on": "2026-11-23", "established_by": "x"}),
        (RightsNotTold, "rights-not-told", {"step": "reported", "on": "2026-11-23"}),
    ]
    for error, code, said in wrong:
        with pytest.raises(error) as refused:
            stepped(service, case_id, **said)  # type: ignore[arg-type]
        assert [one.code for one in refused.value.problems] == [code]
    for due, on in ((date(2026, 12, 21), TODAY), (date(2026, 12, 20), TODAY - timedelta(days=4))):
        with pytest.raises((ReportNotDue, StepNotUnderstood)):
            reported(service, case_id, due, on)

    assert seen(service, case_id) == before
    entries = read_trail(auditor(service), case_id).entries
    refusals = [one.outcome for one in entries if one.event == Event.PERIOD_REFUSED]
    assert refusals == [Outcome.REFUSED] * (len(wrong) + 2)


def test_facts_are_no_second_door(service: Service) -> None:
    case_id, police = opened_case(service).case_id, coordinator(service, "police")
    version = seen(service, case_id).version
    for facts, error in (
        ({"renounced_on": "2026-11-23"}, WrongEstablisher),
        ({"unknown_destination_on": "2026-11-23"}, WrongEstablisher),
        ({"revoked_on": "2026-11-23"}, WrongEstablisher),
        ({"accepted_on": "2026-11-20"}, WrongEstablisher),
        ({"reported_on": "2026-11-23"}, RightsNotTold),
        ({"cooperated_on": "2026-11-22"}, StepOutOfOrder),
        ({"accepted_on": None, "reflection_choice": "declined"}, WrongEstablisher),
    ):
        with pytest.raises(error):
            change_facts(
                coordinator(service), case_id, frozenset({version}), ChangeFacts.model_validate({"facts": facts})
            )
    assert seen(service, case_id).version == version

    change_facts(
        coordinator(service), case_id, frozenset({version}), ChangeFacts(facts={"cooperated_on": "2026-11-23"})
    )
    assert [(one.step, one.established_by) for one in seen(service, case_id).records] == [
        ("cooperated", "office-north")
    ]
    with pytest.raises(CaseNotFound):
        read_period(police, case_id)


@pytest.mark.only_on("sqlite")
def test_a_choice_needs_its_day(service: Service) -> None:
    case_id = a_person(service)

    with pytest.raises(StepNotUnderstood):
        change_facts(
            coordinator(service), case_id, frozenset({1}), ChangeFacts(facts={"reflection_choice": "declined"})
        )


def test_a_step_that_is_told_twice_is_taken_once_and_of_two_at_once_one_has_to_look_again(service: Service) -> None:
    case_id, desk = a_person(service), coordinator(service)
    same = frozenset({seen(service, case_id).version})
    step = TakeStep.model_validate(
        {"step": "offered", "on": "2026-11-23", "established_by": "police", "learned": "letter"}
    )
    first = take_step(desk, case_id, same, step)
    second = take_step(desk, case_id, same, step)
    with pytest.raises(Stale):
        take_step(desk, case_id, same, step.model_copy(update={"step": "accepted"}))
    with pytest.raises(Unseen):
        take_step(desk, case_id, None, step.model_copy(update={"step": "accepted"}))

    assert (first.version, len(first.records)) == (second.version, len(second.records)) == (2, 1)
    for context, error in ((coordinator(service, OTHER_OFFICE), CaseNotFound), (auditor(service), ScopeMissing)):
        with pytest.raises(error):
            take_step(context, case_id, same, step)


@pytest.mark.only_on("sqlite")
def test_who_established_what_a_signal_told_is_recorded_later_without_changing_it(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = seen(service, case_id)

    after = stepped(service, case_id, "accepted", "2026-11-23")

    assert [(one.step, one.established_by) for one in before.steps] == [("accepted", None)]
    assert [(one.step, one.established_by) for one in after.steps] == [("accepted", "police")]
    assert len(read_case(coordinator(service), case_id).decisions) == 1


@pytest.mark.only_on("sqlite")
def test_an_end_that_a_signal_tells_of_counts_and_somebody_asks_who_established_it(service: Service) -> None:
    def waiting() -> list[tuple[str, str]]:
        tasks = read_case(coordinator(service), case_id).tasks
        return [(one.rule, one.state) for one in tasks if one.kind == "establish_period_end"]

    case_id = opened_case(service, unknown_destination_on="2026-11-23").case_id
    asked = waiting()
    period = stepped(service, case_id, "unknown_destination", "2026-11-23")

    assert asked == [("CL-06", "open")]
    assert (period.state, period.records[-1].established_by) == ("ended", "police")
    assert waiting() == [("CL-06", "done")]


@pytest.mark.only_on("sqlite")
def test_a_mistake_is_put_right_with_an_explanation_and_the_first_record_stays(service: Service) -> None:
    case_id = opened_case(service).case_id
    gone = stepped(service, case_id, "unknown_destination", "2026-11-23")

    back = stepped(service, case_id, "unknown_destination", None, explanation=WHY)

    assert (gone.state, back.state, back.ends) == ("ended", "running", date(2027, 2, 23))
    assert [(one.on, one.explanation) for one in back.records] == [(TODAY, None), (None, WHY)]
    assert read_trail(auditor(service), case_id).verified


@pytest.mark.only_on("sqlite")
def test_a_report_that_was_made_before_rights_were_told_is_recorded_with_an_explanation_once_they_are(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    with pytest.raises(RightsNotTold):
        stepped(service, case_id, "reported", "2026-11-23", explanation=WHY)
    wait_until(clock, date(2026, 11, 25))
    record_rights(coordinator(service), case_id, told_about_rights(given_on=date(2026, 11, 25)))
    with pytest.raises(RightsNotTold):
        stepped(service, case_id, "reported", "2026-11-23")

    stepped(service, case_id, "reported", "2026-11-23", explanation=WHY)

    assert read_case(coordinator(service), case_id).facts["reported_on"] == "2026-11-23"
