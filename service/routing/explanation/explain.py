"""Facts, rules and a day make an explanation: what `decide` would decide, and why."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from service.routing.decide import decide_and_keep_reading
from service.routing.decision import Decision, cited
from service.routing.engine.compiled import CompiledTable, Proof
from service.routing.engine.counterfactual import counterfactual
from service.routing.engine.table import Policy, Row
from service.routing.engine.trace import BlockedRow, blocked
from service.routing.explanation.changes import smallest_changes, without_detours
from service.routing.explanation.explained import (
    Audience,
    BetterRow,
    ExplainedTable,
    Explanation,
    FiredRow,
    Known,
    Obstacle,
    ToldFact,
)
from service.routing.explanation.grounds import Grounds
from service.routing.explanation.no_difference import no_difference
from service.routing.explanation.ways import is_told, value_of
from service.routing.facts.answers import Answers
from service.routing.facts.reading import Reading
from service.routing.rule_set import RuleSet

_ABOUT_REFLECTION: Final = ("reflection_period", "reflection_availability")
FOR_THE_PERSON: Final = (*_ABOUT_REFLECTION, "shelter", "interim_shelter")
"""The tables that say what a person gets; the others say who works on it."""
_LAW: Final = re.compile("Vreemdelingenwet|Vreemdelingencirculaire|Wet |Verdrag|Richtlijn|Verordening")
"""How titles of laws start; other titles, of newspapers and guides, can say what a person went through."""


def explain(rule_set: RuleSet, answers: Answers, on: date, audience: Audience) -> Explanation:
    """Explain what the rules say about the facts on a day.

    A professional sees everything. The person sees what was found about them and on which ground, without what belongs
    in a talk, and without the criteria of rows that did not apply.

    Args:
        rule_set: the mechanism of a country.
        answers: what was told.
        on: the decision date.
        audience: who reads it.

    Raises:
        ImpossibleFacts: the facts contradict each other.
    """
    decision, reading = decide_and_keep_reading(rule_set, answers, on)
    return _Explaining(rule_set, decision, reading).explanation(audience)


class _Explaining:
    """One explanation in the making."""

    def __init__(self, rule_set: RuleSet, decision: Decision, reading: Reading) -> None:
        self._rules = rule_set
        self._decision = decision
        self._reading = reading
        self._grounds = Grounds(rule_set, self._reading)

    def explanation(self, audience: Audience) -> Explanation:
        guards, questions = self._rules.vocabulary.guards, [one.fact for one in self._decision.questions]
        if audience is Audience.PERSON:
            silent = {*guards.frozen, *guards.in_person_only.facts}
            questions = [name for name in questions if name.partition(".")[0] not in silent]
            tables = tuple(self._for_the_person(name) for name in FOR_THE_PERSON if name in self._reading.rows)
        else:
            tables = tuple(self._tables())
        period = self._decision.reflection_period
        # The last day of a period that ended early is the day of what ended it.
        days_told = audience is Audience.PROFESSIONAL or period.status == "running"
        return Explanation(
            on=self._decision.on,
            starts=period.starts if days_told else None,
            ends=period.ends if days_told else None,
            length=period.length,
            rule_set=self._decision.rule_set,
            audience=audience,
            tables=tables,
            no_difference=no_difference(self._rules, self._reading, audience),
            questions=tuple(questions),
        )

    def _tables(self) -> Iterator[ExplainedTable]:
        for name in self._decision.findings:
            yield ExplainedTable(name, tuple(self._fired(name)), tuple(self._better(name)))

    def _for_the_person(self, name: str) -> ExplainedTable:
        silent = self._rules.vocabulary.guards.in_person_only.facts
        fired = [
            FiredRow(
                row=one.row,
                rule=one.rule,
                status=one.status,
                sources=tuple(_laws(name, row)),
                outcome=one.outcome,
                columns=(),
                facts=tuple(fact for fact in one.facts if fact.fact.partition(".")[0] not in silent),
            )
            for one, row in zip(self._fired(name), self._reading.rows[name], strict=True)
        ]
        return ExplainedTable(name, tuple(fired), ())

    def _fired(self, table: str) -> Iterator[FiredRow]:
        for row in self._reading.rows[table]:
            columns = self._grounds.columns(table, row)
            yield FiredRow(
                row=row.id,
                rule=row.rule,
                status=str(row.status),
                sources=tuple(cited(row)),
                outcome=dict(row.then),
                columns=tuple(Known(name, self._grounds.value(name)) for name in columns),
                facts=tuple(self._told(self._grounds.facts(columns))),
            )

    def _told(self, names: Iterable[str]) -> Iterator[ToldFact]:
        answers = self._reading.answers
        for name in names:
            yield ToldFact(name, value_of(answers, name), is_told(answers, name))

    def _better(self, table: str) -> Iterator[BetterRow]:
        """Give the rows that would be better for the person and are valid on the day, the nearest first.

        A row that somebody would have to be, choose or go through something else for is left out: naming it would be
        pressure, or tell which story pays.
        """
        compiled, frozen = self._rules.tables[table], self._rules.vocabulary.guards.frozen
        if compiled.table.policy is Policy.COLLECT:
            return
        (fired,), proof = self._reading.rows[table], self._decision.findings[table].proof
        found = [
            one
            for one in blocked(compiled, proof)
            if compiled.table.more_favourable(one.row, fired) and self._grounds.can_apply(one.row, frozen)
        ]
        wanted = {one.row.id: one.row for one in found}
        changes = smallest_changes(self._rules, self._reading, table, wanted) if wanted else {}
        needed = without_detours(compiled.table, wanted, changes)
        for one in _nearest_first(compiled, proof, found):
            yield BetterRow(
                row=one.row.id,
                rule=one.row.rule,
                sources=tuple(cited(one.row)),
                outcome=dict(one.row.then),
                obstacles=tuple(Obstacle(*cell) for cell in one.cells),
                change=needed.get(one.row.id, ()),
            )


def _laws(table: str, row: Row) -> Iterator[str]:
    """Give the laws that a person may read about; for shelter none, because which ones tells why."""
    if table in _ABOUT_REFLECTION:
        yield from (source.cite for source in row.sources if _LAW.match(source.cite))


def _nearest_first(compiled: CompiledTable, proof: Proof, rows: Iterable[BlockedRow]) -> list[BlockedRow]:
    """Bring rows in the order of how many columns would have to change for them; leave out what nothing leads to."""
    values = dict(zip(compiled.table.inputs, proof.values, strict=True))
    away = [(counterfactual(compiled, values, proof.day, {one.row.id}), one) for one in rows]
    return [one for nearest, one in sorted(away, key=lambda pair: pair[0].cost if pair[0] else 0) if nearest]
