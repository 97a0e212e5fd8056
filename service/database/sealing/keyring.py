"""The keys that wrap the keys of cases: one per epoch, written down as lines of text and never in the database."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from service.database.sealing.data_key import KEY_BYTES, derived
from service.kernel.errors import Unavailable
from service.kernel.ids import new_bytes, new_id

WRAPPED: Final = "wrapped"
"""Wrapped by the epoch's key itself (AES key wrap, RFC 3394)."""

BOXED: Final = "boxed"
"""Wrapped for the epoch's public half, while the key itself was away (X25519, HKDF, AES key wrap)."""

_MILLISECONDS: Final = 80


class KeysUnavailable(Unavailable):
    """The keys that open personal data are away, or one of them is gone; what is sealed stays sealed."""

    code = "keys-unavailable"
    title = "Personal data cannot be opened at the moment"


class WrappingKeyGone(KeysUnavailable):
    """The keys are here, and the one that is needed is not among them; asking again does not bring it back."""

    code = "wrapping-key-gone"
    title = "A key that opens this personal data is not among the keys"


@dataclass(frozen=True)
class Wrapped:
    """A case's key as the database holds it: under which epoch, in which form, and the bytes."""

    epoch: str
    form: str
    content: bytes


@dataclass(frozen=True)
class Intake:
    """The public half of an epoch: it can wrap a new key and can open nothing."""

    epoch: str
    public: bytes

    def wrap(self, secret: bytes) -> Wrapped:
        """Wrap a case's key so that only the epoch's own key opens it."""
        passing = X25519PrivateKey.generate()
        shared = passing.exchange(X25519PublicKey.from_public_bytes(self.public))
        sender = passing.public_key().public_bytes_raw()
        return Wrapped(self.epoch, BOXED, sender + aes_key_wrap(_boxing_key(shared, sender, self.public), secret))

    def as_line(self) -> str:
        """Write it down."""
        return _line(self.epoch, self.public)


@dataclass(frozen=True, repr=False)
class Epoch:
    """One wrapping key; its id tells when it was made.

    Attributes:
        id: a UUID of version 7.
        secret: 32 random bytes, used only to derive from.
    """

    id: str
    secret: bytes

    @property
    def made_at(self) -> datetime:
        """Tell when it was made."""
        return datetime.fromtimestamp((UUID(self.id).int >> _MILLISECONDS) / 1000, UTC)

    @property
    def intake(self) -> Intake:
        """Give its public half."""
        return Intake(self.id, self._private.public_key().public_bytes_raw())

    def wrap(self, secret: bytes) -> Wrapped:
        """Wrap a case's key."""
        return Wrapped(self.id, WRAPPED, aes_key_wrap(self._wrapping_key, secret))

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """Open a wrapped key.

        Raises:
            WrappingKeyGone: it was wrapped by another key, or changed.
        """
        try:
            if wrapped.form == WRAPPED:
                return aes_key_unwrap(self._wrapping_key, wrapped.content)
            return self._unbox(wrapped.content)
        except (InvalidUnwrap, ValueError):
            detail = "A wrapped key does not fit the key that it names."
            raise WrappingKeyGone(detail) from None

    def as_line(self) -> str:
        """Write it down."""
        return _line(self.id, self.secret)

    def _unbox(self, content: bytes) -> bytes:
        sender, wrapped = content[:KEY_BYTES], content[KEY_BYTES:]
        shared = self._private.exchange(X25519PublicKey.from_public_bytes(sender))
        return aes_key_unwrap(_boxing_key(shared, sender, self.intake.public), wrapped)

    @cached_property
    def _wrapping_key(self) -> bytes:
        return derived(self.secret, b"nrm/epoch/wrap/1")

    @cached_property
    def _private(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(derived(self.secret, b"nrm/epoch/intake/1"))


@dataclass(frozen=True, repr=False)
class Keyring:
    """All wrapping keys that still open something, oldest first; the last one wraps what is new."""

    epochs: tuple[Epoch, ...]

    @property
    def newest(self) -> Epoch:
        """Give the key that wraps what is new."""
        return self.epochs[-1]

    def unwrap(self, wrapped: Wrapped) -> bytes:
        """Open a wrapped key with the key that it names.

        Raises:
            WrappingKeyGone: the key that it names is not here.
        """
        for epoch in self.epochs:
            if epoch.id == wrapped.epoch:
                return epoch.unwrap(wrapped)
        detail = f"The wrapping key {wrapped.epoch} is not among the keys."
        raise WrappingKeyGone(detail)

    def as_text(self) -> str:
        """Write it down, a line per key."""
        return _text(epoch.as_line() for epoch in self.epochs)


def new_epoch() -> Epoch:
    """Make a wrapping key."""
    return Epoch(str(new_id()), new_bytes(KEY_BYTES))


def read_keyring(text: str) -> Keyring:
    """Read wrapping keys: `<epoch> <32 bytes in base64>`, one per line or between semicolons, oldest first.

    Raises:
        KeysUnavailable: the text holds no key, or something that is none.
    """
    epochs = tuple(Epoch(*_read_line(line)) for line in text.replace(";", "\n").splitlines() if line.strip())
    if not epochs:
        detail = "There is no wrapping key where the keys should be."
        raise KeysUnavailable(detail)
    return Keyring(epochs)


def read_intake(text: str) -> Intake:
    """Read the public half of an epoch.

    Raises:
        KeysUnavailable: the text is something else.
    """
    return Intake(*_read_line(text.strip()))


def _boxing_key(shared: bytes, sender: bytes, recipient: bytes) -> bytes:
    return derived(shared, b"nrm/epoch/box/1" + sender + recipient)


def _line(epoch: str, secret: bytes) -> str:
    return f"{epoch} {base64.b64encode(secret).decode('ascii')}"


def _text(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _read_line(line: str) -> tuple[str, bytes]:
    try:
        epoch, encoded = line.split()
        secret = base64.b64decode(encoded, validate=True)
        named = str(UUID(epoch))
    except (ValueError, binascii.Error):
        secret, named = b"", ""
    if len(secret) != KEY_BYTES:
        detail = "A line of the keys is not an epoch and 32 bytes in base64."
        raise KeysUnavailable(detail)
    return named, secret
