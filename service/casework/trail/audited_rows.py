"""Which rows the trail speaks of, by the words that it uses for them, and whether rows and trail say the same."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlmodel import Session, SQLModel

from service.audit.event import Outcome
from service.audit.examination import Finding
from service.cases.tables import Case, CaseDecision, CaseFacts, CaseReturn, CaseStep, DecisionOverride
from service.consent.tables import ConsentEntry, Recall
from service.consultations.tables import Consultation, Participant
from service.deadlines.tables import Deadline, Suspension
from service.dispatch.tables import Delivery
from service.figures.tables import PeriodFigures
from service.journal.tables import JournalEntry
from service.partners.tables import Endpoint, Partner
from service.places.tables import Capacity, CapacityAsk, CapacityQuestion, PlaceHold, Placement, PlacementStep
from service.recognition.tables import Comparison
from service.referrals.tables import Referral, ReferralAnswer
from service.reflection.tables import PeriodRecord
from service.rights.tables import RightsRecord
from service.rulebook.tables import KeptRuleSet, RuleProposal
from service.signals.tables import Signal, SignalStep
from service.tasks.tables import Task

_AT_ONCE: Final = 1000


@dataclass(frozen=True)
class Rows:
    """How rows are recognised.

    Attributes:
        table: where they are.
        key: the column with the id that entries name.
        version: gives the version that entries name; None for rows of which only the being there is audited.
        made_with: columns that say whose a row is, and never change, with what the entry says that made it: the case in
            whose trail it stands, the partner it names, or the organisation of whoever made it.
    """

    table: type[SQLModel]
    key: str = "id"
    version: str | None = "version"
    made_with: Mapping[str, str] = field(default_factory=dict)


_OF_CASE: Final = {"case_id": "stream"}

AUDITED: Final[Mapping[str, Rows]] = {
    "case": Rows(Case, made_with={"org": "org"}),
    "case_step": Rows(CaseStep, key="case_id", version="max(version)"),
    "facts": Rows(CaseFacts, key="case_id", version="max(version)"),
    "consent": Rows(ConsentEntry, key="case_id", version="max(version)"),
    "recall": Rows(Recall),
    "return": Rows(CaseReturn, key="case_id", version="max(version)"),
    "period": Rows(PeriodRecord, key="case_id", version="max(version)"),
    "rights": Rows(RightsRecord, key="case_id", version="max(version)"),
    "decision": Rows(CaseDecision, made_with=_OF_CASE),
    "override": Rows(DecisionOverride, version=None),
    "comparison": Rows(Comparison, version=None),
    "consultation": Rows(Consultation),
    "participant": Rows(Participant, version=None),
    "signal": Rows(Signal),
    "signal_step": Rows(SignalStep, key="signal_id", version="max(version)"),
    "task": Rows(Task),
    "deadline": Rows(Deadline, made_with=_OF_CASE),
    "journal": Rows(JournalEntry, version=None),
    "suspension": Rows(Suspension),
    "referral": Rows(Referral, made_with={**_OF_CASE, "partner_id": "partner"}),
    "answer": Rows(ReferralAnswer, version=None),
    "delivery": Rows(Delivery, version=None),
    "partner": Rows(Partner, version=None),
    "endpoint": Rows(Endpoint, version=None, made_with={"partner_id": "partner"}),
    "capacity": Rows(Capacity),
    "hold": Rows(PlaceHold),
    "capacity_question": Rows(CapacityQuestion),
    "capacity_ask": Rows(CapacityAsk),
    "placement": Rows(Placement, made_with=_OF_CASE),
    "placement_step": Rows(PlacementStep, key="placement_id", version="max(version)"),
    "rule_set": Rows(KeptRuleSet, key="hash", version=None),
    "proposal": Rows(RuleProposal),
    "figures": Rows(PeriodFigures, key="period", version=None),
}


@dataclass
class Ledger:
    """What the trail says about rows: for each the last version that an act left behind, and in which entry."""

    last: dict[tuple[str, str], int | None] = field(default_factory=dict)
    said_by: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    made: dict[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)

    def note(self, said: Mapping[str, Any]) -> None:
        """Take in one entry; what was refused changed nothing, and what was only read left no version behind.

        Args:
            said: the entry, in the order of the log.
        """
        if said.get("outcome") == Outcome.REFUSED:
            return
        objects = said.get("objects") or ()
        partners = [one["id"] for one in objects if one.get("type") == "partner"]
        for one in objects:
            if one.get("type") not in AUDITED:
                continue
            row, before, after = (one["type"], one["id"]), one["version_before"], one["version_after"]
            if before is None and after == 1 and AUDITED[one["type"]].made_with:
                of_partner = {"partner": partners[0]} if len(partners) == 1 else {}
                self.made[row] = {"stream": said["stream"], "org": said["org"], **of_partner}
            known = self.last.get(row)
            # Where many processes write, two trails that speak of one row may stand in the log in either order.
            if row not in self.last or (after is not None and after != before and (known is None or after > known)):
                self.last[row] = after
                self.said_by[row] = (said["stream"], said["seq"])

    def compare(self, session: Session) -> Iterator[Finding]:
        """Compare every audited row with what the trail says about it.

        Args:
            session: where the rows are, of the same moment as the entries.
        """
        unseen = set(self.last)
        for kind, rows in AUDITED.items():
            for key, version, whose in _versions(session, rows):
                unseen.discard((kind, key))
                yield from self._compared(kind, key, version)
                yield from self._moved(kind, key, whose)
        for kind, key in sorted(unseen):
            yield Finding(f"the {kind} {key} is gone", *self.said_by[kind, key])

    def _compared(self, kind: str, key: str, version: int | None) -> Iterator[Finding]:
        row = (kind, key)
        if row not in self.last:
            yield Finding(f"there is a {kind} {key} of which no entry speaks")
        elif version is not None and version != self.last[row]:
            what = f"the {kind} {key} has version {version}, the last audited one is {self.last[row]}"
            yield Finding(what, *self.said_by[row])

    def _moved(self, kind: str, key: str, whose: Mapping[str, str]) -> Iterator[Finding]:
        """Find a row that somebody else may read, or that speaks of somebody else, than when it was made."""
        made = self.made.get((kind, key), {})
        for column, said in AUDITED[kind].made_with.items():
            if said in made and whose[column] != made[said]:
                what = f"the {kind} {key} was made for another {column.removesuffix('_id')}"
                yield Finding(what, *self.said_by[kind, key])


def _versions(session: Session, rows: Rows) -> Iterator[tuple[str, int | None, Mapping[str, str]]]:
    version = "NULL" if rows.version is None else rows.version
    table = rows.table.__tablename__
    # Names from the mapping above, nothing from outside.
    more = "".join(f", {column}" for column in rows.made_with)
    said = f"SELECT {rows.key} AS key, {version} AS version{more} FROM {table} GROUP BY {rows.key}{more}"  # noqa: S608
    with session.connection().execute(text(said), execution_options={"yield_per": _AT_ONCE}) as found:
        for key, last, *whose in found:
            yield _written(key), last, dict(zip(rows.made_with, map(_written, whose), strict=True))


def _written(key: object) -> str:
    """Write a key as entries do: ids with dashes, names as they are."""
    try:
        return str(UUID(str(key)))
    except ValueError:
        return str(key)
