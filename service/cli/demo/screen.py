"""What a rehearsal shows: the decision with row and source, who was told what and answered what, and what is left."""

import io
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.demo.stage import Stage, Verified
from service.cli.rules_screen import WIDEST, rule_text
from service.cli.words import NAMES, Language, in_language, pick, said, written_day
from service.kernel.clock import local_day
from service.routing.engine.table import Status
from service.routing.rule_set import Example

Json = dict[str, Any]
Pair = tuple[str, str]

_STATES: Final[Mapping[str, tuple[Pair, str]]] = {
    "accepted": (("✓ neemt aan", "✓ accepts"), "green"),
    "acknowledged": (("✓ heeft het gezien", "✓ has seen it"), "green"),
    "declined": (("✗ wijst af", "✗ declines"), "yellow"),
    "delivered": (("… zwijgt nog", "… silent so far"), "yellow"),
    "withdrawn": (("- teruggenomen", "- taken back"), "dim"),
}
SILENCE: Final = "silent_partner"
"""The kind of task that a partner who says nothing becomes."""

_STAYED_SILENT: Final = (("✗ bleef zwijgen: taak", "✗ stayed silent: a task"), "red")
_DISPATCHES: Final[Mapping[str, Pair]] = {
    "automatic": ("vanzelf", "by itself"),
    "after_confirmation": ("bevestigd", "confirmed"),
}
_NAME_WIDTH: Final = 32
_COORDINATOR_RULES: Final = {False: "RG-05", True: "RG-06"}
_BY_TELEPHONE: Final = (", per telefoon", ", by telephone")


