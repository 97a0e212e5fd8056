"""Trying the rules and asking why, over HTTP."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query

from service.api.caller import MayPreview, MayReadCases
from service.api.fact_names import inside_facts
from service.api.outside_names import Outside
from service.casework.cases.explain_decision import explain_decision
from service.casework.cases.preview_decision import preview_decision
from service.casework.commands.cases import PreviewDecision
from service.casework.questions import ExplainDecision
from service.casework.rules.list_municipalities import list_municipalities
from service.casework.views.decision import PreviewView
from service.casework.views.explanation import ExplanationView, ToldToPersonView
from service.casework.views.rules import MunicipalityList

router: Final = APIRouter(prefix="/v1", tags=["decisions"], redirect_slashes=False)


@router.post("/decisions/preview", operation_id="previewDecision", summary="Ask what the rules would say")
def preview(command: Outside[PreviewDecision], context: MayPreview) -> PreviewView:
    """Decide about facts without keeping them, and say what to ask next; the trail keeps that somebody asked."""
    facts = inside_facts(command.facts, context.rules().vocabulary)
    return preview_decision(context, command.model_copy(update={"facts": facts}))


@router.get("/decisions/{decisionId}/explanation", operation_id="explainDecision", summary="Ask why a decision is so")
def show_explanation(
    decisionId: UUID,  # noqa: N803 -- the name in the address
    question: Annotated[Outside[ExplainDecision], Query()],
    context: MayReadCases,
) -> ExplanationView | ToldToPersonView:
    """Explain a decision: rows and sources, the facts that mattered, what would change it, and what made no difference.

    What the person is told holds words only, no row and no code, and nothing that could harm when another reads it.
    """
    return explain_decision(context, decisionId, question)


@router.get("/municipalities", operation_id="listMunicipalities", summary="List the codes of municipalities")
def show_municipalities(context: MayPreview) -> MunicipalityList:
    """Give all municipalities of today by name, each with the code by which facts name it.

    One cannot be asked for by itself: an address would tell where somebody is.
    """
    return list_municipalities(context)
