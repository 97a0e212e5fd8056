"""The directory is filled from a file, again and again without harm, and partners are told their secret once."""

from dataclasses import replace
from datetime import date

import pytest

from service.access.roles import ScopeMissing
from service.casework.cases.read_cases import read_case
from service.casework.commands.partners import ChangePartner
from service.casework.partners.manage_partners import change_partner, list_partners, read_partner, seed_partners
from service.casework.questions import ListPartners
from service.kernel.versions import Stale, Unseen
from service.partners import store as partners
from service.partners.directory import FallbackNeeded, PartnerStatus
from service.wiring import Service
from tests.factories import audit_bodies, coordinator, opened_case, partner


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

    done = seed_partners(service.operator(), [replace(listing, note="moved")])

    assert (done.registered, done.changed, done.unchanged) == (0, 1, 0)
    assert read_partner(coordinator(service), "comensha").note == "moved"


def test_a_coordinator_does_not_change_the_directory(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        seed_partners(coordinator(service), [])


def test_a_paused_partner_is_asked_nothing_and_comensha_steps_in(service: Service) -> None:
    change_partner(service.operator(), "coa", frozenset({1}), ChangePartner(status=PartnerStatus.PAUSED))

    receipt = opened_case(service, in_coa_centre="yes")

    lines = read_case(coordinator(service), receipt.case_id).referrals
    assert {line.partner_id for line in lines if line.asked_as == "coa"} == {"comensha"}


def test_whom_an_administrator_paused_stays_paused_when_the_directory_is_filled_again(service: Service) -> None:
    with service.database.look() as session:
        listings = partners.directory(session)
    change_partner(service.operator(), "coa", frozenset({1}), ChangePartner(status=PartnerStatus.PAUSED))

    done = seed_partners(service.operator(), listings)

    assert done.changed == 0
    assert read_partner(coordinator(service), "coa").status is PartnerStatus.PAUSED


@pytest.mark.parametrize("status", [PartnerStatus.PAUSED, PartnerStatus.ENDED])
def test_comensha_can_neither_be_paused_nor_ended(service: Service, status: PartnerStatus) -> None:
    with pytest.raises(FallbackNeeded):
        change_partner(service.operator(), "comensha", frozenset({1}), ChangePartner(status=status))

    assert read_partner(coordinator(service), "comensha").status is PartnerStatus.ACTIVE
    refused = audit_bodies(service, "sys")[-1]
    assert (refused["event"], refused["outcome"]) == ("partner:refused", "refused")


def test_a_file_cannot_end_comensha_either(service: Service) -> None:
    with service.database.look() as session:
        comensha = partners.listing(session, "comensha")

    for ended in (replace(comensha, status=PartnerStatus.ENDED), replace(comensha, valid_to=date(2030, 1, 1))):
        with pytest.raises(FallbackNeeded):
            seed_partners(service.operator(), [ended])


def test_a_change_of_a_partner_names_the_version_that_was_seen(service: Service) -> None:
    paused = ChangePartner(status=PartnerStatus.PAUSED)

    with pytest.raises(Unseen):
        change_partner(service.operator(), "coa", None, paused)
    with pytest.raises(Stale):
        change_partner(service.operator(), "coa", frozenset({2}), paused)
    assert change_partner(service.operator(), "coa", frozenset({1}), paused).version == 2


def test_what_is_known_too_long_or_without_a_date_is_marked(service: Service) -> None:
    with service.database.look() as session:
        coa = partners.listing(session, "coa")
    seed_partners(service.operator(), [replace(coa, as_of=date(2025, 11, 23))])
    assert not read_partner(coordinator(service), "coa").stale

    seed_partners(service.operator(), [replace(coa, as_of=date(2025, 11, 22))])

    assert read_partner(coordinator(service), "coa").stale
    assert read_partner(coordinator(service), "legal-aid").stale
    stale = list_partners(coordinator(service), ListPartners(stale=True)).items
    assert {one.stale for one in stale} == {True}


def test_partners_are_found_by_what_they_are_and_offer(service: Service) -> None:
    def found(**asked: object) -> set[str]:
        return {one.id for one in list_partners(coordinator(service), ListPartners(**asked)).items}  # type: ignore[arg-type]

    assert found(kind="coa") == {"coa"}
    assert found(service="omm") == {"blijf-groep-omm", "comensha", "fier-omm", "hvo-querido-omm", "kadera-omm"}
    assert found(service="omm", kind="comensha") == {"comensha"}
    assert found(status="ended") == set()


def test_a_partner_does_not_read_the_directory(service: Service) -> None:
    with pytest.raises(ScopeMissing):
        list_partners(partner(service, "coa"), ListPartners())
