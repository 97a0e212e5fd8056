"""`nrm partners`: fill the directory, list it, and register where a partner's system listens."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from service.casework.commands import ChangePartner
from service.casework.manage_partners import change_partner, list_partners, listen_at, read_partner, seed_partners
from service.casework.questions import ListPartners
from service.casework.views.partners import PartnerView, SeedView
from service.cli.acting import AsJson, parsed
from service.cli.opening import opened
from service.partners.directory import PartnerStatus
from service.partners.directory_file import read_directory
from service.routing.rule_files.check_recipients import check_recipients
from service.routing.text.mistakes import FilesRefused, Mistake
from service.wiring import DIRECTORY, Service

partners_group: Final = typer.Typer(no_args_is_help=True, help="The directory of partner organisations.")

PartnerId = Annotated[str, typer.Argument(help="The partner's id in the directory.")]


@partners_group.command("seed")
def seed(
    file: Annotated[Path | None, typer.Argument(help="The directory's file; that of the rules when left out.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Make the directory say what a file says; doing it again changes nothing."""
    with opened() as service:
        done = fill_directory(service, file)
    words = f"{done.registered} registered, {done.changed} changed, {done.unchanged} unchanged"
    print(done.model_dump_json(by_alias=True) if as_json else words)


@partners_group.command("list")
def show_all(
    kind: Annotated[str | None, typer.Option(help="Only organisations that are this to the rules.")] = None,
    offering: Annotated[str | None, typer.Option(help="Only organisations that offer this service.")] = None,
    *,
    stale: Annotated[bool, typer.Option(help="Only what is known longer than it may be, or without a date.")] = False,
    as_json: AsJson = False,
) -> None:
    """List the directory; an exclamation mark stands at what is known longer than it may be, or without a date."""
    question = parsed(ListPartners, {"kind": kind, "service": offering, "stale": stale or None})
    with opened() as service:
        found = list_partners(service.operator(), question)
    if as_json:
        print(found.model_dump_json(by_alias=True, indent=1))
        return
    table = Table("id", "name", "kind", "offers", "where", "status", "as of", "listens")
    for one in found.items:
        where = "; ".join(", ".join(area.values) for area in one.areas)
        listens = one.endpoint or "no"
        table.add_row(one.id, one.name, one.kind, ", ".join(one.services), where, one.status, _known(one), listens)
    Console().print(table)
    print(f"{sum(one.stale for one in found.items)} of {len(found.items)} known too long or without a date (!)")


@partners_group.command("show")
def show(partner_id: PartnerId, *, as_json: AsJson = False) -> None:
    """Show one partner, and where all that was found."""
    with opened() as service:
        found = read_partner(service.operator(), partner_id)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    for name, said in found.model_dump(mode="json").items():
        if said not in ("", [], None):
            print(f"{name.replace('_', ' ')}: {said}")


@partners_group.command("pause")
def pause(partner_id: PartnerId) -> None:
    """Ask a partner nothing more until it takes part again."""
    _change(partner_id, PartnerStatus.PAUSED)


@partners_group.command("resume")
def resume(partner_id: PartnerId) -> None:
    """Ask a partner again."""
    _change(partner_id, PartnerStatus.ACTIVE)


@partners_group.command("listen")
def listen(
    partner_id: PartnerId,
    url: Annotated[str, typer.Option(help="The https address at which its system takes messages.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Register where a partner's system listens; prints the secret that signs messages to it, this once."""
    with opened() as service:
        made = listen_at(service.operator(), partner_id, url)
    print(made.model_dump_json(by_alias=True) if as_json else made.secret)


def fill_directory(service: Service, file: Path | None) -> SeedView:
    """Fill the directory from a file that fits the rules in force.

    Args:
        service: the joined parts.
        file: the file; that of the rules in force when None.

    Raises:
        DirectoryRefused: the file cannot be read as a directory.
        FilesRefused: the rules do not know what it says, or name somebody whom it does not.
    """
    source = file or service.settings.rules / DIRECTORY
    listings = read_directory(source.read_text(encoding="utf-8"), str(source))
    rules, mistakes = service.rules(), list[Mistake]()
    check_recipients(source, rules.tables, rules.places, rules.vocabulary, mistakes)
    if mistakes:
        raise FilesRefused(mistakes)
    return seed_partners(service.operator(), listings)


def _change(partner_id: str, status: PartnerStatus) -> None:
    with opened() as service:
        operator = service.operator()
        seen = frozenset({read_partner(operator, partner_id).version})
        changed = change_partner(operator, partner_id, seen, ChangePartner(status=status))
    print(f"{changed.id} is {changed.status}")


def _known(partner: PartnerView) -> str:
    return ("" if partner.as_of is None else f"{partner.as_of} ") + ("!" if partner.stale else "")
