"""A case is closed when everything in it has ended, so that nobody falls between; the file stays to be found."""

from collections.abc import Iterator
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.lifecycle import CASE_LIFECYCLE, SHOWN_IN_THE_CASE, CaseEvent, CloseReason
from service.cases.tables import Case
from service.casework.closed.take_case_step import step_receipt, take_case_step
from service.casework.commands.cases import CloseCase
from service.casework.context import Context, Tried
from service.casework.deadlines.end_clocks import cancel_clocks
from service.casework.referrals.contents import ASKS_FOR_AN_ANSWER
from service.casework.tasks.end_tasks import drop_kinds, finish_kinds
from service.casework.tasks.kinds import CONSIDER_CLOSING
from service.casework.tasks.needless_when_closed import needless_when_closed
from service.casework.views.cases import CaseStepReceipt
from service.consent import store as consents
from service.consent.lifecycle import RecallState
from service.consultations import store as consultations
from service.consultations.lifecycle import SHOWN
from service.database.unit_of_work import UnitOfWork
from service.deadlines import store as deadlines
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.transitions import next_state
from service.kernel.versions import Seen, require_version
from service.places import store as places
from service.places.lifecycle import OPEN
from service.recognition import store as recognition
from service.recognition.lifecycle import Likeness
from service.referrals import store as referrals
from service.referrals.lifecycle import READABLE, ReferralState
from service.referrals.tables import Referral
from service.tasks import store as tasks

_RUNNING: Final = "running"
_LEFT_ON: Final = "unknown_destination_on"
_YES: Final = "yes"
_NO: Final = "no"
_MAY_BE_AWAY: Final = frozenset({CloseReason.UNKNOWN_DESTINATION, CloseReason.SAME_PERSON})


class ClosingUnexplained(DomainError):
    """A case would be closed for a reason that nothing in it shows, and nobody explains it."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "closing-unexplained"
    title: ClassVar[str] = "Nothing in the case shows this reason; explain it"


class CaseNotFinished(DomainError):
    """Somebody would fall between: each thing that has not ended is listed."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "case-not-finished"
    title: ClassVar[str] = "The case cannot be closed yet; everything that hinders it is listed"


