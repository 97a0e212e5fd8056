"""Links tables to the facts and to each other, brings them in order, compiles and proves them."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.domains import Choice, Domain
from service.routing.engine.table import DecisionTable, Output, Policy
from service.routing.facts.parameters import Parameters
from service.routing.proofs.example import example_of
from service.routing.rule_files.prove_tables import proof_mistakes
from service.routing.rule_files.read_table import RowReader, TableHead
from service.routing.rule_files.read_vocabulary import VocabularyRead
from service.routing.rule_files.read_when import Domains
from service.routing.rule_files.table_order import Behind, in_order
from service.routing.text.mistakes import Mistake, closest, meant


@dataclass(frozen=True)
class Heads:
    """The tables of a folder before their rows are read.

    Attributes:
        read: what each file says about its table.
        unread: what files are called whose table nobody can tell; who reads such a table is not to blame.
    """

    read: Sequence[TableHead]
    unread: Collection[str] = ()

    def outputs(self) -> Mapping[str, Mapping[str, Output]]:
        """Give the outcomes that each table declares, also one whose rows hold mistakes."""
        return {head.name: head.outputs for head in self.read}


def linked_tables(
    heads: Heads,
    facts: VocabularyRead | None,
    parameters: Parameters | None,
    computed: Behind,
    mistakes: list[Mistake],
) -> Mapping[str, CompiledTable]:
    """Read the rows of all tables and compile the tables, each after the tables that it reads.

    Args:
        heads: the tables, rows unread, and the names of those that could not be read at all.
        facts: the vocabulary; None when its file could not be read.
        parameters: what outcomes may name; None when their file could not be read.
        computed: for every derived value the tables and derived values that its code reads.
        mistakes: where mistakes are added.
    """
    by_name = _by_name(heads.read, mistakes)
    _refuse_names_of_facts(by_name.values(), facts, mistakes)
    columns = _Columns(by_name, heads.unread, facts)
    compiled: dict[str, CompiledTable] = {}
    never = facts.vocabulary.never if facts else ()
    for head in in_order(by_name, computed, mistakes):
        before = len(mistakes)
        domains = columns.of(head, mistakes)
        table = RowReader(head, domains, parameters, mistakes).table()
        _refuse_twin_rows(table, mistakes)
        known = {name: domain for name, domain in domains.items() if domain is not None}
        if head.sound and len(mistakes) == before and len(known) == len(domains):
            compiled[head.name] = CompiledTable(table, known, never)
            # Without the combinations that cannot be, a proof would find gaps that are none.
            mistakes.extend(_proved(compiled[head.name], facts, compiled) if facts and facts.sound else ())
    return compiled


def _proved(one: CompiledTable, facts: VocabularyRead, before: Mapping[str, CompiledTable]) -> list[Mistake]:
    return proof_mistakes(one, lambda region: example_of(region, one, facts.vocabulary, before))


def _by_name(heads: Sequence[TableHead], mistakes: list[Mistake]) -> Mapping[str, TableHead]:
    found: dict[str, TableHead] = {}
    for head in heads:
        twin = found.setdefault(head.name, head)
        if twin is not head:
            mistakes.append(Mistake(head.file, 1, f"the table {head.name} exists already", f"in {twin.file}"))
    return found


def _refuse_names_of_facts(heads: Iterable[TableHead], facts: VocabularyRead | None, mistakes: list[Mistake]) -> None:
    taken = {*facts.vocabulary.facts, *facts.vocabulary.derived} if facts else {}
    mistakes.extend(
        Mistake(head.file, 1, f"{head.name} is the name of a fact or a derived value already")
        for head in heads
        if head.name in taken
    )


class _Columns:
    """Every name that a table may read: columns of facts, derived values, outcomes of other tables."""

    def __init__(self, heads: Mapping[str, TableHead], unread: Collection[str], facts: VocabularyRead | None) -> None:
        self._heads = heads
        self._unread = unread
        self._facts: Mapping[str, Domain] | None = None if facts is None else facts.vocabulary.columns()
        self._broken = frozenset() if facts is None else facts.broken

    def of(self, head: TableHead, mistakes: list[Mistake]) -> Domains:
        found: dict[str, Domain | None] = {}
        for name, node in head.inputs.items():
            known, domain = self._domain(name)
            if known:
                found[name] = domain
            else:
                what, hint = self._unreadable(name, head)
                mistakes.append(node.mistake(what, hint))
                found[name] = None
                if (near := closest(name, self._names(head))) is not None:
                    # Rows that spell it well are not to blame.
                    found.setdefault(near, None)
        return found

    def _domain(self, name: str) -> tuple[bool, Domain | None]:
        if self._facts is not None and name in self._facts:
            return True, self._facts[name]
        table, _, output_name = name.partition(".")
        if (other := self._heads.get(table)) is not None:
            output = other.outputs.get(output_name)
            if output is not None and output.parameter is None and other.policy is not Policy.COLLECT:
                return True, Choice(output.as_input())
            if output_name in other.broken_outputs:
                return True, None
        return self._facts is None or table in self._broken or table in self._unread, None

    def _unreadable(self, name: str, head: TableHead) -> tuple[str, str | None]:
        table, _, output_name = name.partition(".")
        other = self._heads.get(table)
        if other is not None and output_name in other.outputs:
            if other.policy is Policy.COLLECT:
                return f"the table {head.name} cannot read {name}: a collect table has many outcomes", None
            return f"the table {head.name} cannot read {name}: it names a parameter", None
        return f"the table {head.name} reads {name}, which nothing gives", meant(name, self._names(head))

    def _names(self, head: TableHead) -> list[str]:
        outcomes = [
            f"{other.name}.{name}"
            for other in self._heads.values()
            if other is not head and other.policy is not Policy.COLLECT
            for name, output in other.outputs.items()
            if output.parameter is None
        ]
        return [*(self._facts or ()), *outcomes]


def _refuse_twin_rows(table: DecisionTable, mistakes: list[Mistake]) -> None:
    first: dict[str, int] = {}
    for row in table.rows:
        line = first.setdefault(row.id, row.line)
        if row.id and line != row.line:
            mistakes.append(Mistake(table.file, row.line, f"the row {row.id} exists already", f"in line {line}"))
