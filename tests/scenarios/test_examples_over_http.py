"""Every example of the rules as a story over HTTP: facts in, decision out, everybody asked whom the decision names."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, time
from typing import Any

import httpx
import pytest
from pydantic.alias_generators import to_camel, to_snake

from service.access.roles import Role
from service.kernel.ids import new_key
from service.routing.examples import Outcome, differences
from service.routing.rule_set import Example
from service.wiring import Service
from tests.casework.clocks import until
from tests.doubles import FixedClock
from tests.factories import bearer
from tests.routing.dutch import rules as dutch_rules

EXAMPLES = dutch_rules().examples
DISPATCH = {"queued": "automatic", "proposed": "after_confirmation"}
"""How a referral that was just made is sent, by its state; it has no other."""

ANYBODY = {"age", "adult", "ageInDoubt"}
PERSON = ANYBODY | {"role", "citizenship"}
PLACE = {"foundIn", "registeredIn"}
SAFETY = {"acuteDanger", "perpetratorsNear"}
CHOICE = {"reflectionChoice", "acceptedOn"}
HEALTH = {"psychologicalProblems", "addiction", "mildIntellectualDisability"}
HOME = {"residence", "household", "inCoaCentre", "safeThere", "distanceWanted", "shelterWanted"}
STEPS = {"reportedOn", "recordSignedOn", "cooperatedOn", "renouncedOn", "otherPermitAppliedOn", "revokedOn"}
GONE = {"unknownDestinationOn"}

NOTHING: frozenset[str] = frozenset()
MAY_READ = {
    ("attention_officer", "advice"): NOTHING,
    ("care_coordinator", "full"): PERSON | PLACE | SAFETY | CHOICE | HEALTH | HOME | {"gender", "exploitation"},
    ("child_protection", "needed_facts"): ANYBODY | PLACE | {"household", "acuteDanger"},
    ("coa", "needed_facts"): ANYBODY | SAFETY | CHOICE | {"foundIn", "gender", "household", "inCoaCentre", "safeThere"},
    ("comensha", "anonymous"): {"exploitation"},
    ("comensha", "full"): PERSON
    | PLACE
    | SAFETY
    | CHOICE
    | HEALTH
    | HOME
    | {"gender", "indication", "exploitation", "dublinClaimant", "reportedOn"},
    ("comensha", "head_count"): {"foundInGroup", "actionDay"},
    ("comensha", "needed_facts"): ANYBODY | PLACE | GONE | {"gender"},
    ("emm", "full"): PERSON | {"gender", "foundIn", "indication", "exploitation", "acuteDanger"},
    ("fairwork", "needed_facts"): {"age", "adult", "citizenship", "residence"} | PLACE,
    ("foreign_partner", "needed_facts"): ANYBODY | {"role", "household"},
    ("ind", "needed_facts"): {"role", "age", "adult", "citizenship", "residence"}
    | CHOICE
    | STEPS
    | GONE
    | {"prosecutorNeedsPresence", "threatStatement"},
    ("iom", "needed_facts"): {"age", "adult", "household", "citizenship", "residence", "foundIn"},
    ("labour_authority", "full"): PERSON
    | PLACE
    | {"gender", "residence", "indication", "exploitation", "acuteDanger", "reportedOn"},
    ("legal_aid", "anonymous"): NOTHING,
    ("legal_aid", "needed_facts"): PERSON | CHOICE | {"residence", "dublinClaimant", "reportedOn"},
    ("nidos", "needed_facts"): ANYBODY | {"gender", "household", "citizenship", "foundIn", "acuteDanger"},
    ("police", "full"): PERSON
    | PLACE
    | SAFETY
    | CHOICE
    | {"gender", "household", "residence", "indication", "exploitation", "reportedOn"},
    ("police", "needed_facts"): ANYBODY | PLACE | SAFETY | GONE | {"gender", "household", "absentNow", "risk"},
    ("prosecutor", "needed_facts"): PERSON | {"residence", "dublinClaimant", "foundIn", "reportedOn"},
    ("veilig_thuis", "advice"): NOTHING,
    ("veilig_thuis", "full"): ANYBODY | PLACE | SAFETY | {"gender", "household", "indication", "exploitation"},
    ("victim_support", "needed_facts"): {"role", "age", "adult", "foundIn", "reportedOn"},
}
"""What each may read at most of what it is sent, written down a second time and apart from the rules."""

ENDS = {"unknown_destination_on": "CL-06", "renounced_on": "CL-07", "revoked_on": "CL-11"}
"""Ends of a period that somebody must have established, and by which rule."""


def renamed(said: Any, spell: Callable[[str], str]) -> Any:  # noqa: ANN401 -- JSON has any shape
    """Spell the names of members otherwise; values stay as they are."""
    if isinstance(said, dict):
        return {spell(name): renamed(value, spell) for name, value in said.items()}
    return [renamed(one, spell) for one in said] if isinstance(said, list) else said


@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
async def test_a_story_is_decided_planned_and_given_to_people_to_do(
    api: httpx.AsyncClient, service: Service, clock: FixedClock, example: Example
) -> None:
    desk = bearer(service)
    clock.move(datetime.combine(example.on, time(9), UTC) - clock.now())
    body = {"submissionKey": new_key("story-")[:40], "facts": renamed(dict(example.facts.given), to_camel)}

    receipt = await api.post("/v1/signals", json=body, headers=desk)
    case = (await api.get(receipt.headers["Location"], headers=desk)).json()

    (decision,) = case["decisions"]
    content = renamed(decision["content"], to_snake)
    assert Outcome(example, differences(example, content)).holds
    told = {(one["to"], one["content"], one["rule"], one["due"], one["dispatch"]) for one in content["notifications"]}
    asked = {
        (one["askedAs"], one["content"], one["rule"], one["due"], DISPATCH[one["state"]]) for one in case["referrals"]
    }
    assert asked == {one for one in told if one[0] != "victim"}
    assert {(one["kind"], one["rule"]) for one in case["tasks"]} == {
        (one["kind"], one["rule"]) for one in content["tasks"]
    } | asked_by_the_house(example.facts.given)
    assert case["facts"] == in_utc(body["facts"])


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("example", EXAMPLES, ids=[example.id for example in EXAMPLES])
async def test_a_story_tells_each_only_what_it_may_and_goes_on_until_every_clock_has_rung(
    api: httpx.AsyncClient, service: Service, clock: FixedClock, example: Example
) -> None:
    desk = bearer(service)
    clock.move(datetime.combine(example.on, time(9), UTC) - clock.now())
    body = {"submissionKey": new_key("story-")[:40], "facts": renamed(dict(example.facts.given), to_camel)}
    address = (await api.post("/v1/signals", json=body, headers=desk)).headers["Location"]
    case = (await api.get(address, headers=desk)).json()

    for line in case["referrals"]:
        shown = (await api.get(f"{address}/referrals/{line['id']}/preview", headers=desk)).json()
        assert {one["fact"] for one in shown["fields"] if one["grounds"]} == set(shown["content"]["facts"])
        assert set(shown["content"]["facts"]) <= MAY_READ[line["askedAs"], line["content"]]
        if line["state"] == "queued":
            partner = bearer(service, Role.PARTNER, line["partnerId"])
            read = (await api.get(f"/v1/referrals/{line['id']}", headers=partner)).json()
            assert {name: read[name] for name in shown["content"]} == shown["content"]

    clocks = (await api.get(f"{address}/deadlines", headers=desk)).json()["items"]
    planned = {(one["kind"], one["due"]) for one in case["decisions"][0]["content"]["deadlines"]}
    # A referral has its own term to answer, and no second clock beside it.
    assert {(one["kind"], one["due"]) for one in clocks} == {one for one in planned if one[0] != "answer_due"}
    last = max((datetime.fromisoformat(one["ringsAt"]) for one in clocks), default=clock.now())
    rung = until(service, clock, last)
    assert len(rung) == len(set(rung))
    after = (await api.get(f"{address}/deadlines", headers=desk)).json()["items"]
    waits = [one for one in after if one["state"] == "running" and datetime.fromisoformat(one["ringsAt"]) <= last]
    assert waits == []
    over = (await api.get(address, headers=desk)).json()
    # Nothing that nobody did is lost: it lies on a desk.
    on_desks = {one["deadlineId"] for one in over["tasks"] if one["state"] == "open"}
    assert {one["id"] for one in after if one["state"] == "missed"} <= on_desks
    before, now = (one["content"]["reflectionPeriod"] for one in (case["decisions"][0], over["decisions"][-1]))
    expired = {"status": "ended", "reason": "expired", "rule": now["rule"]} if before["status"] == "running" else {}
    assert now == {**before, **expired}
    assert (await api.get(f"{address}/trail", headers=desk)).json()["verified"]


def asked_by_the_house(facts: Mapping[str, Any]) -> set[tuple[str, str]]:
    """Name the tasks that no decision holds: a signal told of something of which nobody recorded what belongs to it."""
    reported = not {"reported_on", "record_signed_on"}.isdisjoint(facts)
    consented = "given" in dict(facts.get("consent", {})).values()
    rights = {"NT-19": consented or reported, "NT-20": reported}
    asked = {("record_rights_information", rule) for rule, lacks in rights.items() if lacks}
    consent = dict(facts.get("consent", {}))
    if "refused" in {consent.get("registration"), consent.get("placement")}:
        asked.add(("offer_again", "CN-03"))
    if "unknown_destination_on" in facts:
        asked.add(("consider_closing", "MS-04"))
    ended = ENDS.keys() & facts.keys() if "accepted_on" in facts else set()
    if "unknown_destination_on" in facts:
        asked.add(("consider_closing", "MS-04"))
    return asked | {("establish_period_end", ENDS[fact]) for fact in ended}


def in_utc(facts: dict[str, Any]) -> dict[str, Any]:
    """Give facts as the service says them again: an instant is the same instant, told in UTC."""
    instant = facts.get("receivedAt")
    if instant is None:
        return facts
    return {**facts, "receivedAt": datetime.fromisoformat(instant).astimezone(UTC).isoformat().replace("+00:00", "Z")}
