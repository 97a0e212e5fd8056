"""Shows a table of rules as a lawyer reads it: when, then, and on which ground; and the list of what can be shown."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Final

from rich.box import HORIZONTALS
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from service.cli.condition_words import ColumnWords
from service.cli.rules_screen import cited, columns, heading, indented, legend, rule_text, status_text
from service.cli.words import Language, in_language, pick, said
from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import DecisionTable, Output, Row, When, written_days
from service.routing.rule_set import RuleSet

Json = dict[str, object]

_ALWAYS: Final = ("altijd", "always")


def table_json(table: DecisionTable, on: date | None) -> Json:
    """Give a table as JSON, cells as rules write them.

    Args:
        table: the table.
        on: leave out the rows that are not valid on this day; None keeps all.
    """
    return {
        "table": table.name,
        "title": dict(table.title),
        "policy": str(table.policy),
        "why_first": dict(table.why_first),
        "effective_on": str(table.effective_on),
        "inputs": list(table.inputs),
        "outputs": {name: _output_json(output) for name, output in table.outputs.items()},
        "never": [{"when": _when_json(one.when), "why": dict(one.why)} for one in table.never],
        "rows": [_row_json(row) for row in rows_on(table, on)],
    }


def rows_on(table: DecisionTable, on: date | None) -> tuple[Row, ...]:
    """Give the rows that are valid on a day; all without a day."""
    return tuple(row for row in table.rows if on is None or row.applies_on(on))


def table_parts(
    rule_set: RuleSet, compiled: CompiledTable, on: date | None, language: Language
) -> Iterator[RenderableType]:
    """Give the screen of a table.

    Args:
        rule_set: the rules the table belongs to; labels come from it.
        compiled: the table.
        on: leave out the rows that are not valid on this day; None keeps all.
        language: the language of labels and outcomes; sources stay as they are cited.
    """
    table = compiled.table
    words = ColumnWords(rule_set, language)
    yield Text.assemble((table.name, "bold"), f"  {in_language(table.title, language)}")
    effective = said("effective_on", table.effective_on, language)
    yield Text(f"{said('policy', table.policy, language)} {effective}", style="dim")
    if table.why_first:
        yield Text(in_language(table.why_first, language), style="dim")
    yield heading(pick(("Leest", "Reads"), language))
    yield indented(columns(((Text(name, style="cyan"), words.label(name)) for name in table.inputs), (20, 20)))
    yield heading(pick(("Geeft", "Gives"), language))
    yield indented(
        columns(((Text(name, style="cyan"), _choices(one, language)) for name, one in table.outputs.items()), (20, 20))
    )
    yield from _never(table, words, language)
    yield Text()
    rows = rows_on(table, on)
    yield _grid(rows, table, words, language)
    yield from legend(rows, language)


def _never(table: DecisionTable, words: ColumnWords, language: Language) -> Iterator[RenderableType]:
    if table.never:
        yield heading(pick(("Kan nooit samen", "Can never be together"), language))
    for one in table.never:
        yield indented(words.conditions(one.when))
        yield indented(Text(in_language(one.why, language), style="dim"), 4)


def _grid(rows: Iterable[Row], table: DecisionTable, words: ColumnWords, language: Language) -> Table:
    grid = Table(box=HORIZONTALS, show_lines=True, show_edge=False, pad_edge=False, expand=True)
    grid.add_column(pick(("Regel", "Rule"), language), min_width=9)
    grid.add_column(pick(("Als", "When"), language), ratio=5, overflow="fold")
    grid.add_column(pick(("Dan, en waarom", "Then, and why"), language), ratio=6, overflow="fold")
    for row in rows:
        conditions = words.conditions(row.when) if row.when else Text(pick(_ALWAYS, language))
        grid.add_row(_rule(row, language), conditions, _outcome(row, table, words, language))
    return grid


def _rule(row: Row, language: Language) -> Text:
    text = rule_text(row.id, row.status).append("\n")
    if row.rule != row.id:
        text.append(f"({row.rule})\n", style="dim")
    return text.append_text(status_text(row.status, language))


def _outcome(row: Row, table: DecisionTable, words: ColumnWords, language: Language) -> Text:
    lines = [words.outcome(table, name, row.then[name]) for name in table.outputs if name in row.then]
    text = Text("\n".join(lines) or pick(("geen uitkomst", "no outcome"), language), style="bold")
    for source in row.sources:
        text.append(f"\n{cited(source)}", style="not bold dim")
    if row.valid_from or row.valid_to:
        text.append(f"\n{pick(('geldig', 'valid'), language)} {row.days()}", style="not bold cyan")
    if row.note:
        text.append(f"\n{in_language(row.note, language)}", style="not bold italic")
    return text


def _choices(output: Output, language: Language) -> str:
    choices = f"parameter ({output.parameter})" if output.parameter else ", ".join(output.values)
    return f"{choices}, {pick(('of niets', 'or nothing'), language)}" if output.optional else choices


def _output_json(output: Output) -> Json:
    return {
        "values": list(output.values),
        "optional": output.optional,
        "parameter": str(output.parameter) if output.parameter else None,
    }


def _when_json(when: When) -> Mapping[str, str]:
    return {column: str(cell) for column, cell in when.items()}


def _row_json(row: Row) -> Json:
    return {
        "id": row.id,
        "rule": row.rule,
        "when": _when_json(row.when),
        "then": dict(row.then),
        "status": str(row.status),
        "sources": [{"cite": one.cite, "jci": one.jci, "url": one.url, "note": one.note} for one in row.sources],
        "valid": written_days(row.valid_from, row.valid_to),
        "note": dict(row.note),
        "line": row.line,
    }
