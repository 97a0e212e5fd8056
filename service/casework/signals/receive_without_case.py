"""A signal comes in that opens no case: about nobody known, so that it waits for a person, or a request for advice.

Nobody is told anything. Whoever sent it gets to know whom the rules name, and it is kept under a key of its own.
"""

from collections.abc import Mapping
from typing import ClassVar, Final

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.casework.commands.signals import ReceiveSignal
from service.casework.context import Context
from service.casework.rules.keep_rules import keep_rules
from service.casework.signals.advise import advice_on
from service.casework.signals.keep_signal import Kept, Said, keep_signal, kept_before
from service.casework.tasks.await_triage import await_triage
from service.casework.views.signals import AdviceView, ReceiptWithoutCase
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.routing.rule_files.bundle import bundle_from
from service.signals import store as signals
from service.signals.lifecycle import About, SignalEvent, SignalKind
from service.signals.tables import Signal

_NOT_IN_ADVICE: Final[Mapping[str, str]] = {
    "identity": "Who it is stands in a report, never in a request for advice.",
    "narrative": "A request for advice holds coded facts alone.",
    "case_id": "A request for advice belongs to no case.",
}
_NOT_ABOUT_NOBODY: Final[Mapping[str, str]] = {
    "identity": "Who is known by name is somebody; report that as a signal about a person.",
    "case_id": "What belongs to a case is about its person.",
}


class SignalNamesSomebody(DomainError):
    """A request for advice, or a signal about nobody known, holds what could point at a person."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "signal-names-somebody"
    title: ClassVar[str] = "This kind of signal holds nothing that names a person"


def opens_no_case(command: ReceiveSignal) -> bool:
    """Tell whether a signal is one that opens no case when it comes."""
    return command.kind is SignalKind.ADVICE_REQUEST or command.about is About.NOBODY_KNOWN


def receive_without_case(context: Context, command: ReceiveSignal) -> ReceiptWithoutCase:
    """Keep a signal that opens no case, and say whom the rules name; a repetition gives the receipt that it got before.

    Args:
        context: who submits.
        command: the facts by the names of the vocabulary, and the submission key.

    Raises:
        ScopeMissing: the caller may not submit signals.
        SignalNamesSomebody: there is more in it than a signal of its kind may hold; nothing is kept.
        AnswersRefused: the facts cannot be understood; nothing is kept.
        SubmissionKeyReused: the key was used for something else.
        NobodyToAsk: the directory was never filled.
    """
    context.require(Scope.SIGNALS_WRITE)
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE):
        _require_nobody(command)
        rules = context.rules()
        answers = answers_from(command.facts, rules.vocabulary)
        decision = decide(rules, answers, context.today())
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE), context.work() as work:
        said = Said(command, answers, decision)
        known, digest = kept_before(context, work, said)
        if known is not None:
            return _receipt(work, known)
        keep_rules(context, work, bundle_from(rules))
        advice = advice_on(context, work, answers, decision)
        signal = keep_signal(context, work, said, Kept(digest, advice=advice))
        if command.kind is SignalKind.ADVICE_REQUEST:
            _answered(context, work, signal)
        else:
            await_triage(context, work, signal)
        return _receipt(work, signal)


def _require_nobody(command: ReceiveSignal) -> None:
    refused = _NOT_IN_ADVICE if command.kind is SignalKind.ADVICE_REQUEST else _NOT_ABOUT_NOBODY
    problems = tuple(
        Problem(f"/{name}", "personal-data", words)
        for name, words in refused.items()
        if getattr(command, name) is not None
    )
    if problems:
        raise SignalNamesSomebody(problems=problems)


def _answered(context: Context, work: UnitOfWork, signal: Signal) -> None:
    """Say that nobody needs to look at it: whoever asked has the answer."""
    before = signal.version
    signals.move(work.session, signal, SignalEvent.ADVISE)
    touched = (Touched("signal", str(signal.id), before, signal.version),)
    context.record(work, Act(Event.SIGNAL_TRIAGED, Action.UPDATE, str(signal.id), touched))


def _receipt(work: UnitOfWork, signal: Signal) -> ReceiptWithoutCase:
    return ReceiptWithoutCase(
        signal_id=signal.id,
        kind=signal.kind,
        submission_key=signal.submission_key,
        received_at=signal.submitted_at,
        advice=AdviceView.model_validate(signals.told(work.vault, signal)["advice"]),
    )
