"""Somebody says what becomes of a signal, or takes back what was said; nothing that was reported is lost by it.

A signal that waits opens a case, joins one, gets advice alone, or is dismissed with a reason. One that joined a case by
mistake leaves it and waits again; what it alone had told stays in the case until a person has corrected it, because
nobody but a person can tell what else is known. What it tells is sealed anew with the key of whom it belongs to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.cases.compare_cases import ask_to_compare
from service.casework.cases.recognise_person import remember_again, remember_person
from service.casework.commands.signals import Identity, TriageSignal
from service.casework.context import Context
from service.casework.signals.open_or_join import begin_case, join_case, open_case
from service.casework.signals.read_signals import signal_view
from service.casework.signals.tell_number import take_number_back, tell_number
from service.casework.tasks.await_triage import await_triage, end_triage
from service.casework.tasks.kinds import CORRECT
from service.casework.tasks.open_tasks import ask_once
from service.casework.views.signals import SignalView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.kernel.transitions import next_state
from service.kernel.versions import Seen, require_version
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.signals import store as signals
from service.signals.lifecycle import LIFECYCLE, OF_A_GROUP, SignalEvent, SignalKind
from service.signals.tables import Signal, SignalStep

_NEEDS: Final[Mapping[SignalEvent, frozenset[str]]] = {
    SignalEvent.LINK: frozenset({"case_id"}),
    SignalEvent.DISMISS: frozenset({"reason"}),
    SignalEvent.UNLINK: frozenset({"explanation"}),
    SignalEvent.REOPEN: frozenset({"explanation"}),
}
_MAY_ADD: Final[Mapping[SignalEvent, frozenset[str]]] = {SignalEvent.DISMISS: frozenset({"explanation"})}
_MEMBERS: Final = ("case_id", "reason", "explanation")
_ON_CASES: Final = frozenset({SignalEvent.OPEN_CASE, SignalEvent.LINK, SignalEvent.UNLINK})
_WAITS_AGAIN: Final = frozenset({SignalEvent.UNLINK, SignalEvent.REOPEN})


class TriageNotUnderstood(DomainError):
    """What an act of triage needs is missing, or there is something that it does not need."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "triage-not-understood"
    title: ClassVar[str] = "This act of triage needs something else"


