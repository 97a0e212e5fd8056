"""Shows what a rule set holds beside its tables: the list of everything, one parameter, one fact, one derived value."""

from collections.abc import Iterable, Iterator
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from service.cli.rules_screen import cited, columns, heading, indented, status_text
from service.cli.words import Language, in_language, pick, said
from service.routing.engine.domains import described
from service.routing.engine.table import written_days
from service.routing.facts.parameters import Parameter, ParameterValue
from service.routing.facts.vocabulary import Derived, Fact
from service.routing.rule_set import RuleSet

Json = dict[str, object]
Screen = Iterator[RenderableType]


def contents_json(rule_set: RuleSet) -> Json:
    """Give the names and titles of everything that can be shown."""
    vocabulary = rule_set.vocabulary
    return {
        "rule_set": rule_set.name,
        "tables": {name: dict(one.table.title) for name, one in rule_set.tables.items()},
        "facts": {name: dict(one.label) for name, one in vocabulary.facts.items()},
        "derived": {name: dict(one.label) for name, one in vocabulary.derived.items()},
        "parameters": {name: dict(one.title) for name, one in rule_set.parameters.by_name.items()},
        "disclosure": {one.name: dict(one.purpose) for one in rule_set.disclosure.processes.values()},
        "invariants": {one.id: dict(one.text) for one in rule_set.invariants},
    }


def contents_parts(rule_set: RuleSet, language: Language) -> Screen:
    """Give the screen that lists everything that can be shown."""
    vocabulary = rule_set.vocabulary
    yield Text(rule_set.name, style="dim", overflow="fold")
    tables = ((name, in_language(one.table.title, language)) for name, one in rule_set.tables.items())
    yield from _list(pick(("Tabellen", "Tables"), language), tables)
    facts = ((name, in_language(one.label, language)) for name, one in vocabulary.facts.items())
    yield from _list(pick(("Feiten", "Facts"), language), facts)
    derived = ((name, in_language(one.label, language)) for name, one in vocabulary.derived.items())
    yield from _list(pick(("Afgeleid", "Derived"), language), derived)
    parameters = ((name, in_language(one.title, language)) for name, one in rule_set.parameters.by_name.items())
    yield from _list(pick(("Parameters", "Parameters"), language), parameters)
    read = pick(("Wie mag wat lezen en waarom", "Who may read what and why"), language)
    yield from _list(pick(("Gegevensdeling", "Disclosure"), language), [("disclosure", read)])
    invariants = ((one.id, in_language(one.text, language)) for one in rule_set.invariants)
    yield from _list(pick(("Geldt voor iedereen", "Holds for everybody"), language), invariants)


def parameter_json(parameter: Parameter, on: date | None) -> Json:
    """Give a parameter as JSON; with a day only the value that holds on it."""
    return {
        "parameter": parameter.name,
        "title": dict(parameter.title),
        "values": [
            {
                "value": _amount(value),
                "valid": written_days(value.valid_from, value.valid_to),
                "status": str(value.status),
                "sources": [
                    {"cite": one.cite, "jci": one.jci, "url": one.url, "note": one.note} for one in value.sources
                ],
                "line": value.line,
            }
            for value in _values_on(parameter, on)
        ],
    }


def parameter_parts(parameter: Parameter, on: date | None, language: Language) -> Screen:
    """Give the screen of a parameter: its values with their days, status and sources."""
    yield Text.assemble((parameter.name, "bold"), f"  {in_language(parameter.title, language)}", "\n")
    lines = (_value_line(value, language) for value in _values_on(parameter, on))
    yield indented(columns(lines, (12, 8, 8, 20)))


def _value_line(value: ParameterValue, language: Language) -> tuple[str | Text, ...]:
    dated = value.valid_from or value.valid_to
    days = written_days(value.valid_from, value.valid_to) if dated else pick(("altijd", "always"), language)
    amount = Text(_amount(value) or said("", "none", language), style="bold")
    sources = Text("\n".join(cited(one) for one in value.sources), style="dim")
    return days, amount, status_text(value.status, language), sources


def fact_json(fact: Fact) -> Json:
    """Give a fact as JSON: how it is asked and which answers there are."""
    default = list(fact.default) if isinstance(fact.default, tuple) else fact.default
    return {
        "fact": fact.name,
        "kind": str(fact.kind),
        "label": dict(fact.label),
        "question": dict(fact.question),
        "note": dict(fact.note),
        "default": default,
        "group": fact.group,
        "values": {value: dict(words) for value, words in fact.values.items()},
        "keys": {key: dict(words) for key, words in fact.keys.items()},
        "from": fact.number.low if fact.number else None,
        "to": fact.number.high if fact.number else None,
        "codes": str(fact.codes) if fact.codes else None,
        "ask_when": {column: str(cell) for column, cell in fact.ask_when.items()},
    }


def fact_parts(fact: Fact, language: Language) -> Screen:
    """Give the screen of a fact: the question, the answers, what counts when nobody answers."""
    yield Text.assemble((fact.name, "bold"), f"  {in_language(fact.label, language)}")
    yield indented(Text(in_language(fact.question, language), style="bold"))
    if fact.note:
        yield indented(Text(in_language(fact.note, language), style="dim"))
    yield Text()
    yield indented(columns(_traits(fact, language), (20, 20)))
    for title, words in ((("Onderdelen", "Entries"), fact.keys), (("Antwoorden", "Answers"), fact.values)):
        yield from _list(pick(title, language), ((value, in_language(text, language)) for value, text in words.items()))


def derived_json(derived: Derived) -> Json:
    """Give a derived value as JSON."""
    return {
        "derived": derived.name,
        "label": dict(derived.label),
        "how": dict(derived.how),
        "values": described(derived.domain),
    }


def derived_parts(derived: Derived, language: Language) -> Screen:
    """Give the screen of a derived value: which values it has and how it comes about."""
    yield Text.assemble((derived.name, "bold"), f"  {in_language(derived.label, language)}")
    yield indented(Text(described(derived.domain), style="cyan"))
    yield indented(Text(in_language(derived.how, language)))


def _traits(fact: Fact, language: Language) -> Iterator[tuple[str, str]]:
    yield pick(("soort", "kind"), language), str(fact.codes or fact.kind)
    if fact.number:
        yield pick(("van - tot en met", "from - to"), language), f"{fact.number.low} - {fact.number.high}"
    default = ", ".join(fact.default) if isinstance(fact.default, tuple) else fact.default
    yield pick(("als niemand het zegt", "when left out"), language), str(default or "-")
    for column, cell in fact.ask_when.items():
        yield pick(("gevraagd als", "asked when"), language), f"{column}: {cell}"


def _list(title: str, lines: Iterable[tuple[str, str]]) -> Screen:
    found = [(Text(name, style="cyan"), text) for name, text in lines]
    if found:
        yield heading(title)
        yield indented(columns(found, (28, 20)))


def _amount(value: ParameterValue) -> str | None:
    return None if value.value is None else str(value.value)


def _values_on(parameter: Parameter, on: date | None) -> tuple[ParameterValue, ...]:
    return tuple(value for value in parameter.values if on is None or value.holds_on(on))
