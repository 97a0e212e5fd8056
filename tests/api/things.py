"""One of everything that operations are asked about: a case and what hangs on it, a partner's systems, places."""

from collections.abc import Callable, Container, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from service.access.roles import Role, caller
from service.casework.cases.list_cases import list_cases
from service.casework.cases.read_cases import read_case
from service.casework.commands.consultations import PlanConsultation
from service.casework.commands.journal import RecordAbsence
from service.casework.commands.partners import RegisterEndpoint
from service.casework.commands.places import AskCapacity, KeptPlace, OpenPlacement, ReportCapacity
from service.casework.commands.rules import ProposeRules
from service.casework.commands.signals import AnnounceGroup
from service.casework.consultations.plan_consultation import plan_consultation
from service.casework.context import Context
from service.casework.figures.draw_up_figures import draw_up_figures
from service.casework.journal.record_absence import record_absence
from service.casework.partners.manage_endpoints import register_endpoint
from service.casework.places.ask_capacity import ask_capacity
from service.casework.places.doors import AtDesk
from service.casework.places.hold_place import hold_place
from service.casework.places.keep_place import open_placement
from service.casework.places.place_as_asked import hold_as_asked
from service.casework.places.report_capacity import report_capacity
from service.casework.questions import ListCases
from service.casework.referrals.read_referral import read_referral
from service.casework.rules.publish_rules import list_rules, offer_rules
from service.casework.signals.announce_group import announce_group
from service.journal.lifecycle import AbsenceKind
from service.places.policy import TargetGroup
from service.referrals.lifecycle import Answer
from service.routing.rule_files.bundle import Bundle, bundle_from
from service.rulebook.lifecycle import ProposalState
from service.wiring import Service
from tests.casework.clocks import deadlines_in
from tests.casework.closing import close, finished_case
from tests.factories import (
    OFFICE,
    answers,
    coordinator,
    left_alone,
    lines_for,
    listen_at,
    opened_case,
    partner,
    referral_to,
    says,
    waiting_signal,
)

HERE: Final = "https://hooks.example.org/in"


A_MEETING: Final = {
    "agenda": "safety",
    "plannedFor": "2026-12-01T10:00:00Z",
    "participants": [{"partnerId": "comensha", "participant": "desk-7"}],
}


def about_a_case(service: Service) -> dict[str, str]:
    """Give every id that hangs on a case, by what it is."""
    receipt = opened_case(service, absences_last_30_days=3)
    case = read_case(coordinator(service), receipt.case_id)
    asked = next(one for one in case.referrals if one.asked_as == "comensha")
    queued = next(one for one in case.referrals if one.asked_as == "emm")
    waiting = next(one for one in case.referrals if one.state.value == "proposed")
    return {
        "case": str(case.id),
        "decision": str(case.decisions[-1].id),
        "referral": str(asked.id),
        "delivery": asked.deliveries[0].id,
        "queued": str(queued.id),
        "waiting": str(waiting.id),
        "task": str(case.tasks[0].id),
        "signal": str(receipt.signal_id),
        "consultation": str(plan_consultation(coordinator(service), case.id, parsed_meeting()).id),
        **deadlines_in(service, case.id),
    }


def parsed_meeting() -> PlanConsultation:
    """Give a meeting to which one partner is invited that sees nothing of the person."""
    return PlanConsultation.model_validate(A_MEETING)


def a_group(service: Service) -> UUID:
    """Give a group of an action day, the same one each time; CoMensha is told how many they are."""
    said = AnnounceGroup(
        submission_key="a-group-of-the-matrix-0",
        facts={"indication": "yes"},
        head_count=2,
        action_on=date(2026, 11, 25),
    )
    return announce_group(coordinator(service), said).id


def another_case(service: Service) -> UUID:
    """Give a case of the same office that is not the newest."""
    known = list_cases(coordinator(service), ListCases(page_size=2)).items
    return known[1].id if len(known) > 1 else opened_case(service).case_id


def somebody_away(service: Service) -> dict[str, str]:
    """Give a case in which the person is away."""
    case_id = opened_case(service).case_id
    away = RecordAbsence(on=date(2026, 11, 23), kind=AbsenceKind.RAN_AWAY)
    shown = record_absence(coordinator(service), case_id, frozenset({1}), away)
    return {"case_away": str(case_id), "absence": str(shown.steps[0].id)}


def policy_owner(service: Service) -> Context:
    """Give the context of a policy owner."""
    return service.context(caller("owner-1", Role.POLICY_OWNER, OFFICE))


