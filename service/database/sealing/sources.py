"""Where the wrapping keys come from: a file beside the database, the environment, or a command that prints them."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from service.database.sealing.keyring import Keyring, KeysUnavailable, new_epoch
from service.kernel.owner_only import make_once, put_in_place

COMMAND_SECONDS: Final = 5.0
"""How long the operator's command may take."""


class Source(Protocol):
    """Something that gives the text of the wrapping keys."""

    def read(self) -> str:
        """Give the text.

        Raises:
            KeysUnavailable: it cannot be had now.
        """


@dataclass(frozen=True)
class KeyFile:
    """A file that only its owner can read, apart from the database and from the database's backups.

    Attributes:
        file: where the keys are.
        began: a file that is there as soon as keys were used; with it, a missing key file is a loss and no beginning.
    """

    file: Path
    began: Path

    def make(self) -> bool:
        """Make the first key, and tell whether there was none before."""
        return not self.began.exists() and make_once(self.file, Keyring((new_epoch(),)).as_text())

    def write(self, ring: Keyring) -> None:
        """Put other keys in the place of those that are there, all at once."""
        put_in_place(self.file, ring.as_text())

    def read(self) -> str:
        """Give the file's text; before anything was ever sealed here, make the first key."""
        try:
            if not self.file.exists():
                self.make()
            return self.file.read_text(encoding="ascii")
        except (OSError, UnicodeError):
            detail = "The file of wrapping keys cannot be read."
            raise KeysUnavailable(detail) from None


@dataclass(frozen=True)
class GivenText:
    """Keys that were handed to the process when it started."""

    text: str = field(repr=False)

    def read(self) -> str:
        """Give the text."""
        return self.text


@dataclass(frozen=True)
class KeyCommand:
    """A command of the operator's that prints the keys, for instance from a vault."""

    words: tuple[str, ...]

    def read(self) -> str:
        """Run the command and give what it prints."""
        try:
            done = subprocess.run(  # noqa: S603 -- the operator wrote the command, nobody else can
                self.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=COMMAND_SECONDS,
                check=True,
            )
            return done.stdout.decode("ascii")
        except (OSError, subprocess.SubprocessError, UnicodeError):
            detail = "The command that prints the wrapping keys failed."
            raise KeysUnavailable(detail) from None
