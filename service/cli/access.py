"""`nrm token` gives somebody access, and `nrm revoke` takes it away."""

from datetime import timedelta
from typing import Annotated

import typer

from service.access.roles import Role, caller
from service.casework.access.grant_access import grant_access
from service.casework.access.revoke_access import revoke_access
from service.cli.opening import opened

_GIVEN = frozenset(Role) - {Role.SYSTEM}


def token(
    role: Annotated[Role, typer.Option(help="What the holder is to the mechanism.")],
    org: Annotated[str, typer.Option(help="The holder's organisation; for a partner its id in the directory.")],
    subject: Annotated[str, typer.Option(help="A pseudonym of the holder, never a name; the trail shows it.")],
    hours: Annotated[int, typer.Option(min=1, max=24 * 90, help="How long the token is good for.")] = 12,
) -> None:
    """Print a bearer token."""
    if role not in _GIVEN:
        message = "the service's own role is given to nobody"
        raise typer.BadParameter(message, param_hint="--role")
    with opened() as service:
        print(grant_access(service.operator(), service.issuer(), caller(subject, role, org), timedelta(hours=hours)))


def revoke(
    org: Annotated[str, typer.Option(help="The holder's organisation; for a partner its id in the directory.")],
    subject: Annotated[str, typer.Option(help="The holder's pseudonym.")],
) -> None:
    """Refuse from now on every token that somebody was given, by whomever; one given half a minute later is good."""
    with opened() as service:
        revoke_access(service.operator(), org, subject)
    print(f"every token of {subject} of {org} is refused from now on")
