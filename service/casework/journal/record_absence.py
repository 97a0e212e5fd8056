"""Somebody is away and comes back: each time counts, also a short one, and the facts follow by themselves."""

from datetime import date
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.journal import EndAbsence, RecordAbsence
from service.casework.context import Context
from service.casework.journal.show_tracks import shown_tracks
from service.casework.journal.write_entry import Established, decide_anew, write_entry
from service.casework.tasks.kinds import REVIEW_SHELTER
from service.casework.tasks.open_tasks import ask_once
from service.casework.upkeep.true_clock import day_reached
from service.casework.views.journal import TracksView
from service.database.unit_of_work import UnitOfWork
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.journal.policy import counted, require_day
from service.journal.tables import JournalEntry
from service.kernel.errors import DomainError, Kind
from service.kernel.versions import Seen, require_version

WINDOW: Final = "missing.window"
"""The parameter that says over which time absences are counted."""

_TOLD_BEFORE: Final = "told_before"
_OFTEN: Final = "MS-02"
_RETURNED: Final = "MS-05"
_COUNT: Final = "absences_last_30_days"
_AWAY: Final = "absent_now"
_MOST: Final = 31


class AwayAlready(DomainError):
    """Nobody can go away who has not come back."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "away-already"
    title: ClassVar[str] = "An absence is recorded from which the person has not come back"


class BackAlready(DomainError):
    """Nobody comes back twice from one absence."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "back-already"
    title: ClassVar[str] = "The person has come back from this absence"


def record_absence(context: Context, case_id: UUID, seen: Seen, command: RecordAbsence) -> TracksView:
    """Record that the person is away; who must be told and what must be done follows from the rules.

    Args:
        context: who knows of it.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: since when, how, and the agreed risk level if it was agreed.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        EntryNotUnderstood: the day is still to come, or lies before the last coming back.
        AwayAlready: the person has not come back from the last absence.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.JOURNAL_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        require_version(case.version, seen)
        away, back = _absences(work, case)
        if len(away) > len(back):
            raise AwayAlready
        last = max((_day(work, one) for one in back), default=None)
        reached = day_reached(context, work.session)
        require_day(command.on, reached if last is None else max(reached, last), last)
        said = command.model_dump(mode="json", exclude_none=True)
        if not away:
            said[_TOLD_BEFORE] = _told_before(work, case)
        write_entry(context, work, case, Event.ABSENCE_RECORDED, Established(EntryKind.ABSENCE, said))
        risk = {} if command.risk is None else {"risk": command.risk.value}
        decision = decide_anew(context, work, case, {_AWAY: "yes", _COUNT: _count(context, work, case), **risk})
        # Each time away is a new reason to sit together, also when that was done before.
        ask_once(context, work, case, [(one.kind, one.rule) for one in decision.tasks if one.rule == _OFTEN])
        return shown_tracks(context, work, case)


def end_absence(context: Context, case_id: UUID, absence_id: UUID, seen: Seen, command: EndAbsence) -> TracksView:
    """Record that the person is back: contact begins anew in the same case, and somebody looks at the shelter again.

    Args:
        context: who knows of it.
        case_id: the case, which the caller's organisation must have opened.
        absence_id: an absence of that case.
        seen: the versions of the case that the caller says to have seen.
        command: since when.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        EntryNotFound: the case has no such absence.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        EntryNotUnderstood: the day is still to come, or lies before the absence.
        BackAlready: the person came back from it before.
    """
    context.require(Scope.CASES_WRITE)
    asked = (Touched("case", str(case_id)), Touched("journal", str(absence_id)))
    with context.refusals_kept(Event.JOURNAL_REFUSED, Action.CREATE, *asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        absence = journal.entry_of(work.session, case.id, absence_id, EntryKind.ABSENCE)
        require_version(case.version, seen)
        _, back = _absences(work, case)
        if absence.id in {one.about for one in back}:
            raise BackAlready
        since = _day(work, absence)
        require_day(command.on, max(day_reached(context, work.session), since), since)
        ended = Established(EntryKind.ABSENCE_ENDED, command.model_dump(mode="json"), absence.id)
        write_entry(context, work, case, Event.ABSENCE_ENDED, ended)
        decide_anew(context, work, case, {_AWAY: "no", _COUNT: _count(context, work, case)})
        ask_once(context, work, case, [(REVIEW_SHELTER, _RETURNED)])
        return shown_tracks(context, work, case)


def _absences(work: UnitOfWork, case: Case) -> tuple[list[JournalEntry], list[JournalEntry]]:
    kept = journal.entries_of(work.session, case.id, EntryKind.ABSENCE, EntryKind.ABSENCE_ENDED)
    away = [one for one in kept if one.kind is EntryKind.ABSENCE]
    return away, [one for one in kept if one.kind is EntryKind.ABSENCE_ENDED]


def _day(work: UnitOfWork, entry: JournalEntry) -> date:
    return date.fromisoformat(journal.said(work.vault, entry)["on"])


def _told_before(work: UnitOfWork, case: Case) -> int:
    """Give how many absences were told before the first was recorded here; one that lasts is the one recorded now."""
    known = cases.known(work.session, work.vault, case)
    count = known.get(_COUNT)
    lasting = known.get(_AWAY) == "yes"
    return max(count - lasting, 0) if isinstance(count, int) else 0


def _count(context: Context, work: UnitOfWork, case: Case) -> int:
    """Count the absences of the time that the rules look at."""
    parameters = context.rules().parameters
    # Rules of before absences were counted name no time: all that were recorded count.
    window = parameters.term(WINDOW, context.today()) if WINDOW in parameters.by_name else None
    away, _ = _absences(work, case)
    said = [journal.said(work.vault, one) for one in away]
    times = [(date.fromisoformat(one["on"]), 1 + one.get(_TOLD_BEFORE, 0)) for one in said]
    # Whatever was recorded has happened, also where this machine's clock says that its day is still to come.
    today = max([day_reached(context, work.session), *(day for day, _ in times)])
    found = sum(one for _, one in times) if window is None else counted(times, window, today)
    return min(found, _MOST)
