"""An entry says who did what to which ids, and can say nothing else."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone

from service.audit.event import SYSTEM_STREAM, Act, Action, Actor, Event, Place, Touched, entry, instant
from service.kernel.canonical_json import canonical_bytes

ACTOR = Actor(id="coordinator-1", role="coordinator", org="office-north", purpose="case-coordination")
PLACE = Place(log="nrm", node="node-1", seq=1, prev=None)
FIELDS = {
    *("v", "log", "id", "ts", "stream", "seq", "prev", "event", "action", "outcome", "actor", "role", "org"),
    *("on_behalf_of", "purpose", "activity", "subjects", "objects", "decision", "bg", "trace", "span", "parent"),
    *("node", "commit", "salt"),
}


def written(act: Act) -> dict[str, object]:
    value = entry(act, ACTOR, PLACE, datetime(2026, 11, 23, 9, 0, tzinfo=UTC), ("id", "salt"))
    said: dict[str, object] = json.loads(canonical_bytes(value))
    return said


def test_an_entry_has_the_agreed_fields_and_no_others() -> None:
    assert written(Act(Event.CASE_READ, Action.READ, "case-1")).keys() == FIELDS


def test_an_entry_about_a_case_names_its_subject_and_one_of_the_system_does_not() -> None:
    assert written(Act(Event.CASE_READ, Action.READ, "case-1"))["subjects"] == ["case-1"]
    assert written(Act(Event.TRAIL_READ, Action.READ, SYSTEM_STREAM))["subjects"] == []


def test_an_object_is_named_with_its_versions_and_the_names_of_its_fields() -> None:
    act = Act(Event.CASE_OPENED, Action.CREATE, "c", (Touched("facts", "c", None, 1, ("age",)),), policy="nl@sha256:0")

    said = written(act)

    assert said["objects"] == [
        {"type": "facts", "id": "c", "version_before": None, "version_after": 1, "fields": ["age"]}
    ]
    assert said["decision"] == {"policy": "nl@sha256:0", "consent": None}


def test_every_event_reads_as_subject_and_action() -> None:
    assert all(re.fullmatch(r"[a-z]+:[a-z_]+", event) for event in Event)


def test_an_instant_is_always_as_long_and_in_utc() -> None:
    assert instant(datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=2)))) == "2026-07-01T10:00:00.000000Z"
