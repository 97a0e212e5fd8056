"""The words of the trail: which acts there are, and what an entry about one says."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final, Self

from service.kernel.trace import Trace

SYSTEM_STREAM: Final = "sys"
"""Where acts are kept that belong to no case."""

VERSION: Final = 1
"""Version of the entry's shape."""

ACTIVITY: Final = "urn:nrm:processing:"
"""Before the purpose: where the register of processing activities describes the work (GDPR article 30)."""


class Event(StrEnum):
    """Everything that can happen, as `subject:action`."""

    SIGNAL_RECEIVED = "signal:received"
    SIGNAL_REPEATED = "signal:repeated"
    SIGNAL_LINKED = "signal:linked"
    SIGNAL_TRIAGED = "signal:triaged"
    SIGNAL_REOPENED = "signal:reopened"
    SIGNAL_UNLINKED = "signal:unlinked"
    SIGNAL_READ = "signal:read"
    SIGNAL_LISTED = "signal:listed"
    SIGNAL_REFUSED = "signal:refused"
    GROUP_ANNOUNCED = "group:announced"
    GROUP_RECORDED = "group:recorded"
    NUMBER_QUEUED = "number:queued"
    NUMBER_SENDING = "number:sending"
    NUMBER_SENT = "number:sent"
    NUMBER_DELIVERY_FAILED = "number:delivery_failed"
    NUMBER_DELIVERY_PARKED = "number:delivery_parked"
    NUMBER_DELIVERY_STOPPED = "number:delivery_stopped"
    NUMBER_FETCHED = "number:fetched"
    PARTNER_WARNED = "partner:warned"
    CASE_OPENED = "case:opened"
    CASE_CLOSED = "case:closed"
    CASE_REOPENED = "case:reopened"
    CASE_REFUSED = "case:refused"
    CASE_READ = "case:read"
    CONSULTATION_PLANNED = "consultation:planned"
    CONSULTATION_HELD = "consultation:held"
    CONSULTATION_CLOSED = "consultation:closed"
    CONSULTATION_CANCELLED = "consultation:cancelled"
    CONSULTATION_READ = "consultation:read"
    CONSULTATION_LISTED = "consultation:listed"
    CONSULTATION_REFUSED = "consultation:refused"
    CASES_COMPARED = "cases:compared"
    COMPARISON_REFUSED = "comparison:refused"
    PERSON_COMPARED = "person:compared"
    CASE_DECIDED_AGAIN = "case:decided_again"
    CASE_LISTED = "case:listed"
    CASE_SEARCHED = "case:searched"
    FACTS_CHANGED = "facts:changed"
    FACTS_REFUSED = "facts:refused"
    CONSENT_RECORDED = "consent:recorded"
    CONSENT_READ = "consent:read"
    RECALL_STARTED = "recall:started"
    RECALL_ACKNOWLEDGED = "recall:acknowledged"
    RECALL_UNANSWERED = "recall:unanswered"
    RECALL_LIFTED = "recall:lifted"
    RECALL_REPLACED = "recall:replaced"
    RECALL_REFUSED = "recall:refused"
    DISCLOSURES_READ = "disclosures:read"
    CONSENT_REFUSED = "consent:refused"
    RETURN_RECORDED = "return:recorded"
    RETURN_CORRECTED = "return:corrected"
    RETURN_REFUSED = "return:refused"
    PERIOD_RECORDED = "period:recorded"
    PERIOD_ESTABLISHED = "period:established"
    PERIOD_REPEATED = "period:repeated"
    PERIOD_READ = "period:read"
    PERIOD_REFUSED = "period:refused"
    RIGHTS_RECORDED = "rights:recorded"
    RIGHTS_CORRECTED = "rights:corrected"
    RIGHTS_READ = "rights:read"
    RIGHTS_REFUSED = "rights:refused"
    ASSESSMENT_RECORDED = "assessment:recorded"
    ABSENCE_RECORDED = "absence:recorded"
    ABSENCE_ENDED = "absence:ended"
    MILESTONE_RECORDED = "milestone:recorded"
    JOURNAL_READ = "journal:read"
    JOURNAL_REFUSED = "journal:refused"
    TRAIL_READ = "trail:read"
    LOG_VERIFIED = "log:verified"
    LOG_CONTINUED = "log:continued"
    DECISION_MADE = "decision:made"
    DECISION_CONFIRMED = "decision:confirmed"
    DECISION_OVERRIDDEN = "decision:overridden"
    DECISION_SUPERSEDED = "decision:superseded"
    DECISION_PREVIEWED = "decision:previewed"
    DECISION_REPLAYED = "decision:replayed"
    DECISION_EXPLAINED = "decision:explained"
    DECISION_REFUSED = "decision:refused"
    RULES_KEPT = "rules:kept"
    RULES_PROPOSED = "rules:proposed"
    RULES_PUBLISHED = "rules:published"
    RULES_SUPERSEDED = "rules:superseded"
    RULES_REFUSED = "rules:refused"
    RULES_TRIED = "rules:tried"
    CASE_COUNTED = "case:counted"
    FIGURES_DRAWN_UP = "figures:drawn_up"
    FIGURES_READ = "figures:read"
    FIGURES_REFUSED = "figures:refused"
    TASK_OPENED = "task:opened"
    TASK_READ = "task:read"
    TASK_LISTED = "task:listed"
    TASK_ASSIGNED = "task:assigned"
    TASK_DONE = "task:done"
    TASK_HANDED_OVER = "task:handed_over"
    TASK_OBSOLETE = "task:obsolete"
    TASK_REFUSED = "task:refused"
    DEADLINE_STARTED = "deadline:started"
    DEADLINE_RANG = "deadline:rang"
    DEADLINE_MISSED = "deadline:missed"
    DEADLINE_MET = "deadline:met"
    DEADLINE_CANCELLED = "deadline:cancelled"
    DEADLINE_SUSPENDED = "deadline:suspended"
    DEADLINE_RESUMED = "deadline:resumed"
    DEADLINE_READ = "deadline:read"
    DEADLINE_LISTED = "deadline:listed"
    DEADLINE_REFUSED = "deadline:refused"
    DEADLINE_RECONCILED = "deadline:reconciled"
    DEADLINE_RANG_EARLY = "deadline:rang_early"
    CLOCK_ACCEPTED = "clock:accepted"
    REFERRAL_PROPOSED = "referral:proposed"
    REFERRAL_QUEUED = "referral:queued"
    REFERRAL_SENDING = "referral:sending"
    REFERRAL_SENT = "referral:sent"
    REFERRAL_DELIVERY_FAILED = "referral:delivery_failed"
    REFERRAL_DELIVERY_PARKED = "referral:delivery_parked"
    REFERRAL_FETCHED = "referral:fetched"
    REFERRAL_ACKNOWLEDGED = "referral:acknowledged"
    REFERRAL_ACCEPTED = "referral:accepted"
    REFERRAL_STARTED = "referral:started"
    REFERRAL_COMPLETED = "referral:completed"
    REFERRAL_DECLINED = "referral:declined"
    REFERRAL_ANSWER_REPEATED = "referral:answer_repeated"
    REFERRAL_LISTED = "referral:listed"
    REFERRAL_HANDED_OVER = "referral:handed_over"
    REFERRAL_EXPIRED = "referral:expired"
    REFERRAL_DELIVERY_STOPPED = "referral:delivery_stopped"
    REFERRAL_READING_STOPPED = "referral:reading_stopped"
    REFERRAL_READING_RESUMED = "referral:reading_resumed"
    REFERRAL_READ = "referral:read"
    REFERRAL_PREVIEWED = "referral:previewed"
    REFERRAL_WITHDRAWN = "referral:withdrawn"
    REFERRAL_REFUSED = "referral:refused"
    DELIVERY_LISTED = "delivery:listed"
    DELIVERY_READ = "delivery:read"
    DELIVERY_RESENT = "delivery:resent"
    DELIVERY_LATE = "delivery:late"
    DELIVERY_SKIPPED = "delivery:skipped"
    DELIVERY_REFUSED = "delivery:refused"
    DELIVERIES_RECOVERED = "deliveries:recovered"
    CAPACITY_REPORTED = "capacity:reported"
    CAPACITY_LISTED = "capacity:listed"
    CAPACITY_REFUSED = "capacity:refused"
    CAPACITY_ASKED = "capacity:asked"
    QUESTION_QUEUED = "question:queued"
    QUESTION_SENDING = "question:sending"
    QUESTION_SENT = "question:sent"
    QUESTION_DELIVERY_FAILED = "question:delivery_failed"
    QUESTION_DELIVERY_PARKED = "question:delivery_parked"
    QUESTION_READ = "question:read"
    QUESTION_LISTED = "question:listed"
    QUESTION_ANSWERED = "question:answered"
    QUESTION_UNANSWERED = "question:unanswered"
    QUESTION_REFUSED = "question:refused"
    PLACE_HELD = "place:held"
    HOLD_RELEASED = "hold:released"
    HOLD_EXPIRED = "hold:expired"
    HOLD_USED = "hold:used"
    HOLD_REFUSED = "hold:refused"
    PLACEMENT_OPENED = "placement:opened"
    PLACEMENT_RESERVED = "placement:reserved"
    PLACEMENT_CONFIRMED = "placement:confirmed"
    PLACEMENT_ENDED = "placement:ended"
    PLACEMENT_ESCALATED = "placement:escalated"
    PLACEMENT_LISTED = "placement:listed"
    PLACEMENT_REFUSED = "placement:refused"
    REQUEST_REPEATED = "request:repeated"
    REQUEST_REFUSED = "request:refused"
    ACCESS_REFUSED = "access:refused"
    ACCESS_GRANTED = "access:granted"
    ACCESS_REVOKED = "access:revoked"
    KEYS_CREATED = "keys:created"
    KEYS_ROTATED = "keys:rotated"
    KEYS_RETIRED = "keys:retired"
    PARTNER_REGISTERED = "partner:registered"
    PARTNER_CHANGED = "partner:changed"
    PARTNER_REFUSED = "partner:refused"
    ENDPOINT_REGISTERED = "endpoint:registered"
    ENDPOINT_CHALLENGED = "endpoint:challenged"
    ENDPOINT_VERIFIED = "endpoint:verified"
    ENDPOINT_REPLACED = "endpoint:replaced"
    ENDPOINT_PAUSED = "endpoint:paused"
    ENDPOINT_RESUMED = "endpoint:resumed"
    ENDPOINT_ENABLED = "endpoint:enabled"
    ENDPOINT_ROTATED = "endpoint:rotated"
    ENDPOINT_TRYING = "endpoint:trying"
    ENDPOINT_TRIED = "endpoint:tried"
    ENDPOINT_REFUSED = "endpoint:refused"
    ENDPOINT_FAILING = "endpoint:failing"
    ENDPOINT_RECOVERED = "endpoint:recovered"
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

    @classmethod
    def late_by(cls, late: timedelta) -> Self:
        """Say by how many seconds an act came later than its time."""
        return cls("late_by", f"PT{late // timedelta(seconds=1)}S")

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
    """Who acted: a person's or a system's pseudonym, in which role, for which organisation, for which purpose.

    Attributes:
        id: pseudonym.
        role: what the actor is to the mechanism.
        org: the organisation worked for.
        purpose: for what the role works with data.
        on_behalf_of: pseudonym of the one for whom a system or a substitute acts.
        trace: the call by which the act was asked for.
    """

    id: str
    role: str
    org: str
    purpose: str
    on_behalf_of: str | None = None
    trace: Trace | None = None


