"""Rules of the house that no tool knows: who commits, who moves a state, how long a file may be."""

import ast

import pytest

from tests.architecture import source

# Being slow is what the partner in these files does; no assertion waits for it.
PLAYS_A_SLOW_PARTNER = frozenset({"tests/bench/catcher.py", "tests/dispatch/test_bad_partners.py"})


# On SQLite several units of work share a commit.
COMMITS = frozenset({"service/database/unit_of_work.py", "service/database/group_commit.py"})


def test_only_the_unit_of_work_commits() -> None:
    # The receiver is another organisation's program and keeps its own inbox.
    elsewhere = [
        file for file in source.files("service") if source.address(file) not in COMMITS and "receiver" not in file.parts
    ]
    assert source.found_in(source.commits, elsewhere) == []


def test_only_a_store_moves_the_state_of_a_row() -> None:
    stores = {"service/cases/decisions.py", "service/partners/endpoints.py", "service/places/questions.py"}
    files = [file for file in source.files("service") if file.name != "store.py"]
    elsewhere = [file for file in files if source.address(file) not in stores]
    assert source.found_in(source.state_changes, elsewhere) == []


def test_the_first_page_of_a_room_says_what_it_knows_and_nothing_more() -> None:
    pages = [file for file in source.files("service") if file.name == "__init__.py"]
    assert source.found_in(source.more_than_a_docstring, pages) == []


def test_every_folder_with_code_has_a_first_page() -> None:
    folders = {file.parent for file in source.files("service", "tests")}
    assert [source.address(folder) for folder in sorted(folders) if not (folder / "__init__.py").exists()] == []


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    lengths = {
        source.address(file): len(file.read_text(encoding="utf-8").splitlines())
        for file in source.files("service", "tests", "migrations")
    }
    assert {name: length for name, length in lengths.items() if length > source.LONGEST_FILE} == {}


def test_every_file_name_says_what_is_in_it() -> None:
    nameless = [
        source.address(file)
        for file in source.files("service", "tests", "migrations")
        if file.stem.removeprefix("test_") in source.NAMES_THAT_EXPLAIN_NOTHING
    ]
    assert nameless == []


def test_only_the_terminal_has_a_file_called_main() -> None:
    mains = [source.address(file) for file in source.files("service") if file.stem == "main"]
    assert mains == ["service/cli/main.py"]


def test_no_test_is_excused() -> None:
    assert source.found_in(source.escapes, source.files("tests")) == []


def test_no_test_waits_for_time_to_pass() -> None:
    elsewhere = [file for file in source.files("tests") if source.address(file) not in PLAYS_A_SLOW_PARTNER]
    assert source.found_in(source.waits, elsewhere) == []


def test_the_schema_knows_the_tables_of_every_room() -> None:
    known = {
        node.module
        for node in ast.walk(source.tree(source.ROOT / "service/schema.py"))
        if isinstance(node, ast.ImportFrom)
    }
    rooms = {f"service.{file.parent.name}.tables" for file in source.files("service") if file.name == "tables.py"}
    assert rooms - known == set()


@pytest.mark.parametrize(
    ("finder", "violation"),
    [
        (source.commits, "session.commit()"),
        (source.waits, "time.sleep(1)"),
        (source.waits, "sleep(1)"),
        (source.escapes, "@pytest.mark.skip\ndef test(): ..."),
        (source.escapes, "pytest.importorskip('psycopg')"),
        (source.escapes, "@pytest.mark.xfail(reason='later')\ndef test(): ..."),
        (source.state_changes, "case.state = 'closed'"),
        (source.state_changes, "setattr(case, 'state', 'closed')"),
        (source.state_changes, "update(Case).values(state='closed')"),
        (source.more_than_a_docstring, "import json"),
        (source.more_than_a_docstring, "'''What the room knows.'''\nfrom service.cases import store"),
    ],
)
def test_every_rule_notices_what_breaks_it(finder: source.Finder, violation: str) -> None:
    assert list(finder(ast.parse(violation))) != []


@pytest.mark.parametrize(
    ("finder", "innocent"),
    [
        (source.commits, "the_commit = unit.committed"),
        (source.waits, "asleep(1)"),
        (source.escapes, "rows.skipped"),
        (source.state_changes, "if case.state == State.CLOSED: close(state=case.state)"),
        (source.more_than_a_docstring, "'''What the room knows.'''"),
    ],
)
def test_no_rule_blames_the_innocent(finder: source.Finder, innocent: str) -> None:
    assert list(finder(ast.parse(innocent))) == []
