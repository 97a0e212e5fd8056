"""Whatever partners, people and time do: behind every referral that is open stands somebody who acts next."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from service.cases.lifecycle import DecisionState
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import OverrideDecision
from service.casework.commands.referrals import HandOverReferral, WithdrawReferral
from service.casework.commands.tasks import FinishTask
from service.casework.deliveries.deliver_referrals import prepare, record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.referrals.escalate_silence import escalate_silence
from service.casework.referrals.hand_over import hand_over_referral
from service.casework.referrals.work_on_referrals import release_referral, withdraw_referral
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.cases import CaseView
from service.casework.views.referrals import ReferralLine
from service.dispatch.lifecycle import OPEN
from service.dispatch.outcome import Category, Outcome
from service.kernel.errors import DomainError, Kind
from service.referrals.lifecycle import TAKEN, UNANSWERED, Answer, DeclineReason, ReferralState
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.referrals.test_ask_next import changed, confirmed
from tests.doubles import FixedClock
from tests.factories import answers, auditor, coordinator, listen_at, one_more, opened_case, says

LISTENING = "emm"
COUNTED = {"anonymous", "head_count"}
CONSENTS = st.sampled_from(["given", "withdrawn", "refused"])
OUTCOMES = st.sampled_from([Category.TAKEN, Category.FAILED, Category.REFUSED, Category.GONE])


class Story(RuleBasedStateMachine):
    """One case in which everybody does what comes to mind; what cannot be done is refused and changes nothing."""

    service: Service
    clock: FixedClock
    starts_at: datetime

    @initialize(reporter=st.sampled_from(["police", "ngo", "labour_authority"]), danger=st.sampled_from(["yes", "no"]))
    def begins(self, reporter: str, danger: str) -> None:
        self.clock.move(self.starts_at - self.clock.now())
        self.case_id = opened_case(self.service, reporter=reporter, acute_danger=danger).case_id

    @property
    def case(self) -> CaseView:
        return read_case(coordinator(self.service), self.case_id)

    def any_of(self, number: int) -> ReferralLine:
        lines = self.case.referrals
        return lines[number % len(lines)]

    @rule(number=st.integers(0, 30), answer=st.sampled_from(Answer), reason=st.sampled_from(DeclineReason))
    def a_partner_answers(self, number: int, answer: Answer, reason: DeclineReason) -> None:
        line = self.any_of(number)
        tried(lambda: answers(self.service, line, answer, reason if answer is Answer.DECLINE else None))

    @rule(hours=st.integers(1, 60))
    def time_passes_and_the_service_looks(self, hours: int) -> None:
        self.clock.move(timedelta(hours=hours))
        while any(escalate_silence(self.service.system(), line.id) for line in self.case.referrals):
            pass

    @rule(outcome=OUTCOMES)
    def the_worker_sends(self, outcome: Category) -> None:
        while (turn := prepare(self.service.system(), timedelta(minutes=1))) is not None:
            for sending in turn:
                record(self.service.system(), sending, Outcome(outcome, 200, 5))

    @rule()
    def a_partner_listens(self) -> None:
        listen_at(self.service.operator(), LISTENING, "http://127.0.0.1:9/")

    @rule()
    def a_coordinator_confirms(self) -> None:
        tried(lambda: confirmed(self.service, self.case_id))

    @rule(number=st.integers(0, 30))
    def a_coordinator_withholds(self, number: int) -> None:
        command = OverrideDecision(reason="Invented.", withhold=(self.any_of(number).id,))
        tried(lambda: override_decision(coordinator(self.service), self.case_id, self.case.decisions[-1].id, command))

    @rule(number=st.integers(0, 30), reason=st.sampled_from(["person_decided", "mistake", "safety"]))
    def a_coordinator_takes_back(self, number: int, reason: str) -> None:
        line, command = self.any_of(number), WithdrawReferral.model_validate({"reason": reason})
        tried(
            lambda: withdraw_referral(
                coordinator(self.service), self.case_id, line.id, frozenset({line.version}), command
            )
        )

    @rule(number=st.integers(0, 30))
    def a_coordinator_releases(self, number: int) -> None:
        line = self.any_of(number)
        tried(lambda: release_referral(coordinator(self.service), self.case_id, line.id, frozenset({line.version})))

    @rule(number=st.integers(0, 30), answer=st.none() | st.sampled_from([Answer.ACCEPT, Answer.DECLINE]))
    def a_coordinator_telephones(self, number: int, answer: Answer | None) -> None:
        line = self.any_of(number)
        reason = DeclineReason.NO_CAPACITY if answer is Answer.DECLINE else None
        command = HandOverReferral(answer=answer, reason=reason)
        tried(
            lambda: hand_over_referral(
                coordinator(self.service), self.case_id, line.id, frozenset({line.version}), command
            )
        )

    @rule(number=st.integers(0, 30), outcome=st.sampled_from(TaskOutcome))
    def somebody_does_a_task(self, number: int, outcome: TaskOutcome) -> None:
        if opened := [task for task in self.case.tasks if task.state is TaskState.OPEN and task.referral_id]:
            task = opened[number % len(opened)]
            finish_task(coordinator(self.service), task.id, frozenset({task.version}), FinishTask(outcome=outcome))

    @rule(registration=CONSENTS, police=CONSENTS)
    def the_person_decides_about_consent(self, registration: str, police: str) -> None:
        tried(lambda: says(self.service, self.case_id, registration=registration))
        tried(lambda: says(self.service, self.case_id, police_contact=police))

    @rule(indication=st.sampled_from(["yes", "no"]), age=st.integers(18, 60))
    def something_turns_out_otherwise(self, indication: str, age: int) -> None:
        tried(lambda: changed(self.service, self.case_id, indication=indication, age=age))

    @invariant()
    def somebody_acts_next(self) -> None:
        case = self.case
        alone = [line for line in case.referrals if not somebody_acts(line, case)]
        assert alone == []

    @invariant()
    def nobody_was_asked_twice_unless_it_was_taken_back_or_more_is_known(self) -> None:
        asked = [
            (line.partner_id, line.asked_as, line.content, line.rule)
            for line in self.case.referrals
            if line.queued_at
            and line.state is not ReferralState.WITHDRAWN
            and line.decline_reason is not DeclineReason.NOT_ENOUGH_KNOWN
        ]
        assert len(asked) == len(set(asked))

    def teardown(self) -> None:
        assert read_trail(coordinator(self.service), self.case_id).verified


def tried(act: Callable[[], object]) -> None:
    """Do something that may be refused because of the state that something is in."""
    try:
        act()
    except DomainError as refusal:
        if refusal.kind not in {Kind.CONFLICT, Kind.NOT_FOUND, Kind.INVALID}:
            raise


def somebody_acts(line: ReferralLine, case: CaseView) -> bool:
    """Tell who acts next on a referral: its partner, a worker, a clock, or a person; nobody must where it has ended."""
    tasks = [task for task in case.tasks if task.referral_id == line.id]
    waits = any(task.state is TaskState.OPEN for task in tasks)
    match line.state:
        case ReferralState.PROPOSED:
            return waits or case.decisions[-1].state is DecisionState.PROPOSED
        case state if state in UNANSWERED:
            is_sent = any(one.state in OPEN for one in line.deliveries) or state is not ReferralState.QUEUED
            return line.answer_by is not None or (line.content in COUNTED and (is_sent or bool(tasks)))
        case ReferralState.DECLINED | ReferralState.EXPIRED:
            return line.asked_next is not None or bool(tasks) or not is_asked(line, case) or is_taken(line, case)
        case _:
            return True


def is_asked(line: ReferralLine, case: CaseView) -> bool:
    wanted = [(one.to, one.content, one.rule) for one in case.decisions[-1].content.notifications]
    return (line.asked_as, line.content, line.rule) in wanted


def is_taken(line: ReferralLine, case: CaseView) -> bool:
    same: Sequence[ReferralLine] = [
        one
        for one in case.referrals
        if (one.asked_as, one.content, one.rule) == (line.asked_as, line.content, line.rule)
    ]
    return any(one.state in TAKEN for one in same)


def tell_stories(service: Service, clock: FixedClock, stories: int, steps: int) -> None:
    one_more(service, "emm-second", "emm")
    one_more(service, "other-lawyers", "legal_aid")
    bound = {"service": service, "clock": clock, "starts_at": clock.now()}
    limits = settings(
        max_examples=stories, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    run_state_machine_as_test(type("OurStory", (Story,), bound), settings=limits)
    found = verify_log(auditor(service))
    assert (found.verified, found.breaks) == (True, ())


@pytest.mark.timeout(600)
def test_behind_every_open_referral_stands_somebody(service: Service, clock: FixedClock) -> None:
    tell_stories(service, clock, stories=8, steps=12)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_behind_every_open_referral_stands_somebody_in_many_stories(service: Service, clock: FixedClock) -> None:
    tell_stories(service, clock, stories=200, steps=30)
