"""Signs checkpoints, and remembers outside the database what it signed last: it never signs what does not continue it.

The memory is a file of two slots that are written in turn; each holds a signed note, which proves itself. Whatever a
power cut does to one slot, the other holds an older checkpoint, and an older one is still true.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.audit.checkpoint import Checkpoint, NotACheckpoint, Verifier, read_signed, signed
from service.audit.merkle import NodeAt, consistency_proof, is_consistent
from service.kernel.errors import DomainError, Kind
from service.kernel.owner_only import own_folder

_SLOT: Final = 1024
_SLOTS: Final = 2
_OWNER_ONLY: Final = 0o600


class LogRefused(DomainError):
    """The log is not a continuation of what was signed: it was changed, or an older copy was put in its place."""

    kind = Kind.UNAVAILABLE
    code = "log-refused"
    title = "The audit log does not continue what was signed before; nothing is written until somebody has looked"


@dataclass(frozen=True)
class Signer:
    """The one who signs for a log.

    Attributes:
        origin: name of the log.
        key: the private half of its key.
        memory: file that remembers the last checkpoints, outside the database and its backups.
    """

    origin: str
    key: Ed25519PrivateKey = field(repr=False)
    memory: Path

    @property
    def verifier(self) -> Verifier:
        """Give the public half, for those who check."""
        return Verifier(self.origin, self.key.public_key().public_bytes_raw())

    def sign(self, size: int, root: bytes, node_at: NodeAt) -> str:
        """Sign a checkpoint of this size; it counts once `keep` was called with it.

        Args:
            size: number of entries, at least 1.
            root: hash of them all.
            node_at: gives subtrees of the log, to prove that it continues what was signed last.

        Raises:
            LogRefused: it does not continue it.
        """
        last = self.last()
        if last is not None:
            if last.size > size:
                detail = f"The log had {last.size} entries when it was signed last, and now would have {size}."
                raise LogRefused(detail)
            proof = consistency_proof(last.size, size, node_at)
            if not is_consistent((last.size, last.root), (size, root), proof):
                detail = f"The first {last.size} entries of the log are not the ones that were signed."
                raise LogRefused(detail)
        return signed(Checkpoint(self.origin, size, root).text(), self.origin, self.key)

    def last(self) -> Checkpoint | None:
        """Give the newest checkpoint that is remembered; None when nothing was ever signed here."""
        return max((one for one in self._remembered() if one is not None), key=lambda one: one.size, default=None)

    def keep(self, note: str) -> None:
        """Remember a checkpoint, now that the commit which holds it is kept.

        Args:
            note: as `sign` gave it.
        """
        size = read_signed(note, [self.verifier]).size
        own_folder(self.memory.parent)
        with self._alone() as file:
            sizes = [-1 if one is None else one.size for one in self._remembered()]
            # Another process on this machine may have signed a later one in between.
            if size > max(sizes):
                os.pwrite(file, note.encode("utf-8").ljust(_SLOT, b"\0"), sizes.index(min(sizes)) * _SLOT)

    @contextmanager
    def _alone(self) -> Iterator[int]:
        file = os.open(self.memory, os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _remembered(self) -> list[Checkpoint | None]:
        kept = self.memory.read_bytes() if self.memory.exists() else b""
        return [self._in_slot(kept[number * _SLOT : (number + 1) * _SLOT]) for number in range(_SLOTS)]

    def _in_slot(self, slot: bytes) -> Checkpoint | None:
        try:
            return read_signed(slot.rstrip(b"\0").decode("utf-8"), [self.verifier])
        except (NotACheckpoint, UnicodeDecodeError):
            return None
