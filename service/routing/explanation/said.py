"""What both audiences are told alike: the parts, the words of outcomes and days, which row only hands on another."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from service.routing.explanation.called import Called
from service.routing.explanation.explained import Audience, Explanation, FiredRow
from service.routing.rule_set import RuleSet
from service.routing.text.spoken import Language, written_length

PARTS: Final[Mapping[str, tuple[str, ...]]] = {
    "reflection_period": ("reflection_period", "reflection_availability"),
    "shelter": ("shelter", "interim_shelter"),
}
"""The parts that have legal effect for the person, and the tables that say what they are."""


@dataclass(frozen=True, slots=True)
class Saying:
    """The words for one explanation, in one language."""

    called: Called
    audience: Audience
    language: Language
    length: str | None

    def say(self, name: str, **filled: str) -> str:
        """Fill in a sentence of the rules for this audience."""
        return self.called.sentence(self.audience, name, **filled)

    def day(self, day: date) -> str:
        """Write a day as this audience reads it best."""
        return self.called.day_in_full(day) if self.audience is Audience.PERSON else self.called.day(day)

    def outcome(self, table: str, outcome: Mapping[str, str]) -> str:
        """Say what a row says, as far as there are words for this audience."""
        length = written_length(self.length, self.language) if self.length else ""
        words = [
            self.called.outcome(self.audience, f"{table}.{name}", value, length=length)
            for name, value in outcome.items()
        ]
        return (" " if self.audience is Audience.PERSON else ", ").join(word for word in words if word)


def saying(rule_set: RuleSet, explanation: Explanation, language: Language) -> Saying:
    """Find the words for an explanation.

    Args:
        rule_set: the rules that decided; all words come from it.
        explanation: what is to be said, and to whom.
        language: the language to say it in.
    """
    return Saying(Called(rule_set, language), explanation.audience, language, explanation.length)


def made_no_difference(explanation: Explanation) -> list[str]:
    """Give the facts that made no difference to any part that has legal effect."""
    return [one.fact for one in explanation.no_difference if set(PARTS) <= set(one.parts)]


def repeats(fired: FiredRow) -> bool:
    """Tell whether a row only hands on what another table says."""
    return len(fired.columns) == 1 and fired.columns[0].value in fired.outcome.values()


def without_brackets(words: str) -> str:
    """Leave out what stands in brackets: articles of laws, which say nothing to the person."""
    return re.sub(r" \([^()]*\)", "", words)
