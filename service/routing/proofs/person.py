"""Somebody invented, of whom as little is told as can be, to show what a proof has found."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.facts.vocabulary import Fact
from service.routing.text.entries import Words
from service.routing.text.spoken import Language, in_language


@dataclass(frozen=True)
class Person:
    """What is told of somebody, and the day of the decision; whatever is left out is as if nobody knew."""

    answers: Answers
    on: date

    def described(self) -> Words:
        """Say in Dutch and English who it is."""
        nl, en = ("; ".join(self._told(language)) for language in Language)
        return {
            "nl": f"iemand van wie op {self.on} is verteld: {nl}"
            if nl
            else f"iemand van wie op {self.on} niets is verteld",
            "en": f"somebody of whom on {self.on} is told: {en}"
            if en
            else f"somebody of whom on {self.on} nothing is told",
        }

    def _told(self, language: Language) -> Iterator[str]:
        for name, said in self.answers.given.items():
            fact = self.answers.vocabulary.facts[name]
            yield f"{in_language(fact.label, language)}: {', '.join(_words(fact, said, language))}"


def _words(fact: Fact, said: Said, language: Language) -> Iterator[str]:
    if isinstance(said, Mapping):
        for key, value in said.items():
            yield f"{in_language(fact.keys[key], language)} ({in_language(fact.values[value], language)})"
    else:
        for one in said if isinstance(said, list) else [said]:
            yield in_language(fact.values.get(str(one), {}), language) or str(one)
