"""What the commands about rules are asked with: a folder of rules, a day, a language, JSON or a screen."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Final

import typer

from service.cli.words import Language
from service.kernel.clock import SystemClock, local_day
from service.kernel.errors import DomainError, Kind
from service.routing.facts.answers import Answers, read_answers_file
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.text.entries import parsed_day
from service.routing.text.mistakes import FilesRefused, Mistake
from service.settings import Settings

STANDARD_INPUT: Final = "-"

Rules = Annotated[Path | None, typer.Option("--rules", help="Folder of rules; by default the rules in force.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a screen.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of labels and outcomes.")]


class WrongDay(DomainError):
    """A day on the command line is no day of the calendar."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "wrong-day"
    title: ClassVar[str] = "The day is no day of the calendar"


def day_of(text: str | None) -> date | None:
    """Read the day of --on.

    Args:
        text: the day as it was typed; None when it was left out.

    Raises:
        WrongDay: it is no day.
    """
    found = None if text is None else parsed_day(text)
    if isinstance(found, str):
        raise WrongDay(f"--on is no day ({found})")
    return found


def today() -> date:
    """Give the local day by the clock of the service."""
    # A clock that the operator moved starts with this process, which has only just begun.
    return local_day(Settings().clock_starts_at or SystemClock().now())


def folder_of(folder: Path | None) -> Path:
    """Give the folder that is meant, written as somebody in this folder would.

    Args:
        folder: what was asked for; by default the rules in force.
    """
    chosen, here = folder or Settings().rules, Path.cwd()
    return chosen.relative_to(here) if chosen.is_relative_to(here) else chosen


def rules_in(folder: Path | None) -> RuleSet:
    """Load a folder of rules.

    Args:
        folder: where the rules stand; by default the rules in force.

    Raises:
        FilesRefused: there are mistakes, or there is no such folder.
    """
    chosen = folder_of(folder)
    if not chosen.is_dir():
        raise FilesRefused([Mistake(str(chosen), 1, "there is no folder of rules here", "such as routing_rules/nl")])
    return load_rule_set(chosen)


def answers_in(facts: str, rule_set: RuleSet) -> Answers:
    """Read a file of facts.

    Args:
        facts: its path; - for standard input.
        rule_set: the rules, which say which facts exist.

    Raises:
        FilesRefused: the file holds mistakes, all of them listed.
    """
    source = sys.stdin.buffer if facts == STANDARD_INPUT else Path(facts)
    return read_answers_file(source, rule_set.vocabulary)
