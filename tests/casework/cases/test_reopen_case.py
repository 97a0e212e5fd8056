"""A closed case goes on when it must: somebody comes back, asks for help, or says yes after all."""

from datetime import timedelta
from uuid import UUID

import pytest

from service.cases.lifecycle import CaseState, ReopenReason
from service.cases.store import CaseNotFound
from service.casework.cases.close_case import close_case
from service.casework.cases.override_decision import override_decision
from service.casework.commands.cases import ChosenShelter, CloseCase, OverrideDecision
from service.casework.commands.places import OpenPlacement
from service.casework.commands.signals import ReceiveSignal
from service.casework.firing.reconcile_clocks import reconcile_clocks
from service.casework.places.doors import AtDesk
from service.casework.places.keep_place import open_placement
from service.casework.places.show_placements import list_placements
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.reflection.show_period import read_period
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.verify_log import verify_log
from service.kernel.ids import new_key
from service.places.lifecycle import PlacementState
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState
from service.reflection.policy import StepOutOfOrder
from service.wiring import Service
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
)
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, answers, auditor, changed, coordinator, opened_case, stepped

OPEN, CLOSED = CaseState.OPEN, CaseState.CLOSED


def heard_again(service: Service, case_id: UUID) -> None:
    said = {"submission_key": new_key("again-")[:40], "case_id": case_id, "facts": {"gender": "female"}}
    receive_signal(coordinator(service), ReceiveSignal.model_validate(said))


def test_a_late_no_is_kept_and_a_late_yes_opens_the_case_again(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service, reflection_choice=None, accepted_on=None).case_id
    clock.move(timedelta(days=30))
    while (silent := overdue(service.system())) is not None:
        escalate_silence(service.system(), silent)
    finish(service, case_id)
    close(service, case_id)
    expired = [one for one in seen(service, case_id).referrals if one.state is ReferralState.EXPIRED]
    no, yes = expired[:2]

    answers(service, no, Answer.DECLINE, DeclineReason.NOT_ENOUGH_KNOWN)
    kept = seen(service, case_id)
    answers(service, yes, Answer.ACCEPT)

    after = seen(service, case_id)
    assert (kept.state, open_kinds(service, case_id) & {"look_into_decline"}) == (CLOSED, set())
    assert [(one.reason, one.done_by) for one in after.steps[1:]] == [(ReopenReason.LATE_YES, "system-1")]
    assert (after.state, "reconsider_referral" in open_kinds(service, case_id)) == (OPEN, True)
    reconcile_clocks(service.system())
    assert live_clocks(service, case_id)


def test_who_comes_back_has_the_same_case_and_no_second_period_and_a_place_that_is_kept(
    service: Service, clock: FixedClock
) -> None:
    case_id = placed(service)
    left(service, case_id)
    finish(service, case_id)
    close(service, case_id, reason="unknown_destination")
    clock.move(timedelta(days=1))

    heard_again(service, case_id)

    after = seen(service, case_id)
    assert (after.state, [one.reason for one in after.steps]) == (OPEN, ["unknown_destination", "new_signal"])
    assert after.facts["gender"] == "female"
    # What was not achieved before is to be done after all, and somebody looks for shelter; nobody closes it again.
    assert {"review_shelter", "exit_plan", "record_rights_information"} <= open_kinds(service, case_id)
    assert "consider_closing" not in open_kinds(service, case_id)
    assert (live_clocks(service, case_id) != set(), reconcile_clocks(service.system()).started) == (True, 0)
    period = read_period(coordinator(service), case_id)
    assert (period.state, period.used, period.next) == ("ended", True, ())
    with pytest.raises(StepOutOfOrder):
        stepped(service, case_id, "offered", "2026-11-24")
    found = OverrideDecision(
        reason="Invented: she is back.", shelter=ChosenShelter(type="womens", placed_by="comensha")
    )
    override_decision(coordinator(service), case_id, seen(service, case_id).decisions[-1].id, found)
    again = open_placement(coordinator(service), AtDesk(case_id), OpenPlacement())
    changed(service, case_id, addiction="yes")
    states = {one.id: one.state for one in list_placements(coordinator(service), case_id).items}
    assert states[again.id] is PlacementState.WAITING
    verified = verify_log(auditor(service))
    assert (verified.verified, verified.breaks) == (True, ())


def test_a_person_who_asks_is_helped_in_the_same_case(service: Service) -> None:
    case_id = finished_case(service)
    close(service, case_id)
    closed = seen(service, case_id)

    receipt = reopen(service, case_id, "person_asked")

    after = seen(service, case_id)
    assert (receipt.state, receipt.version, after.state) == (OPEN, after.version, OPEN)
    assert (len(after.decisions), after.facts_version) == (len(closed.decisions) + 1, closed.facts_version)
    assert open_kinds(service, case_id) == {"record_rights_information"}
    changed(service, case_id, age=31)
    with pytest.raises(CaseNotFound):
        close_case(coordinator(service, OTHER_OFFICE), case_id, frozenset({1}), CloseCase.model_validate(MISTAKE))
