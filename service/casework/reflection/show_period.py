"""The reflection period as it stands today: what the rules say of it, which steps led there, and what can follow."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.reflection.judge_steps import history_of
from service.casework.views.reflection import (
    MonthlyReportView,
    NextStepView,
    PeriodRecordView,
    PeriodStepView,
    PeriodView,
)
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import REFLECTION_WARNING
from service.reflection import store as reflection
from service.reflection.lifecycle import LIFECYCLE, PeriodState, Step
from service.routing.decide import decide
from service.routing.decision import Decision, cited
from service.routing.facts.answers import answers_from
from service.routing.rule_set import RuleSet

MONTHLY_REPORT = "reflection_report"
"""Kind of the clocks of the reports that a person in the period makes to the police each month."""

_RUNNING, _ENDED, _DECLINED = "running", "ended", "declined"
_OFFERABLE = frozenset({"offer", "offer_provisional", _DECLINED})


def read_period(context: Context, case_id: UUID) -> PeriodView:
    """Give the reflection period of a case; that it was read is kept before it is given.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read it.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.PERIODS_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        context.record(work, Act(Event.PERIOD_READ, Action.READ, str(case.id), (asked,)))
        return period_view(context, work, case)


def period_view(context: Context, work: UnitOfWork, case: Case) -> PeriodView:
    """Show the reflection period of a case by the facts that count and the rules of today.

    Args:
        context: whose day it is.
        work: the unit of work of the act.
        case: whose period it is.
    """
    rules, today = context.rules(), context.today()
    known = cases.known(work.session, work.vault, case)
    decision = decide(rules, answers_from(known, rules.vocabulary), today)
    period, history = decision.reflection_period, history_of(known)
    running, used_before = period.status == _RUNNING, known.get("reflection_used") == "yes"
    state = _state(period.status, history)
    used = used_before or state in {PeriodState.RUNNING, PeriodState.ENDED}
    kept = [(one, reflection.said(work.vault, one)) for one in reflection.records(work.session, case.id)]
    newest = {said["step"]: said for _, said in kept}
    return PeriodView(
        case_id=case.id,
        version=case.version,
        state=state,
        status=period.status,
        reason=period.reason,
        rule=period.rule,
        length=period.length,
        starts=period.starts,
        ends=period.ends,
        days_left=(period.ends - today).days if running and period.ends is not None else None,
        used=used,
        transfer_blocked=running,
        transfer_blocked_by=_sources(decision) if running else (),
        reports=_reports(work, case.id),
        warnings=tuple(one.due for one in decision.deadlines if one.kind == REFLECTION_WARNING),
        steps=tuple(
            PeriodStepView(step=step, on=day, established_by=_establisher(newest.get(step), day))
            for step, day in sorted(history.items(), key=lambda one: (one[1], list(Step).index(one[0])))
        ),
        next=tuple(_following(rules, state, offerable=period.status in _OFFERABLE and not used)),
        records=tuple(
            PeriodRecordView(version=one.version, recorded_by=one.recorded_by, recorded_at=one.recorded_at, **said)
            for one, said in kept
        ),
    )


def _state(status: str, history: Mapping[Step, date]) -> PeriodState:
    """Say where the period is: whether it runs or has ended the rules alone know, that it was offered they do not."""
    if status in {_RUNNING, _ENDED, _DECLINED}:
        return PeriodState(status)
    return PeriodState.OFFERED if Step.OFFERED in history else PeriodState.NONE


def _sources(decision: Decision) -> tuple[str, ...]:
    rows = decision.findings["reflection_period"].rows
    return tuple(dict.fromkeys(cite for row in rows for cite in cited(row)))


def _reports(work: UnitOfWork, case_id: UUID) -> tuple[MonthlyReportView, ...]:
    known = deadlines.clocks(work.session, case_id).values()
    monthly = sorted((one for one in known if one.kind == MONTHLY_REPORT), key=lambda one: one.due)
    return tuple(
        MonthlyReportView(due=one.due, state=one.state, reported_on=deadlines.day_met(work.vault, one))
        for one in monthly
    )


def _establisher(said: Mapping[str, Any] | None, day: date) -> str | None:
    return None if said is None or said["on"] != day.isoformat() else said["established_by"]


def _following(rules: RuleSet, state: PeriodState, *, offerable: bool) -> Iterator[NextStepView]:
    """Give the steps that lead somewhere from here, with who may establish them."""
    for (origin, step), goal in LIFECYCLE.items():
        allowed = rules.period_steps.get(step.value)
        possible = origin is state and goal is not origin and (offerable or step is not Step.OFFERED)
        if possible and allowed is not None:
            yield NextStepView(
                step=step,
                label=dict(allowed.label),
                established_by=allowed.establishes,
                who=dict(allowed.who),
                sources=tuple(one.cite for one in allowed.sources),
            )
