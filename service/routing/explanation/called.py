"""What facts, columns and values are called in a language, in the words of the rule files."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from service.kernel.clock import AMSTERDAM
from service.routing.explanation.explained import Audience
from service.routing.facts.read_answers import Said
from service.routing.facts.vocabulary import CodeList, FactKind
from service.routing.rule_set import RuleSet
from service.routing.text.entries import Words
from service.routing.text.spoken import (
    STATUSES,
    Language,
    anywhere,
    in_language,
    pick,
    written_day,
    written_day_in_full,
)


class Called:
    """The words of one rule set in one language."""

    def __init__(self, rule_set: RuleSet, language: Language) -> None:
        """Prepare.

        Args:
            rule_set: the rules, with their labels and phrases.
            language: the language to speak.
        """
        self._rules = rule_set
        self._language = language

    def sentence(self, audience: Audience, name: str, **filled: str) -> str:
        """Fill in a sentence; empty where the rules have no words for explanations."""
        return _with(self._in(self._rules.phrases.sentences.get(audience, {}).get(name, {})), filled)

    def outcome(self, audience: Audience, place: str, value: str, **filled: str) -> str:
        """Give the words for an outcome; empty where there are none for this audience."""
        return _with(self._in(self._rules.phrases.outcomes.get(place, {}).get(value, {}).get(audience, {})), filled)

    def fact(self, name: str) -> str:
        """Give the label of a fact, or of a member or an entry of it such as `consent.placement`."""
        fact, _, part = name.partition(".")
        told = self._rules.vocabulary.facts[fact]
        label = self._in(told.label)
        if not part or part == "told":
            return label
        return f"{label} ({self._in((told.keys or told.values)[part])})"

    def question(self, name: str) -> str:
        """Give the question about a fact, or about an entry of it."""
        fact, _, part = name.partition(".")
        told = self._rules.vocabulary.facts[fact]
        question = self._in(told.question)
        return f"{question} ({self._in(told.keys[part])})" if part else question

    def told(self, name: str, said: Said | None) -> str:
        """Give the words for what is told of a fact, or of an entry of it."""
        fact = self._rules.vocabulary.facts[name.partition(".")[0]]
        if said is None:
            return pick(("niet gezegd", "not told"), self._language)
        if isinstance(said, list):
            return self.all_of(self._in(fact.values[member]) for member in said)
        if isinstance(said, dict):
            return self.all_of(f"{self._in(fact.keys[key])} {self.told(name, value)}" for key, value in said.items())
        if fact.kind is FactKind.DATE:
            return written_day(date.fromisoformat(str(said)), self._language)
        if fact.kind is FactKind.INSTANT:
            local = datetime.fromisoformat(str(said)).astimezone(AMSTERDAM)
            return f"{written_day(local.date(), self._language)} {local:%H:%M}"
        place = self._rules.places.municipalities.get(str(said)) if fact.codes is CodeList.MUNICIPALITY else None
        return place.name if place else self._word(fact.values, str(said))

    def column(self, name: str) -> str:
        """Give what a column of a table is called: the label of a fact or derived value, the question of a table."""
        vocabulary, first = self._rules.vocabulary, name.partition(".")[0]
        if first in vocabulary.facts:
            return self.fact(name)
        if name in vocabulary.derived:
            return self._in(vocabulary.derived[name].label)
        return self.table(first).rstrip("?")

    def found(self, column: str, value: str) -> str:
        """Give the words for a value in a column, or for one of the things that a cell accepts there."""
        fact = self._rules.vocabulary.facts.get(column.partition(".")[0])
        if fact is not None and fact.kind is not FactKind.SET:
            return self._word(fact.values, value)
        return self.outcome(Audience.PROFESSIONAL, column, value) or self._word({}, value)

    def table(self, name: str) -> str:
        """Give the question that a table answers."""
        return self._in(self._rules.tables[name].table.title)

    def note(self, table: str, row: str) -> str:
        """Give what the rules say about a row besides, empty where they say nothing."""
        return next((self._in(one.note) for one in self._rules.tables[table].table.rows if one.id == row), "")

    def invariant(self, name: str) -> str:
        """Give a statement that is proved for everybody."""
        return next((self._in(one.text) for one in self._rules.invariants if one.id == name), "")

    def status(self, status: str) -> str:
        """Say how well a row is founded."""
        return pick(STATUSES[status], self._language)

    def day(self, day: date) -> str:
        """Write a day."""
        return written_day(day, self._language)

    def day_in_full(self, day: date) -> str:
        """Write a day without short words."""
        return written_day_in_full(day, self._language)

    def all_of(self, words: Iterable[str]) -> str:
        """Join words of which all count."""
        return self._joined(list(words), pick(("en", "and"), self._language))

    def one_of(self, words: Iterable[str]) -> str:
        """Join words of which one is enough."""
        return self._joined(list(words), pick(("of", "or"), self._language))

    def _word(self, labels: Mapping[str, Words], value: str) -> str:
        if words := labels.get(value):
            return self._in(words)
        return anywhere(value, self._language)

    def _in(self, words: Words) -> str:
        return in_language(words, self._language)

    @staticmethod
    def _joined(words: list[str], last: str) -> str:
        return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def _with(sentence: str, filled: dict[str, str]) -> str:
    for slot, words in filled.items():
        sentence = sentence.replace(f"{{{slot}}}", words)
    return sentence
