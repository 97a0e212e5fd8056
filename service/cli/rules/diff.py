"""`nrm rules diff`: for which kinds of persons a change of the rules changes the outcome."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.rules.asked import Json, Lang, day_of, rules_in, today
from service.cli.rules_screen import print_json, show
from service.cli.show_changes import ChangeScreen
from service.cli.words import Language
from service.routing.changes.report import ReachesBack, report


def diff(
    old: Annotated[Path, typer.Argument(help="Folder of the rules as they are.")],
    new: Annotated[Path, typer.Argument(help="Folder of the rules as they would be.")],
    on: Annotated[
        str | None, typer.Option("--on", help="First day that has not passed, YYYY-MM-DD; today when left out.")
    ] = None,
    gate: Annotated[bool, typer.Option("--gate", help="Fail when days that have passed get another outcome.")] = False,
    as_json: Json = False,
    lang: Lang = Language.EN,
) -> None:
    """Compare two folders of rules: for whom does the outcome change, by which rows, from when, and for whom not."""
    found = report(rules_in(old), rules_in(new), day_of(on) or today())
    if as_json:
        print_json(found.as_json())
    else:
        show(ChangeScreen(found, lang).parts())
    if gate and found.reaches_back:
        raise ReachesBack
