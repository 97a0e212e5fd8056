"""Puts the book of rules together as one page of HTML: no script, nothing fetched, the same bytes each time."""

from collections.abc import Iterator, Sequence
from typing import Final

from service.cli.book.disclosure_page import disclosure
from service.cli.book.markup import Html, element, joined
from service.cli.book.other_pages import facts, parameters, proofs, stories
from service.cli.book.table_pages import TablePages
from service.cli.book.wording import Wording
from service.cli.words import Language
from service.routing.engine.table import Status
from service.routing.examples import Outcome
from service.routing.row_examples import RowExample
from service.routing.rule_set import RuleSet

_STYLE: Final = """
:root { color-scheme: light; }
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; }
body { margin: 0 auto; max-width: 90rem; padding: 0 1rem 3rem; }
a { color: #154273; }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid #154273; outline-offset: 2px; }
.skip { position: absolute; left: -100vw; background: #fff; padding: .5rem 1rem; }
.skip:focus { left: 1rem; top: .5rem; }
h1, h2, h3, h4 { line-height: 1.25; }
h2 { border-bottom: 2px solid #154273; margin-top: 3rem; padding-bottom: .25rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
caption { text-align: left; font-weight: bold; padding: .25rem 0; }
th, td { border: 1px solid #6b6b6b; padding: .4rem .6rem; text-align: left; vertical-align: top; }
thead th { background: #e6ecf2; }
td ul { margin: 0; padding-left: 1.1rem; }
td p { margin: .5rem 0 0; }
td p:first-child { margin-top: 0; }
small { display: block; font-weight: normal; }
code, .jci { font-size: .85em; overflow-wrap: anywhere; }
.status { border: 1px solid #1a1a1a; border-radius: .25rem; padding: 0 .35rem; white-space: nowrap; }
.assumed { background: #fff4d6; }
.contested { background: #fbe3ea; }
.old_text { background: #e3f1f5; }
.sourced { background: #e5f3e5; }
dt { font-weight: bold; margin-top: .5rem; }
@media print {
  @page { size: A4 landscape; margin: 12mm; }
  body { font-size: 9pt; max-width: none; padding: 0; }
  .skip, nav { display: none; }
  .wide { overflow: visible; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""
_PARTS: Final = ("reading", "proofs", "tables", "disclosure", "parameters", "facts", "stories")


class RuleBook:
    """A rule set as a book in one language."""

    def __init__(
        self, rule_set: RuleSet, examples: Sequence[RowExample], outcomes: Sequence[Outcome], language: Language
    ) -> None:
        """Prepare.

        Args:
            rule_set: the rules; that they could be read means that they are proved.
            examples: for rows somebody to whom they apply, and a near miss.
            outcomes: how the stories came out.
            language: Dutch or English.
        """
        self._rules = rule_set
        self._outcomes = outcomes
        self._words = Wording(rule_set, language)
        self._tables = TablePages(rule_set, examples, self._words)

    def text(self) -> str:
        """Give the page."""
        words = self._words
        head = element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("title", f"{words.text('title')}: {self._rules.country}"),
            element("style", Html(_STYLE)),
        )
        body = element(
            "body",
            element("a", words.text("skip"), class_="skip", href="#main"),
            element("header", element("h1", words.text("title")), element("p", words.text("subtitle"))),
            self._contents(),
            element("main", *self._parts(), id="main", tabindex="-1"),
        )
        return f"<!DOCTYPE html>\n{element('html', head, body, lang=words.language)}\n".replace("</tr>", "</tr>\n")

    def _contents(self) -> Html:
        words = self._words
        tables = [
            element("li", element("a", words.of(compiled.table.title), href=f"#table-{name}"))
            for name, compiled in self._rules.tables.items()
        ]
        items = [
            element(
                "li",
                element("a", words.text(part), href=f"#{part}"),
                element("ol", *tables) if part == "tables" else None,
            )
            for part in _PARTS
        ]
        title = element("h2", words.text("contents"), id="contents")
        return element("nav", title, element("ol", *items), aria_labelledby="contents")

    def _parts(self) -> Iterator[Html]:
        rules, words = self._rules, self._words
        content: dict[str, Iterator[Html]] = {
            "reading": self._reading(),
            "proofs": proofs(rules, words),
            "tables": self._tables.sections(),
            "disclosure": disclosure(rules, words),
            "parameters": iter((parameters(rules, words),)),
            "facts": self._facts(),
            "stories": stories(self._outcomes, words),
        }
        for part in _PARTS:
            title = element("h2", words.text(part), id=part)
            yield element("section", title, joined(content[part]), aria_labelledby=part)

    def _reading(self) -> Iterator[Html]:
        words = self._words
        yield element("p", words.text("proposes"), " ", words.text("sources_dutch"))
        yield element("p", f"{words.text('version')} ", element("code", self._rules.name), ".")
        yield element("h3", words.text("statuses"))
        meanings = ((status, words.said("status.meaning", status)) for status in Status)
        yield element(
            "dl",
            *(joined([element("dt", words.status(status)), element("dd", meaning)]) for status, meaning in meanings),
        )

    def _facts(self) -> Iterator[Html]:
        yield from facts(self._rules, self._words)
        yield self._tables.nevers()
