"""The person has returned to another country: follow-up contact is planned, and what has become needless is dropped."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import Case, CaseReturn
from service.casework.cases.read_cases import return_view, task_view
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.cases import RecordReturn
from service.casework.context import Context
from service.casework.deadlines.set_clocks import stop_kinds
from service.casework.tasks.after_return import CLOCKS_OF_A_STAY, NEEDLESS, SERIES
from service.casework.tasks.end_tasks import drop_kinds
from service.casework.tasks.kinds import FOLLOW_UP
from service.casework.tasks.open_tasks import plan_series
from service.casework.views.cases import ReturnReceipt
from service.database.unit_of_work import UnitOfWork
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.kernel.clock import local_day
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.versions import Seen, require_version
from service.routing.facts.terms import Term
from service.routing.rule_set import RuleSet
from service.tasks import store as tasks

_CHILD: Final = "child"


class ReturnNotUnderstood(DomainError):
    """The day of the return cannot be, or needs an explanation."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "return-not-understood"
    title: ClassVar[str] = "The return cannot be recorded as it was told"


class ReturnRecordedBefore(DomainError):
    """A return stands recorded, and nobody says what is wrong with it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "return-recorded-before"
    title: ClassVar[str] = "A return is recorded in this case; to correct it, explain what is corrected"


class ReturnNotInItsInterest(DomainError):
    """A child does not return before somebody has decided that it is in its interest, or against that decision."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "return-not-in-its-interest"
    title: ClassVar[str] = "A child returns when its risk was assessed and it was decided that it is in its interest"


def record_return(context: Context, case_id: UUID, seen: Seen, command: RecordReturn) -> ReturnReceipt:
    """Record that the person has returned, or with an explanation correct what was recorded.

    The decision stays as it is: a return is something that happened in the case, and no fact that rules read. Contact
    that is wanted afterwards becomes tasks, due at the terms of the day of the return; a correction moves those that
    are still open. Tasks and clocks about a stay or a place here are dropped until a new report joins the case.

    Args:
        context: who knows of the return.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: the day, and whether contact is wanted afterwards.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        ReturnNotUnderstood: the day is still to come, or lies before the case and nobody explains why.
        ReturnRecordedBefore: a return is recorded, and nobody explains what is corrected.
        ReturnNotInItsInterest: a child returns before or against the decision on its interest.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.RETURN_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        require_version(case.version, seen)
        _require_sense(context, case, command)
        _require_best_interest(work, case, command.returned_on)
        kept = _keep(context, work, case, command)
        drop_kinds(context, work, case, NEEDLESS)
        stop_kinds(context, work, case, CLOCKS_OF_A_STAY)
        wanted = command.follow_up_wanted
        plan_series(context, work, case, FOLLOW_UP, _due_days(context.rules(), command.returned_on) if wanted else {})
        to_come = [one for one in tasks.open_tasks_of(work.session, case.id) if one.kind == FOLLOW_UP]
        return ReturnReceipt(
            case_id=case.id,
            version=case.version,
            recorded=return_view(work, kept),
            follow_up=tuple(task_view(one) for one in sorted(to_come, key=lambda one: one.due or date.max)),
        )


def _require_sense(context: Context, case: Case, command: RecordReturn) -> None:
    where = "/returned_on"
    if command.returned_on > context.today():
        problem = Problem(where, "still-to-come", "A return is recorded when it has happened, today at the latest.")
        raise ReturnNotUnderstood(problems=(problem,))
    if command.returned_on < local_day(case.opened_at) and command.explanation is None:
        problem = Problem(where, "before-the-case", "The day lies before the case was opened; explain why.")
        raise ReturnNotUnderstood(problems=(problem,))


def _require_best_interest(work: UnitOfWork, case: Case, returned_on: date) -> None:
    """Let a child return only when by then its risk was assessed and the last decision on its interest was for it."""
    decided = decisions.content(work.vault, decisions.live_decision(work.session, case.id))
    if _CHILD not in decided["tracks"]:
        return
    kinds = (EntryKind.BEST_INTEREST_DECIDED, EntryKind.RETURN_RISK_ASSESSED)
    entries = [(one.kind, journal.said(work.vault, one)) for one in journal.entries_of(work.session, case.id, *kinds)]
    by_then = [(kind, said) for kind, said in entries if date.fromisoformat(said["on"]) <= returned_on]
    judged = [said["in_favour_of_return"] for kind, said in by_then if kind is EntryKind.BEST_INTEREST_DECIDED]
    assessed = any(kind is EntryKind.RETURN_RISK_ASSESSED for kind, _ in by_then)
    if not assessed or not judged or not judged[-1]:
        raise ReturnNotInItsInterest


def _keep(context: Context, work: UnitOfWork, case: Case, command: RecordReturn) -> CaseReturn:
    """Keep the return as a new version, with one entry that names the fields and not what they hold."""
    earlier = cases.returns(work.session, case.id)
    if earlier and command.explanation is None:
        raise ReturnRecordedBefore
    before = earlier[-1].version if earlier else None
    said, version = command.model_dump(mode="json"), len(earlier) + 1
    kept = CaseReturn(
        case_id=case.id,
        version=version,
        said=cases.sealed_return(work.vault, case.id, version, said),
        recorded_by=context.caller.subject,
        recorded_at=context.clock.now(),
    )
    cases.add(work.session, kept)
    cases.touch(work.session, case)
    touched = (
        Touched("case", str(case.id), case.version - 1, case.version),
        Touched("return", str(case.id), before, version, tuple(sorted(command.model_fields_set))),
    )
    event, action = (Event.RETURN_CORRECTED, Action.UPDATE) if earlier else (Event.RETURN_RECORDED, Action.CREATE)
    commitment = work.vault.commitment(case.id, said)
    context.record(work, Act(event, action, str(case.id), touched, commitment=commitment))
    return kept


def _due_days(rules: RuleSet, returned_on: date) -> dict[str, date]:
    """Give the day of each contact by the name of its parameter, by the terms that held on the day of the return."""
    found: dict[str, date] = {}
    for name, parameter in rules.parameters.by_name.items():
        value = next((one.value for one in parameter.values if one.holds_on(returned_on)), None)
        if name.startswith(SERIES) and isinstance(value, Term):
            found[name] = value.after(returned_on)
    return found
