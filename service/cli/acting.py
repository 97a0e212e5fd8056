"""Who acts at the terminal: whoever may start a command may work for an organisation, and the trail names both."""

from typing import Annotated, TypeVar

import typer
from pydantic import BaseModel, ValidationError

from service.access.roles import Role, caller
from service.access.tokens import require_pseudonyms
from service.casework.context import Context
from service.wiring import Service

Shape = TypeVar("Shape", bound=BaseModel)

Org = Annotated[str, typer.Option(help="The organisation whose cases these are.")]
Subject = Annotated[str, typer.Option(help="A pseudonym of whoever acts, never a name; the trail shows it.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of words.")]


def coordinator(service: Service, org: str, subject: str) -> Context:
    """Give the context of a coordinator at this machine.

    Args:
        service: the joined parts.
        org: the organisation.
        subject: the pseudonym.

    Raises:
        BadSubject: one of them could be a name or an address.
    """
    require_pseudonyms(subject, org)
    return service.context(caller(subject, Role.COORDINATOR, org))


def parsed(shape: type[Shape], said: dict[str, object]) -> Shape:
    """Make a command from what was typed; a mistake is named by its place, and what was typed is not repeated.

    Args:
        shape: the command.
        said: its members.
    """
    try:
        return shape.model_validate(said)
    except ValidationError as mistakes:
        found = mistakes.errors(include_input=False, include_context=False, include_url=False)
        words = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in found)
        raise typer.BadParameter(words) from None
