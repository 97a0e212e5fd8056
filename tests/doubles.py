"""Stand-ins for what comes from outside: time that stands still until it is moved."""

from datetime import UTC, datetime, timedelta

from service.dispatch.outcome import Category, Outcome
from service.dispatch.parcel import Parcel, Reply
from service.receiver.checking import read_key


class FixedClock:
    """A clock that a test moves; real time runs along unless it is moved apart."""

    def __init__(self, at: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)) -> None:
        """Stop the clock.

        Args:
            at: business time, aware.
        """
        self._now = at

    def now(self) -> datetime:
        """Give business time."""
        return self._now

    def wall(self) -> datetime:
        """Give real time, which tokens and leases are checked against."""
        return datetime.now(UTC)

    def move(self, by: timedelta) -> None:
        """Let business time pass."""
        self._now += by


class ScriptedSend:
    """A `Send` that opens no connection: it ends each attempt as it was told to, and remembers the parcels."""

    def __init__(self, *outcomes: Outcome) -> None:
        """Write the script.

        Args:
            outcomes: how the attempts end, in order; those after the last are taken.
        """
        self.parcels: list[Parcel] = []
        self._outcomes = list(outcomes)

    async def __call__(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        self.parcels.append(parcel)
        return self._outcomes.pop(0) if self._outcomes else Outcome(Category.TAKEN, 202, 5)


def nobody_listens(_: Parcel) -> Reply:
    """Reach nobody, as where there is no network."""
    return Reply(Outcome(Category.UNREACHABLE))


class HonestSystem:
    """A partner's system that takes what was signed for it, gives it back, and refuses everything else."""

    def __init__(self, *keys: str) -> None:
        """Put into it what it checks signatures with.

        Args:
            keys: the shared secrets or public keys that it was given.
        """
        self._keys = [read_key(one) for one in keys]
        self.taken: list[Parcel] = []

    def __call__(self, parcel: Parcel) -> Reply:
        """Answer one message."""
        if any(key.has_signed(parcel.body, parcel.headers) for key in self._keys):
            self.taken.append(parcel)
            return Reply(Outcome(Category.TAKEN, 200, 5), parcel.body)
        return Reply(Outcome(Category.REFUSED, 401, 5))
