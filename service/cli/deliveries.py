"""`nrm worker` and `nrm receive`: the process that sends, and a partner's system that takes what is sent."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.opening import opened
from service.kernel.errors import DomainError, Kind
from service.receiver.answering import Answer
from service.receiver.server import Listening, listen
from service.wiring import Service
from service.worker.loop import Deliveries
from service.worker.running import work_until_signalled


class WorksInside(DomainError):
    """A worker beside the service would only compete with the one inside it."""

    kind = Kind.CONFLICT
    code = "works-inside"
    title = "`nrm serve` sends by itself here; with NRM_WORKER=beside for both, the worker is a process of its own"


def worker() -> None:
    """Send what is due until the process is told to stop."""
    with opened() as service:
        if service.settings.worker_is_inside:
            raise WorksInside
        work_until_signalled(deliveries_of(service), lambda: print("sending what is due", flush=True))


def deliveries_of(service: Service) -> Deliveries:
    """Give the loops what they work with.

    Args:
        service: the joined parts.
    """
    return Deliveries(service.system(), service.send, service.lease, pulse=service.pulse)


def receive(
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port on this machine; 0 takes a free one.")],
    secret_file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="File with the signing secrets.")],
    token_file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="File with the partner's token.")],
    inbox: Annotated[Path, typer.Option(file_okay=False, help="Folder in which messages are kept.")],
    answer: Annotated[Answer, typer.Option(help="What to do with every referral.")] = Answer.ACCEPT,
    away: Annotated[int, typer.Option(min=0, help="Refuse this many messages first, as if down for a while.")] = 0,
) -> None:
    """Be a partner's system: take messages, fetch the referrals and answer them."""
    listen(Listening(port, secret_file, token_file, inbox, answer, away))
