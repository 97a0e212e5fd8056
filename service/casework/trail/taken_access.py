"""Whether access that was taken from somebody is taken still: without its row, a token would be good again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, select

from service.access.tables import Revocation
from service.audit.event import Event, Outcome
from service.audit.examination import Finding

_BETWEEN: Final = timedelta(minutes=1)
"""How much earlier than its entry a row may have been written, at most."""


@dataclass
class TakenAccess:
    """What entries say about whose access was taken, and when it last was."""

    last: dict[tuple[str, str], tuple[datetime, str, int]] = field(default_factory=dict)

    def note(self, said: Mapping[str, Any]) -> None:
        """Take in one entry.

        Args:
            said: the entry, in the order of the log.
        """
        if said.get("event") != Event.ACCESS_REVOKED or said.get("outcome") == Outcome.REFUSED:
            return
        named = {one["type"]: one["id"] for one in said["objects"]}
        at = datetime.fromisoformat(said["ts"])
        self.last[named["org"], named["account"]] = (at, said["stream"], said["seq"])

    def compare(self, session: Session) -> Iterator[Finding]:
        """Find everybody whose tokens would be good again.

        Args:
            session: where the rows are.
        """
        kept = {(one.org, one.subject): one.revoked_at for one in session.exec(select(Revocation))}
        for holder, (at, stream, seq) in self.last.items():
            revoked_at = kept.get(holder)
            if revoked_at is None or revoked_at < at - _BETWEEN:
                yield Finding("access that was taken here is no longer taken", stream, seq)
