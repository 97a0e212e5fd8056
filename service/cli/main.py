"""`nrm`: lists the commands; a refusal becomes a sentence on standard error and an exit code."""

import sys
from typing import Final

from pydantic import ValidationError

from service.cli.listing import Listed, listing
from service.kernel.errors import DomainError, Kind

app: Final = listing(
    "nrm",
    "Case routing for the national referral mechanism.",
    Listed(
        "serve",
        "service.cli.serve:serve",
        "Serve the API until the process is told to stop, and on SQLite send what is due.",
    ),
    Listed("worker", "service.cli.worker:worker", "Send what is due until the process is told to stop."),
    Listed(
        "receive",
        "service.receiver.command:receive",
        "Be a partner's system: take messages, fetch the referrals and answer them.",
    ),
    Listed(
        "migrate",
        "service.cli.migrate:migrate",
        "Bring the database to the newest shape and fill the directory of partners; doing it again changes nothing.",
    ),
    Listed("token", "service.cli.access:token", "Print a bearer token."),
    Listed(
        "revoke",
        "service.cli.access:revoke",
        "Refuse from now on every token that somebody was given, by whomever; one given half a minute later is good.",
    ),
    Listed(
        "openapi",
        "service.cli.serve:openapi",
        "Print the API's description, as the service serves it at /v1/openapi.json.",
    ),
    Listed(
        "demo",
        "service.cli.demo.play:demo",
        "Play cases with real processes and invented people, in a folder of its own that starts empty.",
    ),
    Listed(
        "rules",
        "service.cli.rules.group:rules_group",
        "Decide by the rules, check and read them, compare and publish them, make decisions again.",
    ),
    Listed(
        "figures",
        "service.cli.figures:figures",
        "Count the cases of half a year, for the National Rapporteur; what was counted once never changes.",
    ),
    Listed("signals", "service.cli.signals:signals_group", "Signals about possible victims."),
    Listed("cases", "service.cli.cases:cases_group", "Cases of possible victims."),
    Listed("deadlines", "service.cli.deadlines:deadlines_group", "What is due when in cases."),
    Listed("clock", "service.cli.clock:clock_group", "The time by which everything rings."),
    Listed("partners", "service.cli.partners:partners_group", "The directory of partner organisations."),
    Listed("deliveries", "service.cli.deliveries:deliveries_group", "Messages on their way to partners."),
    Listed("keys", "service.cli.keys:keys_group", "The keys that make personal data readable."),
    Listed("audit", "service.cli.audit:audit_group", "The log of everything that happened."),
)


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
