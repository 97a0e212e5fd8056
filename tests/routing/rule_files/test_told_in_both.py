"""Rules that do not hold together are refused with file and line, in English and in Dutch, whatever is wrong."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.routing.engine.compiled import CompiledTable
from service.routing.proofs.invariants import chain_of
from service.routing.proofs.reach import unreached
from service.routing.rule_files.invariant_mistakes import invariant_mistakes
from service.routing.rule_files.load import load_rule_set, rule_set_in
from service.routing.rule_files.prove_tables import proof_mistakes
from service.routing.text.mistakes import FilesRefused, Mistake
from tests.routing.dutch import FOLDER, rules
from tests.routing.factories import changed, rules_folder
from tests.routing.mutants import giving, with_row

REFUSED: dict[str, tuple[tuple[str, str, str], str, str]] = {
    "a gap": (
        ("period", "{citizenship: [eu, unknown], detention: yes}", "{citizenship: eu, detention: yes}"),
        "tables/period.yaml:10",
        (
            "de tabel period heeft geen regel voor citizenship = unknown, detention = yes"
            " (voeg een regel toe, of een never als dit niet kan)"
        ),
    ),
    "an overlap": (
        ("period", "{citizenship: {not: dutch}, detention: no}", "{citizenship: {not: dutch}}"),
        "tables/period.yaml:21",
        (
            "regel PE-02 (regelnummer 16) en regel PE-03 gelden allebei voor citizenship = eu or unknown, "
            "detention = yes (maak een van de twee smaller)"
        ),
    ),
    "a swallowed row": (
        ("shelter", "{period.status: offer, exploitation.labour: no}", "{age: 3..12}"),
        "tables/shelter.yaml:17",
        "regel SH-02 kan nooit gelden: regel SH-01 (regelnummer 12) neemt alle gevallen",
    ),
    "a row that several swallow": (
        ("shelter", "{period.status: offer, exploitation.labour: no}", "{age: [18.., unknown]}"),
        "tables/shelter.yaml:22",
        "regel SH-03 kan nooit gelden: de regels ervoor nemen alle gevallen",
    ),
    "an unknown fact": (
        ("period", "[citizenship, detention]", "[citizenship, detention, colour]"),
        "tables/period.yaml:6",
        "de tabel period leest colour, en niets geeft dat",
    ),
    "a column that is no input": (
        ("period", "    when: {citizenship: dutch}", "    when: {citizen: dutch}"),
        "tables/period.yaml:12",
        "regel PE-01 leest citizen, en dat is hier geen invoer (bedoelde u citizenship?)",
    ),
    "an unknown value": (
        ("period", "    when: {citizenship: dutch}", "    when: {citizenship: duch}"),
        "tables/period.yaml:12",
        "citizenship kan niet 'duch' zijn (bedoelde u dutch?)",
    ),
    "an unknown outcome": (
        ("period", "    then: {status: none}", "    then: {status: nothing}"),
        "tables/period.yaml:13",
        "status van regel PE-01 kan niet 'nothing' zijn",
    ),
    "an unknown parameter": (
        ("period", "length: period.usual", "length: period.usal"),
        "tables/period.yaml:18",
        "length van regel PE-02 kan niet 'period.usal' zijn (bedoelde u period.usual?)",
    ),
    "a circle": (
        ("period", "[citizenship, detention]", "[citizenship, detention, shelter.type]"),
        "tables/period.yaml:6",
        "wat wordt gelezen, komt in een kring terug: period -> shelter -> period",
    ),
    "a row without a source": (
        ("period", '    source: [{cite: "An act, article 3"}]\n', ""),
        "tables/period.yaml:11",
        "regel PE-01 heeft geen bron",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_told_at_its_line_in_both_languages(tmp_path: Path, what: str) -> None:
    (file, old, new), place, dutch = REFUSED[what]
    folder = rules_folder(tmp_path, **{file: changed(file, old, new)})

    with pytest.raises(FilesRefused) as refused:
        rule_set_in(folder, {"route": ()})

    english, said, *_ = str(refused.value).replace(f"{folder}/", "").splitlines()
    assert (english.rpartition(place)[1], said) == (place, f"  {dutch}")


def test_a_recipient_whom_no_partner_is_is_told_in_both_languages(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "nl"))
    directory = folder / "reference" / "partners.csv"
    directory.write_text(directory.read_text("utf-8").replace("police,Nationale Politie,police", "p,P,polise"), "utf-8")

    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)

    said = [line.strip() for line in str(refused.value).splitlines()]
    assert "geen regel bericht aan een polise (bedoelde u police?)" in said
    assert "de regels berichten aan police, en geen partner is van die soort" in said


def test_a_table_that_cannot_be_proved_is_refused_in_both_languages() -> None:
    (mistake,) = proof_mistakes(rules().tables["shelter"], budget=1)

    assert "could not be proved" in mistake.what
    assert "van de tabel shelter kon niet worden bewezen dat zij klopt" in mistake.in_both()


def test_a_statement_that_does_not_hold_is_told_in_both_languages() -> None:
    changed = with_row(rules(), "child", "CH-01a", giving(child="no"))
    found = [line for one in invariant_mistakes(changed) for line in _dutch(one)]

    assert "de uitspraak in-doubt-a-child geldt niet voor iedereen" in found
    assert any(line.startswith("bijvoorbeeld iemand van wie op ") for line in found)


def test_what_is_written_in_vain_is_told_at_its_line_in_both_languages() -> None:
    waiting = with_row(rules(), "reflection_availability", "RP-10c", giving(status="review"))
    table = rules().tables["child"].table
    idle = CompiledTable(replace(table, inputs=(*table.inputs, "gender")), rules().vocabulary.columns())
    found = [
        *unreached(chain_of(waiting)),
        *unreached(chain_of(replace(rules(), tables={"child": idle}, invariants=()))),
    ]

    assert {
        "regel CL-01d geldt voor niemand: de tabellen ervoor geven nooit waar deze regel op wacht",
        "status van de tabel reflection_period kan pending zijn, en geen regel geeft dat",
        "de invoer gender van de tabel child bepaalt nooit welke regel geldt",
    } <= {line for one in found for line in _dutch(one)}
    assert all(one.line > 1 and Path(one.file).exists() for one in found)


def _dutch(one: Mistake) -> Iterator[str]:
    return (line.strip() for line in one.in_both().splitlines()[1:])
