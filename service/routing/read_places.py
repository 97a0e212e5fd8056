"""Reads reference/: municipalities, their changes, care coordination and where all that was found."""

import csv
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Final

from service.routing.entries import parsed_day
from service.routing.mistakes import Mistake, meant
from service.routing.places import NARROWEST_FIRST, CareArea, Change, Municipality, Places

_CODE: Final = re.compile(r"GM\d{4}")
_MUNICIPALITY: Final = ("code", "name", "police_unit", "source")
_CHANGE: Final = ("effective", "old_code", "kind", "status", "source")
_CARE_AREA: Final = ("region", "attribute", "coordinator", "named", "source")


def read_places(folder: Path, mistakes: list[Mistake]) -> Places:
    """Read the reference data of a country.

    Args:
        folder: holds municipalities.csv, municipality_changes.csv, care_coordination.csv and sources.csv.
        mistakes: where mistakes are added, each with its file and line.
    """
    keys = {line["key"] for line in _Csv(folder / "sources.csv", ("key", "source"), mistakes).lines()}
    municipalities = _Csv(folder / "municipalities.csv", _MUNICIPALITY, mistakes, keys)
    changes = _Csv(folder / "municipality_changes.csv", _CHANGE, mistakes, keys)
    areas = _Csv(folder / "care_coordination.csv", _CARE_AREA, mistakes, keys)
    read_municipalities = [_municipality(municipalities, line) for line in municipalities.lines()]
    read_changes = [_change(changes, line) for line in changes.lines()]
    read_areas = [_care_area(areas, line) for line in areas.lines()]
    return Places(
        {one.code: one for one in read_municipalities},
        {one.old_code: one for one in read_changes if one is not None},
        tuple(one for one in read_areas if one is not None),
    )


class _Csv:
    """One file of reference data; remembers its place so that mistakes can name it."""

    def __init__(
        self,
        path: Path,
        needed: tuple[str, ...],
        mistakes: list[Mistake],
        keys: set[str] | None = None,
    ) -> None:
        self._path = path
        self._needed = needed
        self._mistakes = mistakes
        self._keys = keys
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
    attribute = file.word(line["attribute"], NARROWEST_FIRST)
    if attribute not in NARROWEST_FIRST:
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
