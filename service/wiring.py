"""Joins settings, clock, rows, rules, keys and the sender; the only place where the parts meet."""

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Final

from service.access.keys import open_token_key
from service.access.provider_keys import FetchFailed, ProviderKeys
from service.access.roles import Caller, Role, caller
from service.access.tokens import Issuer, Trusted, Unauthenticated, verify
from service.audit.keys import open_log_key
from service.audit.sealer import Sealer
from service.audit.signer import Signer
from service.casework.access.revoke_access import require_access
from service.casework.access.turn_away import turn_away
from service.casework.context import Context
from service.database.engine import Database, open_database
from service.database.sealing.keys import Keys, open_keys
from service.dispatch.fetcher import DEADLINE as FETCH_DEADLINE
from service.dispatch.fetcher import NotFetched, fetch
from service.dispatch.outgoing import Outgoing
from service.dispatch.parcel import Carry, Send
from service.dispatch.sender import DEADLINE, Sender
from service.kernel.clock import Clock, MovedClock, SystemClock
from service.kernel.pulse import Pulse
from service.kernel.trace import Trace, trace_from
from service.partners.store import KnownDirectory
from service.routing.rule_files.load import load_rule_set
from service.routing.rule_set import RuleSet
from service.rulebook.store import RulesInForce
from service.settings import Provider, Settings

DIRECTORY: Final = Path("reference") / "partners.csv"
"""Where a country's rules keep the directory of partners."""

_WHILE_SOMEBODY_WAITS: Final = 5.0
"""Seconds for one question to a partner's system while the caller waits for what comes of it."""

_AUDIENCE: Final = "nrm-api"
_ISSUER: Final = "urn:nrm:local-issuer"


@dataclass(frozen=True)
class Service:
    """The joined parts; doors ask it for a context per caller.

    Attributes:
        pulse: how the worker inside this process is, if there is one.
    """

    settings: Settings
    clock: Clock
    database: Database
    keys: Keys
    sealer: Sealer
    rules: Callable[[], RuleSet]
    issuer: Callable[[], Issuer]
    send: Send
    carry: Carry
    provider: Trusted | None = None
    directory: KnownDirectory = field(default_factory=KnownDirectory)
    pulse: Pulse = field(default_factory=Pulse)

    @property
    def lease(self) -> timedelta:
        """How long a message is one worker's to send."""
        return timedelta(seconds=self.settings.lease_seconds)

    def context(self, who: Caller, trace: Trace | None = None) -> Context:
        """Give a use case its one argument.

        Args:
            who: the caller.
            trace: which trace this belongs to; a new one when left out.
        """
        return Context(
            trace=trace or trace_from(None),
            caller=who,
            clock=self.clock,
            database=self.database,
            keys=self.keys,
            sealer=self.sealer,
            # One act is done by one rule set, whatever is published meanwhile.
            rules=cache(self.rules),
            directory=self.directory,
            public_url=self.settings.public_address,
            origin=(self.settings.log_name, self.settings.node),
            loopback_allowed=self.settings.allow_loopback,
            carry=self.carry,
        )

    def who(self, token: str) -> Caller:
        """Tell who holds a token.

        Args:
            token: what came with a request.

        Raises:
            Unauthenticated: it is not good.
            KeysUnavailable: the provider's keys cannot be had.
        """
        local = (self.issuer().trusted(),) if self.settings.local_tokens else ()
        outside = () if self.provider is None else (self.provider,)
        return verify(token, self.clock.wall(), *local, *outside)

    def let_in(self, token: str, trace: Trace | None = None) -> Context:
        """Give the context of whoever holds a token, at whichever door; that somebody was turned away is kept.

        Args:
            token: what came along; empty when nothing did.
            trace: which trace this belongs to; a new one when left out.

        Raises:
            Unauthenticated: there is no token, it is not good, or it was revoked.
            KeysUnavailable: the provider's keys cannot be had.
        """
        try:
            context = self.context(self.who(token), trace)
            require_access(context)
        except Unauthenticated:
            turn_away(self.system().within(trace or trace_from(None)))
            raise
        return context

    def operator(self) -> Context:
        """Give the context of whoever sits at the machine; who may start the command may administer."""
        return self.context(caller("operator", Role.ADMINISTRATOR, self.settings.node))

    def system(self) -> Context:
        """Give the context of the service acting by itself."""
        # The worker keeps it for as long as it lives, so it asks each time.
        return replace(self.context(caller("service", Role.SYSTEM, self.settings.node)), rules=self.rules)

    def close(self) -> None:
        """Give everything back that was opened."""
        self.database.close()


def open_service(settings: Settings, *, checkpoints: bool = False, clock: Clock | None = None) -> Service:
    """Join the parts.

    Args:
        settings: what the operator set.
        checkpoints: whether this process moves SQLite's write-ahead log into the file; one process may.
        clock: another clock than the settings ask for.
    """
    told = clock or _clock(settings)
    in_every_commit = settings.database_address.startswith("sqlite")
    sealer = Sealer(cache(partial(_signer, settings)), told.wall, own_only=in_every_commit)
    database = open_database(settings.database_address, checkpoints=checkpoints, seal=sealer)
    return Service(
        settings=settings,
        clock=told,
        database=database,
        keys=_keys(settings),
        sealer=sealer,
        rules=RulesInForce(database.look, cache(partial(load_rule_set, settings.rules))),
        issuer=cache(partial(_issuer, settings.home)),
        # Half a lease at most: whoever still holds one has certainly ended its attempt.
        send=Sender(settings.allow_loopback, min(DEADLINE, settings.lease_seconds / 2), settings.open_networks),
        carry=Sender(settings.allow_loopback, _WHILE_SOMEBODY_WAITS, settings.open_networks).carry,
        provider=None if settings.provider is None else _trusted(settings.provider, settings),
    )


def _clock(settings: Settings) -> Clock:
    return SystemClock() if settings.clock_starts_at is None else MovedClock(settings.clock_starts_at)


def _keys(settings: Settings) -> Keys:
    command = settings.keyring_command
    return open_keys(
        settings.home / "keys",
        given=settings.keyring,
        command=None if command is None else tuple(shlex.split(command)),
        lookup=settings.lookup_key,
    )


def _signer(settings: Settings) -> Signer:
    name = settings.log_name.replace("/", "_")
    return Signer(settings.log_name, open_log_key(settings.home / "keys"), settings.home / f"audit-{name}.signed")


def _issuer(home: Path) -> Issuer:
    return Issuer(key=open_token_key(home), issuer=_ISSUER, audience=_AUDIENCE)


def _trusted(provider: Provider, settings: Settings) -> Trusted:
    outgoing = Outgoing(settings.allow_loopback, FETCH_DEADLINE, settings.open_networks)

    def fetched() -> tuple[bytes, timedelta | None]:
        try:
            document = fetch(outgoing, provider.keys_url)
        except NotFetched as failure:
            raise FetchFailed(str(failure)) from None
        return document.body, None if document.max_age is None else timedelta(seconds=document.max_age)

    return Trusted(
        issuer=provider.issuer,
        audience=provider.audience,
        find=ProviderKeys(fetched).find,
        org_claim=provider.org_claim,
        role_claim=provider.role_claim,
    )
