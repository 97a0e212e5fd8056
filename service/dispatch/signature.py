"""Signs a message so that the partner can tell who sent it and that nothing was changed (Standard Webhooks 1.0.0)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from service.kernel.errors import DomainError, Kind

SHARED: Final = "whsec_"
"""How a shared secret is written (Standard Webhooks, "Signature scheme")."""

_LEAST_BYTES: Final = 24
_MOST_BYTES: Final = 64


class UnusableSecret(DomainError):
    """A secret is not one that both sides can sign with; it is never repeated in a message."""

    kind = Kind.INVALID
    code = "unusable-secret"
    title = "This cannot be used as a signing secret"


class UnusableMessage(DomainError):
    """A message cannot be signed so that every receiver reads it alike."""

    kind = Kind.BROKEN
    code = "unusable-message"
    title = "This message cannot be signed"


def signed_headers(message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """Make the three headers of one attempt; the instant and so the signature are new at every attempt.

    Args:
        message_id: the message's id, the same at every attempt, without a full stop.
        at: real time of this attempt, aware, in UTC.
        body: the exact bytes that will be sent.
        secrets: every secret the receiver may hold at the moment, newest first; more than one while it changes over.

    Raises:
        UnusableSecret: there is no secret, or one of them is malformed.
        UnusableMessage: the id holds a full stop or the instant is not in UTC.
    """
    if not message_id or "." in message_id or not message_id.isascii():
        detail = "A message id is plain text without a full stop."
        raise UnusableMessage(detail)
    if at.utcoffset() != timedelta(0):
        # The reference library overwrites another offset with UTC and so signs a wrong instant.
        detail = "A signature needs an instant in UTC."
        raise UnusableMessage(detail)
    if not secrets:
        detail = "There is no secret to sign with."
        raise UnusableSecret(detail)
    timestamp = str(int(at.timestamp()))
    content = b".".join((message_id.encode("ascii"), timestamp.encode("ascii"), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(_signature(signing_key(secret), content) for secret in secrets),
    }


def signing_key(secret: str) -> bytes:
    """Give the key behind a shared secret as it is written.

    Args:
        secret: `whsec_` and the standard base64 of 24 to 64 bytes.

    Raises:
        UnusableSecret: the secret is written otherwise; a public or private key of the other scheme is refused too,
            because decoders that skip its underscore would accept it in silence.
    """
    if not secret.startswith(SHARED):
        detail = f"A shared secret starts with {SHARED}."
        raise UnusableSecret(detail)
    try:
        key = base64.b64decode(secret.removeprefix(SHARED), validate=True)
    except (binascii.Error, ValueError):
        detail = "What follows the prefix is not base64."
        raise UnusableSecret(detail) from None
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        detail = f"A shared secret holds {_LEAST_BYTES} to {_MOST_BYTES} bytes."
        raise UnusableSecret(detail)
    return key


def _signature(key: bytes, content: bytes) -> str:
    return "v1," + base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode("ascii")
