"""A group is shown with the cases that its members became; nothing in it tells who they are."""

from service.casework.views.signals import AdviceView, GroupMemberLine, GroupView
from service.database.unit_of_work import UnitOfWork
from service.signals import store as signals
from service.signals.lifecycle import outcome_of, state_of
from service.signals.tables import Signal


def group_view(work: UnitOfWork, group: Signal) -> GroupView:
    """Show a group as it stands.

    Args:
        work: the unit of work in which that stands in the trail.
        group: which one.
    """
    told = signals.told(work.vault, group)
    members = signals.members_of(work.session, group.id)
    return GroupView(
        id=group.id,
        submission_key=group.submission_key,
        received_at=group.submitted_at,
        state=state_of(group.state),
        outcome=outcome_of(group.state),
        version=group.version,
        head_count=told["announced"]["head_count"],
        action_on=told["announced"]["action_on"],
        facts=told["facts"],
        advice=AdviceView.model_validate(told["advice"]),
        members=tuple(
            GroupMemberLine(signal_id=one.id, case_id=one.case_id, submission_key=one.submission_key) for one in members
        ),
    )
