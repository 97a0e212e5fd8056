"""Somebody checks the whole log: from the bytes of the entries up to what was signed, and against the rows."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from service.access.roles import Scope
from service.audit import store as audit
from service.audit.chain import said_in
from service.audit.checkpoint import Verifier, read_signed
from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.audit.examination import Examination, Finding, Witness
from service.audit.signer import LogRefused
from service.casework.context import Context
from service.casework.trail.audited_contents import Contents
from service.casework.trail.audited_rows import Ledger
from service.casework.trail.seal_log import seal_what_waits
from service.casework.trail.sealed_values import misplaced
from service.casework.trail.taken_access import TakenAccess
from service.casework.views.trail import BreakView, CheckpointView, LogVerificationView
from service.database.sealing.vault import Vault
from service.kernel.ids import new_id
from service.rulebook import store as rulebook


def verify_log(context: Context, outside: str | None = None, trusted: Sequence[Verifier] = ()) -> LogVerificationView:
    """Examine the whole log and the rows that it speaks of; that it was examined is kept when the log can be written.

    Args:
        context: who checks.
        outside: a checkpoint that was kept outside, as a signed note.
        trusted: keys that are trusted beside the log's own, those of earlier logs for instance.

    Raises:
        ScopeMissing: the caller may not examine the log.
        NotACheckpoint: the outside checkpoint is none that a trusted key has signed.
    """
    context.require(Scope.LOG_VERIFY)
    signer = context.sealer.signer()
    verifiers = (signer.verifier, *trusted)
    witnesses = [] if outside is None else [Witness("the checkpoint from outside", read_signed(outside, verifiers))]
    remembered = signer.last()
    if remembered is not None:
        witnesses.append(Witness("the signer", remembered))
    _seal(context)
    with context.look() as session:
        examination, ledger, contents, taken = _examine(session, context, verifiers, witnesses)
        vault = Vault(session, context.keys)
        # What a log that does not hold says about rows proves nothing about them.
        findings = list(examination.findings) or [
            *ledger.compare(session),
            *contents.compare(session, vault),
            *misplaced(session, vault),
            *taken.compare(session),
            *(
                Finding(f"the rule set {one} is not the one that was kept")
                for one in rulebook.changed_since_kept(session)
            ),
        ]
    findings.extend(_keep(context))
    tree = examination.tree
    return LogVerificationView(
        verified=not findings,
        origin=signer.origin,
        size=tree.size,
        root=tree.root().hex(),
        entries=examination.entries,
        waiting=examination.waiting,
        trails=examination.trails,
        checkpoints=examination.checkpoints,
        rows=0 if examination.findings else len(ledger.last),
        contents=contents.compared,
        breaks=tuple(BreakView(stream=one.stream, seq=one.seq, place=one.place, what=one.what) for one in findings),
    )


def newest_checkpoint(context: Context) -> CheckpointView:
    """Give the newest signed checkpoint and the key that checks it, to be kept outside.

    Args:
        context: who asks.

    Raises:
        ScopeMissing: the caller may not examine the log.
        NothingSigned: there is none yet.
    """
    context.require(Scope.LOG_VERIFY)
    _seal(context)
    with context.look() as session:
        note = audit.newest_note(session)
    return CheckpointView(note=note, key=context.sealer.signer().verifier.written())


def _examine(
    session: Session, context: Context, verifiers: Sequence[Verifier], witnesses: Sequence[Witness]
) -> tuple[Examination, Ledger, Contents, TakenAccess]:
    nodes, notes = audit.all_nodes(session), audit.all_notes(session)
    at_once = context.database.shared is not None
    examination, ledger = Examination(nodes, notes, verifiers, witnesses, all_have_places=at_once), Ledger()
    contents, taken = Contents(), TakenAccess()
    for kept in audit.all_entries(session):
        said = said_in(kept.body)
        if examination.take(kept) and said is not None:
            ledger.note(said)
            contents.note(said)
            taken.note(said)
    examination.end(audit.all_heads(session))
    return examination, ledger, contents, taken


def _seal(context: Context) -> None:
    """Let what was written just now be examined with the rest; a log that cannot be sealed is examined as it is."""
    with suppress(LogRefused):
        seal_what_waits(context, f"examination-{new_id()}", timedelta(0))


def _keep(context: Context) -> list[Finding]:
    """Write into the trail that it was examined; a log that may not be written any more is one finding more."""
    examined = Act(Event.LOG_VERIFIED, Action.READ, SYSTEM_STREAM, (Touched("log", context.origin[0]),))
    try:
        with context.work() as work:
            context.record(work, examined)
    except LogRefused as refusal:
        return [Finding(refusal.detail)]
    except IntegrityError:
        return [Finding("no further entry can be written: what the log holds already contradicts it")]
    return []
