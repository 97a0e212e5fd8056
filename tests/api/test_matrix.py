"""Every operation, asked by every role, about what is its own and about what is another's.

The matrix is generated from the served description: an operation that is added there and not here fails the first test.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import httpx
import pytest

from service.access.roles import SCOPES, Role
from service.kernel.ids import new_id
from service.wiring import Service
from tests.api.things import A_MEETING, HERE, Things
from tests.casework.closing import MISTAKE
from tests.factories import OFFICE, OTHER_OFFICE, bearer, told_about_rights, told_over_http

GIVEN: Final = tuple(role for role in Role if role is not Role.SYSTEM)
NOWHERE: Final = "00000000-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Ask:
    """How one operation is asked about one case.

    Attributes:
        ids: fills the address, from what there is about the case.
        body: what is sent.
        versioned: whether the change names the versions that it may be made on; none is changed more than once before.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    body: Callable[[Mapping[str, str]], Any] | None = None
    versioned: bool = False


CASE: Final = {"caseId": "case"}
PARTNER: Final = {"partnerId": "partner"}
ENDPOINT: Final = {"endpointId": "endpoint"}
DELIVERY: Final = {"deliveryId": "delivery"}
ASKED: Final = {"caseId": "case", "referralId": "queued"}
WAITING: Final = {"caseId": "case", "referralId": "waiting"}
WAITS: Final = {"caseId": "placedCase", "placementId": "waits"}
PLACING: Final = {"referralId": "placing"}
QUESTION: Final = {"questionId": "question"}
MEETING: Final = {"caseId": "case", "consultationId": "consultation"}
DECISION: Final = {"caseId": "case", "decisionId": "decision"}
DEADLINE: Final = {"caseId": "case", "deadlineId": "deadline"}
SUSPENDED: Final = {"caseId": "case", "deadlineId": "suspended"}

SAID: Final = {
    "purpose": "placement",
    "saying": "withdrawn",
    "by": "person",
    "saidOn": "2026-11-23",
    "language": "bg",
    "evidence": "written",
}

