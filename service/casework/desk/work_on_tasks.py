"""People work through what they must do: see it, take it on, do it, or hand it over; each step stands in the trail."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from service.access.roles import Scope
from service.audit.event import Act, Action, Event, Touched
from service.cases import store as cases
from service.casework.cases.read_cases import task_view
from service.casework.commands.tasks import AssignTask, FinishTask, HandOverTask
from service.casework.consultations.agreed import move_agreed
from service.casework.context import Context, Tried
from service.casework.deadlines.plan_clocks import DueInThePast
from service.casework.desk.act_on_task import about_to_send, act_on_task
from service.casework.questions import ListTasks
from service.casework.referrals.as_previewed import require_as_previewed
from service.casework.tasks.await_triage import require_triaged
from service.casework.tasks.put_on_desk import stream_of
from service.casework.trail.tell_of_lists import Listed, tell
from service.casework.views.tasks import TaskPage, TaskView
from service.database.pages import cut, page_of
from service.database.unit_of_work import UnitOfWork
from service.kernel.errors import Problem
from service.kernel.ids import new_id
from service.kernel.paging import Mark, cursor, mark_from
from service.kernel.versions import Seen
from service.places import questions
from service.signals import store as signals
from service.tasks import store as tasks
from service.tasks.lifecycle import TaskState
from service.tasks.store import Ending
from service.tasks.tables import Task


@dataclass(frozen=True)
class _Held:
    """A task that nobody else may change now, the transaction that holds it, and where a refusal is kept."""

    work: UnitOfWork
    task: Task
    tried: Tried


def list_tasks(context: Context, question: ListTasks) -> TaskPage:
    """Give one page of the tasks that lie on the caller's desk, in a case or without one, newest first.

    Args:
        context: who looks.
        question: which tasks, how many, and where the page before ended.

    Raises:
        ScopeMissing: the caller may not read tasks.
        CursorNotUnderstood: the cursor is none of ours.
    """
    context.require(Scope.TASKS_READ)
    after = mark_from(question.cursor)
    wanted = _wanted(context, question)
    ordered = page_of(wanted, (col(Task.opened_at), col(Task.id)), question.page_size, after)
    with context.work() as work:
        rows, end = cut(list(work.session.exec(ordered)), question.page_size, _mark)
        tell(
            context,
            work,
            Listed(Event.TASK_LISTED, question, [(stream_of(one), Touched("task", str(one.id))) for one in rows]),
        )
    return TaskPage(items=tuple(task_view(one) for one in rows), next_cursor=cursor(end))


def read_task(context: Context, task_id: UUID) -> TaskView:
    """Give a task; that it was read is kept before it is given.

    Args:
        context: who looks.
        task_id: which task.

    Raises:
        ScopeMissing: the caller may not read tasks.
        TaskNotFound: there is none that this caller may see.
    """
    context.require(Scope.TASKS_READ)
    asked = Touched("task", str(task_id))
    with context.refusals_kept(Event.ACCESS_REFUSED, Action.READ, asked), context.work() as work:
        task = tasks.task_seen_by(work.session, task_id, context.org_seen())
        context.record(work, Act(Event.TASK_READ, Action.READ, stream_of(task), (asked,)))
        return task_view(task)


def assign_task(context: Context, task_id: UUID, seen: Seen, command: AssignTask) -> TaskView:
    """Say who does a task and until when; what the command leaves out stays as it is.

    Args:
        context: who says so.
        task_id: which task.
        seen: the versions of the task that the caller says to have seen.
        command: owner and day.

    Raises:
        ScopeMissing: the caller may not change tasks.
        TaskNotFound: there is none that this caller may see.
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended.
        DueInThePast: the new day is over; one that was over before stays.
    """
    with _held(context, task_id) as held:
        said = command.model_fields_set
        owner = command.owner if "owner" in said else held.task.owner
        due = command.due if "due" in said else held.task.due
        if due is not None and due != held.task.due and due < context.today():
            raise DueInThePast(problems=(Problem("/due", DueInThePast.code, DueInThePast.title),))
        tasks.assign(held.work.session, held.task, seen, owner, due)
        _tell(context, held, Event.TASK_ASSIGNED, tuple(sorted(said)))
        move_agreed(context, held.work, held.task)
        return task_view(held.task)


def finish_task(context: Context, task_id: UUID, seen: Seen, command: FinishTask) -> TaskView:
    """Say that a task was done, and what came of it; a referral that it is about goes on accordingly.

    Args:
        context: who did it.
        task_id: which task.
        seen: the versions of the task that the caller says to have seen.
        command: the outcome.

    Raises:
        ScopeMissing: the caller may not change tasks.
        TaskNotFound: there is none that this caller may see.
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended before.
        TriageFirst: the task is to triage a signal, and ends by that.
        ContentDiffers: something else would be sent by it than was seen.
    """
    with _held(context, task_id) as held:
        require_triaged(held.task)
        ending = Ending(context.caller.subject, context.clock.now(), command.outcome)
        tasks.finish(held.work.session, held.task, seen, ending)
        _tell(context, held, Event.TASK_DONE, ("outcome", "state"))
        sent = about_to_send(held.work, held.task)
        require_as_previewed(context, held.work, held.tried, sent, command.previews)
        act_on_task(context, held.work, held.task)
        return task_view(held.task)


def hand_over_task(context: Context, task_id: UUID, seen: Seen, command: HandOverTask) -> TaskView:
    """Hand a task to another person or desk, and give the open task that took its place.

    Args:
        context: who hands it over.
        task_id: which task.
        seen: the versions of the task that the caller says to have seen.
        command: who goes on with it.

    Raises:
        ScopeMissing: the caller may not change tasks.
        TaskNotFound: there is none that this caller may see.
        Unseen: the caller names no version.
        Stale: somebody changed the task in between.
        IllegalTransition: the task has ended before.
    """
    with _held(context, task_id) as held:
        task, now = held.task, context.clock.now()
        following = Task(
            id=new_id(),
            case_id=task.case_id,
            signal_id=task.signal_id,
            question_id=task.question_id,
            org=task.org,
            kind=task.kind,
            rule=task.rule,
            referral_id=task.referral_id,
            deadline_id=task.deadline_id,
            opened_at=now,
            due=task.due,
            owner=command.to,
            state=TaskState.OPEN,
        )
        tasks.hand_over(held.work.session, task, seen, following, Ending(context.caller.subject, now))
        _tell(context, held, Event.TASK_HANDED_OVER, ("state",), Touched("task", str(following.id), None, 1))
        return task_view(following)


@contextmanager
def _held(context: Context, task_id: UUID) -> Iterator[_Held]:
    """Find a task for somebody who may change it, and hold it together with its case or signal."""
    context.require(Scope.TASKS_WRITE)
    asked = Touched("task", str(task_id))
    with context.refusals_kept(Event.TASK_REFUSED, Action.UPDATE, asked) as tried, context.work() as work:
        seen = tasks.task_seen_by(work.session, task_id, context.org_seen())
        # What it is about first, as everybody does who opens and drops tasks.
        if seen.case_id is not None:
            cases.case_seen_by(work.session, seen.case_id, context.org_seen(), lock=True)
        if seen.signal_id is not None:
            signals.signal_seen_by(work.session, seen.signal_id, context.org_seen(), lock=True)
        if seen.question_id is not None:
            questions.question_of(work.session, seen.question_id, context.org_seen(), lock=True)
        tried.stream = stream_of(seen)
        work.session.refresh(seen, with_for_update=True)
        yield _Held(work, seen, tried)


def _tell(context: Context, held: _Held, event: Event, fields: tuple[str, ...], *more: Touched) -> None:
    task = held.task
    touched = (Touched("task", str(task.id), task.version - 1, task.version, fields), *more)
    context.record(held.work, Act(event, Action.UPDATE, stream_of(task), touched))


def _wanted(context: Context, question: ListTasks) -> SelectOfScalar[Task]:
    wanted = select(Task)
    org = context.org_seen()
    if org is not None:
        wanted = wanted.where(col(Task.org) == org)
    for column, value in (
        (col(Task.state), question.state),
        (col(Task.kind), question.kind),
        (col(Task.case_id), question.case_id),
        (col(Task.signal_id), question.signal_id),
        (col(Task.question_id), question.question_id),
        (col(Task.owner), question.owner),
    ):
        if value is not None:
            wanted = wanted.where(column == value)
    return wanted if question.due_before is None else wanted.where(col(Task.due) < question.due_before)


def _mark(task: Task) -> Mark:
    return Mark(task.opened_at, task.id)
