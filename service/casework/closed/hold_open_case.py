"""Somebody is about to change a case: found only if they may see it, held until they are done, refused once closed."""

from uuid import UUID

from service.cases import store as cases
from service.cases.tables import Case
from service.casework.context import Context, Tried
from service.database.unit_of_work import UnitOfWork


def hold_open_case(context: Context, work: UnitOfWork, tried: Tried, case_id: UUID) -> Case:
    """Give a case that somebody works on, and let nobody else change it until this transaction ends.

    What must always be possible does not ask here: that consent is withdrawn, that a partner answers late or says what
    it did after consent ended, that a signal comes, that a message is delivered after all, that two cases are compared.

    Args:
        context: who changes it.
        work: the unit of work of the act.
        tried: where a refusal is kept, from now on in this case.
        case_id: the case, which the caller's organisation must have opened.

    Raises:
        CaseNotFound: there is no such case for this caller.
        CaseClosed: nobody works on it.
    """
    case = cases.case_seen_by(work.session, case_id, context.org_seen(), lock=True)
    tried.in_case(case.id)
    cases.require_open(case)
    return case
