"""However a person is written down, the same traits come out; two persons have none in common."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.recognition.traits import Trait, TraitKind, traits_of

BORN = date(2001, 2, 3)


def one(name: str | None = None, born: date | None = BORN, contact: str | None = None) -> frozenset[Trait]:
    return traits_of(name, born, contact)


@pytest.mark.parametrize(
    "written",
    [
        "jana de vos",
        "VOS, Jana de",
        "Jána  Vos",
        "\uff2a\uff41\uff4e\uff41 Vos",
        "Jana van der Vos",
    ],
)
def test_a_name_is_the_same_in_any_order_with_or_without_accents_and_particles(written: str) -> None:
    assert one(written) == one("Jana Vos")


@pytest.mark.parametrize(
    ("one_way", "other_way"),
    [
        ("Łucja Żak", "Lucja Zak"),
        ("Søren Ærø", "Soren Aero"),
        ("Iş\u0131l Çelik", "Isil Celik"),
        ("O'Neill Ann", "ONeill Ann"),
    ],
)
def test_letters_that_keyboards_lack_make_no_difference(one_way: str, other_way: str) -> None:
    assert one(one_way) == one(other_way)


def test_a_name_that_is_nothing_but_a_particle_is_a_name() -> None:
    assert one("Van De") == one("de van")
    assert one("Van De") != one("Al")


def test_a_name_alone_is_too_common_to_count() -> None:
    assert one("Jana Vos", born=None) == frozenset()
    assert one(None) == frozenset()
    assert one("   ...  ") == frozenset()


def test_another_day_of_birth_is_another_person() -> None:
    assert not one("Jana Vos") & one("Jana Vos", born=date(2001, 3, 2))
    assert not one("Jana Vos") & one("Jana Bos")


@pytest.mark.parametrize(
    "written",
    ["06-12345678", "06 12 34 56 78", "+31 6 12345678", "0031612345678", "+31 (0)6 1234 5678", "bel 0612345678!"],
)
def test_a_telephone_number_is_the_same_however_it_is_written(written: str) -> None:
    assert one(contact=written) == {Trait(TraitKind.TELEPHONE, "31612345678")}


def test_numbers_of_other_countries_keep_their_country() -> None:
    assert one(contact="+48 601 234 567") == {Trait(TraitKind.TELEPHONE, "48601234567")}


@pytest.mark.parametrize("written", ["room 12", "123", "1234567890123456789", "", "no telephone"])
def test_what_is_no_telephone_number_is_none(written: str) -> None:
    assert one(contact=written) == frozenset()


def test_mail_addresses_are_found_between_other_words() -> None:
    found = one(contact="mail Jana@Example.org or jana2@example.org, else 06-12345678")

    assert {(trait.kind.value, trait.value) for trait in found} == {
        ("mail", "jana@example.org"),
        ("mail", "jana2@example.org"),
        ("telephone", "31612345678"),
    }


def test_a_trait_is_not_printed() -> None:
    (trait,) = one("Jana Vos")
    assert "vos" not in repr(trait)


@given(name=st.text(max_size=200), contact=st.text(max_size=500))
def test_whatever_is_told_something_comes_out_and_always_the_same(name: str, contact: str) -> None:
    assert one(name, BORN, contact) == one(name, BORN, contact)
    assert one(name) == one(name.upper().lower()) or not name.isascii()