def close_case(context: Context, case_id: UUID, seen: Seen, command: CloseCase) -> CaseStepReceipt:
    """Close a case in which everything has ended; it stays to be found, read and reopened.

    Its clocks stop, and tasks that closing makes needless leave the desk: see `needless_when_closed`. What only counts
    people goes on until it is delivered.

    Args:
        context: who closes it.
        case_id: the case, which the caller's organisation must have opened.
        seen: the versions of the case that the caller says to have seen.
        command: why.

    Raises:
        ScopeMissing: the caller may not close cases.
        CaseNotFound: there is no such case for this caller.
        Unseen: the caller names no version.
        Stale: somebody changed the case in between.
        IllegalTransition: it is closed already.
        ClosingUnexplained: nothing in the case shows the reason, and nobody explains it.
        CaseNotFinished: something has not ended, or the case does not show the reason that it should.
    """
    context.require(Scope.CASES_CLOSE)
    asked, reason = Touched("case", str(case_id)), command.reason
    with context.refusals_kept(Event.CASE_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        case, same = _held(context, work, tried, case_id, reason)
        require_version(case.version, seen)
        next_state(CASE_LIFECYCLE, case.state, CaseEvent.CLOSE)
        if reason not in SHOWN_IN_THE_CASE and command.explanation is None:
            raise ClosingUnexplained(problems=(Problem("/explanation", "missing", ClosingUnexplained.title),))
        needless = needless_when_closed(reason)
        waits = (*_waited_for(work, case), *_known_to_others(work, case), *_to_be_done(work, case, needless))
        hindered = (*waits, *_not_shown(work, case, reason, same))
        if hindered:
            raise CaseNotFinished(problems=hindered)
        finish_kinds(context, work, case, {CONSIDER_CLOSING})
        drop_kinds(context, work, case, needless)
        running = [one for one in deadlines.deadlines_of(work.session, [case.id]) if deadlines.is_live(one)]
        cancel_clocks(context, work, case, running)
        step = take_case_step(context, work, case, CaseEvent.CLOSE, reason, command.explanation)
        return step_receipt(work, case, step)


def _held(
    context: Context, work: UnitOfWork, tried: Tried, case_id: UUID, reason: CloseReason
) -> tuple[Case, list[Case]]:
    """Hold a case, with the others of the same person where it is closed because one of them goes on."""
    same = _said_same(work, case_id) if reason is CloseReason.SAME_PERSON else set()
    # In one order for everybody, so that two who close a person's two cases do not wait for each other.
    held = [cases.case_seen_by(work.session, one, context.org_seen(), lock=True) for one in sorted({case_id, *same})]
    tried.in_case(case_id)
    # Looked at again: somebody may have taken it back before the cases were held.
    same &= _said_same(work, case_id)
    return next(one for one in held if one.id == case_id), [one for one in held if one.id in same]


def _said_same(work: UnitOfWork, case_id: UUID) -> set[UUID]:
    said = recognition.said_of(work.session, case_id)
    return {other for other, likeness in said.items() if likeness is Likeness.SAME}


def _waited_for(work: UnitOfWork, case: Case) -> Iterator[Problem]:
    """Give everything for which a person waits: partners and places."""
    for referral in referrals.referrals_of(work.session, case.id):
        if _is_asked(referral):
            yield Problem(f"/referrals/{referral.id}", "referral-open", "A partner was asked, or is to be asked.")
    for placement in places.placements_of(work.session, case.id):
        if placement.state in OPEN:
            yield Problem(f"/placements/{placement.id}", "placement-open", "The person has a place or waits for one.")


def _known_to_others(work: UnitOfWork, case: Case) -> Iterator[Problem]:
    """Give what others still read of the person, or have not said what they did with."""
    for meeting in consultations.consultations_of(work.session, case.id):
        if meeting.state in SHOWN:
            where = f"/consultations/{meeting.id}"
            yield Problem(where, "consultation-open", "A consultation is to be held, or held and not closed.")
    for recalled in consents.recalls(work.session, case.id):
        # Once its term is over a person asks, and that is a task.
        if consents.is_waiting(recalled) and recalled.state is not RecallState.UNANSWERED:
            where = f"/disclosures/{recalled.referral_id}"
            yield Problem(where, "recall-waiting", "A partner has not said what it did after consent ended.")


def _to_be_done(work: UnitOfWork, case: Case, needless: frozenset[str]) -> Iterator[Problem]:
    """Give what a person still has to do, and the time that the person still has."""
    decided = decisions.content(work.vault, decisions.live_decision(work.session, case.id))
    if decided["reflection_period"]["status"] == _RUNNING:
        yield Problem("/reflection-period", "period-running", "The reflection period runs.")
    for task in tasks.open_tasks_of(work.session, case.id):
        if task.kind not in needless:
            yield Problem(f"/tasks/{task.id}", "task-open", "Somebody still has to do this.")


def _is_asked(referral: Referral) -> bool:
    """Tell whether a partner works on a referral or has to say whether it does; nobody answers what is only counted."""
    return referral.state is ReferralState.PROPOSED or (
        referral.content in ASKS_FOR_AN_ANSWER and referral.state in READABLE
    )


def _not_shown(work: UnitOfWork, case: Case, reason: CloseReason, same: list[Case]) -> Iterator[Problem]:
    """Say what the case lacks of what the reason for closing it claims."""
    known = cases.known(work.session, work.vault, case)
    where = "/reason"
    if reason is CloseReason.UNKNOWN_DESTINATION and _LEFT_ON not in known:
        yield Problem(where, "departure-not-established", "The police have not established the departure.")
    if reason not in _MAY_BE_AWAY and known.get("absent_now") == _YES:
        yield Problem("/facts/absentNow", "person-away", "The person is away, and nobody has said where to.")
    if reason is CloseReason.RETURNED and not cases.returns(work.session, case.id):
        yield Problem(where, "return-not-recorded", "No return is recorded.")
    if reason is CloseReason.NO_INDICATION and known.get("indication") != _NO:
        yield Problem(where, "indication-stands", "The facts do not say that there is no indication.")
    if reason is CloseReason.SAME_PERSON and not any(cases.is_open(one) for one in same):
        yield Problem(where, "no-other-case", "No other open case is known to be about the same person.")
