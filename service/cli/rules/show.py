"""`nrm rules show`: a table, a fact or a parameter as a person reads it."""

from typing import Annotated

import typer

from service.cli.rules.asked import Json, Lang, Rules, day_of, rules_in
from service.cli.rules_screen import print_json, show
from service.cli.show_named import contents, entry
from service.cli.words import Language


def show_name(
    name: Annotated[
        str | None, typer.Argument(help="Of a table, fact, parameter or invariant; all when left out.")
    ] = None,
    on: Annotated[
        str | None, typer.Option("--on", help="Only what is valid on this day, YYYY-MM-DD; everything when left out.")
    ] = None,
    as_json: Json = False,
    rules: Rules = None,
    lang: Lang = Language.EN,
) -> None:
    """Show a table, a fact, a parameter or invariants as a person reads them, or the names of all of them."""
    day = day_of(on)
    rule_set = rules_in(rules)
    found = contents(rule_set, lang) if name is None else entry(rule_set, name, day, lang)
    if as_json:
        print_json(found.as_json)
    else:
        show(found.parts)
