"""What a DMN file says of its names: which decisions there are, what they give, and which values a name may have."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.routing.engine.domains import UNKNOWN, YES_OR_NO, Choice, Domain, Number
from service.routing.interchange.feel import Interval, NotInFragment, Test, UnaryTests, our_name, read_tests
from service.routing.interchange.xml_tree import Element

OTHER: Final = "other"
_READ_TYPES: Final = (None, "string", "number", "integer", "long", "double", "Any")
_WIDEST: Final = 10_000
_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_PATH: Final = re.compile(r"[^\W\d][\w ]*(\.[^\W\d][\w ]*)*")
_OPERATORS: Final = frozenset({"and", "or", "in", "for", "if", "then", "else", "between", "instance", "of", "not"})


def rule_name(said: str) -> str:
    """Give the name that rules use for a name of DMN: small letters, digits and single underscores.

    Raises:
        NotInFragment: nothing of it is left.
    """
    name = said.strip()
    if _NAME.fullmatch(our_name(name)):
        return our_name(name)
    plain = re.sub(r"[^a-z0-9]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()).strip("_")
    if _NAME.fullmatch(plain):
        return plain
    raise NotInFragment(f"{said!r} gives no name of small letters and digits")


@dataclass(frozen=True)
class Names:
    """Everything in a file that has a name."""

    types: dict[str, Element]
    inputs: dict[str, Element]
    outputs: dict[str, list[str]]

    def column(self, expression: str) -> str:
        """Give the column that an input expression reads.

        Raises:
            NotInFragment: it is more than a name, or part of what a name stands for.
        """
        said = " ".join(expression.split())
        known = said in self.inputs or said in self.outputs
        if not _PATH.fullmatch(said) or (not known and not _OPERATORS.isdisjoint(re.split(r"[ .]", said))):
            raise NotInFragment(f"{said!r} is worked out; a column reads a name as it is")
        owner, _, part = said.partition(".")
        given = self.outputs.get(owner)
        if given is not None and not part:
            if len(given) > 1:
                raise NotInFragment(f"the decision {owner!r} gives {', '.join(given)}; name one of them")
            return f"{rule_name(owner)}.{given[0]}"
        column = ".".join(rule_name(name) for name in said.split("."))
        givers = [] if known else [decision for decision, outputs in self.outputs.items() if column in outputs]
        # Some engines hand on an outcome under its own name.
        return f"{rule_name(givers[0])}.{column}" if len(givers) == 1 else column

    def type_of(self, clause: Element) -> "tuple[str | None, UnaryTests | None]":
        """Give the base type and the allowed values of an input or output clause, as far as the file says them.

        Raises:
            NotInFragment: the allowed values are worked out.
        """
        inner = clause.first("inputExpression")
        values = clause.text_of("inputValues", "text") or clause.text_of("outputValues", "text")
        base, allowed = self._typed((clause if inner is None else inner).attributes.get("typeRef"))
        if base is None or (allowed is None and values is None):
            told = self._told(" ".join((clause.text_of("inputExpression", "text") or "").split()))
            base, allowed = (base or told[0], allowed or told[1])
        return base, read_tests(values) if values else allowed

    def _told(self, path: str) -> "tuple[str | None, UnaryTests | None]":
        owner, _, part = path.partition(".")
        variable = self.inputs[owner].first("variable") if owner in self.inputs else None
        reference = None if variable is None else variable.attributes.get("typeRef")
        whole = self.types.get(_local(reference))
        if not part or whole is None:
            return self._typed(reference)
        component = next((one for one in whole.all("itemComponent") if one.attributes.get("name") == part), None)
        return (None, None) if component is None else self._defined(component)

    def _typed(self, reference: str | None) -> "tuple[str | None, UnaryTests | None]":
        name = _local(reference)
        defined = self.types.get(name)
        return (name or None, None) if defined is None else self._defined(defined)

    def _defined(self, definition: Element) -> "tuple[str | None, UnaryTests | None]":
        values = definition.text_of("allowedValues", "text") or definition.text_of("typeConstraint", "text")
        reference = definition.text_of("typeRef")
        if values:
            return _local(reference) or None, read_tests(values)
        return (None, None) if reference in (None, definition.attributes.get("name")) else self._typed(reference)


def domain_of(
    base: str | None, allowed: UnaryTests | None, cells: Sequence[UnaryTests | None], unknown: int | None
) -> Domain:
    """Give the closed list of values of a column.

    Values that the file leaves open are closed by what no cell tells apart: one word beside those of the cells, one
    number beyond the outermost on either side.

    Args:
        base: the type, None when the file names none.
        allowed: the values that the file allows, None when it says nothing.
        cells: every cell of the column.
        unknown: the number that stands for `unknown`, None when there is none.

    Raises:
        NotInFragment: words and numbers stand in one column, or the type is none that our tables know.
    """
    if base == "boolean":
        return YES_OR_NO
    if base not in _READ_TYPES:
        raise NotInFragment(f"values of the type {base} are not read; let a derived value turn them into words")
    told = allowed if allowed is not None and not allowed.negated else None
    tests = told.tests if told else [test for cell in cells if cell is not None for test in cell.tests]
    if all(isinstance(test, bool) for test in tests) and tests:
        return YES_OR_NO
    if all(isinstance(test, str) for test in tests):
        words = dict.fromkeys(str(test) for test in tests)
        return Choice(tuple(words) if told else (*words, *(() if OTHER in words else (OTHER,))))
    if all(isinstance(test, Interval) for test in tests):
        return _numbers([test for test in tests if isinstance(test, Interval)], unknown, closed=told is not None)
    raise NotInFragment("words and numbers stand in one column")


def is_open(domain: Domain, allowed: UnaryTests | None) -> bool:
    """Tell whether the file left open which values the column may have."""
    return allowed is None and domain is not YES_OR_NO


def written_tests(tests: UnaryTests, domain: Domain, unknown: int | None) -> object:
    """Give a cell as a file of rules holds it.

    Args:
        tests: what stands in the cell.
        domain: every value that the column can have.
        unknown: the number that stands for `unknown`, None when there is none.

    Raises:
        NotInFragment: it names a value that the column cannot have.
    """
    if isinstance(domain, Choice):
        parts = [_word(test, domain) for test in tests.tests]
    else:
        parts = [part for test in tests.tests for part in _ranges(_interval(test), domain, unknown)]
    if tests.negated:
        return {"not": parts}
    return parts[0] if len(parts) == 1 else parts


def _numbers(intervals: Iterable[Interval], unknown: int | None, *, closed: bool) -> Number:
    ends = [(one.low, one.high) for one in intervals]
    lows, highs = [low for low, _ in ends if low is not None], [high for _, high in ends if high is not None]
    if closed and (len(lows) < len(ends) or len(highs) < len(ends)):
        raise NotInFragment("the allowed numbers have no bounds; write them as [0..121)")
    margin = 0 if closed else 1
    low, high = min(lows + highs) - margin, max(lows + highs) + margin
    if high - low > _WIDEST:
        raise NotInFragment(f"the numbers from {low} to {high} are too many for a table")
    return Number(low if unknown is None else max(low, unknown + 1), high, unknown is not None)


def _ranges(interval: Interval, domain: Number, unknown: int | None) -> Iterator[str]:
    low, high = interval.low, interval.high
    if unknown is not None and (low is None or low <= unknown) and (high is None or high >= unknown):
        yield UNKNOWN
    lowest = domain.low if low is None else max(low, domain.low)
    highest = domain.high if high is None else min(high, domain.high)
    if lowest <= highest:
        yield f"{'' if low is None else lowest}..{'' if high is None else highest}"
    elif highest != unknown:
        raise NotInFragment(f"no number of the column lies between {low} and {high}")


def _word(test: Test, domain: Choice) -> str:
    if isinstance(test, Interval):
        raise NotInFragment("a number stands in a column of words")
    word = test if isinstance(test, str) else "yes" if test else "no"
    if word not in domain.values:
        raise NotInFragment(f"{word!r} is none of the allowed values ({', '.join(domain.values)})")
    return word


def _interval(test: Test) -> Interval:
    if isinstance(test, Interval):
        return test
    raise NotInFragment("a word stands in a column of numbers")


def _local(reference: str | None) -> str:
    return (reference or "").rpartition(":")[2]
