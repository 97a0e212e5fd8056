"""Places over HTTP: partners say what they have, coordinators ask around and hold one."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.status import HTTP_201_CREATED

from service.api.caller import MayHoldPlaces, MayReadCapacity, MayReportCapacity
from service.api.outside_names import Outside
from service.api.pages import link_next
from service.api.repeatable import repeatable
from service.casework.commands.places import AnswerCapacity, AskCapacity, ReportCapacity
from service.casework.places.answer_capacity import answer_capacity, read_question
from service.casework.places.ask_capacity import ask_capacity, read_answers
from service.casework.places.hold_place import hold_place, release_place
from service.casework.places.list_questions import list_questions
from service.casework.places.report_capacity import list_capacity, report_capacity
from service.casework.questions import ListCapacity, ListCapacityQuestions
from service.casework.views.places import (
    CapacityAnswers,
    CapacityList,
    CapacityQuestionPage,
    CapacityQuestionView,
    CapacityView,
    HoldView,
)

router: Final = APIRouter(prefix="/v1", tags=["places"], redirect_slashes=False)


@router.put("/capacity", operation_id="reportCapacity", summary="Report your places")
def report(command: Outside[ReportCapacity], context: MayReportCapacity) -> CapacityView:
    """Say how many places you have of one kind for one group, in the place of what you said of them before.

    Say never where they are.
    """
    return report_capacity(context, command)


@router.get("/capacity", operation_id="listCapacity", summary="List reported places")
def show_capacity(question: Annotated[Outside[ListCapacity], Query()], context: MayReadCapacity) -> CapacityList:
    """Give what partners report of their places, how old that is and what is left of it; a partner sees its own."""
    return list_capacity(context, question)


@router.post(
    "/capacity/{capacityId}/holds",
    status_code=HTTP_201_CREATED,
    operation_id="holdPlace",
    summary="Have a place kept for some minutes",
)
@repeatable
def hold(capacityId: UUID, context: MayHoldPlaces, response: Response) -> HoldView:  # noqa: ARG001, N803 -- repeatable looks at the response; the name in the address
    """Keep one of the places that are left; when its time is over others may have it."""
    return hold_place(context, capacityId)


@router.post(
    "/capacity/{capacityId}/holds/{holdId}/release", operation_id="releasePlace", summary="Give a held place back"
)
@repeatable
def release(capacityId: UUID, holdId: UUID, context: MayHoldPlaces, response: Response) -> HoldView:  # noqa: ARG001, N803 -- repeatable looks at the response; the name in the address
    """Let others have a place that was held and is not needed."""
    return release_place(context, capacityId, holdId)


@router.post(
    "/capacity-questions",
    status_code=HTTP_201_CREATED,
    operation_id="askCapacity",
    summary="Ask for places, without a person",
)
@repeatable
def ask(command: Outside[AskCapacity], context: MayHoldPlaces, response: Response) -> CapacityAnswers:  # noqa: ARG001 -- repeatable looks at the response
    """Ask whether there are places for a group; when partners have not reported enough of them, they are asked."""
    return ask_capacity(context, command)


@router.get("/capacity-questions", operation_id="listCapacityQuestions", summary="List what you are asked for")
def show_questions(
    question: Annotated[Outside[ListCapacityQuestions], Query()], context: MayReportCapacity, response: Response
) -> CapacityQuestionPage:
    """Give one page of what a partner was asked, newest first: whoever has no system that listens can look here."""
    page = list_questions(context, question)
    link_next(response, "/v1/capacity-questions", question, page.next_cursor)
    return page


@router.get("/capacity-questions/{questionId}", operation_id="readCapacityQuestion", summary="Fetch a question")
def fetch(questionId: UUID, context: MayReportCapacity) -> CapacityQuestionView:  # noqa: N803 -- the name in the address
    """Give a partner what it is asked: for which group, how soon and how many, and nothing about a person."""
    return read_question(context, questionId)


@router.get(
    "/capacity-questions/{questionId}/answers", operation_id="readCapacityAnswers", summary="Read who has places"
)
def answers(questionId: UUID, context: MayHoldPlaces) -> CapacityAnswers:  # noqa: N803 -- the name in the address
    """Give what has come of a question by now, to those who asked it."""
    return read_answers(context, questionId)


@router.post(
    "/capacity-questions/{questionId}/answers", operation_id="answerCapacity", summary="Answer a question for places"
)
@repeatable
def answer(
    questionId: UUID,  # noqa: N803 -- the name in the address
    command: Outside[AnswerCapacity],
    context: MayReportCapacity,
    response: Response,  # noqa: ARG001 -- repeatable looks at the response
) -> CapacityQuestionView:
    """Say yes, with how many, or no; a later answer takes the place of an earlier one."""
    return answer_capacity(context, questionId, command)
