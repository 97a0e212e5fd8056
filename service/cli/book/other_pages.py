"""The parts of the book beside the tables: what is proved, terms and numbers, facts, and stories."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from service.cli.book.markup import Html, element, grid, lines
from service.cli.book.wording import Wording
from service.cli.check_report import states
from service.cli.words import written_amount, written_day
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import written_days
from service.routing.examples import Outcome
from service.routing.facts.parameters import Parameter
from service.routing.facts.vocabulary import Fact, FactKind
from service.routing.rule_set import Invariant, RuleSet

_KINDS: Final = {FactKind.DATE: "a_date", FactKind.INSTANT: "an_instant", FactKind.CODE: "a_code"}


def proofs(rule_set: RuleSet, words: Wording) -> Iterator[Html]:
    """Say what is proved of each table, and of everybody across all tables."""
    yield element("p", words.text("proved_how"))
    heads = [words.text(one) for one in ("table", "rows", "cases", "proved")]
    yield grid(words.text("proved_tables"), heads, (_proved(one, words) for one in rule_set.tables.values()), "proved")
    heads = [words.text(one) for one in ("statement", "days", "source")]
    held = (_held(one, words) for one in rule_set.invariants)
    yield grid(words.text("invariants"), heads, held, "invariants")


def parameters(rule_set: RuleSet, words: Wording) -> Html:
    """Give every term and number with its days, its status and its sources."""
    heads = [words.text(one) for one in ("parameters", "days", "value", "source", "status")]
    rows = [row for one in rule_set.parameters.by_name.values() for row in _values(one, words)]
    return grid(words.text("parameters"), heads, rows, "parameter-table")


def facts(rule_set: RuleSet, words: Wording) -> Iterator[Html]:
    """Give every fact with its question and answers, and every derived value with how it is found."""
    vocabulary = rule_set.vocabulary
    heads = [words.text(one) for one in ("fact", "question", "answers", "default")]
    yield grid(words.text("facts"), heads, (_fact(one, words) for one in vocabulary.facts.values()), "fact-table")
    rows = (
        element("tr", element("th", words.of(one.label), scope="row"), element("td", words.of(one.how)))
        for one in vocabulary.derived.values()
    )
    yield grid(words.text("derived"), [words.text("value"), words.text("how")], rows, "derived-table")


def stories(outcomes: Sequence[Outcome], words: Wording) -> Iterator[Html]:
    """Give the stories of the examples, and whether they all come out as described."""
    failed = sum(not one.holds for one in outcomes)
    count = str(len(outcomes))
    yield element(
        "p", words.text("unmet", count=str(failed), all=count) if failed else words.text("holds", count=count)
    )
    heads = [words.text(one) for one in ("example_name", "story", "day", "row", "status")]
    yield grid(words.text("stories"), heads, (_story(one, words) for one in outcomes), "story-table")


def _proved(compiled: CompiledTable, words: Wording) -> Html:
    table = compiled.table
    return element(
        "tr",
        element("th", element("a", words.of(table.title), href=f"#table-{table.name}"), scope="row"),
        element("td", str(len(table.rows))),
        element("td", f"{states(compiled):,}".replace(",", "\N{NO-BREAK SPACE}")),
        element("td", words.text(table.policy)),
    )


def _held(invariant: Invariant, words: Wording) -> Html:
    return element(
        "tr",
        element("th", words.of(invariant.text), scope="row", id=f"invariant-{invariant.id}"),
        element("td", _days(invariant.valid_from, invariant.valid_to, words)),
        element("td", words.sources(invariant.sources)),
    )


def _values(parameter: Parameter, words: Wording) -> Iterator[Html]:
    for value in parameter.values:
        yield element(
            "tr",
            element("th", words.of(parameter.title), scope="row"),
            element("td", _days(value.valid_from, value.valid_to, words)),
            element("td", written_amount(value.value, words.language)),
            element("td", words.sources(value.sources)),
            element("td", words.status(value.status)),
        )


def _fact(fact: Fact, words: Wording) -> Html:
    default = fact.default if isinstance(fact.default, tuple) else (fact.default,)
    counts = [words.called.told(fact.name, str(one)) for one in default if one is not None]
    return element(
        "tr",
        element("th", words.of(fact.label), scope="row"),
        element("td", words.of(fact.question), element("p", words.of(fact.note)) if fact.note else None),
        element("td", _answers(fact, words)),
        element("td", ", ".join(counts)),
    )


def _answers(fact: Fact, words: Wording) -> Html:
    parts = [words.of(one) for one in fact.keys.values()]
    said = [words.of(one) for one in fact.values.values()]
    if fact.number is not None:
        said.append(words.text("number", low=str(fact.number.low), high=str(fact.number.high)))
    if fact.kind in _KINDS:
        said.append(words.text(_KINDS[fact.kind]))
    return lines([*([f"{', '.join(parts)}:"] if parts else []), "; ".join(said)])


def _story(outcome: Outcome, words: Wording) -> Html:
    example = outcome.example
    return element(
        "tr",
        element("th", example.id, scope="row"),
        element("td", words.of(example.story), element("p", words.of(example.note)) if example.note else None),
        element("td", written_day(example.on, words.language)),
        element("td", ", ".join(example.rules)),
        element("td", words.status(example.status)),
    )


def _days(first: date | None, last: date | None, words: Wording) -> str:
    return written_days(first, last) if first or last else words.text("always")