class Screen:
    """The terminal of a rehearsal, in one language; colours and movement only where a terminal shows them."""

    def __init__(self, language: Language) -> None:
        """Use standard output.

        Args:
            language: the language of everything but the sources.
        """
        if isinstance(sys.stdout, io.TextIOWrapper):
            # A terminal that cannot write a letter shows a question mark in its place.
            sys.stdout.reconfigure(errors="replace")
        self._console = Console(highlight=False, markup=False, emoji=False)
        self._console.width = min(self._console.width, WIDEST)
        self._language = language

    def title(self) -> None:
        """Say what this is."""
        self._say(
            "Oefening met het nationaal verwijsmechanisme mensenhandel: verzonnen mensen, de echte regels.",
            "Rehearsal of the national referral mechanism: invented people, the rules in force.",
            style="bold",
        )

    def step(self, dutch: str, english: str) -> None:
        """Say what happens now."""
        self._console.print(Text.assemble(("→ ", "bold cyan"), self._either(dutch, english)))

    @contextmanager
    def waiting(self, dutch: str, english: str) -> Iterator[None]:
        """Show that something is waited for, as long as it lasts."""
        with self._console.status(Text(self._either(dutch, english), style="dim")):
            yield

    def case(self, number: int, count: int, example: Example, decision: Json) -> None:
        """Tell a story, and what was decided by which row on which source."""
        self._console.print()
        title = self._either(f"Zaak {number} van {count}", f"Case {number} of {count}")
        self._console.rule(Text(f"{title} · {example.id}", style="bold"), align="left")
        self._console.print(Text(in_language(example.story, self._language)))
        self._console.print()
        rows = self._grid(2)
        for place, outcome, rule, tables in self._outcomes(decision):
            rows.add_row(
                self._part(place), Text.assemble((outcome, "bold"), "\n", self._source(decision, rule, tables))
            )
        self._console.print(rows)

    def recall(self, example: Example) -> None:
        """Come back to a case that was told before."""
        story = in_language(example.story, self._language)
        self._console.print(Text.assemble((example.id, "bold"), f" · {story}"))

    def told(self, case: Json) -> None:
        """Show who was told what and what they answered, and what is left for the coordinator.

        Args:
            case: the case as its coordinator reads it.
        """
        self._console.print()
        rows = self._grid(3)
        for one in sorted(case["referrals"], key=lambda one: (one["partnerName"], one["rule"], one["id"])):
            name = Text(one["partnerName"])
            name.truncate(_NAME_WIDTH, overflow="ellipsis")
            what = said("notifications.content", one["content"], self._language)
            by = self._either(*_DISPATCHES[one["dispatch"]])
            rows.add_row(name, self._answer(case, one), Text(f"{what}, {by}, {one['rule']}", style="dim"))
        self._console.print(rows)
        self._left(case)

    def moved(self, to: datetime) -> None:
        """Say that time has passed."""
        self._console.print()
        day = written_day(local_day(to), self._language)
        self._console.rule(Text(self._either(f"De klok staat nu op {day}", f"It is now {day}"), "bold"), align="left")

    def desk(self, tasks: Iterable[Json]) -> None:
        """Show what lies on the desk: nothing that needs a person is only a line in a log."""
        counted = Counter(said("tasks.kind", task["kind"], self._language) for task in tasks)
        if not counted:
            return
        self._console.print()
        self._say("Nog op het bureau:", "Still on the desk:")
        rows = self._grid(2)
        for kind, count in counted.most_common():
            rows.add_row(Text(f"{count:>3}"), kind)
        self._console.print(rows)

    def verified(self, found: Verified) -> None:
        """Show the auditor's command and what it said."""
        self._console.print()
        self._console.print(Text.assemble(("$ ", "dim"), found.typed), soft_wrap=True)
        self._console.print(Text(found.said, style="green" if found.holds else "bold red"))

    def end(self, cases: int, seconds: float) -> None:
        """Say how long it took."""
        self._console.print()
        self._say(
            f"Zaken: {cases}. Tijd: {seconds:.0f} seconden.",
            f"Cases: {cases}. Time: {seconds:.0f} seconds.",
            style="bold",
        )

    def left_running(self, stage: Stage) -> None:
        """Show where everything is that is left running."""
        self._console.print()
        self._say("Alles draait door tot Ctrl-C.", "Everything runs on until Ctrl-C.", style="bold")
        rows = self._grid(3)
        rows.add_row("API", f"{stage.url}/v1", f"{stage.url}/v1/openapi.json")
        for role in stage.ROLES:
            rows.add_row(role.value, "", str(stage.token_file(role.value)))
        for partner, port in stage.partners.items():
            rows.add_row(partner, f"http://127.0.0.1:{port}/status", str(stage.token_file(partner)))
        self._console.print(rows)
        token = stage.token_file(stage.ROLES[0].value)
        self._console.print(f'curl -H "Authorization: Bearer $(cat {token})" {stage.url}/v1/tasks', soft_wrap=True)

    def _left(self, case: Json) -> None:
        content = case["decisions"][-1]["content"]
        left = [said("tasks.kind", one["kind"], self._language) for one in case["tasks"] if one["referralId"] is None]
        if count := len(content["questions"]):
            left.append(self._either(f"nog te vragen: {count}", f"still to ask: {count}"))
        for one in content["deadlines"][:1]:
            kind, day = said("deadlines.kind", one["kind"], self._language), date.fromisoformat(one["due"])
            left.append(f"{kind}: {written_day(day, self._language)} ({one['rule']})")
        if left:
            label = self._either("Voor de coördinator: ", "For the coordinator: ")
            self._console.print(Text.assemble((label, "bold"), "; ".join(left)))

    def _outcomes(self, decision: Json) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
        period, shelter, region = decision["reflectionPeriod"], decision["shelter"], decision["region"]
        tables = ("reflection_availability", "reflection_period")
        yield "reflection_period", self._period(period), period["rule"], tables
        outcome = said("shelter.type", shelter["type"], self._language)
        if shelter["placedBy"]:
            outcome += self._either("; plaatst: ", "; placed by: ")
            outcome += said("shelter.placed_by", shelter["placedBy"], self._language)
        yield "shelter", outcome, shelter["rule"], ("shelter",)
        coordinator = region["careCoordinator"]
        if region["fallback"]:
            coordinator = self._either("CoMensha springt in", "CoMensha steps in")
        yield "care_coordinator", coordinator, _COORDINATOR_RULES[region["fallback"]], ("region",)

    def _period(self, period: Json) -> str:
        outcome = said("reflection_period.status", period["status"], self._language)
        if period["reason"]:
            outcome += f": {said('reflection_period.reason', period['reason'], self._language)}"
        if period["ends"]:
            last = written_day(date.fromisoformat(period["ends"]), self._language)
            outcome += self._either(f" tot en met {last}", f" until {last}")
        return outcome

    def _answer(self, case: Json, one: Json) -> Text:
        words, style = _STATES.get(one["state"], ((one["state"], one["state"]), ""))
        if any(task["kind"] == SILENCE and task["referralId"] == one["id"] for task in case["tasks"]):
            words, style = _STAYED_SILENT
        answer = self._either(*words)
        if any(given["byHand"] for given in one["answers"]):
            answer += self._either(*_BY_TELEPHONE)
        if one["declineReason"]:
            answer += f": {said('referral.decline_reason', one['declineReason'], self._language)}"
        following = next((other for other in case["referrals"] if other["id"] == one.get("askedNext")), None)
        if following is not None:
            name = following["partnerName"]
            answer += self._either(f"\n  → {name} gevraagd", f"\n  → {name} is asked")
        attempts = max((delivery["attempts"] for delivery in one["deliveries"]), default=1)
        if attempts > 1:
            answer += self._either(f"\n  na uitval, poging {attempts}", f"\n  was down, attempt {attempts}")
        return Text(answer, style=style)

    def _source(self, decision: Json, rule: str, tables: tuple[str, ...]) -> Text:
        rows = [entry for entry in decision["trace"] if entry["rule"] == rule and entry["table"] in tables]
        sources = list(dict.fromkeys(source for entry in rows for source in entry["sources"]))
        status = Status(rows[0]["status"]) if rows else Status.ASSUMED
        more = f" +{len(sources) - 1}" if len(sources) > 1 else ""
        return Text.assemble(rule_text(rule, status), "  ", (f"{sources[0] if sources else ''}{more}", "dim"))

    def _part(self, part: str) -> Text:
        place = "part" if part in NAMES["part"] else "notifications.to"
        dutch, english = (said(place, part, language).capitalize() for language in (Language.NL, Language.EN))
        return Text(dutch) if self._language is Language.NL else Text.assemble(english, (f"\n{dutch.lower()}", "dim"))

    def _grid(self, columns: int) -> Table:
        grid = Table.grid(padding=(0, 2, 0, 2))
        for _ in range(columns):
            grid.add_column(overflow="fold")
        return grid

    def _say(self, dutch: str, english: str, style: str = "") -> None:
        self._console.print(Text(self._either(dutch, english), style=style))

    def _either(self, dutch: str, english: str) -> str:
        return pick((dutch, english), self._language)
