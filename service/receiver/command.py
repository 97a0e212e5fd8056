"""The command line of a partner's system: `nrm receive`, and `python -m service.receiver` without the service."""

from pathlib import Path
from typing import Annotated

import typer

from service.receiver.answering import Answer
from service.receiver.server import Listening, listen


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
