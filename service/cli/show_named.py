"""Finds what a name stands for in the rules: a table, a parameter, a fact, an invariant, or who may read what."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from rich.console import RenderableType

from service.cli.show_disclosure import DISCLOSURE, disclosure_json, disclosure_parts
from service.cli.show_entry import (
    contents_json,
    contents_parts,
    derived_json,
    derived_parts,
    fact_json,
    fact_parts,
    parameter_json,
    parameter_parts,
)
from service.cli.show_invariants import INVARIANTS, invariants_json, invariants_parts
from service.cli.show_table import table_json, table_parts
from service.cli.words import Language
from service.kernel.errors import DomainError, Kind
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import meant

Json = dict[str, object]


class NothingOfThisName(DomainError):
    """The rules hold nothing of the name that was asked for."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "nothing-of-this-name"
    title: ClassVar[str] = "The rules hold nothing of this name"


@dataclass(frozen=True)
class Entry:
    """One thing to show: for programs and for people."""

    as_json: Json
    parts: Iterable[RenderableType]


def contents(rule_set: RuleSet, language: Language) -> Entry:
    """Give the names of everything that can be shown."""
    return Entry(contents_json(rule_set), contents_parts(rule_set, language))


def entry(rule_set: RuleSet, name: str, on: date | None, language: Language) -> Entry:
    """Find what a name stands for.

    Args:
        rule_set: where to look.
        name: of a table, a parameter, a fact, a derived value or an invariant; `invariants` are all of these,
            `disclosure` is who may read what.
        on: leave out what is not valid on this day; None keeps everything.
        language: the language of the screen.

    Raises:
        NothingOfThisName: nothing is called like this; the refusal names the nearest.
    """
    vocabulary, parameters = rule_set.vocabulary, rule_set.parameters.by_name
    if (compiled := rule_set.tables.get(name)) is not None:
        return Entry(table_json(compiled.table, on), table_parts(rule_set, compiled, on, language))
    if (parameter := parameters.get(name)) is not None:
        return Entry(parameter_json(parameter, on), parameter_parts(parameter, on, language))
    if (fact := vocabulary.facts.get(name)) is not None:
        return Entry(fact_json(fact), fact_parts(fact, language))
    if (derived := vocabulary.derived.get(name)) is not None:
        return Entry(derived_json(derived), derived_parts(derived, language))
    if statements := [one for one in rule_set.invariants if name in (INVARIANTS, one.id)]:
        return Entry(invariants_json(statements), invariants_parts(statements, language))
    if name == DISCLOSURE:
        return Entry(disclosure_json(rule_set.disclosure), disclosure_parts(rule_set, language))
    statements_known = (DISCLOSURE, INVARIANTS, *(one.id for one in rule_set.invariants))
    known = (*rule_set.tables, *parameters, *vocabulary.facts, *vocabulary.derived, *statements_known)
    raise NothingOfThisName(f"the rules hold no {name!r} ({meant(name, known)})")
