"""Keeps rule sets by their content, and what was proposed and published."""

import hashlib
import threading
import time
import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from service.database.rows import reading_only
from service.kernel.errors import DomainError, Kind, Unavailable
from service.kernel.transitions import next_state
from service.routing.rule_files.bundle import Bundle, bundle_in, loaded
from service.routing.rule_set import RuleSet
from service.rulebook.lifecycle import PROPOSAL_LIFECYCLE, ProposalEvent, ProposalState
from service.rulebook.tables import KeptRuleSet, RuleProposal

_FRESH_FOR: Final = 1.0
"""Seconds for which a process believes what it knows; within them every machine has what was published."""

_KNOWN: Final = reading_only(select(col(KeptRuleSet.hash)), KeptRuleSet)
_IN_FORCE: Final = (
    select(col(RuleProposal.rule_set))
    .where(col(RuleProposal.state) == ProposalState.PUBLISHED)
    .order_by(col(RuleProposal.number).desc())
    .limit(1)
)


class ProposalNotFound(DomainError):
    """Nobody proposed this."""

    kind = Kind.NOT_FOUND
    code = "proposal-not-found"
    title = "There is no such proposal"


def keep(session: Session, bundle: Bundle, at: datetime) -> bool:
    """Keep a rule set, unless it is kept already.

    Args:
        session: of the act in which the rule set is used or proposed.
        bundle: its files.
        at: when.

    Returns:
        Whether it was new.
    """
    connection = session.connection()
    if connection.execute(_KNOWN.where(col(KeptRuleSet.hash) == bundle.hash)).one_or_none() is not None:
        return False
    row = {"hash": bundle.hash, "name": bundle.name, "content": _packed(bundle.canonical), "kept_at": at}
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    # Two that use it for the first time at once keep it once.
    connection.execute(insert(KeptRuleSet).values(row).on_conflict_do_nothing())
    return True


@lru_cache(maxsize=2)
def _packed(canonical: bytes) -> bytes:
    return zlib.compress(canonical, 9)


def propose(session: Session, proposal: RuleProposal) -> None:
    """Keep a proposal."""
    session.add(proposal)
    session.flush()


def proposals(session: Session) -> list[tuple[RuleProposal, str]]:
    """Give every proposal with the name of its rule set, newest first."""
    question = select(RuleProposal, col(KeptRuleSet.name)).join(
        KeptRuleSet, col(KeptRuleSet.hash) == col(RuleProposal.rule_set)
    )
    newest = question.order_by(col(RuleProposal.proposed_at).desc(), col(RuleProposal.id).desc())
    return [(proposal, name) for proposal, name in session.execute(newest)]


def proposal(session: Session, proposal_id: UUID, *, lock: bool = False) -> RuleProposal:
    """Give one proposal.

    Args:
        session: where to look.
        proposal_id: which one.
        lock: whether nobody else may change it until this transaction ends.

    Raises:
        ProposalNotFound: there is no such proposal.
    """
    found = session.get(RuleProposal, proposal_id, with_for_update=lock or None)
    if found is None:
        raise ProposalNotFound
    return found


def open_proposal_of(session: Session, rule_set: str) -> RuleProposal | None:
    """Give the proposal of a rule set that waits for somebody else to publish it, None when there is none."""
    question = select(RuleProposal).where(
        col(RuleProposal.rule_set) == rule_set, col(RuleProposal.state) == ProposalState.PROPOSED
    )
    return session.scalars(question.order_by(col(RuleProposal.proposed_at).desc()).limit(1)).one_or_none()


def publish(session: Session, proposed: RuleProposal, by: str, at: datetime) -> RuleProposal | None:
    """Put a proposed rule set in force.

    Args:
        session: of the act, which holds the proposal's row.
        proposed: the proposal.
        by: pseudonym of whoever publishes.
        at: when.

    Returns:
        What was in force until now, None when nothing was ever published.

    Raises:
        IllegalTransition: it was published before.
    """
    question = select(RuleProposal).where(col(RuleProposal.state) == ProposalState.PUBLISHED).with_for_update()
    former = session.scalars(question).one_or_none()
    if former is not None:
        _move(former, ProposalEvent.SUPERSEDE)
    _move(proposed, ProposalEvent.PUBLISH)
    proposed.published_by, proposed.published_at = by, at
    proposed.number = 1 if former is None or former.number is None else former.number + 1
    session.flush()
    return former


