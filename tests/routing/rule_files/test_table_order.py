"""Tables stand after what they read, and cannot read themselves by a detour."""

from pathlib import Path

import pytest

from service.routing.rule_files.load import rule_set_in
from service.routing.text.mistakes import FilesRefused
from tests.routing.factories import changed, mistakes_of, rules_folder


def test_a_table_stands_after_the_tables_that_it_reads(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path)
    (folder / "tables" / "period.yaml").rename(folder / "tables" / "zzz.yaml")

    assert list(rule_set_in(folder, {"route": ()}).tables) == ["period", "shelter"]


def test_a_table_stands_after_the_tables_behind_a_derived_value(tmp_path: Path) -> None:
    danger = "  danger:\n    values: [yes, no]\n    label: {en: Danger}\n    how: {en: By a look.}\n"
    folder = rules_folder(
        tmp_path,
        facts=changed("facts", "derived:\n", f"derived:\n{danger}"),
        period=changed("period", "[citizenship, detention]", "[citizenship, detention, danger]"),
        shelter=changed("shelter", "period.status, route", "route").replace("period.status: offer, ", ""),
    )
    (folder / "tables" / "period.yaml").rename(folder / "tables" / "zzz.yaml")

    assert list(rule_set_in(folder, {"danger": (), "route": ()}).tables) == ["shelter", "period"]
    assert list(rule_set_in(folder, {"danger": (), "route": ("period",)}).tables) == ["period", "shelter"]


def test_tables_that_read_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    found = mistakes_of(
        tmp_path, period=changed("period", "[citizenship, detention]", "[citizenship, detention, shelter.type]")
    )

    assert found == ["tables/period.yaml:6: what is read comes back in a circle: period -> shelter -> period"]


def test_a_circle_through_a_derived_value_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilesRefused) as refused:
        rule_set_in(rules_folder(tmp_path), {"route": ("shelter",)})

    assert [mistake.what for mistake in refused.value.mistakes] == [
        "what is read comes back in a circle: shelter -> route -> shelter",
    ]


def test_a_table_cannot_take_the_name_of_a_fact(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path, shelter=changed("shelter", "table: shelter", "table: age"))

    assert found == ["tables/shelter.yaml:1: age is the name of a fact or a derived value already"]
