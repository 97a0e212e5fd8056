"""Remembers a token provider's keys: fetched when needed, at most once a minute, and by one request at a time."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.access.key_set import NotAKeySet, PublicKey, read_key_set
from service.kernel.errors import DomainError, Kind

SHORTEST: Final = timedelta(minutes=5)
"""How long keys count as fresh at least, whatever their publisher says."""

LONGEST: Final = timedelta(hours=24)
"""How long keys count as fresh at most, and how long they serve after that while the provider is away."""

PAUSE: Final = timedelta(minutes=1)
"""How long after one fetch the next may begin; unknown key names cannot make the service ask more often."""


class KeysUnavailable(DomainError):
    """The provider's keys cannot be had, so nobody can tell whether a token is good."""

    kind = Kind.UNAVAILABLE
    code = "token-keys-unavailable"
    title = "Tokens cannot be checked at the moment"


class FetchFailed(Exception):
    """The provider's keys did not come."""


Fetch = Callable[[], tuple[bytes, timedelta | None]]
"""Gets the provider's set of keys and how long it is fresh; raises FetchFailed."""


@dataclass(frozen=True)
class _Known:
    keys: Mapping[str, PublicKey]
    fresh_until: datetime


class ProviderKeys:
    """The keys of one provider."""

    def __init__(self, fetch: Fetch) -> None:
        """Know nothing yet.

        Args:
            fetch: how the keys are had.
        """
        self._fetch = fetch
        self._fetching = threading.Lock()
        self._known: _Known | None = None
        self._tried: datetime | None = None

    def find(self, kid: str, at: datetime) -> PublicKey | None:
        """Give the key of a name, or nothing when the provider has none.

        Args:
            kid: the name in the token's header.
            at: real time, aware.

        Raises:
            KeysUnavailable: the provider was never reached, or is away for too long.
        """
        known = self._known
        if known is None:
            # The very first: whoever comes meanwhile has nothing else to go by, and waits.
            with self._fetching:
                self._refresh(at)
        elif (at >= known.fresh_until or kid not in known.keys) and self._fetching.acquire(blocking=False):
            try:
                self._refresh(at)
            finally:
                self._fetching.release()
        known = self._known
        if known is None or at >= known.fresh_until + LONGEST:
            raise KeysUnavailable
        return known.keys.get(kid)

    def _refresh(self, at: datetime) -> None:
        if self._tried is not None and at - self._tried < PAUSE:
            return
        self._tried = at
        try:
            document, said = self._fetch()
            keys = read_key_set(document)
        except (FetchFailed, NotAKeySet):
            return
        self._known = _Known(keys, at + min(max(said or SHORTEST, SHORTEST), LONGEST))
