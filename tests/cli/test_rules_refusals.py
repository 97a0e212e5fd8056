"""Mistakes in facts and on the command line: each with its place and what was meant, exit code 2, nothing decided."""

from pathlib import Path

import pytest

from tests.cli.terminal import started, typed

ON = ("--on", "2026-11-23")


@pytest.mark.parametrize(
    ("facts", "line", "hints"),
    [
        pytest.param(b"age: 30\nconsent:\n\tplacement: given\n", 3, ["tab", "spaces"], id="a tab"),
        pytest.param(b"age: 30\nrole: victim\nage: 31\n", 3, ["age", "twice"], id="a fact told twice"),
        pytest.param(b"citizenship: dtuch\n", 1, ["citizenship", "did you mean dutch?"], id="a misspelt value"),
        pytest.param(b"age: 30\ncitizenshp: eu\n", 2, ["did you mean citizenship?"], id="a misspelt fact"),
        pytest.param(b"accepted_on: 2026-02-30\n", 1, ["accepted_on is no date"], id="a day that does not exist"),
        pytest.param(b"accepted_on: soon\n", 1, ["accepted_on is no date", "YYYY-MM-DD"], id="no day at all"),
        pytest.param(b"found_in: 363\n", 1, ["GM and four digits"], id="a municipality without GM"),
        pytest.param(b"return_country: nl\n", 1, ["two capitals"], id="a country in small letters"),
        pytest.param(b"age: 130\n", 1, ["from 0 to 120"], id="an age that nobody has"),
        pytest.param(b"detention: true\n", 1, ["write yes"], id="true for yes"),
        pytest.param(b"exploitation: labour\n", 1, ["is a list"], id="one word for a list"),
        pytest.param(b"consent: {placment: given}\n", 1, ["did you mean placement?"], id="a misspelt consent"),
        pytest.param(b"received_at: 2026-11-23T10:00\n", 1, ["RFC 3339"], id="an instant without offset"),
        pytest.param(
            b"citizenship: dutch\nage: 30\nreflection_choice: accepted\n",
            3,
            ["citizenship in line 1", "no reflection period", "correct one of the two"],
            id="a Dutch national in a reflection period",
        ),
        pytest.param(b"- age\n", 1, ["names with values"], id="a list of facts"),
        pytest.param(b"age: 30\nrole: \xff\n", 2, ["UTF-8"], id="bytes that are no text"),
    ],
)
def test_a_mistake_in_the_facts_is_told_with_its_line_and_what_was_meant(
    tmp_path: Path, facts: bytes, line: int, hints: list[str]
) -> None:
    file = tmp_path / "facts.yaml"
    file.write_bytes(facts)
    heard = typed("rules", "decide", str(file), *ON)
    assert (heard.code, heard.out) == (2, b"")
    told, *in_dutch = heard.err.splitlines()
    assert told.startswith(f"{file}:{line}: ")
    assert [one for one in in_dutch if not one.startswith("  ")] == []
    assert [hint for hint in hints if hint not in told] == []


def test_all_mistakes_are_told_at_once_and_in_order() -> None:
    facts = b"citizenship: dtuch\nage: 130\nfound_in: 363\nunheard_of: yes\n"
    heard = typed("rules", "decide", "-", *ON, "--json", stdin=facts)
    assert (heard.code, heard.out) == (2, b"")
    told = [one.partition(": ")[0] for one in heard.err.splitlines() if not one.startswith("  ")]
    assert told == ["-:1", "-:2", "-:3", "-:4"]


def test_a_mistake_never_repeats_what_was_told_about_a_person() -> None:
    facts = b"citizenship: Jane Example\nfound_in: Jane Example\nage: Jane Example\naccepted_on: Jane Example\n"
    heard = typed("rules", "decide", "-", *ON, stdin=facts)
    assert heard.code == 2
    assert len([one for one in heard.err.splitlines() if one.startswith("-:")]) == 4
    assert "Jane" not in heard.err


def test_a_file_that_is_not_there_is_named() -> None:
    heard = started("rules", "decide", "no/such/facts.yaml", *ON)
    assert (heard.code, heard.out) == (2, b"")
    assert heard.err.startswith("no/such/facts.yaml:1: the file cannot be read")


@pytest.mark.parametrize("day", ["2026-02-30", "23-11-2026", "20261123", "today", "9999-01-01", ""])
def test_a_day_on_the_command_line_must_be_in_the_calendar(day: str) -> None:
    heard = typed("rules", "decide", "-", "--on", day, stdin=b"{}")
    assert (heard.code, heard.out) == (2, b"")
    assert heard.err.startswith("--on is no day (")


def test_a_folder_without_rules_is_refused() -> None:
    heard = typed("rules", "decide", "-", *ON, "--rules", "no/such/rules", stdin=b"{}")
    assert (heard.code, heard.out) == (2, b"")
    assert heard.err == "no/such/rules:1: there is no folder of rules here (such as routing_rules/nl)\n"


def test_a_language_that_nobody_speaks_here_is_refused() -> None:
    heard = typed("rules", "decide", "-", *ON, "--lang", "fr", stdin=b"{}")
    assert (heard.code, heard.out) == (2, b"")