ASKS: Final[Mapping[str, Ask]] = {
    **dict.fromkeys(("readHealth", "readReadiness", "listSignals", "listCases", "listRuleSets"), Ask()),
    **dict.fromkeys(("listFigures", "listTasks", "listDeadlines", "listPartners", "listCapacity"), Ask()),
    **dict.fromkeys(("listEndpoints", "listReferrals", "listCapacityQuestions", "listMunicipalities"), Ask()),
    **dict.fromkeys(
        ("readCase", "readConsents", "readPeriod", "readRights", "readAssessments", "readTracks"),
        Ask(CASE),
    ),
    **dict.fromkeys(("readTrail", "readDeadlines"), Ask(CASE)),
    "receiveSignal": Ask(
        body=lambda about: {
            "submissionKey": "another-key-of-a-signal-1",
            "facts": told_over_http(age=44),
            "caseId": about["case"],
        }
    ),
    "readSignal": Ask({"signalId": "signal"}),
    "triageSignal": Ask({"signalId": "untriaged"}, lambda _: {"act": "open_case"}, versioned=True),
    "announceGroup": Ask(body=lambda _: {"submissionKey": "a-group-of-the-matrix-1", "facts": {}, "headCount": 2}),
    "readNumber": Ask({"groupId": "group"}),
    "recordMembers": Ask(
        {"groupId": "group"}, lambda about: {"members": [{"submissionKey": f"member-{about['case']}"}]}
    ),
    "closeCase": Ask({"caseId": "closable"}, lambda _: MISTAKE, versioned=True),
    "reopenCase": Ask({"caseId": "closed"}, lambda _: {"reason": "came_back"}, versioned=True),
    "compareCases": Ask(
        CASE, lambda about: {"otherCaseId": about["other"], "verdict": "different", "reason": "Both were asked."}
    ),
    "planConsultation": Ask(CASE, lambda _: A_MEETING),
    "listConsultations": Ask(CASE),
    "moveConsultation": Ask(MEETING, lambda _: {"event": "cancel", "reason": "It is too early."}, versioned=True),
    "listInvitations": Ask(),
    "readInvitation": Ask({"consultationId": "consultation"}),
    "readSignalTrail": Ask({"signalId": "untriaged"}),
    "searchCases": Ask(body=lambda about: {"caseIds": [about["case"]]}),
    "changeFacts": Ask(CASE, lambda _: {"facts": {"age": 31}}, versioned=True),
    "recordConsent": Ask(CASE, lambda _: SAID, versioned=True),
    "recordReturn": Ask(CASE, lambda _: {"returnedOn": "2026-11-23", "followUpWanted": True}, versioned=True),
    "takeStep": Ask(CASE, lambda _: {"step": "other_permit_applied", "on": "2026-11-23"}, versioned=True),
    "recordReport": Ask(CASE, lambda _: {"due": "2026-12-23", "reportedOn": "2026-11-23"}),
    "recordRights": Ask(CASE, lambda _: told_about_rights().model_dump(mode="json", by_alias=True)),
    "recordAbsence": Ask(CASE, lambda _: {"on": "2026-11-23", "kind": "ran_away"}, versioned=True),
    "endAbsence": Ask({"caseId": "case_away", "absenceId": "absence"}, lambda _: {"on": "2026-11-23"}, versioned=True),
    "recordMilestone": Ask(
        CASE, lambda _: {"on": "2026-11-23", "what": {"kind": "criminal_case_ended"}}, versioned=True
    ),
    "recordAssessment": Ask(
        CASE,
        lambda _: {"on": "2026-11-23", "occasion": "first_contact", "needs": {"medicalTreatment": "needed"}},
        versioned=True,
    ),
    "confirmDecision": Ask(DECISION),
    "overrideDecision": Ask(DECISION, lambda about: {"reason": "The person asked.", "withhold": [about["waiting"]]}),
    "explainDecision": Ask({"decisionId": "decision"}),
    "readFigures": Ask({"period": "period"}),
    "drawUpFigures": Ask({"period": "period"}),
    "publishRuleSet": Ask({"proposalId": "proposal"}),
    "previewDecision": Ask(body=lambda _: {"facts": {"age": 31}}),
    "readTask": Ask({"taskId": "task"}),
    "assignTask": Ask({"taskId": "task"}, lambda _: {"owner": "desk-1"}, versioned=True),
    "finishTask": Ask({"taskId": "task"}, lambda _: {"outcome": "achieved"}, versioned=True),
    "handOverTask": Ask({"taskId": "task"}, lambda _: {"to": "desk-2"}, versioned=True),
    "suspendDeadline": Ask(DEADLINE, lambda _: {"reason": "person_ill"}, versioned=True),
    "resumeDeadline": Ask(SUSPENDED, versioned=True),
    "completeDeadline": Ask(DEADLINE, lambda _: {"on": "2026-11-23"}, versioned=True),
    "readPartner": Ask(PARTNER),
    "changePartner": Ask(PARTNER, lambda _: {"status": "active"}, versioned=True),
    "listPlacements": Ask(CASE),
    "openPlacement": Ask(CASE, lambda _: {}),
    "reservePlace": Ask(WAITS, lambda _: {"partnerId": "comensha", "placedBy": "comensha"}, versioned=True),
    "confirmPlacement": Ask({**WAITS, "placementId": "kept"}, lambda _: {"placedOn": "2026-11-23"}, versioned=True),
    "endPlacement": Ask(WAITS, lambda _: {"endedOn": "2026-11-23", "reason": "not_needed"}, versioned=True),
    "showWhatToPlace": Ask(PLACING),
    "holdPlaceAsAsked": Ask({**PLACING, "capacityId": "capacity"}),
    "releasePlaceAsAsked": Ask({**PLACING, "capacityId": "capacity", "holdId": "heldAsAsked"}),
    "placeAsAsked": Ask({"referralId": "toPlace"}, lambda _: {}),
    "reserveAsAsked": Ask(
        {**PLACING, "placementId": "waits"}, lambda _: {"partnerId": "comensha", "placedBy": "comensha"}, versioned=True
    ),
    "confirmAsAsked": Ask({**PLACING, "placementId": "kept"}, lambda _: {"placedOn": "2026-11-23"}, versioned=True),
    "endAsAsked": Ask(
        {**PLACING, "placementId": "waits"}, lambda _: {"endedOn": "2026-11-23", "reason": "not_needed"}, versioned=True
    ),
    "reportCapacity": Ask(body=lambda _: {"shelterType": "crisis", "targetGroup": "women", "places": 1, "free": 1}),
    "holdPlace": Ask({"capacityId": "capacity"}),
    "releasePlace": Ask({"capacityId": "capacity", "holdId": "hold"}),
    "askCapacity": Ask(body=lambda _: {"targetGroup": "labour_groups"}),
    "readCapacityQuestion": Ask(QUESTION),
    "answerCapacity": Ask(QUESTION, lambda _: {"answer": "yes", "places": 2}),
    "readCapacityAnswers": Ask(QUESTION),
    "registerEndpoint": Ask(body=lambda about: {"partnerId": about["partner"], "url": HERE}),
    "readEndpoint": Ask(ENDPOINT),
    "changeEndpoint": Ask({"endpointId": "pending"}, lambda _: {"state": "disabled"}, versioned=True),
    "verifyEndpoint": Ask({"endpointId": "pending"}),
    "rotateSecret": Ask(ENDPOINT, lambda _: {}),
    "tryEndpoint": Ask(ENDPOINT),
    "listDeliveries": Ask(ENDPOINT),
    "listAttempts": Ask({**ENDPOINT, **DELIVERY}),
    "resendDelivery": Ask(DELIVERY),
    "recoverDeliveries": Ask(ENDPOINT, lambda _: {"since": "2026-11-20T00:00:00Z", "until": "2026-11-30T00:00:00Z"}),
    "readAskedReferral": Ask(ASKED),
    "previewReferral": Ask(WAITING),
    "releaseReferral": Ask(WAITING, versioned=True),
    "withdrawReferral": Ask(ASKED, lambda _: {"reason": "mistake"}, versioned=True),
    "handOverReferral": Ask(ASKED, lambda _: {"answer": "accept"}, versioned=True),
    "readReferral": Ask({"referralId": "referral"}),
    "readDisclosures": Ask(CASE),
    "acknowledgeRecall": Ask({"referralId": "recalled"}, lambda _: {"outcome": "erased"}),
    "answerReferral": Ask({"referralId": "referral"}, lambda _: {"answer": "acknowledge"}),
}
LISTS: Final = ("listSignals", "listCases", "searchCases", "listTasks", "listDeadlines")
WITHOUT_AN_OBJECT: Final = {
    "readHealth",
    "readReadiness",
    "previewDecision",
    "listMunicipalities",
    "listEndpoints",
    "listReferrals",
    "listInvitations",
    "listCapacityQuestions",
    "listRuleSets",
    *LISTS,
}
OF_A_PLACED_CASE: Final = ("reservePlace", "confirmPlacement", "endPlacement")
OF_A_PLACING_REFERRAL: Final = ("reserveAsAsked", "confirmAsAsked", "endAsAsked")
OF_A_CASE: Final = (
    "moveConsultation",
    *("readAskedReferral", "previewReferral", "releaseReferral", "withdrawReferral", "handOverReferral"),
    *("suspendDeadline", "resumeDeadline", "completeDeadline"),
)
SEES_ALL: Final = {Role.AUDITOR}
EVERYBODY_S: Final = {
    "announceGroup",
    *("listPartners", "readPartner", "changePartner", "listRuleSets", "publishRuleSet"),
    *("listFigures", "readFigures", "drawUpFigures"),
    *("reportCapacity", "listCapacity", "holdPlace", "askCapacity"),
}
"""The directory belongs to no organisation, and neither do the rules, figures or what is known of places."""
OF_AN_ENDPOINT: Final = {
    "listEndpoints",
    "registerEndpoint",
    "readEndpoint",
    "changeEndpoint",
    "verifyEndpoint",
    "rotateSecret",
    "tryEndpoint",
    "listDeliveries",
    "listAttempts",
    "resendDelivery",
    "recoverDeliveries",
}
"""What an administrator does for every partner, and a partner for itself alone."""


