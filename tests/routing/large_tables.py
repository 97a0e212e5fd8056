"""Draws tables as large as a ministry writes them, the same for the same number: twelve columns, 40 to 200 rows."""

from dataclasses import replace
from random import Random

from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.table import Policy, When
from tests.routing.factories import compiled, row

COLUMNS = 12
WORDS = tuple("abcde")

Box = dict[str, frozenset[str]]


def large_table(seed: int, rows: int, policy: Policy) -> tuple[CompiledTable, dict[str, Domain]]:
    """Draw a table that is nearly sound: a row may be missing, a cell blank, or many rows overlap.

    Args:
        seed: draws the same table again.
        rows: how many rows.
        policy: unique rows tile everything but for the flaws; first rows are drawn freely, with one for the rest.
    """
    chance = Random(seed)  # noqa: S311 -- can be repeated from its seed
    domains: dict[str, Domain] = {f"c{n}": Choice(WORDS[: chance.randint(2, 5)]) for n in range(COLUMNS)}
    whens = _tiled(chance, domains, rows) if policy is Policy.UNIQUE else _loose(chance, domains, rows)
    never = tuple(_some_cells(chance, domains, 3) for _ in range(2))
    return compiled(policy, domains, tuple(row(n, when) for n, when in enumerate(whens, start=1)), never), domains


def two_versions(seed: int, rows: int, policy: Policy) -> tuple[CompiledTable, CompiledTable, dict[str, Domain]]:
    """Draw a table with three outcomes, and another version of it in which four things changed.

    One row is left out, one has another outcome, one is without one of its conditions, and two are exchanged.

    Args:
        seed: draws the same versions again.
        rows: how many rows.
        policy: as for one table.
    """
    chance = Random(seed)  # noqa: S311 -- can be repeated from its seed
    drawn, domains = large_table(seed, rows, policy)
    before = [replace(one, then={"outcome": f"o{number % 3}"}) for number, one in enumerate(drawn.table.rows, start=1)]
    after = list(before)
    after.pop(chance.randrange(len(after)))
    place = chance.randrange(len(after))
    after[place] = replace(after[place], then={"outcome": "new"})
    place = chance.randrange(len(after))
    after[place] = replace(after[place], when=dict(list(after[place].when.items())[1:]))
    one, other = chance.sample(range(len(after)), 2)
    after[one], after[other] = after[other], after[one]
    old, new = (CompiledTable(replace(drawn.table, rows=tuple(version)), domains) for version in (before, after))
    return old, new, domains


def _tiled(chance: Random, domains: dict[str, Domain], rows: int) -> list[When]:
    whole: Box = {name: frozenset(_values(domain)) for name, domain in domains.items()}
    boxes, single = [whole], list[Box]()
    while len(boxes) + len(single) < rows:
        box = boxes.pop(chance.randrange(len(boxes)))
        wide = [name for name, left in box.items() if len(left) > 1]
        if not wide:
            # One case is left in it, which no two rows can share.
            single.append(box)
            continue
        name = chance.choice(wide)
        values = sorted(box[name])
        part = frozenset(chance.sample(values, chance.randint(1, len(values) - 1)))
        boxes += [{**box, name: part}, {**box, name: box[name] - part}]
    whens = [_when(box, domains) for box in (*boxes, *single)]
    flaw = chance.choice(["none", "row", "cell"])
    if flaw == "row":
        whens.pop(chance.randrange(len(whens)))
    if flaw == "cell":
        place = chance.randrange(len(whens))
        gone = chance.choice(sorted(whens[place]))
        whens[place] = {name: cell for name, cell in whens[place].items() if name != gone}
    return whens


def _loose(chance: Random, domains: dict[str, Domain], rows: int) -> list[When]:
    whens: list[When] = [_some_cells(chance, domains, chance.randint(1, 5)) for _ in range(rows - 1)]
    return [*whens, {}] if chance.random() < 0.5 else whens


def _some_cells(chance: Random, domains: dict[str, Domain], many: int) -> When:
    names = chance.sample(sorted(domains), many)
    return {name: Cell((chance.choice(_values(domains[name])),)) for name in sorted(names)}


def _when(box: Box, domains: dict[str, Domain]) -> When:
    whole = {name: _values(domain) for name, domain in domains.items()}
    return {
        name: Cell(tuple(value for value in whole[name] if value in left))
        for name, left in box.items()
        if len(left) < len(whole[name])
    }


def _values(domain: Domain) -> tuple[str, ...]:
    assert isinstance(domain, Choice)
    return domain.values
