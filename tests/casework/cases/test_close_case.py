"""A case is closed when nobody can fall between any more, and is found and read afterwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from service.access.roles import ScopeMissing
from service.audit.event import Event, Outcome
from service.cases.lifecycle import CaseState, ReopenReason
from service.cases.store import CaseClosed, CaseNotFound
from service.casework.cases.close_case import CaseNotFinished, ClosingUnexplained, close_case
from service.casework.cases.compare_cases import compare_cases
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.list_cases import list_cases
from service.casework.cases.override_decision import override_decision
from service.casework.cases.record_return import record_return
from service.casework.cases.reopen_case import reopen_case
from service.casework.commands.cases import (
    ChosenShelter,
    CloseCase,
    CompareCases,
    OverrideDecision,
    RecordReturn,
    ReopenCase,
)
from service.casework.commands.consent import AcknowledgeRecall
from service.casework.commands.journal import RecordAbsence
from service.casework.commands.places import OpenPlacement
from service.casework.commands.signals import ReceiveSignal
from service.casework.consent.acknowledge_recall import acknowledge_recall
from service.casework.consent.read_disclosures import read_disclosures
from service.casework.consent.record_consent import record_consent
from service.casework.consultations.plan_consultation import plan_consultation
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.casework.journal.record_absence import record_absence
from service.casework.places.doors import AtDesk
from service.casework.places.keep_place import open_placement
from service.casework.places.show_placements import list_placements
from service.casework.questions import ListCases
from service.casework.rights.record_rights import record_rights
from service.casework.signals.receive_signal import receive_signal
from service.casework.tasks.kinds import DOUBLE_WORK
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.referrals import ReferralLine
from service.consent.lifecycle import RecallState
from service.deadlines.lifecycle import RECALL_ACKNOWLEDGEMENT
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale, Unseen
from service.places.lifecycle import PlacementState
from service.referrals.lifecycle import Answer
from service.wiring import Service
from tests.api.things import parsed_meeting
from tests.casework.clocks import until
from tests.casework.closing import (
    MISTAKE,
    close,
    finish,
    finished_case,
    left,
    live_clocks,
    open_kinds,
    placed,
    reopen,
    seen,
    still_asked,
)
from tests.casework.places.placing import TODAY
from tests.doubles import FixedClock
from tests.factories import (
    OTHER_OFFICE,
    answers,
    auditor,
    changed,
    confirmed,
    coordinator,
    lines_for,
    opened_case,
    said_about_consent,
    says,
    stepped,
    told_about_rights,
)
from tests.factories import partner as of_partner

OPEN, CLOSED = CaseState.OPEN, CaseState.CLOSED


def refusals(service: Service, case_id: UUID, event: Event) -> int:
    entries = read_trail(coordinator(service), case_id).entries
    return sum((one.event, one.outcome) == (event, Outcome.REFUSED) for one in entries)


def hindered_by(act: Callable[[], object]) -> set[str]:
    with pytest.raises(CaseNotFinished) as refusal:
        act()
    return {one.code for one in refusal.value.problems}


def told_by_consent(service: Service) -> tuple[UUID, ReferralLine]:
    """Open a case of which CoMensha is told because the person agreed."""
    case_id = opened_case(service, reporter="ngo", reflection_choice=None, accepted_on=None).case_id
    confirmed(service, case_id)
    return case_id, next(one for one in lines_for(service, case_id, "comensha") if one.content == "full")


def test_who_has_left_with_an_unknown_destination_has_a_file_that_is_closed_and_found(service: Service) -> None:
    case_id = placed(service)
    leaves = {"reason": "unknown_destination"}
    early = hindered_by(lambda: close(service, case_id, **leaves))
    left(service, case_id)
    proposed, released = open_kinds(service, case_id), list_placements(coordinator(service), case_id).items
    before = seen(service, case_id)
    late = hindered_by(lambda: close(service, case_id, **leaves))
    unchanged = seen(service, case_id)
    finish(service, case_id, "exit_plan")
    otherwise = hindered_by(lambda: close(service, case_id, reason="moved_on", explanation="Invented: she works."))

    receipt = close(service, case_id, **leaves)

    after = seen(service, case_id)
    assert early == {"referral-open", "placement-open", "period-running", "task-open", "departure-not-established"}
    assert ("consider_closing" in proposed, [one.state for one in released]) == (True, [PlacementState.ENDED])
    assert (late, otherwise) == ({"referral-open", "task-open"}, {"task-open"})
    assert refusals(service, case_id, Event.CASE_REFUSED) == 3
    assert (unchanged.version, unchanged.tasks, unchanged.referrals) == (before.version, before.tasks, before.referrals)
    assert (receipt.state, receipt.version, after.state) == (CLOSED, before.version + 1, CLOSED)
    assert [(one.event, one.reason, one.done_by) for one in after.steps] == [
        ("close", "unknown_destination", "coordinator-1")
    ]
    assert (live_clocks(service, case_id), open_kinds(service, case_id), still_asked(after.referrals)) == (
        *(set(), set()),
        [],
    )
    found = list_cases(coordinator(service), ListCases(state=CLOSED)).items
    assert [one.id for one in found] == [case_id]
    assert list_cases(coordinator(service), ListCases(state=OPEN)).items == ()
    assert read_trail(auditor(service), case_id).verified
    verified = verify_log(auditor(service))
    assert (verified.verified, verified.breaks) == (True, ())


def test_whoever_waits_for_anything_hinders_closing_and_every_reason_is_shown_or_explained(service: Service) -> None:
    case_id, comensha = told_by_consent(service)
    answers(service, comensha, Answer.ACCEPT)
    open_placement(coordinator(service), AtDesk(case_id), OpenPlacement())
    plan_consultation(coordinator(service), case_id, parsed_meeting())
    changed(service, case_id, absent_now="yes")
    says(service, case_id, registration="withdrawn")
    version = seen(service, case_id).version
    desk, named, said = coordinator(service), frozenset({version}), CloseCase.model_validate(MISTAKE)

    waits = hindered_by(lambda: close(service, case_id))
    shown = {
        reason: hindered_by(partial(close, service, case_id, reason=reason)) - waits
        for reason in ("returned", "no_indication", "same_person")
    }
    refused: list[tuple[type[DomainError], Callable[[], object]]] = [
        (ClosingUnexplained, lambda: close(service, case_id, reason="moved_on")),
        (Unseen, lambda: close_case(desk, case_id, None, said)),
        (Stale, lambda: close_case(desk, case_id, frozenset({version - 1}), said)),
        (CaseNotFound, lambda: close_case(coordinator(service, OTHER_OFFICE), case_id, named, said)),
        (ScopeMissing, lambda: close_case(auditor(service), case_id, named, said)),
        (IllegalTransition, lambda: reopen(service, case_id)),
        (ScopeMissing, lambda: reopen_case(auditor(service), case_id, named, ReopenCase(reason="came_back"))),
    ]
    for refusal, act in refused:
        with pytest.raises(refusal):
            act()

    assert waits == {
        *("referral-open", "placement-open", "consultation-open", "recall-waiting", "task-open", "person-away")
    }
    assert shown == {
        "returned": {"return-not-recorded"},
        "no_indication": {"indication-stands"},
        "same_person": {"no-other-case"},
    }
    assert (seen(service, case_id).version, seen(service, case_id).state) == (version, OPEN)
    assert refusals(service, case_id, Event.CASE_REFUSED) == 8


def test_of_two_cases_of_one_person_one_goes_on(service: Service) -> None:
    first, second = finished_case(service), finished_case(service)
    same = {"other_case_id": second, "verdict": "same", "reason": "Invented: one person."}
    compare_cases(coordinator(service), first, CompareCases.model_validate(same))
    finish(service, second)

    close(service, first, reason="same_person")

    assert hindered_by(lambda: close(service, second, reason="same_person")) == {"no-other-case"}
    assert (seen(service, first).state, seen(service, second).state) == (CLOSED, OPEN)

    # Somebody tells of the person under the number of the case that was closed: nothing is lost, and a person looks.
    again = ReceiveSignal(submission_key="invented-again-1", case_id=first, facts={"addiction": "yes"})
    receive_signal(coordinator(service), again)

    assert seen(service, first).state is OPEN
    assert DOUBLE_WORK[0] in open_kinds(service, first)


def test_of_two_cases_that_turn_out_to_be_of_two_people_none_stays_closed(service: Service) -> None:
    first, second = finished_case(service), finished_case(service)
    said = {"other_case_id": second, "reason": "Invented: they look alike."}
    compare_cases(coordinator(service), first, CompareCases.model_validate({**said, "verdict": "same"}))
    finish(service, second)
    close(service, first, reason="same_person")

    compare_cases(coordinator(service), first, CompareCases.model_validate({**said, "verdict": "undo"}))

    after = seen(service, first)
    assert (after.state, [one.reason for one in after.steps]) == (OPEN, ["same_person", ReopenReason.MISTAKE])
    assert live_clocks(service, first) == live_clocks(service, second)
    assert verify_log(auditor(service)).breaks == ()


def test_in_a_closed_case_nothing_changes_and_each_attempt_says_to_reopen_it(
    service: Service, clock: FixedClock
) -> None:
    case_id = finished_case(service)
    decision = seen(service, case_id).decisions[-1].id
    close(service, case_id)
    closed, desk = seen(service, case_id), coordinator(service)
    version = frozenset({closed.version})
    returned = RecordReturn(returned_on=TODAY, follow_up_wanted=False)
    away = RecordAbsence.model_validate({"on": TODAY, "kind": "ran_away"})
    chosen = OverrideDecision(reason="Invented.", shelter=ChosenShelter(type="womens"))

    for act in (
        lambda: changed(service, case_id, age=31),
        lambda: says(service, case_id, placement="given"),
        lambda: stepped(service, case_id, "offered", "2026-11-23"),
        lambda: record_rights(desk, case_id, told_about_rights()),
        lambda: record_return(desk, case_id, version, returned),
        lambda: record_absence(desk, case_id, version, away),
        lambda: confirm_decision(desk, case_id, decision),
        lambda: override_decision(desk, case_id, decision, chosen),
        lambda: open_placement(desk, AtDesk(case_id), OpenPlacement()),
        lambda: plan_consultation(desk, case_id, parsed_meeting()),
    ):
        with pytest.raises(CaseClosed):
            act()
    with pytest.raises(IllegalTransition):
        close(service, case_id)
    clock.move(timedelta(days=400))
    reconcile_clocks(service.system())

    assert until(service, clock, clock.now()) == []
    assert seen(service, case_id) == closed
    told = [one.outcome for one in read_trail(desk, case_id).entries if one.outcome is Outcome.REFUSED]
    assert len(told) == 11


def test_consent_is_taken_back_in_a_closed_case_and_whoever_had_read_anything_says_what_became_of_it(
    service: Service, clock: FixedClock
) -> None:
    case_id, comensha = told_by_consent(service)
    for said in (Answer.ACCEPT, Answer.START, Answer.COMPLETE):
        answers(service, comensha, said)
    record_rights(coordinator(service), case_id, told_about_rights())
    finish(service, case_id)
    close(service, case_id)

    no = said_about_consent("registration", "withdrawn")
    record_consent(coordinator(service), case_id, frozenset({seen(service, case_id).version}), no)
    taken_back = seen(service, case_id)
    waited_for = live_clocks(service, case_id)
    until(service, clock, datetime(2026, 12, 24, 9, tzinfo=UTC))
    silent = open_kinds(service, case_id)
    acknowledge_recall(of_partner(service, "comensha"), comensha.id, AcknowledgeRecall(outcome="erased"))

    assert (taken_back.state, taken_back.facts["consent"]["registration"]) == (CLOSED, "withdrawn")
    assert (still_asked(taken_back.referrals), waited_for) == ([], {RECALL_ACKNOWLEDGEMENT})
    assert "recall_unanswered" in silent
    recipients = read_disclosures(coordinator(service), case_id).recipients
    states = [one.recalls[-1].state for one in recipients if one.referral_id == comensha.id]
    assert states == [RecallState.ACKNOWLEDGED]
    assert (seen(service, case_id).state, live_clocks(service, case_id)) == (CLOSED, set())
    assert not open_kinds(service, case_id) & {"recall_unanswered", "recall_by_hand"}
