"""The life of a proposal: one policy owner proposes, another publishes, until something newer takes its place."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class ProposalState(StrEnum):
    """Where a proposal can be."""

    PROPOSED = "proposed"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class ProposalEvent(StrEnum):
    """What can happen to a proposal."""

    PUBLISH = "publish"
    SUPERSEDE = "supersede"


PROPOSAL_LIFECYCLE: Final[Mapping[tuple[ProposalState, ProposalEvent], ProposalState]] = {
    (ProposalState.PROPOSED, ProposalEvent.PUBLISH): ProposalState.PUBLISHED,
    (ProposalState.PUBLISHED, ProposalEvent.SUPERSEDE): ProposalState.SUPERSEDED,
}
