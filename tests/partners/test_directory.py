"""Who is meant by a notification, and what a directory's file must say."""

import pytest

from service.partners.directory import DirectoryRefused, Listing, NobodyToAsk, partner_for, read_directory

COMENSHA = Listing("comensha", "CoMensha", "comensha", "national", "invented")
TWENTE = Listing("twente", "Twente desk", "care_coordinator", "Twente", "invented")
ZWOLLE = Listing("zwolle", "Zwolle desk", "care_coordinator", "Zwolle", "invented")
COA = Listing("coa", "COA", "coa", "national", "invented")
DIRECTORY = [ZWOLLE, TWENTE, COA, COMENSHA]


@pytest.mark.parametrize(
    ("asked_as", "coordinator", "chosen"),
    [
        ("coa", None, COA),
        ("care_coordinator", "Twente desk", TWENTE),
        ("care_coordinator", "Nobody's desk", COMENSHA),
        ("care_coordinator", None, COMENSHA),
        ("iom", "Twente desk", COMENSHA),
        ("comensha", "Twente desk", COMENSHA),
    ],
)
def test_the_organisation_meant_is_asked_or_comensha_steps_in(
    asked_as: str, coordinator: str | None, chosen: Listing
) -> None:
    assert partner_for(asked_as, coordinator, DIRECTORY) == chosen


def test_a_directory_without_a_fallback_cannot_be_used() -> None:
    with pytest.raises(NobodyToAsk):
        partner_for("iom", None, [COA])


def test_a_directory_is_read_with_its_notes_left_out() -> None:
    text = "id,name,kind,area,source,note\ncoa,COA,coa,national,invented\n"

    assert read_directory(text, "partners.csv") == (COA,)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("id,name\n", "partners.csv:1"),
        ("id,name,kind,area,source,note\ncoa,,coa,national,invented,\n", "partners.csv:2: name"),
        ("id,name,kind,area,source,note\na,A,a,a,a,\na,B,b,b,b,\n", "partners.csv:3: the id"),
    ],
)
def test_a_mistake_in_a_directory_is_named_with_its_line(text: str, where: str) -> None:
    with pytest.raises(DirectoryRefused) as refused:
        read_directory(text, "partners.csv")

    assert where in refused.value.detail
