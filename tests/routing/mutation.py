"""Changes one cell of the rules after the other and asks whether anything notices: a proof, an example, an invariant.

`python -m tests.routing.mutation [TABLE ...]` prints the share that is noticed and lists what is not; `--write` keeps
the list. A change that provably changes nothing for anybody is no change, and is counted apart.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache, cached_property, partial
from multiprocessing import Pool
from pathlib import Path
from typing import Final

from service.kernel.errors import DomainError
from service.routing.decide import decide_as_told
from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.engine.table import DecisionTable, Output, Policy, Row
from service.routing.examples import run_example
from service.routing.proofs.chain import Chain
from service.routing.proofs.invariants import broken_invariants, chain_of
from service.routing.rule_files.check_terms import terms_without_start
from service.routing.rule_files.prove_tables import proof_mistakes
from service.routing.rule_files.read_invariants import readable
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.rule_set import Example, Invariant, RuleSet
from tests.routing.crowd import Crowd, Told, numbers, told
from tests.routing.dutch import FOLDER, rules

NOT_NOTICED = Path(__file__).with_name("not_noticed.txt")
"""The changes that nothing notices, kept so that each of them is known."""
DAYS: Final = ("valid_from", "valid_to")
FEW: Final = 1_000
"""Fewer changes than this are not worth starting processes for."""


@dataclass(frozen=True)
class Mutant:
    """One row with one cell changed."""

    table: str
    row: Row
    changed: Row
    cell: str

    def __str__(self) -> str:
        """Say where the change is and what it is."""
        old, new = (self._written(row) for row in (self.row, self.changed))
        return f"{self.table} {self.row.id} {self.cell}: {old} -> {new}"

    def _written(self, row: Row) -> str:
        if self.cell in DAYS:
            return str(getattr(row, self.cell))
        found = (
            row.then.get(self.cell) if self.cell in {*self.row.then, *self.changed.then} else row.when.get(self.cell)
        )
        return "-" if found is None else str(found)


def mutants(rule_set: RuleSet, table: DecisionTable) -> Iterator[Mutant]:
    """Change every cell of a table.

    A value is taken out of a cell or put in, a bound moves by one, the cell is left out; an open cell gets each value;
    an outcome becomes another or is left out; the first or last day of a row moves by one.
    """
    columns = readable(rule_set.vocabulary, rule_set.tables)
    for row in table.rows:
        for name in table.inputs:
            for cell in _other_cells(row.when.get(name), columns[name]):
                when = {**row.when, name: cell} if cell else {one: it for one, it in row.when.items() if one != name}
                yield Mutant(table.name, row, replace(row, when=when), name)
        for output in table.outputs.values():
            known = rule_set.parameters.by_name if output.parameter else output.values
            for then in _other_outcomes(row, output, list(known)):
                yield Mutant(table.name, row, replace(row, then=then), output.name)
        for name, changed in _other_days(row):
            yield Mutant(table.name, row, changed, name)


def _other_days(row: Row) -> Iterator[tuple[str, Row]]:
    for days in (timedelta(-1), timedelta(1)):
        if row.valid_from:
            yield "valid_from", replace(row, valid_from=row.valid_from + days)
        if row.valid_to:
            yield "valid_to", replace(row, valid_to=row.valid_to + days)


def _other_outcomes(row: Row, output: Output, known: Sequence[str]) -> Iterator[Mapping[str, str]]:
    others = [value for value in known if value != row.then.get(output.name)]
    yield from ({**row.then, output.name: value} for value in others[:2])
    if output.optional and output.name in row.then:
        yield {name: value for name, value in row.then.items() if name != output.name}


def _other_cells(cell: Cell | None, domain: Domain) -> Iterator[Cell | None]:
    words = domain.values if isinstance(domain, Choice) else (UNKNOWN,) if domain.unknown else ()
    if cell is None:
        yield from (Cell((word,)) for word in words)
        return
    yield None
    for word in words:
        toggled = tuple(one for one in words if (one in cell.words) != (one == word))
        if (toggled or cell.spans) and (len(toggled) < len(words) or not isinstance(domain, Choice)):
            yield replace(cell, words=toggled)
    for place, (low, high) in enumerate(cell.spans):
        for span in ((low + 1, high), (low - 1, high), (low, high - 1), (low, high + 1)):
            if not isinstance(domain, Choice) and domain.low <= span[0] <= span[1] <= domain.high:
                yield replace(cell, spans=(*cell.spans[:place], span, *cell.spans[place + 1 :]))


class Examination:
    """The rules, everybody in their examples, and what notices a change."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Decide about everybody in the examples once."""
        self.rule_set = rule_set
        self.columns = readable(rule_set.vocabulary, rule_set.tables)
        self._examples = read_row_examples(FOLDER, rule_set, [])
        examples, stories = self._examples, rule_set.examples
        people = [
            *(told(rule_set, one.fires, one.on) for one in examples),
            *(told(rule_set, one.near, one.on) for one in examples),
            *(told(rule_set, one.facts, one.on) for one in stories),
        ]
        self.crowd = Crowd(people, rule_set)
        self._all = (1 << len(examples)) - 1
        self._of_table: dict[str, int] = defaultdict(int)
        for number, one in enumerate(examples):
            self._of_table[one.table] |= 1 << number

    def noticed_by(self, mutant: Mutant) -> str:
        """Say what notices a change; `nothing` when nothing does, `no change` when it changes nothing for anybody."""
        mutated = _Mutated(self, mutant)
        if mutated.cannot_be():
            return "a proof"
        touched = self.crowd.touched(mutant.table, mutant.row, mutant.changed)
        many = len(self._examples)
        if self._breaks(mutated, touched & self._all):
            return "an example of a row"
        if self._breaks(mutated, touched >> many & self._all, many):
            return "a near miss"
        if any(mutated.spoils(self.rule_set.examples[one]) for one in numbers(touched >> 2 * many)):
            return "a story"
        if mutated.breaks_a_statement():
            return "an invariant"
        return "nothing" if mutated.matters() else "no change"

    def _breaks(self, mutated: "_Mutated", touched: int, start: int = 0) -> bool:
        """Tell whether an example of a row does not hold: one of the changed table at once, else by deciding."""
        if touched & self._of_table[mutated.name]:
            return True
        return any(
            mutated.decides_otherwise(self._examples[number].table, self.crowd.people[start + number])
            for number in numbers(touched)
        )

    @cached_property
    def chain(self) -> Chain:
        """The chain of the rules as they are."""
        return chain_of(self.rule_set)


