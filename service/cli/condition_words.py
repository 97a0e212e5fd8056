"""Says the cells of a table in words: what a column is called, which values a row accepts, what follows."""

from typing import Final

from rich.text import Text

from service.cli.words import NAMES, Language, in_language, pick, said, written_amount
from service.routing.engine.cells import Cell
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.engine.table import DecisionTable, When
from service.routing.explanation.explained import Audience
from service.routing.facts.vocabulary import Fact
from service.routing.rule_set import RuleSet
from service.routing.text.entries import Words

_FOLLOWS: Final = {
    "agreement": ("akkoord", "agreement"),
    "applies": ("geldt", "applies"),
    "before": ("alleen vóór", "only before"),
    "child": ("kind", "child"),
    "claim": ("aanspraak", "claim"),
    "content": ("inhoud", "content"),
    "dispatch": ("verzending", "sent"),
    "due": ("termijn", "term"),
    "ended_by": ("geëindigd doordat", "ended because"),
    "from": ("telt vanaf", "counts from"),
    "ground": ("grond", "ground"),
    "interim": ("tot dan", "until then"),
    "kind": ("soort", "kind"),
    "length": ("duur", "length"),
    "minus": ("terug", "back"),
    "next": ("daarna", "after that"),
    "period": ("bedenktijd", "period"),
    "placed_by": ("plaatst", "placed by"),
    "plus": ("plus", "plus"),
    "reason": ("reden", "reason"),
    "route": ("weg", "route"),
    "standing": ("stand", "standing"),
    "status": ("status", "status"),
    "to": ("aan", "to"),
    "track": ("spoor", "track"),
    "type": ("soort", "type"),
}
_COLUMNS: Final = {
    "adult_ground.ground": ("Grond voor opvang", "Ground for shelter"),
    "child.child": ("Als kind behandeld", "Treated as a child"),
    "detention_agreement.agreement": ("Akkoord in bewaring", "Agreement in detention"),
    "interim_shelter.interim": ("Plek tot dan", "Place until then"),
    "reflection_availability.period": ("Soort bedenktijd", "Kind of reflection period"),
    "reflection_availability.reason": ("Reden zonder bedenktijd", "Reason without reflection period"),
    "reflection_availability.status": ("Recht op bedenktijd", "Right to a reflection period"),
    "reflection_claim.claim": ("Verblijf dat telt", "Stay that counts"),
    "reflection_period.status": ("Bedenktijd", "Reflection period"),
    "reflection_standing.standing": ("Plaats in de bedenktijd", "Place in the reflection period"),
    "shelter.type": ("Opvang", "Shelter"),
    "shelter_case.route": ("Weg naar opvang", "Route to shelter"),
}
# Outcomes that have the same names as those of a part of the decision.
_SAME_NAMES: Final = {
    "reflection_availability.reason": "reflection_period.reason",
    "reflection_period.ended_by": "reflection_period.reason",
}


_PLAIN: Final = ("yes", "no", UNKNOWN)


