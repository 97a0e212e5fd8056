"""`nrm`: registers the commands; a refusal becomes a sentence on standard error and an exit code."""

import sys
from typing import Final

import typer
from pydantic import ValidationError

from service.cli.access import revoke, token
from service.cli.audit import audit_group
from service.cli.cases import cases_group
from service.cli.deliveries import deliveries_group
from service.cli.demo.play import demo
from service.cli.keys import keys_group
from service.cli.migrate import migrate
from service.cli.partners import partners_group
from service.cli.rules.group import rules_group
from service.cli.serve import openapi, serve
from service.cli.signals import signals_group
from service.cli.worker import worker
from service.kernel.errors import DomainError, Kind
from service.receiver.command import receive

app: Final = typer.Typer(
    name="nrm",
    help="Case routing for the national referral mechanism.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(worker)
app.command()(receive)
app.command()(migrate)
app.command()(token)
app.command()(revoke)
app.command()(openapi)
app.command()(demo)
app.add_typer(rules_group, name="rules")
app.add_typer(signals_group, name="signals")
app.add_typer(cases_group, name="cases")
app.add_typer(partners_group, name="partners")
app.add_typer(deliveries_group, name="deliveries")
app.add_typer(keys_group, name="keys")
app.add_typer(audit_group, name="audit")


def main() -> None:
    """Run one command."""
    try:
        app()
    except DomainError as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(refusal.kind.exit_code)
    except ValidationError as mistakes:
        for mistake in mistakes.errors(include_input=False, include_context=False, include_url=False):
            print(f"NRM_{'_'.join(map(str, mistake['loc'])).upper()}: {mistake['msg']}", file=sys.stderr)
        sys.exit(Kind.INVALID.exit_code)
