"""Looks whether every open case has the clocks that its decision asks for, and starts those that are not there."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import Event
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision
from service.casework.context import Context
from service.casework.deadlines.end_clocks import Name
from service.casework.deadlines.plan_clocks import Plan, start_clocks
from service.casework.deadlines.set_clocks import plans
from service.casework.rules.kept_rules import KeptRules
from service.casework.tasks.after_return import CLOCKS_OF_A_STAY, is_away
from service.casework.views.deadlines import ClocksStarted
from service.casework.views.decision import DecisionContent
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.vault import KeyDestroyed, Vault
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.deadlines.tables import Deadline
from service.routing.decide import decide
from service.routing.decision import Deadline as Listed
from service.routing.facts.answers import answers_from

_AT_ONCE: Final = 100

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
    started = [_set_right(context, case_id) for case_id in _without_clocks(context, open_cases)]
    return ClocksStarted(cases=sum(1 for one in started if one), started=sum(started))


def _without_clocks(context: Context, case_ids: list[UUID]) -> list[UUID]:
    found: list[UUID] = []
    for start in range(0, len(case_ids), _AT_ONCE):
        with context.look() as session:
            vault, together = Vault(session, context.keys), case_ids[start : start + _AT_ONCE]
            found += _missing(context, session, vault, together)
    return found


def _missing(context: Context, session: Session, vault: Vault, case_ids: Collection[UUID]) -> dict[UUID, Missing]:
    """Give what is missing, by the cases in which anything is."""
    by_case: dict[UUID, list[Deadline]] = {}
    for one in deadlines.deadlines_of(session, case_ids):
        by_case.setdefault(one.case_id, []).append(one)
    found: dict[UUID, Missing] = {}
    for case_id, decision in decisions.live_decisions(session, case_ids).items():
        try:
            content = DecisionContent.model_validate(decisions.content(vault, decision))
        except (KeyDestroyed, NotSealedHere):
            # Erased, or not what was kept: an examination of the log finds the latter.
            continue
        known = deadlines.newest(by_case.get(case_id, ()))
        listed = [Listed(one.kind, one.due, one.due_at, one.rule) for one in content.deadlines]
        missing: Missing = [
            (plan, former)
            for plan in plans(context, decision.id, listed)
            if (former := known.get(plan.name)) is None or former.state is DeadlineState.CANCELLED
        ]
        if missing and is_away(session, case_id):
            missing = [(plan, former) for plan, former in missing if plan.kind not in CLOCKS_OF_A_STAY]
        if missing:
            found[case_id] = missing
    return found


def _set_right(context: Context, case_id: UUID) -> int:
    with context.work() as work:
        case = cases.hold(work.session, case_id)
        # Looked at again: the case was not held before.
        found = _missing(context, work.session, work.vault, [case.id]) if cases.is_open(case) else {}
        missing = found.get(case.id, [])
        if missing:
            counted = _counted(context, work, decisions.live_decisions(work.session, [case.id])[case.id])
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
