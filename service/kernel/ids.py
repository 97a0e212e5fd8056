"""The only door for identifiers and randomness."""

import base64
import secrets
import time
from typing import Final
from uuid import UUID

_VERSION_7: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_MILLISECONDS_BITS: Final = (1 << 48) - 1


def new_id() -> UUID:
    """Make an identifier that sorts by the millisecond of its making (UUID version 7, RFC 9562 section 5.7)."""
    milliseconds = (time.time_ns() // 1_000_000) & _MILLISECONDS_BITS
    return UUID(int=milliseconds << 80 | _VERSION_7 | secrets.randbits(12) << 64 | _VARIANT | secrets.randbits(62))


def new_key(prefix: str) -> str:
    """Make an unguessable name of 32 random bytes.

    Args:
        prefix: what the name begins with, for example `key_`.
    """
    return prefix + secrets.token_urlsafe(32)


def new_salt() -> str:
    """Make sixteen random bytes in hex, so that nobody can guess an entry from its hash."""
    return secrets.token_hex(16)


def new_trace_id() -> str:
    """Make the number of a trace: sixteen random bytes in hex, not all zero (W3C Trace Context, section 3.2.2.3)."""
    return f"{1 + secrets.randbelow((1 << 128) - 1):032x}"


def new_span_id() -> str:
    """Make the number of a step in a trace: eight random bytes in hex, not all zero."""
    return f"{1 + secrets.randbelow((1 << 64) - 1):016x}"


def new_signing_secret() -> str:
    """Make a secret for signing messages to one endpoint: 32 random bytes in the form of Standard Webhooks 1.0."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def new_bytes(count: int) -> bytes:
    """Make bytes that nobody can guess, for keys and for nonces.

    Args:
        count: how many.
    """
    return secrets.token_bytes(count)
