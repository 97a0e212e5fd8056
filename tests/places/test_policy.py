"""What a partner can say of its places, and whom it is there for."""

from datetime import UTC, datetime, timedelta

import pytest

from service.places.policy import INTERIM, SHELTERS, TRAITS, CapacityNotUnderstood, TargetGroup, check_report, helps

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OMM = frozenset({"omm"})


def test_a_partner_reports_what_it_offers_and_interim_places() -> None:
    for kind in ("omm", *INTERIM):
        check_report(kind, OMM, (6, 2), (NOW, NOW))


@pytest.mark.parametrize(
    ("kind", "offered", "numbers", "as_of", "pointer"),
    [
        ("cosm", OMM, (6, 2), NOW, "/shelter_type"),
        ("crisis", frozenset(), (6, 2), NOW, "/shelter_type"),
        ("omm", OMM, (6, 7), NOW, "/free"),
        ("omm", OMM, (6, 2), NOW + timedelta(seconds=1), "/as_of"),
    ],
)
def test_what_cannot_be_so_is_not_kept(
    kind: str, offered: frozenset[str], numbers: tuple[int, int], as_of: datetime, pointer: str
) -> None:
    with pytest.raises(CapacityNotUnderstood) as refused:
        check_report(kind, offered, numbers, (as_of, NOW))

    assert [one.pointer for one in refused.value.problems] == [pointer]


def test_every_group_has_traits_and_kinds_of_shelter() -> None:
    assert SHELTERS.keys() == TRAITS.keys() == set(TargetGroup)


@pytest.mark.parametrize(
    ("asks_for", "groups"),
    [
        ({}, set(TargetGroup)),
        ({"gender": {"female", "other"}}, {TargetGroup.WOMEN, TargetGroup.FAMILIES}),
        ({"multiproblem": {"yes"}}, {TargetGroup.MULTIPROBLEM}),
        ({"child": {"yes"}, "loverboy": {"yes"}}, {TargetGroup.CHILDREN}),
        ({"exploitation": {"labour"}}, {TargetGroup.LABOUR_GROUPS}),
    ],
)
def test_whoever_helps_only_some_people_is_there_for_the_groups_that_they_make_up(
    asks_for: dict[str, set[str]], groups: set[TargetGroup]
) -> None:
    target_groups = {name: frozenset(values) for name, values in asks_for.items()}

    assert {group for group in TargetGroup if helps(target_groups, group)} == groups
