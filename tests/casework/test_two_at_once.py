"""Two people change the same thing at the same moment: one is first, the other is told so, and nothing is half."""

from collections.abc import Callable
from threading import Barrier, Thread
from uuid import UUID

from service.cases.lifecycle import DecisionState
from service.casework.change_facts import change_facts
from service.casework.commands import ChangeFacts, FinishTask
from service.casework.confirm_decision import confirm_decision
from service.casework.list_cases import list_cases
from service.casework.questions import ListCases
from service.casework.read_cases import read_case
from service.casework.read_trail import read_trail
from service.casework.work_on_tasks import finish_task
from service.kernel.errors import DomainError
from service.kernel.transitions import IllegalTransition
from service.kernel.versions import Stale
from service.tasks.lifecycle import TaskOutcome
from service.wiring import Service
from tests.factories import auditor, coordinator, opened_case

FIRST = frozenset({1})


def at_once(*acts: Callable[[], object]) -> list[type[DomainError] | None]:
    """Run acts in threads that start together, and give how each ended."""
    ends: list[type[DomainError] | None] = []
    start = Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except DomainError as refusal:
            ends.append(type(refusal))
        else:
            ends.append(None)

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


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
