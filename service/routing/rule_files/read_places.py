"""Reads reference/: municipalities, their changes, care coordination and where all that was found."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from service.routing.facts.places import NARROWEST_FIRST, CareArea, Change, Municipality, Places
from service.routing.rule_files.reference_file import ReferenceFile
from service.routing.text.mistakes import Mistake

_MUNICIPALITY: Final = ("code", "name", "police_unit", "source")
_OF_MUNICIPALITY: Final = ("province", "safety_region", "central_municipality", "valid_from", "valid_to")
_CHANGE: Final = ("effective", "old_code", "kind", "status", "source")
_OF_CHANGE: Final = ("new_code",)
_CARE_AREA: Final = ("region", "attribute", "coordinator", "named", "source")
_OF_CARE_AREA: Final = ("values", "age_from", "age_to", "valid_from", "valid_to")


def read_places(folder: Path, mistakes: list[Mistake]) -> Places:
    """Read the reference data of a country.

    Args:
        folder: holds municipalities.csv, municipality_changes.csv, care_coordination.csv and sources.csv.
        mistakes: where mistakes are added, each with its file and line.
    """
    sources = ReferenceFile(folder / "sources.csv", ("key", "source"), mistakes)
    keys = {line["key"] for line in sources.lines()} or None
    municipalities = ReferenceFile(folder / "municipalities.csv", _MUNICIPALITY, mistakes, keys, also=_OF_MUNICIPALITY)
    changes = ReferenceFile(folder / "municipality_changes.csv", _CHANGE, mistakes, keys, also=_OF_CHANGE)
    areas = ReferenceFile(folder / "care_coordination.csv", _CARE_AREA, mistakes, keys, also=_OF_CARE_AREA)
    read_municipalities = [_municipality(municipalities, line) for line in municipalities.lines()]
    read_changes = [_change(changes, line) for line in changes.lines()]
    read_areas = [_care_area(areas, line) for line in areas.lines()]
    return Places(
        {one.code: one for one in read_municipalities},
        {one.old_code: one for one in read_changes if one is not None},
        tuple(one for one in read_areas if one is not None),
    )


def _municipality(file: ReferenceFile, line: Mapping[str, str]) -> Municipality:
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


def _change(file: ReferenceFile, line: Mapping[str, str]) -> Change | None:
    effective = file.day(line["effective"])
    done = file.word(line["status"], ("done", "planned")) == "done"
    old, new = file.code(line["old_code"]), file.code(line["new_code"])
    return Change(effective, old, new, done) if effective else None


def _care_area(file: ReferenceFile, line: Mapping[str, str]) -> CareArea | None:
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
