"""A mistake in the disclosure is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from service.routing.rule_files.check_disclosure import unanswered_retention
from service.routing.text.mistakes import FilesRefused
from tests.routing.drafts import draft
from tests.routing.dutch import rules
from tests.routing.factories import changed, mistakes_of, small_rule_set

LINE = "the line of helpers and full"


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("[age]", "[agee]", f"25: a fact of {LINE} cannot be 'agee' (did you mean age?)"),
        ("[age]", "[age, citizenship]", f"20: {LINE} names citizenship twice (one reason for each fact)"),
        ("[grown_up]", "[grownup]", f"29: a ground of {LINE} cannot be 'grownup' (did you mean grown_up?)"),
        ("process: help", "process: held", f"22: the process of {LINE} cannot be 'held' (did you mean help?)"),
        ("grounds: [free]", "grounds: []", f"23: {LINE} stands on no ground, so nothing would leave"),
        (
            "detention: no",
            "detentoin: no",
            "11: the ground free reads detentoin, which is no input here (did you mean detention?)",
        ),
        ("period.usual", "period.usuall", "6: there is no parameter period.usuall (did you mean period.usual?)"),
    ],
)
def test_one_mistake_in_the_disclosure_gives_one_message_in_its_line(
    tmp_path: Path, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, disclosure=changed("disclosure", old, new)) == [f"disclosure.yaml:{mistake}"]


def test_a_line_lets_through_what_it_names_and_only_on_its_grounds(tmp_path: Path) -> None:
    disclosure = small_rule_set(tmp_path).disclosure
    told_to_helpers = ("helpers", "full", "HE-01")

    def leaves(age: int, detention: str) -> list[str]:
        return list(disclosure.cleared(*told_to_helpers, {"age": age, "detention": detention}))

    assert disclosure.names(*told_to_helpers) == ("age", "citizenship")
    assert leaves(30, "no") == ["age", "citizenship"]
    assert leaves(17, "no") == ["age"]
    assert leaves(30, "yes") == []
    assert disclosure.names("others", "full", "HE-01") == ()
    assert disclosure.cleared("helpers", "all", "HE-01", {"age": 30, "detention": "no"}) == {}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "  - to: emm\n    content: anonymous",
            "  - to: emm\n    content: head_count",
            "NT-04 tells emm anonymous, and no line",
        ),
        ("  - to: fairwork\n", "  - to: fair_work\n", "no rule tells fair_work needed_facts (did you mean fairwork"),
        ("rules: [NT-06]", "rules: [NT-66]", "no rule NT-66 tells police needed_facts (did you mean NT-06?)"),
        ("rules: [NT-06]", "rules: [NT-06, MS-01]", "is about MS-01 to police already"),
    ],
)
def test_whoever_is_told_something_has_a_line_and_no_line_is_idle(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(FilesRefused) as refused:
        draft(tmp_path, ("disclosure.yaml", old, new))

    assert any(said in str(one) for one in refused.value.mistakes), refused.value.mistakes


def test_how_long_data_is_kept_is_asked_of_a_policy_owner_as_long_as_no_source_says_it() -> None:
    asked = [str(one) for one in unanswered_retention(rules())]

    assert len(asked) == len(rules().disclosure.processes)
    assert all("nothing of it is deleted by itself" in one for one in asked)
