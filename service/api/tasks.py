"""Tasks over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayChangeTasks, MayReadTasks
from service.api.conditional import SeenVersions, tagged
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.tasks import AssignTask, FinishTask, HandOverTask
from service.casework.desk.work_on_tasks import assign_task, finish_task, hand_over_task, list_tasks, read_task
from service.casework.questions import ListTasks
from service.casework.views.tasks import TaskPage, TaskView

router: Final = APIRouter(prefix="/v1", tags=["tasks"], redirect_slashes=False)


@router.get("/tasks", operation_id="listTasks", summary="List tasks")
def show_tasks(question: Annotated[Outside[ListTasks], Query()], context: MayReadTasks, response: Response) -> TaskPage:
    """Give one page of the tasks in cases of the caller's organisation, newest first."""
    page = list_tasks(context, question)
    link_next(response, "/v1/tasks", question, page.next_cursor)
    return page


@router.get("/tasks/{taskId}", operation_id="readTask", summary="Read a task")
def show_task(taskId: UUID, context: MayReadTasks, response: Response) -> TaskView:  # noqa: N803 -- the name in the address
    """Give a task; its ETag is needed to change it."""
    return tagged(response, read_task(context, taskId))


@router.patch("/tasks/{taskId}", operation_id="assignTask", summary="Say who does a task and until when")
def assign(
    taskId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[AssignTask],
    context: MayChangeTasks,
    seen: SeenVersions,
    response: Response,
) -> TaskView:
    """Change owner and day of an open task; what is left out stays, null takes it away."""
    return tagged(response, assign_task(context, taskId, seen, command))


@router.post("/tasks/{taskId}/done", operation_id="finishTask", summary="Say that a task was done")
@repeatable
def finish(
    taskId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[FinishTask],
    context: MayChangeTasks,
    seen: SeenVersions,
    response: Response,
) -> TaskView:
    """End a task with its outcome."""
    return tagged(response, finish_task(context, taskId, seen, command))


@router.post(
    "/tasks/{taskId}/hand-over",
    status_code=HTTP_201_CREATED,
    operation_id="handOverTask",
    summary="Hand a task to another person or desk",
)
@repeatable
def hand_over(
    taskId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[HandOverTask],
    context: MayChangeTasks,
    seen: SeenVersions,
    response: Response,
) -> TaskView:
    """End a task as handed over, and give the open task that took its place."""
    following = hand_over_task(context, taskId, seen, command)
    response.headers["Location"] = f"/v1/tasks/{following.id}"
    return tagged(response, following)
