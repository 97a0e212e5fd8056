"""A folder of rules is loaded whole, or refused whole with every mistake of every file."""

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.routing.engine.table import Policy, Source, Status
from service.routing.rule_files.load import load_rule_set, rule_set_in
from service.routing.text.mistakes import FilesRefused
from tests.routing.factories import REFERENCE, RULES, SHELTER, changed, mistakes_of, rules_folder, small_rule_set


def test_a_sound_folder_is_loaded(tmp_path: Path) -> None:
    folder = tmp_path / "xx"
    rules = small_rule_set(folder)

    assert rules.name == f"xx@sha256:{rules.digest}"
    assert list(rules.tables) == ["period", "shelter"]
    assert rules.tables["shelter"].table.policy is Policy.FIRST
    assert rules.disclosure.names("helpers", "full", "HE-01") == ("age", "citizenship")
    assert rules.examples[0].on == date(2026, 11, 23)
    assert rules.examples[0].facts["age"] == 30
    assert rules.examples[0].expect == {"shelter": {"type": "general"}}
    assert rules.places is not None


def test_a_row_keeps_all_that_it_says(tmp_path: Path) -> None:
    row = small_rule_set(tmp_path).tables["period"].table.rows[2]

    assert (row.id, row.rule, row.status, row.line) == ("PE-03", "PE-02", Status.CONTESTED, 21)
    assert row.then == {"status": "offer", "length": "period.short"}
    assert row.sources == (Source("An act, article 4", "jci1.3:c:X", "https://example.org", "detained"),)


def test_a_table_is_asked_about_the_outcomes_of_another(tmp_path: Path) -> None:
    values: dict[str, str | int] = {"period.status": "offer", "route": "adult", "age": 30, "exploitation.labour": "no"}

    finding = small_rule_set(tmp_path).tables["shelter"].decide(values, date(2026, 11, 23))

    assert [row.id for row in finding.rows] == ["SH-02"]


def test_an_outcome_that_may_be_left_out_reads_as_none(tmp_path: Path) -> None:
    reader = SHELTER.replace("table: shelter", "table: after").replace("[period.status, route", "[shelter.next, route")
    reader = reader.replace("{period.status: offer,", "{shelter.next: none,").replace("SH-", "AF-")
    folder = rules_folder(tmp_path)
    (folder / "tables" / "after.yaml").write_text(reader)

    rules = rule_set_in(folder, {"route": ()})

    assert list(rules.tables) == ["period", "shelter", "after"]
    assert [atom.text for atom in rules.tables["after"].columns[0].atoms] == ["later", "none"]


def test_the_digest_changes_with_what_decides_and_with_nothing_else(tmp_path: Path) -> None:
    first = small_rule_set(tmp_path).digest
    told_otherwise = small_rule_set(tmp_path, first=changed("first", "An adult", "Somebody")).digest
    (tmp_path / "README.md").write_text("For people.")
    windows = rules_folder(tmp_path) / "facts.yaml"
    windows.write_bytes(windows.read_bytes().replace(b"\n", b"\r\n"))

    assert told_otherwise == first
    assert rule_set_in(tmp_path, {"route": ()}).digest == first
    assert small_rule_set(tmp_path, parameters=changed("parameters", "30 days", "45 days")).digest != first


def test_the_rules_of_the_country_are_sound() -> None:
    assert load_rule_set(REFERENCE.parent).country == "nl"


def test_every_mistake_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    found = mistakes_of(
        tmp_path,
        facts=changed("facts", "detention: yes}", "detention: jes}"),
        parameters=changed("parameters", "30 days", "30 dayz"),
        disclosure=changed("disclosure", "[age", "[agge"),
        period=changed("period", "citizenship: dutch}", "citizenship: ducth}"),
        shelter=changed("shelter", "age: ..17", "age: 17..12"),
        first=changed("first", "30", "300"),
    )

    assert [said.split(":")[0] for said in found] == [
        "disclosure.yaml",
        "examples/first.yaml",
        "facts.yaml",
        "parameters.yaml",
        "tables/period.yaml",
        "tables/shelter.yaml",
    ]


