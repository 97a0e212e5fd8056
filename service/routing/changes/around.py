"""What changes beside the outcomes of tables: facts, amounts, sources, places, and what messages may carry."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from service.routing.changes.amounts import changed_parameters, periods, shared_days
from service.routing.disclosure import Ground, Told
from service.routing.engine.laid_together import Days
from service.routing.engine.table import Row
from service.routing.facts.places import Place, Places
from service.routing.facts.vocabulary import Fact
from service.routing.rule_set import RuleSet

_A_CHILD, _AN_ADULT = 17, 18
_AGES: Final = (None, _A_CHILD, _AN_ADULT)
_ONE_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Altered:
    """One thing beside the outcomes of tables that changes.

    Attributes:
        subject: what kind of thing it is: fact, parameter, source, table, place, disclosure or period step.
        name: how it is called.
        old: what it was; None where it was not there.
        new: what it becomes; None where it is gone.
        days: from when to when, where that is known; both days are included.
    """

    subject: str
    name: str
    old: str | None
    new: str | None
    days: Days | None = None

    def reaches_back(self, today: date) -> bool:
        """Tell whether it alters days that have passed."""
        return self.days is not None and (self.days[0] is None or self.days[0] < today)


def altered(old: RuleSet, new: RuleSet) -> tuple[Altered, ...]:
    """Compare what stands around the outcomes of the tables of two rule sets."""
    facts = _differing("fact", _facts(old), _facts(new))
    heads = _differing("table", _heads(old), _heads(new))
    sources = _differing("source", _sources(old), _sources(new), both=True)
    told = _differing("disclosure", _told(old), _told(new))
    steps = _differing("period step", _steps(old), _steps(new))
    return (*facts, *heads, *_amounts(old, new), *_places(old.places, new.places), *told, *steps, *sources)


def _differing(
    subject: str, old: Mapping[str, str], new: Mapping[str, str], *, both: bool = False
) -> Iterator[Altered]:
    for name in dict.fromkeys((*old, *new)):
        was, becomes = old.get(name), new.get(name)
        if was != becomes and not (both and None in (was, becomes)):
            yield Altered(subject, name, was, becomes)


def _facts(rules: RuleSet) -> dict[str, str]:
    return {name: _fact(fact) for name, fact in rules.vocabulary.facts.items()}


def _fact(fact: Fact) -> str:
    """Write what can be told of a fact, with the answer that counts when nothing is told last."""
    number = (f"{fact.number.low}..{fact.number.high}",) if fact.number else ()
    default = (*fact.default,) if isinstance(fact.default, tuple) else (fact.default,)
    told = ", ".join((*fact.keys, *fact.values, *number)) or str(fact.kind)
    return f"{told} ({', '.join(str(one) for one in default if one is not None) or '-'})"


def _heads(rules: RuleSet) -> dict[str, str]:
    return {name: f"{one.table.policy}, {one.table.effective_on}" for name, one in rules.tables.items()}


def _sources(rules: RuleSet) -> dict[str, str]:
    return {row.id: _founded(row) for one in rules.tables.values() for row in one.table.rows}


def _founded(row: Row) -> str:
    cites = [source.cite if source.note is None else f"{source.cite} ({source.note})" for source in row.sources]
    return f"{'; '.join(cites)} [{row.status}]"


def _told(rules: RuleSet) -> dict[str, str]:
    return {
        " ".join((line.to, line.content, *line.rules)): "; ".join((_on(line.grounds), *map(_group, line.told)))
        for line in rules.disclosure.lines
    }


def _group(told: Told) -> str:
    names = ", ".join(told.names)
    return f"{names} ({_on(told.grounds)})" if told.grounds else names


def _on(grounds: Iterable[Ground]) -> str:
    """Write grounds with what they ask, so that another condition is another ground."""
    return " / ".join(
        " & ".join((one.name, *(f"{column}: {cell}" for column, cell in one.when.items()))) for one in grounds
    )


def _steps(rules: RuleSet) -> dict[str, str]:
    return {name: f"{', '.join(one.establishes)} [{one.status}]" for name, one in rules.period_steps.items()}


def _amounts(old: RuleSet, new: RuleSet) -> Iterator[Altered]:
    for name in changed_parameters(old.parameters, new.parameters):
        for days, was in periods(old.parameters, [name]):
            for other_days, becomes in periods(new.parameters, [name]):
                shared = shared_days(days, other_days)
                if was != becomes and shared is not None:
                    yield Altered("parameter", name, was[0], becomes[0], shared)


def _places(old: Places, new: Places) -> Iterator[Altered]:
    """Give the municipalities that find other people, together where the same changes for the same days."""
    if old == new:
        return
    starts: list[date | None] = [None, *sorted({*_starts(old), *_starts(new)}), None]
    found: dict[tuple[str, str, Days], list[str]] = {}
    for code in sorted({*old.municipalities, *new.municipalities, *old.changes, *new.changes}):
        spans: list[tuple[str, str, Days]] = []
        for first, after in pairwise(starts):
            last = after and after - _ONE_DAY
            was, becomes = (_found(places, code, first or last or date.min) for places in (old, new))
            if spans and spans[-1][:2] == (was, becomes):
                spans[-1] = (was, becomes, (spans[-1][2][0], last))
            else:
                spans.append((was, becomes, (first, last)))
        for span in spans:
            if span[0] != span[1]:
                found.setdefault(span, []).append(code)
    for (was, becomes, days), codes in found.items():
        yield Altered("place", ", ".join(codes), was, becomes, days)


def _starts(places: Places) -> Iterator[date]:
    spans = [(one.valid_from, one.valid_to) for one in places.municipalities.values()]
    spans += [(one.valid_from, one.valid_to) for one in places.care_areas]
    for first, last in spans:
        if first is not None:
            yield first
        if last is not None:
            yield last + _ONE_DAY
    yield from (change.effective for change in places.changes.values())


def _found(places: Places, code: str, day: date) -> str:
    return " / ".join(dict.fromkeys(_place(places.look_up(code, day, age)) for age in _AGES))


def _place(place: Place) -> str:
    said: Iterable[str | None] = (
        place.municipality,
        place.central_municipality,
        place.police_unit,
        place.care_coordinator,
    )
    return ", ".join(one or "-" for one in said)
