"""What closing a case takes: whatever is open in it is taken back, ended or ticked off, one after the other."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from service.casework.cases.close_case import close_case
from service.casework.cases.read_cases import read_case
from service.casework.cases.reopen_case import reopen_case
from service.casework.commands.cases import CloseCase, ReopenCase
from service.casework.commands.places import EndPlacement
from service.casework.commands.referrals import WithdrawReferral
from service.casework.commands.tasks import FinishTask
from service.casework.desk.work_on_tasks import finish_task
from service.casework.places.doors import AtDesk
from service.casework.places.end_placement import end_placement
from service.casework.places.show_placements import list_placements
from service.casework.referrals.contents import ASKS_FOR_AN_ANSWER
from service.casework.referrals.work_on_referrals import withdraw_referral
from service.casework.tasks.kinds import CONSIDER_CLOSING
from service.casework.views.cases import CaseStepReceipt, CaseView
from service.casework.views.referrals import ReferralLine
from service.deadlines.lifecycle import LIVE
from service.places.lifecycle import PlacementState
from service.referrals.lifecycle import READABLE, Answer, ReferralState
from service.tasks.lifecycle import TaskOutcome, TaskState
from service.wiring import Service
from tests.casework.clocks import clocks_of
from tests.casework.places.placing import came, opened
from tests.factories import answers, coordinator, lines_for, opened_case, stepped

MISTAKE: Final = {"reason": "mistake", "explanation": "Invented: it was about nobody."}


def still_asked(lines: Iterable[ReferralLine]) -> list[ReferralLine]:
    """Give the referrals on which a partner works, or may have to."""
    asked = [one for one in lines if one.content in ASKS_FOR_AN_ANSWER and one.state in READABLE]
    return [*asked, *(one for one in lines if one.state is ReferralState.PROPOSED)]


def finish(service: Service, case_id: UUID, *left_open: str) -> None:
    """Take back every open referral, end every placement, and tick off everything but what is left open."""
    desk = coordinator(service)
    for line in still_asked(read_case(desk, case_id).referrals):
        back = WithdrawReferral(reason="person_decided")
        withdraw_referral(desk, case_id, line.id, frozenset({line.version}), back)
    for one in list_placements(desk, case_id).items:
        if one.state is not PlacementState.ENDED:
            gone = EndPlacement.model_validate({"ended_on": desk.today(), "reason": "mistake"})
            end_placement(desk, AtDesk(case_id), one.id, frozenset({one.version}), gone)
    for task in read_case(desk, case_id).tasks:
        if task.state is TaskState.OPEN and task.kind not in {CONSIDER_CLOSING, *left_open}:
            done = FinishTask(outcome=TaskOutcome.NOT_POSSIBLE)
            finish_task(desk, task.id, frozenset({task.version}), done)


def close(service: Service, case_id: UUID, **said: object) -> CaseStepReceipt:
    """Close a case on the version that counts now, as a mistake unless a story says otherwise."""
    known = frozenset({seen(service, case_id).version})
    return close_case(coordinator(service), case_id, known, CloseCase.model_validate(said or MISTAKE))


def reopen(service: Service, case_id: UUID, reason: str = "came_back") -> CaseStepReceipt:
    """Reopen a case on the version that counts now."""
    known = frozenset({seen(service, case_id).version})
    return reopen_case(coordinator(service), case_id, known, ReopenCase.model_validate({"reason": reason}))


def finished_case(service: Service) -> UUID:
    """Open a case in which nothing is indicated, and in which everything has ended."""
    case_id = opened_case(service, indication="no", reflection_choice=None, accepted_on=None).case_id
    finish(service, case_id)
    return case_id


def seen(service: Service, case_id: UUID) -> CaseView:
    """Give a case as its desk reads it."""
    return read_case(coordinator(service), case_id)


def open_kinds(service: Service, case_id: UUID) -> set[str]:
    """Give the kinds of what is to be done in a case."""
    return {one.kind for one in seen(service, case_id).tasks if one.state is TaskState.OPEN}


def live_clocks(service: Service, case_id: UUID) -> set[str]:
    """Give the kinds of the clocks that run in a case."""
    return {one.kind for one in clocks_of(service, case_id) if one.state in LIVE}


def placed(service: Service) -> UUID:
    """Open the case of somebody in the reflection period who has come to a COSM place."""
    case_id = opened_case(service).case_id
    answers(service, lines_for(service, case_id, "comensha")[0], Answer.ACCEPT)
    came(service, opened(service, case_id))
    return case_id


def left(service: Service, case_id: UUID) -> None:
    """Let the police establish that the person has left with an unknown destination."""
    stepped(service, case_id, "unknown_destination", "2026-11-23")
