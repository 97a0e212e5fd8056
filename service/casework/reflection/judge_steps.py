"""One judge of the steps of a reflection period, by whichever door they are told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from service.cases.tables import Case
from service.casework.commands.reflection import Learned
from service.casework.context import Context
from service.casework.rights.rights_told import require_before_report
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.partners.directory import Listing
from service.reflection.lifecycle import Step
from service.reflection.policy import Circumstances, StepNotUnderstood, StepOutOfOrder, Taken, take
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.facts.answers import answers_from
from service.routing.period_steps import ANYBODY

CHOICE: Final = "reflection_choice"

_CHOSEN: Final = (Step.ACCEPTED, Step.DECLINED)
_OFFERED_IN: Final = frozenset({"offer", "offer_provisional", "declined"})
_TAKES_EFFECT_IN: Final = frozenset({"running", "ended"})


class WrongEstablisher(DomainError):
    """Who is said to have established the step may not establish it, or is not known."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "wrong-establisher"
    title: ClassVar[str] = "This organisation cannot establish this step; name the one of the directory that did"


@dataclass(frozen=True)
class Claim:
    """Who is said to have established something.

    Attributes:
        established_by: the organisation.
        learned: how the caller heard of it; None where the caller's own organisation established it.
        explanation: why it corrects what was recorded, or why a period ends early.
    """

    established_by: str
    learned: Learned | None = None
    explanation: str | None = None


def fact_of(step: Step) -> str:
    """Give the fact that holds the day of a step."""
    return f"{step}_on"


def history_of(facts: Mapping[str, Any]) -> dict[Step, date]:
    """Give the days of the steps that facts tell of."""
    return {step: date.fromisoformat(facts[fact_of(step)]) for step in Step if facts.get(fact_of(step)) is not None}


def judge_steps(
    context: Context,
    work: UnitOfWork,
    case: Case,
    change: tuple[Mapping[str, Any], Mapping[str, Any], Decision],
    claim: Claim,
) -> tuple[Taken, ...]:
    """Give the steps that a change of facts takes, or refuse the change with the reason.

    Args:
        context: who changes them.
        work: the unit of work of the change; it holds the case's row.
        case: whose facts they are.
        change: the facts that counted so far, those that shall count, and the decision on these.
        claim: who is said to have established the steps.

    Raises:
        StepNotUnderstood: a day is still to come, or something that must be said is missing.
        StepOutOfOrder: a step cannot follow on what happened before, or the rules know no period for it.
        WrongEstablisher: who is said to have established a step may not.
        RightsNotTold: a report was made, and nobody recorded that the person was told about rights first.
    """
    known, given, decision = change
    history, wanted = history_of(known), history_of(given)
    steps = _taken(history, wanted, explained=claim.explanation is not None)
    if not steps:
        _require_days(known, given)
        return ()
    for one in steps:
        require_establisher(context, work, one.step, claim)
    # An explanation is heard where rights were told only after the report; that they were told is needed all the same.
    require_before_report(work, case, known, given, context.today() if claim.explanation is not None else None)
    rules = context.rules()
    before = decide(rules, answers_from(known, rules.vocabulary), context.today())
    period = before.reflection_period
    now = Circumstances(
        today=context.today(),
        expired_on=period.ends if period.reason == "expired" else None,
        used_before=known.get("reflection_used") == "yes",
    )
    counts = dict(history)
    for one in steps:
        counts = take(counts, one, now)
    if counts != wanted:
        raise _impossible("Another step has to be taken back with this one.")
    _require_period(steps, history, before, decision)
    _require_days(known, given)
    return steps


def require_establisher(context: Context, work: UnitOfWork, step: Step, claim: Claim) -> None:
    """Stop a step that nobody established who may.

    Args:
        context: who records the step.
        work: the unit of work of the act.
        step: which one.
        claim: who is said to have established it.

    Raises:
        WrongEstablisher: that organisation may not, or nobody knows it.
        StepNotUnderstood: nobody says how it was heard from another organisation.
    """
    where = "/establishedBy"
    allowed = context.rules().period_steps.get(step.value)
    told_by = _listing(context, work, claim.established_by)
    own = claim.established_by == context.caller.org
    if allowed is None or not allowed.is_established_by(told_by.kind if told_by else None):
        raise WrongEstablisher(problems=(Problem(where, "may-not-establish", WrongEstablisher.title + "."),))
    if told_by is None and not own:
        raise WrongEstablisher(problems=(Problem(where, "not-in-the-directory", "The directory does not have it."),))
    if not own and claim.learned is None and ANYBODY not in allowed.establishes:
        detail = "Say how you heard what another organisation established."
        raise StepNotUnderstood(detail, problems=(Problem("/learned", "how-heard", detail),))


def _listing(context: Context, work: UnitOfWork, partner_id: str) -> Listing | None:
    return next((one for one in context.directory(work.session) if one.id == partner_id), None)


def _taken(history: Mapping[Step, date], wanted: Mapping[Step, date], *, explained: bool) -> tuple[Taken, ...]:
    """Give what differs: what happened in the order in which it happened, then what turned out not to have happened."""
    told = [Taken(step, day, explained) for step, day in wanted.items() if history.get(step) != day]
    order = list(Step)
    told.sort(key=lambda one: (one.on or date.min, order.index(one.step)))
    offers_again = Step.OFFERED in {one.step for one in told} and Step.DECLINED in history
    undone = [step for step in history if step not in wanted and not (offers_again and step is Step.DECLINED)]
    return (*told, *(Taken(step, None, explained) for step in undone))


def _require_period(steps: tuple[Taken, ...], history: Mapping[Step, date], before: Decision, after: Decision) -> None:
    """Leave it to the rules whether there is a period that could be offered or accepted."""
    taken = {one.step for one in steps if one.on is not None}
    offered = Step.OFFERED in taken and Step.ACCEPTED not in history
    if offered and before.reflection_period.status not in _OFFERED_IN:
        raise _impossible("By the rules there is no reflection period to offer.", "not-available")
    if Step.ACCEPTED in taken and after.reflection_period.status not in _TAKES_EFFECT_IN:
        raise _impossible("By the rules there is no reflection period to accept.", "not-available")


def _require_days(known: Mapping[str, Any], given: Mapping[str, Any]) -> None:
    """Stop a choice without its day, which would be a step that nobody can put in its order."""
    choice = given.get(CHOICE)
    if choice != known.get(CHOICE) and any(choice == step and fact_of(step) not in given for step in _CHOSEN):
        detail = "The choice is recorded with its day."
        raise StepNotUnderstood(detail, problems=(Problem(f"/facts/{CHOICE}", "without-a-day", detail),))


def _impossible(detail: str, code: str = "out-of-order") -> StepOutOfOrder:
    return StepOutOfOrder(detail, problems=(Problem("/step", code, detail),))
