"""The part of the book that holds the tables: their rows in words, with sources, status and examples."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from service.cli.book.markup import Html, element, grid, joined, lines, listed
from service.cli.book.wording import Wording
from service.cli.words import written_day
from service.routing.engine.table import DecisionTable, Never, Row, When, written_days
from service.routing.facts.answers import Answers
from service.routing.facts.read_answers import Said
from service.routing.row_examples import RowExample
from service.routing.rule_set import RuleSet

_BESIDE: Final = "row"


class TablePages:
    """Writes the tables of a rule set."""

    def __init__(self, rule_set: RuleSet, examples: Sequence[RowExample], wording: Wording) -> None:
        """Prepare.

        Args:
            rule_set: the rules.
            examples: for rows somebody to whom they apply, and a near miss.
            wording: the words of the book.
        """
        self._rules = rule_set
        self._words = wording
        self._examples = {(one.table, one.row): one for one in examples}

    def sections(self) -> Iterator[Html]:
        """Give a section for each table."""
        for name, compiled in self._rules.tables.items():
            yield self._section(name, compiled.table)

    def nevers(self) -> Html:
        """Give what can never be true together of anybody."""
        words = self._words
        rows = [self._never_row(one) for one in self._rules.vocabulary.never]
        heads = (words.text("when"), words.text("why"), words.text("source"))
        return grid(words.text("never"), heads, rows, "never-table")

    def conditions(self, when: When) -> Html:
        """Say a condition, one column in a line."""
        columns = self._words.columns
        said = [joined([f"{columns.label(name)}: ", element("b", columns.accepted(name, when[name]))]) for name in when]
        return lines(said) if said else joined([self._words.text("anybody")])

    def _section(self, name: str, table: DecisionTable) -> Html:
        words, title = self._words, self._words.of(table.title)
        heads = [words.text(one) for one in (_BESIDE, "when", "then", "source", "status", "examples")]
        never = [joined([self.conditions(one.when), ". ", words.of(one.why)]) for one in table.never]
        return element(
            "section",
            element("h3", title, " ", element("code", name), id=f"table-{name}"),
            element("p", words.said("policy", table.policy), " ", words.said("effective_on", table.effective_on)),
            element("p", words.of(table.why_first)) if table.why_first else None,
            element("p", f"{words.text('reads')}: ", ", ".join(words.columns.label(one) for one in table.inputs), "."),
            element("h4", words.text("never")) if never else None,
            listed(never),
            grid(
                words.text("rows_of", table=title), heads, (self._row(table, row) for row in table.rows), f"rows-{name}"
            ),
            element("p", element("a", words.text("back"), href="#contents")),
            aria_labelledby=f"table-{name}",
        )

    def _row(self, table: DecisionTable, row: Row) -> Html:
        words = self._words
        then = lines(words.columns.outcome(table, output, value) for output, value in row.then.items())
        dated = row.valid_from or row.valid_to
        days = f"{words.text('days')}: {written_days(row.valid_from, row.valid_to)}" if dated else None
        return element(
            "tr",
            element("th", row.id, element("small", row.rule) if row.rule != row.id else None, scope="row"),
            element("td", self.conditions(row.when), element("p", days) if days else None),
            element("td", then or words.text("nothing"), element("p", words.of(row.note)) if row.note else None),
            element("td", words.sources(row.sources)),
            element("td", words.status(row.status)),
            element("td", self._example(table.name, row)),
            id=f"row-{table.name}-{row.id}",
        )

    def _example(self, table: str, row: Row) -> Html:
        words, example = self._words, self._examples.get((table, row.id))
        if example is None:
            return joined([words.text("no_example")])
        changed = {
            name: said for name, said in example.near.given.items() if example.fires.given.get(name) != said
        } or dict(example.near.given)
        near = words.text("near", rows=words.called.all_of(example.instead)) if example.instead else None
        return joined(
            [
                element(
                    "p",
                    words.text("example", day=written_day(example.on, words.language)),
                    " ",
                    self._told(example.fires),
                ),
                element("p", near or words.text("near_none"), " ", self._facts(changed)),
            ]
        )

    def _told(self, answers: Answers) -> Html:
        return self._facts(answers.given)

    def _facts(self, told: Mapping[str, Said]) -> Html:
        called, facts = self._words.called, self._rules.vocabulary.facts
        said = [
            f"{called.fact(name)}: {called.told(name, value)}" for name, value in told.items() if facts[name].of is None
        ]
        return joined(["; ".join(said) or self._words.text("nobody_told"), "."])

    def _never_row(self, never: Never) -> Html:
        return element(
            "tr",
            element("td", self.conditions(never.when)),
            element("td", self._words.of(never.why)),
            element("td", self._words.sources(never.sources)),
        )
