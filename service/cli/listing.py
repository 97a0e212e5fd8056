"""Lists commands by name and purpose; what a command needs is read when it is typed, not before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Final

import typer
import typer.main
from typer._click import Command, Context
from typer.core import TyperCommand, TyperGroup


class Listed(TyperCommand):
    """A command, or a group of them, of which only the name, the place and the purpose are known yet."""

    def __init__(self, name: str, place: str, purpose: str) -> None:
        """List a command.

        Args:
            name: what is typed.
            place: where it stands, as module:name; a function, an app of Typer's or another listing.
            purpose: the first paragraph of its own help.
        """
        super().__init__(name, help=purpose)
        self.place: Final = place

    def command(self) -> Command:
        """Read the command itself."""
        module, _, name = self.place.partition(":")
        with _keeping_everything():
            found = getattr(import_module(module), name)
        if isinstance(found, TyperGroup):
            return found
        if isinstance(found, typer.Typer):
            return typer.main.get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(found)
        return typer.main.get_command(alone)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Context | None = None, **extra: object
    ) -> Context:
        """Let the command itself read what was typed."""
        return self.command().make_context(info_name, args, parent, **extra)


def listing(name: str, purpose: str, *listed: Listed) -> TyperGroup:
    """Make a group of commands that are read when they are typed.

    Args:
        name: what is typed before theirs.
        purpose: what they are for.
        listed: the commands, in the order of the help.
    """
    return TyperGroup(name=name, help=purpose, commands=listed, no_args_is_help=True)


@contextmanager
def _keeping_everything() -> Iterator[None]:
    """Look for nothing to throw away: a program that is being read is all kept, and looking is a sixth of its start."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
