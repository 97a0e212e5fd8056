"""What was established is kept with one entry in the trail, and the facts that it changes are decided on again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.cases.tables import Case
from service.casework.cases.change_facts import keep_facts
from service.casework.context import Context
from service.database.unit_of_work import UnitOfWork
from service.journal import store as journal
from service.journal.lifecycle import EntryKind
from service.journal.tables import JournalEntry
from service.kernel.ids import new_id
from service.routing.decide import decide
from service.routing.decision import Decision
from service.routing.facts.answers import answers_from


@dataclass(frozen=True)
class Established:
    """Something that was established, in the words that its kind has; `about` is the entry that it ends."""

    kind: EntryKind
    said: Mapping[str, Any]
    about: UUID | None = None


def write_entry(context: Context, work: UnitOfWork, case: Case, event: Event, established: Established) -> JournalEntry:
    """Keep what was established in a case.

    Args:
        context: who established it.
        work: the unit of work; it holds the case's row.
        case: in which case.
        event: how the trail calls it.
        established: what it was.
    """
    entry_id, said = new_id(), dict(established.said)
    entry = JournalEntry(
        id=entry_id,
        case_id=case.id,
        number=journal.next_number(work.session, case.id),
        kind=established.kind,
        about=established.about,
        said=journal.sealed(work.vault, case.id, entry_id, said),
        recorded_by=context.caller.subject,
        recorded_at=context.clock.now(),
    )
    journal.add(work.session, entry)
    touched = Touched("journal", str(entry.id), None, entry.number, tuple(sorted(said)))
    commitment = work.vault.commitment(case.id, said)
    context.record(work, Act(event, Action.CREATE, str(case.id), (touched,), commitment=commitment))
    return entry


def decide_anew(context: Context, work: UnitOfWork, case: Case, changes: Mapping[str, Any]) -> Decision:
    """Change the facts that follow from what was established, and decide on them.

    Args:
        context: who established it.
        work: the unit of work; it holds the case's row.
        case: whose facts they are.
        changes: facts with their new values, each in the place of what was told; None takes one away.

    Raises:
        AnswersRefused: the facts that would result cannot be understood; nothing is kept.
    """
    known = cases.known(work.session, work.vault, case)
    told = {name: value for name, value in {**known, **changes}.items() if value is not None}
    rules = context.rules()
    answers = answers_from(told, rules.vocabulary)
    decision = decide(rules, answers, context.today())
    keep_facts(context, work, case, known, (answers, decision))
    return decision
