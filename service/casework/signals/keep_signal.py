"""A signal is kept as it was told: sealed, recognised when it comes again, and never changed by what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.cases.compare_cases import ask_to_compare
from service.casework.cases.recognise_person import remember_person
from service.casework.commands.signals import ReceiveSignal
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.routing.decision import Decision
from service.routing.facts.answers import Answers
from service.signals import store as signals
from service.signals.lifecycle import About, SignalEvent, SignalKind, Standing
from service.signals.tables import Signal

_TOLD: Final = (*signals.SEALED, "case")
"""What was told; of which kind it is only recognises a repetition."""


@dataclass(frozen=True)
class Said:
    """A signal as it was understood, before anything is kept; decided about unless it names the case that it joins.

    `announced` is the number and the day of a group.
    """

    command: ReceiveSignal
    answers: Answers
    decision: Decision | None
    announced: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Kept:
    """How a signal is kept: what recognises its repetition, and the case that holds it from the beginning.

    Attributes:
        digest: of the content.
        event: how the trail calls it.
        case: None when no case holds it yet.
        joins: how it comes to be in the case.
        advice: what the rules say about it, where no case says so.
        group_id: the group in which the person was found.
    """

    digest: str
    event: Event = Event.SIGNAL_RECEIVED
    case: Case | None = None
    joins: SignalEvent = SignalEvent.OPEN_CASE
    advice: dict[str, Any] | None = None
    group_id: UUID | None = None


def keep_signal(context: Context, work: UnitOfWork, said: Said, how: Kept) -> Signal:
    """Keep a new signal, sealed with the key of its case, or with one of its own while no case holds it.

    Args:
        context: who submits.
        work: the unit of work of the act; it holds the case's row.
        said: the signal as it was understood.
        how: how it is kept.
    """
    signal_id, vault, case = new_id(), work.vault, how.case
    owner = signal_id if case is None else case.id
    if case is None:
        vault.begin(owner)
    told = {name: value for name, value in {**content(said), "advice": how.advice}.items() if value and name in _TOLD}
    sealed = signals.sealed(vault, owner, signal_id, told)
    signal = signals.add(
        work.session,
        Signal(
            id=signal_id,
            org=context.caller.org,
            submission_key=said.command.submission_key,
            content_digest=how.digest,
            submitted_by=context.caller.subject,
            submitted_at=context.clock.now(),
            kind=said.command.kind,
            state=Standing.RECEIVED,
            facts=sealed.get("facts"),
            narrative=sealed.get("narrative"),
            identity=sealed.get("identity"),
            announced=sealed.get("announced"),
            advice=sealed.get("advice"),
            group_id=how.group_id,
        ),
    )
    if case is not None:
        signals.move(work.session, signal, how.joins, case.id)
        remember_person(work, case, said.command.identity)
        if said.command.identity is not None:
            ask_to_compare(context, work, case)
    touched = Touched("signal", str(signal.id), None, signal.version, tuple(sorted(sealed)))
    commitment = vault.commitment(owner, told)
    context.record(work, Act(how.event, Action.CREATE, str(owner), (touched,), commitment=commitment))
    return signal


def kept_before(context: Context, work: UnitOfWork, said: Said) -> tuple[Signal | None, str]:
    """Find the same signal from before; until this act ends nobody else can submit it.

    Args:
        context: who submits.
        work: the unit of work of the act.
        said: the signal as it was understood.

    Returns:
        The signal, when it came before, and what recognises it.

    Raises:
        SubmissionKeyReused: the key was used for something else.
    """
    digest = work.vault.lookup.digest("signal", content(said))
    known = signals.submitted_before(work.session, context.caller.org, said.command.submission_key, digest)
    if known is not None:
        touched = (Touched("signal", str(known.id)),)
        context.record(work, Act(Event.SIGNAL_REPEATED, Action.READ, str(signals.owner(known)), touched))
    return known, digest


def content(said: Said) -> dict[str, Any]:
    """Give all that was said, by which a repetition is recognised.

    Args:
        said: the signal as it was understood.
    """
    command = said.command
    told = {
        "facts": dict(said.answers.given),
        "narrative": command.narrative,
        "identity": None if command.identity is None else command.identity.model_dump(mode="json"),
        "case": None if command.case_id is None else str(command.case_id),
    }
    # Left out where it says nothing new, so that what was submitted before there were kinds is still recognised.
    announced = {} if said.announced is None else {"announced": dict(said.announced)}
    kind, about = command.kind is not SignalKind.REPORT, command.about is not About.PERSON
    return (
        told
        | announced
        | ({"kind": command.kind.value} if kind else {})
        | ({"about": command.about.value} if about else {})
    )
