"""Whom places are for, who may place in them, and when what a partner says about its places can be so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from service.kernel.errors import DomainError, Kind, Problem
from service.places.lifecycle import PlaceAnswer


class TargetGroup(StrEnum):
    """Whom places are for, as coarse as the directory says it; finer would tell who needs one."""

    WOMEN = "women"
    MEN = "men"
    FAMILIES = "families"
    CHILDREN = "children"
    MULTIPROBLEM = "multiproblem"
    LABOUR_GROUPS = "labour_groups"


class Urgency(StrEnum):
    """How soon an answer is needed."""

    URGENT = "urgent"
    NORMAL = "normal"


INTERIM: Final = frozenset({"crisis", "emergency_bed"})
"""Kinds of places for some nights, which any shelter may have."""

SHELTERS: Final[Mapping[TargetGroup, frozenset[str]]] = {
    TargetGroup.WOMEN: frozenset({"cosm", "womens"}),
    TargetGroup.MEN: frozenset({"cosm", "mens"}),
    TargetGroup.FAMILIES: frozenset({"cosm", "womens", "family_place"}),
    TargetGroup.CHILDREN: frozenset({"protected_minor", "youth_care"}),
    TargetGroup.MULTIPROBLEM: frozenset({"omm"}),
    TargetGroup.LABOUR_GROUPS: frozenset({"group_beds"}),
}
"""Which kinds of shelter take whom, for asking around; that nobody else can be asked is assumed."""

_ADULTS: Final = {"child": frozenset({"no"})}

TRAITS: Final[Mapping[TargetGroup, Mapping[str, frozenset[str]]]] = {
    TargetGroup.WOMEN: {"gender": frozenset({"female"}), **_ADULTS},
    TargetGroup.MEN: {"gender": frozenset({"male"}), **_ADULTS},
    TargetGroup.FAMILIES: {"household": frozenset({"family", "with_children"}), "gender": frozenset({"female"})},
    TargetGroup.CHILDREN: {"child": frozenset({"yes"}), "loverboy": frozenset({"yes"})},
    TargetGroup.MULTIPROBLEM: {"multiproblem": frozenset({"yes"}), **_ADULTS},
    TargetGroup.LABOUR_GROUPS: {"exploitation": frozenset({"labour"}), **_ADULTS},
}
"""What the people of a group have in common, in facts of the rules: whom a partner helps is written in these."""


class CapacityNotUnderstood(DomainError):
    """What a partner says about its places cannot be so."""

    kind = Kind.INVALID
    code = "capacity-not-understood"
    title = "These numbers of places cannot be so"


def check_report(
    kind: str, offered: frozenset[str], numbers: tuple[int, int], times: tuple[datetime, datetime]
) -> None:
    """Stop a report that cannot be so; how many people stay somewhere is another number, and compared with none.

    Args:
        kind: the kind of shelter.
        offered: what the partner offers, in codes of the rules.
        numbers: how many places there are, and how many of them can be taken.
        times: when that was so, and now.

    Raises:
        CapacityNotUnderstood: it cannot.
    """
    problems: list[Problem] = []
    if kind not in offered and not (kind in INTERIM and offered):
        detail = f"The directory does not say that you offer this; it names {', '.join(sorted(offered)) or 'nothing'}."
        problems.append(Problem("/shelter_type", "not-offered", detail))
    places, free = numbers
    if free > places:
        problems.append(Problem("/free", "more-than-there-are", "More places are free than there are."))
    as_of, now = times
    if as_of > now:
        problems.append(Problem("/as_of", "still-to-come", "Places are counted when they are there, not before."))
    if problems:
        raise CapacityNotUnderstood(problems=tuple(problems))


def helps(target_groups: Mapping[str, frozenset[str]], group: TargetGroup) -> bool:
    """Tell whether a partner is there for a group: everything that it asks of people holds for all of the group.

    Args:
        target_groups: what a partner asks of people, in facts of the rules.
        group: who needs a place.
    """
    traits = TRAITS[group]
    return all(name in traits and traits[name] & values for name, values in target_groups.items())


def settles(count: int, answers: Iterable[tuple[PlaceAnswer | None, int | None]]) -> bool:
    """Tell whether nothing more need be said to a question: there are places enough, or everybody has said yes or no.

    Args:
        count: how many places are asked for.
        answers: what everybody who was asked has said, and how many places with it; a yes without a number is one.
    """
    said = list(answers)
    return is_enough(count, said) or all(answer in {PlaceAnswer.YES, PlaceAnswer.NO} for answer, _ in said)


def is_enough(count: int, answers: Iterable[tuple[PlaceAnswer | None, int | None]]) -> bool:
    """Tell whether as many places were offered as are asked for.

    Args:
        count: how many places are asked for.
        answers: what those who were asked have said, and how many places with it; a yes without a number is one.
    """
    return sum(places or 1 for answer, places in answers if answer is PlaceAnswer.YES) >= count


def suits(group: TargetGroup, known: Mapping[str, frozenset[str]]) -> bool:
    """Tell whether a person may be one of a group; what is not known excludes nobody.

    Args:
        group: whom places are for.
        known: what is known of the person, in facts of the rules.
    """
    return all(name not in known or known[name] & values for name, values in TRAITS[group].items())


@dataclass(frozen=True)
class Proposed:
    """What is proposed for a person, by the rules or by whoever decided otherwise.

    Attributes:
        type: the kind of shelter.
        placed_by: who places there, as the rules call it.
        interim: the place until then, if one is proposed.
        follow_up: whether the person stays until the next place is confirmed.
    """

    type: str
    placed_by: str | None = None
    interim: str | None = None
    follow_up: bool = False


FOLLOW_UP: Final = frozenset({"womens", "mens", "omm", "family_place"})
"""Where somebody can go on to after a report; that nothing else is meant is assumed."""

_PLACERS: Final[Mapping[str, frozenset[str]]] = {
    "comensha": frozenset({"comensha"}),
    "central_municipality": frozenset({"womens_shelter", "mens_shelter"}),
    "nidos": frozenset({"nidos"}),
    "youth_care": frozenset({"youth_care_provider"}),
    "coa": frozenset({"coa"}),
    "police": frozenset({"police"}),
    # Follow-up shelter: the coordinator where the person stays, else CoMensha.
    "follow_up": frozenset({"care_coordinator", "comensha"}),
}
_INTERIM_PLACERS: Final[Mapping[str, frozenset[str]]] = {
    "emergency_bed": frozenset({"police"}),
    "crisis": frozenset({"police", "comensha"}),
    "cosm": frozenset({"comensha"}),
}
_NO_PLACE: Final = frozenset({"none", "ambulatory", "review"})
_BY_PREFERENCE: Final = {"womens_or_mens": frozenset({"womens", "mens"})}


class TypeNotProposed(DomainError):
    """Another kind of place is wanted than the one that is proposed."""

    kind = Kind.CONFLICT
    code = "type-not-proposed"
    title = "This kind of place is not proposed; decide otherwise first, with a reason"


class MayNotPlace(DomainError):
    """Somebody places where another organisation alone does."""

    kind = Kind.CONFLICT
    code = "may-not-place"
    title = "This organisation does not place here"


def placers(proposed: Proposed, wanted: tuple[str, bool], *, waits: bool) -> frozenset[str]:
    """Give the kinds of organisations of which one may place somebody.

    Args:
        proposed: what is proposed for the person.
        wanted: the kind of shelter, and whether it is for the time until the proposed one is there.
        waits: whether no place of the proposed kind is free, so that the person needs a crisis place meanwhile.

    Raises:
        TypeNotProposed: that is not proposed.
    """
    found = _placers(proposed, wanted, waits=waits)
    if found is None:
        raise TypeNotProposed
    return found


def _placers(proposed: Proposed, wanted: tuple[str, bool], *, waits: bool) -> frozenset[str] | None:
    kind, interim = wanted
    if interim:
        is_meant = kind == proposed.interim or (kind == "crisis" and waits)
        return _INTERIM_PLACERS.get(kind) if is_meant else None
    if proposed.follow_up and kind in FOLLOW_UP - {proposed.type}:
        return _PLACERS["follow_up"]
    if proposed.type in _NO_PLACE or kind not in _BY_PREFERENCE.get(proposed.type, {proposed.type}):
        return None
    return _PLACERS.get(proposed.placed_by or "", frozenset())


def kinds_to_place(asked_as: str, proposed: Proposed, *, waits: bool) -> frozenset[tuple[str, bool]]:
    """Give the kinds of places in which an organisation may place somebody, each with whether it is for the meantime.

    Args:
        asked_as: the kind of organisation as which it is asked about the person.
        proposed: what is proposed for the person.
        waits: whether no place of the proposed kind is free.
    """
    kinds = FOLLOW_UP | _BY_PREFERENCE.get(proposed.type, frozenset()) | {proposed.type}
    every = {(kind, False) for kind in kinds} | {(kind, True) for kind in _INTERIM_PLACERS}
    return frozenset(one for one in every if asked_as in (_placers(proposed, one, waits=waits) or ()))


def as_told(proposed: Proposed, *, agreed: bool) -> Proposed:
    """Give what of a proposal whoever places may know: a kind of place may tell of somebody's health.

    Args:
        proposed: what is proposed for the person.
        agreed: whether the person has said yes to placement, and so to the data on health that it needs.
    """
    if agreed or proposed.type not in SHELTERS[TargetGroup.MULTIPROBLEM]:
        return proposed
    return Proposed("none", interim=proposed.interim if proposed.interim in INTERIM else None)


def check_placer(kind: str, allowed: frozenset[str], *, agreed: bool) -> None:
    """Stop a placement by an organisation that does not place there, or was asked to and has not said yes.

    Args:
        kind: what the organisation is in the directory.
        allowed: the kinds of which it must be one.
        agreed: whether it has taken what it was asked about the person, if it was asked anything.

    Raises:
        MayNotPlace: it may not.
    """
    if kind not in allowed or not agreed:
        raise MayNotPlace
