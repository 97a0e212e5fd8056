"""`nrm rules`: registers the commands about rules."""

from typing import Final

import typer

from service.cli.rules.ask import ask
from service.cli.rules.book import book
from service.cli.rules.check import check
from service.cli.rules.decide import decide
from service.cli.rules.diff import diff
from service.cli.rules.explain import explain
from service.cli.rules.export import export
from service.cli.rules.impact import impact
from service.cli.rules.import_dmn import import_tables
from service.cli.rules.publish import publish, published
from service.cli.rules.replay import replay
from service.cli.rules.show import show_name

rules_group: Final = typer.Typer(
    help="Decide by the rules, check and read them, compare and publish them, make decisions again.",
    no_args_is_help=True,
)
rules_group.command()(decide)
rules_group.command()(explain)
rules_group.command()(ask)
rules_group.command()(check)
rules_group.command("show")(show_name)
rules_group.command()(diff)
rules_group.command()(export)
rules_group.command()(replay)
rules_group.command("import")(import_tables)
rules_group.command()(impact)
rules_group.command()(publish)
rules_group.command()(published)
rules_group.command()(book)
