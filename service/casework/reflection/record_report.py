"""Whoever is in the reflection period reports to the police unit each month; that it was done is recorded."""

from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.reflection import RecordReport
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet_clock
from service.casework.reflection.judge_steps import history_of
from service.casework.reflection.show_period import MONTHLY_REPORT, period_view
from service.casework.views.reflection import PeriodView
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.kernel.errors import DomainError, Kind, Problem
from service.reflection.lifecycle import Step
from service.reflection.policy import StepNotUnderstood


class ReportNotDue(DomainError):
    """No monthly report is due on that day, or it was recorded with another day, or is needed no longer."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "report-not-due"
    title: ClassVar[str] = "No monthly report of that day waits to be recorded"


def record_report(context: Context, case_id: UUID, command: RecordReport) -> PeriodView:
    """Record that a monthly report was made, in time or late; a repeated record changes nothing.

    Args:
        context: who knows of it.
        case_id: the case, which the caller's organisation must have opened.
        command: which report it is, and when it was made.

    Raises:
        ScopeMissing: the caller may not record reports.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        StepNotUnderstood: the day is still to come, or lies before the period.
        ReportNotDue: no such report waits.
    """
    context.require(Scope.PERIODS_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.PERIOD_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        _require_sense(context, work, case, command)
        known = deadlines.clocks(work.session, case.id)
        report = next((one for one in known.values() if (one.kind, one.due) == (MONTHLY_REPORT, command.due)), None)
        if report is None:
            raise ReportNotDue
        if deadlines.day_met(work.vault, report) == command.reported_on:
            context.record(work, Act(Event.PERIOD_REPEATED, Action.READ, str(case.id), (asked,)))
        elif not meet_clock(context, work, case, (report.kind, report.key), command.reported_on):
            raise ReportNotDue
        return period_view(context, work, case)


def _require_sense(context: Context, work: UnitOfWork, case: Case, command: RecordReport) -> None:
    known = cases.known(work.session, work.vault, case)
    starts = history_of(known).get(Step.ACCEPTED)
    if command.reported_on > context.today():
        detail = "A report is recorded when it was made."
        raise StepNotUnderstood(detail, problems=(Problem("/reportedOn", "still-to-come", detail),))
    if starts is None or command.reported_on < starts:
        detail = "A report within the period cannot lie before it."
        raise StepNotUnderstood(detail, problems=(Problem("/reportedOn", "before-the-start", detail),))
