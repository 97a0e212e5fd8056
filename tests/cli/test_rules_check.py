"""`nrm rules check`: reads, proves and tries a folder of rules, and tells every mistake with its place."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.terminal import ROOT, typed

NT_01 = """\
  - id: NT-01
    when: {indicated: yes, role: victim, reporter: [police, border_police]}
    then: {to: comensha, content: full, """
DUTCH = ROOT / "routing_rules" / "nl"


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DUTCH, tmp_path / "nl"))


def changed(file: Path, old: str, new: str) -> int:
    """Replace the first occurrence and give its line."""
    text = file.read_text(encoding="utf-8")
    before, found, after = text.partition(old)
    assert found, old
    file.write_text(before + new + after, encoding="utf-8")
    return before.count("\n") + 1


def test_the_dutch_rules_are_whole_and_all_their_examples_hold() -> None:
    heard = typed("rules", "check")
    assert (heard.code, heard.err) == (0, "")
    examples = sum(file.read_text(encoding="utf-8").count("\n  - id:") for file in DUTCH.glob("examples/*.yaml"))
    assert f"{examples} of {examples} hold" in heard.screen
    assert [file.stem for file in DUTCH.glob("tables/*.yaml") if file.stem not in heard.screen] == []
    assert [line for line in heard.screen.splitlines() if len(line) > 80] == []


def test_the_report_counts_what_stands_in_the_files() -> None:
    report = json.loads(typed("rules", "check", str(DUTCH), "--json").out)
    rows = {file.stem: file.read_text(encoding="utf-8").count("\n  - id:") for file in DUTCH.glob("tables/*.yaml")}
    assert {one["table"]: one["rows"] for one in report["tables"]} == rows
    assert {one["policy"] for one in report["tables"]} <= {"unique", "first", "collect"}
    assert all(one["states"] > 1 for one in report["tables"])
    municipalities = (DUTCH / "reference" / "municipalities.csv").read_text(encoding="utf-8").splitlines()
    assert report["reference"]["municipalities"] == len(municipalities) - 1
    statuses = [
        word
        for file in (*DUTCH.glob("tables/*.yaml"), DUTCH / "parameters.yaml", DUTCH / "disclosure.yaml")
        for word in re.findall(
            r"^[^#\n]*\bstatus: (sourced|old_text|assumed|contested)\b", file.read_text("utf-8"), re.MULTILINE
        )
    ]
    assert report["statuses"] == {
        word: statuses.count(word) for word in ("sourced", "old_text", "assumed", "contested")
    }
    statements = (DUTCH / "invariants.yaml").read_text(encoding="utf-8").count("\n  - id:")
    assert report["invariants"] == {"proved": statements}
    assert report["coverage"]["rows"] == report["coverage"]["with_near_miss"] == sum(rows.values())
    assert report["coverage"]["sources_reached"] == report["coverage"]["sources"]
    assert report["examples"]["passed"] == report["examples"]["run"]
    assert report["mistakes"] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "hints"),
    [
        pytest.param("tables/shelter.yaml", "    when:", "\twhen:", ["tab"], id="a tab"),
        pytest.param("tables/child.yaml", "age: ..17}", "age: ..17, age: 3}", ["age"], id="a cell twice"),
        pytest.param("tables/child.yaml", "adult: yes", "adult: yess", ["did you mean yes?"], id="a misspelt value"),
        pytest.param(
            "tables/child.yaml",
            "inputs: [age_in_doubt",
            "inputs: [age_in_dout",
            ["age_in_doubt"],
            id="a misspelt column",
        ),
        pytest.param("tables/child.yaml", "age: 18..", "age: 18..200", ["0..120"], id="an age beyond the bounds"),
        pytest.param(
            "tables/shelter.yaml",
            "then: {type: cosm",
            "then: {type: csom",
            ["did you mean cosm?"],
            id="a misspelt outcome",
        ),
        pytest.param(
            "parameters.yaml", "from: 2023-05-18", "from: 2023-02-30", ["no date"], id="a day that does not exist"
        ),
        pytest.param(
            "parameters.yaml", "from: 2023-05-18", "from: 2023-05-17", ["to: 2023-05-16"], id="two values on one day"
        ),
        pytest.param(
            "disclosure.yaml",
            "names: [role",
            "names: [rol",
            ["did you mean role?"],
            id="a misspelt fact to disclose",
        ),
        pytest.param(
            "tables/notifications.yaml",
            f"{NT_01}dispatch: automatic, from: decided_on, ",
            f"{NT_01}dispatch: automatic, ",
            ["from says on which day the term starts"],
            id="a term without a day to count from",
        ),
        pytest.param("reference/municipalities.csv", "GM0014", "0014", ["GM0363"], id="a municipality without GM"),
        pytest.param(
            "examples/children.yaml",
            "citizenship: dutch",
            "citizenship: duch",
            ["did you mean dutch?"],
            id="a misspelt fact in an example",
        ),
    ],
)
def test_a_mistake_in_the_rules_is_told_with_its_line_and_what_was_meant(
    rules: Path, file: str, old: str, new: str, hints: list[str]
) -> None:
    line = changed(rules / file, old, new)
    heard = typed("rules", "check", str(rules))
    assert (heard.code, heard.out) == (2, b"")
    told = [one for one in heard.err.splitlines() if one.startswith(f"{rules / file}:{line}: ")]
    assert told, heard.err
    assert [hint for hint in hints if hint not in told[0]] == []


def test_a_row_without_a_source_is_refused(rules: Path) -> None:
    table = rules / "tables" / "child.yaml"
    text = table.read_text(encoding="utf-8")
    table.write_text(re.sub(r"    source: .*\n", "", text, count=1), encoding="utf-8")
    heard = typed("rules", "check", str(rules))
    assert (heard.code, heard.out) == (2, b"")
    line = text[: text.index("  - id: ")].count("\n") + 1
    assert heard.err.startswith(f"{table}:{line}: ")
    assert "no source" in heard.err


def test_a_row_of_the_law_before_its_parameter_has_a_value_is_told(rules: Path) -> None:
    table = rules / "tables" / "reflection_availability.yaml"
    changed(table, "valid_from: 2019-08-01", "valid_from: 2018-08-01")
    changed(table, "valid_to: 2019-07-31", "valid_to: 2018-07-31")
    changed(table, "then: {status: not_available, reason: dublin}", "then: {status: offer, length: reflection.dublin}")
    heard = typed("rules", "check", str(rules))
    assert heard.code == 2
    assert "the row RP-06 is valid on days on which reflection.dublin has no value" in heard.err
    assert "(the parameter has values for 2019-08-01..)" in heard.err


def test_a_gap_is_told_with_a_case_that_nobody_decides(rules: Path) -> None:
    table = rules / "tables" / "child.yaml"
    line = changed(table, "age: ..17}", "age: ..16}")
    heard = typed("rules", "check", str(rules))
    assert (heard.code, heard.out) == (2, b"")
    told, in_dutch, dutch, english = heard.err.splitlines()
    assert told.startswith(f"{table}:")
    assert "has no row for age_in_doubt = no, age = 17" in told
    assert in_dutch == (
        "  de tabel child heeft geen regel voor age_in_doubt = no, age = 17, adult = no or unknown "
        "(voeg een regel toe, of een never als dit niet kan)"
    )
    assert dutch.endswith("is verteld: Leeftijd: 17")
    assert english.endswith("is told: Age: 17")
    assert line > 1


def test_two_rows_for_one_case_are_told_with_that_case(rules: Path) -> None:
    table = rules / "tables" / "child.yaml"
    changed(table, "age: 18..}", "age: 17..}")
    heard = typed("rules", "check", str(rules))
    assert (heard.code, heard.out) == (2, b"")
    assert "CH-01b" in heard.err
    assert "CH-01c" in heard.err
    assert "age = 17" in heard.err
    assert "for example somebody of whom on " in heard.err


def test_what_never_comes_to_pass_is_worth_a_look_and_no_mistake(rules: Path) -> None:
    changed(rules / "tables" / "shelter_case.yaml", "then: {route: released}", "then: {route: none}")
    heard = typed("rules", "check", str(rules), "--json")
    said = {(Path(one["file"]).stem, one["what"]) for one in json.loads(heard.out)["remarks"]}
    assert ("shelter_case", "route of the table shelter_case can be released, and no row gives that") in said
    assert (
        "shelter",
        "the row SH-20 meets nobody: the tables before it never give what it waits for",
    ) in said
    assert "meets nobody" not in heard.err


def test_a_broken_statement_is_told_with_somebody_to_whom_it_would_happen(rules: Path) -> None:
    changed(rules / "tables" / "shelter.yaml", "then: {type: youth_care", "then: {type: womens")
    heard = typed("rules", "check", str(rules))
    assert (heard.code, heard.out) == (2, b"")
    lines = heard.err.splitlines()
    at = f"{rules / 'invariants.yaml'}:{line_of(rules, 'no-minor-in-a-house-for-adults')}: "
    (place,) = (number for number, line in enumerate(lines) if line.startswith(at))
    assert "does not hold for everybody" in lines[place]
    assert "geldt niet voor iedereen" in lines[place + 1]
    assert "is verteld: Aanwijzing van mensenhandel: Ja; Nationaliteit: " in lines[place + 2]
    assert "is told: Indication of trafficking: Yes; Citizenship: " in lines[place + 3]


def line_of(rules: Path, invariant: str) -> int:
    text = (rules / "invariants.yaml").read_text(encoding="utf-8")
    return text[: text.index(f"id: {invariant}")].count("\n") + 1


def test_an_example_that_does_not_hold_is_told_with_what_was_found(rules: Path) -> None:
    examples = rules / "examples" / "reflection_period.yaml"
    changed(examples, "ends: 2027-02-23", "ends: 2027-02-24")
    heard = typed("rules", "check", str(rules))
    assert heard.code == 2
    told, in_dutch = heard.err.splitlines()
    assert re.match(rf"{re.escape(str(examples))}:[0-9]+: example G01: ", told)
    assert in_dutch == "  voorbeeld G01: reflection_period.ends: verwacht '2027-02-24', gevonden '2027-02-23'"
    assert "reflection_period.ends: wanted '2027-02-24', found '2027-02-23'" in told
    assert re.search(r"([0-9]+) of (?!\1 )[0-9]+ hold", heard.screen)


def test_programs_read_the_mistakes_as_json(rules: Path) -> None:
    line = changed(rules / "tables" / "child.yaml", "adult: yes", "adult: yess")
    heard = typed("rules", "check", str(rules), "--json")
    assert heard.code == 2
    report = json.loads(heard.out)
    assert report["rule_set"] is None
    assert (report["mistakes"][0]["file"], report["mistakes"][0]["line"]) == (
        str(rules / "tables" / "child.yaml"),
        line,
    )
    assert report["mistakes"][0]["hint"] == "did you mean yes?"
    assert report["mistakes"][0]["example"] is None


def test_programs_read_who_would_fall_into_a_gap(rules: Path) -> None:
    changed(rules / "tables" / "child.yaml", "age: ..17}", "age: ..16}")
    (mistake,) = json.loads(typed("rules", "check", str(rules), "--json").out)["mistakes"]
    assert mistake["example"].keys() == {"nl", "en"}


def test_a_folder_of_rules_that_is_not_there_is_named() -> None:
    heard = typed("rules", "check", "no/such/rules")
    assert (heard.code, heard.out) == (2, b"")
    assert heard.err.startswith("no/such/rules:1: ")
