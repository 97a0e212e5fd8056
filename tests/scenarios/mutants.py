"""The worker without one of the things that make it safe, to see that the tests notice."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlmodel import Session, col, select

from service.casework.deliveries import deliver_referrals
from service.dispatch import sender, store, turns
from service.dispatch.outcome import Outcome
from service.dispatch.parcel import Parcel
from service.dispatch.store import BrokenLane, Claim, Ended
from service.dispatch.tables import Lane


def without_fencing() -> None:
    """Let whoever has lost its lease write all the same: every token counts as the newest."""
    really = store.record

    def record(session: Session, claimed: Claim, ended: Ended) -> None:
        newest = session.exec(select(Lane.token).where(col(Lane.id) == claimed.lane_id)).one()
        really(session, replace(claimed, token=newest), ended)

    vars(store)["record"] = record


def with_endless_lease() -> None:
    """Let nobody ever take over from a worker that has died."""

    def claim(session: Session, lease: timedelta, at_once: int, most: int) -> list[Claim | BrokenLane]:
        return turns.claim(session, lease + timedelta(days=365), at_once, most)

    vars(deliver_referrals)["claim"] = claim


def commit_after_answer() -> None:
    """Let a message go out while the transaction is still open that says so."""
    really_sign, really_send = deliver_referrals._signed, sender.Sender.__call__
    answered: dict[int, Outcome] = {}

    def signed(context: Any, work: Any, claimed: Claim) -> Any:  # noqa: ANN401 -- handed on
        ready = really_sign(context, work, claimed)
        if isinstance(ready, deliver_referrals.Sending):
            parcel = ready.parcel
            answered[id(parcel)] = asyncio.run(really_send(sender.Sender(loopback_allowed=True), parcel))
        return ready

    async def send(_: sender.Sender, parcel: Parcel) -> Outcome:
        return answered.pop(id(parcel))

    vars(deliver_referrals)["_signed"] = signed
    setattr(sender.Sender, "__call__", send)  # noqa: B010 -- a method is taken away, which nobody else may do


MUTANTS: Mapping[str, Callable[[], None]] = {
    "no fencing": without_fencing,
    "endless lease": with_endless_lease,
    "commit after the answer": commit_after_answer,
}
