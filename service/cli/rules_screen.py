"""What the screens about rules have in common: one look, plain where nobody watches, and JSON with the same bytes."""

import io
import json
import sys
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from service.cli.words import Language, said
from service.routing.engine.table import Row, Source, Status

WIDEST: Final = 100
"""Columns beyond which lines become too long to read."""

_COLOURS: Final = {
    Status.SOURCED: "green",
    Status.OLD_TEXT: "cyan",
    Status.ASSUMED: "yellow",
    Status.CONTESTED: "magenta",
}
_WEAKEST_FIRST: Final = (Status.CONTESTED, Status.ASSUMED, Status.OLD_TEXT, Status.SOURCED)


def show(parts: Iterable[RenderableType]) -> None:
    """Print one thing under the other, without colour where the output is no terminal."""
    console = Console(highlight=False, markup=False, emoji=False)
    console.width = min(console.width, WIDEST)
    with console.capture() as printed:
        for part in parts:
            console.print(part)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot write a letter shows a question mark in its place.
        sys.stdout.reconfigure(errors="replace")
    # Columns are filled up with spaces; they would only be in the way in a file or a mail.
    for line in printed.get().splitlines():
        print(line.rstrip())


def print_json(value: object) -> None:
    """Print JSON: the same value gives the same bytes wherever the command runs."""
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    sys.stdout.flush()
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def heading(text: str) -> Text:
    """Give the heading of a part, with an empty line above."""
    return Text(f"\n{text}", style="bold")


def indented(part: RenderableType, by: int = 2) -> Padding:
    """Move a part to the right."""
    return Padding(part, (0, 0, 0, by))


def columns(rows: Iterable[tuple[str | Text, ...]], narrowest: tuple[int, ...]) -> Table:
    """Lay rows out in columns without lines; what is too long goes on below itself.

    Args:
        rows: the cells.
        narrowest: the width that a column keeps however long the others are; the last column takes the rest.
    """
    grid = Table.grid(padding=(0, 2, 0, 0), expand=False)
    for width in narrowest:
        grid.add_column(min_width=width, overflow="fold")
    for row in rows:
        grid.add_row(*row)
    return grid


def status_text(status: Status, language: Language) -> Text:
    """Say how well a rule is founded; what is not certain stands out without colour too."""
    return Text(said("status", status, language), style=_COLOURS[status])


def rule_text(rule: str, status: Status) -> Text:
    """Give the id of a rule in the colour of its status."""
    return Text(rule, style=_COLOURS[status])


def weakest(rows: Iterable[Row]) -> Status:
    """Give the weakest status among rows; nothing at all is an assumption."""
    return weakest_of({row.status for row in rows})


def weakest_of(found: Collection[Status]) -> Status:
    """Give the weakest of several; nothing at all is an assumption."""
    return next((status for status in _WEAKEST_FIRST if status in found), Status.ASSUMED)


def cited(source: Source) -> str:
    """Write a source as a lawyer would cite it."""
    return source.cite if source.note is None else f"{source.cite} ({source.note})"


def grounds(rows: Iterable[Row], language: Language) -> Group:
    """List the rules behind a part of a decision: each with its status and its sources, one under the other."""
    sources: dict[tuple[str, Status], dict[str, None]] = {}
    for row in rows:
        found = sources.setdefault((row.rule, row.status), {})
        found.update(dict.fromkeys(cited(source) for source in row.sources))
    return Group(columns(_grounds(sources, language), (6, 9, 20)))


def _grounds(
    sources: dict[tuple[str, Status], dict[str, None]], language: Language
) -> Iterator[tuple[str | Text, ...]]:
    for (rule, status), cites in sources.items():
        yield rule_text(rule, status), status_text(status, language), Text("\n".join(cites), style="dim")


def legend(rows: Iterable[Row], language: Language) -> Iterator[RenderableType]:
    """Say what the marks mean that stand beside the rules of a screen."""
    found = {row.status for row in rows} - {Status.SOURCED}
    if found:
        yield Text()
        marks = [status for status in _WEAKEST_FIRST if status in found]
        yield columns(
            (
                (status_text(mark, language), Text(said("status.meaning", mark, language), style="dim"))
                for mark in marks
            ),
            (9, 20),
        )
