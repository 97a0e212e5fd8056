"""What every use case is handed: who asks, what time it is, the rows, the rules and the trail."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self
from uuid import UUID

from sqlmodel import Session

from service.access.roles import PURPOSES, Caller, Role, Scope, ScopeMissing
from service.audit import store as audit
from service.audit.event import SYSTEM_STREAM, Act, Action, Actor, Event, Outcome, Touched
from service.audit.sealer import Sealer
from service.database.engine import Database
from service.database.sealing.keys import Keys
from service.database.sealing.vault import Vault
from service.database.unit_of_work import UnitOfWork
from service.dispatch.parcel import Carry
from service.kernel.clock import Clock, local_day
from service.kernel.errors import DomainError, Kind
from service.kernel.trace import Trace, trace_from
from service.partners.directory import Listing
from service.routing.rule_set import RuleSet

_REFUSALS = frozenset({Kind.INVALID, Kind.NOT_FOUND, Kind.CONFLICT, Kind.REUSED_KEY, Kind.STALE, Kind.UNSEEN})


@dataclass
class Tried:
    """Something that may be refused: the case in whose trail the refusal belongs, and what it is about, once known."""

    stream: str = SYSTEM_STREAM
    touched: tuple[Touched, ...] = ()

    def in_case(self, case_id: UUID) -> None:
        """Say in which case it happens."""
        self.stream = str(case_id)

    def named(self, *touched: Touched) -> None:
        """Say about what it is refused, beside what was asked for."""
        self.touched += touched


@dataclass(frozen=True)
class Joint:
    """A transaction that several acts share, and the trails in which they wrote."""

    work: UnitOfWork
    streams: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Context:
    """The one argument of every use case.

    Attributes:
        caller: who asks.
        clock: business time and real time.
        database: where rows are kept.
        keys: what personal data is sealed with.
        sealer: gives entries of the trail their places in the log, and signs it.
        rules: gives the rules in force; read when first asked for.
        directory: gives the organisations that can be asked, as a session's database has them now.
        public_url: where partners reach this service, without a slash at the end.
        origin: the names of this log and of this machine, as entries of the trail hold them.
        carry: one attempt at handing something to a partner's system, while the caller waits; outside any transaction.
        loopback_allowed: whether a partner's system may listen on this very machine, for trying the service out.
        trace: the call between systems by which this was asked for; entries and messages carry it on.
        joint: the transaction that the act is a part of; one of its own when left out.
    """

    caller: Caller
    clock: Clock
    database: Database
    keys: Keys
    sealer: Sealer
    rules: Callable[[], RuleSet]
    directory: Callable[[Session], Sequence[Listing]]
    public_url: str
    origin: tuple[str, str]
    carry: Carry
    loopback_allowed: bool = False
    trace: Trace = field(default_factory=lambda: trace_from(None))
    joint: Joint | None = None

    def within(self, trace: Trace) -> Self:
        """Give the same context as a step of a trace."""
        return replace(self, trace=trace)

    @contextmanager
    def work(self) -> Iterator[UnitOfWork]:
        """Open the transaction of one act; it is committed when the block ends well."""
        if self.joint is not None:
            with self.joint.work.part() as work:
                yield work
            return
        # Fetched before: while somebody's vault is slow, nobody holds the database.
        self.keys.warm()
        with self.database.work() as work:
            work.vault = Vault(work.session, self.keys)
            yield work

    def look(self) -> AbstractContextManager[Session]:
        """Open a session that can only read, for what needs no entry in the trail."""
        return self.database.look()

    def today(self) -> date:
        """Give the day in the Netherlands in business time."""
        return local_day(self.clock.now())

    def org_seen(self) -> str | None:
        """Give the organisation whose cases the caller sees; None for an auditor, who supervises all."""
        return None if self.caller.role is Role.AUDITOR else self.caller.org

    def record(self, work: UnitOfWork, act: Act) -> None:
        """Write an act into the trail, in the transaction of the act itself and as the last thing in it."""
        if self.joint is not None:
            self.joint.streams.add(act.stream)
        work.put_off(audit.append, audit.Noted(act, self._actor(), self.clock.wall(), self.origin))

    def require(self, scope: Scope) -> None:
        """Stop a caller who may not do this, and keep in the trail that it was tried.

        Raises:
            ScopeMissing: the caller may not.
        """
        try:
            self.caller.require(scope)
        except ScopeMissing:
            wanted = (Touched(type="scope", id=scope.value),)
            with self.work() as work:
                self.record(work, Act(Event.ACCESS_REFUSED, Action.EXECUTE, SYSTEM_STREAM, wanted, Outcome.REFUSED))
            raise

    @contextmanager
    def refusals_kept(self, event: Event, action: Action, *touched: Touched) -> Iterator[Tried]:
        """Keep in the trail, in a transaction of its own, that what the block tried was refused.

        Args:
            event: how the trail calls the refusal.
            action: what was tried.
            touched: the ids that were asked for, whether or not they exist.

        Yields:
            Where the block says in which case it happened, as soon as it knows that the caller may see that case.
        """
        tried = Tried()
        try:
            yield tried
        except DomainError as refusal:
            if refusal.kind in _REFUSALS:
                with self.work() as work:
                    self.record(work, Act(event, action, tried.stream, touched + tried.touched, Outcome.REFUSED))
            raise

    def _actor(self) -> Actor:
        caller = self.caller
        purpose = PURPOSES[caller.role]
        return Actor(caller.subject, caller.role.value, caller.org, purpose, trace=self.trace)
