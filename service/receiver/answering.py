"""Works off what was kept: fetches the content with the partner's own token, opens a file, answers the referral."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx

from service.receiver.inbox import Inbox, Message, Step

_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 10.0
_TIMEOUT: Final = 10.0
_CONFLICT: Final = 409
_NO_LONGER_THERE: Final = frozenset({404, 410})
_OWES_NOTHING: Final = frozenset({404, 409})
_NOT_YET_ACKNOWLEDGED: Final = frozenset({"proposed", "queued", "delivered"})
_NOT_YET_DECIDED: Final = _NOT_YET_ACKNOWLEDGED | {"acknowledged"}


class Answer(StrEnum):
    """What the partner does with every referral it gets; a no comes with its reason, as a code."""

    ACCEPT = "accept"
    SILENT = "silent"
    DECLINE = "decline:no_capacity"
    DECLINE_OUTSIDE_AREA = "decline:outside_area"
    DECLINE_OUTSIDE_TARGET_GROUP = "decline:outside_target_group"
    DECLINE_NOT_ELIGIBLE = "decline:not_eligible"
    DECLINE_NOT_ENOUGH_KNOWN = "decline:not_enough_known"
    DECLINE_KNOWN_ALREADY = "decline:known_already"
    DECLINE_SAFETY = "decline:safety"
    PERSON_DECLINED = "decline:person_declined"


class NotAnswered(Exception):
    """The service did not take an answer, for now."""


@dataclass(frozen=True)
class Partner:
    """How one partner talks back.

    Attributes:
        inbox: its messages.
        token_file: a file with its bearer token; read at every call, so that a new token needs no restart.
        answer: what it does with referrals.
        client: calls the service; one for all calls, because making one costs more than most calls.
    """

    inbox: Inbox
    token_file: Path
    answer: Answer
    client: httpx.Client = field(default_factory=lambda: httpx.Client(trust_env=False, timeout=_TIMEOUT))

    @property
    def unfinished(self) -> frozenset[Step]:
        """The steps after which this partner still has something to do."""
        if self.answer is Answer.SILENT:
            return frozenset({Step.STORED})
        return frozenset({Step.STORED, Step.FETCHED, Step.ACKNOWLEDGED, Step.WITHDRAWN, Step.RECALLED})

    def work_off(self, message: Message) -> None:
        """Take one message one step further.

        Args:
            message: a message at one of the unfinished steps.

        Raises:
            httpx.HTTPError: the service could not be reached or refused.
            NotAnswered: the service did not take the answer, for now.
        """
        match message.step:
            case Step.STORED:
                self._take_up(message)
            case Step.FETCHED:
                self.post(message, {"answer": "acknowledge"}, _NOT_YET_ACKNOWLEDGED)
                self.inbox.advance(message.id, Step.FETCHED, Step.ACKNOWLEDGED)
                _say(message, Step.ACKNOWLEDGED)
            case Step.ACKNOWLEDGED:
                self.post(message, _last_word(self.answer), _NOT_YET_DECIDED)
                self.inbox.advance(message.id, Step.ACKNOWLEDGED, Step.ANSWERED)
                _say(message, Step.ANSWERED)
            case Step.WITHDRAWN | Step.RECALLED:
                self._forget(message)
            case Step.SUPERSEDED | Step.ANSWERED | Step.GONE | Step.FORGOTTEN | Step.ASKED:
                pass

    def fetch(self, message: Message) -> Mapping[str, object] | None:
        """Fetch the referral's content, or nothing when it is no longer there for us; this partner keeps none of it.

        Args:
            message: the message that announced it.
        """
        answer = self.client.get(message.dataref, headers=self._headers())
        if answer.status_code in _NO_LONGER_THERE:
            return None
        answer.raise_for_status()
        content = answer.json()
        return content if isinstance(content, dict) else {}

    def post(self, message: Message, body: Mapping[str, str], states_before: frozenset[str]) -> None:
        """Send an answer; one that the service has already, because we died before noting it, counts as sent.

        Args:
            message: the message that is answered.
            body: the answer.
            states_before: the referral's states in which the answer has not arrived yet.

        Raises:
            NotAnswered: the service refused, and the referral is still in one of those states.
        """
        answer = self.client.post(f"{message.dataref}/answers", json=dict(body), headers=self._headers())
        if answer.status_code == _CONFLICT:
            referral = self.fetch(message)
            if referral is not None and referral.get("state") in states_before:
                raise NotAnswered
            return
        answer.raise_for_status()

    def _take_up(self, message: Message) -> None:
        if self.fetch(message) is None:
            # Withdrawn between message and fetch: nothing is left to do.
            self.inbox.advance(message.id, Step.STORED, Step.GONE)
            _say(message, Step.GONE)
            return
        self.inbox.open_file(message)
        _say(message, Step.FETCHED)

    def _forget(self, message: Message) -> None:
        """Say that nothing was kept, where the service waits for that: a ground ended, it was not merely taken back."""
        address, said = f"{message.dataref}/recall-acknowledgement", {"outcome": "had_nothing"}
        answer = self.client.post(address, json=said, headers=self._headers())
        if answer.status_code not in _OWES_NOTHING:
            answer.raise_for_status()
        self.inbox.advance(message.id, message.step, Step.FORGOTTEN)
        _say(message, Step.FORGOTTEN)

    def _headers(self) -> Mapping[str, str]:
        token = self.token_file.read_text(encoding="utf-8").strip()
        return {"Authorization": f"Bearer {token}", "Accept": "application/json"}


class WorkingOff:
    """The thread that works off the inbox until it is told to stop."""

    def __init__(self, partner: Partner) -> None:
        """Prepare the thread.

        Args:
            partner: whose inbox.
        """
        self._partner = partner
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="working-off", daemon=True)

    def start(self) -> None:
        """Begin with whatever an earlier process left."""
        self._thread.start()

    def wake(self) -> None:
        """Tell it that something came in."""
        self._wake.set()

    def stop(self) -> None:
        """Finish the step in hand and stop."""
        self._stop.set()
        self._wake.set()
        self._thread.join()
        self._partner.client.close()

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            # Cleared before looking: what comes in while we look wakes us at once, and so does being told to stop.
            self._wake.clear()
            if self._stop.is_set():
                return
            waiting = self._partner.inbox.waiting(self._partner.unfinished)
            moved = [self._one_step(message) for message in waiting if not self._stop.is_set()]
            if any(moved):
                pause = _FIRST_PAUSE
                continue
            self._wake.wait(pause if waiting else None)
            pause = min(pause * 2, _LONGEST_PAUSE)

    def _one_step(self, message: Message) -> bool:
        try:
            self._partner.work_off(message)
        except (httpx.HTTPError, NotAnswered, OSError, ValueError) as failure:
            print(f"{message.id} waits at {message.step}: {type(failure).__name__}", flush=True)
            return False
        return True


def _last_word(answer: Answer) -> dict[str, str]:
    verdict, _, reason = answer.partition(":")
    return {"answer": verdict, "reason": reason} if reason else {"answer": verdict}


def _say(message: Message, step: Step) -> None:
    print(f"{message.id} {step}", flush=True)
