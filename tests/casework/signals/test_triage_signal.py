"""What is about nobody known, or asks for advice alone, opens no case by itself, and lies on somebody's desk."""

from datetime import date

import pytest
from sqlmodel import col, delete

from service.audit.event import Event, Outcome
from service.cases.store import CaseNotFound
from service.casework.cases.read_cases import read_case
from service.casework.commands.signals import Identity, ReceiveSignal, TriageSignal
from service.casework.commands.tasks import AssignTask, FinishTask
from service.casework.desk.work_on_tasks import assign_task, finish_task, list_tasks
from service.casework.questions import ListSignals, ListTasks
from service.casework.signals.read_signals import list_signals, read_signal
from service.casework.signals.receive_signal import receive_signal
from service.casework.signals.receive_without_case import SignalNamesSomebody, receive_without_case
from service.casework.signals.triage_signal import TriageNotUnderstood, triage_signal
from service.casework.tasks.await_triage import TriageFirst
from service.casework.tasks.kinds import TRIAGE
from service.casework.trail.read_trail import read_signal_trail, read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.signals import SignalView
from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.vault import KeyDestroyed
from service.kernel.ids import new_key
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale
from service.routing.rule_set import RuleSet
from service.signals.lifecycle import DismissReason, SignalEvent, SignalKind, SignalState, Standing
from service.signals.store import SignalNotFound
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.factories import OFFICE, OTHER_OFFICE, auditor, coordinator, opened_case, signal, waiting_signal

WHO = Identity(name="Invented Person", birth_date=date(1996, 2, 29), contact="invented@example.org")


def advice_on(service: Service, facts: object, **more: object) -> ReceiveSignal:
    said = {"submission_key": new_key("advice-")[:40], "kind": SignalKind.ADVICE_REQUEST, "facts": facts, **more}
    return ReceiveSignal.model_validate(said)


def triaged(service: Service, found: SignalView, act: SignalEvent, **more: object) -> SignalView:
    command = TriageSignal.model_validate({"act": act, **more})
    return triage_signal(coordinator(service), found.id, frozenset({found.version}), command)


def waiting(service: Service, **changes: object) -> SignalView:
    return read_signal(coordinator(service), waiting_signal(service, **changes).signal_id)


def queue(service: Service) -> list[object]:
    return [one.id for one in list_signals(coordinator(service), ListSignals(state=SignalState.RECEIVED)).items]


def test_a_school_that_asks_advice_about_a_girl_hears_whom_to_ask_and_nobody_hears_of_her(
    service: Service, rules: RuleSet
) -> None:
    girl = next(one for one in rules.examples if one.id == "G48")

    command = advice_on(service, dict(girl.facts.given))
    receipt = receive_without_case(coordinator(service), command)

    desks = {(desk.to, desk.content, *desk.rules) for desk in receipt.advice.desks}
    assert desks == {("attention_officer", "advice", "NT-08"), ("veilig_thuis", "advice", "NT-08")}
    assert receive_without_case(coordinator(service), command) == receipt
    kept = read_signal(coordinator(service), receipt.signal_id)
    assert (kept.state, kept.outcome, kept.case_id) == (SignalState.TRIAGED, Standing.ADVICE_ONLY, None)
    assert kept.advice == receipt.advice
    assert queue(service) == []
    assert list_tasks(coordinator(service), ListTasks()).items == ()


@pytest.mark.only_on("sqlite")
def test_where_the_rules_name_nobody_the_care_coordinator_can_still_be_asked(service: Service) -> None:
    command = advice_on(service, {"indication": "no", "reporter": "ngo", "found_in": "GM0153"})

    (desk,) = receive_without_case(coordinator(service), command).advice.desks

    assert (desk.to, desk.name) == ("care_coordinator", "Veiligheidsregio Twente / Zorg- en Veiligheidshuis")


def test_what_names_somebody_is_refused_with_a_pointer_and_nothing_is_kept(service: Service) -> None:
    case_id = opened_case(service).case_id
    before = len(list_signals(coordinator(service), ListSignals()).items)
    nobody = advice_on(
        service, {"reporter": "bank"}, kind="report", about="nobody_known", identity=WHO, case_id=case_id
    )
    advice = advice_on(service, {}, identity=WHO, narrative="Her name is invented.", case_id=case_id)

    for command, pointers in (
        (advice, ["/identity", "/narrative", "/case_id"]),
        (nobody, ["/identity", "/case_id"]),
    ):
        with pytest.raises(SignalNamesSomebody) as refused:
            receive_without_case(coordinator(service), command)
        assert [one.pointer for one in refused.value.problems] == pointers
        assert "invented" not in str(refused.value.problems)
    assert len(list_signals(coordinator(service), ListSignals()).items) == before


