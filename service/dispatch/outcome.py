"""What came of one attempt at sending: a category and a few numbers, never a text that the other side wrote."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_GONE: Final = 410
_SLOWER: Final = frozenset({429, 502, 503, 504})
_NOT_YET: Final = frozenset({408, 425})


class Category(StrEnum):
    """The ways an attempt can end, from the sender's side."""

    TAKEN = "taken"
    GONE = "gone"
    SLOWER = "slower"
    REDIRECTED = "redirected"
    REFUSED = "refused"
    FAILED = "failed"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    UNKNOWN_HOST = "unknown_host"
    INSECURE = "insecure"
    BLOCKED_ADDRESS = "blocked_address"
    NO_ENDPOINT = "no_endpoint"
    OWN_FAULT = "own_fault"


NOTHING_TRIED: Final = frozenset({Category.NO_ENDPOINT, Category.OWN_FAULT})
"""The endings for which no partner's system can do anything: they use up no attempt and count against nobody."""


@dataclass(frozen=True)
class Outcome:
    """How one attempt ended.

    Attributes:
        category: the kind of ending; the only word about it that is kept.
        http_status: the status of the answer, when there was one.
        latency_ms: whole milliseconds from opening the connection to the end.
        retry_after: the answer's Retry-After field as it came (RFC 9110 section 10.2.3); untrusted, never kept.
    """

    category: Category
    http_status: int | None = None
    latency_ms: int = 0
    retry_after: str | None = None


def category_of(http_status: int) -> Category:
    """Say what a status means for a delivery: only 2xx is taken, and a redirect is never followed.

    Args:
        http_status: status of a complete answer (RFC 9110 section 15).
    """
    if http_status == _GONE:
        return Category.GONE
    if http_status in _SLOWER:
        return Category.SLOWER
    if http_status in _NOT_YET:
        return Category.FAILED
    by_hundreds = {2: Category.TAKEN, 3: Category.REDIRECTED, 4: Category.REFUSED}
    return by_hundreds.get(http_status // 100, Category.FAILED)
