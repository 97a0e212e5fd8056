"""A group is announced as a number and becomes one case for each person, all at once or none."""

from collections.abc import Mapping
from datetime import date

import pytest

from service.audit.event import Event
from service.casework.cases.read_cases import read_case
from service.casework.commands.signals import AnnounceGroup, Identity, RecordMembers, TriageSignal
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task, list_tasks
from service.casework.questions import ListSignals, ListTasks
from service.casework.signals.announce_group import AnnouncedTooLate, announce_group
from service.casework.signals.read_signals import list_signals
from service.casework.signals.record_members import MembersNotUnderstood, record_members
from service.casework.signals.triage_signal import GroupIsNobody, TriageNotUnderstood, triage_signal
from service.casework.tasks.kinds import ANNOUNCE, TRIAGE
from service.casework.trail.read_trail import read_signal_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.signals import GroupView
from service.kernel.transitions import IllegalTransition
from service.routing.facts.answers import AnswersRefused
from service.routing.rule_set import RuleSet
from service.signals.lifecycle import DismissReason, SignalEvent, SignalState, Standing
from service.signals.store import SignalNotFound, SubmissionKeyReused
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.factories import OTHER_OFFICE, auditor, coordinator, waiting_signal

FARM = "action-day-on-a-farm-1"


def announced(service: Service, key: str = FARM, **changes: object) -> GroupView:
    said = {
        "submission_key": key,
        "facts": {"reporter": "police", "indication": "yes", "exploitation": ["labour"], "found_in": "GM1783"},
        "head_count": 8,
        "action_on": "2026-11-25",
        **changes,
    }
    return announce_group(coordinator(service), AnnounceGroup.model_validate(said))


def members(*facts: Mapping[str, object], start: int = 0) -> RecordMembers:
    said = [{"submission_key": f"member-of-the-farm-{n:04}", "facts": one} for n, one in enumerate(facts, start)]
    return RecordMembers.model_validate({"members": said})


def open_kinds(service: Service, group: GroupView) -> dict[str, object]:
    found = list_tasks(coordinator(service), ListTasks(signal_id=group.id, state=TaskState.OPEN)).items
    return {one.kind: (one.rule, one.due, one.owner) for one in found}


def test_eight_men_on_a_farm_are_announced_once_and_become_eight_cases(service: Service, rules: RuleSet) -> None:
    man = dict(next(one for one in rules.examples if one.id == "G09").facts.given)
    group = announced(service)

    assert (group.head_count, group.action_on, group.state) == (8, date(2026, 11, 25), SignalState.RECEIVED)
    assert open_kinds(service, group) == {
        ANNOUNCE: ("NT-21", date(2026, 11, 24), "office-north"),
        TRIAGE: ("signal.triage", date(2026, 11, 26), "office-north"),
    }
    assert ("comensha", "head_count") in {(desk.to, desk.content) for desk in group.advice.desks}
    (task,) = list_tasks(coordinator(service), ListTasks(kind=ANNOUNCE)).items
    finish_task(coordinator(service), task.id, frozenset({1}), FinishTask(outcome=TaskOutcome.ACHIEVED))

    recorded = record_members(coordinator(service), group.id, members(*[{**man, "age": 30 + n} for n in range(8)]))

    assert (recorded.outcome, len(recorded.members)) == (Standing.MEMBERS_RECORDED, 8)
    assert open_kinds(service, recorded) == {}
    for member in recorded.members[:2]:
        assert member.case_id is not None
        case = read_case(coordinator(service), member.case_id)
        assert (case.facts["found_in_group"], case.facts["action_day"]) == ("yes", "yes")
        assert case.decisions[0].content.shelter.type == "group_beds"
        asked = sorted(line.asked_as for line in case.referrals if line.asked_as in {"labour_authority", "fairwork"})
        assert asked == ["fairwork", "labour_authority"]
        # How many there were was told once, before anybody knew who they are.
        assert "head_count" not in {line.content for line in case.referrals}
    assert len(list_signals(coordinator(service), ListSignals(group_id=group.id)).items) == 8
    assert verify_log(auditor(service)).breaks == ()


def test_the_same_announcement_and_the_same_members_give_the_same_cases(service: Service) -> None:
    group = announced(service)
    first = record_members(coordinator(service), group.id, members({"age": 30}, {"age": 31}))

    again = record_members(coordinator(service), group.id, members({"age": 30}, {"age": 31}, {"age": 32}))

    assert announced(service).members == again.members
    assert again.members[:2] == first.members
    assert len(again.members) == 3
    with pytest.raises(SubmissionKeyReused):
        announced(service, head_count=9)


def test_a_batch_with_one_mistake_leaves_nobody_behind(service: Service) -> None:
    group = announced(service)
    record_members(coordinator(service), group.id, members({"age": 30}))
    twice = members({"age": 31}, {"age": 32})
    doubled = twice.model_copy(update={"members": (twice.members[0], twice.members[0])})

    with pytest.raises(AnswersRefused) as refused:
        record_members(coordinator(service), group.id, members({"age": 31}, {"age": 300}, start=1))
    with pytest.raises(MembersNotUnderstood) as repeated:
        record_members(coordinator(service), group.id, doubled)
    with pytest.raises(SubmissionKeyReused):
        record_members(coordinator(service), group.id, members({"age": 31}, {"age": 32}))

    assert [one.pointer for one in refused.value.problems] == ["/members/1/facts/age"]
    assert [one.pointer for one in repeated.value.problems] == ["/members/1/submission_key"]
    assert len(announced(service).members) == 1
    trail = read_signal_trail(coordinator(service), group.id).entries
    assert [one.event for one in trail].count(Event.SIGNAL_REFUSED) == 3


def test_what_a_member_tells_goes_before_what_all_share_and_names_stay_with_the_member(service: Service) -> None:
    group = announced(service)
    (one,) = members({"exploitation": ["labour", "criminal"]}).members
    named = one.model_copy(update={"identity": Identity(name="Invented Person")})

    (member,) = record_members(coordinator(service), group.id, RecordMembers(members=(named,))).members

    assert member.case_id is not None
    facts = read_case(coordinator(service), member.case_id).facts
    assert (facts["exploitation"], facts["found_in"]) == (["labour", "criminal"], "GM1783")
    assert "Invented" not in announced(service).model_dump_json()


def test_what_cannot_be_done_with_a_group_is_refused(service: Service) -> None:
    group, nobody = announced(service), waiting_signal(service)

    def act(kind: SignalEvent, reason: DismissReason | None = None) -> None:
        triage_signal(coordinator(service), group.id, frozenset({1}), TriageSignal(act=kind, reason=reason))

    with pytest.raises(AnnouncedTooLate):
        announced(service, "another-action-day-01", action_on="2026-11-22")
    with pytest.raises(GroupIsNobody):
        act(SignalEvent.OPEN_CASE)
    with pytest.raises(TriageNotUnderstood):
        act(SignalEvent.RECORD_MEMBERS)
    for office, wanted in ((coordinator(service, OTHER_OFFICE), group.id), (coordinator(service), nobody.signal_id)):
        with pytest.raises(SignalNotFound):
            record_members(office, wanted, members({"age": 30}))
    act(SignalEvent.DISMISS, DismissReason.NOBODY_FOUND)
    with pytest.raises(IllegalTransition):
        record_members(coordinator(service), group.id, members({"age": 30}))
    assert announced(service).members == ()
