"""What to ask next: the open questions of a decision in words, what decides most before the rest."""

from collections.abc import Iterable

from service.casework.views.cases import ToAsk
from service.casework.views.decision import QuestionPart
from service.routing.explanation.called import Called
from service.routing.explanation.next_question import LEGAL
from service.routing.rule_set import RuleSet
from service.routing.text.spoken import Language


def what_to_ask(rules: RuleSet, questions: Iterable[QuestionPart]) -> tuple[ToAsk, ...]:
    """Put the open questions of a decision in the order of asking.

    Args:
        rules: the rules in force, whose words are used; what they no longer know is not asked.
        questions: as the decision holds them.
    """
    order = {name: place for place, name in enumerate(rules.vocabulary.facts)}
    in_words = {language: Called(rules, language) for language in Language}

    def decisive(question: QuestionPart) -> tuple[int, int, int, str]:
        legal = sum(part in LEGAL for part in question.would_change)
        return -legal, -len(question.would_change), order[_about(question)], question.fact

    known = [one for one in questions if _about(one) in order]
    return tuple(
        ToAsk(
            fact=one.fact,
            question={language.value: words.question(one.fact) for language, words in in_words.items()},
            answers={code: dict(words) for code, words in rules.vocabulary.facts[_about(one)].values.items()},
        )
        for one in sorted(known, key=decisive)
    )


def _about(question: QuestionPart) -> str:
    return question.fact.partition(".")[0]
