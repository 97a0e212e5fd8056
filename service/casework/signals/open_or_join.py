"""A signal opens a case, or joins one: it adds what nobody had told, and where it differs a person compares."""

from collections.abc import Mapping
from typing import Any, Final

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.lifecycle import CaseState, ReopenReason
from service.cases.tables import Case, CaseFacts
from service.casework.cases.change_facts import keep_facts
from service.casework.cases.decide_case import settle
from service.casework.closed.reopen import reopen
from service.casework.context import Context
from service.casework.tasks.kinds import COMPARE, DOUBLE_WORK
from service.casework.tasks.open_tasks import ask_once
from service.consent.policy import CONSENT, Consent
from service.database.sealing.keyring import KeysUnavailable
from service.database.unit_of_work import UnitOfWork
from service.kernel.ids import new_id
from service.recognition import store as recognition
from service.recognition.lifecycle import Likeness
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.engine.compiled import ImpossibleFacts
from service.routing.facts.answers import Answers, AnswersRefused, answers_from

_FIRST: Final = 1


def begin_case(context: Context, work: UnitOfWork, answers: Answers) -> Case:
    """Make the rows of a new case and its key; what is said of it follows when its signal is kept.

    Args:
        context: who opens it.
        work: the unit of work of the act.
        answers: the facts as they were told.
    """
    case = Case(id=new_id(), org=context.caller.org, opened_at=context.clock.now(), state=CaseState.OPEN)
    work.vault.begin(case.id)
    given = cases.sealed_facts(work.vault, case.id, _FIRST, answers.given)
    cases.add(work.session, case, CaseFacts(case_id=case.id, version=_FIRST, given=given, told_at=case.opened_at))
    return case


def open_case(context: Context, work: UnitOfWork, case: Case, answers: Answers, decision: Decision) -> None:
    """Say that a case was opened, and have everything follow from the decision about it.

    Args:
        context: who opens it.
        work: the unit of work that made its rows and keeps its signal.
        case: the new case.
        answers: the facts as they were told.
        decision: what the rules say about them.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    stream = str(case.id)
    told = Touched("facts", stream, None, _FIRST, tuple(answers.given))
    opened = (Touched("case", stream, None, _FIRST), told)
    commitment = work.vault.commitment(case.id, answers.given)
    context.record(work, Act(Event.CASE_OPENED, Action.CREATE, stream, opened, commitment=commitment))
    settle(context, work, case, answers, decision)


def join_case(context: Context, work: UnitOfWork, case: Case, given: Mapping[str, Any]) -> None:
    """Add to a case what a signal tells and nobody had told yet; nothing is overwritten.

    A closed case is reopened by it: somebody was told of again, and whoever needs help is in an open case. Where
    another case of the same person goes on, somebody looks at what is now done twice.
    Consent is not added: it counts for a case once it is recorded with who said it, when and after what was explained.
    What a signal tells of it otherwise than the case knows, a person looks at.

    Args:
        context: whose signal joins.
        work: the unit of work that keeps the signal; it holds the case's row.
        case: which one.
        given: the facts as they were told.

    Raises:
        NobodyToAsk: the directory was never filled.
    """
    if not cases.is_open(case):
        reopen(context, work, case, ReopenReason.NEW_SIGNAL)
        said = recognition.said_of(work.session, case.id)
        same = [other for other, likeness in said.items() if likeness is Likeness.SAME]
        if any(map(cases.is_open, cases.cases_by_id(work.session, same))):
            ask_once(context, work, case, [DOUBLE_WORK])
    try:
        known = cases.known(work.session, work.vault, case)
    except KeysUnavailable:
        # Nobody can read the case just now. What was told is kept sealed, and a person adds it to the case later.
        ask_once(context, work, case, [COMPARE])
        return
    joined, differs = _joined(known, {name: said for name, said in given.items() if name != CONSENT})
    consents = known.get(CONSENT, {})
    differs |= any(said != consents.get(to, Consent.NOT_ASKED) for to, said in given.get(CONSENT, {}).items())
    rules = context.rules()
    try:
        answers = answers_from(joined, rules.vocabulary)
        decision = decide(rules, answers, context.today())
    except (AnswersRefused, ImpossibleFacts):
        # Each report made sense when it came, and together they make none: a person compares, nothing is overwritten.
        ask_once(context, work, case, [COMPARE])
        return
    keep_facts(context, work, case, known, (answers, decision))
    if differs:
        ask_once(context, work, case, [COMPARE])


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