@dataclass(frozen=True)
class Operation:
    """One operation of the served description."""

    id: str
    method: str
    path: str
    scope: str | None
    answers: int


async def operations(api: httpx.AsyncClient) -> dict[str, Operation]:
    document = (await api.get("/v1/openapi.json")).json()
    found = {}
    for path, methods in document["paths"].items():
        for method, one in methods.items():
            # What is done for the first time is said by the higher status.
            answers = max(int(status) for status in one["responses"] if int(status) < 300)
            # Whoever may also come without a token needs none.
            needed = [] if {} in one.get("security", [{}]) else one["security"]
            scopes = [scope for alternative in needed for scope in alternative["bearer"]]
            base = one.get("servers", document["servers"])[0]["url"].rstrip("/")
            found[one["operationId"]] = Operation(
                one["operationId"], method, base + path, scopes[0] if scopes else None, answers
            )
    return found


async def ask(
    api: httpx.AsyncClient, operation: Operation, things: Mapping[str, str], headers: Mapping[str, str]
) -> httpx.Response:
    how = ASKS[operation.id]
    path = operation.path.format(**{name: things[what] for name, what in how.ids.items()})
    more = {"If-Match": '"1", "2"'} if how.versioned else {}
    body = None if how.body is None else how.body(things)
    # Whatever can be asked again can be asked under a key, whichever case it is about, or none.
    more["Idempotency-Key"] = f'"{new_id()}"'
    return await api.request(operation.method, path, json=body, headers={**headers, **more})


def own(service: Service, role: Role) -> dict[str, str]:
    return bearer(service, role, "comensha" if role is Role.PARTNER else OFFICE)


def foreign(service: Service, role: Role) -> dict[str, str]:
    return bearer(service, role, "coa" if role is Role.PARTNER else OTHER_OFFICE)


