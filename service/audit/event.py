"""The words of the trail: which acts there are, and what an entry about one says."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

SYSTEM_STREAM: Final = "sys"
"""Where acts are kept that belong to no case."""

VERSION: Final = 1
"""Version of the entry's shape."""


class Event(StrEnum):
    """Everything that can happen, as `subject:action`."""

    SIGNAL_RECEIVED = "signal:received"
    SIGNAL_REPEATED = "signal:repeated"
    SIGNAL_REFUSED = "signal:refused"
    CASE_OPENED = "case:opened"
    CASE_READ = "case:read"
    TRAIL_READ = "trail:read"
    DECISION_MADE = "decision:made"
    DECISION_CONFIRMED = "decision:confirmed"
    DECISION_REFUSED = "decision:refused"
    REFERRAL_PROPOSED = "referral:proposed"
    REFERRAL_QUEUED = "referral:queued"
    REFERRAL_SENDING = "referral:sending"
    REFERRAL_SENT = "referral:sent"
    REFERRAL_DELIVERY_FAILED = "referral:delivery_failed"
    REFERRAL_DELIVERY_PARKED = "referral:delivery_parked"
    REFERRAL_FETCHED = "referral:fetched"
    REFERRAL_ACKNOWLEDGED = "referral:acknowledged"
    REFERRAL_ACCEPTED = "referral:accepted"
    REFERRAL_DECLINED = "referral:declined"
    REFERRAL_REFUSED = "referral:refused"
    ACCESS_REFUSED = "access:refused"
    ACCESS_GRANTED = "access:granted"
    PARTNER_REGISTERED = "partner:registered"
    PARTNER_CHANGED = "partner:changed"
    ENDPOINT_REGISTERED = "endpoint:registered"
    ENDPOINT_REPLACED = "endpoint:replaced"
    ENDPOINT_DISABLED = "endpoint:disabled"


class Action(StrEnum):
    """What an act does with its objects: create, read, update, delete, execute (NEN 7513, EventActionCode)."""

    CREATE = "C"
    READ = "R"
    UPDATE = "U"
    DELETE = "D"
    EXECUTE = "E"


class Outcome(StrEnum):
    """How an act ended."""

    SUCCESS = "success"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True)
class Touched:
    """One thing that an act touched: its kind, its id, its versions, and names of fields but never their values."""

    type: str
    id: str
    version_before: int | None = None
    version_after: int | None = None
    fields: tuple[str, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Give the object as the entry holds it."""
        return {
            "type": self.type,
            "id": self.id,
            "version_before": self.version_before,
            "version_after": self.version_after,
            "fields": list(self.fields),
        }


@dataclass(frozen=True)
class Actor:
    """Who acted: a person's or a system's pseudonym, in which role, for which organisation, for which purpose."""

    id: str
    role: str
    org: str
    purpose: str


@dataclass(frozen=True)
class Act:
    """One thing that somebody did, tried or saw."""

    event: Event
    action: Action
    stream: str
    objects: tuple[Touched, ...] = ()
    outcome: Outcome = Outcome.SUCCESS
    policy: str | None = None


@dataclass(frozen=True)
class Place:
    """Where an entry stands: which log wrote it on which machine, and its link in its stream."""

    log: str
    node: str
    seq: int
    prev: str | None


def entry(act: Act, actor: Actor, place: Place, at: datetime, unique: tuple[str, str]) -> dict[str, object]:
    """Write an act down as the value whose canonical bytes are kept and hashed.

    Args:
        act: what happened.
        actor: who did it.
        place: the entry's link in its stream.
        at: real time of the act, aware.
        unique: the entry's id and its salt.
    """
    entry_id, salt = unique
    subjects = [] if act.stream == SYSTEM_STREAM else [act.stream]
    return {
        "v": VERSION,
        "log": place.log,
        "id": entry_id,
        "ts": instant(at),
        "stream": act.stream,
        "seq": place.seq,
        "prev": place.prev,
        "event": act.event.value,
        "action": act.action.value,
        "outcome": act.outcome.value,
        "actor": actor.id,
        "role": actor.role,
        "org": actor.org,
        "on_behalf_of": None,
        "purpose": actor.purpose,
        "activity": None,
        "subjects": subjects,
        "objects": [touched.as_json() for touched in act.objects],
        "decision": None if act.policy is None else {"policy": act.policy, "consent": None},
        "bg": None,
        "trace": None,
        "span": None,
        "parent": None,
        "node": place.node,
        "commit": None,
        "salt": salt,
    }


def instant(at: datetime) -> str:
    """Write an instant in UTC with six decimals, always as long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
