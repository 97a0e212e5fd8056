"""Looks whether every open case has the clocks that its decision asks for, and starts those that are not there.

A case that was decided about behind a wrong clock is decided anew once time has come again. Each case by itself: one
that nobody can read is told of on its desk, and the others go on.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import Event
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision
from service.casework.cases.decide_again import decide_again
from service.casework.context import Context
from service.casework.deadlines.end_clocks import Name
from service.casework.deadlines.plan_clocks import Plan, start_clocks
from service.casework.deadlines.set_clocks import are_ahead, plans
from service.casework.firing.tell_of_hindrance import tell_of_case
from service.casework.rules.kept_rules import KeptRules
from service.casework.tasks.after_return import CLOCKS_OF_A_STAY, is_away
from service.casework.tasks.kinds import CLOCKS_WAIT
from service.casework.views.deadlines import ClocksStarted
from service.casework.views.decision import DecisionContent
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.keyring import WrappingKeyGone
from service.database.sealing.vault import KeyDestroyed, Vault
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.deadlines.tables import Deadline
from service.routing.decide import decide
from service.routing.decision import Deadline as Listed
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import AnswersRefused, answers_from
from service.tasks import store as tasks
from service.tasks.tables import Task

_AT_ONCE: Final = 100

_OF_ONE_CASE: Final = (KeyDestroyed, WrappingKeyGone, NotSealedHere, AnswersRefused, ImpossibleFacts)
"""What hinders one case and no other."""

_Asked = tuple[Name, tuple[date, datetime | None]]

Missing = list[tuple[Plan, Deadline | None]]


def reconcile_clocks(context: Context) -> ClocksStarted:
    """Start the clocks that decisions ask for and that are not there, as those of before there were any.

    Args:
        context: the worker's, or an operator's.

    Raises:
        ScopeMissing: the caller is neither.
        KeysUnavailable: the keys are away, so nobody can know what was decided.
    """
    context.require(Scope.DEADLINES_RECONCILE)
    with context.look() as session:
        open_cases = cases.open_case_ids(session)
    started = [_set_right_or_tell(context, case_id) for case_id in _to_set_right(context, open_cases)]
    return ClocksStarted(cases=sum(1 for one in started if one), started=sum(started))


def _to_set_right(context: Context, case_ids: list[UUID]) -> list[UUID]:
    """Give the cases in which something is to be done, or that cannot be read."""
    found: list[UUID] = []
    for start in range(0, len(case_ids), _AT_ONCE):
        with context.look() as session:
            vault, together = Vault(session, context.keys), case_ids[start : start + _AT_ONCE]
            waiting = {one.case_id for one in tasks.tasks_of(session, together) if _waits(one)}
            by_case: dict[UUID, list[Deadline]] = {}
            for one in deadlines.deadlines_of(session, together):
                by_case.setdefault(one.case_id, []).append(one)
            for case_id, decision in decisions.live_decisions(session, together).items():
                known = by_case.get(case_id, [])
                if are_ahead(context, known):
                    continue
                try:
                    if case_id in waiting or _missing(context, session, vault, decision, known):
                        found.append(case_id)
                except _OF_ONE_CASE:
                    found.append(case_id)
    return found


def _waits(task: Task) -> bool:
    return task.kind == CLOCKS_WAIT and tasks.is_open(task)


def _missing(
    context: Context, session: Session, vault: Vault, decision: CaseDecision, clocks: Iterable[Deadline]
) -> Missing:
    """Give what a decision asks for and is not among the clocks of its case."""
    content = DecisionContent.model_validate(decisions.content(vault, decision))
    known = deadlines.newest(clocks)
    listed = [Listed(one.kind, one.due, one.due_at, one.rule) for one in content.deadlines]
    missing: Missing = [
        (plan, former)
        for plan in plans(context, decision.id, listed)
        if (former := known.get(plan.name)) is None or former.state is DeadlineState.CANCELLED
    ]
    if missing and is_away(session, decision.case_id):
        missing = [(plan, former) for plan, former in missing if plan.kind not in CLOCKS_OF_A_STAY]
    return missing


def _set_right_or_tell(context: Context, case_id: UUID) -> int:
    try:
        return _set_right(context, case_id)
    except _OF_ONE_CASE as failure:
        tell_of_case(context, case_id, failure)
        return 0


def _set_right(context: Context, case_id: UUID) -> int:
    with context.work() as work:
        case = cases.hold(work.session, case_id)
        # Looked at again: the case was not held before.
        known = deadlines.deadlines_of(work.session, [case.id])
        if not cases.is_open(case) or are_ahead(context, known):
            return 0
        if any(map(_waits, tasks.open_tasks_of(work.session, case.id))):
            decide_again(context, work, case)
            return len(deadlines.deadlines_of(work.session, [case.id])) - len(known)
        decision = decisions.live_decisions(work.session, [case.id])[case.id]
        missing = _missing(context, work.session, work.vault, decision, known)
        if missing:
            counted = _counted(context, work, decision)
            missing = [(counted.get((plan.name, plan.is_for), plan), former) for plan, former in missing]
        return len(start_clocks(context, work, case, missing, Event.DEADLINE_RECONCILED))


def _counted(context: Context, work: UnitOfWork, decision: CaseDecision) -> dict[_Asked, Plan]:
    """Give what a decision asks for with what it counts from and how long, which only deciding as then tells.

    None of it when the rules of then are not kept: a clock that nobody knows the length of is better than none.
    """
    rules = KeptRules(context.rules()).named(work.session, decision.rule_set)
    if rules is None:
        return {}
    told = cases.told(work.vault, cases.facts(work.session, decision.case_id, decision.facts_version))
    again = decide(rules, answers_from(told, rules.vocabulary), decision.decided_on)
    return {(plan.name, plan.is_for): plan for plan in plans(context, decision.id, again.deadlines)}
