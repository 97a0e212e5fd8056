"""The person was told about rights: it is kept for good, and what waited for it on a desk is done."""

from typing import ClassVar
from uuid import UUID

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.closed.hold_open_case import hold_open_case
from service.casework.commands.rights import RecordRights
from service.casework.context import Context
from service.casework.rights.read_rights import rights_view
from service.casework.rights.rights_told import RECORD_RIGHTS, rights_to_record
from service.casework.tasks.open_tasks import arrange_kind
from service.casework.views.rights import RightsView
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import DomainError, Kind, Problem
from service.rights import store as rights
from service.rights.tables import RightsRecord


class RightsNotUnderstood(DomainError):
    """The day cannot be, or what is corrected is not there."""

    kind: ClassVar[Kind] = Kind.INVALID
    code: ClassVar[str] = "rights-not-understood"
    title: ClassVar[str] = "The information on rights cannot be recorded as it was told"


def record_rights(context: Context, case_id: UUID, command: RecordRights) -> RightsView:
    """Record that the person was told about rights, or with an explanation what was wrong in an earlier record.

    Args:
        context: who records it; whoever told it may be somebody else.
        case_id: the case, which the caller's organisation must have opened.
        command: what was told, when, in which language, how and by whom.

    Raises:
        ScopeMissing: the caller may not record it.
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on the case any more.
        RightsNotUnderstood: the day is still to come, or what is corrected does not count or is not explained.
    """
    context.require(Scope.RIGHTS_WRITE)
    asked = Touched("case", str(case_id))
    with context.refusals_kept(Event.RIGHTS_REFUSED, Action.CREATE, asked) as tried, context.work() as work:
        case = hold_open_case(context, work, tried, case_id)
        _require_sense(context, work, case, command)
        _keep(context, work, case, command)
        known = cases.known(work.session, work.vault, case)
        arrange_kind(context, work, case, RECORD_RIGHTS, rights_to_record(work, case, known))
        return rights_view(work, case.id)


def _require_sense(context: Context, work: UnitOfWork, case: Case, command: RecordRights) -> None:
    if command.given_on > context.today():
        problem = Problem("/given_on", "still-to-come", "It is recorded when it was told, today at the latest.")
        raise RightsNotUnderstood(problems=(problem,))
    if (command.corrects is None) != (command.explanation is None):
        problem = Problem("/explanation", "unexplained", "A correction names what it corrects and says what was wrong.")
        raise RightsNotUnderstood(problems=(problem,))
    if command.corrects is None:
        return
    told = {one.version: rights.said(work.vault, one) for one in rights.records(work.session, case.id)}
    if command.corrects not in rights.counting(told):
        problem = Problem("/corrects", "not-there", "There is no such record that still counts.")
        raise RightsNotUnderstood(problems=(problem,))


def _keep(context: Context, work: UnitOfWork, case: Case, command: RecordRights) -> None:
    before = len(rights.records(work.session, case.id))
    said, version = command.model_dump(mode="json"), before + 1
    record = RightsRecord(
        case_id=case.id,
        version=version,
        said=rights.sealed(work.vault, case.id, version, said),
        recorded_by=context.caller.subject,
        recorded_at=context.clock.now(),
    )
    rights.add(work.session, record)
    fields = tuple(sorted(command.model_fields_set))
    touched = (Touched("case", str(case.id)), Touched("rights", str(case.id), before or None, version, fields))
    event = Event.RIGHTS_RECORDED if command.corrects is None else Event.RIGHTS_CORRECTED
    commitment = work.vault.commitment(case.id, said)
    context.record(work, Act(event, Action.CREATE, str(case.id), touched, commitment=commitment))
