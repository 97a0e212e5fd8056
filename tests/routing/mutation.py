"""Changes one cell of the rules after the other and asks whether anything notices: a proof, an example, an invariant.

`python -m tests.routing.mutation [TABLE ...]` prints the share that is noticed and lists what is not; `--write` keeps
the list. A change that provably changes nothing for anybody is no change, and is counted apart.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from service.kernel.errors import DomainError
from service.routing.decide import decide_as_told
from service.routing.engine.cells import Cell
from service.routing.engine.compiled import CompiledTable, ImpossibleFacts, NoRowApplies, SeveralRowsApply, Value
from service.routing.engine.domains import UNKNOWN, Choice, Domain
from service.routing.engine.table import DecisionTable, Output, Row
from service.routing.examples import run_example
from service.routing.facts.answers import Answers
from service.routing.proofs.chain import Chain
from service.routing.proofs.invariants import broken_invariants, chain_of
from service.routing.row_examples import RowExample
from service.routing.rule_files.check_terms import terms_without_start
from service.routing.rule_files.prove_tables import proof_mistakes
from service.routing.rule_files.read_invariants import readable
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.rule_set import Example, RuleSet
from tests.routing.dutch import FOLDER, rules

NOT_NOTICED = Path(__file__).with_name("not_noticed.txt")
"""The changes that nothing notices, kept so that each of them is known."""


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
        if self.cell in ("valid_from", "valid_to"):
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


@dataclass(frozen=True)
class Told:
    """Somebody in an example, with the values and the rows of every table as the rules are."""

    answers: Answers
    on: date
    values: Mapping[str, Value]
    days: Mapping[str, date]
    rows: Mapping[str, Sequence[Row]]


class Examination:
    """The rules, everybody in their examples, and what notices a change."""

    def __init__(self, rule_set: RuleSet) -> None:
        """Decide about everybody in the examples once."""
        self.rule_set = rule_set
        self.columns = readable(rule_set.vocabulary, rule_set.tables)
        row_examples = read_row_examples(FOLDER, rule_set, [])
        self._stories = [(one, self._told(one.facts, one.on)) for one in rule_set.examples]
        self._fires = [(one, self._told(one.fires, one.on)) for one in row_examples]
        self._near = [(one, self._told(one.near, one.on)) for one in row_examples]

    def _told(self, answers: Answers, on: date) -> Told:
        findings = decide_as_told(self.rule_set, answers, on).findings
        values = next(iter(findings.values())).values
        return Told(
            answers,
            on,
            values,
            {name: one.day for name, one in findings.items()},
            {name: one.rows for name, one in findings.items()},
        )

    def noticed_by(self, mutant: Mutant) -> str:
        """Say what notices a change; `nothing` when nothing does, `no change` when it changes nothing for anybody."""
        old = self.rule_set.tables[mutant.table].table
        table = replace(old, rows=tuple(mutant.changed if row is mutant.row else row for row in old.rows))
        inputs = {name: self.columns[name] for name in table.inputs}
        compiled = CompiledTable(table, inputs, self.rule_set.vocabulary.never)
        if proof_mistakes(compiled) or [*terms_without_start(compiled)]:
            return "a proof"
        mutated = _Mutated(self.rule_set, compiled)
        if any(mutated.breaks(one, told) for one, told in self._fires):
            return "an example of a row"
        if any(mutated.breaks(one, told) for one, told in self._near):
            return "a near miss"
        if any(mutated.spoils(one, told) for one, told in self._stories):
            return "a story"
        if next(broken_invariants(mutated.rule_set, chain_of(mutated.rule_set)), None) is not None:
            return "an invariant"
        return "nothing" if mutated.matters(self.chain, mutant) else "no change"

    @cached_property
    def chain(self) -> Chain:
        """The chain of the rules as they are."""
        return chain_of(self.rule_set)


class _Mutated:
    """The rules with one table changed."""

    def __init__(self, before: RuleSet, compiled: CompiledTable) -> None:
        self.name = compiled.table.name
        self._before = before
        self._compiled = compiled

    @cached_property
    def rule_set(self) -> RuleSet:
        return replace(self._before, tables={**self._before.tables, self.name: self._compiled})

    def differs(self, told: Told) -> bool:
        """Tell whether somebody meets other rows of the changed table, or the same that give something else."""
        try:
            found = self._compiled.decide(told.values, told.days[self.name]).rows
        except (NoRowApplies, SeveralRowsApply, ImpossibleFacts):
            return True
        return [(row.id, row.then) for row in found] != [(row.id, row.then) for row in told.rows[self.name]]

    def breaks(self, example: RowExample, told: Told) -> bool:
        """Tell whether an example of a row does not hold: at once in the changed table, else by deciding."""
        if not self.differs(told):
            return False
        if example.table == self.name:
            return True
        try:
            found = decide_as_told(self.rule_set, told.answers, told.on).findings[example.table].rows
        except DomainError:
            return True
        return [row.id for row in found] != [row.id for row in told.rows[example.table]]

    def spoils(self, story: Example, told: Told) -> bool:
        """Tell whether a story does not come out as it says."""
        try:
            return self.differs(told) and not run_example(self.rule_set, story).holds
        except DomainError:
            return True

    def matters(self, chain: Chain, mutant: Mutant) -> bool:
        """Tell whether the row may apply to somebody before the change and not after, or the other way."""
        if mutant.row.when == mutant.changed.when:
            return True
        asked = [mutant.changed.when, *(one.when for one in self._before.invariants)]
        finer = Chain(chain.vocabulary, chain.tables, asked)
        before, after = (finer.fires(self._compiled, row) for row in (mutant.row, mutant.changed))
        return any(next(finer.people(one, (other,)), None) for one, other in ((before, after), (after, before)))


def examine(names: Sequence[str] = ()) -> tuple[Counter[str], list[Mutant]]:
    """Change every cell of the named tables, or of all, and give what noticed how many changes, and the rest."""
    examination = Examination(rules())
    counts: Counter[str] = Counter()
    survivors: list[Mutant] = []
    for name in names or rules().tables:
        for mutant in mutants(rules(), rules().tables[name].table):
            noticed = examination.noticed_by(mutant)
            counts[noticed] += 1
            if noticed == "nothing":
                survivors.append(mutant)
    return counts, survivors


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
