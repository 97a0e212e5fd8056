"""`nrm clock`: the time by which everything rings."""

from typing import Annotated, Final

import typer

from service.casework.firing.accept_clock import ClockReason, accept_clock
from service.cli.acting import AsJson
from service.cli.opening import opened

clock_group: Final = typer.Typer(no_args_is_help=True, help="The time by which everything rings.")


@clock_group.callback()
def clock() -> None:
    """Keep `accept` a word to be typed, though it is the only one."""


@clock_group.command("accept")
def accept(
    reason: Annotated[ClockReason, typer.Option(help="Why the clock was ahead.")], *, as_json: AsJson = False
) -> None:
    """Let time go on from now, though something rang later by a clock that was ahead; each desk looks at what did."""
    with opened() as service:
        done = accept_clock(service.operator(), reason)
    early = f"{done.rang} clocks had rung too early in {done.cases} cases, the newest at {done.newest:%Y-%m-%d %H:%M}"
    words = f"{early}; time goes on from {done.since:%Y-%m-%d %H:%M}"
    print(done.model_dump_json(by_alias=True) if as_json else words)
