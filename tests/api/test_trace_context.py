"""What one request caused can be found again: in the trail, and at the partner's system."""

from datetime import timedelta

import httpx

from service.casework.deliveries.deliver_referrals import prepare
from service.wiring import Service
from tests.factories import audit_bodies, bearer, listen_at, told_over_http

ID = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
BODY = {"submissionKey": "a-key-of-one-signal-0001", "facts": told_over_http()}


async def test_every_entry_of_a_request_stands_in_the_caller_s_trace(api: httpx.AsyncClient, service: Service) -> None:
    headers = {**bearer(service), "traceparent": f"00-{ID}-{SPAN}-01"}
    receipt = (await api.post("/v1/signals", json=BODY, headers=headers)).json()

    entries = audit_bodies(service, receipt["caseId"])
    assert {(entry["trace"], entry["parent"]) for entry in entries} == {(ID, SPAN)}
    assert len({entry["span"] for entry in entries}) == 1


async def test_a_request_without_a_trace_starts_one_of_its_own(api: httpx.AsyncClient, service: Service) -> None:
    receipt = (await api.post("/v1/signals", json=BODY, headers=bearer(service))).json()
    await api.get(f"/v1/cases/{receipt['caseId']}", headers={**bearer(service), "traceparent": f"00-{'0' * 32}-x-01"})

    traces = [entry["trace"] for entry in audit_bodies(service, receipt["caseId"])]
    assert all(len(trace) == 32 for trace in traces)
    assert len(set(traces)) == 2


async def test_the_partner_s_system_is_told_the_trace_of_the_act_that_it_hears_of(
    api: httpx.AsyncClient, service: Service
) -> None:
    headers = {**bearer(service), "traceparent": f"00-{ID}-{SPAN}-01"}
    receipt = (await api.post("/v1/signals", json=BODY, headers=headers)).json()
    case = (await api.get(f"/v1/cases/{receipt['caseId']}", headers=bearer(service))).json()
    for partner in {line["partnerId"] for line in case["referrals"]}:
        listen_at(service.operator(), partner, "https://partner.example.org/hook")

    [sending] = prepare(service.system(), timedelta(minutes=1)) or []

    assert sending.parcel.headers["traceparent"] == f"00-{ID}-{sending.trace.span_id}-01"
    (said,) = [one for one in audit_bodies(service, receipt["caseId"]) if one["event"] == "referral:sending"]
    assert (said["trace"], said["span"]) == (ID, sending.trace.span_id)
