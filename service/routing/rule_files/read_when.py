"""Reads conditions: cells over columns, and the combinations that can never be true."""

from collections.abc import Mapping

from service.routing.engine.cells import Cell, parse_cell
from service.routing.engine.domains import Domain
from service.routing.engine.table import Never
from service.routing.rule_files.read_sources import optional_sources
from service.routing.text.entries import entries, in_languages, listed
from service.routing.text.mistakes import Mistake, meant
from service.routing.text.yaml_document import Node

Domains = Mapping[str, Domain | None]


def read_when(node: Node | None, domains: Domains, mistakes: list[Mistake], thing: str) -> Mapping[str, Cell]:
    """Read a mapping of columns to cells.

    Args:
        node: the entry with the condition, None when it is left out and anything fits.
        domains: the columns that may be read; None stands for a column whose own mistakes are told elsewhere.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"the condition of {thing} must be a mapping", "{column: value}"))
        return {}
    cells: dict[str, Cell] = {}
    for column, value in node.value.items():
        domain = domains.get(column)
        if domain is None and not _told_elsewhere(column, domains):
            hint = meant(column, domains)
            mistakes.append(node.key_mistake(column, f"{thing} reads {column}, which is no input here", hint))
        cell = None if domain is None else parse_cell(value, domain, mistakes, column)
        if cell is not None:
            cells[column] = cell
    return {column: cells[column] for column in domains if column in cells}


def _told_elsewhere(column: str, domains: Domains) -> bool:
    """Tell whether the column, or the fact whose member or entry it is, is known to be mistaken."""
    return any(name in domains and domains[name] is None for name in (column, column.partition(".")[0]))


def read_never(node: Node | None, domains: Domains, mistakes: list[Mistake], thing: str) -> tuple[Never, ...]:
    """Read the combinations that can never be true.

    Args:
        node: the entry `never`, None when it is left out.
        domains: the columns that may be read.
        mistakes: where mistakes are added.
        thing: how mistakes call the owner.
    """
    found = []
    for item in listed(node, mistakes, f"never of {thing}"):
        parts = entries(item, mistakes, required=("when", "why"), optional=("source",), thing=f"a never of {thing}")
        when = read_when(parts.get("when"), domains, mistakes, f"a never of {thing}")
        why = in_languages(parts.get("why"), mistakes, f"the reason of a never of {thing}")
        sources = optional_sources(parts.get("source"), mistakes, f"a never of {thing}")
        if when:
            found.append(Never(when, why, sources, item.line))
        elif "when" in parts and parts["when"].value == {}:
            mistakes.append(parts["when"].mistake(f"a never of {thing} forbids everything", "name at least one column"))
    return tuple(found)
