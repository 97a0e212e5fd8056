"""`nrm migrate`: a command of its own, because starting servers would race for it."""

import sys
import time
from collections.abc import Callable
from typing import Annotated, Final

import typer

from service.casework.upkeep.require_newest import DatabaseNotMigrated, require_newest
from service.cli.newest_shape import upgrade
from service.cli.opening import opened
from service.cli.partners import fill_directory
from service.kernel.errors import DomainError, Unavailable
from service.settings import Settings

_LOOK_AGAIN: Final = 0.5


def migrate(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; say whether the newest shape is there.")
    ] = False,
    wait: Annotated[float, typer.Option(min=0, help="Seconds to wait for a database that is away.")] = 0.0,
) -> None:
    """Bring the database to the newest shape and fill the directory of partners; doing it again changes nothing."""
    address = Settings().database_address
    if check:
        _patiently(lambda: require_newest(address), wait)
        return
    _patiently(lambda: upgrade(address), wait)
    with opened() as service:
        fill_directory(service, None)


def _patiently(act: Callable[[], None], seconds: float) -> None:
    """Try until it works or the patience is over; with nothing to look at somebody else may be migrating."""
    deadline, told = time.monotonic() + seconds, False
    while True:
        try:
            return act()
        except (DatabaseNotMigrated, Unavailable) as refusal:
            if time.monotonic() >= deadline:
                raise
            told = told or _say(refusal)
            time.sleep(_LOOK_AGAIN)


def _say(refusal: DomainError) -> bool:
    print(f"waiting, at first because: {refusal}", file=sys.stderr, flush=True)
    return True
