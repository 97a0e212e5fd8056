"""What a rehearsal shows: the decision with rule and source, who was told what, what they answered, the trail."""

from collections.abc import Mapping
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from service.cli.demo.caller import Json
from service.routing.rule_set import Example

_BY_ITSELF: Final = {"automatic": "by itself", "after_confirmation": "confirmed"}
_STATES: Final = {
    "accepted": "green",
    "declined": "yellow",
    "queued": "dim",
    "proposed": "dim",
}
_NOT_LISTENING: Final = "no system listens yet"
_REFLECTION: Final = ("reflection_availability", "reflection_period")
_SHELTER: Final = ("shelter",)
_REGION: Final = ("region",)
_RESPONSIBLE: Final = {True: "RG-06", False: "RG-05"}


class Screen:
    """The terminal of a rehearsal."""

    def __init__(self) -> None:
        """Use standard output; colours only where a terminal shows them."""
        self._console = Console(highlight=False)

    def step(self, words: str) -> None:
        """Say what is being done now."""
        self._console.print(Text.assemble(("→ ", "bold cyan"), words))

    def story(self, number: int, count: int, example: Example) -> None:
        """Tell the story of a case."""
        self._console.print()
        self._console.rule(f"[bold]Case {number} of {count} · {example.id}", align="left")
        self._console.print(example.story["en"])
        if "nl" in example.story:
            self._console.print(Text(example.story["nl"], style="italic dim"))

    def decision(self, content: Json) -> None:
        """Show what was decided, by which rule and on which source."""
        trace = content["trace"]
        period, shelter, region = content["reflectionPeriod"], content["shelter"], content["region"]
        table = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column()
        table.add_row("Decision", Text(f"of {content['on']}, rules {content['ruleSet'][:22]}…"))
        table.add_row("Reflection period", _with_source(_period(period), period["rule"], _REFLECTION, trace))
        table.add_row("Shelter", _with_source(_shelter(shelter), shelter["rule"], _SHELTER, trace))
        table.add_row(
            "Care coordination", _with_source(_coordination(region), _RESPONSIBLE[region["fallback"]], _REGION, trace)
        )
        if content["tasks"]:
            table.add_row("For a person to do", ", ".join(_words(task["kind"]) for task in content["tasks"]))
        if content["deadlines"]:
            first = content["deadlines"][0]
            more = len(content["deadlines"]) - 1
            table.add_row("Next deadline", f"{_words(first['kind'])} on {first['due']} ({first['rule']}), {more} more")
        self._console.print(table)

    def referrals(self, case: Json, dispatches: Mapping[str, str], listening: frozenset[str]) -> None:
        """Show who was told what, and what they answered.

        Args:
            case: the case as its coordinator reads it.
            dispatches: how each rule sends, by itself or after a person.
            listening: partners whose system takes part.
        """
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
        for heading in ("Told", "What", "Sent", "Delivery", "Answer"):
            table.add_column(heading)
        for referral in sorted(case["referrals"], key=lambda one: (one["partnerName"], one["rule"])):
            state = referral["state"]
            idle = referral["partnerId"] not in listening and state == "queued"
            table.add_row(
                referral["partnerName"],
                f"{_words(referral['content'])} ({referral['rule']})",
                _BY_ITSELF[dispatches[referral["rule"]]],
                ", ".join(f"{one['state']} ({one['attempts']})" for one in referral["deliveries"]) or "-",
                Text(_NOT_LISTENING if idle else state, style=_STATES.get(state, "")),
            )
        self._console.print(table)

    def trail(self, trail: Json) -> None:
        """Show the trail of a case."""
        acts: dict[str, int] = {}
        for entry in trail["entries"]:
            acts[entry["event"]] = acts.get(entry["event"], 0) + 1
        listed = ", ".join(f"{event} x{count}" if count > 1 else event for event, count in acts.items())
        verdict = Text("verified", style="bold green") if trail["verified"] else Text("BROKEN", style="bold red")
        self._console.print(
            Text.assemble("Trail: ", f"{len(trail['entries'])} linked entries, ", verdict, f" ({listed})")
        )

    def end(self, *, verified: bool, cases: int, seconds: float) -> None:
        """Say how it went."""
        self._console.print()
        verdict = "every trail verified" if verified else "a trail is BROKEN"
        self._console.print(Text(f"{cases} cases played in {seconds:.0f} seconds; {verdict}.", style="bold"))


def _with_source(outcome: str, rule: str, tables: tuple[str, ...], trace: list[Json]) -> Text:
    rows = [entry for entry in trace if entry["rule"] == rule and entry["table"] in tables]
    sources = dict.fromkeys(source for entry in rows for source in entry["sources"])
    return Text.assemble(outcome, (f"\n{rule}: {'; '.join(sources)}", "dim"))


def _period(period: Json) -> str:
    words = _words(period["status"])
    if period["starts"]:
        words += f", {period['starts']} to {period['ends']}"
    elif period["length"]:
        words += f" of {period['length']}"
    return words + (f" ({_words(period['reason'])})" if period["reason"] else "")


def _shelter(shelter: Json) -> str:
    placed_by = f", placed by {_words(shelter['placedBy'])}" if shelter["placedBy"] else ""
    interim = f", until then {_words(shelter['interim'])}" if shelter["interim"] else ""
    return _words(shelter["type"]) + placed_by + interim


def _coordination(region: Json) -> str:
    place = region["centralMunicipality"] or "central municipality unknown"
    steps_in = " (CoMensha steps in)" if region["fallback"] else ""
    return f"{region['careCoordinator']}{steps_in}, {place}"


def _words(code: str) -> str:
    return code.replace("_", " ")