class _Mutated:
    """The rules with one row changed."""

    def __init__(self, examination: Examination, mutant: Mutant) -> None:
        self.name = mutant.table
        self._examination = examination
        self._before = examination.rule_set
        self._mutant = mutant
        self._old = self._before.tables[mutant.table].table
        self._is_list = self._old.policy is Policy.COLLECT

    @cached_property
    def rule_set(self) -> RuleSet:
        mutant = self._mutant
        rows = tuple(mutant.changed if row is mutant.row else row for row in self._old.rows)
        return replace(self._before, tables={**self._before.tables, self.name: self._compiled(rows)})

    def _compiled(self, rows: tuple[Row, ...]) -> CompiledTable:
        inputs = {name: self._examination.columns[name] for name in self._old.inputs}
        return CompiledTable(replace(self._old, rows=rows), inputs, self._before.vocabulary.never)

    def cannot_be(self) -> bool:
        """Tell whether a proof of the table fails; rows of a list are proved one by one."""
        compiled = self._compiled((self._mutant.changed,)) if self._is_list else self.rule_set.tables[self.name]
        return bool(proof_mistakes(compiled) or [*terms_without_start(compiled)])

    def decides_otherwise(self, table: str, one: Told) -> bool:
        """Tell whether somebody meets other rows of a table, or cannot be decided about."""
        try:
            found = decide_as_told(self.rule_set, one.answers, one.on).findings[table].rows
        except DomainError:
            return True
        return [row.id for row in found] != [row.id for row in one.rows[table]]

    def spoils(self, story: Example) -> bool:
        """Tell whether a story does not come out as it says."""
        try:
            return not run_example(self.rule_set, story).holds
        except DomainError:
            return True

    def breaks_a_statement(self) -> bool:
        """Tell whether an invariant fails; of those that no list concerns, a list breaks none."""
        concerned = tuple(one for one in self._before.invariants if self._concerns(one))
        if not concerned:
            return False
        rule_set = replace(self.rule_set, invariants=concerned)
        return next(broken_invariants(rule_set, self._chain()), None) is not None

    def _concerns(self, invariant: Invariant) -> bool:
        if not self._is_list or self.name in invariant.unchanged:
            return True
        entries = (*invariant.never_listed, *invariant.always_listed)
        rows = (self._mutant.row, self._mutant.changed)
        return any(one.table == self.name and any(map(one.means, rows)) for one in entries)

    def _chain(self) -> Chain:
        """Give the chain of the changed rules: laid out anew where a list has new bounds or days, or is no list."""
        if not self._is_list or self._cuts():
            return chain_of(self.rule_set)
        chain = copy(self._examination.chain)
        chain.tables = self.rule_set.tables
        return chain

    def _cuts(self) -> bool:
        """Tell whether numbers or days are told apart otherwise than before."""
        cell = self._mutant.cell
        return cell in DAYS or isinstance(self._examination.columns.get(cell), Number)

    def matters(self) -> bool:
        """Tell whether the row may apply to somebody before the change and not after, or the other way."""
        mutant, chain = self._mutant, self._examination.chain
        if mutant.row.when == mutant.changed.when:
            return True
        if self._cuts():
            asked = [mutant.changed.when, *(one.when for one in self._before.invariants)]
            chain = Chain(chain.vocabulary, chain.tables, asked)
        compiled = chain.tables[self.name]
        before, after = (chain.fires(compiled, row) for row in (mutant.row, mutant.changed))
        return any(next(chain.people(one, (other,)), None) for one, other in ((before, after), (after, before)))


