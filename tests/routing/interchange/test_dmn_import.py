"""Tables out of DMN files: our own come back as they were, others' come in, and what is outside is refused whole."""

import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from service.routing.engine.table import DecisionTable
from service.routing.examples import run_examples
from service.routing.interchange.dmn_export import DmnExport
from service.routing.interchange.dmn_import import import_dmn
from service.routing.rule_files.load import load_rule_set
from service.routing.text.mistakes import FilesRefused
from tests.routing.dutch import FOLDER, TODAY, rules

LOAN = """\
<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/DMN/20180521/MODEL/" name="loan" namespace="https://example.org/loan">
  <itemDefinition name="tRisk">
    <typeRef>string</typeRef>
    <allowedValues><text>"LOW","HIGH"</text></allowedValues>
  </itemDefinition>
  <inputData name="Applicant Age" id="i1"><variable name="Applicant Age" typeRef="number"/></inputData>
  <inputData name="Is Affordable" id="i2"><variable name="Is Affordable" typeRef="boolean"/></inputData>
  <inputData name="Risk Category" id="i3"><variable name="Risk Category" typeRef="tRisk"/></inputData>
  <decision name="Approval Status" id="d1">
    <variable name="Approval Status" typeRef="string"/>
    <decisionTable hitPolicy="UNIQUE">
      <input><inputExpression typeRef="number"><text>Applicant Age</text></inputExpression></input>
      <input><inputExpression typeRef="boolean"><text>Is Affordable</text></inputExpression></input>
      <input><inputExpression><text>Risk Category</text></inputExpression></input>
      <output typeRef="string"><outputValues><text>"Approved","Declined"</text></outputValues></output>
      <rule><inputEntry><text>>= 18</text></inputEntry><inputEntry><text>true</text></inputEntry>
        <inputEntry><text>not("HIGH")</text></inputEntry><outputEntry><text>"Approved"</text></outputEntry></rule>
      <rule><inputEntry><text>[18..100)</text></inputEntry><inputEntry><text>true</text></inputEntry>
        <inputEntry><text>"HIGH"</text></inputEntry><outputEntry><text>"Declined"</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>false</text></inputEntry>
        <inputEntry><text>-</text></inputEntry><outputEntry><text>"Declined"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def _imported(text: str) -> dict[str, str]:
    return {table.name: table.text for table in import_dmn(text.encode(), "loan.dmn")}


def _refused(text: str) -> list[str]:
    with pytest.raises(FilesRefused) as refused:
        import_dmn(text.encode(), "loan.dmn")
    return [str(mistake) for mistake in refused.value.mistakes]


def _changed(old: str, new: str) -> str:
    assert old in LOAN
    return LOAN.replace(old, new, 1)


def _as_said(table: DecisionTable) -> DecisionTable:
    """Give a table without where it stands."""
    rows = tuple(replace(row, line=0) for row in table.rows)
    never = tuple(replace(one, line=0) for one in table.never)
    return replace(table, rows=rows, never=never, file="", line=0)


def test_what_was_exported_comes_back_as_it_was(tmp_path: Path) -> None:
    folder = tmp_path / "nl"
    shutil.copytree(FOLDER, folder)
    for name, text in _imported(DmnExport(rules(), TODAY).text()).items():
        (folder / "tables" / f"{name}.yaml").write_text(text, encoding="utf-8")

    again = load_rule_set(folder)

    assert list(again.tables) == list(rules().tables)
    for name, compiled in rules().tables.items():
        assert _as_said(again.tables[name].table) == _as_said(compiled.table), name
    assert all(outcome.holds for outcome in run_examples(again))


def test_a_table_that_travels_alone_comes_back_as_with_the_others() -> None:
    whole = _imported(DmnExport(rules(), TODAY).text())

    for name, text in whole.items():
        assert _imported(DmnExport(rules(), TODAY, name).text("1.5")) == {name: text}


def test_the_table_of_somebody_else_becomes_a_file_of_rules() -> None:
    assert _imported(LOAN) == {
        "approval_status": """\
schema: "nrm-rules/1"
table: approval_status
title: {en: "Approval Status"}
policy: unique
effective_on: decided_on
inputs:
  - applicant_age
  - is_affordable
  - risk_category
outputs:
  approval_status: {values: [Approved, Declined]}
