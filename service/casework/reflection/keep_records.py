"""Who established a step is kept beside the facts, for good."""

from collections.abc import Sequence

from service.audit.event import Act, Action, Event, Touched
from service.cases.tables import Case
from service.casework.context import Context
from service.casework.reflection.judge_steps import Claim
from service.database.unit_of_work import UnitOfWork
from service.reflection import store as reflection
from service.reflection.policy import Taken
from service.reflection.tables import PeriodRecord


def keep_records(context: Context, work: UnitOfWork, case: Case, steps: Sequence[Taken], claim: Claim) -> None:
    """Keep one record for each step that was taken, each with an entry that names no step and no day.

    Args:
        context: who records them.
        work: the unit of work of the act; it holds the case's row.
        case: whose period it is.
        steps: what was taken, judged before.
        claim: who established it.
    """
    known = len(reflection.records(work.session, case.id)) if steps else 0
    for version, one in enumerate(steps, start=known + 1):
        said = {
            "step": one.step.value,
            "on": None if one.on is None else one.on.isoformat(),
            "established_by": claim.established_by,
            "learned": None if claim.learned is None else claim.learned.value,
            "explanation": claim.explanation,
        }
        record = PeriodRecord(
            case_id=case.id,
            version=version,
            said=reflection.sealed(work.vault, case.id, version, said),
            recorded_by=context.caller.subject,
            recorded_at=context.clock.now(),
        )
        reflection.add(work.session, record)
        touched = (Touched("case", str(case.id)), Touched("period", str(case.id), version - 1 or None, version))
        commitment = work.vault.commitment(case.id, said)
        context.record(work, Act(Event.PERIOD_RECORDED, Action.CREATE, str(case.id), touched, commitment=commitment))
