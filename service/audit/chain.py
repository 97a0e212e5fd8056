"""The chain: each entry names the hash of the one before it, so that a change, a hole or a cut shows."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from service.kernel.canonical_json import canonical_bytes

_LEAF: Final = b"\x00"


@dataclass(frozen=True)
class Kept:
    """An entry as the database gives it back: its exact bytes and the columns derived from them."""

    seq: int
    body: bytes
    leaf_hash: str
    stream: str
    event: str


@dataclass(frozen=True)
class Head:
    """The last link of a stream as it was noted when it was written."""

    seq: int
    hash: str


@dataclass(frozen=True)
class Break:
    """The first place where a stream does not hold, and what is wrong there."""

    seq: int
    what: str


def leaf_hash(body: bytes) -> str:
    """Hash an entry's bytes as a leaf (RFC 6962 section 2.1), in hex."""
    return hashlib.sha256(_LEAF + body).hexdigest()


def first_break(entries: Iterable[Kept], head: Head | None) -> Break | None:
    """Hash every entry of one stream again and find the first that does not fit, or None when all fit.

    Args:
        entries: the whole stream in its own order.
        head: the noted last link; None when none was noted.
    """
    expected, previous = 1, None
    for kept in entries:
        wrong = _wrong(kept, expected, previous)
        if wrong is not None:
            return Break(expected, wrong)
        expected, previous = expected + 1, leaf_hash(kept.body)
    noted = (head.seq, head.hash) if head is not None else (0, None)
    if noted != (expected - 1, previous):
        return Break(expected, "the stream does not end where it was noted to end")
    return None


def _wrong(kept: Kept, expected: int, previous: str | None) -> str | None:
    said = _read(kept.body)
    if said is None:
        return "the entry's bytes are not canonical JSON"
    if kept.seq != expected or said.get("seq") != expected:
        return "an entry is missing or out of order"
    if leaf_hash(kept.body) != kept.leaf_hash:
        return "the entry's bytes are not the ones that were hashed"
    if said.get("prev") != previous:
        return "the entry does not follow from the one before it"
    if (said.get("stream"), said.get("event")) != (kept.stream, kept.event):
        return "the columns beside the entry say something else than the entry"
    return None


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        said = json.loads(body)
        same = canonical_bytes(said) == body
    except (ValueError, TypeError, RecursionError):
        return None
    return said if same and isinstance(said, dict) else None
