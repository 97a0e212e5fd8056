"""A checkpoint: what a log promises about itself at one size, signed so that anybody's tool can check it.

The text is a C2SP tlog-checkpoint (name of the log, number of entries, root), the whole a C2SP signed-note (Ed25519).
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.kernel.errors import DomainError, Kind

_ED25519: Final = b"\x01"
_DASH: Final = "\N{EM DASH} "
_LARGEST_SIZE: Final = 2**63
_ROOT_LENGTH: Final = 32
_KEY_ID_LENGTH: Final = 4
_LINES: Final = 3


class NotACheckpoint(DomainError):
    """The text is no checkpoint that a trusted key has signed; says why without repeating it."""

    kind = Kind.INVALID
    code = "not-a-checkpoint"
    title = "This is no checkpoint that a trusted key has signed"


@dataclass(frozen=True)
class Checkpoint:
    """The log of this name had this many entries and this root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """Write what is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode('ascii')}\n"


@dataclass(frozen=True)
class Verifier:
    """A key that is trusted to sign for a log, under its name."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """Give the four bytes by which a signature points at its key."""
        named = self.name.encode("utf-8") + b"\n" + _ED25519 + self.public
        return hashlib.sha256(named).digest()[:_KEY_ID_LENGTH]

    def written(self) -> str:
        """Write the key in the form in which it is handed to verifiers."""
        encoded = base64.b64encode(_ED25519 + self.public).decode("ascii")
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def has_signed(self, text: str, signature: bytes) -> bool:
        """Tell whether this key has signed a text."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode("utf-8"))
        except InvalidSignature:
            return False
        return True


def read_verifier(written: str) -> Verifier:
    """Read a key as it is handed to verifiers.

    Raises:
        NotACheckpoint: it has another form, or its parts do not belong together.
    """
    try:
        name, key_id, encoded = written.strip().split("+", 2)
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        raise NotACheckpoint("the key does not have the form NAME+ID+KEY") from None
    verifier = Verifier(name, decoded[1:])
    if decoded[:1] != _ED25519 or len(verifier.public) != _ROOT_LENGTH or verifier.key_id.hex() != key_id:
        raise NotACheckpoint("the key is no Ed25519 key, or its parts do not belong together")
    return verifier


def signed(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Sign a text into a note.

    Args:
        text: what is signed, each line ended.
        name: under which the key is known.
        key: the private half.
    """
    verifier = Verifier(name, key.public_key().public_bytes_raw())
    signature = base64.b64encode(verifier.key_id + key.sign(text.encode("utf-8"))).decode("ascii")
    return f"{text}\n{_DASH}{name} {signature}\n"


def opened(note: str, verifiers: Iterable[Verifier]) -> str:
    """Give the text of a note when a trusted key has signed it.

    Args:
        note: text, empty line, signatures.
        verifiers: the keys that are trusted; signatures of other keys are passed over.

    Raises:
        NotACheckpoint: no trusted key has signed, or a signature under a trusted key is wrong.
    """
    text, separator, block = note.rpartition("\n\n")
    if not separator or not block.endswith("\n") or any(c < " " and c != "\n" for c in note):
        raise NotACheckpoint("this is no signed note")
    text += "\n"
    trusted = {(one.name, one.key_id): one for one in verifiers}
    good = 0
    for line in block[:-1].split("\n"):
        name, key_id, signature = _signature(line)
        verifier = trusted.get((name, key_id))
        if verifier is None:
            continue
        if not verifier.has_signed(text, signature):
            raise NotACheckpoint("the signature under a trusted key is wrong")
        good += 1
    if not good:
        raise NotACheckpoint("no trusted key has signed it")
    return text


def read_signed(note: str, verifiers: Iterable[Verifier]) -> Checkpoint:
    """Read a checkpoint that a trusted key has signed for the very log that it speaks of.

    Raises:
        NotACheckpoint: it is none.
    """
    trusted = tuple(verifiers)
    origin = note.partition("\n")[0]
    # A key speaks for the log of its own name and for no other.
    return read_checkpoint(opened(note, [one for one in trusted if one.name == origin]))


def read_checkpoint(text: str) -> Checkpoint:
    """Read the text of a checkpoint.

    Raises:
        NotACheckpoint: it has another form.
    """
    lines = text.split("\n")
    if len(lines) != _LINES + 1 or lines[-1] or not lines[0]:
        raise NotACheckpoint("a checkpoint has three lines: name, size, root")
    origin, size, root = lines[:_LINES]
    if not size.isascii() or not size.isdigit() or str(int(size)) != size or int(size) >= _LARGEST_SIZE:
        raise NotACheckpoint("the size of a checkpoint is a whole number")
    try:
        decoded = base64.b64decode(root, validate=True)
    except ValueError:
        raise NotACheckpoint("the root of a checkpoint is base64") from None
    if len(decoded) != _ROOT_LENGTH or base64.b64encode(decoded).decode("ascii") != root:
        raise NotACheckpoint("the root of a checkpoint has 32 bytes")
    return Checkpoint(origin, int(size), decoded)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    name, separator, encoded = line.removeprefix(_DASH).partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True)
    except ValueError:
        decoded = b""
    if not line.startswith(_DASH) or not separator or not name or len(decoded) <= _KEY_ID_LENGTH:
        raise NotACheckpoint("a signature line is malformed")
    return name, decoded[:_KEY_ID_LENGTH], decoded[_KEY_ID_LENGTH:]
