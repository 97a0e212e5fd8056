"""Who holds what: the trail is the ledger of every reading, so nothing is kept twice and nothing can be forgotten."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from service.audit import store as audit
from service.audit.event import Event, Outcome

_REACHED: Final = frozenset({Event.REFERRAL_SENT, Event.REFERRAL_HANDED_OVER})


@dataclass
class Held:
    """What the partner of one referral has read and when, in real time.

    Attributes:
        fields: the names of all facts that it ever read.
        content: the hash of what it read last.
        told_at: when it first heard of the referral, by message or by a person.
    """

    fields: set[str] = field(default_factory=set)
    content: str | None = None
    told_at: datetime | None = None
    first_read_at: datetime | None = None
    last_read_at: datetime | None = None

    def note(self, said: Mapping[str, Any], objects: Mapping[str, Mapping[str, Any]]) -> None:
        """Take in one entry about the referral."""
        at = datetime.fromisoformat(said["ts"])
        if said["event"] in _REACHED:
            self.told_at = self.told_at or at
        elif said["event"] == Event.REFERRAL_FETCHED:
            self.fields.update(objects["referral"]["fields"])
            self.content = objects["content"]["id"] if "content" in objects else None
            self.first_read_at = self.first_read_at or at
            self.last_read_at = at


def held(session: Session, case_id: UUID) -> dict[UUID, Held]:
    """Give what partners have read in a case, by referral.

    Args:
        session: where the trail is.
        case_id: whose trail.
    """
    found: dict[UUID, Held] = {}
    for kept in audit.entries_of(session, str(case_id)):
        said = json.loads(kept.body)
        objects = {one["type"]: one for one in said["objects"]}
        if said["outcome"] == Outcome.SUCCESS and "referral" in objects:
            found.setdefault(UUID(objects["referral"]["id"]), Held()).note(said, objects)
    return found
