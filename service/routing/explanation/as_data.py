"""An explanation as JSON: everything for whoever works on the case, for the person only what the sentences say."""

from dataclasses import asdict
from datetime import date

from service.routing.explanation.explained import Audience, Explanation
from service.routing.explanation.said import saying
from service.routing.explanation.sentences import paragraphs
from service.routing.explanation.to_the_person import told_to_person
from service.routing.rule_set import RuleSet
from service.routing.text.spoken import Language


def as_data(rule_set: RuleSet, explanation: Explanation, language: Language) -> dict[str, object]:
    """Give an explanation as JSON, as far as its audience may read it.

    Args:
        rule_set: the rules that decided.
        explanation: what to give.
        language: the language of the words for the person; what others read holds names and codes.
    """
    if explanation.audience is Audience.PROFESSIONAL:
        return {**asdict(explanation), **_days(explanation), "audience": str(explanation.audience)}
    told = told_to_person(explanation, saying(rule_set, explanation, language))
    return {
        "audience": str(explanation.audience),
        "language": str(language),
        "on": told.on.isoformat(),
        "parts": [asdict(part) | _days(part) for part in told.parts],
        "no_difference": list(told.no_difference),
        "questions": list(told.questions),
        "text": [asdict(one) for one in paragraphs(rule_set, explanation, language)],
    }


def _days(of: object) -> dict[str, object]:
    """Give the days in something as they are written."""
    days = {name: getattr(of, name) for name in ("on", "starts", "ends") if hasattr(of, name)}
    return {name: day.isoformat() if isinstance(day, date) else day for name, day in days.items()}
