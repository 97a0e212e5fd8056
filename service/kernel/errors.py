"""How a refusal is said: every refusal is a fact with a kind, and a kind is one row of status and exit code.

DomainError
├── not found        the thing is not there, or not there for this caller
├── conflict         the thing exists in a state that does not allow this
├── forbidden        the caller is known and may not do this
├── unauthenticated  nobody knows who is calling
├── invalid          what was said cannot be understood
├── reused key       a submission key came back with another content
├── stale            somebody else changed the thing after the caller had looked
├── unseen           a change must name the version that it was made on, and does not
├── too often        the same was asked a moment ago
├── unavailable      something we need is away for the moment
└── broken           our own fault
"""

from dataclasses import dataclass
from enum import Enum
from typing import ClassVar


class Kind(Enum):
    """The ways to refuse; each row holds the HTTP status and the exit code of a command."""

    NOT_FOUND = (404, 4)
    CONFLICT = (409, 5)
    FORBIDDEN = (403, 6)
    UNAUTHENTICATED = (401, 7)
    INVALID = (400, 2)
    REUSED_KEY = (422, 2)
    STALE = (412, 5)
    UNSEEN = (428, 2)
    TOO_OFTEN = (429, 5)
    UNAVAILABLE = (503, 8)
    BROKEN = (500, 70)

    def __init__(self, http_status: int, exit_code: int) -> None:
        """Spread one row over its columns.

        Args:
            http_status: status of the answer over HTTP (RFC 9110).
            exit_code: exit code of a command line.
        """
        self.http_status = http_status
        self.exit_code = exit_code


@dataclass(frozen=True)
class Problem:
    """One thing wrong in what was said: where (a JSON pointer, RFC 6901), a code, and a sentence without the input."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A refusal that a caller may read: it never carries personal data or what the caller sent."""

    kind: ClassVar[Kind] = Kind.BROKEN
    code: ClassVar[str] = "broken"
    title: ClassVar[str] = "Something went wrong on our side"
    retry_after: ClassVar[int | None] = None
    """Seconds after which asking again may help."""

    def __init__(self, detail: str = "", problems: tuple[Problem, ...] = ()) -> None:
        """Say the refusal.

        Args:
            detail: one sentence for this occurrence, free of personal data; empty means the title says it all.
            problems: every single thing wrong, when more can be said.
        """
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.problems = problems


class Broken(DomainError):
    """Our own fault, told without detail."""


class Unavailable(DomainError):
    """Something the service needs is away for the moment; asking again later is right."""

    kind = Kind.UNAVAILABLE
    code = "unavailable"
    title = "The service cannot do this at the moment"
