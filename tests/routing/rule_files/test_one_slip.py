"""A slip of whoever writes rules in an office is told once, at its own line, and not by every file that rests on it."""

import shutil
from pathlib import Path

import pytest

from service.routing.rule_files.load import load_rule_set
from service.routing.rule_files.read_places import read_places
from service.routing.text.mistakes import FilesRefused, Mistake
from tests.routing.dutch import FOLDER

SLIPS = (
    ("tables/shelter.yaml", "    when: {shelter_case.route: refused}", "\twhen: {}", "a tab in the indentation"),
    ("tables/child.yaml", "    when: {", "\u00a0   when: {", "an invisible character in the indentation"),
    ("tables/region.yaml", "  - id: ", "  \u2013 id: ", "type a hyphen"),
    ("tables/tracks.yaml", "  - id: ", "<<<<<<< mine\n  - id: ", "never merged"),
    ("tables/detention_agreement.yaml", "}\n    then:", "\n    then:", "opened with { is not closed"),
    ("tables/adult_ground.yaml", 'title: {nl: "', "title: {nl: \u201c", 'type straight quotes: "'),
    ("tables/shelter_case.yaml", "then: {route: none}", "then: {route: geen}", "did you mean none?"),
    ("tables/interim_shelter.yaml", "status: assumed", "status: aangenomen", "did you mean assumed?"),
    ("tables/reflection_standing.yaml", "title: {nl: ", "title: {nn: ", "this text has no Dutch (add nl: ...)"),
    ("facts.yaml", '{nl: "Hoe oud is de persoon vandaag?", en:', "{en:", "this text has no Dutch (add nl: ...)"),
    ("parameters.yaml", "value: 30 days", "value: 30 dagen", "did you mean 30 days?"),
    ("parameters.yaml", "value: none", "value: geen", "did you mean none?"),
    ("parameters.yaml", "from: 2023-05-18", "from: 2026-02-30", "that month has 28 days"),
    ("reference/partners.csv", ",Nidos,nidos,", ",Nidos,nidos,,", "this line has 15 cells, and there are 14 columns"),
)


def mistakes_after(folder: Path) -> list[str]:
    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)
    return [str(one).replace(f"{folder}/", "") for one in refused.value.mistakes]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "nl"))


def test_many_slips_are_told_all_at_once_each_at_its_line_and_nothing_else(copy: Path) -> None:
    for file, old, new, _ in SLIPS:
        text = (copy / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        (copy / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    told = mistakes_after(copy)

    for file, _, new, hint in SLIPS:
        before = (copy / file).read_text(encoding="utf-8").partition(new)[0]
        place = f"{file}:{before.count(chr(10)) + 1}: "
        assert [one for one in told if one.startswith(place) and hint in one], (place, hint, told)
    assert len(told) == len(SLIPS), told


@pytest.mark.parametrize("name", ["shelter.yml", "shelter.yaml.txt", "Shelter.YAML"])
def test_a_table_whose_file_is_called_otherwise_is_the_only_thing_told(copy: Path, name: str) -> None:
    (copy / "tables" / "shelter.yaml").rename(copy / "tables" / name)

    assert mistakes_after(copy) == [
        f"tables/{name}:1: files of rules end in .yaml, reference data in .csv (rename it, or it is not read)"
    ]


def test_a_spreadsheet_that_announces_its_encoding_is_read_and_one_with_semicolons_says_so(copy: Path) -> None:
    directory = copy / "reference" / "partners.csv"
    plain = directory.read_bytes()
    directory.write_bytes(b"\xef\xbb\xbf" + plain.replace(b"\n", b"\r\n"))
    assert load_rule_set(copy).digest == load_rule_set(FOLDER).digest

    directory.write_bytes(plain.replace(b",", b";"))
    assert mistakes_after(copy) == [
        "reference/partners.csv:1: semicolons stand between the cells (save the file with commas between them)"
    ]


def test_a_spreadsheet_in_an_older_encoding_is_told_at_the_line_where_it_begins(copy: Path) -> None:
    file = copy / "reference" / "municipalities.csv"
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.encode("cp1252"))

    line = next(number for number, said in enumerate(text.splitlines(), start=1) if not said.isascii())
    assert mistakes_after(copy) == [
        f"reference/municipalities.csv:{line}: this is not UTF-8 text (save the file as UTF-8)"
    ]


def test_no_column_of_reference_data_that_is_read_can_be_called_otherwise_in_silence(copy: Path) -> None:
    folder = copy / "reference"
    for name, only_for_people in (
        ("municipalities", set()),
        ("municipality_changes", {"old_name", "new_name", "note"}),
        ("care_coordination", {"as_of", "note"}),
    ):
        file = folder / f"{name}.csv"
        text = file.read_text(encoding="utf-8")
        head, _, lines = text.partition("\n")
        for column in {*head.split(",")} - only_for_people:
            file.write_text(",".join("x" if one == column else one for one in head.split(",")) + "\n" + lines, "utf-8")
            mistakes: list[Mistake] = []
            read_places(folder, mistakes)
            assert [one.what for one in mistakes] == [f"the columns {column} are missing"]
        file.write_text(text, encoding="utf-8")


def test_a_directory_whose_areas_are_called_otherwise_does_not_serve_everywhere(copy: Path) -> None:
    directory = copy / "reference" / "partners.csv"
    directory.write_text(directory.read_text("utf-8").replace(",areas,", ",gebieden,", 1), encoding="utf-8")

    (told,) = mistakes_after(copy)
    assert told.startswith("reference/partners.csv:1: the columns areas are missing (found: id, name, ")
