"""Shows a decision to a person: what is proposed, who is told, what is due, what to ask, and on which ground."""

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import RenderableType
from rich.text import Text

from service.cli.rules_screen import columns, grounds, heading, indented, legend, rule_text, weakest
from service.cli.words import Language, in_language, pick, said, written_day, written_due, written_length
from service.routing.decision import Decision, Notification
from service.routing.engine.table import Row
from service.routing.facts.places import COMENSHA
from service.routing.rule_set import RuleSet

Screen = Iterator[RenderableType]
Line = tuple[str | Text, ...]

_DISPATCHES: Final = ("automatic", "after_confirmation")


class DecisionScreen:
    """One decision, laid out part by part."""

    def __init__(self, rule_set: RuleSet, decision: Decision, language: Language) -> None:
        """Prepare.

        Args:
            rule_set: the rules that decided; labels and names of places come from it.
            decision: what they decided.
            language: the language of labels and outcomes; sources stay as they are cited.
        """
        self._rules = rule_set
        self._decision = decision
        self._language = language
        self._shown: list[Row] = []

    def parts(self) -> Screen:
        """Give the screen from top to bottom."""
        yield from self._top()
        yield from self._reflection_period()
        yield from self._shelter()
        yield from self._region()
        yield from self._notifications()
        yield from self._deadlines()
        yield from self._tasks()
        yield from self._tracks()
        yield from self._questions()
        yield from legend(self._shown, self._language)

    def _top(self) -> Screen:
        day = written_day(self._decision.on, self._language)
        yield Text(f"{self._either('Besluit op', 'Decision on')} {day}", style="bold")
        yield Text(self._rules.name, style="dim", overflow="fold")
        yield Text(self._either("Een voorstel: een mens beslist.", "A proposal: a person decides."), style="dim")

    def _reflection_period(self) -> Screen:
        found = self._decision.reflection_period
        details: list[Line] = []
        if found.reason:
            details.append((self._either("reden", "reason"), self._said("reflection_period.reason", found.reason)))
        if found.length:
            details.append((self._either("duur", "length"), written_length(found.length, self._language)))
        if found.starts and found.ends:
            first, last = (written_day(day, self._language) for day in (found.starts, found.ends))
            details.append((self._either("van - tot en met", "from - to"), f"{first} - {last}"))
        rows = self._rows(("reflection_availability", "reflection_period"), found.rule)
        status = self._said("reflection_period.status", found.status)
        yield from self._part("reflection_period", status, details, rows)

    def _shelter(self) -> Screen:
        found = self._decision.shelter
        details: list[Line] = []
        if found.interim:
            interim = self._said("interim_shelter.interim", found.interim)
            details.append((self._either("tot dan", "until then"), interim))
        if found.next:
            details.append((self._either("daarna", "after that"), self._said("shelter.next", found.next)))
        if found.placed_by:
            placed_by = self._said("shelter.placed_by", found.placed_by)
            details.append((self._either("plaatst", "placed by"), placed_by))
        rows = self._rows(("shelter",), found.rule)
        if found.interim_rule:
            rows = (*rows, *self._rows(("interim_shelter",), found.interim_rule))
        yield from self._part("shelter", self._said("shelter.type", found.type), details, rows)

    def _region(self) -> Screen:
        found = self._decision.region
        unknown = self._said("", "unknown")
        known = self._rules.places.municipalities.get(found.municipality or "")
        place = f"{known.name} ({known.code})" if known else found.municipality or unknown
        coordinator = found.care_coordinator
        if found.fallback and coordinator != COMENSHA:
            coordinator += self._either(" (CoMensha springt in)", " (CoMensha steps in)")
        details: list[Line] = [
            (self._either("zorgcoördinatie", "care coordinator"), coordinator),
            (self._either("centrumgemeente", "central municipality"), found.central_municipality or unknown),
            (self._either("politie-eenheid", "police unit"), found.police_unit or unknown),
        ]
        rows = tuple(row for rule in found.rules for row in self._rows(("region",), rule))
        yield from self._part("region", place, details, rows)

    def _notifications(self) -> Screen:
        told = self._decision.notifications
        yield self._heading("notifications", told)
        for dispatch in _DISPATCHES:
            lines = [self._notification(one) for one in told if one.dispatch == dispatch]
            if lines:
                yield indented(Text(self._said("notifications.dispatch", dispatch) + ":", style="italic"))
                yield indented(columns(lines, (26, 18, 15, 5)), 4)
        in_sight = sorted(told, key=lambda one: _DISPATCHES.index(one.dispatch))
        yield from self._grounds("notifications", (one.rule for one in in_sight))

    def _notification(self, one: Notification) -> Line:
        due = written_due(one.due, one.due_at, self._language)
        to, content = self._said("notifications.to", one.to), self._said("notifications.content", one.content)
        return Text(to, style="bold"), content, due, self._marked("notifications", one.rule)

    def _deadlines(self) -> Screen:
        due = self._decision.deadlines
        yield self._heading("deadlines", due)
        lines: list[Line] = [
            (
                written_due(one.due, one.due_at, self._language),
                Text(self._said("deadlines.kind", one.kind), style="bold"),
                self._marked("deadlines", one.rule),
            )
            for one in due
        ]
        yield indented(columns(lines, (15, 40, 5)))
        yield from self._grounds("deadlines", (one.rule for one in due))

    def _tasks(self) -> Screen:
        tasks = self._decision.tasks
        yield self._heading("tasks", tasks)
        lines: list[Line] = [
            (Text(self._said("tasks.kind", one.kind), style="bold"), self._marked("tasks", one.rule)) for one in tasks
        ]
        yield indented(columns(lines, (57, 5)))
        yield from self._grounds("tasks", (one.rule for one in tasks))

    def _tracks(self) -> Screen:
        tracks = self._decision.tracks
        yield self._heading("tracks", tracks)
        for track in tracks:
            yield indented(Text(self._said("tracks.track", track), style="bold"))
        yield from self._grounds("tracks", (row.rule for row in self._decision.findings["tracks"].rows))

    def _questions(self) -> Screen:
        questions = self._decision.questions
        yield self._heading("questions", questions)
        for one in questions:
            parts = ", ".join(self._said("part", part).lower() for part in one.would_change)
            changes = self._either("kan veranderen: ", "could change: ") + parts
            yield indented(Text.assemble((self._question(one.fact), "bold"), (f"  {one.fact}", "dim")))
            yield indented(Text(changes, style="dim"), 4)

    def _question(self, name: str) -> str:
        fact_name, _, key = name.partition(".")
        fact = self._rules.vocabulary.facts[fact_name]
        question = in_language(fact.question, self._language)
        return f"{question} ({in_language(fact.keys[key], self._language)})" if key else question

    def _part(self, part: str, headline: str, details: Iterable[Line], rows: Iterable[Row]) -> Screen:
        yield heading(self._said("part", part))
        yield indented(Text(headline, style="bold"))
        yield indented(columns(details, (20, 20)))
        yield from self._because(rows)

    def _heading(self, part: str, found: tuple[object, ...]) -> Text:
        nothing = "" if found else ": " + self._said("", "none")
        return heading(self._said("part", part) + nothing)

    def _grounds(self, table: str, rules: Iterable[str]) -> Screen:
        yield from self._because([row for rule in dict.fromkeys(rules) for row in self._rows((table,), rule)])

    def _because(self, rows: Iterable[Row]) -> Screen:
        found = list(rows)
        self._shown.extend(found)
        if found:
            yield Text()
            yield indented(grounds(found, self._language), 4)

    def _rows(self, tables: tuple[str, ...], rule: str) -> tuple[Row, ...]:
        findings = self._decision.findings
        return tuple(row for table in tables for row in findings[table].rows if row.rule == rule)

    def _marked(self, table: str, rule: str) -> Text:
        return rule_text(rule, weakest(self._rows((table,), rule)))

    def _said(self, place: str, value: str) -> str:
        return said(place, value, self._language)

    def _either(self, dutch: str, english: str) -> str:
        return pick((dutch, english), self._language)
