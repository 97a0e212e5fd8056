"""Trying the rules over HTTP."""

from typing import Final

from fastapi import APIRouter

from service.api.caller import MayPreview
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.casework.cases.preview_decision import preview_decision
from service.casework.commands import PreviewDecision
from service.casework.views.decision import DecisionContent

router: Final = APIRouter(prefix="/v1", tags=["decisions"], redirect_slashes=False)


@router.post("/decisions/preview", operation_id="previewDecision", summary="Ask what the rules would say")
def preview(command: Outside[PreviewDecision], context: MayPreview) -> DecisionContent:
    """Decide about facts without keeping them; the trail keeps that somebody asked."""
    facts = inside_facts(command.facts, context.rules().vocabulary)
    return preview_decision(context, command.model_copy(update={"facts": facts}))
