"""The values that code works out from the facts, one function for each name under `derived:` in facts.yaml.

Tables compare a value with a closed list and nothing more. What needs a calendar, a look-up or several facts at once
happens here, typed, and comes out as one word of a closed list that tables can read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time
from types import MappingProxyType
from typing import Final

from service.kernel.clock import AMSTERDAM, local_day
from service.routing.engine.table import NONE
from service.routing.facts.parameters import Amount
from service.routing.facts.reading import Reading
from service.routing.facts.reflection_clock import ClockState, ReflectionClock, reflection_clock
from service.routing.facts.working_days import is_working_day, next_working_day

_LAWFUL: Final = ("lawful", "union_law", "b8_permit")
_POLICE: Final = ("police", "border_police")
_UNKNOWN: Final = "unknown"


@dataclass(frozen=True, slots=True)
class DerivedFunction:
    """How a derived value is found, and after which tables and derived values."""

    compute: Callable[[Reading], str]
    after: tuple[str, ...] = ()


_FOUND: Final[dict[str, DerivedFunction]] = {}
DERIVED: Final[Mapping[str, DerivedFunction]] = MappingProxyType(_FOUND)


def _derived(*after: str) -> Callable[[Callable[[Reading], str]], Callable[[Reading], str]]:
    def register(compute: Callable[[Reading], str]) -> Callable[[Reading], str]:
        _FOUND[compute.__name__] = DerivedFunction(compute, after)
        return compute

    return register


def _yes(condition: object) -> str:
    return "yes" if condition else "no"


@_derived()
def indicated(reading: Reading) -> str:
    """Say whether there is an indication about a person; a bank may see money without seeing anybody."""
    indication = reading.choice("indication")
    if reading.accepted_on and indication == _UNKNOWN:
        # The police recorded the acceptance of an offer that only an indication allows them to make.
        return "yes"
    nobody = reading.choice("reporter") == "bank" and all(
        reading.choice(name) == _UNKNOWN for name in ("citizenship", "age", "adult", "gender")
    )
    return "no_person" if nobody and indication != "no" else indication


@_derived()
def sharing_allowed(reading: Reading) -> str:
    """Say whether personal data may leave: by the duty of the police, or with consent to registration."""
    by_duty = reading.choice("reporter") in _POLICE
    return _yes(by_duty or reading.value("consent.registration") == "given")


@_derived()
def multiproblem(reading: Reading) -> str:
    """Say whether any of the three problems is there; what is unknown does not count, but is asked."""
    problems = ("psychological_problems", "addiction", "mild_intellectual_disability")
    return _yes(any(reading.choice(name) == "yes" for name in problems))


@_derived()
def residence_basis(reading: Reading) -> str:
    """Give the stay that counts for the reflection period.

    The police offer the period to people without a right of stay only. Whatever right somebody has who accepted it
    came later: it can end the period from the day of the application on, it does not undo it.
    """
    residence, citizenship = reading.choice("residence"), reading.choice("citizenship")
    if citizenship == "eu":
        return "union_law" if residence == _UNKNOWN else residence
    return "none" if reading.accepted_on and residence in (*_LAWFUL, "asylum_procedure") else residence


@_derived()
def accepted(reading: Reading) -> str:
    """Say whether the police recorded an acceptance that has come; from then on the period runs until it ends."""
    return _yes(reading.accepted_on)


@_derived()
def stay(reading: Reading) -> str:
    """Give the stay that counts for shelter (Wmo 2015, article 1.2.2); EU citizens stay by Union law by default."""
    citizenship, residence = reading.choice("citizenship"), reading.choice("residence")
    if citizenship == "dutch" or residence in _LAWFUL or (citizenship == "eu" and residence == _UNKNOWN):
        return "lawful"
    if residence == "asylum_procedure" or reading.choice("dublin_claimant") == "yes":
        return "asylum_or_dublin"
    return "other"


@_derived()
def declined(reading: Reading) -> str:
    """Say whether the offer was declined; a day still to come has not happened."""
    day = reading.told_day("declined_on")
    if reading.choice("reflection_choice") == "declined":
        return _yes(day is None or day <= reading.on)
    return _yes(reading.accepted_on is None and reading.passed("declined_on"))


@_derived("reflection_availability")
def reflection_clock_state(reading: Reading) -> str:
    """Run the clock of an accepted period, by the law of the day of acceptance."""
    reading.clock = _reflection_clock(reading)
    return ClockState.NOT_STARTED.value if reading.clock is None else reading.clock.state.value


def _reflection_clock(reading: Reading) -> ReflectionClock | None:
    starts = reading.accepted_on
    parameter = str(reading.value("reflection_availability.length"))
    if starts is None or parameter == NONE:
        return None
    length = reading.parameters.term(parameter, starts)
    if length is None:
        return None
    events = (
        (ClockState.UNKNOWN_DESTINATION, reading.passed("unknown_destination_on")),
        (ClockState.RECORD_SIGNED, reading.passed("record_signed_on")),
        (ClockState.COOPERATED, reading.passed("cooperated_on")),
        (ClockState.RENOUNCED, reading.passed("renounced_on")),
        (ClockState.OTHER_PERMIT_APPLIED, reading.passed("other_permit_applied_on")),
        (ClockState.REVOKED, reading.passed("revoked_on")),
        # A B8/3 permit follows a report or co-operation, also where nobody wrote that day down.
        (ClockState.COOPERATED, (reading.passed("permit_from") or reading.on) if _holds_permit(reading) else None),
    )
    return reflection_clock(starts, length, reading.on, [(state, day) for state, day in events if day])


def _holds_permit(reading: Reading) -> bool:
    return reading.choice("residence") == "b8_permit"


@_derived()
def reported(reading: Reading) -> str:
    """Say whether a report was made, its record signed, or help given otherwise."""
    return _yes(reading.passed("reported_on") or reading.report_completed_on)


@_derived()
def report_completed(reading: Reading) -> str:
    """Say whether the official record is signed or the person co-operated otherwise."""
    return _yes(reading.report_completed_on)


@_derived()
def unknown_destination(reading: Reading) -> str:
    """Say whether the police have established that the person left for an unknown destination."""
    return _yes(reading.passed("unknown_destination_on"))


@_derived()
def shelter_refused(reading: Reading) -> str:
    """Say whether the person wants no shelter; a question that was not asked is no refusal."""
    placement = reading.value("consent.placement")
    return _yes(reading.choice("shelter_wanted") == "no" or placement in ("refused", "withdrawn"))


@_derived()
def coa_safe(reading: Reading) -> str:
    """Say whether the person lives in a reception centre and is safe there; not knowing is not safe."""
    return _yes(reading.choice("in_coa_centre") == "yes" and reading.choice("safe_there") == "yes")


@_derived()
def labour_group(reading: Reading) -> str:
    """Say whether several people exploited at work were found at one place."""
    return _yes("labour" in reading.members("exploitation") and reading.choice("found_in_group") == "yes")


@_derived()
def only_serious_disadvantage(reading: Reading) -> str:
    """Say whether there is a bad employer and nothing that article 273f Sr could cover."""
    alone = reading.members("exploitation") <= {"labour", _UNKNOWN}
    return _yes(alone and reading.choice("serious_disadvantage") == "yes" and reading.choice("coercion") == "no")


@_derived()
def office_hours(reading: Reading) -> str:
    """Say whether the signal came in while offices work."""
    instant = reading.received_at
    if instant is None:
        return _UNKNOWN
    local = instant.astimezone(AMSTERDAM)
    opens, closes = (
        _time(reading.parameters.on(name, local.date())) for name in ("office_hours.opens", "office_hours.closes")
    )
    inside = is_working_day(local.date()) and opens <= local.time() < closes
    return "inside" if inside else "outside"


def _time(amount: Amount) -> time:
    return time.fromisoformat(str(amount))


@_derived("office_hours")
def found_out_of_hours(reading: Reading) -> str:
    """Say whether the police found the person while the offices that place people were closed, and still may be.

    From the next working day on the offices have been open; an old signal proposes no bed for tonight.
    """
    instant = reading.received_at
    fresh = instant is not None and reading.on <= next_working_day(local_day(instant), 1)
    outside = reading.value("office_hours") == "outside"
    return _yes(fresh and outside and reading.choice("reporter") in _POLICE)


@_derived()
def cannot_cooperate(reading: Reading) -> str:
    """Say whether a threat or a limitation is stated (Vreemdelingenbesluit 2000, article 3.48(1)(d))."""
    return _yes("yes" in (reading.choice("threat_statement"), reading.choice("medical_limitation")))


@_derived()
def permit_held(reading: Reading) -> str:
    """Say whether the permit has started."""
    return _yes(reading.passed("permit_from"))


@_derived()
def case_ended(reading: Reading) -> str:
    """Say whether the criminal case has ended."""
    return _yes(reading.passed("case_ended_on"))


@_derived()
def return_country_known(reading: Reading) -> str:
    """Say whether the country of return was told."""
    return _yes(reading.code("return_country"))


@_derived("child")
def municipality_standing(reading: Reading) -> str:
    """Say what became of the municipality code; the place of registration counts before the place of finding."""
    return reading.found_place.standing.value


@_derived("child")
def central_municipality_known(reading: Reading) -> str:
    """Say whether the reference data name the central municipality."""
    return _yes(reading.found_place.central_municipality)


@_derived("child")
def coordination(reading: Reading) -> str:
    """Say how well the care coordinator is known."""
    return reading.found_place.coordination.value


@_derived("child")
def coordination_arrangement(reading: Reading) -> str:
    """Say what is special about the care coordination of the area."""
    return reading.found_place.arrangement.value
