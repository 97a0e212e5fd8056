"""Whatever partners, people and time do: somebody acts next, nothing leaves without a ground, no place goes twice."""

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from pydantic.alias_generators import to_camel

from service.cases.lifecycle import CaseState, DecisionState
from service.casework.cases.override_decision import override_decision
from service.casework.cases.read_cases import read_case
from service.casework.commands.cases import OverrideDecision
from service.casework.commands.places import ConfirmPlacement, EndPlacement, KeptPlace, OpenPlacement
from service.casework.commands.referrals import HandOverReferral, WithdrawReferral
from service.casework.commands.signals import ReceiveSignal
from service.casework.commands.tasks import FinishTask
from service.casework.deliveries.deliver_referrals import prepare, record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.firing.accept_clock import ClockReason, NothingAhead, accept_clock
from service.casework.firing.fire_clock import due_clock, fire_clock
from service.casework.places.confirm_placement import confirm_placement
from service.casework.places.doors import AtDesk
from service.casework.places.end_placement import end_placement
from service.casework.places.hold_place import expire_hold, hold_over, hold_place
from service.casework.places.keep_place import open_placement
from service.casework.places.notice_silence import notice_silence, unanswered_question
from service.casework.places.report_capacity import list_capacity
from service.casework.places.show_placements import list_placements
from service.casework.questions import ListCapacity
from service.casework.referrals.escalate_silence import escalate_silence, overdue
from service.casework.referrals.hand_over import hand_over_referral
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.work_on_referrals import preview_referral, release_referral, withdraw_referral
from service.casework.signals.receive_signal import receive_signal
from service.casework.trail.read_trail import read_trail
from service.casework.trail.verify_log import verify_log
from service.casework.views.cases import CaseView
from service.casework.views.referrals import ReferralLine
from service.deadlines.lifecycle import ESCALATION, LIVE, PLACEMENT_WAITING, RECALL_ACKNOWLEDGEMENT
from service.dispatch.lifecycle import OPEN
from service.dispatch.outcome import Category, Outcome
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_key
from service.places.lifecycle import PlacementState
from service.referrals.lifecycle import TAKEN, UNANSWERED, Answer, DeclineReason, ReferralState
from service.reflection.lifecycle import Step
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clocks_of
from tests.casework.closing import close, finish, reopen, still_asked
from tests.casework.places.reports import reported
from tests.doubles import FixedClock
from tests.factories import (
    OFFICE,
    OTHER_OFFICE,
    answers,
    auditor,
    changed,
    confirmed,
    coordinator,
    listen_at,
    one_more,
    opened_case,
    partner,
    says,
    stepped,
)

