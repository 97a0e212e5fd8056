"""Rule sets over HTTP: what was proposed and published, and publishing what somebody else proposed.

A rule set is proposed at the terminal, where its folder is.
"""

from typing import Final
from uuid import UUID

from fastapi import APIRouter, Response

from service.api.caller import MayPublishRules, MayReadRules
from service.api.repeatable import repeatable
from service.casework.rules.publish_rules import list_rules, publish_rules
from service.casework.views.rules import ProposalList, ProposalView

router: Final = APIRouter(prefix="/v1", tags=["rules"], redirect_slashes=False)


@router.get("/rule-sets", operation_id="listRuleSets", summary="List rule sets")
def show_rule_sets(context: MayReadRules) -> ProposalList:
    """Give the rule sets that were proposed and published, newest first, and the name of the one in force."""
    return list_rules(context)


@router.post("/rule-sets/{proposalId}/publication", operation_id="publishRuleSet", summary="Publish a rule set")
@repeatable
def publish(proposalId: UUID, context: MayPublishRules, response: Response) -> ProposalView:  # noqa: ARG001, N803 -- the name in the address; repeatable looks at the response
    """Put a proposed rule set in force; whoever proposed it cannot. Every machine decides by it within a second."""
    return publish_rules(context, proposalId)
