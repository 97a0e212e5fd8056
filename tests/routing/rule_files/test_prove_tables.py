"""A table that is incomplete or contradicts itself is refused at its rows, with a case that shows it."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        (
            "period",
            "{citizenship: [eu, unknown], detention: yes}",
            "{citizenship: eu, detention: yes}",
            (
                "tables/period.yaml:10: the table period has no row for citizenship = unknown, detention = yes "
                "(add a row, or a never when this cannot be)"
            ),
        ),
        (
            "period",
            "{citizenship: {not: dutch}, detention: no}",
            "{citizenship: {not: dutch}}",
            (
                "tables/period.yaml:21: the rows PE-02 (line 16) and PE-03 both apply to citizenship = eu or "
                "unknown, detention = yes (narrow one of the two)"
            ),
        ),
        (
            "period",
            "    status: sourced\n",
            "    status: sourced\n    valid_to: 2023-05-17\n",
            (
                "tables/period.yaml:10: the table period has no row for citizenship = dutch, detention = no, "
                "validity = 2023-05-18.. (add a row, or a never when this cannot be)"
            ),
        ),
        (
            "shelter",
            "{period.status: offer, exploitation.labour: no}",
            "{age: 3..12}",
            "tables/shelter.yaml:17: the row SH-02 can never apply: SH-01 (line 12) takes all its cases",
        ),
    ],
)
def test_a_table_that_is_not_sound_is_refused_with_a_case_that_shows_it(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    (told,) = mistakes_of(tmp_path, **{file: changed(file, old, new)})

    assert told.splitlines()[0] == mistake


def test_what_is_wrong_is_shown_with_the_least_that_can_be_told_of_somebody(tmp_path: Path) -> None:
    gap = changed("period", "{citizenship: [eu, unknown], detention: yes}", "{citizenship: eu, detention: yes}")
    (told,) = mistakes_of(tmp_path, period=gap)

    assert told.splitlines()[1:] == [
        "  bijvoorbeeld iemand van wie op 2026-11-23 is verteld: Detention: Yes",
        "  for example somebody of whom on 2026-11-23 is told: Detention: Yes",
    ]


def test_a_gap_between_two_versions_of_the_law_is_shown_on_a_day_inside_it(tmp_path: Path) -> None:
    old = "    status: sourced\n"
    (told,) = mistakes_of(tmp_path, period=changed("period", old, f"{old}    valid_to: 2023-05-17\n"))

    assert told.splitlines()[2] == "  for example somebody of whom on 2026-11-23 is told: Citizenship: Dutch"


def test_a_row_that_several_before_it_swallow_together_names_none_of_them(tmp_path: Path) -> None:
    together = changed("shelter", "{period.status: offer, exploitation.labour: no}", "{age: [18.., unknown]}")

    assert mistakes_of(tmp_path, shelter=together) == [
        "tables/shelter.yaml:22: the row SH-03 can never apply: the rows before it take all its cases"
    ]