LISTENING = "emm"
COSM = KeptPlace(partner_id="comensha", placed_by="comensha")
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
        with suppress(NothingAhead):
            # The story before, in the same database, went on to later days.
            accept_clock(self.service.operator(), ClockReason.UNKNOWN)
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

    @rule(hours=st.integers(1, 60) | st.integers(300, 2400))
    def time_passes_and_the_service_looks(self, hours: int) -> None:
        self.clock.move(timedelta(hours=hours))
        worker = self.service.system()
        while (silent := overdue(worker)) is not None:
            assert escalate_silence(worker, silent)
        while (clock := due_clock(worker)) is not None:
            assert fire_clock(worker, clock)
        while (hold := hold_over(worker)) is not None:
            assert expire_hold(worker, hold)
        while (asked := unanswered_question(worker)) is not None:
            assert notice_silence(worker, asked)

    @rule(free=st.integers(0, 2))
    def a_shelter_reports_places(self, free: int) -> None:
        tried(lambda: reported(self.service, free=free))

    @rule(org=st.sampled_from([OFFICE, OTHER_OFFICE]))
    def a_coordinator_holds_a_place(self, org: str) -> None:
        for places in list_capacity(coordinator(self.service), ListCapacity()).items:
            tried(partial(hold_place, coordinator(self.service, org), places.id))

    @rule(place=st.none() | st.just(COSM), interim=st.booleans())
    def a_person_is_placed_or_waits(self, place: KeptPlace | None, *, interim: bool) -> None:
        tried(
            lambda: open_placement(
                coordinator(self.service), AtDesk(self.case_id), OpenPlacement(place=place, interim=interim)
            )
        )

    @rule(number=st.integers(0, 5), leaves=st.none() | st.sampled_from(["moved_on", "person_left", "mistake"]))
    def a_person_comes_to_a_place_or_leaves_it(self, number: int, leaves: str | None) -> None:
        if not (placed := list_placements(coordinator(self.service), self.case_id).items):
            return
        one, today = placed[number % len(placed)], local_day(self.clock.now())
        seen = frozenset({one.version})
        if leaves is None:
            came = ConfirmPlacement(placed_on=today)
            tried(lambda: confirm_placement(coordinator(self.service), AtDesk(self.case_id), one.id, seen, came))
        else:
            left = EndPlacement.model_validate({"ended_on": today, "reason": leaves, "explanation": "Invented."})
            tried(lambda: end_placement(coordinator(self.service), AtDesk(self.case_id), one.id, seen, left))

    @rule(step=st.sampled_from(Step))
    def a_step_of_the_period_is_told(self, step: Step) -> None:
        today = local_day(self.clock.now()).isoformat()
        tried(lambda: stepped(self.service, self.case_id, step, today, explanation="Invented."))

    @rule(number=st.integers(0, 30))
    def a_partner_reads_what_the_coordinator_was_shown_and_no_more(self, number: int) -> None:
        line = self.any_of(number)
        if line.state in UNANSWERED:
            shown = preview_referral(coordinator(self.service), self.case_id, line.id)
            read = read_referral(partner(self.service, line.partner_id), line.id)
            assert (read.content_hash, read.facts) == (shown.content_hash, shown.content.facts)
            grounded = {one.fact for one in shown.fields if one.grounds and one.purpose}
            assert grounded == {to_camel(name) for name in read.facts}

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

    @rule()
    def everything_is_ended_and_the_case_closed(self) -> None:
        self.a_step_of_the_period_is_told(Step.RENOUNCED)
        finish(self.service, self.case_id)
        tried(lambda: close(self.service, self.case_id))

    @rule(reason=st.sampled_from(["came_back", "mistake"]))
    def the_case_is_reopened(self, reason: str) -> None:
        tried(lambda: reopen(self.service, self.case_id, reason))

    @rule()
    def somebody_tells_of_the_person_again(self) -> None:
        said = {"submission_key": new_key("again-")[:40], "case_id": self.case_id, "facts": {"gender": "female"}}
        receive_signal(coordinator(self.service), ReceiveSignal.model_validate(said))
        assert self.case.state is CaseState.OPEN

    @invariant()
    def in_a_closed_case_nobody_waits_but_for_what_became_of_consent_taken_back(self) -> None:
        if (case := self.case).state is CaseState.OPEN:
            return
        clocks = {one.kind for one in clocks_of(self.service, self.case_id) if one.state in LIVE}
        placed = {one.state for one in list_placements(coordinator(self.service), self.case_id).items}
        assert (still_asked(case.referrals), clocks - {RECALL_ACKNOWLEDGEMENT, ESCALATION}) == ([], set())
        assert placed <= {PlacementState.ENDED}

    @invariant()
    def somebody_acts_next(self) -> None:
        case = self.case
        alone = [line for line in case.referrals if not somebody_acts(line, case)]
        assert alone == []

    @invariant()
    def nobody_was_asked_twice_unless_it_was_taken_back_or_began_anew_or_more_is_known(self) -> None:
        case = self.case
        asked = Counter(
            (line.partner_id, line.asked_as, line.content, line.rule)
            for line in case.referrals
            if line.queued_at
            and line.state is not ReferralState.WITHDRAWN
            and line.decline_reason is not DeclineReason.NOT_ENOUGH_KNOWN
        )
        by_decision = [
            {(one.to, one.content, one.rule) for one in made.content.notifications} for made in case.decisions
        ]
        begun = Counter(one for before, now in pairwise([set(), *by_decision]) for one in now - before)
        assert all(times <= begun[to, content, rule] for (_, to, content, rule), times in asked.items())

    @invariant()
    def no_person_is_without_a_next_step(self) -> None:
        case = self.case
        if case.facts["indication"] == "yes" and case.state is CaseState.OPEN:
            open_referrals = [
                one for one in case.referrals if one.state in UNANSWERED | TAKEN | {ReferralState.PROPOSED}
            ]
            open_tasks = [one for one in case.tasks if one.state is TaskState.OPEN]
            clocks = [one for one in clocks_of(self.service, self.case_id) if one.state in LIVE]
            assert open_referrals or open_tasks or clocks

    @invariant()
    def every_clock_has_an_owner(self) -> None:
        assert all(one.owner for one in clocks_of(self.service, self.case_id))

    @invariant()
    def every_placement_has_an_owner_and_whoever_waits_is_waited_for(self) -> None:
        clocks = {one.key for one in clocks_of(self.service, self.case_id) if one.kind == PLACEMENT_WAITING}
        for one in list_placements(coordinator(self.service), self.case_id).items:
            assert one.owner
            assert one.state is not PlacementState.WAITING or str(one.id) in clocks

    @invariant()
    def no_place_is_given_twice(self) -> None:
        assert all(0 <= one.left <= one.free for one in list_capacity(coordinator(self.service), ListCapacity()).items)

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


def test_nobody_falls_between_when_a_case_is_closed_and_opened_again(service: Service, clock: FixedClock) -> None:
    story = type("OurStory", (Story,), {"service": service, "clock": clock, "starts_at": clock.now()})()
    story.begins("ngo", "no")
    for act in (
        story.a_coordinator_confirms,
        partial(story.a_partner_answers, 0, Answer.ACCEPT, DeclineReason.NO_CAPACITY),
        story.everything_is_ended_and_the_case_closed,
        partial(story.the_person_decides_about_consent, "withdrawn", "withdrawn"),
        partial(story.time_passes_and_the_service_looks, 800),
        story.somebody_tells_of_the_person_again,
        story.everything_is_ended_and_the_case_closed,
        partial(story.the_case_is_reopened, "came_back"),
    ):
        act()
        story.in_a_closed_case_nobody_waits_but_for_what_became_of_consent_taken_back()
        story.somebody_acts_next()
        story.no_person_is_without_a_next_step()
    assert [one.event for one in story.case.steps] == ["close", "reopen", "close", "reopen"]
    story.teardown()


@pytest.mark.timeout(600)
def test_behind_every_open_referral_stands_somebody(service: Service, clock: FixedClock) -> None:
    tell_stories(service, clock, stories=6, steps=12)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_behind_every_open_referral_stands_somebody_in_many_stories(service: Service, clock: FixedClock) -> None:
    tell_stories(service, clock, stories=200, steps=30)
