"""Tables of others as files of rules, from the terminal."""

from pathlib import Path

from service.routing.interchange.dmn_export import DmnExport
from tests.cli.terminal import typed
from tests.routing.dutch import TODAY, rules


def _file(folder: Path, text: str) -> Path:
    path = folder / "given.dmn"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_is_printed_as_a_file_of_rules(tmp_path: Path) -> None:
    heard = typed("rules", "import", str(_file(tmp_path, DmnExport(rules(), TODAY, "child").text())))

    assert (heard.code, heard.err) == (0, "")
    assert heard.screen.startswith('schema: "nrm-rules/1"\ntable: child\n')


def test_tables_go_into_a_folder_and_never_over_one_that_is_there(tmp_path: Path) -> None:
    given = str(_file(tmp_path, DmnExport(rules(), TODAY).text()))

    first, second = (typed("rules", "import", given, "--into", str(tmp_path / "nl")) for _ in range(2))

    assert first.code == 0
    written = sorted(path.stem for path in (tmp_path / "nl" / "tables").iterdir())
    assert written == sorted(rules().tables)
    assert second.code == 2
    assert second.err.count("this table exists already; it stays as it is") == len(written)


def test_what_is_outside_is_refused_with_place_and_reason_and_nothing_is_written(tmp_path: Path) -> None:
    text = DmnExport(rules(), TODAY).text().replace('hitPolicy="UNIQUE"', 'hitPolicy="ANY"', 2)

    heard = typed("rules", "import", str(_file(tmp_path, text)), "--into", str(tmp_path / "nl"))

    assert heard.code == 2
    assert heard.err.count("the hit policy ANY is not read") == 2
    assert f"{tmp_path / 'given.dmn'}:" in heard.err
    assert not (tmp_path / "nl").exists()


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    heard = typed("rules", "import", str(tmp_path / "none.dmn"))

    assert heard.code == 2
    assert "cannot be read" in heard.err


def test_of_an_endless_file_only_as_much_is_read_as_may_be_in_it() -> None:
    heard = typed("rules", "import", "/dev/zero")

    assert heard.code == 2
    assert "the file is longer than 8000000 bytes" in heard.err
