"""Checks the directory of partners against the rules: a notice must not go astray, and no code may mean nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from service.routing.engine.compiled import CompiledTable
from service.routing.engine.table import Output
from service.routing.facts.features import codes, features
from service.routing.facts.places import ATTRIBUTES, Coordination, Places
from service.routing.facts.vocabulary import FactKind, Vocabulary
from service.routing.period_steps import ANYBODY, PeriodSteps
from service.routing.rule_files.reference_file import ReferenceFile
from service.routing.text.mistakes import Mistake, meant

_COLUMNS: Final = ("id", "name", "kind", "status", "source")
_ALSO: Final = ("services", "areas", "target_groups", "email", "phone", "valid_from", "valid_to", "as_of", "note")
_NOTIFICATIONS: Final = "notifications"
_SHELTER: Final = "shelter"
_THE_PERSON: Final = "victim"
_CARE_COORDINATOR: Final = "care_coordinator"
_NO_PLACE: Final = frozenset({"none", "review"})
_FOUND_BY_RULES: Final = ("child", "multiproblem")
_Features = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Meant:
    """Whom the tables can mean; what a table that cannot be read would say is None, and nobody is blamed for it.

    Attributes:
        kinds: whom notices can be for.
        shelters: where somebody can be placed.
        told: whom rows do tell.
    """

    kinds: Collection[str] | None
    shelters: Collection[str] | None
    told: Collection[str] | None


def meant_by(declared: Mapping[str, Mapping[str, Output]], tables: Mapping[str, CompiledTable]) -> Meant:
    """Give whom tables can mean.

    Args:
        declared: the outcomes that each table declares, also one whose rows hold mistakes.
        tables: the tables that are whole.
    """
    to, shelter = declared.get(_NOTIFICATIONS, {}).get("to"), declared.get(_SHELTER, {}).get("type")
    notices = tables.get(_NOTIFICATIONS)
    return Meant(
        kinds=None if to is None else to.values,
        shelters=None if shelter is None else tuple(one for one in shelter.values if one not in _NO_PLACE),
        told=None if notices is None else {row.then["to"] for row in notices.table.rows} - {_THE_PERSON},
    )


@dataclass(frozen=True)
class _Known:
    """The words that a line of the directory can use."""

    kinds: Collection[str] | None
    services: Collection[str] | None
    areas: _Features
    target_groups: _Features

    def check(self, file: ReferenceFile, line: Mapping[str, str]) -> None:
        offered = codes(line["services"])
        for code in sorted(offered - {*self.services}) if self.services is not None else ():
            file.mistake(f"the rules know no service {code}", meant(code, self.services or ()))
        if self.kinds is not None and line["kind"] not in self.kinds and not offered:
            file.mistake(f"no rule tells a {line['kind']}", meant(line["kind"], self.kinds))
        _check_features(file, line["areas"], self.areas)
        _check_features(file, line["target_groups"], self.target_groups)


def check_recipients(
    directory: Path,
    whom: Meant,
    places: Places,
    vocabulary: Vocabulary,
    period_steps: PeriodSteps,
    mistakes: list[Mistake],
) -> None:
    """Note every recipient without a partner, and every partner that the rules cannot mean.

    Args:
        directory: the file of partners.
        whom: whom the tables can mean.
        places: the reference data, which name areas and care coordinators.
        vocabulary: the facts, in which target groups are written.
        period_steps: who establishes steps of the reflection period, and need not be told anything.
        mistakes: where mistakes are added.
    """
    file = ReferenceFile(directory, _COLUMNS, mistakes, also=_ALSO)
    known = _known(whom, places, vocabulary, period_steps)
    names: dict[str, set[str]] = {}
    for line in file.lines():
        known.check(file, line)
        names.setdefault(line["kind"], set()).add(line["name"])
    if whom.told is None or not names:
        return
    coordinators = names.get(_CARE_COORDINATOR, set())
    missing: list[tuple[str, str | None]] = [
        (f"the rules tell {kind}, and no partner is of that kind", None) for kind in sorted({*whom.told} - names.keys())
    ]
    missing += [
        (f"no partner is the care coordinator {name}", meant(name, coordinators))
        for name in sorted(_coordinators(places) - coordinators)
    ]
    mistakes.extend(Mistake(str(directory), 1, what, hint) for what, hint in missing)


def _known(whom: Meant, places: Places, vocabulary: Vocabulary, period_steps: PeriodSteps) -> _Known:
    establishing = sorted({kind for step in period_steps.values() for kind in step.establishes} - {ANYBODY})
    kinds = None if whom.kinds is None else (*whom.kinds, *establishing)
    services = None if kinds is None or whom.shelters is None else (*kinds, *whom.shelters)
    return _Known(kinds, services, _areas(places), _target_groups(vocabulary))


def _check_features(file: ReferenceFile, written: str, known: _Features) -> None:
    for feature in features(written):
        if feature.attribute not in known:
            file.mistake(f"nothing is called {feature.attribute} here", meant(feature.attribute, known))
            continue
        values = known[feature.attribute]
        for value in feature.values if values else ():
            if value not in values:
                file.mistake(f"no {feature.attribute} is {value}", meant(value, values))


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