rows:
  - id: R-001
    when: {applicant_age: 18.., is_affordable: yes, risk_category: {not: [HIGH]}}
    then: {approval_status: Approved}
    source: [{cite: "loan.dmn, rule 1"}]
    status: assumed
  - id: R-002
    when: {applicant_age: 18..99, is_affordable: yes, risk_category: HIGH}
    then: {approval_status: Declined}
    source: [{cite: "loan.dmn, rule 2"}]
    status: assumed
  - id: R-003
    when: {is_affordable: no}
    then: {approval_status: Declined}
    source: [{cite: "loan.dmn, rule 3"}]
    status: assumed
"""
    }


DISH = """\
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="dish" namespace="https://example.org/dish">
  <decision id="season" name="Season">
    <decisionTable hitPolicy="FIRST">
      <input><inputExpression typeRef="integer"><text>temperature</text></inputExpression></input>
      <output name="season" typeRef="string"/>
      <rule><inputEntry><text>&gt; 20</text></inputEntry><outputEntry><text>"Summer"</text></outputEntry></rule>
      <rule><inputEntry><text></text></inputEntry><outputEntry><text>"Winter"</text></outputEntry></rule>
    </decisionTable>
  </decision>
  <decision id="dish" name="Dish">
    <decisionTable hitPolicy="RULE ORDER">
      <input><inputExpression typeRef="string"><text>season</text></inputExpression></input>
      <input><inputExpression typeRef="integer"><text>guestCount</text></inputExpression></input>
      <output name="desiredDish" typeRef="string"/>
      <output name="drinks" typeRef="number"/>
      <rule id="R-soup"><description>An old book</description><inputEntry><text>not("Summer")</text></inputEntry>
        <inputEntry><text>&lt;= 8, 10, ]20..30[</text></inputEntry><outputEntry><text>"Soup"</text></outputEntry>
        <outputEntry><text>3</text></outputEntry></rule>
      <rule><inputEntry><text>-</text></inputEntry><inputEntry><text>-</text></inputEntry>
        <outputEntry><text>"Bread"</text></outputEntry><outputEntry><text/></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""


def test_tables_that_hand_on_outcomes_by_their_own_names_find_each_other() -> None:
    assert (
        _imported(DISH)["dish"]
        == """\
schema: "nrm-rules/1"
table: dish
title: {en: Dish}
policy: collect
effective_on: decided_on
inputs:
  - season.season
  - guest_count
outputs:
  desired_dish: {values: [Soup, Bread]}
  drinks: {values: ["3"], optional: true}
rows:
  - id: R-soup
    when: {season.season: {not: [Summer]}, guest_count: [..8, 10..10, 21..29]}
    then: {desired_dish: Soup, drinks: "3"}
    source: [{cite: "An old book"}]
    status: assumed
  - id: R-002
    then: {desired_dish: Bread}
    source: [{cite: "loan.dmn, rule 2"}]
    status: assumed
"""
    )


@pytest.mark.parametrize("encoding", ["shift_jis", "base64", "no-such-encoding"])
def test_an_encoding_that_is_not_known_is_refused(encoding: str) -> None:
    assert len(_refused(LOAN.replace("UTF-8", encoding, 1))) == 1


def test_it_is_told_what_the_table_of_somebody_else_leaves_open() -> None:
    remarks = [str(one) for table in import_dmn(LOAN.encode(), "loan.dmn") for one in table.remarks]

    assert "loan.dmn:12: the file does not say which values applicant_age may have" in remarks
    gaps = [one for one in remarks if "has no row for" in one]
    assert len(gaps) == 2
    assert any("applicant_age = 17, is_affordable = yes" in one for one in gaps)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('hitPolicy="UNIQUE"', 'hitPolicy="PRIORITY"', "12: <decisionTable>: the hit policy PRIORITY is not read"),
        ('hitPolicy="UNIQUE"', 'hitPolicy="COLLECT" aggregation="SUM"', "12: <decisionTable>: outcomes are listed"),
        (">= 18", "date(1)", "17: <inputEntry>: date(1) is more than a value"),
        (">= 18", "0.5", "17: <inputEntry>: 0.5 is no whole number"),
        (">= 18", '"x"', "13: <input>: words and numbers stand in one column"),
        ("<text>Applicant Age</text>", "<text>Applicant Age + 1</text>", "13: <input>: 'Applicant Age + 1' is worked"),
        ('"HIGH"</text></inputEntry><', '"MIDDLE"</text></inputEntry><', "20: <inputEntry>: 'MIDDLE' is none of the"),
        ('typeRef="number"><text>', 'typeRef="date"><text>', "13: <input>: values of the type date are not read"),
        ('<text>"Approved"</text></outputEntry>', "<text>1 + 1</text></outputEntry>", "18: <outputEntry>: 1 + 1 is"),
        ('<outputEntry><text>"Approved"</text></outputEntry>', "", "17: <rule>: the rule has 0 of <outputEntry>"),
        ("<decisionTable hit", "<literalExpression/><decisionTable hit", "12: <literalExpression>: it decides 'App"),
        ("<inputData", "<businessKnowledgeModel/><inputData", "7: <businessKnowledgeModel>: it is no table"),
        ("20180521", "20991231", "2: <definitions>: of http://www.omg.org/spec/DMN/20991231/MODEL/; this is no"),
        ("</rule>", "", "mismatched tag"),
    ],
)  # fmt: skip
def test_what_lies_outside_is_refused_with_its_element_and_the_reason(old: str, new: str, said: str) -> None:
    mistakes = _refused(_changed(old, new))

    assert any(said in mistake for mistake in mistakes), mistakes


