"""The keys that one process works with: fetched when needed, held for a minute, never written to the database."""

from contextlib import suppress
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Final

from service.database.sealing.keyring import Intake, Keyring, KeysUnavailable, Wrapped, read_intake, read_keyring
from service.database.sealing.lookup import LookupKey, new_lookup_key, read_lookup_key
from service.database.sealing.sources import GivenText, KeyCommand, KeyFile, Source
from service.kernel.owner_only import make_once, put_in_place

HELD_SECONDS: Final = 60.0
"""How long fetched keys are held; as long, at most, does a process wrap new keys with an epoch that was replaced."""

_AWAY_SECONDS: Final = 5.0
_KEYRING: Final = "keyring"
_INTAKE: Final = "intake.pub"
_LOOKUP: Final = "lookup.key"


class Keys:
    """Wraps and opens the keys of cases; while the wrapping keys are away it still wraps, and opens nothing."""

    def __init__(self, source: Source, folder: Path, lookup: str | None = None) -> None:
        """Say where keys come from; none is fetched yet.

        Args:
            source: gives the wrapping keys.
            folder: where the public half and the lookup key are kept.
            lookup: the lookup key in base64, when the operator hands it in.
        """
        self.source = source
        self._folder = folder
        self._lookup_given = lookup
        self._lookup: LookupKey | None = None
        self._lock = Lock()
        self._ring: Keyring | None = None
        self._refusal: KeysUnavailable | None = None
        self._until = 0.0

    def ring(self) -> Keyring:
        """Give the wrapping keys.

        Raises:
            KeysUnavailable: they are away.
        """
        with self._lock:
            if monotonic() >= self._until:
                self._fetch()
            if self._ring is None:
                raise self._refusal or KeysUnavailable()
            return self._ring

    def warm(self) -> bool:
        """Fetch the keys if they are due, so that nobody waits while holding the database; tell if they came."""
        try:
            self.ring()
        except KeysUnavailable:
            return False
        return True

    def forget(self) -> None:
        """Drop the wrapping keys, so that the next act fetches them."""
        with self._lock:
            self._until = 0.0

    def wrap(self, secret: bytes) -> Wrapped:
        """Wrap a new case's key: with the newest wrapping key, or for its public half while that is away.

        Raises:
            KeysUnavailable: the wrapping keys are away and were never here.
        """
        try:
            return self.ring().newest.wrap(secret)
        except KeysUnavailable:
            return self._intake().wrap(secret)

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """Open a case's key.

        Raises:
            KeysUnavailable: the wrapping keys are away, or the one that is needed is not among them.
        """
        return self.ring().unwrap(wrapped)

    @property
    def lookup(self) -> LookupKey:
        """Give the key of all tags; it is kept on this machine, so it is there when the wrapping keys are not.

        Raises:
            KeysUnavailable: it cannot be read.
        """
        if self._lookup is None:
            self._lookup = read_lookup_key(self._lookup_given or self._lookup_text())
        return self._lookup

    def _fetch(self) -> None:
        try:
            self._ring, self._refusal = read_keyring(self.source.read()), None
            self._until = monotonic() + HELD_SECONDS
            self._keep_intake(self._ring.newest.intake)
        except KeysUnavailable as away:
            self._ring, self._refusal = None, away
            self._until = monotonic() + _AWAY_SECONDS

    def _keep_intake(self, intake: Intake) -> None:
        file, line = self._folder / _INTAKE, intake.as_line()
        # A machine whose folder cannot be written has no intake while its keys are away, and works until then.
        with suppress(OSError):
            if not file.exists() or file.read_text(encoding="ascii") != line:
                put_in_place(file, line)

    def _intake(self) -> Intake:
        try:
            return read_intake((self._folder / _INTAKE).read_text(encoding="ascii"))
        except OSError:
            raise KeysUnavailable from None

    def _lookup_text(self) -> str:
        file = self._folder / _LOOKUP
        try:
            if not file.exists():
                make_once(file, new_lookup_key().as_text())
            return file.read_text(encoding="ascii")
        except OSError:
            detail = "The lookup key can neither be read nor made."
            raise KeysUnavailable(detail) from None


def open_keys(
    folder: Path, *, given: str | None = None, command: tuple[str, ...] | None = None, lookup: str | None = None
) -> Keys:
    """Say where this process finds its keys: in what it was given, else by a command, else in a file of the folder.

    Args:
        folder: for key files, apart from the database and its backups.
        given: text of the wrapping keys.
        command: prints the wrapping keys.
        lookup: the lookup key in base64.
    """
    source: Source
    if given is not None:
        source = GivenText(given)
    elif command is not None:
        source = KeyCommand(command)
    else:
        source = KeyFile(folder / _KEYRING, folder / _INTAKE)
    return Keys(source, folder, lookup)
