"""Where a person belongs: municipalities, their changes, and who coordinates care there, as dated reference data."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

COMENSHA: Final = "CoMensha"
ANYWHERE: Final = "anywhere"
# The narrowest description of an area wins; `anywhere` is the last resort that always fits.
ATTRIBUTES: Final = ("code", "central_municipality", "safety_region", "province", "police_unit")
NARROWEST_FIRST: Final = (*ATTRIBUTES, ANYWHERE)


class Standing(StrEnum):
    """What became of a municipality code on the day that counts."""

    CURRENT = "current"
    MERGED = "merged"
    SPLIT = "split"
    UNKNOWN_CODE = "unknown_code"
    NOT_GIVEN = "not_given"


class Coordination(StrEnum):
    """How well the reference data know the care coordinator of an area."""

    NAMED = "named"
    UNNAMED = "unnamed"
    COMENSHA = "comensha"


class Arrangement(StrEnum):
    """What is special about the care coordination of an area."""

    REGIONAL = "regional"
    OTHER_REGION = "other_region"
    BY_AGE = "by_age"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality of the division that holds on the days of validity, both included."""

    code: str
    name: str
    province: str
    police_unit: str
    safety_region: str
    central_municipality: str
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """A municipality code that ended: merged into another, or split, when no code follows from it."""

    effective: date
    old_code: str
    new_code: str
    done: bool


@dataclass(frozen=True, slots=True)
class CareArea:
    """An area and who coordinates the care there, perhaps for some ages only."""

    attribute: str
    values: tuple[str, ...]
    coordinator: str
    named: bool
    age_from: int | None
    age_to: int | None
    valid_from: date | None
    valid_to: date | None

    def covers(self, municipality: Municipality) -> bool:
        """Tell whether the municipality lies in this area."""
        return self.attribute == ANYWHERE or getattr(municipality, self.attribute) in self.values

    @property
    def coordination(self) -> Coordination:
        """How well the coordinator is known."""
        if self.coordinator == COMENSHA:
            return Coordination.COMENSHA
        return Coordination.NAMED if self.named else Coordination.UNNAMED

    @property
    def splits_by_age(self) -> bool:
        """Tell whether the area has another coordinator for other ages."""
        return self.age_from is not None or self.age_to is not None

    def serves(self, age: int) -> bool:
        """Tell whether somebody of this age falls under this coordinator."""
        return (self.age_from is None or self.age_from <= age) and (self.age_to is None or age <= self.age_to)


@dataclass(frozen=True, slots=True)
class Place:
    """What the reference data say of a municipality on a day; nothing in it is inferred."""

    standing: Standing
    municipality: str | None
    central_municipality: str | None
    police_unit: str | None
    care_coordinator: str
    coordination: Coordination
    arrangement: Arrangement

    @property
    def fallback(self) -> bool:
        """Tell whether CoMensha steps in for a care coordinator that nobody could name."""
        return self.coordination is not Coordination.NAMED


@dataclass(frozen=True)
class Places:
    """The reference data of one country."""

    municipalities: Mapping[str, Municipality] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    care_areas: tuple[CareArea, ...] = ()

    def look_up(self, code: str | None, day: date, age: int | None) -> Place:
        """Find the place of a municipality code.

        Args:
            code: the CBS code, such as GM0363; None when nobody knows it.
            day: the decision date; a change of code counts from its date on, and only when it is done.
            age: decides in an area that splits by age; None when it is not known.
        """
        standing, current = self._current(code, day)
        if current is None:
            return Place(standing, None, None, None, COMENSHA, Coordination.COMENSHA, Arrangement.NONE)
        municipality = self._on(current, day)
        if municipality is None:
            return Place(standing, current, None, None, COMENSHA, Coordination.COMENSHA, Arrangement.NONE)
        coordinator, coordination, arrangement = self._care(municipality, day, age)
        central, police_unit = municipality.central_municipality or None, municipality.police_unit
        return Place(standing, current, central, police_unit, coordinator, coordination, arrangement)

    def on(self, day: date) -> Iterator[Municipality]:
        """Give the municipalities that there are on a day."""
        for code, municipality in self.municipalities.items():
            if self._current(code, day) == (Standing.CURRENT, code):
                yield municipality

    def one_of_each_kind(self, day: date, age: int) -> tuple[str, ...]:
        """Give one municipality for each way in which these data can be silent or speak.

        Args:
            day: the day on which they are looked up.
            age: for areas that split by age.
        """
        found: dict[object, str] = {}
        for code in sorted({*self.municipalities, *self.changes}):
            place = self.look_up(code, day, age)
            known = place.central_municipality is not None
            found.setdefault((place.standing, known, place.coordination, place.arrangement), code)
        return tuple(found.values())

    def _current(self, code: str | None, day: date) -> tuple[Standing, str | None]:
        if code is None:
            return Standing.NOT_GIVEN, None
        standing, seen = Standing.CURRENT, set[str]()
        while (change := self.changes.get(code)) and change.done and change.effective <= day and code not in seen:
            seen.add(code)
            if not change.new_code:
                return Standing.SPLIT, None
            standing, code = Standing.MERGED, change.new_code
        if self._on(code, day) is None and code not in self.changes:
            return Standing.UNKNOWN_CODE, None
        return standing, code

    def _on(self, code: str, day: date) -> Municipality | None:
        found = self.municipalities.get(code)
        if found is None or (found.valid_from and day < found.valid_from) or (found.valid_to and found.valid_to < day):
            return None
        return found

    def _care(self, municipality: Municipality, day: date, age: int | None) -> tuple[str, Coordination, Arrangement]:
        areas = self._areas(municipality, day)
        if any(area.splits_by_age for area in areas):
            serving = [area for area in areas if age is not None and area.serves(age)]
            if not serving:
                return COMENSHA, Coordination.COMENSHA, Arrangement.BY_AGE
            return serving[0].coordinator, Coordination.NAMED, Arrangement.BY_AGE
        area = areas[0]
        arrangement = Arrangement.REGIONAL
        if area.coordination is Coordination.COMENSHA:
            arrangement = Arrangement.NONE
        elif area.coordination is Coordination.UNNAMED and area.attribute == "code":
            arrangement = Arrangement.OTHER_REGION
        return area.coordinator, area.coordination, arrangement

    def _areas(self, municipality: Municipality, day: date) -> list[CareArea]:
        for attribute in NARROWEST_FIRST:
            found = [
                area
                for area in self.care_areas
                if area.attribute == attribute
                and area.covers(municipality)
                and (area.valid_from is None or area.valid_from <= day)
                and (area.valid_to is None or day <= area.valid_to)
            ]
            if found:
                return found
        return [
            CareArea(ANYWHERE, (), COMENSHA, named=False, age_from=None, age_to=None, valid_from=None, valid_to=None)
        ]
