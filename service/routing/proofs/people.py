"""Looks for people in a box of the chain, and varies what no column tells apart: days, places and hours."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Final

from service.routing.engine.compiled import Value
from service.routing.engine.domains import UNKNOWN
from service.routing.facts.answers import AnswersRefused, answers_from
from service.routing.facts.vocabulary import Fact, FactKind
from service.routing.proofs.asked_code import LOOKED_UP, passed
from service.routing.proofs.chain import DECIDED, JUDGED, Chain
from service.routing.proofs.person import Person
from service.routing.proofs.space import Box

_WITHOUT_VERSIONS: Final = date(2026, 11, 23)
_INTO_A_VERSION: Final = timedelta(400)
_ACCEPTED_AGO: Final = (1, 45, 100, 399)
_HAPPENED_AGO: Final = (0, 40, 200)
_COMING: Final = timedelta(7)
_HOURS: Final = ("", "T11:00:00+01:00", "T23:00:00+01:00")


@dataclass(frozen=True)
class _Calendar:
    """The days of one person: of the decision, of the acceptance, and of whatever else has happened."""

    on: date
    accepted: date
    happened: date

    def day(self, name: str, *, came: bool) -> date:
        if not came:
            return self.on + _COMING
        return self.accepted if name == "accepted_on" else self.happened


def people(chain: Chain, box: Box, avoid: Iterable[Box] = ()) -> Iterator[Person]:
    """Give people in a box, the one of whom least is told first found, then variations of it.

    Args:
        chain: the tables.
        box: what must hold.
        avoid: what must not hold.

    Raises:
        NotProven: the search needs too many states.
    """
    found = _plainest(chain, box, tuple(avoid))
    if found is None:
        return
    facts = [fact for fact in chain.vocabulary.facts.values() if not _as_if_untold(chain, fact, found)]
    more = [fact for fact in chain.vocabulary.facts.values() if fact not in facts]
    seen: set[str] = set()
    for added, calendar in product(_additions(chain, more), list(_calendars(chain, found))):
        told = {fact.name: _saying(chain, fact, found, calendar) for fact in facts} | {
            name: calendar.day(name, came=True).isoformat() + rest if rest in _HOURS else rest
            for name, rest in added.items()
        }
        if repr(told) not in seen:
            seen.add(repr(told))
            yield from _possible(chain, told, calendar.on)


def _additions(chain: Chain, facts: Collection[Fact]) -> Iterator[Mapping[str, str]]:
    """Give what can be told besides, because code reads more of it than any column tells: nothing first of all."""
    hours = [{}, *({fact.name: hour} for fact in facts if fact.kind is FactKind.INSTANT for hour in _HOURS[1:])]
    places = [{}, *({fact.name: code} for fact in facts if fact.codes is not None for code in chain.codes[fact.codes])]
    days = [{}, *({fact.name: _HOURS[0]} for fact in facts if fact.kind is FactKind.DATE)]
    words = [{fact.name: word} for fact in facts if fact.name in LOOKED_UP for word in fact.values]
    for hour, place, said in product(hours, places, [*days, *words]):
        yield {**hour, **place, **said}


def usual(fact: Fact) -> Mapping[str, Value]:
    """Give the value of each column of a fact when nobody tells it."""
    if fact.kind is FactKind.SET:
        default = fact.default if isinstance(fact.default, tuple) else ()
        return {f"{fact.name}.{member}": "yes" if member in default else "no" for member in fact.values}
    named = fact.default if isinstance(fact.default, str | int) else UNKNOWN
    return {column: "no" if column.endswith(".told") else named for column, _ in fact.columns()}


def _possible(chain: Chain, told: Mapping[str, object], on: date) -> Iterator[Person]:
    try:
        yield Person(answers_from(told, chain.vocabulary), on)
    except AnswersRefused:
        return


def _plainest(chain: Chain, box: Box, avoid: tuple[Box, ...]) -> Box | None:
    """Find a box of facts in which as many facts as can be are as if nobody had told them."""
    space = chain.space
    found = next(chain.people(box, avoid), None)
    # A day says much by itself, so days are left out first; what stands for nothing told in a set comes last.
    facts = sorted(chain.vocabulary.facts.values(), key=lambda fact: fact.kind is not FactKind.DATE)
    for column, value in [*_wishes(facts), *((day, str(chain.days[-1])) for day in (DECIDED, JUDGED))]:
        if found is None:
            break
        plainer = space.where(column, [value])
        as_wished = (
            found & plainer if space.somebody(found & plainer) else next(chain.people(box & plainer, avoid), None)
        )
        if as_wished is not None:
            found, box = as_wished, box & plainer
    return found


def _wishes(facts: Iterable[Fact]) -> list[tuple[str, Value]]:
    wishes = [one for fact in facts for one in usual(fact).items()]
    last = [(column, value) for column, value in wishes if column.endswith(f".{UNKNOWN}")]
    return [one for one in wishes if one not in last] + last


def _as_if_untold(chain: Chain, fact: Fact, box: Box) -> bool:
    return all(value in chain.space.allowed(box, column) for column, value in usual(fact).items())


def _saying(chain: Chain, fact: Fact, box: Box, calendar: _Calendar) -> object:
    """Give what can be said of a fact so that somebody is in the box."""
    if fact.kind is FactKind.DATE:
        came = "yes" in chain.space.allowed(box, passed(fact.name))
        return calendar.day(fact.name, came=came).isoformat()
    if fact.kind in (FactKind.INSTANT, FactKind.CODE):
        return f"{calendar.on}{_HOURS[-1]}" if fact.codes is None else chain.codes[fact.codes][0]
    picked = {column: _one(chain, box, column, value) for column, value in usual(fact).items()}
    if fact.kind is FactKind.SET:
        return [member for member in fact.values if picked[f"{fact.name}.{member}"] == "yes"]
    if fact.kind is FactKind.MAP:
        return {key: said for key in fact.keys if (said := picked[f"{fact.name}.{key}"]) != fact.default}
    return picked[fact.name]


def _one(chain: Chain, box: Box, column: str, wished: Value) -> Value:
    values = chain.space.allowed(box, column)
    found = next((value for value in (wished, UNKNOWN) if value in values), values[0])
    return chain.space.border(column, found) if isinstance(found, int) else found


def _calendars(chain: Chain, box: Box) -> Iterator[_Calendar]:
    decided, judged = (date.fromisoformat(str(chain.space.allowed(box, day)[-1])) for day in (DECIDED, JUDGED))
    on = _day_inside(chain, decided)
    for accepted, happened in product(_ACCEPTED_AGO, _HAPPENED_AGO):
        first = on - timedelta(accepted) if judged == decided else _day_inside(chain, judged)
        yield _Calendar(on, first, on - timedelta(happened))


def _day_inside(chain: Chain, version: date) -> date:
    """Give a day inside a version of the law, some time after its first."""
    if version == date.max:
        return _WITHOUT_VERSIONS
    if version == chain.days[0]:
        return version
    if version == chain.days[-1]:
        return max(version + _INTO_A_VERSION, _WITHOUT_VERSIONS)
    return min(version + _INTO_A_VERSION, *(day - timedelta(1) for day in chain.days if day > version))
