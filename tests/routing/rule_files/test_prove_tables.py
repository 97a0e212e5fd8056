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
            "tables/shelter.yaml:17: the row SH-02 can never apply: the rows before it take all its cases",
        ),
    ],
)
def test_a_table_that_is_not_sound_is_refused_with_a_case_that_shows_it(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]
