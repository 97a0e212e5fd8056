"""Case consultation: named participants see the least, each with own access, and what was decided becomes work."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import text

from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.read_cases import read_case
from service.casework.commands.consultations import MoveConsultation, PlanConsultation
from service.casework.commands.tasks import AssignTask, FinishTask
from service.casework.consultations.move_consultation import MoveNotUnderstood, NotBegunYet, move_consultation
from service.casework.consultations.plan_consultation import PlanNotUnderstood, plan_consultation
from service.casework.consultations.show_consultation import list_consultations, list_invitations, read_invitation
from service.casework.desk.work_on_tasks import assign_task, finish_task
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.consultations import ConsultationView
from service.consultations.lifecycle import ConsultationEvent, ConsultationState
from service.consultations.store import ConsultationNotFound
from service.deadlines.lifecycle import DeadlineState
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clocks_of, until
from tests.doubles import FixedClock
from tests.factories import OTHER_OFFICE, auditor, coordinator, opened_case, partner, says
from tests.tampering import unguarded

TOMORROW = "2026-11-24T10:00:00Z"
HOLD, CLOSE, CANCEL = ConsultationEvent


def plan(*participants: object, planned_for: str = TOMORROW) -> PlanConsultation:
    invited = participants or ({"partner_id": "comensha", "participant": "desk-7", "facts": ["age", "found_in"]},)
    said = {"agenda": "repeated_absence", "planned_for": planned_for, "participants": list(invited)}
    return PlanConsultation.model_validate(said)


def planned(service: Service, case_id: UUID) -> ConsultationView:
    coa = {"partner_id": "coa", "participant": "desk-9"}
    comensha = {"partner_id": "comensha", "participant": "desk-7", "facts": ["age", "found_in"]}
    return plan_consultation(coordinator(service), case_id, plan(comensha, coa))


def moved(service: Service, found: ConsultationView, event: ConsultationEvent, **said: object) -> ConsultationView:
    command = MoveConsultation.model_validate({"event": event, **said})
    return move_consultation(coordinator(service), (found.case_id, found.id), frozenset({found.version}), command)


def open_work(service: Service, case_id: UUID) -> set[tuple[str, date | None, str | None]]:
    found = read_case(coordinator(service), case_id).tasks
    return {
        (one.kind, one.due, one.owner) for one in found if "consultation" in one.kind and one.state is TaskState.OPEN
    }


def test_three_absences_lead_to_a_consultation_whose_decisions_have_an_owner_and_a_day(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service, absences_last_30_days=3).case_id
    assert {kind for kind, _, _ in open_work(service, case_id)} == {"case_consultation"}

    found = planned(service, case_id)

    assert ("hold_consultation", date(2026, 11, 24), "office-north") in open_work(service, case_id)
    clock.move(timedelta(days=1, hours=2))
    follow_up = {"what": "Visit the shelter with her.", "owner": "desk-7", "due": "2026-12-01"}
    held = moved(
        service, found, HOLD, present=["desk-7"], decisions="She moves to another place.", follow_ups=[follow_up]
    )
    assert open_work(service, case_id) == {("consultation_follow_up", date(2026, 12, 1), "desk-7")}
    assert (held.decisions, held.follow_ups[0].what) == ("She moves to another place.", "Visit the shelter with her.")
    assert [(one.partner_id, one.present) for one in held.participants] == [("coa", False), ("comensha", True)]
    closed = moved(service, held, CLOSE)
    assert (closed.state, closed.decisions) == (ConsultationState.CLOSED, held.decisions)
    told = read_trail(coordinator(service), case_id).model_dump_json()
    assert "another place" not in told
    assert list_consultations(auditor(service), case_id).items == (closed,)
    assert verify_log(auditor(service)).breaks == ()


@pytest.mark.only_on("sqlite")
def test_what_was_agreed_rings_on_the_day_of_its_task_and_others_hear_of_it_until_it_is_done(
    service: Service, clock: FixedClock
) -> None:
    case_id = opened_case(service).case_id
    found = planned(service, case_id)
    clock.move(timedelta(days=1, hours=2))
    agreed = [{"what": "Call.", "owner": "desk-7", "due": "2026-11-25"} for _ in "ab"]
    moved(service, found, HOLD, present=["desk-7"], decisions="Two calls.", follow_ups=agreed)
    name = f"consultation/{found.id}"
    task = {one.rule: one.id for one in read_case(coordinator(service), case_id).tasks}
    first, second = task[f"{name}/1"], task[f"{name}/2"]
    other_day = AssignTask(due=date(2026, 12, 7))

    assign_task(coordinator(service), first, frozenset({1}), other_day)
    for _ in range(4):
        until(service, clock, clock.now() + timedelta(days=1))
    clocks = [one for one in clocks_of(service, case_id) if one.kind == "consultation_follow_up"]
    assert [(one.key, one.state, one.generation) for one in clocks] == [
        (f"{name}/1", DeadlineState.CANCELLED, 1),
        (f"{name}/2", DeadlineState.MISSED, 1),
        (f"{name}/1", DeadlineState.RUNNING, 2),
    ]
    late = [one for one in read_case(coordinator(service), case_id).tasks if one.deadline_id == clocks[1].id]
    kinds = ["consultation_follow_up", "escalate_to_care_coordinator", "escalate_to_comensha"]
    assert sorted(one.kind for one in late) == kinds

    finish_task(coordinator(service), second, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED))
    finish_task(coordinator(service), first, frozenset({2}), FinishTask(outcome=TaskOutcome.NOT_WANTED))

    states = {one.generation: one.state for one in clocks_of(service, case_id) if one.key == f"{name}/1"}
    assert states == {1: DeadlineState.CANCELLED, 2: DeadlineState.CANCELLED}
    (met,) = [one for one in clocks_of(service, case_id) if one.key == f"{name}/2"]
    assert (met.state, met.due) == (DeadlineState.MET, date(2026, 11, 25))
    left = [one for one in read_case(coordinator(service), case_id).tasks if one.deadline_id in {met.id, clocks[2].id}]
    assert not [one for one in left if one.state is TaskState.OPEN]
    assert verify_log(auditor(service)).breaks == ()


@pytest.mark.only_on("sqlite")
def test_what_was_missed_and_moved_to_another_day_is_late_no_longer(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    found = planned(service, case_id)
    clock.move(timedelta(days=1, hours=2))
    agreed = [{"what": "Call.", "owner": "desk-7", "due": "2026-11-25"}]
    moved(service, found, HOLD, present=["desk-7"], decisions="A call.", follow_ups=agreed)
    (task,) = [one for one in read_case(coordinator(service), case_id).tasks if one.kind == "consultation_follow_up"]
    for _ in range(4):
        until(service, clock, clock.now() + timedelta(days=1))

    assign_task(coordinator(service), task.id, frozenset({1}), AssignTask(due=date(2026, 12, 7)))

    open_now = [one for one in read_case(coordinator(service), case_id).tasks if one.state is TaskState.OPEN]
    mine = [one for one in open_now if one.deadline_id is not None and one.rule == task.rule]
    assert [(one.id, one.due) for one in mine] == [(task.id, date(2026, 12, 7))]
    assign_task(coordinator(service), task.id, frozenset({2}), AssignTask(due=None))
    clocks = {one.generation: one.state for one in clocks_of(service, case_id) if one.key == task.rule}
    assert clocks == {1: DeadlineState.CANCELLED, 2: DeadlineState.CANCELLED}
    assert verify_log(auditor(service)).breaks == ()


def test_whoever_is_invited_sees_what_was_named_for_it_and_nobody_else_sees_anything(service: Service) -> None:
    case_id = opened_case(service).case_id
    found = planned(service, case_id)

    (line,) = list_invitations(partner(service, "comensha")).items
    shown = read_invitation(partner(service, "comensha"), found.id)
    nothing = read_invitation(partner(service, "coa"), found.id)

    assert (line.id, line.participants) == (found.id, ("coa", "comensha"))
    assert shown.facts == {"age": 30, "found_in": "GM0153"}
    assert nothing.facts == {}
    last = read_trail(coordinator(service), case_id).entries[-2]
    assert (last.event, last.objects[0].fields) == (Event.CONSULTATION_READ, ("age", "found_in"))
    assert list_invitations(partner(service, "ind")).items == ()
    with pytest.raises(ConsultationNotFound):
        read_invitation(partner(service, "ind"), found.id)
    moved(service, found, CANCEL, reason="She does not want it.")
    with pytest.raises(ConsultationNotFound):
        read_invitation(partner(service, "comensha"), found.id)
    assert open_work(service, case_id) == set()


def test_a_fact_without_a_ground_is_not_shared_and_one_that_lost_it_is_seen_no_longer(service: Service) -> None:
    by_consent = {"reporter": "ngo", "consent": {"registration": "given"}}
    case_id = opened_case(service, **by_consent).case_id
    found = plan_consultation(coordinator(service), case_id, plan())
    health = {"partner_id": "coa", "participant": "desk-9", "facts": ["psychological_problems", "no_such_fact"]}

    with pytest.raises(PlanNotUnderstood) as refused:
        plan_consultation(coordinator(service), case_id, plan(health))
    assert [one.pointer for one in refused.value.problems] == ["/participants/0/facts/0", "/participants/0/facts/1"]
    assert read_invitation(partner(service, "comensha"), found.id).facts == {"age": 30, "found_in": "GM0153"}
    says(service, case_id, registration="withdrawn")
    assert read_invitation(partner(service, "comensha"), found.id).facts == {}
    with pytest.raises(PlanNotUnderstood):
        plan_consultation(coordinator(service), case_id, plan())


def test_nobody_learns_in_a_consultation_what_the_rules_do_not_tell_it_of_this_person(service: Service) -> None:
    refused = {"registration": "refused", "placement": "refused", "police_contact": "refused"}
    case_id = opened_case(service, consent=refused, reflection_choice=None, accepted_on=None).case_id
    elsewhere = {"partner_id": "coordinator-hvo-querido-acm", "participant": "desk-8", "facts": ["age", "found_in"]}
    labour = {"partner_id": "labour-authority", "participant": "desk-9", "facts": ["exploitation"]}

    with pytest.raises(PlanNotUnderstood) as unasked:
        plan_consultation(coordinator(service), case_id, plan(elsewhere, labour))

    pointers = ["/participants/0/facts/0", "/participants/0/facts/1", "/participants/1/facts/0"]
    assert [one.pointer for one in unasked.value.problems] == pointers
    # What the police must tell whatever the person says, CoMensha may see.
    found = plan_consultation(coordinator(service), case_id, plan())
    assert read_invitation(partner(service, "comensha"), found.id).facts == {"age": 30, "found_in": "GM0153"}


def test_a_consultation_that_cannot_be_is_refused_and_nothing_is_kept(service: Service) -> None:
    case_id = opened_case(service).case_id
    known = {"partner_id": "comensha", "participant": "desk-7"}
    for command, pointer in (
        (plan(planned_for="2026-11-23T08:59:59Z"), "/planned_for"),
        (plan(known, known), "/participants/1"),
        (plan({"partner_id": "nobody-knows", "participant": "desk-7"}), "/participants/0/partner_id"),
    ):
        with pytest.raises(PlanNotUnderstood) as refused:
            plan_consultation(coordinator(service), case_id, command)
        assert [one.pointer for one in refused.value.problems] == [pointer]
    with pytest.raises(CaseNotFound):
        plan_consultation(coordinator(service, OTHER_OFFICE), case_id, plan())

    assert list_consultations(coordinator(service), case_id).items == ()
    trail = read_trail(coordinator(service), case_id).entries
    assert [one.outcome for one in trail if one.event is Event.CONSULTATION_REFUSED] == [Outcome.REFUSED] * 3


def test_what_cannot_have_happened_to_a_consultation_is_refused(service: Service, clock: FixedClock) -> None:
    case_id, other = opened_case(service).case_id, opened_case(service).case_id
    found = planned(service, case_id)
    held = {"present": ["desk-7"], "decisions": "She stays."}

    with pytest.raises(NotBegunYet):
        moved(service, found, HOLD, **held)
    clock.move(timedelta(days=2))
    for event, said, refusal in (
        (CLOSE, {}, IllegalTransition),
        (HOLD, {"present": ["desk-7"]}, MoveNotUnderstood),
        (HOLD, {**held, "present": ["desk-1"]}, MoveNotUnderstood),
        (HOLD, {**held, "follow_ups": [{"what": "Call.", "owner": "desk-7", "due": "2026-11-24"}]}, MoveNotUnderstood),
        (CANCEL, {}, MoveNotUnderstood),
        (CANCEL, {"reason": "No.", "decisions": "Yes."}, MoveNotUnderstood),
    ):
        with pytest.raises(refusal):
            moved(service, found, event, **said)
    with pytest.raises(ConsultationNotFound):
        moved(service, found.model_copy(update={"case_id": other}), HOLD, **held)
    with pytest.raises(Stale):
        moved(service, found.model_copy(update={"version": 9}), HOLD, **held)

    (kept,) = list_consultations(coordinator(service), case_id).items
    assert kept == found


@pytest.mark.only_on("sqlite")
def test_another_organisation_put_in_a_participant_s_place_is_found(service: Service, database_url: str) -> None:
    planned(service, opened_case(service).case_id)
    assert verify_log(auditor(service)).verified

    with unguarded(database_url) as rows:
        rows.execute(text("UPDATE consultation_participant SET org = 'emm' WHERE org = 'comensha'"))

    assert not verify_log(auditor(service)).verified


@pytest.mark.only_on("sqlite")
def test_who_is_said_afterwards_to_have_been_there_or_not_is_found(
    service: Service, clock: FixedClock, database_url: str
) -> None:
    held, cancelled = (planned(service, opened_case(service).case_id) for _ in range(2))
    moved(service, cancelled, CANCEL, reason="Nobody can come.")
    clock.move(timedelta(days=2))
    moved(service, held, HOLD, present=["desk-7"], decisions="She stays.")
    assert verify_log(auditor(service)).verified
    mark = text("UPDATE consultation_participant SET present = :present WHERE org = :org")

    # One who was there is gone; somebody who was not came to both, of which one never took place.
    for org, present, found in (("comensha", False, 1), ("coa", True, 2)):
        with unguarded(database_url) as rows:
            rows.execute(mark, {"org": org, "present": present})
        assert len(verify_log(auditor(service)).breaks) == found
