"""Whether sealed rows hold what entries committed to: who has the keys could seal another content in its place."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session

from service.audit.event import Event
from service.audit.examination import Finding
from service.cases import decisions
from service.cases import store as cases
from service.cases.tables import CaseDecision, CaseFacts, CaseReturn, CaseStep, DecisionOverride
from service.consent import store as consents
from service.consent.tables import ConsentEntry
from service.consultations import store as consultations
from service.consultations.tables import Consultation
from service.database.sealing.data_key import NotSealedHere
from service.database.sealing.keyring import KeysUnavailable
from service.database.sealing.vault import KeyDestroyed, Vault
from service.deadlines import store as deadlines
from service.deadlines.tables import Deadline, Suspension
from service.journal import store as journal
from service.journal.tables import JournalEntry
from service.places import store as places
from service.places.tables import PlacementStep
from service.recognition import store as recognition
from service.recognition.tables import Comparison
from service.reflection import store as reflection
from service.reflection.tables import PeriodRecord
from service.rights import store as rights
from service.rights.tables import RightsRecord
from service.signals import store as signals
from service.signals.tables import Signal, SignalStep

_NOT_SAID: Final = object()


@dataclass(frozen=True)
class _Committed:
    case_id: UUID
    seq: int
    event: Event
    objects: Mapping[str, Mapping[str, Any]]
    commitment: str


@dataclass
class Contents:
    """What entries committed to.

    Attributes:
        compared: how many contents were opened and compared; none while the keys are away.
    """

    compared: int = 0
    _committed: list[_Committed] = field(default_factory=list)

    def note(self, said: Mapping[str, Any]) -> None:
        """Take in one entry.

        Args:
            said: the entry.
        """
        if said.get("commit") and said.get("event") in _READERS:
            objects = {one["type"]: one for one in said["objects"]}
            event, case_id = Event(said["event"]), UUID(said["stream"])
            self._committed.append(_Committed(case_id, said["seq"], event, objects, said["commit"]))

    def compare(self, session: Session, vault: Vault) -> Iterator[Finding]:
        """Open what was committed to and compare; a row that is gone is found elsewhere.

        Args:
            session: where the rows are.
            vault: opens them; while the keys are away nothing is compared.
        """
        for one in self._committed:
            try:
                differs = self._differs(session, vault, one)
            except KeysUnavailable:
                return
            except (NotSealedHere, KeyDestroyed) as refusal:
                yield Finding(f"what {one.event} kept cannot be opened: {refusal.title}", str(one.case_id), one.seq)
                continue
            if differs:
                what = f"what {one.event} kept is sealed well and is not what the entry committed to"
                yield Finding(what, str(one.case_id), one.seq)

    def _differs(self, session: Session, vault: Vault, one: _Committed) -> bool:
        content = _READERS[one.event](session, vault, one)
        if content is _NOT_SAID:
            return False
        self.compared += 1
        return not vault.committed(one.case_id, one.commitment, content)


def _facts(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(CaseFacts, (one.case_id, one.objects["facts"]["version_after"]))
    return _NOT_SAID if row is None else cases.told(vault, row)


def _return(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(CaseReturn, (one.case_id, one.objects["return"]["version_after"]))
    return _NOT_SAID if row is None else cases.said_of_return(vault, row)


def _case_step(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(CaseStep, (one.case_id, one.objects["case_step"]["version_after"]))
    return _NOT_SAID if row is None else cases.said_of_step(vault, row)


def _period(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(PeriodRecord, (one.case_id, one.objects["period"]["version_after"]))
    return _NOT_SAID if row is None else reflection.said(vault, row)


def _rights(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(RightsRecord, (one.case_id, one.objects["rights"]["version_after"]))
    return _NOT_SAID if row is None else rights.said(vault, row)


def _consent(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(ConsentEntry, (one.case_id, one.objects["consent"]["version_after"]))
    return _NOT_SAID if row is None else consents.said(vault, row)


def _established(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(JournalEntry, UUID(one.objects["journal"]["id"]))
    return _NOT_SAID if row is None else journal.said(vault, row)


def _decision(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(CaseDecision, UUID(one.objects["decision"]["id"]))
    return _NOT_SAID if row is None else decisions.content(vault, row)


def _override(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(DecisionOverride, UUID(one.objects["override"]["id"]))
    if row is None:
        return _NOT_SAID
    return {"chosen": decisions.chosen(vault, row), "reason": decisions.reason(vault, row)}


def _deadline(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(Deadline, UUID(one.objects["deadline"]["id"]))
    on = None if row is None else deadlines.day_met(vault, row)
    return _NOT_SAID if on is None else on.isoformat()


def _suspension(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(Suspension, UUID(one.objects["suspension"]["id"]))
    words = None if row is None else deadlines.words_of(vault, row)
    return _NOT_SAID if words is None else words


def _signal(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(Signal, UUID(one.objects["signal"]["id"]))
    if row is None:
        return _NOT_SAID
    # Whose key seals it changes when it is linked or unlinked; what it tells does not.
    told = signals.told(vault, row)
    return {**told, "case": str(one.case_id)} if one.event is Event.SIGNAL_LINKED else told


def _step(session: Session, vault: Vault, one: _Committed) -> object:
    said = one.objects.get("signal_step")
    row = None if said is None else session.get(SignalStep, (UUID(said["id"]), said["version_after"]))
    return _NOT_SAID if row is None else signals.said_of_step(vault, row)


def _placement(session: Session, vault: Vault, one: _Committed) -> object:
    step = one.objects["placement_step"]
    row = session.get(PlacementStep, (UUID(step["id"]), step["version_after"]))
    return _NOT_SAID if row is None else places.said_of_step(vault, row)


def _consultation(session: Session, vault: Vault, kept: _Committed) -> object:
    row = session.get(Consultation, UUID(kept.objects["consultation"]["id"]))
    if row is None:
        return _NOT_SAID
    invited = consultations.participants_of(session, row.id)
    if kept.event is not Event.CONSULTATION_PLANNED:
        present = sorted(str(one.id) for one in invited if one.present)
        # Entries of before did not say who was there.
        says_who = "present" in kept.objects["consultation"]["fields"]
        outcome = consultations.outcome(vault, row)
        return {"outcome": outcome, "present": present} if says_who else outcome
    return {
        str(one.id): {
            "org": one.org,
            "participant": one.participant,
            "facts": consultations.names(vault, row.case_id, one),
        }
        for one in invited
    }


def _comparison(session: Session, vault: Vault, one: _Committed) -> object:
    row = session.get(Comparison, UUID(one.objects["comparison"]["id"]))
    return _NOT_SAID if row is None else recognition.reason_of(vault, row)


_READERS: Final[Mapping[str, Callable[[Session, Vault, _Committed], object]]] = {
    Event.CASE_OPENED: _facts,
    Event.FACTS_CHANGED: _facts,
    Event.CONSENT_RECORDED: _consent,
    Event.CASE_CLOSED: _case_step,
    Event.CASE_REOPENED: _case_step,
    Event.RETURN_RECORDED: _return,
    Event.RETURN_CORRECTED: _return,
    Event.PERIOD_RECORDED: _period,
    Event.RIGHTS_RECORDED: _rights,
    Event.RIGHTS_CORRECTED: _rights,
    Event.ASSESSMENT_RECORDED: _established,
    Event.PLACEMENT_OPENED: _placement,
    Event.PLACEMENT_RESERVED: _placement,
    Event.PLACEMENT_CONFIRMED: _placement,
    Event.PLACEMENT_ENDED: _placement,
    Event.ABSENCE_RECORDED: _established,
    Event.ABSENCE_ENDED: _established,
    Event.MILESTONE_RECORDED: _established,
    Event.DECISION_MADE: _decision,
    Event.DECISION_OVERRIDDEN: _override,
    Event.DEADLINE_MET: _deadline,
    Event.DEADLINE_SUSPENDED: _suspension,
    Event.SIGNAL_RECEIVED: _signal,
    Event.SIGNAL_LINKED: _signal,
    Event.GROUP_ANNOUNCED: _signal,
    Event.CASES_COMPARED: _comparison,
    Event.CONSULTATION_PLANNED: _consultation,
    Event.CONSULTATION_HELD: _consultation,
    Event.CONSULTATION_CANCELLED: _consultation,
    Event.SIGNAL_TRIAGED: _step,
    Event.SIGNAL_REOPENED: _step,
}
