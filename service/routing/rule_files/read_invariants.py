"""Reads invariants.yaml: statements that hold for every possible person, each with its source."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Final

from service.routing.engine.cells import Cell, parse_cell
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.table import DecisionTable, Output, Policy
from service.routing.facts.vocabulary import FactKind, Vocabulary
from service.routing.rule_files.read_sources import read_days, read_sources
from service.routing.rule_set import Entry, Invariant
from service.routing.text.entries import entries, in_languages, listed, one_word, text
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-invariants/1"
_REQUIRED: Final = ("id", "text", "source")
_OPTIONAL: Final = ("when", "never", "always", "told_otherwise", "unchanged", "valid_from", "valid_to")

_ONLY_TOLD: Final = {FactKind.DATE, FactKind.INSTANT, FactKind.CODE}

Condition = tuple[Mapping[str, Cell], tuple[Entry, ...]]


def read_invariants(
    document: Node, vocabulary: Vocabulary, tables: Mapping[str, CompiledTable], mistakes: list[Mistake]
) -> tuple[Invariant, ...]:
    """Read the whole file.

    Args:
        document: the file as a tree.
        vocabulary: the facts and derived values that statements may read.
        tables: the tables whose outcomes statements may read.
        mistakes: where mistakes are added.
    """
    parts = entries(document, mistakes, required=("schema", "invariants"), thing="a file of invariants")
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    reader = _InvariantReader(vocabulary, tables, mistakes)
    found: dict[str, Invariant] = {}
    for node in listed(parts.get("invariants"), mistakes, "invariants"):
        one = reader.read(node)
        if one is not None and (twin := found.setdefault(one.id, one)) is not one:
            mistakes.append(
                Mistake(one.file, one.line, f"the invariant {one.id} exists already", f"in line {twin.line}")
            )
    return tuple(found.values())


def readable(vocabulary: Vocabulary, tables: Mapping[str, CompiledTable]) -> Mapping[str, Domain]:
    """Give every name that a statement can read: facts, derived values, and outcomes of tables that have one.

    Args:
        vocabulary: the facts and derived values.
        tables: the tables.
    """
    found: dict[str, Domain] = dict(vocabulary.columns())
    for name, compiled in tables.items():
        if compiled.table.policy is not Policy.COLLECT:
            found.update((f"{name}.{output.name}", _domain(output)) for output in _worded(compiled.table))
    return found


def _worded(table: DecisionTable) -> Iterator[Output]:
    return (output for output in table.outputs.values() if output.parameter is None)


def _domain(output: Output) -> Domain:
    return Choice(output.as_input())


class _InvariantReader:
    """Reads one statement after the other."""

    def __init__(self, vocabulary: Vocabulary, tables: Mapping[str, CompiledTable], mistakes: list[Mistake]) -> None:
        self._columns = readable(vocabulary, tables)
        self._facts = vocabulary.facts
        self._lists = {
            name: {output.name: _domain(output) for output in _worded(compiled.table)}
            for name, compiled in tables.items()
            if compiled.table.policy is Policy.COLLECT
        }
        self._mistakes = mistakes

    def read(self, node: Node) -> Invariant | None:
        before = len(self._mistakes)
        parts = entries(node, self._mistakes, required=_REQUIRED, optional=_OPTIONAL, thing="an invariant")
        name = text(parts.get("id"), self._mistakes, "the id of an invariant")
        thing = f"invariant {name}"
        said = {"never", "always", "told_otherwise"} & parts.keys()
        if parts and len(said) != 1:
            self._mistakes.append(node.mistake(f"{thing} needs one of never, always and told_otherwise"))
        if ("told_otherwise" in parts) != ("unchanged" in parts):
            self._mistakes.append(node.mistake(f"{thing} needs told_otherwise and unchanged together"))
        when, about_lists = self._condition(parts.get("when"), f"the condition of {thing}")
        if about_lists:
            self._mistakes.append(parts["when"].mistake(f"the condition of {thing} cannot read a list"))
        never, never_listed = self._condition(parts.get("never"), f"never of {thing}")
        always, always_listed = self._condition(parts.get("always"), f"always of {thing}")
        first, last = read_days(parts.get("valid_from"), parts.get("valid_to"), self._mistakes, thing)
        found = Invariant(
            id=name or "",
            text=in_languages(parts.get("text"), self._mistakes, f"the text of {thing}"),
            sources=read_sources(parts.get("source"), node, self._mistakes, thing) if "source" in parts else (),
            when=when,
            never=never,
            never_listed=never_listed,
            always=always,
            always_listed=always_listed,
            told_otherwise=self._told_otherwise(parts.get("told_otherwise"), f"told_otherwise of {thing}"),
            unchanged=self._names(parts.get("unchanged"), (*self._columns, *self._lists), f"unchanged of {thing}"),
            valid_from=first,
            valid_to=last,
            file=node.file,
            line=node.line,
        )
        return found if len(self._mistakes) == before else None

    def _condition(self, node: Node | None, thing: str) -> Condition:
        if node is None:
            return {}, ()
        cells: dict[str, Cell] = {}
        entries_listed = []
        for name, value in self._entries(node, thing):
            if name in self._lists:
                about = f"{thing} about {name}"
                then = [self._cell(*one, self._lists[name], about) for one in self._entries(value, about)]
                entries_listed.append(Entry(name, dict(chain.from_iterable(then))))
            else:
                cells.update(self._cell(name, value, self._columns, thing))
        return cells, tuple(entries_listed)

    def _entries(self, node: Node, thing: str) -> Iterator[tuple[str, Node]]:
        if isinstance(node.value, dict) and node.value:
            yield from node.value.items()
        else:
            self._mistakes.append(node.mistake(f"{thing} must be a mapping", "{column: value}"))

    def _cell(self, name: str, node: Node, domains: Mapping[str, Domain], thing: str) -> list[tuple[str, Cell]]:
        if name not in domains:
            hint = meant(name, (*domains, *(self._lists if domains is self._columns else ())))
            self._mistakes.append(node.mistake(f"{thing} reads {name}, which nothing gives", hint))
            return []
        cell = parse_cell(node, domains[name], self._mistakes, name)
        return [] if cell is None else [(name, cell)]

    def _told_otherwise(self, node: Node | None, thing: str) -> tuple[str, ...]:
        found = self._names(node, tuple(self._facts), thing)
        for name in found:
            if node is not None and self._facts[name].kind in _ONLY_TOLD:
                what = f"{thing} cannot name {name}: of a day, an hour or a code no column says which it is"
                self._mistakes.append(node.mistake(what))
        return found

    def _names(self, node: Node | None, known: tuple[str, ...], thing: str) -> tuple[str, ...]:
        said = [one_word(item, self._mistakes, thing, known) for item in listed(node, self._mistakes, thing)]
        return tuple(name for name in said if name is not None)
