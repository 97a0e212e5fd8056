"""`nrm rules show`: what stands in the rules, readable by a lawyer and by a program."""

import json
from pathlib import Path

import pytest

from service.cli.show_named import entry
from service.cli.show_table import table_json
from service.cli.words import NAMES, Language
from tests.cli.terminal import printed, typed
from tests.routing.dutch import rules

RULES = rules()
GOLDEN = Path(__file__).parent / "golden"
NAMED = (*RULES.tables, *RULES.vocabulary.facts, *RULES.vocabulary.derived, *RULES.parameters.by_name)

# The outcomes that stand in a decision, and where their names are.
SPOKEN = {
    ("reflection_period", "status"): "reflection_period.status",
    ("reflection_period", "ended_by"): "reflection_period.reason",
    ("reflection_availability", "reason"): "reflection_period.reason",
    ("shelter", "type"): "shelter.type",
    ("shelter", "next"): "shelter.next",
    ("shelter", "placed_by"): "shelter.placed_by",
    ("interim_shelter", "interim"): "interim_shelter.interim",
    ("notifications", "to"): "notifications.to",
    ("notifications", "content"): "notifications.content",
    ("notifications", "dispatch"): "notifications.dispatch",
    ("tracks", "track"): "tracks.track",
    ("deadlines", "kind"): "deadlines.kind",
    ("tasks", "kind"): "tasks.kind",
}


def test_a_table_reads_well_in_eighty_columns() -> None:
    heard = typed("rules", "show", "interim_shelter", "--lang", "en")
    assert (heard.code, heard.err) == (0, "")
    assert heard.screen == (GOLDEN / "table_interim_shelter.txt").read_text(encoding="utf-8")


def test_without_a_name_everything_that_can_be_shown_is_listed() -> None:
    heard = typed("rules", "show")
    assert heard.code == 0
    assert [name for name in NAMED if f"  {name}" not in heard.screen] == []
    contents = json.loads(typed("rules", "show", "--json").out)
    listed = [name for kind in ("tables", "facts", "derived", "parameters") for name in contents[kind]]
    assert sorted(listed) == sorted(NAMED)


@pytest.mark.parametrize("language", Language)
def test_everything_can_be_shown_in_both_languages(language: Language) -> None:
    for name in NAMED:
        screen = printed(entry(RULES, name, None, language).parts)
        assert screen.startswith(name)
        assert len(screen.splitlines()) > 1


@pytest.mark.parametrize("name", ["shelter", "reflection.dublin", "consent", "multiproblem"])
def test_a_table_a_parameter_a_fact_and_a_derived_value_are_found_by_name(name: str) -> None:
    heard = typed("rules", "show", name, "--lang", "nl")
    assert (heard.code, heard.err) == (0, "")
    assert heard.screen == printed(entry(RULES, name, None, Language.NL).parts)
    assert json.loads(typed("rules", "show", name, "--json").out) == entry(RULES, name, None, Language.NL).as_json


def test_every_row_of_a_table_is_there_with_its_status_and_its_sources() -> None:
    for name, compiled in RULES.tables.items():
        rows = compiled.table.rows
        shown = table_json(compiled.table, None)["rows"]
        assert isinstance(shown, list)
        assert [row["id"] for row in shown] == [row.id for row in rows]
        assert all(row["sources"] and row["status"] for row in shown)
        screen = printed(entry(RULES, name, None, Language.EN).parts)
        assert [row.id for row in rows if row.id not in screen] == []


def test_a_day_leaves_only_what_is_valid_on_it() -> None:
    before, after = (
        [one["value"] for one in json.loads(heard.out)["values"]]
        for heard in (
            typed("rules", "show", "reflection.dublin", "--json", "--on", day) for day in ("2023-05-17", "2023-05-18")
        )
    )
    assert (before, after) == ([None], ["30 days"])
    assert len(json.loads(typed("rules", "show", "reflection.dublin", "--json").out)["values"]) == 2


def test_a_row_that_is_not_valid_on_the_day_is_left_out() -> None:
    compiled = RULES.tables["reflection_availability"]
    dated = [row for row in compiled.table.rows if row.valid_from or row.valid_to]
    for day in {row.valid_from for row in dated if row.valid_from}:
        shown = json.loads(typed("rules", "show", "reflection_availability", "--json", "--on", day.isoformat()).out)
        assert [row["id"] for row in shown["rows"]] == [row.id for row in compiled.table.rows if row.applies_on(day)]


def test_a_name_that_does_not_exist_gets_the_nearest_one() -> None:
    heard = typed("rules", "show", "shleter")
    assert (heard.code, heard.out, heard.err) == (2, b"", "the rules hold no 'shleter' (did you mean shelter?)\n")


@pytest.mark.parametrize(("table", "output"), SPOKEN)
def test_every_outcome_of_a_decision_has_words_of_its_own_in_both_languages(table: str, output: str) -> None:
    names = NAMES[SPOKEN[table, output]]
    values = RULES.tables[table].table.outputs[output].values
    assert [value for value in values if value not in names] == []
    for half in (0, 1):
        assert len({names[value][half] for value in values}) == len(values)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_what_holds_for_everybody_is_shown_with_its_sources(language: str) -> None:
    screen = typed("rules", "show", "invariants", "--lang", language).screen
    shown = json.loads(typed("rules", "show", "invariants", "--json").out)["invariants"]

    assert len(shown) >= 15
    flat = " ".join(screen.split())
    assert [one["id"] for one in shown if " ".join(one["text"][language].split()) not in flat] == []
    assert all(one["sources"] for one in shown)


def test_one_invariant_is_found_by_its_name() -> None:
    heard = typed("rules", "show", "thirty-days-for-dublin-claimants")

    assert "2023-05-18.." in heard.screen
    assert "WBV 2023/11" in heard.screen