class ColumnWords:
    """The words of one rule set in one language."""

    def __init__(self, rule_set: RuleSet, language: Language) -> None:
        """Prepare.

        Args:
            rule_set: labels of facts and titles of tables and parameters come from it.
            language: the language to speak.
        """
        self._rules = rule_set
        self._language = language

    def label(self, column: str) -> str:
        """Say what a column is called, such as `Consent: registration with CoMensha`."""
        name, _, part = column.partition(".")
        vocabulary = self._rules.vocabulary
        if (fact := vocabulary.facts.get(name)) is not None:
            label = self._in_language(fact.label)
            member = fact.keys.get(part) or fact.values.get(part) if part else None
            return f"{label}: {self._in_language(member)}" if member else label
        if (derived := vocabulary.derived.get(column)) is not None:
            return self._in_language(derived.label)
        return self._of_table(name, part)

    def conditions(self, when: When) -> Text:
        """Say the conditions of a row, one in a line: all of them must hold."""
        text = Text()
        for column, cell in when.items():
            text.append("\n" if text else "")
            text.append(self.label(column))
            text.append(": ")
            text.append(self.accepted(column, cell), style="bold")
        return text

    def outcome(self, table: DecisionTable, output: str, value: str) -> str:
        """Say one outcome of a row, such as `placed by: CoMensha`; a parameter with its amounts, an amount as it is."""
        name = pick(_FOLLOWS[output], self._language) if output in _FOLLOWS else output.replace("_", " ")
        if table.outputs[output].parameter is not None:
            return f"{name}: {self._amounts(value)}"
        return f"{name}: {self._said(f'{table.name}.{output}', value)}"

    def _amounts(self, parameter: str) -> str:
        named = self._rules.parameters.by_name.get(parameter)
        if named is None:
            return parameter
        amounts = dict.fromkeys(written_amount(one.value, self._language) for one in named.values)
        return f"{parameter} ({' / '.join(amounts)})"

    def _of_table(self, table: str, output: str) -> str:
        column = f"{table}.{output}"
        if column in _COLUMNS:
            return pick(_COLUMNS[column], self._language)
        title = self._in_language(self._rules.tables[table].table.title)
        return f"{title.rstrip('?')} ({output.replace('_', ' ')})"

    def accepted(self, column: str, cell: Cell) -> str:
        """Say which values a cell accepts."""
        domain = self._domain(column)
        if not isinstance(domain, Choice):
            unknown = [said("", UNKNOWN, self._language)] if UNKNOWN in cell.words else []
            return self._either([*(self._span(span, domain) for span in cell.spans), *unknown])
        refused = [value for value in domain.values if value not in cell.words]
        if len(refused) < len(cell.words):
            return self._all_but(self._values(column, refused))
        return self._either(self._values(column, cell.words))

    def _span(self, span: tuple[int, int], domain: Number) -> str:
        low, high = span
        if low == high:
            return str(low)
        if high == domain.high:
            return f"{low} {pick(('of meer', 'or more'), self._language)}"
        return f"{high} {pick(('of minder', 'or less'), self._language)}" if low == domain.low else f"{low} - {high}"

    def _values(self, column: str, values: tuple[str, ...] | list[str]) -> list[str]:
        return [self.value(column, value) for value in values]

    def value(self, column: str, value: str) -> str:
        """Say one value of a column."""
        name = column.partition(".")[0]
        fact: Fact | None = self._rules.vocabulary.facts.get(name)
        if fact is not None and value in fact.values and value not in _PLAIN:
            return self._in_language(fact.values[value])
        return self._said(column, value).partition(":")[0]

    def _said(self, place: str, value: str) -> str:
        named = _SAME_NAMES.get(place, place)
        if value not in NAMES.get(named, {}) and (words := self._explained(place, value)):
            return words
        return said(named, value, self._language)

    def _explained(self, place: str, value: str) -> str:
        """Give the words that explanations have for a value, empty where they have none."""
        phrases = self._rules.phrases.outcomes.get(place, {}).get(value, {})
        return self._in_language(phrases.get(Audience.PROFESSIONAL, {}))

    def _all_but(self, words: list[str]) -> str:
        *first, last = words
        if not first:
            return f"{pick(('niet', 'not'), self._language)} {last}"
        some, also = pick(("alles behalve", "any but"), self._language), pick(("en", "and"), self._language)
        return f"{some} {', '.join(first)} {also} {last}"

    def _either(self, words: list[str]) -> str:
        *first, last = words
        return f"{', '.join(first)} {pick(('of', 'or'), self._language)} {last}" if first else last

    def _domain(self, column: str) -> Domain:
        vocabulary = self._rules.vocabulary.columns()
        if column in vocabulary:
            return vocabulary[column]
        table, _, output = column.partition(".")
        return Choice(self._rules.tables[table].table.outputs[output].as_input())

    def _in_language(self, words: Words) -> str:
        return in_language(words, self._language)
