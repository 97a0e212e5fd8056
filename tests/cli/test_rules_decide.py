"""`nrm rules decide`: the decision contract for programs, a page for people, and always the same bytes."""

import json
import os
import re
from pathlib import Path
from unittest.mock import patch

import pytest

from service.cli.show_decision import DecisionScreen
from service.cli.words import Language
from service.routing.decide import decide
from service.routing.examples import matches
from service.routing.rule_set import Example
from tests.cli.terminal import Heard, printed, started, typed
from tests.routing.dutch import rules

RULES = rules()
EXAMPLES = {example.id: example for example in RULES.examples}
GOLDEN = Path(__file__).parent / "golden"

CONTRACT = {
    "on": None,
    "rule_set": None,
    "reflection_period": {"status", "length", "reason", "starts", "ends", "rule"},
    "shelter": {"type", "next", "interim", "placed_by", "rule", "interim_rule"},
    "region": {"municipality", "central_municipality", "police_unit", "care_coordinator", "fallback", "rules"},
    "notifications": {"to", "content", "due", "due_at", "dispatch", "rule"},
    "tracks": None,
    "deadlines": {"kind", "due", "due_at", "rule"},
    "tasks": {"kind", "rule"},
    "questions": {"fact", "would_change"},
    "trace": {"table", "row", "rule", "status", "sources"},
}


def facts_of(example: Example) -> bytes:
    return json.dumps(example.facts.given).encode()


def asked(name: str, *words: str) -> Heard:
    """Decide an example."""
    example = EXAMPLES[name]
    return typed("rules", "decide", "-", "--on", str(example.on), *words, stdin=facts_of(example))


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_every_example_is_decided_at_the_terminal_as_its_story_says(name: str) -> None:
    example = EXAMPLES[name]
    heard = typed("rules", "decide", "-", "--on", str(example.on), "--json", stdin=facts_of(example))
    assert (heard.code, heard.err) == (0, "")
    decision = json.loads(heard.out)
    assert decision == decide(RULES, example.facts, example.on).as_json()
    # Lists of an example name what must be in them, and `absent` what must not.
    for part, wanted in example.expect.items():
        assert matches(wanted, decision[part]), part
    for part, unwanted in example.absent.items():
        for one in unwanted if isinstance(unwanted, list) else []:
            assert not [found for found in decision[part] if matches(one, found)], part


def test_the_json_has_the_fields_of_the_decision_contract_and_no_other() -> None:
    decision = json.loads(asked("G18", "--json").out)
    assert list(decision) == list(CONTRACT)
    for part, fields in CONTRACT.items():
        found = decision[part] if isinstance(decision[part], list) else [decision[part]]
        assert found
        if fields is not None:
            assert [one for one in found if set(one) != fields] == []


def test_the_same_facts_give_the_same_bytes_in_every_process_and_under_every_hash_seed() -> None:
    example = EXAMPLES["G18"]
    heard = {
        started(
            *("rules", "decide", "-", "--on", str(example.on), "--json", "--trace"),
            stdin=facts_of(example),
            environment={"PYTHONHASHSEED": seed},
        ).out
        for seed in ("0", "1", "4711")
    }
    assert len(heard) == 1
    (written,) = heard
    expected = json.dumps(json.loads(written), indent=2, ensure_ascii=False) + "\n"
    assert written == expected.encode()


def test_the_json_is_utf_8_whatever_the_terminal_speaks() -> None:
    plain = asked("G18", "--json").out
    example = EXAMPLES["G18"]
    words = ("rules", "decide", "-", "--on", str(example.on), "--json")
    heard = started(*words, stdin=facts_of(example), environment={"PYTHONIOENCODING": "ascii"})
    assert heard.out == plain
    assert "ë".encode() in plain


def test_a_terminal_without_accents_still_shows_the_decision() -> None:
    example = EXAMPLES["G18"]
    words = ("rules", "decide", "-", "--on", str(example.on))
    heard = started(*words, stdin=facts_of(example), environment={"PYTHONIOENCODING": "ascii"})
    assert (heard.code, heard.err) == (0, "")
    assert "categorie?n vreemdelingen" in " ".join(heard.screen.split())


