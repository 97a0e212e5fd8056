"""Shows how a decision came about, table by table: the rows that applied, and what stood in the way of the others."""

from collections.abc import Iterator, Mapping

from rich.console import RenderableType
from rich.text import Text

from service.cli.rules_screen import columns, heading, indented, rule_text
from service.cli.words import Language, in_language, pick, said
from service.routing.decision import Decision
from service.routing.engine.compiled import Finding
from service.routing.engine.table import Row
from service.routing.engine.trace import BlockedRow, blocked
from service.routing.rule_set import RuleSet

Json = dict[str, object]


def blocked_json(rule_set: RuleSet, decision: Decision) -> list[Json]:
    """Give every row that did not apply, in the order of the trace, with each cell that stood in its way.

    Args:
        rule_set: the rules that decided.
        decision: what they decided.
    """
    return [
        {
            "table": table,
            "row": one.row.id,
            "cells": [{"column": cell.column, "wanted": cell.wanted, "found": cell.found} for cell in one.cells],
        }
        for table, finding in decision.findings.items()
        for one in blocked(rule_set.tables[table], finding.proof)
    ]


def trace_parts(rule_set: RuleSet, decision: Decision, language: Language) -> Iterator[RenderableType]:
    """Give the screen below a decision that says why, in the order in which the tables read each other.

    Args:
        rule_set: the rules that decided.
        decision: what they decided.
        language: the language of headings; names of columns and values stay as rules write them.
    """
    yield heading(said("part", "trace", language))
    for table, finding in decision.findings.items():
        title = in_language(finding.table.title, language)
        yield Text.assemble("\n  ", (table, "bold"), f"  {title}")
        yield indented(columns(_lines(rule_set, table, finding, language), (7, 20)), 4)


def _lines(rule_set: RuleSet, table: str, finding: Finding, language: Language) -> Iterator[tuple[Text, Text]]:
    for row in finding.rows:
        yield (
            rule_text(row.id, row.status),
            Text(f"{pick(('geldt', 'applies'), language)}: {_outcome(row)}", style="bold"),
        )
    for one in blocked(rule_set.tables[table], finding.proof):
        yield Text(one.row.id, style="dim"), Text(_obstacles(one, language), style="dim")


def _outcome(row: Row) -> str:
    then: Mapping[str, str] = row.then
    return ", ".join(f"{name} {value}" for name, value in then.items()) or "-"


def _obstacles(one: BlockedRow, language: Language) -> str:
    if not one.cells:
        return pick(("past ook, maar een eerdere regel geldt", "fits too, but a row before it applies"), language)
    wants, finds = pick(("vraagt", "wants"), language), pick(("vond", "found"), language)
    return "\n".join(f"{cell.column}: {wants} {cell.wanted}, {finds} {cell.found}" for cell in one.cells)
