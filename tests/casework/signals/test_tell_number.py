"""An action day is prepared: CoMensha hears how many people may be found, before the day, and nothing else."""

import json
from urllib.parse import urlsplit

import httpx
import pytest

from service.access.roles import Role
from service.audit.event import Event
from service.casework.commands.signals import TriageSignal
from service.casework.deliveries.deliver_referrals import record
from service.casework.signals.tell_number import read_number
from service.casework.signals.triage_signal import triage_signal
from service.casework.tasks.kinds import ANNOUNCE
from service.casework.trail.verify_log import verify_log
from service.casework.views.signals import GroupView
from service.signals.lifecycle import DismissReason, SignalEvent
from service.signals.store import SignalNotFound
from service.wiring import Service
from tests.casework.sending import FAILED, TAKEN, everything_is_due, listening, prepared, prepared_all, tried
from tests.casework.signals.test_record_members import announced, open_kinds
from tests.factories import audit_bodies, auditor, bearer, coordinator, partner

ANNOUNCED = "nl.verwijsmechanisme.groep.aangekondigd.v1"


def triaged(service: Service, group: GroupView, version: int, **command: object) -> None:
    said = TriageSignal.model_validate(command)
    triage_signal(coordinator(service), group.id, frozenset({version}), said)


def called_off(service: Service, group: GroupView) -> None:
    triaged(service, group, 1, act=SignalEvent.DISMISS, reason=DismissReason.NOBODY_FOUND)


async def test_nt_21_comensha_hears_of_an_action_day_beforehand_by_a_message_that_says_only_where_the_number_is(
    service: Service, api: httpx.AsyncClient
) -> None:
    listening(service)
    group = announced(service)
    sending = prepared(service)
    message = json.loads(sending.parcel.body)
    record(service.system(), sending, FAILED)
    # As long as the message has not arrived, a person has to tell it before the day.
    assert ANNOUNCE in open_kinds(service, group)

    tried(service, TAKEN)

    assert ANNOUNCE not in open_kinds(service, group)
    assert (message["type"], message["data"]) == (ANNOUNCED, {"groupId": str(group.id)})
    assert "8" not in {str(value) for value in message["data"].values()}
    address = urlsplit(message["dataref"]).path
    heard = await api.get(address, headers=bearer(service, Role.PARTNER, "comensha"))
    assert heard.json() == {"id": str(group.id), "headCount": 8, "actionOn": "2026-11-25"}
    other = await api.get(address, headers=bearer(service, Role.PARTNER, "kadera-omm"))
    assert (other.status_code, other.json()["title"]) == (404, "There is no such signal")
    events = [one["event"] for one in audit_bodies(service, group.id)]
    assert [one for one in events if one.startswith("number:")] == [
        *(Event.NUMBER_QUEUED, Event.NUMBER_SENDING, Event.NUMBER_DELIVERY_FAILED),
        *(Event.NUMBER_SENDING, Event.NUMBER_SENT, Event.NUMBER_FETCHED),
    ]
    assert verify_log(auditor(service)).breaks == ()


@pytest.mark.only_on("sqlite")
def test_what_was_called_off_is_taken_back_from_whoever_heard_it_and_told_again_when_it_goes_on(
    service: Service,
) -> None:
    listening(service)
    group = announced(service)
    tried(service, TAKEN)

    called_off(service, group)

    with pytest.raises(SignalNotFound):
        read_number(partner(service, "comensha"), group.id)
    everything_is_due(service)
    [sending] = prepared_all(service)
    assert json.loads(sending.parcel.body)["type"] == "nl.verwijsmechanisme.groep.ingetrokken.v1"
    record(service.system(), sending, TAKEN)
    triaged(service, group, 2, act=SignalEvent.REOPEN, explanation="It goes on after all.")
    assert ANNOUNCE in open_kinds(service, group)
    [again] = prepared_all(service)
    assert json.loads(again.parcel.body)["type"] == ANNOUNCED


@pytest.mark.only_on("sqlite")
def test_nobody_hears_of_what_was_called_off_before_it_was_told(service: Service) -> None:
    group = announced(service)

    called_off(service, group)

    assert open_kinds(service, group) == {}
    listening(service)
    assert prepared_all(service) == []
    events = {one["event"] for one in audit_bodies(service, group.id)}
    assert events >= {Event.NUMBER_DELIVERY_STOPPED, Event.TASK_OBSOLETE}
