"""A consultation was held, is closed or is cancelled; what was decided becomes work with an owner and a day."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.consultations import MoveConsultation
from service.casework.consultations.agreed import agree
from service.casework.consultations.plan_consultation import asked_by
from service.casework.consultations.show_consultation import consultation_view
from service.casework.context import Context
from service.casework.tasks.end_tasks import drop_kinds, finish_kinds
from service.casework.tasks.kinds import HOLD_CONSULTATION
from service.casework.views.consultations import ConsultationView
from service.consultations import store as consultations
from service.consultations.lifecycle import ConsultationEvent
from service.consultations.tables import Consultation, Participant
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.versions import Seen, require_version

ASKED_BY_RULES: Final = "case_consultation"
"""Kind of the task by which the rules ask for a consultation, after repeated absence for instance."""

_NEEDS: Final[Mapping[ConsultationEvent, frozenset[str]]] = {
    ConsultationEvent.HOLD: frozenset({"present", "decisions"}),
    ConsultationEvent.CLOSE: frozenset(),
    ConsultationEvent.CANCEL: frozenset({"reason"}),
}
_MEMBERS: Final = ("present", "decisions", "reason")
_TOLD: Final[Mapping[ConsultationEvent, Event]] = {
    ConsultationEvent.HOLD: Event.CONSULTATION_HELD,
    ConsultationEvent.CLOSE: Event.CONSULTATION_CLOSED,
    ConsultationEvent.CANCEL: Event.CONSULTATION_CANCELLED,
}


class MoveNotUnderstood(DomainError):
    """What is said of a consultation misses something, or holds too much."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "consultation-move-not-understood"
    title: ClassVar[str] = "What happened to the consultation cannot be understood"


class NotBegunYet(DomainError):
    """A consultation cannot have been held before its time."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "consultation-not-begun"
    title: ClassVar[str] = "The time of this consultation has not come"


def move_consultation(
    context: Context, named: tuple[UUID, UUID], seen: Seen, command: MoveConsultation
) -> ConsultationView:
    """Say what happened to a consultation, and give it as it then stands.

    Args:
        context: who says so.
        named: the case, which the caller's organisation must have opened, and the consultation.
        seen: the versions of the consultation that the caller says to have seen.
        command: what happened.

    Raises:
        ScopeMissing: the caller may not change consultations.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        ConsultationNotFound: the case has no such consultation.
        MoveNotUnderstood: something is missing or too much, or somebody is said to have come who was not invited.
        NotBegunYet: it is said to have been held before its time.
        Unseen: the caller names no version.
        Stale: somebody changed it in between.
        IllegalTransition: that cannot happen to it now.
    """
    context.require(Scope.CONSULTATIONS_WRITE)
    case_id, consultation_id = named
    asked = (Touched("case", str(case_id)), Touched("consultation", str(consultation_id)))
    with context.refusals_kept(Event.CONSULTATION_REFUSED, Action.UPDATE, *asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        found = consultations.consultation_of(work.session, case.id, consultation_id, lock=True)
        require_version(found.version, seen)
        problems = tuple(_problems(context, work, found, command))
        if problems:
            raise MoveNotUnderstood(problems=problems)
        before, said = found.version, _outcome(command)
        consultations.move(work.session, work.vault, found, command.event, said)
        if command.event is ConsultationEvent.HOLD and context.clock.now() < found.planned_for:
            raise NotBegunYet
        there = _there(work, found, command)
        # Who was there is as much a part of what was decided as the words.
        kept = {} if said is None else {"outcome": said, "present": sorted(str(one.id) for one in there)}
        touched = (
            Touched("consultation", str(found.id), before, found.version, tuple(kept)),
            *(Touched("participant", str(one.id)) for one in there),
        )
        commitment = work.vault.commitment(case.id, kept) if kept else None
        act = Act(_TOLD[command.event], Action.UPDATE, str(case.id), touched, commitment=commitment)
        context.record(work, act)
        for one in there:
            consultations.came(work.session, one)
        _follow(context, work, case, found, command)
        return consultation_view(work, found)


def _problems(context: Context, work: UnitOfWork, found: Consultation, command: MoveConsultation) -> Iterator[Problem]:
    said = {name for name in _MEMBERS if getattr(command, name) is not None}
    needed = _NEEDS[command.event]
    yield from (Problem(f"/{name}", "missing", "This is needed.") for name in sorted(needed - said))
    yield from (Problem(f"/{name}", "not-needed", "There is no use for it here.") for name in sorted(said - needed))
    if command.follow_ups and command.event is not ConsultationEvent.HOLD:
        yield Problem("/follow_ups", "not-needed", "There is no use for it here.")
    invited = {one.participant for one in consultations.participants_of(work.session, found.id)}
    for place, one in enumerate(command.present or ()):
        if one not in invited:
            yield Problem(f"/present/{place}", "not-invited", "Whoever was there must have been invited.")
    for place, follow_up in enumerate(command.follow_ups):
        if follow_up.due < context.today():
            yield Problem(f"/follow_ups/{place}/due", "over", "This day is over.")


def _there(work: UnitOfWork, found: Consultation, command: MoveConsultation) -> list[Participant]:
    invited = consultations.participants_of(work.session, found.id)
    return [one for one in invited if one.participant in (command.present or ())]


def _outcome(command: MoveConsultation) -> dict[str, Any] | None:
    if command.event is ConsultationEvent.HOLD:
        return command.model_dump(mode="json", include={"decisions", "follow_ups"})
    return {"reason": command.reason} if command.event is ConsultationEvent.CANCEL else None


def _follow(context: Context, work: UnitOfWork, case: Case, found: Consultation, command: MoveConsultation) -> None:
    if command.event is ConsultationEvent.CANCEL:
        drop_kinds(context, work, case, {HOLD_CONSULTATION}, asked_by(found))
    if command.event is not ConsultationEvent.HOLD:
        return
    finish_kinds(context, work, case, {HOLD_CONSULTATION}, asked_by(found))
    finish_kinds(context, work, case, {ASKED_BY_RULES})
    for place, one in enumerate(command.follow_ups, 1):
        agree(context, work, case, f"{asked_by(found)}/{place}", (one.owner, one.due))
