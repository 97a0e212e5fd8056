"""A step of the reflection period is recorded: facts, decision and what follows change with it, or nothing does."""

from typing import Any
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.cases.change_facts import keep_facts, patched
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.reflection import TakeStep
from service.casework.context import Context
from service.casework.reflection.endings_told import ESTABLISH_END, endings_to_establish
from service.casework.reflection.judge_steps import CHOICE, Claim, fact_of, history_of, judge_steps, require_establisher
from service.casework.reflection.keep_records import keep_records
from service.casework.reflection.show_period import period_view
from service.casework.tasks.open_tasks import arrange_kind
from service.casework.views.reflection import PeriodView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import Problem
from service.kernel.versions import Seen, require_version
from service.reflection import store as reflection
from service.reflection.lifecycle import Step
from service.reflection.policy import StepNotUnderstood, Taken
from service.routing.decide import decide
from service.routing.facts.answers import answers_from

_CHOICES = frozenset({Step.ACCEPTED, Step.DECLINED})


def take_step(context: Context, case_id: UUID, seen: Seen, command: TakeStep) -> PeriodView:
    """Record a step of the reflection period, or with an explanation put a recorded one right.

    What is recorded already, of the same day and by the same organisation, is not recorded twice.

    Args:
        context: who knows of the step.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: the step, its day, and who established it.

    Raises:
        ScopeMissing: the caller may not record steps.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        StepNotUnderstood: the day is still to come, or something that must be said is missing.
        StepOutOfOrder: the step cannot follow on what happened before, or the rules know no period for it.
        WrongEstablisher: who is said to have established the step may not.
        RightsNotTold: a report was made, and nobody recorded that the person was told about rights first.
        AnswersRefused: the facts that would result contradict each other; nothing is kept.
    """
    context.require(Scope.PERIODS_WRITE)
    asked, step = Touched("case", str(case_id)), command.step
    with context.refusals_kept(Event.PERIOD_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        known = cases.known(work.session, work.vault, case)
        claim = Claim(command.established_by or context.caller.org, command.learned, command.explanation)
        told_before = command.on is not None and history_of(known).get(step) == command.on
        if told_before and _recorded(work, case.id, command, claim):
            context.record(work, Act(Event.PERIOD_REPEATED, Action.READ, str(case.id), (asked,)))
            return period_view(context, work, case)
        require_version(case.version, seen)
        if told_before:
            # Somebody told of it before; now it is known who established it.
            require_establisher(context, work, step, claim)
            cases.touch(work.session, case)
            touched = (Touched("case", str(case.id), case.version - 1, case.version),)
            context.record(work, Act(Event.PERIOD_ESTABLISHED, Action.UPDATE, str(case.id), touched))
            keep_records(context, work, case, [Taken(step, command.on)], claim)
            arrange_kind(context, work, case, ESTABLISH_END, endings_to_establish(work, case, known))
            return period_view(context, work, case)
        rules = context.rules()
        answers = answers_from(patched(known, _changes(known, command)), rules.vocabulary)
        decision = decide(rules, answers, context.today())
        steps = judge_steps(context, work, case, (known, answers.given, decision), claim)
        if not steps:
            detail = "Nothing is recorded that could be taken back."
            raise StepNotUnderstood(detail, problems=(Problem("/on", "not-recorded", detail),))
        keep_records(context, work, case, steps, claim)
        keep_facts(context, work, case, known, (answers, decision))
        return period_view(context, work, case)


def _changes(known: dict[str, Any], command: TakeStep) -> dict[str, Any]:
    """Give the facts that a step changes."""
    step, day = command.step, None if command.on is None else command.on.isoformat()
    changes: dict[str, Any] = {fact_of(step): day}
    if step in _CHOICES:
        changes[CHOICE] = None if day is None else step.value
    declined = known.get(fact_of(Step.DECLINED))
    if step is Step.OFFERED and day is not None and declined is not None and declined <= day:
        # Another offer opens the choice again.
        changes |= {fact_of(Step.DECLINED): None, CHOICE: None}
    return changes


def _recorded(work: UnitOfWork, case_id: UUID, command: TakeStep, claim: Claim) -> bool:
    """Tell whether the newest record of the step says the same."""
    told = [reflection.said(work.vault, one) for one in reflection.records(work.session, case_id)]
    newest = next((one for one in reversed(told) if one["step"] == command.step), None)
    if newest is None:
        return False
    same_day = command.on is not None and newest["on"] == command.on.isoformat()
    return same_day and newest["established_by"] == claim.established_by
