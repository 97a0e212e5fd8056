"""Brings tables in an order in which each stands after what it reads, itself or through a derived value."""

from collections.abc import Collection, Iterator, Mapping

from service.routing.rule_files.read_table import TableHead
from service.routing.text.mistakes import Mistake

Behind = Mapping[str, Collection[str]]


def in_order(heads: Mapping[str, TableHead], computed: Behind, mistakes: list[Mistake]) -> list[TableHead]:
    """Give every table after those that it reads; tables that read each other in a circle are a mistake.

    Args:
        heads: the tables.
        computed: for every derived value the tables and derived values that its code reads.
        mistakes: where mistakes are added.
    """
    reads = {name: dict.fromkeys(after) for name, after in computed.items()}
    reads |= {name: dict.fromkeys(read for _, read in _read_by(head, heads, computed)) for name, head in heads.items()}
    ordered: list[str] = []
    waiting = list(reads)
    while waiting:
        ready = [name for name in waiting if not any(read in waiting for read in reads[name])]
        if not ready:
            mistakes.extend(_circle(heads, computed, {name: list(reads[name]) for name in waiting}))
            ready = waiting
        ordered.extend(ready)
        waiting = [name for name in waiting if name not in ready]
    return [heads[name] for name in ordered if name in heads]


def _read_by(head: TableHead, heads: Collection[str], computed: Collection[str]) -> Iterator[tuple[str, str]]:
    for column in head.inputs:
        table, dot, _ = column.partition(".")
        if dot and table in heads:
            yield column, table
        elif column in computed:
            yield column, column


def _circle(heads: Mapping[str, TableHead], computed: Behind, reads: Mapping[str, list[str]]) -> Iterator[Mistake]:
    """Name one circle, at the input of its first table that leads into it."""
    way: list[str] = []
    step = next(iter(reads))
    while step not in way:
        way.append(step)
        step = next(read for read in reads[step] if read in reads)
    circle = way[way.index(step) :]
    start = min((name for name in circle if name in heads), default=None)
    if start is not None:
        turned = [*circle[circle.index(start) :], *circle[: circle.index(start)], start]
        column = next(column for column, read in _read_by(heads[start], heads, computed) if read == turned[1])
        yield heads[start].inputs[column].mistake(f"what is read comes back in a circle: {' -> '.join(turned)}")
