"""A signal comes in: it is kept, decided about, turned into referrals and queued for delivery, all or nothing."""

from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import CaseState, DecisionState
from service.cases.tables import Case, CaseDecision, CaseFacts
from service.casework.commands import ReceiveSignal
from service.casework.context import Context
from service.casework.open_referrals import open_referrals
from service.casework.views import Receipt
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.routing.answers import Answers, answers_from
from service.routing.decide import decide
from service.routing.decision import Decision
from service.signals import store as signals
from service.signals.lifecycle import SignalState
from service.signals.tables import Signal

_FIRST = 1


def receive_signal(context: Context, command: ReceiveSignal) -> Receipt:
    """Receive a signal and give the receipt; a repeated submission gives the receipt that it got before.

    Args:
        context: who submits.
        command: the facts by the names of the vocabulary, and the submission key.

    Raises:
        ScopeMissing: the caller may not submit signals.
        AnswersRefused: the facts cannot be understood; nothing is kept.
        SubmissionKeyReused: the key was used for other facts.
    """
    context.require(Scope.SIGNALS_WRITE)
    rules = context.rules()
    answers = answers_from(command.facts, rules.vocabulary)
    # Decided before the transaction: nobody else waits while the rules are read.
    decision = decide(rules, answers, context.today())
    with context.refusals_kept(Event.SIGNAL_REFUSED, Action.CREATE), context.work() as work:
        org = context.caller.org
        known = signals.submitted_before(work.session, org, command.submission_key, answers.digest())
        if known is not None and known.case_id is not None:
            act = Act(Event.SIGNAL_REPEATED, Action.READ, str(known.case_id), (Touched("signal", str(known.id)),))
            context.record(work, act)
            return _receipt(known, known.case_id)
        signal = _keep_signal(context, work, command.submission_key, answers)
        case = _open_case(context, work, signal, answers)
        made = _keep_decision(context, work, case, answers, decision)
        open_referrals(context, work, made, decision)
        return _receipt(signal, case.id)


def _keep_signal(context: Context, work: UnitOfWork, key: str, answers: Answers) -> Signal:
    return signals.add(
        work.session,
        Signal(
            id=new_id(),
            org=context.caller.org,
            submission_key=key,
            content_digest=answers.digest(),
            submitted_by=context.caller.subject,
            submitted_at=context.clock.now(),
            state=SignalState.RECEIVED,
        ),
    )


def _open_case(context: Context, work: UnitOfWork, signal: Signal, answers: Answers) -> Case:
    now = context.clock.now()
    case = Case(id=new_id(), org=context.caller.org, opened_at=now, state=CaseState.OPEN)
    facts = CaseFacts(case_id=case.id, version=_FIRST, given=dict(answers.given), told_at=now)
    cases.add(work.session, case, facts)
    signals.triage(work.session, signal, case.id)
    stream = str(case.id)
    context.record(
        work, Act(Event.SIGNAL_RECEIVED, Action.CREATE, stream, (Touched("signal", str(signal.id), None, _FIRST),))
    )
    told = Touched("facts", stream, None, _FIRST, tuple(answers.given))
    context.record(work, Act(Event.CASE_OPENED, Action.CREATE, stream, (Touched("case", stream, None, _FIRST), told)))
    return case


def _keep_decision(
    context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision
) -> CaseDecision:
    made = CaseDecision(
        id=new_id(),
        case_id=case.id,
        facts_version=_FIRST,
        facts_digest=answers.digest(),
        rule_set=decision.rule_set,
        decided_on=decision.on,
        content=decision.as_json(),
        made_at=context.clock.now(),
        state=DecisionState.PROPOSED,
    )
    cases.add(work.session, made)
    touched = (Touched("decision", str(made.id), None, _FIRST), Touched("facts", str(case.id), _FIRST, _FIRST))
    act = Act(Event.DECISION_MADE, Action.CREATE, str(case.id), touched, policy=decision.rule_set)
    context.record(work, act)
    return made


def _receipt(signal: Signal, case_id: UUID) -> Receipt:
    return Receipt(
        signal_id=signal.id,
        case_id=case_id,
        submission_key=signal.submission_key,
        received_at=signal.submitted_at,
    )
