"""A step on one of a case's tracks: kept with its day, judged by what must have come before, and decided on again."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.journal import (
    BestInterestDecided,
    CompensationDiscussed,
    GuardianAppointed,
    GuardianEnded,
    HandOverOffered,
    ProsecutorAnswered,
    RecordMilestone,
)
from service.casework.context import Context
from service.casework.deadlines.end_clocks import meet_clock
from service.casework.journal.show_tracks import shown_tracks
from service.casework.journal.write_entry import Established, decide_anew, write_entry
from service.casework.tasks.end_tasks import finish_kinds
from service.casework.tasks.open_tasks import ask_once
from service.casework.views.journal import TracksView
from service.database.unit_of_work import UnitOfWork
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.journal.policy import require_day
from service.kernel.errors import DomainError, Kind
from service.kernel.versions import Seen, require_version
from service.routing.facts.answers import AnswersRefused, answers_from

_COMPENSATION: Final = "compensation"
_CHILD: Final = "child"
_DONE: Final[Mapping[EntryKind, str]] = {
    EntryKind.GUARDIAN_APPOINTED: "arrange_guardian",
    EntryKind.BEST_INTEREST_DECIDED: "best_interest_decision",
    EntryKind.RETURN_RISK_ASSESSED: "return_risk_assessment",
    EntryKind.HAND_OVER_OFFERED: "hand_over_plan",
}
"""The task that is done by what was established."""

_AGAIN: Final[Mapping[EntryKind, frozenset[str]]] = {
    EntryKind.GUARDIAN_ENDED: frozenset({"arrange_guardian"}),
    EntryKind.COMPENSATION_DISCUSSED: frozenset({"arrange_compensation", "arrange_wage_claim"}),
}
"""The tasks that it calls for again, also when somebody did one before."""

_MET: Final[Mapping[EntryKind, tuple[str, str]]] = {
    EntryKind.PROSECUTOR_ANSWERED: ("dublin_target", "DL-04.1"),
    EntryKind.PERMIT_GRANTED: ("permit_decision_target", "DL-05.1"),
}
"""The clock that waits for it."""

_SAID: Final[Mapping[EntryKind, dict[str, str]]] = {
    EntryKind.GUARDIAN_APPOINTED: {"guardian": "appointed"},
    EntryKind.GUARDIAN_ENDED: {"guardian": "none"},
    EntryKind.FOREIGN_REFERENCE_NOTED: {"from_foreign_mechanism": "yes"},
}
"""The fact that says so."""

_Known = Mapping[str, Any]


class TooEarly(DomainError):
    """What has to come before has not come yet."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "too-early"
    title: ClassVar[str] = "What has to come before this has not come"


class GuardianInPlace(DomainError):
    """A child has one guardian at a time."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "guardian-in-place"
    title: ClassVar[str] = "There is a guardian; record first that this one ended"


class GuardianGone(DomainError):
    """A guardian ends once."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "guardian-gone"
    title: ClassVar[str] = "This guardian ended before"


