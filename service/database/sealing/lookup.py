"""Recognising without reading: keyed tags that are equal when two values are, and tell nothing without the key."""

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from service.database.sealing.data_key import KEY_BYTES, derived
from service.database.sealing.keyring import KeysUnavailable
from service.kernel.canonical_json import canonical_bytes
from service.kernel.ids import new_bytes

TAG_BYTES: Final = 16
"""Length of a tag: long enough that two people do not share one by chance."""


@dataclass(frozen=True, repr=False)
class LookupKey:
    """The key of all tags; it opens nothing, and without it a tag cannot be tried against a list of names."""

    secret: bytes

    @cached_property
    def id(self) -> str:
        """Name the key without telling it, so that tags of an older key are never compared with newer ones."""
        return hashlib.sha256(derived(self.secret, b"nrm/lookup/name/1")).hexdigest()[:16]

    def tag(self, field: str, value: object) -> bytes:
        """Give the tag of a value.

        Args:
            field: what kind of value it is; each kind has a key of its own.
            value: in the one spelling in which values of this kind are compared.
        """
        return self._mac(field, value)[:TAG_BYTES]

    def digest(self, field: str, value: object) -> str:
        """Give the whole keyed digest of a value, in hex."""
        return self._mac(field, value).hex()

    def as_text(self) -> str:
        """Write the key down."""
        return base64.b64encode(self.secret).decode("ascii") + "\n"

    def _mac(self, field: str, value: object) -> bytes:
        key = derived(self.secret, b"nrm/lookup/field/1/" + field.encode("ascii"))
        return hmac.digest(key, canonical_bytes(value), "sha256")


def new_lookup_key() -> LookupKey:
    """Make a key for tags."""
    return LookupKey(new_bytes(KEY_BYTES))


def read_lookup_key(text: str) -> LookupKey:
    """Read the key of all tags: 32 bytes in base64.

    Raises:
        KeysUnavailable: the text is something else.
    """
    try:
        secret = base64.b64decode(text.strip(), validate=True)
    except (ValueError, binascii.Error):
        secret = b""
    if len(secret) != KEY_BYTES:
        detail = "The lookup key is not 32 bytes in base64."
        raise KeysUnavailable(detail)
    return LookupKey(secret)
