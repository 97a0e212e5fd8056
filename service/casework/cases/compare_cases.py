"""Two cases of one organisation may be about one person: a person says whether they are, and it is remembered.

Nothing is merged. Both cases and both trails stay as they are; the two are shown with each other, and what is done
twice is put on a desk. Whoever was mistaken takes it back with a reason, and the question is open again.
"""

from collections.abc import Iterable
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import CloseReason, ReopenReason
from service.cases.tables import Case
from service.casework.cases.reopen_case import go_on
from service.casework.commands.cases import CompareCases
from service.casework.context import Context
from service.casework.tasks.end_tasks import drop_kinds, finish_kinds
from service.casework.tasks.kinds import DOUBLE_WORK, LOOK_ALIKE, Ask
from service.casework.tasks.open_tasks import ask_once
from service.casework.views.cases import ComparisonView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.ids import new_id
from service.recognition import store as recognition
from service.recognition.lifecycle import Likeness, Verdict
from service.recognition.tables import Comparison

_FIRST: Final = 1


class OneCaseOnly(DomainError):
    """A case cannot be compared with itself."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "one-case-only"
    title: ClassVar[str] = "It takes two cases to compare"


def compare_cases(context: Context, case_id: UUID, command: CompareCases) -> ComparisonView:
    """Say whether two cases are about one person, or take back what was said.

    Args:
        context: who says so.
        case_id: one case.
        command: the other case, what is said and why.

    Raises:
        ScopeMissing: the caller may not change cases.
        OneCaseOnly: both are the same case.
        CaseNotFound: one of them is not there for this caller.
        IllegalTransition: it was said before, or nothing was said that could be taken back.
    """
    context.require(Scope.CASES_WRITE)
    asked = (Touched("case", str(case_id)), Touched("case", str(command.other_case_id)))
    with context.refusals_kept(Event.COMPARISON_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        # In one order for everybody, so that two who compare never wait for each other.
        pair = [_seen(context, work, one) for one in sorted({case_id, command.other_case_id})]
        tried.in_case(case_id)
        if len(pair) == 1:
            raise OneCaseOnly(problems=(Problem("/other_case_id", "same-case", "This is the case itself."),))
        kept = _keep(context, work, (pair[0].id, pair[1].id), command)
        for case in pair:
            _work_on_again(context, work, case)
        _say_what_to_do(context, work, pair, kept.verdict)
        return comparison_view(work, kept, case_id)


def comparison_view(work: UnitOfWork, kept: Comparison, case_id: UUID) -> ComparisonView:
    """Show what was said of a case and another.

    Args:
        work: the unit of work in which that stands in the trail.
        kept: what was said last.
        case_id: the case that is looked at.
    """
    return ComparisonView(
        other_case_id=kept.other_id if kept.case_id == case_id else kept.case_id,
        verdict=kept.verdict,
        reason=recognition.reason_of(work.vault, kept),
        said_by=kept.said_by,
        said_at=kept.said_at,
    )


def comparisons(work: UnitOfWork, case: Case) -> tuple[ComparisonView, ...]:
    """Show what was said last of a case and each other one.

    Args:
        work: the unit of work of the look.
        case: the case that is looked at.
    """
    last = {frozenset((one.case_id, one.other_id)): one for one in recognition.verdicts(work.session, case.id)}
    return tuple(comparison_view(work, one, case.id) for one in last.values())


def ask_to_compare(context: Context, work: UnitOfWork, case: Case) -> None:
    """Ask a person to compare a case with others of its organisation that share a trait with it and no verdict.

    Args:
        context: whose signal told who the person is.
        work: the unit of work of the act; it holds the case's row.
        case: the case in which that was told.
    """
    if _unsaid(work, case):
        ask_once(context, work, case, [LOOK_ALIKE])


def _unsaid(work: UnitOfWork, case: Case) -> list[UUID]:
    alike = recognition.cases_sharing(work.session, case.id)
    if not alike:
        return []
    said = recognition.said_of(work.session, case.id)
    others = [one for one in cases.cases_by_id(work.session, alike) if one.org == case.org]
    return [one.id for one in others if one.id not in said]


def _seen(context: Context, work: UnitOfWork, case_id: UUID) -> Case:
    return cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)


def _keep(context: Context, work: UnitOfWork, pair: tuple[UUID, UUID], command: CompareCases) -> Comparison:
    kept = Comparison(
        id=new_id(),
        case_id=pair[0],
        other_id=pair[1],
        verdict=command.verdict,
        said_by=context.caller.subject,
        said_at=context.clock.now(),
    )
    recognition.say(work.session, work.vault, kept, command.reason)
    commitment = work.vault.commitment(kept.case_id, command.reason)
    touched = (Touched("comparison", str(kept.id)), *(Touched("case", str(one)) for one in pair))
    # Each of the two trails says it; the reason is sealed with the key of the older case.
    for stream, committed in zip(pair, (commitment, None), strict=True):
        context.record(work, Act(Event.CASES_COMPARED, Action.CREATE, str(stream), touched, commitment=committed))
    return kept


def _say_what_to_do(context: Context, work: UnitOfWork, pair: Iterable[Case], verdict: Verdict) -> None:
    older, younger = pair
    for case in (older, younger):
        if _unsaid(work, case):
            _ask(context, work, case, LOOK_ALIKE)
        else:
            finish_kinds(context, work, case, {LOOK_ALIKE[0]})
    if verdict is Verdict.SAME:
        _ask(context, work, younger, DOUBLE_WORK)
    elif not any(one is Likeness.SAME for one in recognition.said_of(work.session, younger.id).values()):
        drop_kinds(context, work, younger, {DOUBLE_WORK[0]})


def _work_on_again(context: Context, work: UnitOfWork, case: Case) -> None:
    """Reopen a case that was closed because the person has another one, when no other one is said to be any more."""
    if cases.is_open(case) or Likeness.SAME in recognition.said_of(work.session, case.id).values():
        return
    last = cases.steps(work.session, case.id)[-1]
    if cases.said_of_step(work.vault, last)["reason"] == CloseReason.SAME_PERSON:
        go_on(context, work, case, ReopenReason.MISTAKE)


def _ask(context: Context, work: UnitOfWork, case: Case, ask: Ask) -> None:
    """Ask a person to look, where somebody works: in a closed case nobody is asked anything, so nothing twice."""
    if cases.is_open(case):
        ask_once(context, work, case, [ask])
