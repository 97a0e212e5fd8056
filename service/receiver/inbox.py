"""What has come in and how far it is: on disk before the sender hears that it was taken, once per message id."""

import re
import sqlite3
import threading
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

_TABLES: Final = """
CREATE TABLE IF NOT EXISTS message (
    id TEXT PRIMARY KEY,
    subject TEXT NOT NULL,
    sequence TEXT NOT NULL,
    dataref TEXT NOT NULL,
    step TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS effect (message_id TEXT NOT NULL, subject TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS checkpoint (note TEXT PRIMARY KEY, size INTEGER NOT NULL);
"""


class Step(StrEnum):
    """How far a message is."""

    STORED = "stored"
    SUPERSEDED = "superseded"
    FETCHED = "fetched"
    ACKNOWLEDGED = "acknowledged"
    ANSWERED = "answered"
    GONE = "gone"
    WITHDRAWN = "withdrawn"
    RECALLED = "recalled"
    FORGOTTEN = "forgotten"
    ASKED = "asked"


_UNDER_WAY: Final = (Step.STORED.value, Step.FETCHED.value, Step.ACKNOWLEDGED.value)


@dataclass(frozen=True)
class Message:
    """One message as it was taken in.

    Attributes:
        id: the sender's `webhook-id`, the same at every attempt.
        subject: the referral that the message is about.
        sequence: text that sorts; of two messages about one referral the lower is the older.
        dataref: where the content can be fetched.
        step: how far it is; one that takes a referral back comes as withdrawn, one that takes facts of it back as
            recalled, and both end as forgotten; a question for places, a warning and the number of a group are
            at their end when they come: they wait for a person.
    """

    id: str
    subject: str
    sequence: str
    dataref: str
    step: Step = Step.STORED


class Inbox:
    """The messages of one partner, in a file that survives the death of the process and of the machine."""

    def __init__(self, folder: Path) -> None:
        """Open the inbox, or make it.

        Args:
            folder: where the file lives.
        """
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(folder / "inbox.sqlite3", check_same_thread=False, isolation_level=None)
        self._rows.execute("PRAGMA journal_mode=WAL")
        self._rows.execute("PRAGMA synchronous=FULL")
        self._rows.executescript(_TABLES)

    def store(self, message: Message) -> bool:
        """Keep a message; say whether it is new.

        An older message about the same referral may come after a newer one, because a sender that stood still may
        wake up and send; it is kept, and nothing is done with it. One that takes the referral back makes needless what
        was still to be done about it.

        Args:
            message: what came in.
        """
        told = {"id": message.id, "subject": message.subject, "sequence": message.sequence, "dataref": message.dataref}
        with self._lock:
            self._rows.execute("BEGIN IMMEDIATE")
            with self._rows:
                kept = self._rows.execute(
                    "INSERT INTO message (id, subject, sequence, dataref, step)"
                    " SELECT :id, :subject, :sequence, :dataref, CASE WHEN EXISTS"
                    "   (SELECT 1 FROM message WHERE subject = :subject AND sequence > :sequence)"
                    " THEN :superseded ELSE :step END"
                    " WHERE true ON CONFLICT (id) DO NOTHING",
                    {**told, "superseded": Step.SUPERSEDED.value, "step": message.step.value},
                )
                if message.step is Step.WITHDRAWN:
                    self._rows.execute(
                        "UPDATE message SET step = ? WHERE subject = ? AND sequence < ? AND step IN (?, ?, ?)",
                        (Step.SUPERSEDED.value, message.subject, message.sequence, *_UNDER_WAY),
                    )
                return kept.rowcount == 1

    def bear_witness(self, note: str) -> None:
        """Keep what the sender's audit log promised about itself; the sender cannot take it back from here.

        Args:
            note: a signed checkpoint (C2SP tlog-checkpoint): the log's name, its size, its root, and signatures.

        Raises:
            ValueError: it has no size where a checkpoint has one.
        """
        size = re.match(r"[^\n]+\n([0-9]{1,18})\n", note)
        if size is None:
            message = "this is no checkpoint"
            raise ValueError(message)
        with self._lock, self._rows:
            self._rows.execute(
                "INSERT INTO checkpoint VALUES (?, ?) ON CONFLICT (note) DO NOTHING", (note, int(size[1]))
            )

    def newest_checkpoint(self) -> str | None:
        """Give the promise about the largest log, for whoever examines that log."""
        with self._lock:
            found = self._rows.execute("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1").fetchone()
        return None if found is None else str(found[0])

    def open_file(self, message: Message) -> None:
        """Do what a message is for, once: open a file for the referral and move the message on, both or neither.

        Args:
            message: a message whose content was fetched.
        """
        with self._lock:
            self._rows.execute("BEGIN IMMEDIATE")
            with self._rows:
                moved = self._move(message.id, Step.STORED, Step.FETCHED)
                if moved:
                    self._rows.execute("INSERT INTO effect VALUES (?, ?)", (message.id, message.subject))

    def advance(self, message_id: str, before: Step, after: Step) -> None:
        """Note that a message has come one step further.

        Args:
            message_id: which message.
            before: the step it was at; when it is elsewhere by now, nothing happens.
            after: the step it has reached.
        """
        with self._lock, self._rows:
            self._move(message_id, before, after)

    def waiting(self, steps: frozenset[Step]) -> list[Message]:
        """List the messages that are at one of these steps, oldest first.

        Args:
            steps: the steps from which something is still to be done.
        """
        with self._lock:
            found = self._rows.execute(
                "SELECT id, subject, sequence, dataref, step FROM message ORDER BY rowid"
            ).fetchall()
        messages = [Message(row[0], row[1], row[2], row[3], Step(row[4])) for row in found]
        return [message for message in messages if message.step in steps]

    def counts(self) -> dict[str, int]:
        """Count the messages per step, and what was done because of them."""
        with self._lock:
            steps = dict(self._rows.execute("SELECT step, count(*) FROM message GROUP BY step"))
            effects, subjects = self._rows.execute("SELECT count(*), count(DISTINCT message_id) FROM effect").fetchone()
            (checkpoints,) = self._rows.execute("SELECT count(*) FROM checkpoint").fetchone()
        return {step.value: steps.get(step.value, 0) for step in Step} | {
            "messages": sum(steps.values()),
            "effects": effects,
            "messages_with_effect": subjects,
            "checkpoints": checkpoints,
        }

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._rows.close()

    def _move(self, message_id: str, before: Step, after: Step) -> bool:
        moved = self._rows.execute(
            "UPDATE message SET step = ? WHERE id = ? AND step = ?",
            (after.value, message_id, before.value),
        )
        return moved.rowcount == 1
