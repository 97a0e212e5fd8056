"""Somebody asks what the rules would say; nothing of what they told is kept, only that they asked."""

from service.access.roles import Scope
from service.audit.event import SYSTEM_STREAM, Act, Action, Event
from service.casework.commands.cases import PreviewDecision
from service.casework.context import Context
from service.casework.views.decision import NextQuestion, PreviewView
from service.routing.explanation.next_question import intake
from service.routing.facts.answers import answers_from


def preview_decision(context: Context, command: PreviewDecision) -> PreviewView:
    """Decide about facts without keeping them, and say what to ask next.

    Args:
        context: who asks.
        command: the facts by the names of the vocabulary, and the day.

    Raises:
        ScopeMissing: the caller may not try the rules.
        AnswersRefused: the facts cannot be understood.
    """
    context.require(Scope.DECISIONS_PREVIEW)
    rules = context.rules()
    with context.refusals_kept(Event.DECISION_REFUSED, Action.READ):
        answers = answers_from(command.facts, rules.vocabulary)
        now = intake(rules, answers, command.on or context.today())
    with context.work() as work:
        act = Act(Event.DECISION_PREVIEWED, Action.READ, SYSTEM_STREAM, policy=rules.name)
        context.record(work, act)
    asked = now.question and NextQuestion(
        fact=now.question.fact,
        question=dict(rules.vocabulary.facts[now.question.fact.partition(".")[0]].question),
        would_change=now.question.would_change,
    )
    return PreviewView.model_validate({**now.decision.as_json(), "settled": now.settled, "next_question": asked})
