"""A list is a look at every case in it: each case's trail says so, and the system's trail says what was asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from service.audit.event import SYSTEM_STREAM, Act, Action, Event, Touched
from service.casework.context import Context
from service.casework.questions import Question
from service.database.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Listed:
    """What a list showed.

    Attributes:
        event: how the trail calls it.
        question: what was asked.
        shown: the case in whose trail it belongs, or the trail, and what was shown of it, for every line.
    """

    event: Event
    question: Question
    shown: Sequence[tuple[UUID | str, Touched]]


def tell(context: Context, work: UnitOfWork, listed: Listed) -> None:
    """Write into the trails that something was listed, before it is given.

    Args:
        context: who looked.
        work: the unit of work in which the rows were read.
        listed: what was asked and shown.
    """
    # Keyed, because whoever reads the trail could otherwise try questions until one fits.
    digest = work.vault.lookup.digest("query", listed.question.model_dump(mode="json", exclude_none=True))
    summary = (Touched("query", digest), Touched("count", str(len(listed.shown))))
    context.record(work, Act(listed.event, Action.EXECUTE, SYSTEM_STREAM, summary))
    by_case: dict[str, tuple[Touched, ...]] = {}
    for case_id, touched in listed.shown:
        by_case[str(case_id)] = (*by_case.get(str(case_id), ()), touched)
    # In one order for everybody, so that two lists never wait for each other's trails.
    for stream, objects in sorted(by_case.items()):
        context.record(work, Act(listed.event, Action.READ, stream, objects))
