"""What a directory's file must say; every mistake in it is told at once, with its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.partners.directory import Contact, Listing, PartnerStatus
from service.partners.directory_file import COLUMNS, DirectoryRefused, read_directory
from service.routing.facts.features import Feature, codes, features, written_codes, written_features

HEAD = ",".join(COLUMNS)
COMENSHA = "comensha,CoMensha,comensha,,,,,,active,,,,invented,"


def mistakes_in(*lines: str) -> list[str]:
    with pytest.raises(DirectoryRefused) as refused:
        read_directory("\n".join((HEAD, *lines)) + "\n", "partners.csv")
    return refused.value.detail.splitlines()


def test_a_line_says_what_where_for_whom_and_how_long() -> None:
    line = (
        "house,An invented house,shelter,womens|omm,province=Zeeland; code=GM0153|GM0014,gender=female,"
        "house@example.org,555-0199,paused,2026-01-01,2026-12-31,2026-02-03,invented,by night too"
    )

    found = read_directory(f"{HEAD}\n{COMENSHA}\n{line}\n", "partners.csv")

    assert found[1] == Listing(
        id="house",
        name="An invented house",
        kind="shelter",
        source="invented",
        note="by night too",
        services=frozenset({"omm", "womens"}),
        areas=(Feature("province", ("Zeeland",)), Feature("code", ("GM0153", "GM0014"))),
        target_groups=(Feature("gender", ("female",)),),
        contact=Contact("house@example.org", "555-0199"),
        status=PartnerStatus.PAUSED,
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        as_of=date(2026, 2, 3),
    )


@pytest.mark.parametrize(
    ("line", "mistake"),
    [
        ("a,,shelter,,,,,,active,,,,invented,", "name is missing"),
        ("a,A,shelter,,,,,,,,,,invented,", "status is missing"),
        ("a,A,shelter,,,,,,gone,,,,invented,", "status must be one of active, paused, ended"),
        ("A house,A,shelter,,,,,,active,,,,invented,", "id must be small letters, digits and hyphens, at most 64"),
        ("a,A,Shelter,,,,,,active,,,,invented,", "kind must be small letters, digits and underscores, at most 64"),
        (
            "a,A,shelter,,Zeeland,,,,active,,,,invented,",
            "areas must be written as attribute=value|value;",
        ),
        (
            "a,A,shelter,,street=North,,,,active,,,,invented,",
            "areas can name code, central_municipality, safety_region, province, police_unit",
        ),
        ("a,A,shelter,,,,nobody,,active,,,,invented,", "email must be one address"),
        ("a,A,shelter,,,,,,active,1 May,,,invented,", "valid_from must be a day such as 2026-11-23"),
        ("a,A,shelter,,,,,,active,20260501,,,invented,", "valid_from must be a day such as 2026-11-23"),
        ("a,A,shelter,,,,,,active,,2026-02-30,,invented,", "valid_to must be a day such as 2026-11-23"),
        ("a,A,shelter,,,,,,active,2026-02-02,2026-02-01,,invented,", "valid_to lies before valid_from"),
        ("comensha,A,shelter,,,,,,active,,,,invented,", "the id stands twice"),
        ("a,A,shelter,,,,,,active,,,,invented,one, two", "there are more cells than columns"),
        (f"a,{'A' * 201},shelter,,,,,,active,,,,invented,", "name is longer than 200 characters"),
    ],
)
def test_a_mistake_is_named_with_its_line(line: str, mistake: str) -> None:
    (found,) = mistakes_in(COMENSHA, line)

    assert found.startswith(f"partners.csv:3: {mistake}")


def test_all_mistakes_of_a_file_are_told_at_once() -> None:
    found = mistakes_in(COMENSHA, "a,,shelter,,,,,,gone,,,,,", "b,B,,,,,,,active,,,yesterday,invented,")

    assert [one.split(": ")[0] for one in found] == ["partners.csv:3"] * 3 + ["partners.csv:4"] * 2


def test_a_file_with_other_columns_is_no_directory() -> None:
    with pytest.raises(DirectoryRefused, match="the columns are id,name,kind,"):
        read_directory("id,name\na,A\n", "partners.csv")


@pytest.mark.parametrize(
    "line",
    [
        "house,House,shelter,,,,,,active,,,,invented,",
        "comensha,CoMensha,comensha,,,,,,paused,,,,invented,",
        "comensha,CoMensha,comensha,,,,,,active,,2030-01-01,,invented,",
    ],
)
def test_a_directory_in_which_nobody_steps_in_is_refused(line: str) -> None:
    assert mistakes_in(line) == ["partners.csv:1: nobody is the fallback: an active comensha without an end"]


WORDS = st.text("abc -'", min_size=1, max_size=8).map(str.strip).filter(bool)
FEATURES = st.builds(Feature, WORDS, st.lists(WORDS, min_size=1, max_size=3).map(tuple))


@given(st.lists(FEATURES, max_size=3).map(tuple), st.frozensets(WORDS, max_size=3))
def test_features_and_codes_are_read_as_they_are_written(said: tuple[Feature, ...], words: frozenset[str]) -> None:
    assert features(written_features(said)) == said
    assert codes(written_codes(words)) == words
