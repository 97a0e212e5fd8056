"""Where a person belongs: municipalities, their changes, and who coordinates care there, as dated reference data."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Final

from service.routing.entries import parsed_day
from service.routing.mistakes import Mistake, meant

COMENSHA: Final = "CoMensha"
_CODE: Final = re.compile(r"GM\d{4}")
_ANYWHERE: Final = "anywhere"
# The narrowest description of an area wins; `anywhere` is the last resort that always fits.
_NARROWEST_FIRST: Final = ("code", "central_municipality", "safety_region", "province", "police_unit", _ANYWHERE)


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
        return self.attribute == _ANYWHERE or getattr(municipality, self.attribute) in self.values

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
        if area.coordinator == COMENSHA:
            return COMENSHA, Coordination.COMENSHA, Arrangement.NONE
        if area.named:
            return area.coordinator, Coordination.NAMED, Arrangement.REGIONAL
        other = Arrangement.OTHER_REGION if area.attribute == "code" else Arrangement.REGIONAL
        return area.coordinator, Coordination.UNNAMED, other

    def _areas(self, municipality: Municipality, day: date) -> list[CareArea]:
        for attribute in _NARROWEST_FIRST:
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
        return [CareArea(_ANYWHERE, (), COMENSHA, named=False, age_from=None, age_to=None, valid_from=None, valid_to=None)]


def read_places(folder: Path, mistakes: list[Mistake]) -> Places:
    """Read the reference data of a country.

    Args:
        folder: holds municipalities.csv, municipality_changes.csv, care_coordination.csv and sources.csv.
        mistakes: where mistakes are added, each with its file and line.
    """
    keys = {line["key"] for line in _Csv(folder / "sources.csv", ("key", "source"), mistakes).lines()}
    municipalities = _Csv(folder / "municipalities.csv", ("code", "name", "police_unit", "source"), mistakes, keys)
    changes = _Csv(folder / "municipality_changes.csv", ("effective", "old_code", "kind", "status", "source"), mistakes, keys)
    areas = _Csv(folder / "care_coordination.csv", ("region", "attribute", "coordinator", "named", "source"), mistakes, keys)
    return Places(
        {found.code: found for found in (_municipality(municipalities, line) for line in municipalities.lines()) if found.code},
        {found.old_code: found for found in (_change(changes, line) for line in changes.lines()) if found},
        tuple(found for found in (_care_area(areas, line) for line in areas.lines()) if found),
    )


class _Csv:
    """One file of reference data; remembers its place so that mistakes can name it."""

    def __init__(self, path: Path, needed: tuple[str, ...], mistakes: list[Mistake], keys: set[str] | None = None) -> None:
        self._path, self._needed, self._mistakes, self._keys = path, needed, mistakes, keys
        self._line = 1

    def lines(self) -> Iterator[dict[str, str]]:
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self.mistake("this file is missing or is not UTF-8")
            return
        reader = csv.DictReader(text.splitlines())
        missing = [name for name in self._needed if name not in (reader.fieldnames or ())]
        if missing:
            self.mistake(f"the columns {', '.join(missing)} are missing")
            return
        for self._line, line in enumerate(reader, start=2):
            self._check(line)
            yield {name: (value or "").strip() for name, value in line.items() if isinstance(name, str)}

    def _check(self, line: Mapping[str, str | None]) -> None:
        for name in self._needed:
            if not (line.get(name) or "").strip():
                self.mistake(f"{name} is empty")
        for key in (line.get("source") or "").split(";") if self._keys is not None else ():
            if key and key not in (self._keys or ()):
                self.mistake(f"sources.csv has no key {key}", meant(key, self._keys or ()))

    def mistake(self, what: str, hint: str | None = None) -> None:
        self._mistakes.append(Mistake(str(self._path), self._line, what, hint))

    def code(self, text: str) -> str:
        if text and not _CODE.fullmatch(text):
            self.mistake("this is no municipality code", "write GM and four digits, such as GM0363")
        return text

    def day(self, text: str) -> date | None:
        found = parsed_day(text) if text else None
        if isinstance(found, str):
            self.mistake("this is no date", found)
            return None
        return found

    def word(self, text: str, words: tuple[str, ...]) -> str:
        if text not in words:
            self.mistake(f"{text!r} is not one of {', '.join(words)}", meant(text, words))
        return text

    def number(self, text: str) -> int | None:
        if text and not text.isdecimal():
            self.mistake(f"{text!r} is no age in years")
            return None
        return int(text) if text else None


def _municipality(file: _Csv, line: Mapping[str, str]) -> Municipality:
    return Municipality(
        code=file.code(line["code"]),
        name=line["name"],
        province=line["province"],
        police_unit=line["police_unit"],
        safety_region=line["safety_region"],
        central_municipality=line["central_municipality"],
        valid_from=file.day(line["valid_from"]),
        valid_to=file.day(line["valid_to"]),
    )


def _change(file: _Csv, line: Mapping[str, str]) -> Change | None:
    effective = file.day(line["effective"])
    done = file.word(line["status"], ("done", "planned")) == "done"
    old, new = file.code(line["old_code"]), file.code(line["new_code"])
    return Change(effective, old, new, done) if effective else None


def _care_area(file: _Csv, line: Mapping[str, str]) -> CareArea | None:
    attribute = file.word(line["attribute"], _NARROWEST_FIRST)
    if attribute not in _NARROWEST_FIRST:
        return None
    return CareArea(
        attribute=attribute,
        values=tuple(line["values"].split("|")),
        coordinator=line["coordinator"],
        named=file.word(line["named"], ("yes", "no")) == "yes",
        age_from=file.number(line["age_from"]),
        age_to=file.number(line["age_to"]),
        valid_from=file.day(line["valid_from"]),
        valid_to=file.day(line["valid_to"]),
    )
