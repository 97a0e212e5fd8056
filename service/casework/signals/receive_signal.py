"""A signal comes in: it is kept, decided about, turned into referrals and queued for delivery, all or nothing."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Action, Event
from service.cases import store as cases
from service.casework.commands.signals import ReceiveSignal
from service.casework.context import Context
from service.casework.signals.keep_signal import Kept, Said, keep_signal, kept_before
from service.casework.signals.open_or_join import begin_case, join_case, open_case
from service.casework.views.signals import Receipt
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.routing.decide import decide
from service.routing.facts.answers import answers_from
from service.signals import store as signals
from service.signals.lifecycle import SignalEvent
from service.signals.tables import Signal


def receive_signal(context: Context, command: ReceiveSignal) -> Receipt:
    """Receive a signal about a person and give the receipt; a repeated submission gives the receipt that it got before.

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
        said = understood(context, command)
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE) as tried, context.work() as work:
        known, digest = kept_before(context, work, said)
        if known is not None:
            return _receipt(known, _case_of(work, known))
        if said.decision is not None:
            case = begin_case(context, work, said.answers)
            signal = keep_signal(context, work, said, Kept(digest, case=case))
            open_case(context, work, case, said.answers, said.decision)
            return _receipt(signal, case.id)
        case = cases.case_seen_by(work.session, command.case_id or new_id(), context.org_seen(), lock=True)
        tried.in_case(case.id)
        signal = keep_signal(context, work, said, Kept(digest, Event.SIGNAL_LINKED, case, SignalEvent.LINK))
        join_case(context, work, case, said.answers.given)
        return _receipt(signal, case.id)


def understood(context: Context, command: ReceiveSignal) -> Said:
    """Read what a signal tells, and decide about it unless it joins a case.

    Args:
        context: who submits.
        command: what was said.

    Raises:
        AnswersRefused: the facts cannot be understood.
    """
    rules = context.rules()
    answers = answers_from(command.facts, rules.vocabulary)
    return Said(command, answers, decide(rules, answers, context.today()) if command.case_id is None else None)


def _case_of(work: UnitOfWork, signal: Signal) -> UUID:
    """Give the case that holds a signal, or the one that it has left: its receipt named that one."""
    left = [one.case_id for one in signals.steps_of(work.session, signal.id) if one.case_id is not None]
    return signal.case_id or left[-1]


def _receipt(signal: Signal, case_id: UUID) -> Receipt:
    return Receipt(
        signal_id=signal.id,
        case_id=case_id,
        submission_key=signal.submission_key,
        received_at=signal.submitted_at,
    )
