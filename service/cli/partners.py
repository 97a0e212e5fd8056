"""`nrm partners`: the directory, who is asked, and where partners' systems listen."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer

from service.casework.commands.partners import USUAL_GRACE, ChangePartner, RegisterEndpoint, RotateSecret
from service.casework.context import Context
from service.casework.partners.manage_endpoints import list_endpoints, register_endpoint, rotate_secret
from service.casework.partners.manage_partners import change_partner, list_partners, read_partner, seed_partners
from service.casework.partners.try_endpoint import send_test, verify_endpoint
from service.casework.questions import ListEndpoints, ListPartners
from service.casework.views.endpoints import EndpointView
from service.casework.views.partners import PartnerView, SeedView
from service.cli.acting import AsJson, parsed
from service.cli.opening import opened
from service.cli.plain_rows import plain_rows
from service.dispatch.signature import SignatureKind
from service.kernel.paging import LARGEST_PAGE
from service.partners.directory import PartnerStatus
from service.partners.directory_file import read_directory
from service.partners.lifecycle import LISTENING, EndpointState
from service.routing.rule_files.check_recipients import check_recipients, meant_by
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
    for one in found.items:
        # An id is typed into other commands, so it stands whole on a line however narrow the screen is.
        print(f"{one.id}  {one.name}")
        print(f"  {'; '.join(_what_is_known(one))}")
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
    signature: Annotated[
        SignatureKind, typer.Option(help="A secret that both sides keep (v1), or a key pair of ours (v1a, ed25519).")
    ] = SignatureKind.SYMMETRIC,
    *,
    as_json: AsJson = False,
) -> None:
    """Register where a partner's system listens; prints the shared secret, this once, or the public key.

    Nothing is sent there before the system has proved itself: put what is printed into it, then `nrm partners verify`.
    """
    wanted = parsed(RegisterEndpoint, {"partner_id": partner_id, "url": url, "signature": signature})
    with opened() as service:
        made = register_endpoint(service.operator(), wanted)
    print(made.model_dump_json(by_alias=True) if as_json else made.checks_with)


@partners_group.command("verify")
def verify(partner_id: PartnerId, *, as_json: AsJson = False) -> None:
    """Let a partner's newest endpoint prove whose it is; exit code 1 when it does not."""
    with opened() as service:
        operator = service.operator()
        newest = _newest(operator, partner_id, frozenset({EndpointState.PENDING_VERIFICATION}))
        found = verify_endpoint(operator, newest.id)
    print(found.model_dump_json(by_alias=True) if as_json else found.detail)
    if not found.verified:
        if not as_json:
            print(f"signed rightly: {found.signed.detail}\nsigned wrongly: {found.wrongly_signed.detail}")
        raise typer.Exit(1)


@partners_group.command("rotate")
def rotate(
    partner_id: PartnerId,
    grace: Annotated[
        int, typer.Option(help="Seconds for which older secrets sign beside the new one; 0 takes them away.")
    ] = USUAL_GRACE,
    *,
    as_json: AsJson = False,
) -> None:
    """Let a new secret sign what a partner gets; prints it, this once, or its public key."""
    with opened() as service:
        operator = service.operator()
        newest = _newest(operator, partner_id, frozenset(EndpointState) - {EndpointState.REPLACED})
        made = rotate_secret(operator, newest.id, parsed(RotateSecret, {"grace_period_seconds": grace}))
    print(made.model_dump_json(by_alias=True) if as_json else made.checks_with)


@partners_group.command("try")
def try_out(partner_id: PartnerId, *, as_json: AsJson = False) -> None:
    """Send a message about nothing to a partner's system; exit code 1 when it does not take it."""
    with opened() as service:
        operator = service.operator()
        done = send_test(operator, _newest(operator, partner_id, LISTENING | {EndpointState.PAUSED}).id)
    print(done.model_dump_json(by_alias=True) if as_json else done.answer.detail)
    if not done.delivered:
        raise typer.Exit(1)


@partners_group.command("endpoints")
def endpoints(
    partner_id: Annotated[str | None, typer.Argument(help="Only those of this partner.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """List where partners' systems listen, newest first, and the public keys of those that check with one."""
    question = parsed(ListEndpoints, {"partner_id": partner_id, "page_size": LARGEST_PAGE})
    with opened() as service:
        found = list_endpoints(service.operator(), question)
    if as_json:
        print(found.model_dump_json(by_alias=True))
        return
    rows = [
        (f"{one.registered_at:%Y-%m-%d %H:%M}", one.state, str(one.id), one.partner_id, one.url) for one in found.items
    ]
    print(plain_rows(("registered", "state", "id", "partner", "listens at"), rows))
    for one in found.items:
        # Under the list: a column of them would fold every line.
        if one.public_key is not None:
            print(f"{one.id} {one.public_key}")


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
    whom = meant_by({name: one.table.outputs for name, one in rules.tables.items()}, rules.tables)
    check_recipients(source, whom, rules.places, rules.vocabulary, rules.period_steps, mistakes)
    if mistakes:
        raise FilesRefused(mistakes)
    return seed_partners(service.operator(), listings)


def _change(partner_id: str, status: PartnerStatus) -> None:
    with opened() as service:
        operator = service.operator()
        seen = frozenset({read_partner(operator, partner_id).version})
        changed = change_partner(operator, partner_id, seen, ChangePartner(status=status))
    print(f"{changed.id} is {changed.status}")


def _newest(operator: Context, partner_id: str, states: frozenset[EndpointState]) -> EndpointView:
    question = parsed(ListEndpoints, {"partner_id": partner_id, "page_size": LARGEST_PAGE})
    fitting = [one for one in list_endpoints(operator, question).items if one.state in states]
    if not fitting:
        message = f"this partner has no endpoint that is {' or '.join(sorted(states))}"
        raise typer.BadParameter(message)
    return fitting[0]


def _what_is_known(partner: PartnerView) -> Iterator[str]:
    yield partner.kind
    if partner.services:
        yield f"offers {', '.join(partner.services)}"
    for area in partner.areas:
        yield ", ".join(area.values)
    yield partner.status
    yield f"as of {partner.as_of or 'no day'}{' !' if partner.stale else ''}"
    yield f"listens: {partner.endpoint or 'no'}"
