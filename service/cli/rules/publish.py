"""`nrm rules publish` and `nrm rules published`: one policy owner proposes a folder of rules, another publishes it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Final

import typer

from service.access.roles import Role, Scope, caller
from service.access.tokens import require_pseudonyms
from service.casework.commands.rules import ProposeRules
from service.casework.context import Context
from service.casework.rules.publish_rules import files_in_force, list_rules, offer_rules
from service.casework.views.rules import ProposalView
from service.cli.acting import parsed
from service.cli.opening import opened
from service.cli.rules.asked import Json, rules_in
from service.routing.rule_files.bundle import Bundle, bundle_from
from service.rulebook.lifecycle import ProposalState
from service.wiring import Service

Subject = Annotated[str, typer.Option("--as", help="A pseudonym, never a name; the trail shows it.")]
_PLAIN: Final = "Kept as written and not sealed: no names, and nothing about a person."
Draft = Annotated[Path, typer.Argument(help="Folder of the rules as they would be.")]


def publish(
    draft: Draft,
    token: Annotated[
        str,
        typer.Option(
            envvar="NRM_TOKEN",
            help="Your own access as a policy owner; in the variable nobody else on the machine reads it.",
        ),
    ],
    reason: Annotated[str, typer.Option("--because", help=f"Why the rules change. {_PLAIN}")],
    retroactive: Annotated[
        str | None, typer.Option("--retroactive", help=f"Why days that have passed must get another outcome. {_PLAIN}")
    ] = None,
    as_json: Json = False,
) -> None:
    """Propose a folder of rules; when another policy owner gives the same command, it is published.

    Who you are is what your token says, here as over HTTP. A draft with mistakes is refused with all of them, and what
    is in force stays in force.
    """
    command = parsed(ProposeRules, {"reason": reason, "retroactive": retroactive})
    bundle = bundle_from(rules_in(draft))
    with opened() as service:
        found = offer_rules(service.let_in(token), bundle, command)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    print(_line(found))
    if found.state is ProposalState.PROPOSED:
        print("not in force yet: another policy owner gives the same command")


def published(
    subject: Subject = "terminal",
    into: Annotated[
        Path | None, typer.Option(help="Also write the files of the rules in force into this new folder.")
    ] = None,
    as_json: Json = False,
) -> None:
    """List what was proposed and published, newest first, and say which rules are in force."""
    with opened() as service:
        context = policy_owner(service, subject)
        found = list_rules(context)
        if into is not None:
            _write(files_in_force(context), into)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    print(f"in force: {found.in_force}")
    for one in found.items:
        print(_line(one))


def policy_owner(service: Service, subject: str) -> Context:
    """Give the context of a policy owner at this machine, who reads and tries rules and changes nothing.

    Args:
        service: the joined parts.
        subject: the pseudonym.

    Raises:
        BadSubject: it could be a name or an address.
    """
    require_pseudonyms(subject, service.settings.node)
    who = caller(subject, Role.POLICY_OWNER, service.settings.node)
    return service.context(replace(who, scopes=who.scopes - {Scope.RULES_PUBLISH}))


def _write(bundle: Bundle, folder: Path) -> None:
    if folder.exists():
        raise typer.BadParameter(f"{folder} exists already")
    for path, text in bundle.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


def _line(one: ProposalView) -> str:
    label = "" if one.retroactive is None else f" (RETROACTIVE: {one.retroactive})"
    by = "" if one.published_by is None else f", published by {one.published_by} {one.published_at:%Y-%m-%d %H:%M}"
    proposed = f"proposed by {one.proposed_by} {one.proposed_at:%Y-%m-%d %H:%M}"
    return f"{one.state} {one.rule_set}\n  {proposed}{by}: {one.reason}{label}"