def test_the_trace_adds_the_blocking_cells_and_leaves_the_contract_as_it_is() -> None:
    plain, traced = (json.loads(asked("G18", "--json", *words).out) for words in ((), ("--trace",)))
    blocked = traced.pop("blocked")
    assert traced == plain
    fired = {(one["table"], one["row"]) for one in plain["trace"]}
    kept_out = {(one["table"], one["row"]) for one in blocked}
    every_row = {(name, row.id) for name, one in RULES.tables.items() for row in one.table.rows}
    assert fired.isdisjoint(kept_out)
    assert fired | kept_out == every_row
    assert all(set(cell) == {"column", "wanted", "found"} for one in blocked for cell in one["cells"])
    assert [one for one in blocked if (one["table"], one["row"]) == ("shelter", "SH-09")] == [
        {"table": "shelter", "row": "SH-09", "cells": [{"column": "multiproblem", "wanted": "no", "found": "yes"}]}
    ]


def test_a_file_and_standard_input_and_json_and_yaml_say_the_same(tmp_path: Path) -> None:
    example = EXAMPLES["G24"]
    lines = [f"{name}: {json.dumps(value)}" for name, value in example.facts.given.items()]
    file = tmp_path / "facts.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    from_file = typed("rules", "decide", str(file), "--on", str(example.on), "--json")
    from_stream = typed("rules", "decide", "-", "--on", str(example.on), "--json", stdin=facts_of(example))
    assert from_file == from_stream
    assert from_file.code == 0


def test_the_rules_of_the_day_decide() -> None:
    facts = b"{citizenship: third_country, residence: none, dublin_claimant: yes, age: 30, indication: yes}"
    before, after = (
        json.loads(typed("rules", "decide", "-", "--on", day, "--json", stdin=facts).out)["reflection_period"]
        for day in ("2023-05-17", "2023-05-18")
    )
    assert (before["status"], before["reason"]) == ("not_available", "dublin")
    assert (after["status"], after["length"]) == ("offer", "P30D")


def test_without_a_day_the_local_day_of_the_clock_counts() -> None:
    # Half past eleven in the evening in London is the next day in Amsterdam.
    moved = {"NRM_CLOCK_STARTS_AT": "2027-02-28T23:30:00+00:00"}
    with patch.dict(os.environ, moved):
        heard = typed("rules", "decide", "-", "--json", stdin=b"{}")
    assert json.loads(heard.out)["on"] == "2027-03-01"


def test_a_decision_reads_well_in_eighty_columns() -> None:
    example = EXAMPLES["G18"]
    words = ("rules", "decide", "-", "--on", str(example.on), "--lang", "en")
    heard = started(*words, stdin=facts_of(example))
    assert (heard.code, heard.err) == (0, "")
    expected = (GOLDEN / "decision_G18.txt").read_text(encoding="utf-8")
    assert re.sub("nl@sha256:[0-9a-f]{64}", "<rules>", heard.screen) == expected


def test_a_screen_that_nobody_watches_is_plain_and_no_wider_than_it_may_be() -> None:
    heard = asked("G18", "--trace", "--lang", "nl")
    assert "\x1b" not in heard.screen
    lines = heard.screen.splitlines()
    assert [line for line in lines if line != line.rstrip()] == []
    assert [line for line in lines if len(line) > 80] == []


def test_the_screen_speaks_the_language_that_was_asked_for() -> None:
    dutch, english = (asked("G18", "--lang", language).screen for language in ("nl", "en"))
    assert "ma 23 nov 2026" in dutch
    assert "Mon 23 Nov 2026" in english
    assert "Wie krijgt bericht" in dutch
    assert "Who is told" in english


def test_whatever_is_told_stands_on_the_screen_with_its_rule() -> None:
    for example in EXAMPLES.values():
        decision = decide(RULES, example.facts, example.on)
        screen = printed(DecisionScreen(RULES, decision, Language.EN).parts())
        rules = {decision.reflection_period.rule, decision.shelter.rule, *decision.region.rules}
        rules |= {one.rule for one in decision.notifications} | {one.rule for one in decision.tasks}
        rules |= {one.rule for one in decision.deadlines}
        assert {rule for rule in rules if rule not in screen} == set(), example.id
        assert [one.fact for one in decision.questions if one.fact not in screen] == [], example.id
