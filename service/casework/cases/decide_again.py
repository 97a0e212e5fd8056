"""A day has come on which the rules say something else of a case, although nobody told anything new."""

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case, CaseDecision
from service.casework.cases.decide_case import settle
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.routing.decide import decide
from service.routing.facts.answers import answers_from


def decide_again(context: Context, work: UnitOfWork, case: Case) -> CaseDecision:
    """Decide about a case by what is known of it, as of today.

    Args:
        context: who noticed the day.
        work: the unit of work; it holds the case's row.
        case: what is decided about.

    Raises:
        KeysUnavailable: the keys are away, so nobody can know the facts.
        AnswersRefused: the rules of today do not understand what was told under earlier ones.
        ImpossibleFacts: by the rules of today the facts contradict each other.
    """
    rules = context.rules()
    known = cases.known(work.session, work.vault, case)
    answers = answers_from(known, rules.vocabulary)
    decision = decide(rules, answers, context.today())
    cases.touch(work.session, case)
    touched = (Touched("case", str(case.id), case.version - 1, case.version),)
    context.record(work, Act(Event.CASE_DECIDED_AGAIN, Action.UPDATE, str(case.id), touched))
    return settle(context, work, case, answers, decision)
