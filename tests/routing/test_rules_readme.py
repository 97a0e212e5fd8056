"""What the page for rule writers says is true: its table decides, its tables and messages are the real ones."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from service.routing.decide import decide
from service.routing.engine.table import EffectiveDay, Policy, Status
from service.routing.facts.answers import answers_from
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused
from tests.routing.dutch import ADULT, DUTCH, FOLDER, rules

PAGE = (FOLDER / "README.md").read_text(encoding="utf-8")
TABLE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)[0]
DAYS = {EffectiveDay.DECIDED_ON: "the decision date", EffectiveDay.JUDGED_ON: "the day of acceptance"}

Facts = dict[str, object]


def with_table(folder: Path, table: str = TABLE) -> RuleSet:
    """Load the Dutch rules with the table of the page, or a changed one, among them."""
    copy = shutil.copytree(FOLDER, folder / "nl")
    (copy / "tables" / "first_talk.yaml").write_text(table, encoding="utf-8")
    return load_rule_set(copy)


def mistakes(folder: Path, table: str) -> list[str]:
    """Give what the check says of the changed table."""
    with pytest.raises(FilesRefused) as refused:
        with_table(folder, table)
    return [str(mistake) for mistake in refused.value.mistakes]


def decided_row(rule_set: RuleSet, facts: Facts, on: date) -> tuple[str, dict[str, str]]:
    """Decide, and give the row of the table of the page with its outcome."""
    decision = decide(rule_set, answers_from(ADULT | facts, rule_set.vocabulary), on)
    row = decision.findings["first_talk"].rows[0]
    trace = decision.as_json()["trace"]
    assert isinstance(trace, list)
    assert ("first_talk", row.id) in {(line["table"], line["row"]) for line in trace}
    return row.id, dict(row.then)


def test_the_table_of_the_page_decides(tmp_path: Path) -> None:
    rule_set = with_table(tmp_path)
    labour: Facts = {"exploitation": ["labour", "sexual"]}
    old, new = date(2026, 12, 31), date(2027, 1, 1)

    decisions: list[tuple[Facts, date, str]] = [
        ({"age": 11}, old, "FT-01"),
        ({"age": 12}, old, "FT-02"),
        ({"age": "unknown"}, old, "FT-02"),
        ({"age": 40, "age_in_doubt": "yes"}, old, "FT-02"),
        ({"addiction": "yes"}, old, "FT-03"),
        (labour, old, "FT-04a"),
        (labour, new, "FT-04b"),
        (labour | {"consent": {}}, new, "FT-05"),
        (DUTCH, new, "FT-06"),
    ]
    assert [decided_row(rule_set, facts, on)[0] for facts, on, _ in decisions] == [row for _, _, row in decisions]
    assert decided_row(rule_set, labour, new)[1] == {"by": "two_people", "join": "labour_authority"}
    assert decided_row(rule_set, {"age": 12}, new)[1] == {"by": "trained_staff", "within": "assessment.first"}


def test_the_table_of_the_page_uses_every_construct(tmp_path: Path) -> None:
    table = with_table(tmp_path).tables["first_talk"].table

    assert {row.status for row in table.rows} == set(Status)
    assert any(row.valid_from for row in table.rows)
    assert any(row.valid_to for row in table.rows)
    assert any(row.note for row in table.rows)
    assert any(row.rule != row.id for row in table.rows)
    assert any(source.jci and source.url and source.note for row in table.rows for source in row.sources)
    assert {output.optional for output in table.outputs.values()} == {True, False}
    assert any(output.parameter for output in table.outputs.values())
    assert table.never
    for written in ("{not: ", "..11", "[12.., unknown]", "effective_on:", "policy: unique"):
        assert written in TABLE


@pytest.mark.parametrize(
    "policy", ["first\nwhy_first: {nl: Kind gaat voor., en: A child goes first.}", "collect"], ids=["first", "collect"]
)
def test_what_the_page_says_of_the_other_policies_holds(tmp_path: Path, policy: str) -> None:
    rule_set = with_table(tmp_path, TABLE.replace("policy: unique", f"policy: {policy}"))

    assert rule_set.tables["first_talk"].table.policy is not Policy.UNIQUE
    assert decided_row(rule_set, {"age": 12}, date(2027, 1, 1))[0] == "FT-02"


SLIPS = [
    ("    then: {by: guardian}\n", "    then: {}\n", "gives no"),
    ("age: ..11}  ", "age: ..10}  ", "has no row for"),
    ("age: ..11}  ", "age: ..12}  ", "both apply to"),
    ("age: [12.., unknown]", "aeg: [12.., unknown]", "which is no input here"),
    ("  - multiproblem ", "  - multi_problem ", "which nothing gives"),
    ("by: two_people,", "by: two_peeple,", "did you mean two_people?"),
    ("multiproblem: yes}", "multiproblem: true}", "cannot be the boolean true"),
    ('source: [{cite: "Aanname: twee mensen zien meer dan een"}]', "source: []", "has no source"),
    ("valid_to: 2026-12-31", "valid_to: 31-12-2026", "is no date"),
    ("valid_to: 2026-12-31", "valid_to: 2026-12-31\n    valid_from: 2027-12-31", "before it starts on"),
    ("policy: unique", "policy: first", "a first table must say why"),
    ("effective_on: decided_on", "effective_on: decided_on\neffective_on: judged_on", "stands here twice"),
    ("    then: {by: guardian}\n", "\tthen: {by: guardian}\n", "a tab in the indentation"),
    ("when: {child.child: yes, age: ..11}", "when: {child.child: no, age: ..11}", "can never apply"),
    ("inputs:  ", "inputs:\n  - first_talk.by\n#", "in a circle"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), SLIPS, ids=[said for *_, said in SLIPS])
def test_a_slip_in_the_table_is_answered_as_the_page_says(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    assert right in TABLE

    found = mistakes(tmp_path, TABLE.replace(right, wrong))

    assert any(said in mistake and re.search(r"first_talk\.yaml:\d+: ", mistake) for mistake in found), found


@pytest.mark.parametrize("said", [said for *_, said in SLIPS if not said.startswith("did you mean")])
def test_the_page_explains_every_one_of_these_messages(said: str) -> None:
    explained = PAGE.split("## What the check says")[1].split("\n## ")[0]

    assert said.strip() in explained.replace("`", "")


def test_the_page_lists_every_table_with_what_it_reads() -> None:
    listed = {}
    for line in PAGE.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and (name := cells[0].strip("`")) in rules().tables:
            listed[name] = (set(re.findall(r"`(\w+)`", cells[2])), cells[3])

    for name, compiled in rules().tables.items():
        others = {column.partition(".")[0] for column in compiled.table.inputs if "." in column}
        assert listed.pop(name) == (others & set(rules().tables), DAYS[compiled.table.effective_on])
    assert listed == {}


def test_the_page_names_every_file_of_the_folder() -> None:
    files = [path.name for path in FOLDER.glob("*.yaml")] + [path.name for path in (FOLDER / "reference").glob("*.csv")]

    assert [name for name in files if name not in PAGE] == []


def test_the_page_counts_what_is_left_open_on_purpose() -> None:
    blank = [one for one in rules().places.municipalities.values() if not one.central_municipality]

    assert f"{len(blank)} have no central municipality on purpose" in PAGE


def test_the_row_that_the_page_reads_aloud_is_the_real_one() -> None:
    row = next(row for row in rules().tables["reflection_availability"].table.rows if row.id == "RP-06")

    assert row.days() == "2019-08-01..2023-05-17"
    assert row.then == {"status": "not_available", "reason": "dublin"}
    for line in ("id: RP-06", "valid_from: 2019-08-01", "valid_to: 2023-05-17", *(one.cite for one in row.sources)):
        assert line in PAGE


def test_nobody_but_the_law_and_its_papers_is_cited() -> None:
    inside = re.compile(r"golden|domain\.md|\bS[0-4]\b|decision-contract|/shared|\bissue\b", re.IGNORECASE)
    files = [path for kind in ("*.yaml", "*.csv", "*.md") for path in FOLDER.rglob(kind)]

    assert len(files) > 25
    assert [path.name for path in files if inside.search(path.read_text(encoding="utf-8"))] == []