class GroupIsNobody(DomainError):
    """A group becomes no case and joins none: its members do."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "group-is-nobody"
    title: ClassVar[str] = "A group is no case; record its members"


@dataclass(frozen=True)
class _Held:
    """A signal that nobody else may change now, with the case that the act is about."""

    context: Context
    work: UnitOfWork
    signal: Signal
    case: Case | None

    def the_case(self) -> Case:
        """Give the case.

        Raises:
            CaseNotFound: the act is about none.
        """
        if self.case is None:
            raise cases.CaseNotFound
        return self.case


def triage_signal(context: Context, signal_id: UUID, seen: Seen, command: TriageSignal) -> SignalView:
    """Do one act of triage and give the signal as it then stands.

    Args:
        context: who says so.
        signal_id: which signal.
        seen: the versions of the signal that the caller says to have seen.
        command: the act, with what it needs.

    Raises:
        ScopeMissing: the caller may not triage signals, or not change cases where the act does.
        TriageNotUnderstood: something is missing, or too much.
        SignalNotFound: there is none that this caller may see.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: the signal would leave a case on which nobody works any more.
        Unseen: the caller names no version.
        Stale: somebody changed the signal in between.
        IllegalTransition: that cannot happen to the signal now.
        GroupIsNobody: a group is no case; its members are.
    """
    context.require(Scope.SIGNALS_TRIAGE)
    if command.act in _ON_CASES:
        context.require(Scope.CASES_WRITE)
    asked = Touched("signal", str(signal_id))
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        _require_sense(command)
        org = context.org_seen()
        signal = signals.signal_seen_by(work.session, signal_id, org)
        tried.in_case(signals.owner(signal))
        case_id = command.case_id or (signal.case_id if command.act is SignalEvent.UNLINK else None)
        # The case first, as everybody does.
        case = None if case_id is None else cases.case_seen_by(work.session, case_id, org, lock=True)
        work.session.refresh(signal, with_for_update=True)
        require_version(signal.version, seen)
        if case is not None and command.act is SignalEvent.UNLINK:
            cases.require_open(case)
        next_state(LIFECYCLE, signal.state, command.act)
        if signal.kind is SignalKind.GROUP and command.act not in OF_A_GROUP:
            raise GroupIsNobody
        held = _Held(context, work, signal, case)
        _keep_step(held, command, _ACTS[command.act](held))
        if command.act in _WAITS_AGAIN:
            await_triage(context, work, signal)
        else:
            end_triage(context, work, signal)
        return signal_view(work, signal, signals.told(work.vault, signal))


def _require_sense(command: TriageSignal) -> None:
    if command.act not in _ACTS:
        problem = Problem("/act", "not-in-triage", "Members of a group are recorded, not triaged.")
        raise TriageNotUnderstood(problems=(problem,))
    needed = _NEEDS.get(command.act, frozenset())
    possible = needed | _MAY_ADD.get(command.act, frozenset())
    said = {name for name in _MEMBERS if getattr(command, name) is not None}
    problems = (
        *(Problem(f"/{name}", "missing", "This act needs it.") for name in sorted(needed - said)),
        *(Problem(f"/{name}", "not-needed", "This act has no use for it.") for name in sorted(said - possible)),
    )
    if problems:
        raise TriageNotUnderstood(problems=problems)


def _open_case(held: _Held) -> UUID:
    context, work, signal = held.context, held.work, held.signal
    rules, told = context.rules(), signals.told(work.vault, signal)
    answers = answers_from(told.get("facts", {}), rules.vocabulary)
    case = begin_case(context, work, answers)
    _move_into(held, case, SignalEvent.OPEN_CASE)
    open_case(context, work, case, answers, decide(rules, answers, context.today()))
    return case.id


def _link(held: _Held) -> UUID:
    case = held.the_case()
    told = signals.told(held.work.vault, held.signal)
    _move_into(held, case, SignalEvent.LINK)
    join_case(held.context, held.work, case, told.get("facts", {}))
    return case.id


def _unlink(held: _Held) -> UUID:
    context, work, signal, case = held.context, held.work, held.signal, held.the_case()
    before = signal.version
    signals.move_sealed(work.session, work.vault, signal, SignalEvent.UNLINK, None)
    touched = (Touched("signal", str(signal.id), before, signal.version, ("case_id",)),)
    context.record(work, Act(Event.SIGNAL_UNLINKED, Action.UPDATE, str(case.id), touched))
    # By whom it was recognised because of this signal, the person of the case is not recognised any more.
    rest = [signals.told(work.vault, one).get("identity") for one in signals.signals_of(work.session, case.id)]
    remember_again(work, case, [Identity.model_validate(one) for one in rest if one is not None])
    if signals.told(work.vault, signal).get("facts"):
        ask_once(context, work, case, [CORRECT])
    return case.id


def _move_into(held: _Held, case: Case, event: SignalEvent) -> None:
    context, work, signal = held.context, held.work, held.signal
    before, told = signal.version, signals.told(work.vault, signal)
    signals.move_sealed(work.session, work.vault, signal, event, case.id)
    identity = told.get("identity")
    if identity is not None:
        remember_person(work, case, Identity.model_validate(identity))
        ask_to_compare(context, work, case)
    touched = (Touched("signal", str(signal.id), before, signal.version, tuple(sorted(told))),)
    commitment = work.vault.commitment(case.id, {**told, "case": str(case.id)})
    context.record(work, Act(Event.SIGNAL_LINKED, Action.UPDATE, str(case.id), touched, commitment=commitment))


def _leave_alone(event: SignalEvent) -> Callable[[_Held], None]:
    def move(held: _Held) -> None:
        signals.move(held.work.session, held.signal, event)

    return move


def _dismiss(held: _Held) -> None:
    signals.move(held.work.session, held.signal, SignalEvent.DISMISS)
    if held.signal.kind is SignalKind.GROUP:
        take_number_back(held.context, held.work, held.signal)


def _reopen(held: _Held) -> None:
    signals.move(held.work.session, held.signal, SignalEvent.REOPEN)
    if held.signal.kind is SignalKind.GROUP:
        tell_number(held.context, held.work, held.signal)


_ACTS: Final[Mapping[SignalEvent, Callable[[_Held], UUID | None]]] = {
    SignalEvent.OPEN_CASE: _open_case,
    SignalEvent.LINK: _link,
    SignalEvent.UNLINK: _unlink,
    SignalEvent.ADVISE: _leave_alone(SignalEvent.ADVISE),
    SignalEvent.DISMISS: _dismiss,
    SignalEvent.REOPEN: _reopen,
}


def _keep_step(held: _Held, command: TriageSignal, case_id: UUID | None) -> None:
    """Keep what was done and why, in the trail of the signal itself, wherever its content belongs now."""
    context, work, signal = held.context, held.work, held.signal
    step = SignalStep(
        signal_id=signal.id,
        version=signal.version,
        event=command.act,
        case_id=case_id,
        reason=command.reason,
        done_by=context.caller.subject,
        done_at=context.clock.now(),
    )
    signals.keep_step(work.session, work.vault, step, command.explanation)
    touched = (
        Touched("signal", str(signal.id), signal.version - 1, signal.version),
        Touched("signal_step", str(signal.id), None, step.version),
    )
    event = Event.SIGNAL_REOPENED if command.act in _WAITS_AGAIN else Event.SIGNAL_TRIAGED
    commitment = work.vault.commitment(signal.id, signals.said_of_step(work.vault, step))
    context.record(work, Act(event, Action.UPDATE, str(signal.id), touched, commitment=commitment))
