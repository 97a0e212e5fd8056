"""Runs the examples of a rule set: stories with facts, what must follow from them and what must not."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from service.routing.decide import decide
from service.routing.rule_set import Example, RuleSet
from service.routing.text.mistakes import Mistake

_NOTHING: Final = "nothing like "


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a decision is not what an example says, at a place such as `shelter.type`."""

    place: str
    wanted: object
    found: object

    def __str__(self) -> str:
        """Say the difference in one line."""
        return f"{self.place}: wanted {_written(self.wanted)}, found {_written(self._near())}"

    def _near(self) -> object:
        """Give what was found; of a list only the entries that begin as the wanted one does, as whoever reads would."""
        if not isinstance(self.wanted, Mapping) or not isinstance(self.found, list):
            return self.found
        first = dict(list(self.wanted.items())[:1])
        return [one for one in self.found if matches(first, one)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one example went."""

    example: Example
    differences: tuple[Difference, ...]

    @property
    def holds(self) -> bool:
        """Tell whether the decision is what the example says."""
        return not self.differences


def run_examples(rule_set: RuleSet) -> tuple[Outcome, ...]:
    """Decide every example and compare."""
    return tuple(run_example(rule_set, example) for example in rule_set.examples)


def story_mistakes(outcomes: Iterable[Outcome]) -> list[Mistake]:
    """Give every difference between a decision and its example, at the line of the example."""
    return [
        Mistake(outcome.example.file, outcome.example.line, f"example {outcome.example.id}: {difference}")
        for outcome in outcomes
        for difference in outcome.differences
    ]


def run_example(rule_set: RuleSet, example: Example) -> Outcome:
    """Decide one example and compare: what it expects must be there, what it calls absent must not."""
    return Outcome(example, differences(example, decide(rule_set, example.facts, example.on).as_json()))


def differences(example: Example, decided: Mapping[str, object]) -> tuple[Difference, ...]:
    """Compare a decision, as it is stored and told, with what an example says.

    Args:
        example: what must be there and what must not.
        decided: the decision as JSON.
    """
    return (*_missing(example.expect, decided), *_unwanted(example.absent, decided))


def _missing(wanted: Mapping[str, object], decided: Mapping[str, object]) -> Iterator[Difference]:
    for name, part in wanted.items():
        yield from _compare(part, decided.get(name), name)


def _compare(wanted: object, found: object, place: str) -> Iterator[Difference]:
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        for name, part in wanted.items():
            yield from _compare(part, found.get(name), f"{place}.{name}")
    elif isinstance(wanted, list) and isinstance(found, list):
        for one in wanted:
            if not any(matches(one, other) for other in found):
                yield Difference(place, one, found)
    elif wanted != found:
        yield Difference(place, wanted, found)


def _unwanted(absent: Mapping[str, object], decided: Mapping[str, object]) -> Iterator[Difference]:
    for name, parts in absent.items():
        found = decided.get(name)
        for one in parts if isinstance(parts, list) else ():
            for other in found if isinstance(found, list) else ():
                if matches(one, other):
                    yield Difference(name, f"{_NOTHING}{_written(one)}", other)


def _written(value: object) -> str:
    """Write a value as files of examples do; what nothing is said of is left out."""
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {said}' for key, said in value.items() if said is not None)}}}"
    if isinstance(value, list):
        return ", ".join(map(_written, value)) or "none of these"
    return value if isinstance(value, str) and value.startswith(_NOTHING) else repr(value)


def matches(wanted: object, found: object) -> bool:
    """Tell whether everything that is wanted is found; what is found may say more."""
    return not list(_compare(wanted, found, ""))
