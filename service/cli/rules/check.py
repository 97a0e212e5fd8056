"""`nrm rules check`: reads a folder of rules, proves it and runs its examples."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.check_report import CheckReport, mistakes_json
from service.cli.rules.asked import Json, folder_of, rules_in
from service.cli.rules_screen import print_json, show
from service.routing.examples import run_examples
from service.routing.proofs.coverage import coverage
from service.routing.proofs.invariants import chain_of
from service.routing.proofs.reach import unreached
from service.routing.row_examples import row_example_mistakes
from service.routing.rule_files.check_disclosure import unanswered_retention
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused, Mistake


def check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of rules; by default the rules in force.")] = None,
    as_json: Json = False,
) -> None:
    """Read a folder of rules, prove its tables, run its examples; every mistake is told with file and line."""
    try:
        rule_set = rules_in(folder)
    except FilesRefused as refused:
        if as_json:
            print_json({"rule_set": None, "mistakes": mistakes_json(refused.mistakes)})
        raise
    report = checked(folder_of(folder), rule_set)
    if as_json:
        print_json(report.as_json())
    else:
        show(report.parts())
    if mistakes := report.mistakes():
        raise FilesRefused(mistakes)


def checked(folder: Path, rule_set: RuleSet) -> CheckReport:
    """Run the examples that stand beside a rule set, and look for what they and the rules leave unused.

    Args:
        folder: where the rules stand.
        rule_set: the rules, which were read whole and proved.
    """
    mistakes: list[Mistake] = []
    examples = read_row_examples(folder, rule_set, mistakes)
    mistakes += row_example_mistakes(rule_set, examples)
    chain, reached = chain_of(rule_set), coverage(rule_set, examples)
    remarks = (*unreached(chain), *reached.remarks(chain), *unanswered_retention(rule_set))
    return CheckReport(rule_set, run_examples(rule_set), tuple(mistakes), remarks, reached.counts())
