"""Somebody asks why: a decision is explained to those who work on the case, or in words for the person."""

from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.context import Context
from service.casework.questions import ExplainDecision
from service.casework.views.explanation import ExplanationView, ParagraphPart
from service.kernel.errors import DomainError, Kind
from service.routing.explanation.explain import explain
from service.routing.explanation.sentences import paragraphs
from service.routing.facts.answers import answers_from


class DecidedByOtherRules(DomainError):
    """A decision was made by rules that are no longer in force, so those in force cannot explain it."""

    kind: ClassVar[Kind] = Kind.CONFLICT
    code: ClassVar[str] = "decided-by-other-rules"
    title: ClassVar[str] = "The decision was made by rules that are no longer in force"


def explain_decision(context: Context, decision_id: UUID, question: ExplainDecision) -> ExplanationView:
    """Explain a decision about a case of the caller's organisation; that it was read is kept before it is given.

    Args:
        context: who asks.
        decision_id: which decision.
        question: for whom, and in which language.

    Raises:
        ScopeMissing: the caller may not read cases.
        DecisionNotFound: there is no such decision for this caller.
        DecidedByOtherRules: other rules made it than are in force.
    """
    context.require(Scope.CASES_READ)
    asked = Touched("decision", str(decision_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked) as tried, context.work() as work:
        decision = cases.decision_seen_by(work.session, decision_id, context.org_seen())
        tried.in_case(decision.case_id)
        rules = context.rules()
        if decision.rule_set != rules.name:
            raise DecidedByOtherRules
        told = cases.told(work.vault, cases.facts(work.session, decision.case_id, decision.facts_version))
        answers = answers_from(told, rules.vocabulary)
        explanation = explain(rules, answers, decision.decided_on, question.audience)
        read = Touched("facts", str(decision.case_id), decision.facts_version, decision.facts_version)
        act = Act(Event.DECISION_EXPLAINED, Action.READ, str(decision.case_id), (asked, read), policy=rules.name)
        context.record(work, act)
    said = paragraphs(rules, explanation, question.language)
    return ExplanationView.model_validate(
        {
            **explanation.as_json(),
            "language": question.language,
            "text": tuple(ParagraphPart(part=one.part, sentences=one.sentences) for one in said),
        }
    )
