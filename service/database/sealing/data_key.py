"""The key of one case: what its values are sealed with, bound to the place where each stands."""

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from service.kernel.canonical_json import canonical_bytes
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_bytes

KEY_BYTES: Final = 32

_FORM: Final = b"\x01"
_ID: Final = slice(1, 17)
_NONCE: Final = slice(17, 29)
_CONTENT: Final = slice(29, None)
_NONCE_BYTES: Final = 12


class NotSealedHere(DomainError):
    """A sealed value was changed, or stands in another place than the one it was sealed for."""

    kind = Kind.BROKEN
    code = "not-sealed-here"
    title = "A stored value is not the one that was kept in its place"


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands; moved to any other place it no longer opens.

    Attributes:
        table: name of the table.
        column: name of the column.
        row: the row's id, with its version behind a slash where a row has one.
        shape: version of the value's shape, so that an old value is never read as a new one.
    """

    table: str
    column: str
    row: str
    shape: int = 1

    def bytes_for(self, owner: UUID) -> bytes:
        """Give the bytes that bind a value to this place and to its owner.

        Args:
            owner: whose key seals it: a case, or whatever else is erased as a whole.
        """
        return canonical_bytes([self.table, self.column, self.row, str(owner), self.shape])


@dataclass(frozen=True, repr=False)
class DataKey:
    """One case's key, unwrapped; held for the length of one act and never printed.

    Attributes:
        id: under which sealed values name it; a value is opened by the key it names, never by trying keys.
        secret: 32 random bytes, used only to derive from.
    """

    id: UUID
    secret: bytes

    def seal(self, owner: UUID, place: Place, value: object) -> bytes:
        """Make a value unreadable (AES-256-GCM, NIST SP 800-38D, a random nonce of 96 bits).

        Args:
            owner: whose value it is.
            place: where it will stand.
            value: anything that has a canonical JSON form.
        """
        nonce = new_bytes(_NONCE_BYTES)
        content = self._cipher.encrypt(nonce, canonical_bytes(value), place.bytes_for(owner))
        return _FORM + self.id.bytes + nonce + content

    def open(self, owner: UUID, place: Place, sealed: bytes) -> bytes:
        """Give the canonical JSON of a sealed value.

        Raises:
            NotSealedHere: it was changed, or sealed for another place or another owner.
        """
        try:
            return self._cipher.decrypt(sealed[_NONCE], sealed[_CONTENT], place.bytes_for(owner))
        except (InvalidTag, ValueError):
            raise NotSealedHere from None

    def commitment(self, value: object) -> str:
        """Commit to a value without telling it: HMAC-SHA-256 in hex, worth nothing once the key is destroyed."""
        return hmac.digest(self._commit_key, canonical_bytes(value), "sha256").hex()

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(derived(self.secret, b"nrm/data-key/enc/1"))

    @cached_property
    def _commit_key(self) -> bytes:
        return derived(self.secret, b"nrm/data-key/commit/1")


def key_named_by(sealed: bytes) -> UUID:
    """Give the id of the key with which a value was sealed.

    Raises:
        NotSealedHere: these bytes were never sealed.
    """
    if sealed[:1] != _FORM or len(sealed) < _NONCE.stop:
        raise NotSealedHere
    return UUID(bytes=sealed[_ID])


def derived(secret: bytes, purpose: bytes) -> bytes:
    """Derive a key for one purpose from a secret (HKDF-SHA-256, RFC 5869), so that no key has two uses.

    Args:
        secret: 32 random bytes.
        purpose: what the derived key is for, with its version.
    """
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose).derive(secret)
