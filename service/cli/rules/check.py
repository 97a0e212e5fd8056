"""`nrm rules check`: reads a folder of rules, proves it and runs its examples."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.check_report import CheckReport, mistakes_json
from service.cli.rules.asked import Json, rules_in
from service.cli.rules_screen import print_json, show
from service.routing.examples import run_examples
from service.routing.proofs.invariants import chain_of
from service.routing.proofs.reach import unreached
from service.routing.text.mistakes import FilesRefused


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
    report = CheckReport(rule_set, run_examples(rule_set), unreached(chain_of(rule_set)))
    if as_json:
        print_json(report.as_json())
    else:
        show(report.parts())
    if mistakes := report.mistakes():
        raise FilesRefused(mistakes)
