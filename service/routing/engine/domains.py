"""The closed sets of values that a column of a table may take; there is no value beside them, and never null."""

from dataclasses import dataclass

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Choice:
    """One word out of a list, in the order in which the list is written."""

    values: tuple[str, ...]

    def __contains__(self, value: object) -> bool:
        """Tell whether the value is one of the words."""
        return isinstance(value, str) and value in self.values


@dataclass(frozen=True)
class Number:
    """A whole number between two bounds, both included, or `unknown` where that is allowed."""

    low: int
    high: int
    unknown: bool

    def __contains__(self, value: object) -> bool:
        """Tell whether the value is a whole number within the bounds, or the allowed `unknown`."""
        if isinstance(value, str):
            return self.unknown and value == UNKNOWN
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


Domain = Choice | Number


def values_of(domain: Domain) -> tuple[str | int, ...]:
    """Give everything that can be known of a column, `unknown` left out where it stands beside numbers."""
    return domain.values if isinstance(domain, Choice) else tuple(range(domain.low, domain.high + 1))


YES_OR_NO = Choice(("yes", "no"))


def described(domain: Domain) -> str:
    """Say in words which values a domain holds, for hints."""
    if isinstance(domain, Choice):
        return ", ".join(domain.values)
    return f"{domain.low}..{domain.high}" + (f", {UNKNOWN}" if domain.unknown else "")
