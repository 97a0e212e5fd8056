"""Every row has somebody to whom it applies, and a near miss; what is written about them is what is decided."""

import shutil
from pathlib import Path

import pytest

from service.routing.proofs.coverage import coverage, written
from service.routing.proofs.invariants import chain_of
from service.routing.row_examples import row_example_mistakes
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.text.mistakes import Mistake
from tests.routing.dutch import FOLDER, rules

ROW = "{row: SH-05a, "
GIVES = "gives: {type: youth_care, placed_by: youth_care}, near: {citizenship: third_country}"


def mistakes_of(folder: Path) -> list[str]:
    found: list[Mistake] = []
    examples = read_row_examples(folder, rules(), found)
    return [str(one) for one in (*found, *row_example_mistakes(rules(), examples))]


def changed(folder: Path, old: str, new: str) -> list[str]:
    """Give what is told of the examples of shelter with one thing changed, without the file."""
    copy = folder / "examples" / "rows"
    copy.mkdir(parents=True)
    text = (FOLDER / "examples" / "rows" / "shelter.yaml").read_text("utf-8")
    assert old in text
    (copy / "shelter.yaml").write_text(text.replace(old, new, 1), "utf-8")
    return [one.partition("shelter.yaml:")[2] for one in mistakes_of(folder)]


def test_every_row_of_the_rules_has_an_example_that_holds_and_a_near_miss() -> None:
    found: list[Mistake] = []
    examples = read_row_examples(FOLDER, rules(), found)

    assert [*found, *row_example_mistakes(rules(), examples)] == []
    assert {(one.table, one.row) for one in examples} == {
        (name, row.id) for name, compiled in rules().tables.items() for row in compiled.table.rows
    }


def test_every_source_is_cited_by_a_row_that_an_example_reaches() -> None:
    counts = coverage(rules(), read_row_examples(FOLDER, rules(), [])).counts()

    assert counts["with_near_miss"] == counts["rows"]
    assert counts["sources_reached"] == counts["sources"]
    assert 0 < counts["in_stories"] < counts["rows"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            f"{ROW}fires: {{indication: yes, ",
            f"{ROW}fires: {{",
            "11: the row SH-05a does not apply to its example, found SH-21",
        ),
        (
            GIVES,
            GIVES.replace("placed_by: youth_care", "placed_by: coa"),
            "wanted placed_by: coa, type: youth_care, and the row gives placed_by: youth_care, type: youth_care",
        ),
        (GIVES, GIVES.replace("third_country", "dutch"), "11: the row SH-05a applies to its near miss too"),
        (
            f"{GIVES}, instead: [SH-04b]",
            f"{GIVES}, instead: [SH-04a]",
            "11: the near miss of SH-05a: wanted SH-04a, found SH-04b",
        ),
        (
            f"{GIVES}, instead: [SH-04b]",
            f"{GIVES}, instead: [SH04b]",
            "11: instead of SH-05a cannot be 'SH04b' (did you mean SH-04b?)",
        ),
        (ROW, "{row: SH-05x, ", "11: the row of an example cannot be 'SH-05x'"),
        (GIVES, GIVES.replace("third_country", "duch"), "(did you mean dutch?)"),
        (
            GIVES,
            GIVES.replace("citizenship: third_country", "citizenship: dutch, age: 3"),
            "11: a near miss tells one fact otherwise",
        ),
        (
            GIVES,
            GIVES.replace("placed_by", "placedby"),
            "11: what SH-05a gives knows no key placedby (did you mean placed_by?)",
        ),
    ],
)
def test_a_slip_in_an_example_of_a_row_is_told(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in "\n".join(changed(tmp_path, old, new))


def test_a_row_without_an_example_is_remarked_on_with_one_that_holds(tmp_path: Path) -> None:
    shutil.copytree(FOLDER / "examples" / "rows", tmp_path / "examples" / "rows")
    kept = tmp_path / "examples" / "rows" / "child.yaml"
    lines = kept.read_text("utf-8").splitlines()
    kept.write_text("\n".join(line for line in lines if "row: CH-01c" not in line) + "\n", "utf-8")
    examples = read_row_examples(tmp_path, rules(), [])

    (remark,) = coverage(rules(), examples).remarks(chain_of(rules()))

    assert remark.what == "the row CH-01c has no example with a near miss"
    suggested = str(remark.hint).removeprefix("examples/rows/child.yaml: ")
    kept.write_text("\n".join([*lines[:5], f"  - {suggested}"]) + "\n", "utf-8")
    assert mistakes_of(tmp_path) == []


def test_an_example_is_written_as_it_was_read() -> None:
    lines = (FOLDER / "examples" / "rows" / "child.yaml").read_text("utf-8").splitlines()
    examples = [one for one in read_row_examples(FOLDER, rules(), []) if one.table == "child"]

    assert [f"  - {written(one)}".replace(f"on: {one.on}, ", "") for one in examples] == lines[5:]
