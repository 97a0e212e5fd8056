"""The commands about rules: decide on a file of facts, check a folder of rules, show what it holds."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Final

import typer

from service.cli.check_report import CheckReport, mistakes_json
from service.cli.rules_screen import print_json, show
from service.cli.show_decision import DecisionScreen
from service.cli.show_named import contents, entry
from service.cli.show_trace import blocked_json, trace_parts
from service.cli.words import Language
from service.kernel.clock import SystemClock, local_day
from service.kernel.errors import DomainError, Kind
from service.routing.decide import decide as decide_on
from service.routing.examples import run_examples
from service.routing.facts.answers import Answers, read_answers_file
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.text.entries import parsed_day
from service.routing.text.mistakes import FilesRefused, Mistake
from service.settings import Settings

app: Final = typer.Typer(help="Decide by the rules, check them, read them; nothing is stored.", no_args_is_help=True)

_STANDARD_INPUT: Final = "-"


class WrongDay(DomainError):
    """A day on the command line is no day of the calendar."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "wrong-day"
    title: ClassVar[str] = "The day is no day of the calendar"


Rules = Annotated[Path | None, typer.Option("--rules", help="Folder of rules; by default the rules in force.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a screen.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of labels and outcomes.")]


@app.command()
def decide(
    facts: Annotated[str, typer.Argument(help="File of facts, YAML 1.2 or JSON; - reads standard input.")],
    on: Annotated[
        str | None, typer.Option("--on", help="Local day to decide on, YYYY-MM-DD; today when left out.")
    ] = None,
    as_json: Json = False,
    trace: Annotated[bool, typer.Option("--trace", help="Show each row that did not apply, and why.")] = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Decide on a file of facts; nothing is stored and nobody is told."""
    day = _day(on) or _today()
    rule_set = _rule_set(rules)
    decision = decide_on(rule_set, _answers(facts, rule_set), day)
    if as_json:
        print_json(decision.as_json() | ({"blocked": blocked_json(rule_set, decision)} if trace else {}))
        return
    show(DecisionScreen(rule_set, decision, lang).parts())
    if trace:
        show(trace_parts(rule_set, decision, lang))


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rules; by default the rules in force.")] = None,
    as_json: Json = False,
) -> None:
    """Read a folder of rules, prove its tables, run its examples; every mistake is told with file and line."""
    try:
        rule_set = _rule_set(folder)
    except FilesRefused as refused:
        if as_json:
            print_json({"rule_set": None, "mistakes": mistakes_json(refused.mistakes)})
        raise
    report = CheckReport(rule_set, run_examples(rule_set))
    if as_json:
        print_json(report.as_json())
    else:
        show(report.parts())
    if mistakes := report.mistakes():
        raise FilesRefused(mistakes)


@app.command("show")
def show_name(
    name: Annotated[str | None, typer.Argument(help="A table, a fact or a parameter; all names when left out.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Only what is valid on this day, YYYY-MM-DD; everything when left out.")
    ] = None,
    as_json: Json = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Show a table, a fact or a parameter as a person reads it, or the names of all of them."""
    day = _day(on)
    rule_set = _rule_set(rules)
    found = contents(rule_set, lang) if name is None else entry(rule_set, name, day, lang)
    if as_json:
        print_json(found.as_json)
    else:
        show(found.parts)


def _day(text: str | None) -> date | None:
    found = None if text is None else parsed_day(text)
    if isinstance(found, str):
        raise WrongDay(f"--on is no day ({found})")
    return found


def _today() -> date:
    # A clock that the operator moved starts with this process, which has only just begun.
    return local_day(Settings().clock_starts_at or SystemClock().now())


def _rule_set(folder: Path | None) -> RuleSet:
    chosen = folder or Settings().rules
    if not chosen.is_dir():
        raise FilesRefused([Mistake(str(chosen), 1, "there is no folder of rules here", "such as routing_rules/nl")])
    here = Path.cwd()
    # Mistakes then name the files as somebody in this folder would.
    return load_rule_set(chosen.relative_to(here) if chosen.is_relative_to(here) else chosen)


def _answers(facts: str, rule_set: RuleSet) -> Answers:
    source = sys.stdin.buffer if facts == _STANDARD_INPUT else Path(facts)
    return read_answers_file(source, rule_set.vocabulary)