def _move(proposal: RuleProposal, event: ProposalEvent) -> None:
    proposal.state = next_state(PROPOSAL_LIFECYCLE, proposal.state, event)
    proposal.version += 1


def canonical_by_hash(session: Session, rule_set: str) -> bytes:
    """Give the canonical bytes of a rule set.

    Args:
        session: where to look.
        rule_set: the hash of its bytes.

    Raises:
        ProposalNotFound: no such rule set is kept.
    """
    found = session.get(KeptRuleSet, rule_set)
    if found is None:
        raise ProposalNotFound
    return zlib.decompress(found.content)


def canonical_by_name(session: Session, name: str) -> bytes | None:
    """Give the canonical bytes of a rule set that decides as the name says, None when none is kept or readable.

    Args:
        session: where to look.
        name: as decisions keep it; rule sets that differ in words only have the same.
    """
    question = select(col(KeptRuleSet.content)).where(col(KeptRuleSet.name) == name).order_by(col(KeptRuleSet.kept_at))
    content = session.connection().execute(question.limit(1)).scalar_one_or_none()
    try:
        return None if content is None else zlib.decompress(content)
    except zlib.error:
        return None


def changed_since_kept(session: Session) -> list[str]:
    """Give the hashes of rule sets whose bytes are not those that were kept."""
    rows = session.connection().execute(select(col(KeptRuleSet.hash), col(KeptRuleSet.content)))
    return [row.hash for row in rows if _hash_of(row.content) != row.hash]


def _hash_of(content: bytes) -> str | None:
    try:
        return hashlib.sha256(zlib.decompress(content)).hexdigest()
    except zlib.error:
        return None


def in_force(session: Session) -> str | None:
    """Give the hash of the rule set that was published last; None when none ever was."""
    return session.connection().execute(_IN_FORCE).scalar_one_or_none()


def in_force_held(session: Session, proposed: RuleProposal) -> str | None:
    """Give the hash of the rule set that was published last, and let nobody publish until this transaction ends.

    Args:
        session: of the act that publishes.
        proposed: the proposal; all that could take the place of the same rules wait for each other.
    """
    session.execute(select(col(KeptRuleSet.hash)).where(col(KeptRuleSet.hash) == proposed.replaces).with_for_update())
    return in_force(session)


def in_force_at(session: Session, at: datetime) -> str | None:
    """Give the hash of the rule set that was published last at some instant; None when none was yet."""
    question = (
        select(col(RuleProposal.rule_set))
        .where(col(RuleProposal.number).is_not(None), col(RuleProposal.published_at) <= at)
        .order_by(col(RuleProposal.number).desc())
    )
    return session.connection().execute(question.limit(1)).scalar_one_or_none()


class RulesInForce:
    """The rules in force as one process knows them: what was published last, else those of a folder.

    A process asks the database at most once a second. So every machine has a published rule set within a second, and
    each decision keeps by which one it was made.
    """

    def __init__(
        self,
        look: Callable[[], AbstractContextManager[Session]],
        folder: Callable[[], RuleSet],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know nothing yet.

        Args:
            look: opens a session that can only read.
            folder: reads the rules that are in force as long as nothing was published.
            now: seconds on a clock that nobody moves.
        """
        self._look = look
        self._folder = folder
        self._now = now
        self._asked_at = -_FRESH_FOR
        self._known: tuple[str | None, RuleSet] | None = None
        self._one_at_a_time = threading.Lock()

    def __call__(self) -> RuleSet:
        """Give the rules in force.

        Raises:
            FilesRefused: they hold mistakes; nothing is decided by them.
            Unavailable: the database is away and was never asked.
        """
        with self._one_at_a_time:
            known = self._known
            if known is None or self._now() - self._asked_at >= _FRESH_FOR:
                known = self._known = self._asked(known)
                self._asked_at = self._now()
            return known[1]

    def _asked(self, known: tuple[str | None, RuleSet] | None) -> tuple[str | None, RuleSet]:
        try:
            with self._look() as session:
                newest = in_force(session)
                if known is not None and known[0] == newest:
                    return known
                canonical = None if newest is None else canonical_by_hash(session, newest)
        except Unavailable:
            if known is None:
                raise
            return known
        return newest, self._folder() if canonical is None else loaded(bundle_in(canonical))
