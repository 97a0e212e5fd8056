"""Somebody asks why: a decision is explained to those who work on the case, or in words for the person."""

from dataclasses import asdict
from typing import ClassVar
from uuid import UUID

from sqlmodel import Session

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision
from service.casework.context import Context
from service.casework.questions import ExplainDecision
from service.casework.rules.kept_rules import KeptRules
from service.casework.views.explanation import ExplanationView, ToldToPersonView
from service.database.sealing.vault import Vault
from service.kernel.errors import DomainError, Kind
from service.routing.explanation.as_data import as_data
from service.routing.explanation.explain import explain
from service.routing.explanation.explained import Audience
from service.routing.explanation.sentences import paragraphs
from service.routing.facts.answers import answers_from
from service.routing.rule_set import RuleSet


class RulesNotKept(DomainError):
    """Nobody kept the rules by which a decision was made, and no others can explain it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "rules-not-kept"
    title: ClassVar[str] = "The rules by which the decision was made were not kept"


def explain_decision(
    context: Context, decision_id: UUID, question: ExplainDecision
) -> ExplanationView | ToldToPersonView:
    """Explain a decision about a case of the caller's organisation, by the rules that it was made by.

    That somebody asked is kept before anything is told.

    Args:
        context: who asks.
        decision_id: which decision.
        question: for whom, and in which language.

    Raises:
        ScopeMissing: the caller may not read cases.
        DecisionNotFound: there is no such decision for this caller.
        RulesNotKept: the rules by which it was made are not there any more.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("decision", str(decision_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked) as tried:
        with context.look() as session:
            decision = decisions.decision_seen_by(session, decision_id, context.org_seen())
            tried.in_case(decision.case_id)
            rules = _rules_of(context, session, decision)
            facts = cases.facts(session, decision.case_id, decision.facts_version)
            told = cases.told(Vault(session, context.keys), facts)
        # Worked out while nobody waits for the database.
        explanation = explain(rules, answers_from(told, rules.vocabulary), decision.decided_on, question.audience)
        read = Touched("facts", str(decision.case_id), decision.facts_version, decision.facts_version)
        act = Act(Event.DECISION_EXPLAINED, Action.READ, str(decision.case_id), (asked, read), policy=rules.name)
        with context.work() as work:
            context.record(work, act)
    data = as_data(rules, explanation, question.language)
    if question.audience is Audience.PERSON:
        return ToldToPersonView.model_validate(data)
    said = [asdict(one) for one in paragraphs(rules, explanation, question.language)]
    return ExplanationView.model_validate(
        {**data, "state": decision.state, "language": question.language, "text": said}
    )


def _rules_of(context: Context, session: Session, decision: CaseDecision) -> RuleSet:
    rules = context.rules()
    found = rules if decision.rule_set == rules.name else KeptRules(rules).named(session, decision.rule_set)
    if found is None:
        raise RulesNotKept
    return found