def test_everything_outside_is_told_at_once() -> None:
    text = _changed(">= 18", "f(x)").replace("UNIQUE", "ANY").replace("[18..100)", "today()")

    assert len(_refused(text)) == 3


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE d SYSTEM "https://example.org/d.dtd">',
        '<!DOCTYPE d [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused_before_it_can_name_anything(doctype: str) -> None:
    text = LOAN.replace("<definitions", f"{doctype}<definitions", 1).replace(">= 18", "&e;", 1)

    assert [mistake.partition(" (<!")[0] for mistake in _refused(text)] == ["loan.dmn:2: a document type"]


def test_what_a_file_says_beside_dmn_cannot_change_its_rows() -> None:
    beside = '<extensionElements><n:written xmlns:n="urn:nrm:rules:1">{"when": {}}</n:written></extensionElements>'

    assert "it is no JSON object of rule, valid_from" in _refused(_changed("<rule>", f"<rule>{beside}"))[0]


def test_a_row_beside_the_table_must_be_one_of_other_days() -> None:
    text = DmnExport(rules(), TODAY, "reflection_availability").text()
    assert '"other_days": [{' in text
    days = re.sub(r'"valid_(from|to)": "[^"]*", ', "", text)

    assert [one.rpartition(": ")[2] for one in _refused(days)] == ["a row of other days has no days"]


def test_a_file_with_anything_broken_is_read_or_refused_and_never_fails() -> None:
    dice = random.Random(7)  # noqa: S311 - the same broken files every time
    small = DmnExport(rules(), TODAY, "child").text()
    read = 0
    for _ in range(300):
        text = dice.choice((LOAN, small))
        place = dice.randrange(len(text))
        piece = text[dice.randrange(len(text)) :][: dice.randrange(1, 12)]
        broken = text[:place] + dice.choice(("", piece, "]", '"', "-")) + text[place + dice.randrange(8) :]
        try:
            read += bool(import_dmn(broken.encode(), "broken.dmn"))
        except FilesRefused:
            continue
    assert read > 30


def test_a_text_in_many_pieces_is_read_whole() -> None:
    pieces = _changed("Applicant Age</text>", "Applicant<!-- -->" + "<!-- -->".join([" "] * 20_000) + "Age</text>")

    assert _imported(pieces) == _imported(LOAN)


def test_more_elements_than_any_table_needs_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.routing.interchange.xml_tree._MOST", LOAN.count("</") + LOAN.count("/>"))

    assert _imported(LOAN)
    assert "the file has more than" in _refused(_changed("</definitions>", "<a/></definitions>"))[0]


def test_a_column_of_more_numbers_than_a_table_can_hold_is_refused() -> None:
    assert _imported(_changed("[18..100)", "[18..9000)"))
    assert "too many for a table" in _refused(_changed("[18..100)", "[18..20000)"))[0]
