"""The list of commands says what each says of itself, and reads none of them."""

import gc
import subprocess
import sys
from collections.abc import Iterator

from typer.core import TyperGroup

from service.cli.listing import Listed
from service.cli.main import app
from tests.cli.terminal import ROOT

TAKES_LONG = {"alembic", "cryptography", "fastapi", "httpx", "sqlalchemy", "uvicorn", "yaml"}


def listed_under(group: TyperGroup) -> Iterator[Listed]:
    for one in group.commands.values():
        if isinstance(one, Listed):
            yield one
            own = one.command()
            if isinstance(own, TyperGroup):
                yield from listed_under(own)


def test_what_is_listed_is_there_and_says_the_same_of_itself() -> None:
    listed = list(listed_under(app))

    told = {one.place: " ".join((one.command().help or "").partition("\n\n")[0].split()) for one in listed}

    assert len(listed) > 20
    assert told == {one.place: one.help for one in listed}


def test_nothing_is_read_before_a_command_is_typed() -> None:
    program = f"import sys, service.cli.main; print(*{TAKES_LONG!r} & sys.modules.keys())"

    assert subprocess.check_output([sys.executable, "-c", program], cwd=ROOT) == b"\n"


def test_garbage_is_looked_for_again_once_a_command_is_read() -> None:
    app.commands["serve"].make_context("serve", [])

    assert gc.isenabled()
