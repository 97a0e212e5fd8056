"""Lets nobody overwrite what they have not seen: a change names the version that it was made on."""

from service.kernel.errors import DomainError, Kind

Seen = frozenset[int] | None
"""The versions of a row that a caller says to have seen; None when the caller says nothing."""


class Unseen(DomainError):
    """The change does not say which version it was made on."""

    kind = Kind.UNSEEN
    code = "version-missing"
    title = "A change must name the version that it was made on (If-Match: the ETag of what was read)"


class Stale(DomainError):
    """Somebody else changed the thing after the caller had looked."""

    kind = Kind.STALE
    code = "stale-version"
    title = "This was changed in the meantime; read it again"


def require_version(stored: int, seen: Seen) -> None:
    """Stop a change that was made on another version than the stored one.

    Args:
        stored: the version of the row, which this transaction holds locked.
        seen: the versions that the caller names.

    Raises:
        Unseen: the caller names none.
        Stale: the stored one is not among them.
    """
    if seen is None:
        raise Unseen
    if stored not in seen:
        raise Stale
