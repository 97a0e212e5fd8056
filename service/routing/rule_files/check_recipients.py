"""Checks that whoever the rules want to tell stands in the directory of partners: a notice must not go astray."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.facts.places import Coordination, Places
from service.routing.rule_files.reference_file import ReferenceFile
from service.routing.text.mistakes import Mistake, meant

_COLUMNS: Final = ("id", "name", "kind", "area", "source")
_TABLE: Final = "notifications"
_THE_PERSON: Final = "victim"
_CARE_COORDINATOR: Final = "care_coordinator"


def check_recipients(
    directory: Path,
    tables: Mapping[str, CompiledTable],
    places: Places,
    mistakes: list[Mistake],
) -> None:
    """Note every recipient without a partner, and every partner of a kind that no rule knows.

    Args:
        directory: the file of partners.
        tables: the compiled tables; without one of notifications there is nobody to look for.
        places: the reference data, which name care coordinators.
        mistakes: where mistakes are added.
    """
    if _TABLE not in tables:
        return
    table = tables[_TABLE].table
    told = {row.then["to"] for row in table.rows} - {_THE_PERSON}
    file = ReferenceFile(directory, _COLUMNS, mistakes)
    names: dict[str, set[str]] = {}
    for line in file.lines():
        _check_kind(file, line["kind"], table.outputs["to"].values)
        names.setdefault(line["kind"], set()).add(line["name"])
    coordinators = names.get(_CARE_COORDINATOR, set())
    missing: list[tuple[str, str | None]] = [
        (f"the rules tell {kind}, and no partner is of that kind", None) for kind in sorted(told - names.keys())
    ]
    missing += [
        (f"no partner is the care coordinator {name}", meant(name, coordinators))
        for name in sorted(_coordinators(places) - coordinators)
    ]
    mistakes.extend(Mistake(str(directory), 1, what, hint) for what, hint in missing)


def _check_kind(file: ReferenceFile, kind: str, kinds: Collection[str]) -> None:
    if kind not in kinds:
        file.mistake(f"no rule tells a {kind}", meant(kind, kinds))


def _coordinators(places: Places) -> set[str]:
    return {area.coordinator for area in places.care_areas if area.coordination is Coordination.NAMED}
