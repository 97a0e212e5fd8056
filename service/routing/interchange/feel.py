"""The few words of FEEL (the expression language of DMN) that cells of our tables need, written and read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from service.routing.engine.cells import Cell, Span
from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number

ANY: Final = "-"
_KEYWORD: Final = re.compile(
    r"and|between|date|duration|else|every|external|false|for|function|if|in|instance|not|null|of|or|return|satisfies"
    r"|some|then|time|true"
)
_NEGATED: Final = re.compile(r"not\s*\((?P<inside>.*)\)", re.DOTALL)
_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
_NUMBER: Final = r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?"
_SINGLE: Final = re.compile(_NUMBER)
_INTERVAL: Final = re.compile(
    rf"(?P<open>[\[(\]])\s*(?P<low>{_NUMBER})\s*\.\.\s*(?P<high>{_NUMBER})\s*(?P<close>[\])\[])"
)
_COMPARED: Final = re.compile(rf"(?P<how><=|>=|<|>|=)\s*(?P<bound>{_NUMBER})")
_PIECES: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[\[(\]]\s*[^,"\[\]()]*\.\.[^,"\[\]()]*[\])\[]|[^,"]+')
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_MEANS: Final = {"n": "\n", "t": "\t", "r": "\r"}


class NotInFragment(Exception):
    """A FEEL text says more than a cell of our tables can."""


@dataclass(frozen=True)
class Interval:
    """Numbers between two ends, both included; None for an open end."""

    low: int | None
    high: int | None


Test = str | bool | Interval


@dataclass(frozen=True)
class UnaryTests:
    """What a cell accepts, or, when negated, what it does not."""

    tests: tuple[Test, ...]
    negated: bool = False


def feel_name(name: str) -> str:
    """Give a name that FEEL reads as a name; ours never end with an underscore, so it can be taken off again."""
    return f"{name}_" if _KEYWORD.fullmatch(name) else name


def our_name(name: str) -> str:
    """Give back what feel_name made of a name."""
    return name.removesuffix("_")


def quoted(text: str) -> str:
    """Write a FEEL text."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def unknown_number(domain: Number) -> int:
    """Give the number that stands for `unknown` in a column of numbers: the one below the lowest."""
    return domain.low - 1


def written_cell(cell: Cell | None, domain: Domain) -> str:
    """Write a cell; whole numbers as half-open intervals, because between two of them FEEL sees others."""
    if cell is None:
        return ANY
    if isinstance(domain, Choice):
        return ", ".join(quoted(word) for word in cell.words)
    unknown = unknown_number(domain)
    spans = [(unknown, unknown)] if UNKNOWN in cell.words else []
    return ", ".join(_half_open(span) for span in (*spans, *cell.spans))


def written_domain(domain: Domain) -> str:
    """Write the values that a column may take."""
    if isinstance(domain, Choice):
        return ", ".join(quoted(word) for word in domain.values)
    return _half_open((unknown_number(domain) if domain.unknown else domain.low, domain.high))


def _half_open(span: Span) -> str:
    low, high = span
    return f"[{low}..{high + 1})"


def read_tests(text: str) -> UnaryTests | None:
    """Read a cell, None when it accepts anything.

    Args:
        text: what stands in the cell.

    Raises:
        NotInFragment: it is more than values, whole numbers, intervals, comparisons, and `not(...)` around them.
    """
    said = text.strip()
    if said in ("", ANY):
        return None
    negated = _NEGATED.fullmatch(said)
    inside = negated["inside"] if negated else said
    return UnaryTests(tuple(_test(piece) for piece in _pieces(inside)), negated is not None)


def read_value(text: str) -> str | None:
    """Read a single value, as outcomes are; None for none.

    Args:
        text: what stands in the cell.

    Raises:
        NotInFragment: it must be worked out.
    """
    said = text.strip()
    if said in ("", ANY, "null"):
        return None
    if _SINGLE.fullmatch(said):
        return said
    found = _test(said)
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, str):
        return found
    raise NotInFragment(f"{said} is no single value")


def _pieces(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        found = _PIECES.match(text, place)
        if found is None:
            raise NotInFragment(f"{text[place:].strip()} is no list of values")
        yield found.group().strip()
        rest = re.compile(r"\s*(,\s*)?").match(text, found.end())
        place = rest.end() if rest else found.end()
        if rest and not rest.group(1) and place < len(text):
            raise NotInFragment(f"{text.strip()} is no list of values")


def _test(said: str) -> Test:
    if said in ("true", "false"):
        return said == "true"
    if _TEXT.fullmatch(said):
        return _ESCAPED.sub(lambda one: _MEANS.get(one[1], one[1]), said[1:-1])
    if _SINGLE.fullmatch(said):
        return Interval(_whole(said), _whole(said))
    if (found := _INTERVAL.fullmatch(said)) is not None:
        low = _whole(found["low"]) + (found["open"] != "[")
        high = _whole(found["high"]) - (found["close"] != "]")
        return _ordered(low, high, said)
    if (found := _COMPARED.fullmatch(said)) is not None:
        return _compared(found["how"], _whole(found["bound"]))
    raise NotInFragment(f"{said} is more than a value, a list, a range or not(...)")


def _compared(how: str, bound: int) -> Interval:
    if how.startswith("<"):
        return Interval(None, bound - (how == "<"))
    if how.startswith(">"):
        return Interval(bound + (how == ">"), None)
    return Interval(bound, bound)


def _whole(said: str) -> int:
    number = Decimal(said)
    if number != number.to_integral_value():
        raise NotInFragment(f"{said} is no whole number")
    return int(number)


def _ordered(low: int, high: int, said: str) -> Interval:
    if low > high:
        raise NotInFragment(f"no whole number lies in {said}")
    return Interval(low, high)