def record_milestone(context: Context, case_id: UUID, seen: Seen, command: RecordMilestone) -> TracksView:
    """Record what was established on a track; facts, tasks and clocks that hang on it follow in the same act.

    Args:
        context: who knows of it.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: what was established, and when.

    Raises:
        ScopeMissing: the caller may not change cases.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        EntryNotUnderstood: the day cannot be.
        EntryNotFound: the case has no such guardian.
        TooEarly: what has to come before has not come.
        GuardianInPlace: there is a guardian.
        GuardianGone: this guardian ended before.
        AnswersRefused: the facts that would result cannot be understood.
    """
    context.require(Scope.CASES_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.JOURNAL_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        require_version(case.version, seen)
        require_day(command.on, context.today())
        known = cases.known(work.session, work.vault, case)
        about = _require_order(work, case, known, command)
        changes = _changes(context, known, command)
        kind = command.what.kind
        said = {"on": command.on.isoformat(), **command.what.model_dump(mode="json", exclude={"kind", "guardian"})}
        write_entry(context, work, case, Event.MILESTONE_RECORDED, Established(kind, said, about))
        if kind in _DONE:
            finish_kinds(context, work, case, {_DONE[kind]})
        if kind in _MET:
            meet_clock(context, work, case, _MET[kind], command.on)
        decision = decide_anew(context, work, case, changes)
        again = _AGAIN.get(kind, frozenset())
        ask_once(context, work, case, [(one.kind, one.rule) for one in decision.tasks if one.kind in again])
        return shown_tracks(context, work, case)


def _require_order(work: UnitOfWork, case: Case, known: _Known, command: RecordMilestone) -> UUID | None:
    """Stop what came too early or twice; give the entry that this one ends, where it ends one."""
    match command.what:
        case GuardianAppointed():
            _require_child(work, case)
            if _guardians(work, case):
                raise GuardianInPlace
        case GuardianEnded(guardian=guardian):
            return _ended(work, case, guardian, command.on)
        case BestInterestDecided():
            _require_child(work, case)
        case ProsecutorAnswered():
            _require_report(known, command.on)
            _require_after(work, case, command)
        case HandOverOffered() if known.get("prosecutor_needs_presence") != "no":
            detail = "A hand-over is planned when the prosecutor has answered that the person is not needed here."
            raise TooEarly(detail)
    return None


def _require_child(work: UnitOfWork, case: Case) -> None:
    decided = decisions.content(work.vault, decisions.live_decision(work.session, case.id))
    if _CHILD not in decided["tracks"]:
        detail = "The person is not treated as a child."
        raise TooEarly(detail)


def _require_report(known: _Known, on: date) -> None:
    """Let the prosecutor answer only what was asked: a Dublin claimant has reported, and on an earlier day."""
    reported = [known[one] for one in ("reported_on", "record_signed_on", "cooperated_on") if one in known]
    if known.get("dublin_claimant") != "yes" or not reported:
        detail = "The prosecutor is asked when a Dublin claimant has reported."
        raise TooEarly(detail)
    require_day(on, on, date.fromisoformat(min(reported)))


def _require_after(work: UnitOfWork, case: Case, command: RecordMilestone) -> None:
    """Let an answer take the place of an earlier one only when it is not older."""
    earlier = journal.entries_of(work.session, case.id, command.what.kind)
    if earlier:
        require_day(command.on, command.on, date.fromisoformat(journal.said(work.vault, earlier[-1])["on"]))


def _guardians(work: UnitOfWork, case: Case) -> set[UUID]:
    """Give the guardians who have not ended."""
    kept = journal.entries_of(work.session, case.id, EntryKind.GUARDIAN_APPOINTED, EntryKind.GUARDIAN_ENDED)
    ended = {one.about for one in kept}
    return {one.id for one in kept if one.kind is EntryKind.GUARDIAN_APPOINTED and one.id not in ended}


def _ended(work: UnitOfWork, case: Case, guardian: UUID, on: date) -> UUID:
    entry = journal.entry_of(work.session, case.id, guardian, EntryKind.GUARDIAN_APPOINTED)
    if entry.id not in _guardians(work, case):
        raise GuardianGone
    require_day(on, on, date.fromisoformat(journal.said(work.vault, entry)["on"]))
    return entry.id


def _changes(context: Context, known: _Known, command: RecordMilestone) -> dict[str, Any]:
    """Give the facts that follow from what was established."""
    match command.what:
        case CompensationDiscussed(way=way, state=state):
            return {_COMPENSATION: _compensation(context, known, way, state)}
        case ProsecutorAnswered(needs_presence=needed):
            return {"prosecutor_needs_presence": "yes" if needed else "no"}
        case _:
            return _SAID.get(command.what.kind, {}) | _dated(command)


def _dated(command: RecordMilestone) -> dict[str, Any]:
    """Give the facts that are the day itself."""
    return {
        EntryKind.PERMIT_GRANTED: {"residence": "b8_permit", "permit_from": command.on.isoformat()},
        EntryKind.CRIMINAL_CASE_ENDED: {"case_ended_on": command.on.isoformat()},
    }.get(command.what.kind, {})


def _compensation(context: Context, known: _Known, way: str, state: str) -> dict[str, str]:
    """Give how far each way to compensation is; a mistake is named where it was written."""
    told = {_COMPENSATION: {way: state}}
    try:
        answers_from(told, context.rules().vocabulary)
    except AnswersRefused as refused:
        problems = tuple(replace(one, pointer="/what") for one in refused.problems)
        raise AnswersRefused(problems=problems) from None
    return {**known.get(_COMPENSATION, {}), way: state}
