"""YAML 1.2 and JSON are read with their lines; what hides meaning in a rule file is refused in plain words."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from service.routing.text import yaml_document
from service.routing.text.mistakes import Mistake
from service.routing.text.yaml_document import Node, read_document


def read(text: str | Path) -> tuple[Node | None, list[str]]:
    mistakes: list[Mistake] = []
    document = read_document(text, "f", mistakes)
    return document, [str(mistake) for mistake in mistakes]


def value(text: str) -> object:
    document, mistakes = read(text)
    assert mistakes == []
    assert document is not None
    return document.plain()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("Off", "Off"),
        ("y", "y"),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("2026-11-23", "2026-11-23"),
        ("2026-11-23T18:30:00+01:00", "2026-11-23T18:30:00+01:00"),
        ("09:00", "09:00"),
        ("12..17", "12..17"),
        ("18..", "18.."),
        ("..17", "..17"),
        ("17", 17),
        ("-3", -3),
        ("010", 10),
        ("0o10", "0o10"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("=", "="),
        ("<<", "<<"),
        ("'17'", "17"),
        ('"true"', "true"),
    ],
)
def test_plain_words_mean_what_yaml_1_2_says(written: str, expected: object) -> None:
    found = value(f"key: {written}")

    assert found == {"key": expected}
    assert isinstance(found, dict)
    assert type(found["key"]) is type(expected)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text("abc é:#-'\"\\\n\t{}[],&*!", max_size=12),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("ab:- ", max_size=4), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from([None, 2, "\t"]),
)
def test_json_is_read_as_what_it_is(said: object, indent: int | str | None) -> None:
    assert value(json.dumps(said, ensure_ascii=False, indent=indent)) == said


def test_every_value_knows_its_line() -> None:
    document, _ = read("a: 1\nb:\n  - x\n  - y\nc:\n  d: 2\n")

    assert document is not None
    assert isinstance(document.value, dict)
    second = document.value["b"].value
    assert isinstance(second, list)
    assert [item.line for item in second] == [3, 4]
    assert document.key_lines == {"a": 1, "b": 2, "c": 5}
    assert document.key_mistake("c", "odd") == Mistake("f", 5, "odd")
    assert document.value["c"].mistake("odd", "hint") == Mistake("f", 6, "odd", "hint")


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", ["f:1: the file is empty"]),
        ("# nothing\n", ["f:1: the file is empty"]),
        ("a: 1\n\tb: 2\n", ["f:2: a tab in the indentation (YAML indents with spaces only)"]),
        (
            "a:\n\tb: 2\nc:\n \td: 2\n",
            [f"f:{n}: a tab in the indentation (YAML indents with spaces only)" for n in (2, 4)],
        ),
        ("a: 1\nb: 2\na: 3\n", ["f:3: the key a stands here twice (the first one is in line 1)"]),
        ("1: a\n", ['f:1: a key must be a word (put quotes around it: "1")']),
        ("true: a\n", ["f:1: a key must be a word (a boolean is no word)"]),
        ("a: 1\n~: a\n", ["f:2: a key must be a word (write a word before the colon)"]),
        ("[1]: a\n", ["f:1: a key must be a word (write a word before the colon)"]),
        (
            "a: &here 1\nb: *here\n",
            [
                "f:1: an anchor (&here) is not allowed here (write the value out where it is used)",
                "f:2: a reference (*here) is not allowed here (write the value out)",
            ],
        ),
        ("a: !secret 1\n", ["f:1: a tag (!secret) is not allowed here (write the value without it)"]),
        ("a: 1\n---\nb: 2\n", ["f:2: a second document starts here (one file holds one document)"]),
        (
            "a: 1\nb: text: more\n",
            [
                (
                    "f:2: a colon stands where no value can start "
                    "(check the indentation, and put quotes around text with a colon in it)"
                ),
            ],
        ),
        ("a: [1, 2\n", ["f:1: a list that was opened with [ is not closed (add the comma or the ])"]),
        ("a: {b: 2\n", ["f:1: a mapping that was opened with { is not closed (add the comma or the })"]),
        ("a: 'text\n", ["f:1: a quote is opened and not closed (add the closing quote)"]),
        ("a: @text\n", ["f:1: a value cannot start with this character (put quotes around the value)"]),
        ("a: b\nc\n", ["f:2: a key has no colon (write `key: value`)"]),
        ('a: "\\q"\n', ["f:1: an escape that is not known (write a backslash twice, or use single quotes)"]),
        ('a: "\\ud800"\n', ["f:1: an escape that is no character"]),
        ("a: 1\nb: x\0y\n", ["f:2: a control character stands in the text (remove it)"]),
        ("[" * 30, ["f:1: lists and mappings are nested too deeply"]),
    ],
)
def test_what_cannot_be_read_is_told_in_plain_words(text: str, mistakes: list[str]) -> None:
    assert read(text)[1] == mistakes


def test_the_slow_parser_says_the_same_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_document, "_PARSER", yaml.Loader)

    assert value("a: yes\nb: [1, x]") == {"a": "yes", "b": [1, "x"]}
    assert [said.partition(": ")[0] for said in read("a: 1\nb: [1\n")[1]] == ["f:2"]


def test_a_file_is_read_as_utf_8_with_or_without_a_mark(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes("\ufeffa: é".encode())

    document, mistakes = read(file)

    assert mistakes == []
    assert document is not None
    assert document.plain() == {"a": "é"}


def test_a_file_that_is_not_utf_8_is_refused_in_the_line_where_it_stops(tmp_path: Path) -> None:
    file = tmp_path / "f"
    file.write_bytes(b"a: 1\nb: \xe9\n")

    assert read(file) == (None, ["f:2: this is not UTF-8 text (save the file as UTF-8)"])


def test_a_file_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    assert read(tmp_path / "none") == (None, ["f:1: the file cannot be read: No such file or directory"])


def test_a_file_without_measure_is_refused() -> None:
    assert read("a: " + "x" * 2_000_000) == (None, ["f:1: the file is longer than 2000000 characters"])
