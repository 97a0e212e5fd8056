"""The directory is filled from a file, again and again without harm, and partners are told their secret once."""

from dataclasses import replace

import pytest

from service.access.roles import ScopeMissing
from service.casework.manage_partners import list_partners, listen_at, seed_partners
from service.partners import store as partners
from service.partners.policy import BadEndpoint
from service.partners.store import PartnerNotFound
from service.wiring import Service
from tests.factories import coordinator


def test_filling_the_directory_again_changes_nothing(service: Service) -> None:
    with service.database.look() as session:
        listings = partners.directory(session)
        entries = session.connection().exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one()

    done = seed_partners(service.operator(), listings)

    with service.database.look() as session:
        assert session.connection().exec_driver_sql("SELECT count(*) FROM audit_entry").scalar_one() == entries
    assert (done.registered, done.changed, done.unchanged) == (0, 0, len(listings))


def test_a_listing_that_changed_is_changed_and_nothing_else(service: Service) -> None:
    with service.database.look() as session:
        listing = partners.listing(session, "comensha")

    done = seed_partners(service.operator(), [replace(listing, area="everywhere")])

    assert (done.registered, done.changed, done.unchanged) == (0, 1, 0)
    assert {one.area for one in list_partners(coordinator(service)) if one.id == "comensha"} == {"everywhere"}


def test_a_newer_endpoint_takes_the_place_of_the_older_with_a_secret_of_its_own(service: Service) -> None:
    first = listen_at(service.operator(), "comensha", "https://hooks.example.org/one")
    second = listen_at(service.operator(), "comensha", "https://hooks.example.org/two")

    with service.database.look() as session:
        active = partners.active_endpoint(session, "comensha")
    assert active is not None
    assert (active.id, active.url) == (second.id, "https://hooks.example.org/two")
    assert first.secret != second.secret


def test_a_secret_is_shown_once_and_never_printed_with_its_row(service: Service) -> None:
    made = listen_at(service.operator(), "comensha", "https://hooks.example.org/one")

    with service.database.look() as session:
        assert made.secret not in repr(partners.active_endpoint(session, "comensha"))
    assert made.secret not in "".join(str(one) for one in list_partners(service.operator()))


def test_nobody_listens_for_a_partner_that_does_not_exist(service: Service) -> None:
    with pytest.raises(PartnerNotFound):
        listen_at(service.operator(), "nobody", "https://hooks.example.org/one")


def test_no_message_may_go_to_an_open_address(service: Service) -> None:
    with pytest.raises(BadEndpoint):
        listen_at(service.operator(), "comensha", "http://hooks.example.org/one")


def test_a_coordinator_does_not_change_the_directory(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        seed_partners(coordinator(service), [])
