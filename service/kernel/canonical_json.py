"""One byte form per value, so that a hash says the same everywhere (RFC 8785 without floats, ASCII keys only)."""

import hashlib
import json
from collections.abc import Mapping
from typing import Final

_LARGEST: Final = 2**53 - 1


def canonical_bytes(value: object) -> bytes:
    """Write a value in its one byte form.

    Args:
        value: text, whole numbers below 2**53, truth values, null, lists and mappings with ASCII keys, nested freely.

    Raises:
        TypeError: the value holds something that has no byte form here, a float for instance.
        ValueError: a number is too large, a key is not ASCII, or text holds half a surrogate pair.
    """
    text = json.dumps(
        _plain(value),
        ensure_ascii=False,
        allow_nan=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode("utf-8")


def digest(value: object) -> str:
    """Give the SHA-256 of a value's byte form, in hex."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return _whole(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    message = f"{type(value).__name__} has no canonical byte form"
    raise TypeError(message)


def _whole(value: int) -> int:
    if abs(value) > _LARGEST:
        message = "a whole number in canonical JSON stays below 2**53"
        raise ValueError(message)
    return int(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        message = "a key in canonical JSON is text"
        raise TypeError(message)
    if not key.isascii():
        message = "a key in canonical JSON is ASCII"
        raise ValueError(message)
    return str(key)