def examine(names: Sequence[str] = ()) -> tuple[Counter[str], list[Mutant]]:
    """Change every cell of the named tables, or of all, and give what noticed how many changes, and the rest.

    Many changes are divided among all processors; what comes out stands in the order of the changes either way.
    """
    _, changes = begun(tuple(names))
    noticed_by = partial(_noticed_by, tuple(names))
    if len(changes) < FEW:
        noticed = [noticed_by(number) for number in range(len(changes))]
    else:
        with Pool() as processes:
            noticed = processes.map(noticed_by, range(len(changes)), chunksize=FEW // 20)
    survivors = [one for one, by in zip(changes, noticed, strict=True) if by == "nothing"]
    return Counter(noticed), survivors


@cache
def begun(names: tuple[str, ...]) -> tuple[Examination, list[Mutant]]:
    """Begin once in a process: everybody in the examples, and the changes in their order."""
    tables = rules().tables
    return Examination(rules()), [one for name in names or tables for one in mutants(rules(), tables[name].table)]


def _noticed_by(names: tuple[str, ...], number: int) -> str:
    examination, changes = begun(names)
    return examination.noticed_by(changes[number])


def share(counts: Counter[str]) -> float:
    """Give the share of the changes that is noticed."""
    real = counts.total() - counts["no change"]
    return (real - counts["nothing"]) / real


def main() -> None:
    """Print the share and list what is not noticed."""
    names = [word for word in sys.argv[1:] if word != "--write"]
    counts, survivors = examine(names)
    listed = "".join(f"{mutant}\n" for mutant in survivors)
    print(listed)
    for noticed, count in counts.most_common():
        print(f"{count:7} {noticed}")
    print(f"{share(counts):.1%} of {counts.total() - counts['no change']} changes are noticed")
    if "--write" in sys.argv:
        NOT_NOTICED.write_text(listed, "utf-8")


if __name__ == "__main__":
    main()
