"""A risk and needs assessment: repeated on its days, and nobody's open need is left without a next step."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.journal import RecordAssessment
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet
from service.casework.journal.write_entry import Established, decide_anew, write_entry
from service.casework.tasks.open_tasks import ask_once
from service.casework.views.journal import AssessmentsView, AssessmentView, OpenNeed
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.deadlines.lifecycle import DeadlineState
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.journal.policy import require_day
from service.journal.tables import JournalEntry
from service.kernel.versions import Seen, require_version
from service.referrals import store as referrals
from service.referrals.lifecycle import READABLE, ReferralState
from service.routing.facts.answers import AnswersRefused, answers_from
from service.tasks import store as tasks

NEEDS: Final = "needs"
"""The fact that holds the newest assessment."""

RULE: Final = "AS-02"
"""The rule that says what each open need proposes."""

_CLOCK: Final = "assessment"
_RISK: Final = "risk"
_OPEN: Final = "needed"
_NOT_ASSESSED: Final = "not_assessed"
_ASKED: Final = READABLE | {ReferralState.PROPOSED}


def record_assessment(context: Context, case_id: UUID, seen: Seen, command: RecordAssessment) -> AssessmentsView:
    """Record an assessment; the rules then propose what each open need asks for, and nothing is sent by itself.

    Args:
        context: who assessed.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: what was found.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        EntryNotUnderstood: the day is still to come, or lies before the last assessment.
        AnswersRefused: a need, its state or the risk is none that the vocabulary has.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.JOURNAL_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        require_version(case.version, seen)
        earlier = _recorded(work, case)
        require_day(command.on, context.today(), earlier[0].on if earlier else None)
        found = _understood(context, command)
        said = {**command.model_dump(mode="json"), NEEDS: found[NEEDS]}
        write_entry(context, work, case, Event.ASSESSMENT_RECORDED, Established(EntryKind.ASSESSMENT, said))
        decision = decide_anew(context, work, case, found)
        # A need that is found again is work again, also when somebody did it before.
        ask_once(context, work, case, [(one.kind, one.rule) for one in decision.tasks if one.rule == RULE])
        _meet_the_clock(context, work, case, command.on)
        return _shown(context, work, case)


def read_assessments(context: Context, case_id: UUID) -> AssessmentsView:
    """Give the assessments of a case, and what is open.

    Args:
        context: who looks.
        case_id: which case.

    Raises:
        ScopeMissing: the caller may not read cases.
        CaseNotFound: there is no such case for this caller.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        case = cases.case_seen_by(work.session, case_id, context.org_seen())
        context.record(work, Act(Event.JOURNAL_READ, Action.READ, str(case.id), (asked,)))
        return _shown(context, work, case)


def _understood(context: Context, command: RecordAssessment) -> dict[str, Any]:
    """Give the facts that an assessment tells, checked by themselves: a mistake is named where it was written."""
    told = {NEEDS: command.needs} if command.risk is None else {NEEDS: command.needs, _RISK: command.risk}
    try:
        answers_from(told, context.rules().vocabulary)
    except AnswersRefused as refused:
        found = tuple(replace(one, pointer=one.pointer.removeprefix("/facts")) for one in refused.problems)
        raise AnswersRefused(problems=found) from None
    return {**told, NEEDS: {need: state for need, state in command.needs.items() if state != _NOT_ASSESSED}}


def _meet_the_clock(context: Context, work: UnitOfWork, case: Case, on: date) -> None:
    """Meet every clock for an assessment that is due by that day, else the next one: being early is being in time."""
    known = deadlines.clocks(work.session, case.id).values()
    missed = [one for one in known if one.kind == _CLOCK and one.state is DeadlineState.MISSED]
    waiting = [one for one in known if one.kind == _CLOCK and deadlines.is_live(one)]
    due = [one for one in waiting if one.set_for <= on]
    next_one = sorted(waiting, key=lambda one: one.set_for)[:1]
    for one in (missed + due) or next_one:
        meet(context, work, case, one, on)


def _recorded(work: UnitOfWork, case: Case) -> list[AssessmentView]:
    """Give the assessments of a case, newest first."""
    kept = journal.entries_of(work.session, case.id, EntryKind.ASSESSMENT)
    return [_assessment(work, one) for one in reversed(kept)]


def _assessment(work: UnitOfWork, entry: JournalEntry) -> AssessmentView:
    said = journal.said(work.vault, entry)
    return AssessmentView(id=entry.id, recorded_by=entry.recorded_by, recorded_at=entry.recorded_at, **said)


def _shown(context: Context, work: UnitOfWork, case: Case) -> AssessmentsView:
    told = cases.known(work.session, work.vault, case)
    fact = context.rules().vocabulary.facts.get(NEEDS)
    # Rules of before there were assessments know no needs.
    needs = {need: told.get(NEEDS, {}).get(need, _NOT_ASSESSED) for need in (fact.keys if fact else ())}
    steps = _steps(context, work, case)
    return AssessmentsView(
        case_id=case.id,
        version=case.version,
        open_needs=tuple(steps(need) for need, state in needs.items() if state == _OPEN),
        not_assessed=tuple(need for need, state in needs.items() if state == _NOT_ASSESSED),
        assessments=tuple(_recorded(work, case)),
    )


def _steps(context: Context, work: UnitOfWork, case: Case) -> Callable[[str], OpenNeed]:
    """Give what lies ready for a need: what the rows that read it ask for, as far as it is on a desk or asked."""
    open_tasks = tasks.open_tasks_of(work.session, case.id)
    asked = [one for one in referrals.referrals_of(work.session, case.id) if one.state in _ASKED]
    tables = context.rules().tables

    def given(table: str, outcome: str, need: str) -> set[tuple[str, str]]:
        return {(row.then[outcome], row.rule) for row in tables[table].table.rows if f"{NEEDS}.{need}" in row.when}

    def steps(need: str) -> OpenNeed:
        kinds, recipients = given("tasks", "kind", need), given("notifications", "to", need)
        return OpenNeed(
            need=need,
            tasks=tuple(one.id for one in open_tasks if (one.kind, one.rule) in kinds),
            referrals=tuple(one.id for one in asked if (one.asked_as, one.rule) in recipients),
        )

    return steps
