"""Signs a message so that the partner can tell who sent it and that nothing was changed (Standard Webhooks 1.0.0)."""

import base64
import binascii
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_bytes, new_signing_secret

SHARED: Final = "whsec_"
"""How a shared secret is written (Standard Webhooks, "Signature scheme")."""

PRIVATE: Final = "whsk_"
"""How the private half of a key pair is written, which signs and never leaves us."""

PUBLIC: Final = "whpk_"
"""How the public half of a key pair is written, with which anybody can check and nobody can sign."""

_LEAST_BYTES: Final = 24
_MOST_BYTES: Final = 64
_SEED: Final = 32


class SignatureKind(StrEnum):
    """Who can make the signatures of an endpoint: both sides (`v1`, HMAC-SHA-256), or we alone (`v1a`, ed25519)."""

    SYMMETRIC = "symmetric"
    ASYMMETRIC = "asymmetric"


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


def signed_headers(
    message_id: str, at: datetime, body: bytes, secrets: Sequence[str], public_key: str | None = None
) -> dict[str, str]:
    """Make the three headers of one attempt; the instant and so the signature are new at every attempt.

    Args:
        message_id: the message's id, the same at every attempt, without a full stop.
        at: real time of this attempt, aware, in UTC.
        body: the exact bytes that will be sent.
        secrets: every secret whose signature the receiver may expect at the moment, newest first; more than one while
            it changes over.
        public_key: the public half of the newest, for a receiver that checks with it; nothing where secrets are shared.

    Raises:
        UnusableSecret: there is no secret, one of them is malformed or of the other kind than the receiver expects, or
            the newest is not what its public half says.
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
        "webhook-signature": " ".join(
            _shared(secrets, content) if public_key is None else _our_own(secrets, public_key, content)
        ),
    }


def new_secret(kind: SignatureKind) -> str:
    """Make what signs the messages to one endpoint: a secret to share, or the private half of a key pair.

    Args:
        kind: how its signatures are made.
    """
    if kind is SignatureKind.SYMMETRIC:
        return new_signing_secret()
    seed = new_bytes(_SEED)
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return PRIVATE + base64.b64encode(seed + public).decode("ascii")


def public_half(secret: str) -> str | None:
    """Give the public half of a private key as it is written; a shared secret has none.

    Raises:
        UnusableSecret: it is a private key that is malformed.
    """
    return None if secret.startswith(SHARED) else _public(private_key(secret))


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
    key = _decoded(secret.removeprefix(SHARED))
    if not _LEAST_BYTES <= len(key) <= _MOST_BYTES:
        detail = f"A shared secret holds {_LEAST_BYTES} to {_MOST_BYTES} bytes."
        raise UnusableSecret(detail)
    return key


def private_key(secret: str) -> Ed25519PrivateKey:
    """Give the key behind the private half of a pair as it is written.

    Args:
        secret: `whsk_` and the standard base64 of 64 bytes: the seed and the public half.

    Raises:
        UnusableSecret: it is written otherwise, or its halves do not belong together.
    """
    if not secret.startswith(PRIVATE):
        detail = f"A private key starts with {PRIVATE}."
        raise UnusableSecret(detail)
    both = _decoded(secret.removeprefix(PRIVATE))
    if len(both) != 2 * _SEED:
        detail = f"A private key holds {2 * _SEED} bytes: the seed and the public half."
        raise UnusableSecret(detail)
    key = Ed25519PrivateKey.from_private_bytes(both[:_SEED])
    if key.public_key().public_bytes_raw() != both[_SEED:]:
        detail = "The two halves of the private key do not belong together."
        raise UnusableSecret(detail)
    return key


def _shared(secrets: Sequence[str], content: bytes) -> list[str]:
    signatures = (hmac.digest(signing_key(secret), content, "sha256") for secret in secrets)
    return ["v1," + base64.b64encode(signature).decode("ascii") for signature in signatures]


def _our_own(secrets: Sequence[str], public_key: str, content: bytes) -> list[str]:
    # A shared secret is refused here, and a private key above: no receiver that asked for the one ever gets the other.
    keys = [private_key(secret) for secret in secrets]
    if _public(keys[0]) != public_key:
        detail = "The private key does not belong to the public key that the receiver was given."
        raise UnusableSecret(detail)
    return ["v1a," + base64.b64encode(key.sign(content)).decode("ascii") for key in keys]


def _public(key: Ed25519PrivateKey) -> str:
    return PUBLIC + base64.b64encode(key.public_key().public_bytes_raw()).decode("ascii")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        detail = "What follows the prefix is not base64."
        raise UnusableSecret(detail) from None
