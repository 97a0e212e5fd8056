"""The part of the book that says who may read what: per recipient its facts, on which ground and why."""

from collections.abc import Iterator

from service.cli.book.markup import Html, element, grid, lines
from service.cli.book.wording import Wording
from service.cli.show_disclosure import either, title
from service.routing.disclosure import Ground, Line
from service.routing.rule_set import RuleSet


def disclosure(rule_set: RuleSet, words: Wording) -> Iterator[Html]:
    """Give every ground with its sources, and every line with the reason for each fact."""
    found = rule_set.disclosure
    heads = [words.text(one) for one in ("ground", "source", "status")]
    yield grid(words.text("grounds"), heads, (_ground(one, words) for one in found.grounds.values()), "ground-table")
    heads = [words.text(one) for one in ("recipient", "purpose", "ground", "fact", "why", "status")]
    rows = (row for line in found.lines for row in _rows(line, words))
    yield grid(words.text("may_read"), heads, rows, "disclosure-table")


def _ground(ground: Ground, words: Wording) -> Html:
    return element(
        "tr",
        element("th", words.of(ground.text), scope="row"),
        element("td", words.sources(ground.sources)),
        element("td", words.status(ground.status)),
    )


def _rows(line: Line, words: Wording) -> Iterator[Html]:
    about = (
        element("th", title(line, words.language), scope="row"),
        element("td", words.of(line.process.purpose)),
    )
    if not line.told:
        cells = (either(line.grounds, words.language), words.text("nothing"), "", "")
        yield element("tr", *about, *(element("td", cell) for cell in cells))
    for one in line.told:
        grounds = [either(one_of, words.language) for one_of in (line.grounds, one.grounds) if one_of]
        yield element(
            "tr",
            *about,
            element("td", lines(grounds)),
            element("td", ", ".join(words.called.fact(name) for name in one.names)),
            element("td", words.of(one.why)),
            element("td", words.status(one.status)),
        )
