"""Who has read what for a consultation: the trail says it, as it does of referrals, so nothing is kept twice."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from service.audit import store as audit
from service.audit.event import Event, Outcome
from service.consent import store as consents
from service.consent.tables import Recall


@dataclass
class ReadByInvited:
    """What one organisation has read of what was shared with it for one consultation, and when, in real time.

    Attributes:
        read: every fact that it ever read, by name, with the place in the trail where it last did.
        recalled: those of which a person tells it that their ground ended, since it last had one.
    """

    read: dict[str, int] = field(default_factory=dict)
    recalled: set[str] = field(default_factory=set)
    first_read_at: datetime | None = None
    last_read_at: datetime | None = None

    def note_reading(self, said: Mapping[str, Any], names: Iterable[str]) -> None:
        """Take in that it was read: what was told before is to be told again."""
        at = datetime.fromisoformat(said["ts"])
        self.first_read_at = self.first_read_at or at
        self.last_read_at = at
        for name in names:
            self.read[name] = said["seq"]
            self.recalled.discard(name)


@dataclass
class Readings:
    """All that was read in a case for consultations, and where in its trail messages recalled what referrals told.

    Attributes:
        by: what was read, by consultation and organisation.
    """

    by: dict[tuple[UUID, str], ReadByInvited] = field(default_factory=dict)
    _started: dict[str, int] = field(default_factory=dict)

    def told_since(self, read: ReadByInvited, recalls: Iterable[Recall]) -> set[str]:
        """Give the facts of which an organisation was told about its referrals since it read them here.

        Args:
            read: what it has read for a consultation.
            recalls: what it was told about its referrals.
        """
        counting = [one for one in recalls if consents.still_counts(one)]
        return {
            name
            for name, seq in read.read.items()
            for one in counting
            # What this very act starts is not in the trail yet.
            if (one.whole or name in one.fields) and self._started.get(str(one.id), seq + 1) > seq
        }

    def note(self, said: Mapping[str, Any]) -> None:
        """Take in one entry of the case."""
        objects = {one["type"]: one for one in said["objects"]}
        if said["event"] == Event.RECALL_STARTED and "recall" in objects:
            self._started[objects["recall"]["id"]] = said["seq"]
        meeting = objects.get("consultation", {})
        # The desk looks at consultations too, and reads no facts there.
        if said["outcome"] != Outcome.SUCCESS or not meeting.get("fields"):
            return
        if said["event"] == Event.CONSULTATION_READ:
            self._of(meeting, said["org"]).note_reading(said, meeting["fields"])
        elif said["event"] == Event.RECALL_STARTED:
            self._of(meeting, objects["partner"]["id"]).recalled.update(meeting["fields"])
        elif said["event"] == Event.RECALL_LIFTED:
            self._of(meeting, objects["partner"]["id"]).recalled.difference_update(meeting["fields"])

    def _of(self, meeting: Mapping[str, Any], org: str) -> ReadByInvited:
        return self.by.setdefault((UUID(meeting["id"]), org), ReadByInvited())


def readings(session: Session, case_id: UUID) -> Readings:
    """Give what invited organisations have read in a case.

    Args:
        session: where the trail is.
        case_id: whose trail.
    """
    found = Readings()
    for kept in audit.entries_of(session, str(case_id)):
        found.note(json.loads(kept.body))
    return found
