"""Whether the sender has signed a message just now: by a secret that both sides keep, or by the sender's public key.

A shared secret checks `v1` alone and a public key `v1a` alone (Standard Webhooks 1.0.0), so nobody who knows the public
key can sign with it.
"""

import base64
import binascii
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

_SHARED: Final = "whsec_"
_PUBLIC: Final = "whpk_"
_PRIVATE: Final = "whsk_"
_SHARED_BYTES: Final = (24, 64)
_PUBLIC_BYTES: Final = (32, 32)
_TOLERANCE: Final = 300
_MOST_DIGITS: Final = 12


class UnusableKey(ValueError):
    """A line is nothing that a receiver checks signatures with; the sentence never repeats it."""


class NotSigned(Exception):
    """Nobody who has what we check with signed this message just now."""


class Key(Protocol):
    """One thing to check signatures with, and the version of the signatures that it checks."""

    @property
    def version(self) -> str:
        """Give the version as it is written before a signature."""
        ...

    def has_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        """Tell whether one of a message's signatures was made with what belongs to it, just now.

        Args:
            body: the raw bytes as they came.
            headers: the request's header fields, names in lower case.
        """
        ...


def read_key(line: str) -> Key:
    """Read what the sender gave us to check its signatures with.

    Args:
        line: `whsec_…`, a shared secret, or `whpk_…`, a public key.

    Raises:
        UnusableKey: it is neither; the sender's private key above all.
    """
    if line.startswith(_PRIVATE):
        message = (
            f"{_PRIVATE} is the sender's private key: it signs, and no receiver may have it. "
            f"Put in the public key, which starts with {_PUBLIC}, and tell the sender that its private key got out."
        )
        raise UnusableKey(message)
    if line.startswith(_SHARED):
        return _SharedSecret(_bytes_after(_SHARED, line, *_SHARED_BYTES))
    if line.startswith(_PUBLIC):
        return _PublicKey(Ed25519PublicKey.from_public_bytes(_bytes_after(_PUBLIC, line, *_PUBLIC_BYTES)))
    message = (
        f"What checks signatures is a shared secret, which starts with {_SHARED}, or a public key, with {_PUBLIC}."
    )
    raise UnusableKey(message)


def read_keys(text: str) -> list[Key]:
    """Read everything that signatures are checked with, one a line; while keys change over there are several.

    Raises:
        UnusableKey: there is none, or a line is none.
    """
    keys = [read_key(line) for line in text.split()]
    if not keys:
        message = f"There is nothing to check signatures with: put in what starts with {_SHARED} or {_PUBLIC}."
        raise UnusableKey(message)
    return keys


def check(body: bytes, headers: Mapping[str, str], keys: Sequence[Key]) -> None:
    """Stop a message that none of our keys has signed just now.

    Args:
        body: the raw bytes as they came.
        headers: the request's header fields, names in lower case.
        keys: what we check with.

    Raises:
        NotSigned: it was signed by somebody else, long ago, in another way, or not at all.
    """
    if any(key.has_signed(body, headers) for key in keys):
        return
    ours = sorted({key.version for key in keys})
    theirs = {version for version, _ in _signatures(headers)}
    message = "no key of ours signed this just now"
    if theirs.isdisjoint(ours):
        message = f"it has no signature {' or '.join(ours)}, which our keys check"
    raise NotSigned(message)


@dataclass(frozen=True)
class _SharedSecret:
    secret: bytes
    version: str = "v1"

    def has_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        try:
            Webhook(self.secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):
            # The library raises a bare ValueError when the signature header holds an empty item.
            return False
        return True


@dataclass(frozen=True)
class _PublicKey:
    key: Ed25519PublicKey
    version: str = "v1a"

    def has_signed(self, body: bytes, headers: Mapping[str, str]) -> bool:
        told, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        if not told or not _is_now(at):
            return False
        content = b".".join((told.encode(), at.encode(), body))
        return any(self._made(signature, content) for version, signature in _signatures(headers) if version == "v1a")

    def _made(self, signature: str, content: bytes) -> bool:
        try:
            self.key.verify(base64.b64decode(signature, validate=True), content)
        except (InvalidSignature, ValueError):
            return False
        return True


def _signatures(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for item in headers.get("webhook-signature", "").split(" "):
        version, _, signature = item.partition(",")
        yield version, signature


def _is_now(timestamp: str) -> bool:
    is_number = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _MOST_DIGITS
    return is_number and abs(time.time() - int(timestamp)) <= _TOLERANCE


def _bytes_after(prefix: str, line: str, least: int, most: int) -> bytes:
    try:
        found = base64.b64decode(line.removeprefix(prefix), validate=True)
    except (binascii.Error, ValueError):
        found = b""
    if not least <= len(found) <= most:
        lengths = str(least) if least == most else f"{least} to {most}"
        message = f"What follows {prefix} is not the base64 of {lengths} bytes."
        raise UnusableKey(message)
    return found