def test_money_that_points_at_nobody_waits_for_a_person_and_only_police_and_emm_are_named(service: Service) -> None:
    found = waiting(service)

    (task,) = list_tasks(coordinator(service), ListTasks(state=TaskState.OPEN)).items
    assert (task.kind, task.case_id, task.signal_id) == (TRIAGE, None, found.id)
    assert (task.owner, task.due) == (OFFICE, date(2026, 11, 24))
    (line,) = list_signals(coordinator(service), ListSignals(state=SignalState.RECEIVED)).items
    assert (line.id, line.owner, line.due) == (found.id, OFFICE, date(2026, 11, 24))
    assert found.advice is not None
    assert {(desk.to, *desk.rules) for desk in found.advice.desks} == {("emm", "NT-15"), ("police", "NT-15")}

    opened = triaged(service, found, SignalEvent.OPEN_CASE)

    assert (opened.state, opened.outcome) == (SignalState.TRIAGED, Standing.CASE_OPENED)
    assert opened.case_id is not None
    case = read_case(coordinator(service), opened.case_id)
    assert {line.asked_as for line in case.referrals} == {"emm", "police"}
    assert list_tasks(coordinator(service), ListTasks(signal_id=found.id, state=TaskState.OPEN)).items == ()
    assert queue(service) == []


def test_a_signal_is_dismissed_with_a_reason_found_again_and_reopened(service: Service) -> None:
    found = waiting(service)

    dismissed = triaged(
        service, found, SignalEvent.DISMISS, reason="no_indication", explanation="A second-hand shop, nothing more."
    )
    line = list_signals(coordinator(service), ListSignals(outcome=Standing.DISMISSED)).items[0]
    again = triaged(service, dismissed, SignalEvent.REOPEN, explanation="Another shop has the same owner.")

    assert line.id == found.id
    assert dismissed.steps[0].reason is DismissReason.NO_INDICATION
    assert again.state is SignalState.RECEIVED
    assert [one.explanation for one in again.steps] == [
        "A second-hand shop, nothing more.",
        "Another shop has the same owner.",
    ]
    states = [one.state for one in list_tasks(coordinator(service), ListTasks(signal_id=found.id)).items]
    assert sorted(states) == [TaskState.DONE, TaskState.OPEN]
    assert triaged(service, again, SignalEvent.ADVISE).outcome is Standing.ADVICE_ONLY


def test_what_was_linked_by_mistake_waits_again_and_a_person_corrects_what_it_told(service: Service) -> None:
    case_id = opened_case(service).case_id
    second = signal(gender="female").model_copy(update={"case_id": case_id, "identity": WHO})
    linked = read_signal(coordinator(service), receive_signal(coordinator(service), second).signal_id)
    elsewhere = receive_signal(coordinator(service, OTHER_OFFICE), signal().model_copy(update={"identity": WHO}))
    assert read_case(coordinator(service), case_id).possible_matches

    unlinked = triaged(service, linked, SignalEvent.UNLINK, explanation="It was her sister.")

    case = read_case(coordinator(service), case_id)
    assert (unlinked.state, unlinked.case_id, unlinked.identity, unlinked.facts) == (
        SignalState.RECEIVED,
        None,
        linked.identity,
        linked.facts,
    )
    assert case.facts["gender"] == "female"
    assert [task.kind for task in case.tasks if task.state is TaskState.OPEN and task.rule == "signal"] == [
        "correct_facts"
    ]
    assert case.possible_matches == ()
    assert receive_signal(coordinator(service), second).case_id == case_id
    own = triaged(service, unlinked, SignalEvent.OPEN_CASE).case_id
    assert own not in {None, case_id}
    assert [
        one.contact for one in read_case(coordinator(service, OTHER_OFFICE), elsewhere.case_id).possible_matches
    ] == [OFFICE]
    assert verify_log(auditor(service)).breaks == ()