NOBODY: Final = Actor(id="nobody", role="none", org="none", purpose="none")
"""Whoever called without a token that is good: nothing that such a caller says about itself is believed."""


@dataclass(frozen=True)
class Act:
    """One thing that somebody did, tried or saw.

    Attributes:
        event: what happened.
        action: what it did with its objects.
        stream: the case in whose trail it stands, or the system's stream.
        objects: what was touched.
        outcome: how it ended.
        policy: the rules that decided, by name and content.
        consent: id of the consent that it stands on.
        commitment: keyed commitment to the sealed details, `<key>:<HMAC-SHA-256>` in hex; worthless once the case's
            key is destroyed.
    """

    event: Event
    action: Action
    stream: str
    objects: tuple[Touched, ...] = ()
    outcome: Outcome = Outcome.SUCCESS
    policy: str | None = None
    consent: str | None = None
    commitment: str | None = None


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
    trace = actor.trace
    decided = act.policy is not None or act.consent is not None
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
        "on_behalf_of": actor.on_behalf_of,
        "purpose": actor.purpose,
        "activity": ACTIVITY + actor.purpose,
        "subjects": subjects,
        "objects": [touched.as_json() for touched in act.objects],
        "decision": {"policy": act.policy, "consent": act.consent} if decided else None,
        "bg": None,
        "trace": trace.trace_id if trace else None,
        "span": trace.span_id if trace else None,
        "parent": trace.parent_id if trace else None,
        "node": place.node,
        "commit": act.commitment,
        "salt": salt,
    }


def instant(at: datetime) -> str:
    """Write an instant in UTC with six decimals, always as long."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
