"""The command line of a partner's system: `nrm receive`, and `python -m service.receiver` without the service."""

from pathlib import Path
from typing import Annotated

import typer

from service.receiver.answering import Answer
from service.receiver.checking import UnusableKey, read_keys
from service.receiver.server import Listening, listen


def receive(
    port: Annotated[int, typer.Option(min=0, max=65535, help="TCP port on this machine; 0 takes a free one.")],
    secret_file: Annotated[
        Path, typer.Option(exists=True, dir_okay=False, help="File with shared secrets or public keys.")
    ],
    token_file: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="File with the partner's token.")],
    inbox: Annotated[Path, typer.Option(file_okay=False, help="Folder in which messages are kept.")],
    answer: Annotated[Answer, typer.Option(help="What to do with every referral.")] = Answer.ACCEPT,
    away: Annotated[int, typer.Option(min=0, help="Refuse this many messages first, as if down for a while.")] = 0,
) -> None:
    """Be a partner's system: take messages, fetch the referrals and answer them."""
    try:
        read_keys(secret_file.read_text(encoding="utf-8"))
    except UnusableKey as refusal:
        raise typer.BadParameter(str(refusal), param_hint="--secret-file") from None
    listen(Listening(port, secret_file, token_file, inbox, answer, away))
