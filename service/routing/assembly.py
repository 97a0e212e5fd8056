"""Puts what the tables found together into the parts of a decision, and counts its terms on the calendar."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Final

from service.routing.decision import Deadline, Notification, ReflectionPeriod, Region, Shelter, Task
from service.routing.engine.table import Row
from service.routing.facts.parameters import NoParameterValue
from service.routing.facts.reading import Reading
from service.routing.facts.terms import Due, Term

_WITH_LENGTH: Final = ("offer", "offer_provisional", "running", "ended")
_WITH_CLOCK: Final = ("running", "ended")
_BY_THE_PERSON: Final = ("declined", "ended")


def reflection_period(reading: Reading) -> ReflectionPeriod:
    """Say where the reflection period stands, and by which rule it is there or why it is over."""
    available, standing = _only(reading, "reflection_availability"), _only(reading, "reflection_period")
    status = standing.then["status"]
    length = available.then.get("length") if status in _WITH_LENGTH else None
    clock = reading.clock if status in _WITH_CLOCK else None
    return ReflectionPeriod(
        status=status,
        length=None if length is None else _iso(reading, length, reading.accepted_on or reading.on),
        reason=available.then.get("reason") if status == "not_available" else standing.then.get("ended_by"),
        starts=clock.starts if clock else None,
        ends=clock.ends if clock else None,
        rule=standing.rule if status in _BY_THE_PERSON else available.rule,
    )


def shelter(reading: Reading) -> Shelter:
    """Say which shelter is proposed and where the person can be until then."""
    row, interim = _only(reading, "shelter"), _only(reading, "interim_shelter")
    place = interim.then.get("interim")
    return Shelter(
        type=row.then["type"],
        next=row.then.get("next"),
        interim=place,
        placed_by=row.then.get("placed_by"),
        rule=row.rule,
        interim_rule=interim.rule if place else None,
    )


def region(reading: Reading) -> Region:
    """Say which municipality counts and who coordinates care."""
    place = reading.found_place
    return Region(
        municipality=place.municipality,
        central_municipality=place.central_municipality,
        police_unit=place.police_unit,
        care_coordinator=place.care_coordinator,
        fallback=place.fallback,
        rules=tuple(dict.fromkeys(row.rule for row in reading.rows_of("region"))),
    )


def notifications(reading: Reading) -> tuple[Notification, ...]:
    """List who is told, ordered by recipient and rule."""
    told = {_notification(reading, row) for row in reading.rows_of("notifications")}
    return tuple(sorted(told, key=lambda one: (one.to, one.rule, one.content)))


def deadlines(reading: Reading) -> tuple[Deadline, ...]:
    """List what is due, ordered by day, kind and rule; two of one kind on one day are one."""
    found = {one for row in reading.rows_of("deadlines") for one in _deadline(reading, row)}
    return tuple(sorted(found, key=lambda one: (one.due, one.kind, one.rule)))


def tracks(reading: Reading) -> tuple[str, ...]:
    """List the tracks that are open, by name."""
    return tuple(sorted({row.then["track"] for row in reading.rows_of("tracks")}))


def tasks(reading: Reading) -> tuple[Task, ...]:
    """List what a person must do, by name and rule."""
    found = {Task(row.then["kind"], row.rule) for row in reading.rows_of("tasks")}
    return tuple(sorted(found, key=lambda one: (one.kind, one.rule)))


ASSEMBLED: Final[Mapping[str, Callable[[Reading], object]]] = {
    part.__name__: part for part in (reflection_period, shelter, region, notifications, tracks, deadlines, tasks)
}
"""How each part of a decision that an answer can change is put together, in the order in which they are told."""


def _only(reading: Reading, table: str) -> Row:
    return reading.rows_of(table)[0]


def _notification(reading: Reading, row: Row) -> Notification:
    due = _due(reading, row.then["from"], row.then["due"]) if "due" in row.then else None
    return Notification(
        to=row.then["to"],
        content=row.then["content"],
        due=due.day if due else None,
        due_at=due.instant if due else None,
        dispatch=row.then["dispatch"],
        rule=row.rule,
    )


def _deadline(reading: Reading, row: Row) -> Iterator[Deadline]:
    due = _due(reading, row.then["from"], row.then.get("plus"), row.then.get("minus"))
    limit = reading.start_of(row.then["before"]) if "before" in row.then else None
    if due is None or (limit is not None and due.day >= limit[0]) or _before_the_period(reading, row, due.day):
        return
    yield Deadline(row.then["kind"], due.day, due.instant, row.rule, _anchor(reading, row), _written(reading, row))


def _anchor(reading: Reading, row: Row) -> str:
    """Name the event from which a deadline was counted: when nobody told when the signal came, it is the decision."""
    named = row.then["from"]
    return "decided_on" if named == "received" and reading.received_at is None else named


def _written(reading: Reading, row: Row) -> str | None:
    """Write the term by which a deadline is counted from its event."""
    name, start = row.then.get("plus"), reading.start_of(row.then["from"])
    return None if name is None or start is None else str(_term(reading, name, min(start[0], reading.on)))


def _before_the_period(reading: Reading, row: Row, day: date) -> bool:
    """Tell whether a warning would come before the period that it warns about has started."""
    of_the_period = row.then["from"] == "reflection_end" and "minus" in row.then
    return of_the_period and reading.clock is not None and day < reading.clock.starts


def _due(reading: Reading, start: str, plus: str | None, minus: str | None = None) -> Due | None:
    counted_from = reading.start_of(start)
    if counted_from is None:
        return None
    day, instant = counted_from
    # A term is the one of the law on the day it starts; a start that is still to come is counted by today's law.
    law_day = min(day, reading.on)
    if plus is not None:
        term = _term(reading, plus, law_day)
        return None if term is None else term.due(day, instant)
    if minus is not None:
        term = _term(reading, minus, law_day)
        return None if term is None else Due(term.before(day))
    return Due(day)


def _iso(reading: Reading, parameter: str, day: date) -> str | None:
    term = _term(reading, parameter, day)
    return None if term is None else term.iso


def _term(reading: Reading, parameter: str, day: date) -> Term | None:
    try:
        return reading.parameters.term(parameter, day)
    except NoParameterValue:
        return None