def about_places(service: Service) -> dict[str, str]:
    """Give places of a partner, one of them held, a question that was put to it, and a person who is placed."""
    said = ReportCapacity(shelter_type="cosm", target_group=TargetGroup.WOMEN, places=999, free=999)
    capacity = report_capacity(service.context(caller("system-1", Role.PARTNER, "comensha")), said)
    hold = hold_place(coordinator(service), capacity.id)
    asked = ask_capacity(coordinator(service), AskCapacity(target_group=TargetGroup.LABOUR_GROUPS))
    placed = opened_case(service).case_id
    placing = taken_by_comensha(service, placed)
    waits = open_placement(coordinator(service), AtDesk(placed), OpenPlacement())
    crisis = KeptPlace(partner_id="kadera-omm", placed_by="comensha")
    kept = OpenPlacement(shelter_type="crisis", interim=True, place=crisis)
    other = taken_by_comensha(service, opened_case(service).case_id)
    return {
        "placing": str(placing),
        "toPlace": str(other),
        "heldAsAsked": str(hold_as_asked(partner(service, "comensha"), placing, capacity.id).id),
        "capacity": str(capacity.id),
        "hold": str(hold.id),
        "question": str(asked.id),
        "placedCase": str(placed),
        "waits": str(waits.id),
        "kept": str(open_placement(coordinator(service), AtDesk(placed), kept).id),
    }


def taken_by_comensha(service: Service, case_id: UUID) -> UUID:
    """Give the referral by which CoMensha has taken a case."""
    (line,) = lines_for(service, case_id, "comensha")
    answers(service, line, Answer.ACCEPT)
    return line.id


def a_proposal(service: Service) -> str:
    """Give a proposal of rules that waits for another policy owner than the one who made it."""
    owner = policy_owner(service)
    waiting = [str(one.id) for one in list_rules(owner).items if one.state is ProposalState.PROPOSED]
    if waiting:
        return waiting[0]
    files = bundle_from(service.rules()).files
    worded = Bundle("nl", {**files, "explanation.yaml": files["explanation.yaml"] + "# worded otherwise\n"})
    return str(offer_rules(owner, worded, ProposeRules(reason="A word.")).id)


def about_comensha(service: Service) -> dict[str, str]:
    """Give one endpoint of a partner that listens, and one that has not proved itself yet."""
    listening = listen_at(service.operator(), "comensha", HERE)
    waiting = register_endpoint(service.operator(), RegisterEndpoint(partner_id="comensha", url=HERE))
    left_alone(service.operator(), "comensha")
    return {"partner": "comensha", "endpoint": str(listening.id), "pending": str(waiting.id)}


def about_closing(service: Service) -> dict[str, str]:
    """Give a case in which everything has ended, and one that was closed."""
    closed = finished_case(service)
    close(service, closed)
    return {"closable": str(finished_case(service)), "closed": str(closed)}


def recalled(service: Service) -> str:
    """Give a referral that its partner had read when consent to placement ended."""
    case_id = opened_case(service).case_id
    referral_id = referral_to(service, case_id, "comensha")
    read_referral(partner(service, "comensha"), referral_id)
    says(service, case_id, placement="withdrawn")
    return str(referral_id)


MADE: Final[Sequence[Callable[[Service], dict[str, str]]]] = (
    about_a_case,
    lambda service: {"untriaged": str(waiting_signal(service).signal_id)},
    lambda service: {"proposal": a_proposal(service)},
    lambda service: {"group": str(a_group(service))},
    lambda service: {"other": str(another_case(service))},
    lambda service: {"period": draw_up_figures(policy_owner(service), "2026-H1").period},
    somebody_away,
    about_comensha,
    about_places,
    about_closing,
    lambda service: {"recalled": recalled(service)},
)
"""What makes the things, each those that hang together."""


class Things(dict[str, str]):
    """One of everything, by what it is."""

    def __init__(self, service: Service) -> None:
        """Make everything once."""
        self._service = service
        self._made = [(make, make(service)) for make in MADE]
        self._spent: set[int] = set()
        super().__init__({name: it for _, made in self._made for name, it in made.items()})

    def spend(self, names: Container[str]) -> None:
        """Note that something was done with things, and so with all that hangs together with them."""
        self._spent |= self._places(names)

    def renew(self, names: Container[str]) -> None:
        """Make things anew with which something was done since they were made."""
        for place in sorted(self._places(names) & self._spent):
            make, _ = self._made[place]
            self.update(make(self._service))
            self._spent.remove(place)

    def _places(self, names: Container[str]) -> set[int]:
        return {place for place, (_, made) in enumerate(self._made) if any(name in names for name in made)}
