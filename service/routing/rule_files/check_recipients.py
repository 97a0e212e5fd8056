"""Checks the directory of partners against the rules: a notice must not go astray, and no code may mean nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.facts.features import codes, features
from service.routing.facts.places import ATTRIBUTES, Coordination, Places
from service.routing.facts.vocabulary import FactKind, Vocabulary
from service.routing.period_steps import ANYBODY, PeriodSteps
from service.routing.rule_files.reference_file import ReferenceFile
from service.routing.text.mistakes import Mistake, meant

_COLUMNS: Final = ("id", "name", "kind", "status", "source")
_NOTIFICATIONS: Final = "notifications"
_SHELTER: Final = "shelter"
_THE_PERSON: Final = "victim"
_CARE_COORDINATOR: Final = "care_coordinator"
_NO_PLACE: Final = frozenset({"none", "review"})
_FOUND_BY_RULES: Final = ("child", "multiproblem")
_Features = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class _Known:
    """The words that a line of the directory can use."""

    kinds: Collection[str]
    shelters: Collection[str]
    areas: _Features
    target_groups: _Features

    def check(self, file: ReferenceFile, line: Mapping[str, str]) -> None:
        offered = codes(line.get("services", ""))
        services = (*self.kinds, *self.shelters)
        for code in sorted(offered - {*services}):
            file.mistake(f"the rules know no service {code}", meant(code, services))
        if line["kind"] not in self.kinds and not offered:
            file.mistake(f"no rule tells a {line['kind']}", meant(line["kind"], self.kinds))
        _check_features(file, line.get("areas", ""), self.areas)
        _check_features(file, line.get("target_groups", ""), self.target_groups)


def check_recipients(
    directory: Path,
    tables: Mapping[str, CompiledTable],
    places: Places,
    vocabulary: Vocabulary,
    period_steps: PeriodSteps,
    mistakes: list[Mistake],
) -> None:
    """Note every recipient without a partner, and every partner that the rules cannot mean.

    Args:
        directory: the file of partners.
        tables: the compiled tables; without one of notifications there is nobody to look for.
        places: the reference data, which name areas and care coordinators.
        vocabulary: the facts, in which target groups are written.
        period_steps: who establishes steps of the reflection period, and need not be told anything.
        mistakes: where mistakes are added.
    """
    if _NOTIFICATIONS not in tables:
        return
    table = tables[_NOTIFICATIONS].table
    told = {row.then["to"] for row in table.rows} - {_THE_PERSON}
    file = ReferenceFile(directory, _COLUMNS, mistakes)
    establishing = sorted({kind for step in period_steps.values() for kind in step.establishes} - {ANYBODY})
    kinds = (*table.outputs["to"].values, *establishing)
    known = _Known(kinds, _shelters(tables), _areas(places), _target_groups(vocabulary))
    names: dict[str, set[str]] = {}
    for line in file.lines():
        known.check(file, line)
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


def _check_features(file: ReferenceFile, written: str, known: _Features) -> None:
    for feature in features(written):
        if feature.attribute not in known:
            file.mistake(f"nothing is called {feature.attribute} here", meant(feature.attribute, known))
            continue
        values = known[feature.attribute]
        for value in feature.values:
            if value not in values:
                file.mistake(f"no {feature.attribute} is {value}", meant(value, values))


def _shelters(tables: Mapping[str, CompiledTable]) -> tuple[str, ...]:
    shelter = tables.get(_SHELTER)
    return () if shelter is None else tuple(one for one in shelter.table.outputs["type"].values if one not in _NO_PLACE)


def _areas(places: Places) -> _Features:
    return {name: sorted({getattr(one, name) for one in places.municipalities.values()} - {""}) for name in ATTRIBUTES}


def _target_groups(vocabulary: Vocabulary) -> _Features:
    facts = {
        fact.name: tuple(fact.values)
        for fact in vocabulary.facts.values()
        if fact.kind in {FactKind.CHOICE, FactKind.SET}
    }
    return facts | dict.fromkeys(_FOUND_BY_RULES, ("yes", "no"))


def _coordinators(places: Places) -> set[str]:
    return {area.coordinator for area in places.care_areas if area.coordination is Coordination.NAMED}
