"""Whom places are for, which kinds of shelter take them, and when what a partner says about its places can be so."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from service.kernel.errors import DomainError, Kind, Problem


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
        problems.append(Problem("/shelter_type", "not-offered", "The directory does not say that you offer this."))
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
