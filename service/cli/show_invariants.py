"""Shows what holds for every possible person: each statement with its source; all of them were proved on reading."""

from collections.abc import Iterable, Iterator

from rich.console import RenderableType
from rich.text import Text

from service.cli.rules_screen import cited, indented
from service.cli.words import Language, in_language, pick
from service.routing.engine.table import written_days
from service.routing.rule_set import Invariant

Json = dict[str, object]

INVARIANTS = "invariants"


def invariants_json(invariants: Iterable[Invariant]) -> Json:
    """Give statements as JSON."""
    return {INVARIANTS: [_json(one) for one in invariants]}


def invariants_parts(invariants: Iterable[Invariant], language: Language) -> Iterator[RenderableType]:
    """Give the screen of statements, one under the other."""
    yield Text(pick(("Bewezen voor ieder mogelijk mens", "Proved for every possible person"), language), style="green")
    for one in invariants:
        yield Text()
        yield Text(in_language(one.text, language), style="bold")
        days = written_days(one.valid_from, one.valid_to)
        yield indented(
            Text("\n".join((one.id if days == ".." else f"{one.id}  {days}", *map(cited, one.sources))), style="dim")
        )


def _json(one: Invariant) -> Json:
    return {
        "id": one.id,
        "text": dict(one.text),
        "valid": written_days(one.valid_from, one.valid_to),
        "sources": [{"cite": it.cite, "jci": it.jci, "url": it.url, "note": it.note} for it in one.sources],
        "line": one.line,
    }
