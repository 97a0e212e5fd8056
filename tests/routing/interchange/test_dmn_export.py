"""What stands in the DMN that is written of our rules."""

from datetime import date
from pathlib import Path

from service.routing.interchange.dmn_export import VERSIONS, DmnExport
from tests.routing.dutch import TODAY, rules
from tests.routing.factories import changed, small_rule_set


def _exported(table: str | None = None, on: date = TODAY, version: str = "1.3") -> str:
    return DmnExport(rules(), on, table).text(version)


def test_the_same_rules_and_day_give_the_same_bytes() -> None:
    assert _exported() == _exported()


def test_one_file_holds_every_table_and_every_row_that_is_valid() -> None:
    text = _exported()

    for name, compiled in rules().tables.items():
        assert f'<decision id="{name}" name="{name}">' in text
        for row in compiled.table.rows:
            assert (f'<rule id="{name}.{row.id}">' in text) == row.applies_on(TODAY)


def test_a_row_stands_in_the_files_of_its_days_alone(tmp_path: Path) -> None:
    rule_set = small_rule_set(
        tmp_path,
        period=changed("period", "then: {status: none}", ("then: {status: none}\n    valid_to: 2022-12-31")).replace(
            "  - id: PE-02\n",
            "  - id: PE-01b\n    when: {citizenship: dutch}\n    then: {status: none}\n    valid_from: 2023-01-01\n"
            '    source: [{cite: "An act, article 9"}]\n    status: sourced\n  - id: PE-02\n',
        ),
    )

    before, after = (DmnExport(rule_set, day, "period").text() for day in (date(2022, 12, 31), date(2023, 1, 1)))

    assert ('rule id="period.PE-01"' in before, 'rule id="period.PE-01b"' in before) == (True, False)
    assert ('rule id="period.PE-01"' in after, 'rule id="period.PE-01b"' in after) == (False, True)


def test_numbers_are_half_open_and_what_is_unknown_lies_below_them(tmp_path: Path) -> None:
    text = DmnExport(small_rule_set(tmp_path), TODAY, "shelter").text()

    assert "<text>[0..18)</text>" in text
    assert "<inputValues><text>[-1..121)</text></inputValues>" in text


def test_every_input_says_which_values_it_may_have() -> None:
    text = _exported()

    assert text.count("<inputValues>") == text.count("<inputExpression ")
    assert text.count("<outputValues>") == text.count("<output id=")


def test_policies_become_the_hit_policies_of_dmn(tmp_path: Path) -> None:
    assert 'id="shelter.table" hitPolicy="UNIQUE"' in _exported()
    assert 'id="tasks.table" hitPolicy="RULE ORDER"' in _exported()
    assert 'id="shelter.table" hitPolicy="FIRST"' in DmnExport(small_rule_set(tmp_path), TODAY).text()


def test_a_table_reads_another_by_its_decision_and_alone_it_is_told() -> None:
    whole, alone = _exported(), _exported("shelter")

    assert '<requiredDecision href="#shelter_case"/>' in whole
    assert "<text>shelter_case</text>" in whole
    assert '<requiredInput href="#input.shelter_case"/>' in alone
    assert "<text>shelter_case.route</text>" in alone


def test_the_header_names_the_rules_and_the_day_and_what_does_not_survive() -> None:
    header = _exported().partition("-->")[0]

    assert all(said in header for said in (rules().name, "2026-11-23", "days of validity", "never", "status"))


def test_another_version_differs_in_its_namespace_alone() -> None:
    assert _exported(version="1.5") == _exported().replace(VERSIONS["1.3"], VERSIONS["1.5"])
    assert VERSIONS["1.5"] != VERSIONS["1.3"]
