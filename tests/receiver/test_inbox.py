"""What has come in stays, and counts once."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from service.receiver.inbox import Inbox, Message, Step


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    opened = Inbox(tmp_path / "inbox")
    yield opened
    opened.close()


def make_message(message_id: str = "msg_1", sequence: str = "0000000001", subject: str = "referral-1") -> Message:
    return Message(message_id, subject, sequence, "https://nrm.example.org/v1/referrals/1")


def waiting(inbox: Inbox) -> list[str]:
    return [message.id for message in inbox.waiting(frozenset({Step.STORED}))]


def test_a_message_that_comes_twice_is_kept_once(inbox: Inbox) -> None:
    assert inbox.store(make_message()) is True
    assert inbox.store(make_message()) is False
    assert inbox.counts()["messages"] == 1


def test_a_message_that_comes_again_after_its_effect_has_no_second_one(inbox: Inbox) -> None:
    inbox.store(make_message())
    inbox.open_file(make_message())
    inbox.store(make_message())
    inbox.open_file(make_message())
    assert waiting(inbox) == []
    assert inbox.counts()["effects"] == 1


def test_an_older_message_that_overtakes_nothing_has_no_effect(inbox: Inbox) -> None:
    inbox.store(make_message("msg_2", sequence="0000000002"))
    inbox.store(make_message("msg_1", sequence="0000000001"))
    inbox.store(make_message("msg_3", sequence="0000000001", subject="referral-2"))
    assert waiting(inbox) == ["msg_2", "msg_3"]
    assert inbox.counts()["superseded"] == 1


def test_what_was_kept_is_there_after_opening_the_inbox_again(tmp_path: Path) -> None:
    before = Inbox(tmp_path)
    before.store(make_message())
    before.open_file(make_message())
    before.store(make_message("msg_2", sequence="0000000002"))
    after = Inbox(tmp_path)
    assert waiting(after) == ["msg_2"]
    assert after.counts()["fetched"] == 1
    before.close()
    after.close()


def test_a_message_moves_only_from_the_step_that_was_seen(inbox: Inbox) -> None:
    inbox.store(make_message())
    inbox.advance("msg_1", Step.FETCHED, Step.ANSWERED)
    assert waiting(inbox) == ["msg_1"]
    inbox.advance("msg_1", Step.STORED, Step.GONE)
    assert inbox.counts()["gone"] == 1


def test_every_promise_of_the_senders_log_is_kept_and_the_largest_is_the_newest(inbox: Inbox) -> None:
    assert inbox.newest_checkpoint() is None
    notes = {size: f"nrm\n{size}\nroot\n\nsigned\n" for size in (9, 12, 10)}
    for note in (*notes.values(), notes[9]):
        inbox.bear_witness(note)
    assert inbox.newest_checkpoint() == notes[12]
    assert inbox.counts()["checkpoints"] == 3


@pytest.mark.parametrize("note", ["", "nrm", "nrm\nmany\nroot\n", f"nrm\n{10**18}\nroot\n", "nrm\n-1\nroot\n"])
def test_what_is_no_checkpoint_is_not_kept(inbox: Inbox, note: str) -> None:
    with pytest.raises(ValueError, match="no checkpoint"):
        inbox.bear_witness(note)
    assert inbox.newest_checkpoint() is None


def test_what_takes_a_referral_back_is_at_its_end_and_makes_needless_what_was_under_way(inbox: Inbox) -> None:
    for number, step in enumerate((Step.STORED, Step.FETCHED, Step.ACKNOWLEDGED, Step.ANSWERED)):
        inbox.store(replace(make_message(f"msg_{number}", subject=f"referral-{number}"), step=step))
        taken_back = make_message(f"msg_{number}_back", sequence="0000000002", subject=f"referral-{number}")
        assert inbox.store(replace(taken_back, step=Step.WITHDRAWN)) is True

    assert inbox.waiting(frozenset(Step) - {Step.SUPERSEDED, Step.ANSWERED, Step.WITHDRAWN}) == []
    assert {
        name: count for name, count in inbox.counts().items() if name in {"superseded", "answered", "withdrawn"}
    } == {
        "superseded": 3,
        "answered": 1,
        "withdrawn": 4,
    }


def test_what_is_announced_after_it_was_taken_back_has_no_effect(inbox: Inbox) -> None:
    inbox.store(replace(make_message("msg_2", sequence="0000000002"), step=Step.WITHDRAWN))
    inbox.store(make_message("msg_1"))

    assert waiting(inbox) == []
    assert inbox.counts()["superseded"] == 1