def test_a_file_of_facts_that_is_no_yaml_hides_no_mistake_of_other_files_and_adds_none(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path, facts="facts: [\n", shelter=changed("shelter", "[youth", "[youth, youth"))

    assert found == [
        "facts.yaml:1: a value is missing (close the list or mapping, or remove the comma)",
        "tables/shelter.yaml:9: youth stands twice in the values of type",
    ]


def test_a_mistaken_fact_is_told_once_and_not_by_every_table_that_reads_it(tmp_path: Path) -> None:
    found = mistakes_of(
        tmp_path,
        facts=changed(
            "facts",
            "default: unknown\n    group: person\n    label: {en: C",
            "default: unknwn\n    group: person\n    label: {en: C",
        ),
    )

    assert found == ["facts.yaml:5: the default of citizenship cannot be 'unknwn' (did you mean unknown?)"]


def test_a_list_of_outcomes_cannot_be_read_by_another_table(tmp_path: Path) -> None:
    found = mistakes_of(tmp_path, period=changed("period", "policy: unique", "policy: collect"))

    assert found == [
        "tables/shelter.yaml:7: the table shelter cannot read period.status: a collect table has many outcomes",
    ]


@given(
    st.sampled_from(sorted(RULES)),
    st.integers(0, 80),
    st.sampled_from(
        ["true", "[]", "{}", "~", "12", "1.5", "[[a]]", "{not: x}", "2026-13-01", "..", "&a x", "? x", ":"]
    ),
)
def test_no_damage_to_a_line_breaks_the_reading(
    tmp_path_factory: pytest.TempPathFactory, file: str, number: int, junk: str
) -> None:
    folder = rules_folder(tmp_path_factory.mktemp("rules"))
    lines = RULES[file].splitlines()
    damaged = number % len(lines)
    lines[damaged] = f"{lines[damaged].partition(':')[0]}: {junk}"
    (folder / file).write_text("\n".join(lines))

    try:
        rules = rule_set_in(folder, {"route": ()})
    except FilesRefused as refused:
        told = [mistake for mistake in refused.mistakes if not 1 <= mistake.line <= len(lines)]
    else:
        told = []
        assert rules.digest

    assert told == []


def test_what_code_computes_and_the_file_does_not_name_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(FilesRefused, match="code computes danger, which derived does not name"):
        rule_set_in(rules_folder(tmp_path), {"danger": (), "route": ()})


def test_a_missing_file_is_a_mistake(tmp_path: Path) -> None:
    (rules_folder(tmp_path) / "parameters.yaml").unlink()

    with pytest.raises(FilesRefused, match=r"parameters\.yaml:1: the file cannot be read: No such file"):
        rule_set_in(tmp_path, {"route": ()})


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FilesRefused, match=r"facts\.yaml:1: the file cannot be read"):
        rule_set_in(tmp_path / "none", {"route": ()})


@pytest.mark.parametrize("name", ["tables/shelter.yml", "shelter.yaml"])
def test_a_file_that_would_be_overlooked_is_a_mistake(tmp_path: Path, name: str) -> None:
    folder = rules_folder(tmp_path)
    shutil.copy(folder / "tables" / "shelter.yaml", folder / name)

    with pytest.raises(FilesRefused) as refused:
        rule_set_in(folder, {"route": ()})

    assert [Path(mistake.file).name for mistake in refused.value.mistakes] == [Path(name).name]


def test_two_tables_of_one_name_and_two_examples_of_one_id_are_refused(tmp_path: Path) -> None:
    folder = rules_folder(tmp_path)
    shutil.copy(folder / "tables" / "shelter.yaml", folder / "tables" / "twin.yaml")
    shutil.copy(folder / "examples" / "first.yaml", folder / "examples" / "twin.yaml")

    with pytest.raises(FilesRefused) as refused:
        rule_set_in(folder, {"route": ()})

    assert [mistake.what for mistake in refused.value.mistakes] == [
        "the example G01 exists already",
        "the table shelter exists already",
    ]