def test_a_signal_that_waited_joins_a_case_and_tells_it_what_nobody_knew(service: Service) -> None:
    case_id, found = opened_case(service).case_id, waiting(service, gender="female", reporter="police")

    linked = triaged(service, found, SignalEvent.LINK, case_id=case_id)

    assert (linked.outcome, linked.case_id) == (Standing.LINKED, case_id)
    assert read_case(coordinator(service), case_id).facts["gender"] == "female"
    assert Event.SIGNAL_LINKED in {one.event for one in read_trail(coordinator(service), case_id).entries}
    own = read_signal_trail(auditor(service), found.id)
    assert own.verified
    assert [one.event for one in own.entries][:2] == [Event.SIGNAL_RECEIVED, Event.TASK_OPENED]
    assert Event.SIGNAL_TRIAGED in {one.event for one in own.entries}
    assert verify_log(auditor(service)).breaks == ()


def test_what_cannot_be_is_refused_remembered_and_changes_nothing(service: Service) -> None:
    foreign = opened_case(service).case_id
    theirs = waiting_signal(service)
    origin = list_signals(coordinator(service), ListSignals(case_id=foreign)).items[0]
    first = read_signal(coordinator(service), origin.id)
    found = triaged(service, waiting(service), SignalEvent.DISMISS, reason="mistake")

    for shown, act, more, refusal in (
        (found, SignalEvent.OPEN_CASE, {}, IllegalTransition),
        (found, SignalEvent.DISMISS, {"reason": "mistake"}, IllegalTransition),
        (first, SignalEvent.UNLINK, {"explanation": "It opened the case."}, IllegalTransition),
        (found, SignalEvent.REOPEN, {}, TriageNotUnderstood),
        (found, SignalEvent.LINK, {}, TriageNotUnderstood),
        (found, SignalEvent.ADVISE, {"reason": "mistake"}, TriageNotUnderstood),
    ):
        with pytest.raises(refusal):
            triaged(service, shown, act, **more)
    stale = read_signal(coordinator(service), theirs.signal_id).model_copy(update={"version": 7})
    with pytest.raises(Stale):
        triaged(service, stale, SignalEvent.ADVISE)

    kept = read_signal(coordinator(service), found.id)
    assert (kept.version, kept.steps, kept.outcome) == (found.version, found.steps, Standing.DISMISSED)
    trail = read_signal_trail(coordinator(service), found.id).entries
    told = [one for one in trail if one.event is Event.SIGNAL_REFUSED and one.outcome is Outcome.REFUSED]
    assert len(told) == 2


def test_another_office_s_signals_and_cases_are_not_there(service: Service) -> None:
    case_id, found = opened_case(service).case_id, waiting(service)
    other = coordinator(service, OTHER_OFFICE)
    theirs = receive_without_case(other, advice_on(service, {"reporter": "bank"}, kind="report", about="nobody_known"))

    with pytest.raises(SignalNotFound):
        triage_signal(other, found.id, frozenset({1}), TriageSignal(act=SignalEvent.ADVISE))
    with pytest.raises(CaseNotFound):
        triage_signal(other, theirs.signal_id, frozenset({1}), TriageSignal(act=SignalEvent.LINK, case_id=case_id))
    with pytest.raises(SignalNotFound):
        read_signal_trail(other, found.id)


def test_the_task_of_a_signal_goes_to_another_desk_and_ends_only_by_triage(service: Service) -> None:
    found = waiting(service)
    (task,) = list_tasks(coordinator(service), ListTasks(signal_id=found.id)).items

    taken = assign_task(coordinator(service), task.id, frozenset({1}), AssignTask(owner="desk-2"))
    with pytest.raises(TriageFirst):
        finish_task(coordinator(service), task.id, frozenset({2}), FinishTask(outcome=TaskOutcome.NOT_NEEDED))

    assert (taken.owner, taken.due) == ("desk-2", task.due)
    assert queue(service) == [found.id]


@pytest.mark.only_on("sqlite")
def test_erasing_a_signal_of_no_case_is_destroying_its_key_and_touches_nobody_else(service: Service) -> None:
    case_id, found = opened_case(service).case_id, waiting(service)
    with service.database.writer.begin() as connection:
        connection.execute(delete(KeptKey).where(col(KeptKey.owner) == found.id))

    with pytest.raises(KeyDestroyed):
        read_signal(coordinator(service), found.id)
    assert read_case(coordinator(service), case_id).facts
    assert read_signal_trail(auditor(service), found.id).verified
