"""A mistake in the disclosure is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of, small_rule_set


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        (
            "disclosure",
            "[age, ",
            "[agee, ",
            "disclosure.yaml:4: a fact of the content full cannot be 'agee' (did you mean age?)",
        ),
    ],
)
def test_one_mistake_in_the_disclosure_gives_one_message_in_its_line(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]


def test_a_fact_may_be_disclosed_in_several_contents_and_counts_once_in_each(tmp_path: Path) -> None:
    rules = small_rule_set(tmp_path, disclosure=changed("disclosure", "[age, citizenship]", "[age, age, citizenship]"))

    assert rules.disclosure["full"].facts == ("age", "citizenship")