def said(answer: httpx.Response) -> dict[str, Any]:
    """Give all of an answer but the number of this occurrence, and how long what was looked at took."""
    body = {**answer.json(), "instance": ""} if answer.status_code >= 400 else {**answer.json(), "checks": ""}
    return {"status": answer.status_code, "headers": dict(answer.headers) | {"content-length": ""}, "body": body}


async def test_every_operation_stands_in_the_matrix(api: httpx.AsyncClient) -> None:
    assert (await operations(api)).keys() == ASKS.keys()


@pytest.mark.parametrize("role", GIVEN)
async def test_a_role_gets_its_own_and_nothing_else(api: httpx.AsyncClient, service: Service, role: Role) -> None:
    things = Things(service)
    for operation in (await operations(api)).values():
        things.renew(used_by(operation))
        if reaches_all(operation, role):
            ours = await ask(api, operation, things, own(service, role))
            assert (operation.id, ours.status_code) == (operation.id, operation.answers), ours.text
            spend(things, operation, ours)
            continue
        theirs = await ask(api, operation, things, foreign(service, role))
        nowhere = await ask(api, operation, dict.fromkeys(things, NOWHERE), foreign(service, role))
        ours = await ask(api, operation, things, own(service, role))

        got = ("not ours", theirs.status_code, "ours", ours.status_code)
        assert (operation.id, *got) == (operation.id, *expected(operation, role)), ours.text
        if role not in SEES_ALL:
            # Whether it is another's or nowhere at all is told to nobody.
            assert said(theirs) == said(nowhere), operation.id
            assert not any(value in theirs.text for value in things.values()), operation.id
        spend(things, operation, theirs, ours)


def used_by(operation: Operation) -> set[str]:
    """Name the things that an operation is about: those that its address names, else a case or a partner."""
    return set(ASKS[operation.id].ids.values()) or {"case", "partner"}


def spend(things: Things, operation: Operation, *answers: httpx.Response) -> None:
    """Note what was done something with; what was only read or refused may be asked about again."""
    if operation.method != "get" and any(answer.is_success for answer in answers):
        things.spend(used_by(operation))


def reaches_all(operation: Operation, role: Role) -> bool:
    """Tell whether a role does this with what is nobody's or everybody's, so that nothing is another's to it."""
    everything = EVERYBODY_S | (OF_AN_ENDPOINT if role is Role.ADMINISTRATOR else set())
    return operation.id in everything and operation.scope in SCOPES[role]


def expected(operation: Operation, role: Role) -> tuple[str, int, str, int]:
    if operation.scope is not None and operation.scope not in SCOPES[role]:
        return ("not ours", 403, "ours", 403)
    if operation.id in WITHOUT_AN_OBJECT or role in SEES_ALL:
        return ("not ours", 200, "ours", 200)
    return ("not ours", 404, "ours", operation.answers)


async def test_without_a_token_nothing_is_told(api: httpx.AsyncClient, service: Service) -> None:
    things = Things(service)
    for operation in (await operations(api)).values():
        with_ids, nowhere = [await ask(api, operation, one, {}) for one in (things, dict.fromkeys(things, NOWHERE))]
        assert (operation.id, with_ids.status_code) == (operation.id, 200 if operation.scope is None else 401)
        assert said(with_ids) == said(nowhere)


async def test_a_token_with_the_role_but_without_the_scope_is_403_everywhere(
    api: httpx.AsyncClient, service: Service
) -> None:
    things = Things(service)
    for operation in (await operations(api)).values():
        for role in GIVEN:
            if operation.scope in SCOPES[role]:
                narrow = bearer(service, role, OFFICE, without=operation.scope)
                assert (await ask(api, operation, things, narrow)).status_code == 403, (operation.id, role)


async def test_a_list_holds_the_caller_s_own_and_counts_nobody_else_s(api: httpx.AsyncClient, service: Service) -> None:
    found, things = await operations(api), Things(service)
    for name in LISTS:
        ours = await ask(api, found[name], things, own(service, Role.COORDINATOR))
        theirs = await ask(api, found[name], things, foreign(service, Role.COORDINATOR))
        assert things["case"] in ours.text, name
        assert theirs.json()["items"] == [], name
        assert "Link" not in theirs.headers, name


async def test_a_child_is_not_reached_through_another_parent(api: httpx.AsyncClient, service: Service) -> None:
    mine, other = Things(service), Things(service)
    crossed = {**other, "case": mine["case"], "placedCase": mine["placedCase"], "placing": mine["placing"]}
    found = await operations(api)

    for name in ("confirmDecision", "overrideDecision", *OF_A_CASE, *OF_A_PLACED_CASE):
        answer = await ask(api, found[name], crossed, own(service, Role.COORDINATOR))
        assert answer.status_code == 404
    for name in OF_A_PLACING_REFERRAL:
        answer = await ask(api, found[name], crossed, own(service, Role.PARTNER))
        assert answer.status_code == 404
