"""Shows what a change of the rules changes: for whom, from when, what it was and becomes, and somebody for whom."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from service.cli.condition_words import ColumnWords
from service.cli.rules_screen import columns, heading, indented
from service.cli.words import NAMES, Language, in_language, pick, said, written_day
from service.routing.changes.diff import TableDiff, reaches_back
from service.routing.changes.people import Person
from service.routing.changes.report import ChangeReport
from service.routing.engine.laid_together import IMPOSSIBLE, Days
from service.routing.engine.table import DecisionTable, Policy, Row, When
from service.routing.engine.two_lists import Outcome
from service.routing.engine.versions import Change
from service.routing.facts.answers import Answers
from service.routing.proofs.person import Person as Invented
from service.routing.rule_set import RuleSet

Screen = Iterator[RenderableType]

_DAYS_OF: Final = {
    "decided_on": ("dag van het besluit", "day of the decision"),
    "judged_on": ("dag van aanvaarding, anders die van het besluit", "day of acceptance, else of the decision"),
    "term_starts_on": ("dag waarop de termijn begint", "day on which the term starts"),
}
_SUBJECTS: Final = {
    "fact": ("feit", "fact"),
    "table": ("tabel", "table"),
    "parameter": ("parameter", "parameter"),
    "place": ("plaatsen", "places"),
    "disclosure": ("inhoud van berichten", "content of messages"),
    "period step": ("stap van de bedenktijd", "step of the reflection period"),
    "source": ("bron van", "source of"),
}
_FEW: Final = 6
"""Values of a column up to which it is worth saying where each comes from."""


class ChangeScreen:
    """One report, laid out table by table."""

    def __init__(self, report: ChangeReport, language: Language) -> None:
        """Prepare.

        Args:
            report: what changes.
            language: the language of labels and outcomes.
        """
        self._report = report
        self._language = language

    def parts(self) -> Screen:
        """Give the screen from top to bottom."""
        report = self._report
        for label, rules in ((("was", "was"), report.old), (("wordt", "becomes"), report.new)):
            yield Text(f"{pick(label, self._language):8} {rules.name}", style="dim", overflow="fold")
        if not report.tables and not report.around:
            yield Text(self._either("Niets verandert.", "Nothing changes."), style="bold")
        if report.reaches_back:
            yield Text()
            yield self._retroactive()
        number = 0
        for one in report.tables:
            yield from self._table(one, number)
            number += len(one.changes)
        if report.tables:
            yield Text()
            yield Text(self._how_exact(), style="dim")
        yield from self._meanings()
        yield from self._around()

    def _how_exact(self) -> str:
        boxes = self._either(
            "De vakken onder 'Voor wie' zijn samen precies de gevallen waarin die tabel bij gelijke invoer iets anders"
            " geeft.",
            "The boxes under 'For whom' are together exactly the cases in which that table gives something else for"
            " the same inputs.",
        )
        same = self._either(
            "Elke tabel die hier niet staat, geeft iedereen hetzelfde: dat is bewezen.",
            "Every table that is not named here gives everybody the same: that is proved.",
        )
        # What changes around the tables, such as the default of a fact, can be another input.
        return boxes if self._report.around else f"{boxes} {same}"

    def _table(self, one: TableDiff, number: int) -> Screen:
        rules = self._report.old if one.is_gone else self._report.new
        table = rules.tables[one.name].table
        yield Text.assemble("\n", (one.name, "bold"), f"  {in_language(table.title, self._language)}")
        if one.is_new or one.is_gone:
            known = ("is nieuw", "is new") if one.is_new else ("verdwijnt", "is gone")
            yield indented(Text(self._either(*known), style="bold"))
        if one.reached_by:
            names = ", ".join(one.reached_by)
            text = self._either(
                f"Leest wat verandert: {names}. Voor wie dat hier iets uitmaakt, is niet in vakken uitgewerkt.",
                f"Reads what changes: {names}. For whom that makes a difference here is not worked out in boxes.",
            )
            yield indented(Text(text, style="dim"))
            for gone, come in self._report.seen(one.name):
                seen = self._either("in een voorbeeld", "in an example")
                yield indented(Text(f"{seen}: {', '.join(gone) or '-'} > {', '.join(come) or '-'}"), 4)
        for place, change in enumerate(one.changes):
            if change.known:
                yield from self._change(table, change, self._report.people.get(number + place))
        if new := sum(not change.known for change in one.changes):
            nobody = self._either(
                "uitkomsten voor wat nog niet kon worden verteld", "outcomes for what could not be told"
            )
            yield indented(Text(f"{new} {nobody}"))
        if not one.complete:
            yield indented(Text(self._either("... en nog meer.", "... and more.")))

    def _change(self, table: DecisionTable, change: Change, person: Person | None) -> Screen:
        yield Text()
        yield indented(Text(self._either("Voor wie:", "For whom:"), style="italic"))
        yield indented(self._conditions(change.region.when), 4)
        for axis, spans in change.region.days.items():
            label = pick(_DAYS_OF[axis], self._language)
            yield indented(Text(f"{label}: {self._spans(spans)}"), 4)
        if reaches_back(change, self._report.today):
            yield indented(self._retroactive(), 4)
        was = self._outcome(self._report.old, table, change.old)
        becomes = self._outcome(self._report.new, table, change.new)
        yield indented(
            columns(
                (
                    (self._either("was", "was"), Text(was, style="bold"), _ids(change.old_rows)),
                    (self._either("wordt", "becomes"), Text(becomes, style="bold"), _ids(change.new_rows)),
                ),
                (8, 20, 6),
            )
        )
        if person is None:
            nobody = self._either("Niemand gevonden die zo is.", "Nobody was found who is so.")
            yield indented(Text(nobody, style="dim"))
        else:
            yield from self._person(person)

    def _person(self, person: Person) -> Screen:
        answers = Answers(self._report.new.vocabulary, person.facts)
        described = in_language(Invented(answers, person.on).described(), self._language)
        yield indented(Text(self._either(f"Bijvoorbeeld {described}", f"For example {described}"), style="cyan"))
        old = person.old.as_json() if person.old else {}
        new = person.new.as_json()
        for part in person.changed_parts():
            lines = self._lines_of_part(part, old.get(part), new[part])
            yield indented(Text(said("part", part, self._language)), 4)
            yield indented(Text("\n".join(lines)), 6)

    def _conditions(self, when: When) -> Text:
        if not when:
            return Text(self._either("iedereen", "everybody"))
        new = {column: cell for column, cell in when.items() if _knows(self._report.new, column)}
        old = {column: cell for column, cell in when.items() if column not in new}
        text = ColumnWords(self._report.new, self._language).conditions(new)
        if old:
            text.append("\n" if new else "")
            text.append_text(ColumnWords(self._report.old, self._language).conditions(old))
        return text

    def _outcome(self, rules: RuleSet, table: DecisionTable, outcome: Outcome) -> str:
        if outcome == IMPOSSIBLE:
            return self._either("kan nooit", "can never be")
        if not isinstance(outcome, tuple):
            in_list = table.policy is Policy.COLLECT
            return self._either("niets", "nothing") if in_list else self._either("onbekend", "not known")
        words = ColumnWords(rules, self._language)
        given = dict(outcome)
        return "\n".join(words.outcome(table, name, given[name]) for name in table.outputs if name in given) or "-"

    def _meanings(self) -> Screen:
        """Say what the outcomes of other tables and the derived values are that bound the boxes."""
        bounds = [change.region.when for one in self._report.tables for change in one.changes]
        wanted: dict[str, dict[str, None]] = {}
        for when in bounds:
            for column, cell in when.items():
                wanted.setdefault(column, {}).update(dict.fromkeys(cell.words))
        lines = [line for column, values in wanted.items() for line in self._meaning(column, values)]
        if lines:
            yield heading(self._either("Wat dat betekent", "What that means"))
            for line in lines:
                yield indented(line)

    def _meaning(self, column: str, values: Mapping[str, None]) -> Iterator[RenderableType]:
        words = ColumnWords(self._report.new, self._language)
        derived = self._report.new.vocabulary.derived.get(column)
        table, _, output = column.partition(".")
        if derived is not None:
            yield Text.assemble((words.label(column), "bold"), f": {in_language(derived.how, self._language)}")
        elif table in self._report.new.tables and len(values) <= _FEW:
            for row in self._report.new.tables[table].table.rows:
                if row.then.get(output, "none") in values:
                    outcome = words.value(column, row.then.get(output, "none"))
                    yield Text.assemble((f"{words.label(column)}: {outcome}", "bold"), f" ({row.id} {row.days()})")
                    yield indented(self._conditions(row.when), 4)

    def _around(self) -> Screen:
        if not self._report.around:
            return
        yield heading(self._either("Daaromheen", "Around the tables"))
        for one in self._report.around:
            days = "" if one.days is None else f"  ({self._span(one.days)})"
            yield indented(Text.assemble((f"{pick(_SUBJECTS[one.subject], self._language)} {one.name}", "bold"), days))
            nothing = self._either("niets", "nothing")
            yield indented(Text(f"- {one.old or nothing}\n+ {one.new or nothing}"), 4)
            if one.reaches_back(self._report.today):
                yield indented(self._retroactive(), 4)

    def _lines_of_part(self, part: str, old: object, new: object) -> list[str]:
        """Give what goes out of a part of a decision and what comes in, name by name or entry by entry."""
        if isinstance(new, Mapping):
            was: Mapping[str, object] = old if isinstance(old, Mapping) else {}
            changed = [name for name in new if was.get(name) != new[name]]
            return [
                f"{name}: {self._word(part, name, was.get(name))} > {self._word(part, name, new[name])}"
                for name in changed
            ]
        before, after = (one if isinstance(one, list) else [] for one in (old, new))
        gone = [f"- {self._entry(part, one)}" for one in before if one not in after]
        return [*gone, *(f"+ {self._entry(part, one)}" for one in after if one not in before)]

    def _entry(self, part: str, entry: object) -> str:
        if isinstance(entry, Mapping):
            return ", ".join(self._word(part, name, value) for name, value in entry.items() if value is not None)
        return self._word(part, "track", entry)

    def _word(self, part: str, name: str, value: object) -> str:
        """Say a value of a decision in words where it is a code."""
        if isinstance(value, list):
            return ", ".join(map(str, value))
        place = f"{part}.{name}"
        return said(place, value, self._language) if place in NAMES and isinstance(value, str) else str(value or "-")

    def _retroactive(self) -> Text:
        text = self._either(
            "TERUGWERKEND: dagen die voorbij zijn krijgen een andere uitkomst.",
            "RETROACTIVE: days that have passed get another outcome.",
        )
        return Text(text, style="bold magenta")

    def _spans(self, spans: tuple[Days, ...]) -> str:
        return ", ".join(self._span(span) for span in spans)

    def _span(self, span: Days) -> str:
        first, last = span
        if first is None and last is None:
            return self._either("altijd", "always")
        if first is None:
            return self._either("tot en met ", "until ") + self._day(last)
        if last is None:
            return self._either("vanaf ", "from ") + self._day(first)
        return f"{self._day(first)} - {self._day(last)}"

    def _day(self, day: date | None) -> str:
        return "" if day is None else written_day(day, self._language)

    def _either(self, dutch: str, english: str) -> str:
        return pick((dutch, english), self._language)


def _knows(rules: RuleSet, column: str) -> bool:
    return column in rules.vocabulary.columns() or column.partition(".")[0] in rules.tables


def _ids(rows: tuple[Row, ...]) -> Text:
    return Text(", ".join(row.id for row in rows) or "-", style="cyan")
