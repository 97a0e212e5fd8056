"""Two people change the same thing at the same moment: one is first, the other is told so, and nothing is half."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest

from service.cases.lifecycle import DecisionState
from service.casework.cases.change_facts import change_facts
from service.casework.cases.confirm_decision import confirm_decision
from service.casework.cases.list_cases import list_cases
from service.casework.cases.read_cases import read_case
from service.casework.cases.take_step import take_step
from service.casework.commands.cases import ChangeFacts
from service.casework.commands.referrals import WithdrawReferral
from service.casework.commands.reflection import TakeStep
from service.casework.commands.tasks import FinishTask
from service.casework.consent.record_consent import record_consent
from service.casework.deliveries.deliver_referrals import prepare, record
from service.casework.desk.work_on_tasks import finish_task
from service.casework.questions import ListCases
from service.casework.referrals.escalate_silence import escalate_silence
from service.casework.referrals.work_on_referrals import withdraw_referral
from service.casework.reflection.show_period import read_period
from service.casework.trail.read_trail import read_trail
from service.dispatch.outcome import Category, Outcome
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale
from service.referrals.lifecycle import Answer, DeclineReason, ReferralState
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.doubles import FixedClock
from tests.factories import (
    answers,
    auditor,
    coordinator,
    lines_for,
    listen_at,
    opened_case,
    said_about_consent,
    stepped,
)
from tests.side_by_side import side_by_side

FIRST = frozenset({1})
ROUNDS = 4


def at_once(*acts: Callable[[], object]) -> list[type[DomainError] | None]:
    """Run acts that start together, and give how each ended; what is no refusal is a failure of the test."""
    ends = side_by_side(*acts)
    for end in ends:
        if isinstance(end, Exception) and not isinstance(end, DomainError):
            raise end
    return [type(end) if isinstance(end, DomainError) else None for end in ends]


def change(service: Service, case_id: UUID, age: int) -> object:
    return change_facts(coordinator(service), case_id, FIRST, ChangeFacts(facts={"age": age}))


def test_of_two_changes_on_one_version_one_counts_and_the_other_is_stale(service: Service) -> None:
    case_id = opened_case(service).case_id

    ends = at_once(*(lambda age=age: change(service, case_id, age) for age in (31, 32, 33)))

    case = read_case(coordinator(service), case_id)
    assert sorted(str(end) for end in ends) == sorted(str(end) for end in (None, Stale, Stale))
    assert (case.version, case.facts_version, len(case.decisions)) == (2, 2, 2)
    assert case.facts["age"] in {31, 32, 33}
    assert read_trail(coordinator(service), case_id).verified


def test_of_two_steps_of_a_period_that_exclude_each_other_one_is_taken(service: Service) -> None:
    case_id = opened_case(service, reflection_choice=None, accepted_on=None).case_id
    seen = frozenset({stepped(service, case_id, "offered", "2026-11-23").version})

    def choose(step: str) -> object:
        said = {"step": step, "on": "2026-11-23", "established_by": "police", "learned": "letter"}
        return take_step(coordinator(service), case_id, seen, TakeStep.model_validate(said))

    ends = at_once(lambda: choose("accepted"), lambda: choose("declined"))

    assert sorted(str(end) for end in ends) == sorted(str(end) for end in (None, Stale))
    assert len(read_period(coordinator(service), case_id).records) == 2
    assert read_trail(coordinator(service), case_id).verified


def test_a_change_and_a_confirmation_never_leave_two_decisions_that_count(service: Service) -> None:
    case_id = opened_case(service).case_id
    decision = read_case(coordinator(service), case_id).decisions[0].id

    ends = at_once(
        lambda: change(service, case_id, 31), lambda: confirm_decision(coordinator(service), case_id, decision)
    )

    case = read_case(coordinator(service), case_id)
    assert set(ends) <= {None, Stale, IllegalTransition}
    assert None in ends
    assert [one.state for one in case.decisions if one.state is not DecisionState.SUPERSEDED] in (
        [DecisionState.PROPOSED],
        [DecisionState.CONFIRMED],
    )


def test_a_task_is_done_by_one_of_two(service: Service) -> None:
    case_id = opened_case(service, age_in_doubt="yes").case_id
    task = read_case(coordinator(service), case_id).tasks[0]
    done = FinishTask(outcome=TaskOutcome.ACHIEVED)

    ends = at_once(*[lambda: finish_task(coordinator(service), task.id, FIRST, done)] * 2)

    assert len([end for end in ends if end is None]) == 1
    assert set(ends) <= {None, Stale, IllegalTransition}


def test_looking_at_lists_while_cases_change_disturbs_nobody(service: Service) -> None:
    case_ids = [opened_case(service).case_id for _ in "abc"]

    ends = at_once(
        *[lambda: list_cases(auditor(service), ListCases())] * 3,
        *(lambda case_id=case_id: change(service, case_id, 31) for case_id in case_ids),
    )

    assert set(ends) == {None}
    assert all(read_trail(coordinator(service), case_id).verified for case_id in case_ids)


@pytest.mark.parametrize(
    ("answer", "reason"), [(Answer.ACCEPT, None), (Answer.DECLINE, DeclineReason.NO_CAPACITY)], ids=["yes", "no"]
)
def test_an_answer_a_withdrawal_and_the_end_of_the_term_at_once_leave_one_story(
    service: Service, clock: FixedClock, answer: Answer, reason: DeclineReason | None
) -> None:
    for _ in range(ROUNDS):
        case_id = opened_case(service).case_id
        (line,) = lines_for(service, case_id, "emm")
        assert line.answer_by is not None
        clock.move(line.answer_by - clock.now())
        command = WithdrawReferral(reason="person_decided")
        late: list[bool] = []

        answered, withdrawn, _ = at_once(
            partial(answers, service, line, answer, reason),
            partial(withdraw_referral, coordinator(service), case_id, line.id, frozenset({line.version}), command),
            partial(expires, service, line.id, late),
        )

        first, *following = lines_for(service, case_id, "emm")
        ends = (answered, withdrawn, late)
        if withdrawn is None:
            # Nobody answers what was taken back, nobody is late with it, and nobody else is asked.
            assert (first.state, following) == (ReferralState.WITHDRAWN, [])
            assert ends == (IllegalTransition, None, [False])
        else:
            # The answer counts, in time or late; the withdrawal was made on what is no longer so.
            assert (withdrawn, answered) == (Stale, None)
            assert first.state is (ReferralState.ACCEPTED if reason is None else ReferralState.DECLINED)
            assert len(following) == int(late == [True] or reason is not None)
            assert {one.state for one in following} <= {ReferralState.QUEUED, ReferralState.WITHDRAWN}
        assert read_trail(coordinator(service), case_id).verified


def test_of_two_partners_that_say_yes_at_once_one_takes_it(service: Service, clock: FixedClock) -> None:
    for _ in range(ROUNDS):
        case_id = opened_case(service).case_id
        (late,) = lines_for(service, case_id, "emm")
        assert late.answer_by is not None
        clock.move(late.answer_by - clock.now())
        escalate_silence(service.system(), late.id)
        _, asked_instead = lines_for(service, case_id, "emm")

        ends = at_once(
            partial(answers, service, late, Answer.ACCEPT), partial(answers, service, asked_instead, Answer.ACCEPT)
        )

        assert sorted(str(end) for end in ends) == sorted(str(end) for end in (None, IllegalTransition))
        states = {one.state for one in lines_for(service, case_id, "emm")}
        assert states == {ReferralState.ACCEPTED, ReferralState.WITHDRAWN}


def test_several_workers_that_see_one_silence_act_on_it_once(service: Service, clock: FixedClock) -> None:
    case_id = opened_case(service).case_id
    (line,) = lines_for(service, case_id, "emm")
    assert line.answer_by is not None
    clock.move(line.answer_by - clock.now())
    acted: list[bool] = []

    at_once(*[partial(expires, service, line.id, acted)] * 5)

    assert sorted(acted) == [False] * 4 + [True]
    assert len(lines_for(service, case_id, "emm")) == 2


def test_two_facts_of_one_case_that_take_back_and_send_at_once_wait_for_nobody_in_a_circle(service: Service) -> None:
    listen_at(service.operator(), "comensha", "http://127.0.0.1:9/")
    for _ in range(ROUNDS):
        case_id = opened_case(service, reporter="ngo").case_id
        decision = read_case(coordinator(service), case_id).decisions[0]
        confirm_decision(coordinator(service), case_id, decision.id)
        version = frozenset({read_case(coordinator(service), case_id).version})
        regrets = said_about_consent("registration", "withdrawn")

        ends = at_once(
            partial(record_consent, coordinator(service), case_id, version, regrets),
            partial(send_all, service),
            partial(send_all, service),
        )

        assert ends == [None] * 3
        assert read_trail(coordinator(service), case_id).verified


def expires(service: Service, referral_id: UUID, late: list[bool]) -> None:
    late.append(escalate_silence(service.system(), referral_id))


def send_all(service: Service) -> None:
    while (turn := prepare(service.system(), timedelta(minutes=1))) is not None:
        for sending in turn:
            record(service.system(), sending, Outcome(Category.TAKEN, 202, 5))
