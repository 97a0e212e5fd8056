"""What a coordinator previews is what the partner reads, to the byte; what loses its ground is read no longer."""

import hashlib
from uuid import UUID

import httpx
import pytest

from service.access.roles import Role
from service.audit.event import Event
from service.casework.commands.referrals import ReleaseReferral
from service.casework.referrals.as_previewed import ContentDiffers
from service.casework.referrals.read_referral import read_referral
from service.casework.referrals.work_on_referrals import preview_referral, release_referral
from service.kernel.canonical_json import canonical_bytes
from service.referrals.lifecycle import ReferralState
from service.wiring import Service
from tests.casework.referrals.test_work_on_referrals import LAWYERS, seen, waiting_for_release
from tests.factories import (
    audit_bodies,
    bearer,
    confirmed,
    coordinator,
    lines_for,
    opened_case,
    partner,
    referral_to,
    says,
)

CONSENT = {"registration": "given", "placement": "given", "police_contact": "given"}


@pytest.mark.only_on("sqlite")
async def test_what_is_previewed_is_what_is_read_to_the_byte_and_the_trail_names_its_hash(
    service: Service, api: httpx.AsyncClient
) -> None:
    case_id = opened_case(service).case_id
    referral_id = referral_to(service, case_id, "comensha")

    asked = await api.get(f"/v1/cases/{case_id}/referrals/{referral_id}/preview", headers=bearer(service))
    fetched = await api.get(f"/v1/referrals/{referral_id}", headers=bearer(service, Role.PARTNER, "comensha"))
    preview, read = asked.json(), fetched.json()

    shown = canonical_bytes(preview["content"])
    assert canonical_bytes({name: read[name] for name in preview["content"]}) == shown
    assert preview["contentHash"] == read["contentHash"] == f"sha256:{hashlib.sha256(shown).hexdigest()}"
    named = [
        one["id"]
        for body in audit_bodies(service, case_id)
        if body["event"] in {Event.REFERRAL_PREVIEWED, Event.REFERRAL_FETCHED}
        for one in body["objects"]
        if one["type"] == "content"
    ]
    assert named == [preview["contentHash"]] * 2
    why = {one["fact"]: one for one in preview["fields"]}
    assert why.keys() == read["facts"].keys()
    assert [one["name"] for one in why["foundIn"]["grounds"]] == ["police_duty"]
    assert [one["consents"] for one in why["psychologicalProblems"]["grounds"]] == [[], ["placement"]]
    assert preview["heldBack"] == []


def hash_of(service: Service, case_id: UUID, referral_id: UUID) -> str:
    return preview_referral(coordinator(service), case_id, referral_id).content_hash


def test_what_was_not_seen_as_it_would_be_sent_is_not_released(service: Service) -> None:
    case_id, line = waiting_for_release(service)
    another = hash_of(service, case_id, referral_to(service, case_id, "comensha"))

    with pytest.raises(ContentDiffers):
        release_referral(coordinator(service), case_id, line.id, seen(line), ReleaseReferral(content_hash=another))
    assert audit_bodies(service, case_id)[-1]["event"] == Event.REFERRAL_REFUSED
    assert lines_for(service, case_id, LAWYERS)[-1].state is ReferralState.PROPOSED

    as_seen = ReleaseReferral(content_hash=hash_of(service, case_id, line.id))
    released = release_referral(coordinator(service), case_id, line.id, seen(line), as_seen)
    assert released.state is ReferralState.QUEUED


@pytest.mark.only_on("sqlite")
def test_a_fact_that_stood_on_consent_to_placement_is_read_no_longer_and_is_read_again(service: Service) -> None:
    case_id = opened_case(service).case_id
    referral_id = referral_to(service, case_id, "comensha")

    def told() -> set[str]:
        return set(read_referral(partner(service, "comensha"), referral_id).facts)

    everything = told()
    before = hash_of(service, case_id, referral_id)

    says(service, case_id, placement="withdrawn")

    assert everything - told() == {"psychological_problems", "residence", "dublin_claimant"}
    preview = preview_referral(coordinator(service), case_id, referral_id)
    assert set(preview.held_back) == {"psychologicalProblems", "residence", "dublinClaimant"}
    assert preview.content_hash != before

    says(service, case_id, placement="given")

    assert told() == everything
    assert hash_of(service, case_id, referral_id) == before


@pytest.mark.only_on("sqlite")
def test_nothing_but_what_is_counted_leaves_about_somebody_who_refuses(service: Service) -> None:
    refused = dict.fromkeys(("registration", "placement", "police_contact"), "refused")
    case_id = opened_case(service, reporter="ngo", consent=refused, reflection_choice=None, accepted_on=None).case_id
    confirmed(service, case_id)

    for kind in ("comensha", "legal_aid", "emm", "police", "care_coordinator", "coa", "ind"):
        for line in lines_for(service, case_id, kind):
            preview = preview_referral(coordinator(service), case_id, line.id)
            assert set(preview.content.facts) <= {"exploitation"}, kind
            assert preview.content.rule is None
