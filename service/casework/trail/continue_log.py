"""A log is continued under a new name, because what was signed under the old one cannot be continued any more."""

from enum import StrEnum

from service.access.roles import Scope
from service.audit import store as audit
from service.audit.checkpoint import Checkpoint, read_checkpoint
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.kernel.errors import DomainError, Kind


class Reason(StrEnum):
    """Why a log has to go on under a new name."""

    RESTORED_BACKUP = "restored_backup"
    KEY_LOST = "key_lost"
    KEY_EXPOSED = "key_exposed"


class NameNotNew(DomainError):
    """The log goes by this name already."""

    kind = Kind.CONFLICT
    code = "name-not-new"
    title = "The log goes by this name already; set NRM_LOG_NAME to a new one first"


def continue_log(context: Context, reason: Reason) -> None:
    """Begin to sign under the name that is set now; the first entry names the last checkpoint of the old one and why.

    Args:
        context: who decides so.
        reason: why; whoever verifies will read it.

    Raises:
        ScopeMissing: the caller may not continue the log.
        NothingSigned: there is nothing to continue.
        NameNotNew: the log goes by this name already.
    """
    context.require(Scope.LOG_CONTINUE)
    with context.look() as session:
        last = _said(audit.newest_note(session))
    if last.origin == context.origin[0]:
        raise NameNotNew
    touched = (
        Touched("log", context.origin[0]),
        Touched("checkpoint", f"{last.origin} {last.size} {last.root.hex()}"),
        Touched("reason", reason.value),
    )
    with context.work() as work:
        context.record(work, Act(Event.LOG_CONTINUED, Action.EXECUTE, SYSTEM_STREAM, touched))


def _said(note: str) -> Checkpoint:
    return read_checkpoint(note.partition("\n\n")[0] + "\n")
