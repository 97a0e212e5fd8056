"""The language of a table's cells: a value, a list, `{not: ...}`, and ranges `12..17`, `18..`, `..17`, ends included.

Small on purpose: every cell is a plain set of values, and only therefore can tables be proved free of gaps.
"""

import re
from dataclasses import dataclass
from typing import Final

from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number, described
from service.routing.text.entries import boolean_hint
from service.routing.text.mistakes import Mistake, closest, meant
from service.routing.text.yaml_document import Node

Span = tuple[int, int]

_RANGES: Final = "12, 12..17, 18.. or ..17"
_RANGE: Final = re.compile(r"(?P<low>-?[0-9]{1,9})?\.\.(?P<high>-?[0-9]{1,9})?")


@dataclass(frozen=True)
class Cell:
    """The values that a row accepts in one column: words in the domain's order, and spans of whole numbers."""

    words: tuple[str, ...]
    spans: tuple[Span, ...] = ()

    def __contains__(self, value: object) -> bool:
        """Tell whether the row accepts the value."""
        if isinstance(value, str):
            return value in self.words
        return isinstance(value, int) and any(low <= value <= high for low, high in self.spans)

    def __str__(self) -> str:
        """Write the cell as a person would."""
        return ", ".join((*(written_span(span) for span in self.spans), *self.words))


def written_span(span: Span) -> str:
    """Write a span of whole numbers as a cell does."""
    low, high = span
    return str(low) if low == high else f"{low}..{high}"


def parse_cell(node: Node, domain: Domain, mistakes: list[Mistake], column: str = "this column") -> Cell | None:
    """Read one cell against the closed domain of its column.

    Args:
        node: what stands in the file.
        domain: every value that the column can take.
        mistakes: where mistakes are added.
        column: how mistakes call the column.

    Returns:
        The cell, or None when something is wrong with it.
    """
    before = len(mistakes)
    if isinstance(node.value, dict):
        found = _negated(node, domain, mistakes, column)
    else:
        found = _positive(node, domain, mistakes, column)
    if len(mistakes) > before or found is None:
        return None
    if not found.words and not found.spans:
        mistakes.append(
            node.mistake(f"no value of {column} fits this cell", f"leave it out to accept {described(domain)}")
        )
        return None
    return found


def _negated(node: Node, domain: Domain, mistakes: list[Mistake], column: str) -> Cell | None:
    if not isinstance(node.value, dict) or list(node.value) != ["not"]:
        mistakes.append(node.mistake(f"a cell of {column} is a value, a list, a range or {{not: ...}}"))
        return None
    inner = node.value["not"]
    if isinstance(inner.value, dict):
        mistakes.append(inner.mistake("not inside not is not allowed", "write the values themselves"))
        return None
    refused = _positive(inner, domain, mistakes, column)
    return None if refused is None else _complement(refused, domain)


def _positive(node: Node, domain: Domain, mistakes: list[Mistake], column: str) -> Cell | None:
    items = node.value if isinstance(node.value, list) else [node]
    if not items:
        mistakes.append(
            node.mistake(f"an empty list fits no value of {column}", "leave the cell out to accept any value")
        )
        return None
    words: list[str] = []
    spans: list[Span] = []
    for item in items:
        found = _one_number(item, domain, column) if isinstance(domain, Number) else _one_word(item, domain, column)
        if isinstance(found, Mistake):
            mistakes.append(found)
        elif isinstance(found, str):
            words.append(found)
        else:
            spans.append(found)
    order = domain.values if isinstance(domain, Choice) else (UNKNOWN,)
    return Cell(tuple(word for word in order if word in words), _merged(spans))


def _one_word(node: Node, domain: Choice, column: str) -> str | Mistake:
    said = node.value
    if isinstance(said, str) and said in domain.values:
        return said
    if isinstance(said, bool):
        word = "yes" if said else "no"
        hint = boolean_hint(value=said) if word in domain.values else meant(str(said), domain.values)
        return node.mistake(f"{column} cannot be the boolean {str(said).lower()}", hint)
    if isinstance(said, list | dict) or said is None:
        return node.mistake(f"a cell of {column} needs a value", f"known: {described(domain)}")
    return node.mistake(f"{column} cannot be {said!r}", meant(str(said), domain.values))


def _one_number(node: Node, domain: Number, column: str) -> str | Span | Mistake:
    said = node.value
    if isinstance(said, int) and not isinstance(said, bool):
        return _bounded(node, (said, said), domain, column)
    if not isinstance(said, str):
        return node.mistake(f"{column} needs a whole number or a range", _RANGES)
    if said in domain:
        return said
    if (ends := _RANGE.fullmatch(said)) is None or said == "..":
        near = closest(said, (UNKNOWN,) if domain.unknown else ())
        hint = f"did you mean {near}?" if near else f"a number or a range: {_RANGES}"
        return node.mistake(f"{column} cannot be {said!r}", hint)
    low = domain.low if ends["low"] is None else int(ends["low"])
    high = domain.high if ends["high"] is None else int(ends["high"])
    return _bounded(node, (low, high), domain, column)


def _bounded(node: Node, span: Span, domain: Number, column: str) -> Span | Mistake:
    low, high = span
    if low < domain.low or high > domain.high:
        return node.mistake(
            f"{node.value} lies outside the bounds of {column}", f"{column} lies in {described(domain)}"
        )
    if low > high:
        return node.mistake(f"the range {node.value} ends before it starts", f"did you mean {high}..{low}?")
    return span


def _merged(spans: list[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for low, high in sorted(spans):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], high))
        else:
            merged.append((low, high))
    return tuple(merged)


def _complement(cell: Cell, domain: Domain) -> Cell:
    if isinstance(domain, Choice):
        return Cell(tuple(word for word in domain.values if word not in cell.words))
    words = (UNKNOWN,) if domain.unknown and UNKNOWN not in cell.words else ()
    free: list[Span] = []
    start = domain.low
    for low, high in cell.spans:
        if start < low:
            free.append((start, low - 1))
        start = high + 1
    if start <= domain.high:
        free.append((start, domain.high))
    return Cell(words, tuple(free))
