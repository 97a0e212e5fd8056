"""Statements about every possible person: a slip in one is told, and rules that break one are not taken."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of, small_rule_set


def test_statements_are_read_with_their_sources(tmp_path: Path) -> None:
    youth, dutch = small_rule_set(tmp_path).invariants

    assert (youth.id, dutch.id) == ("youth-together", "no-dutch-period")
    assert str(youth.when["age"]) == "0..17"
    assert youth.never["shelter.type"].words == ("special", "general")
    assert [source.cite for source in dutch.sources] == ["An act, article 7"]


def test_rules_without_a_file_of_statements_are_taken(tmp_path: Path) -> None:
    small_rule_set(tmp_path)
    (tmp_path / "invariants.yaml").unlink()

    assert mistakes_of(tmp_path) == []


NEVER = "never: {shelter.type: [general, special]}"


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("when: {age:", "when: {aeg:", 6, "reads aeg, which nothing gives (did you mean age?)"),
        ("[general, special]", "[genral, special]", 7, "shelter.type cannot be 'genral' (did you mean general?)"),
        ("{shelter.type:", "{sheltertype:", 7, "sheltertype, which nothing gives (did you mean shelter.type?)"),
        (f"    {NEVER}\n", "", 3, "youth-together needs one of never, always and told_otherwise"),
        (NEVER, "told_otherwise: [age]", 3, "youth-together needs told_otherwise and unchanged together"),
        (NEVER, "told_otherwise: [aeg]\n    unchanged: [period.status]", 7, "'aeg' (did you mean age?)"),
        (
            NEVER,
            "told_otherwise: [accepted_on]\n    unchanged: [period.status]",
            7,
            "cannot name accepted_on: of a day",
        ),
        (
            NEVER,
            "told_otherwise: [received_at]\n    unchanged: [period.status]",
            7,
            "cannot name received_at: of a day",
        ),
        (NEVER, "told_otherwise: [found_in]\n    unchanged: [period.status]", 7, "cannot name found_in: of a day"),
        ('    source: [{cite: "An act, article 6"}]\n', "", 3, "an invariant has no source"),
        ('[{cite: "An act, article 6"}]', "[]", 5, "invariant youth-together has no source"),
        ("id: no-dutch-period", "id: youth-together", 8, "youth-together exists already (in line 3)"),
        ("{en: A Dutch", "{nl: Geen", 9, "the text of invariant no-dutch-period has no English text"),
    ],
)
def test_a_slip_in_a_statement_is_told_with_its_line(tmp_path: Path, old: str, new: str, line: int, said: str) -> None:
    (mistake,) = mistakes_of(tmp_path, invariants=changed("invariants", old, new))

    assert mistake.startswith(f"invariants.yaml:{line}: ")
    assert said in mistake
