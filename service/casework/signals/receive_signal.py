"""A signal comes in: it is kept, decided about, turned into referrals and queued for delivery, all or nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import CaseState
from service.cases.tables import Case, CaseFacts
from service.casework.cases.change_facts import keep_facts
from service.casework.cases.decide_case import settle
from service.casework.cases.recognise_person import remember_person
from service.casework.commands.signals import ReceiveSignal
from service.casework.context import Context
from service.casework.tasks.open_tasks import open_comparison
from service.casework.views.signals import Receipt
from service.database.sealing.data_key import Place
from service.database.sealing.keyring import KeysUnavailable
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import Answers, AnswersRefused, answers_from
from service.signals import store as signals
from service.signals.lifecycle import SignalState
from service.signals.tables import Signal

_FIRST = 1


@dataclass(frozen=True)
class _Said:
    """A signal as it was understood, before anything is kept; decided already when it opens a case."""

    command: ReceiveSignal
    answers: Answers
    decision: Decision | None


def receive_signal(context: Context, command: ReceiveSignal) -> Receipt:
    """Receive a signal and give the receipt; a repeated submission gives the receipt that it got before.

    Args:
        context: who submits.
        command: the facts by the names of the vocabulary, and the submission key; what else was told, if anything.

    Raises:
        ScopeMissing: the caller may not submit signals, or not to an existing case.
        AnswersRefused: the facts cannot be understood; nothing is kept.
        SubmissionKeyReused: the key was used for something else.
        CaseNotFound: the signal names a case that is not there for this caller.
    """
    context.require(Scope.SIGNALS_WRITE)
    if command.case_id is not None:
        context.require(Scope.CASES_WRITE)
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE):
        # Before the transaction: nobody else waits while the rules are read.
        said = _understood(context, command)
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE) as tried, context.work() as work:
        digest = work.vault.lookup.digest("signal", _content(said))
        known = signals.submitted_before(work.session, context.caller.org, command.submission_key, digest)
        if known is not None and known.case_id is not None:
            act = Act(Event.SIGNAL_REPEATED, Action.READ, str(known.case_id), (Touched("signal", str(known.id)),))
            context.record(work, act)
            return _receipt(known, known.case_id)
        if said.decision is not None:
            return _in_a_new_case(context, work, said, digest, said.decision)
        case = cases.case_seen_by(work.session, said.command.case_id or new_id(), context.org_seen(), lock=True)
        tried.in_case(case.id)
        return _in_a_known_case(context, work, said, digest, case)


def _understood(context: Context, command: ReceiveSignal) -> _Said:
    rules = context.rules()
    answers = answers_from(command.facts, rules.vocabulary)
    return _Said(command, answers, decide(rules, answers, context.today()) if command.case_id is None else None)


def _in_a_new_case(context: Context, work: UnitOfWork, said: _Said, digest: str, decision: Decision) -> Receipt:
    case = Case(id=new_id(), org=context.caller.org, opened_at=context.clock.now(), state=CaseState.OPEN)
    work.vault.begin(case.id)
    given = cases.sealed_facts(work.vault, case.id, _FIRST, said.answers.given)
    facts = CaseFacts(case_id=case.id, version=_FIRST, given=given, told_at=case.opened_at)
    cases.add(work.session, case, facts)
    signal = _keep_signal(context, work, said, digest, case, Event.SIGNAL_RECEIVED)
    stream = str(case.id)
    told = Touched("facts", stream, None, _FIRST, tuple(said.answers.given))
    opened = (Touched("case", stream, None, _FIRST), told)
    commitment = work.vault.commitment(case.id, said.answers.given)
    context.record(work, Act(Event.CASE_OPENED, Action.CREATE, stream, opened, commitment=commitment))
    settle(context, work, case, said.answers, decision)
    return _receipt(signal, case.id)


def _in_a_known_case(context: Context, work: UnitOfWork, said: _Said, digest: str, case: Case) -> Receipt:
    signal = _keep_signal(context, work, said, digest, case, Event.SIGNAL_LINKED)
    try:
        known = cases.told(work.vault, cases.facts(work.session, case.id, case.facts_version))
    except KeysUnavailable:
        # Nobody can read the case just now. What was told is kept sealed, and a person adds it to the case later.
        open_comparison(context, work, case)
        return _receipt(signal, case.id)
    joined, differs = _joined(known, said.answers.given)
    rules = context.rules()
    try:
        answers = answers_from(joined, rules.vocabulary)
        decision = decide(rules, answers, context.today())
    except (AnswersRefused, ImpossibleFacts):
        # Each report made sense when it came, and together they make none: a person compares, nothing is overwritten.
        open_comparison(context, work, case)
        return _receipt(signal, case.id)
    keep_facts(context, work, case, known, (answers, decision))
    if differs:
        open_comparison(context, work, case)
    return _receipt(signal, case.id)


def _keep_signal(context: Context, work: UnitOfWork, said: _Said, digest: str, case: Case, event: Event) -> Signal:
    signal_id, vault = new_id(), work.vault
    told = {name: value for name, value in _content(said).items() if value}
    sealed = {
        name: vault.seal(case.id, Place("signal", name, str(signal_id)), value)
        for name, value in told.items()
        if name != "case"
    }
    signal = signals.add(
        work.session,
        Signal(
            id=signal_id,
            org=context.caller.org,
            submission_key=said.command.submission_key,
            content_digest=digest,
            submitted_by=context.caller.subject,
            submitted_at=context.clock.now(),
            state=SignalState.RECEIVED,
            facts=sealed.get("facts"),
            narrative=sealed.get("narrative"),
            identity=sealed.get("identity"),
        ),
    )
    signals.triage(work.session, signal, case.id)
    remember_person(work, case, said.command.identity)
    touched = Touched("signal", str(signal.id), None, signal.version, tuple(sorted(sealed)))
    commitment = vault.commitment(case.id, told)
    context.record(work, Act(event, Action.CREATE, str(case.id), (touched,), commitment=commitment))
    return signal


def _content(said: _Said) -> dict[str, Any]:
    command = said.command
    return {
        "facts": dict(said.answers.given),
        "narrative": command.narrative,
        "identity": None if command.identity is None else command.identity.model_dump(mode="json"),
        "case": None if command.case_id is None else str(command.case_id),
    }


def _joined(known: Mapping[str, Any], told: Mapping[str, Any]) -> tuple[dict[str, Any], bool]:
    """Add what nobody had told yet, keep what somebody had, and say whether the two differ anywhere."""
    joined, differs = dict(known), False
    for name, value in told.items():
        former = joined.get(name)
        if isinstance(former, Mapping) and isinstance(value, Mapping):
            joined[name], inner = _joined(former, value)
            differs = differs or inner
        elif isinstance(former, list) and isinstance(value, list):
            joined[name] = [*former, *(member for member in value if member not in former)]
            differs = differs or set(former) != set(value)
        elif former is None:
            joined[name] = value
        else:
            differs = differs or former != value
    return joined, differs


def _receipt(signal: Signal, case_id: UUID) -> Receipt:
    return Receipt(
        signal_id=signal.id,
        case_id=case_id,
        submission_key=signal.submission_key,
        received_at=signal.submitted_at,
    )
