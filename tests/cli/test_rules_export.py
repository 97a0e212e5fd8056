"""Rules for other programs, from the terminal."""

from service.routing.interchange.dmn_export import DmnExport
from tests.cli.terminal import typed
from tests.routing.dutch import TODAY, rules

ON = ("--on", "2026-11-23")


def test_the_whole_set_is_written_as_dmn_and_nothing_else_is_printed() -> None:
    heard = typed("rules", "export", "--dmn", *ON)

    assert (heard.code, heard.err) == (0, "")
    assert heard.screen == DmnExport(rules(), TODAY).text()


def test_one_table_in_another_version() -> None:
    assert typed("rules", "export", "child", "--version", "1.5", *ON).screen == (
        DmnExport(rules(), TODAY, "child").text("1.5")
    )


def test_a_misspelt_table_and_a_strange_version_are_refused_with_what_was_meant() -> None:
    table, version = typed("rules", "export", "sheltr"), typed("rules", "export", "--version", "1.2")

    assert (table.code, version.code) == (2, 2)
    assert "did you mean shelter?" in table.err
    assert "known: 1.3, 1.5" in version.err
