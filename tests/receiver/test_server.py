"""Who may put something into a partner's inbox, and what the partner does with it."""

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import typer
from standardwebhooks import Webhook

from service.receiver.answering import Answer, _last_word
from service.receiver.command import receive
from service.receiver.inbox import Message, Step
from service.receiver.server import Listening, Receiver
from tests.waiting import until

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_" + "A" * 32
PRIVATE = "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
STATES = {"acknowledge": "acknowledged", "accept": "accepted", "decline": "declined"}


class Service(ThreadingHTTPServer):
    """What a partner sees of the service: one referral to fetch and to answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.state = "queued"
        self.asked: list[str] = []
        self.readable = True
        self.broken = 0
        self.trouble = 503

    @property
    def dataref(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1/referrals/1"


class _Conversation(BaseHTTPRequestHandler):
    server: Service

    def do_GET(self) -> None:
        self._note("fetch")
        if self.server.broken > 0:
            self.server.broken -= 1
            self._say(self.server.trouble, {})
        elif self.server.readable and self.headers["Authorization"] == "Bearer partner-token":
            self._say(200, {"state": self.server.state})
        else:
            self._say(404, {})

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/recall-acknowledgement"):
            self._note(said["outcome"])
            self._say(404 if self.server.readable else 200, {})
            return
        answer = said["answer"]
        self._note(answer)
        order = ["queued", "acknowledged", "accepted"]
        following = STATES[answer]
        if following == "declined" and self.server.state != "declined":
            self.server.state, self.server.readable = "declined", False
            self._say(200, {"state": "declined"})
        elif following in order and order.index(following) > order.index(self.server.state):
            self.server.state = following
            self._say(200, {"state": following})
        else:
            self._say(409, {})

    def log_message(self, *_: object) -> None:
        return

    def _note(self, what: str) -> None:
        self.server.asked.append(what)

    def _say(self, status: int, body: dict[str, str]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)


@pytest.fixture
def service() -> Iterator[Service]:
    with running(Service()) as server:
        yield server


@contextmanager
def running(server: Service) -> Iterator[Service]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def receiving(folder: Path, answer: Answer = Answer.ACCEPT, *, works: bool = True, away: int = 0) -> Iterator[Receiver]:
    (folder / "secret").write_text(f"{OTHER_SECRET}\n{SECRET}\n")
    (folder / "token").write_text("partner-token\n")
    listening = Listening(0, folder / "secret", folder / "token", folder / "inbox", answer, away)
    with Receiver(listening) as receiver:
        thread = threading.Thread(target=receiver.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        if works:
            receiver.working_off.start()
        try:
            yield receiver
        finally:
            receiver.shutdown()
            thread.join()
            if works:
                receiver.working_off.stop()


def event(dataref: str, **changes: object) -> bytes:
    told = {"id": "msg_1", "subject": "referral-1", "sequence": "0000000001", "dataref": dataref}
    return json.dumps(told | changes).encode()


def sent(
    receiver: Receiver,
    body: bytes,
    *,
    secret: str = SECRET,
    at: datetime | None = None,
    fields: Mapping[str, str] | None = None,
    message_id: str = "msg_1",
) -> int:
    moment = at or datetime.now(UTC)
    headers = {
        "Content-Type": "application/cloudevents+json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, moment, body.decode()),
    }
    return httpx.post(receiver.url, content=body, headers=headers | dict(fields or {}), trust_env=False).status_code


def counted(receiver: Receiver, step: Step) -> Callable[[], bool]:
    return lambda: receiver.inbox.counts()[step.value] == 1


def test_a_referral_is_fetched_acknowledged_and_accepted(service: Service, tmp_path: Path) -> None:
    with receiving(tmp_path) as receiver:
        assert sent(receiver, event(service.dataref)) == 202
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
        status = httpx.get(receiver.url + "status", trust_env=False).json()
    assert service.asked == ["fetch", "acknowledge", "accept"]
    assert service.state == "accepted"
    assert (status["answered"], status["effects"]) == (1, 1)


def test_a_referral_can_be_declined(service: Service, tmp_path: Path) -> None:
    with receiving(tmp_path, Answer.DECLINE) as receiver:
        sent(receiver, event(service.dataref))
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
    assert service.state == "declined"


def test_a_silent_partner_takes_the_message_and_says_nothing(service: Service, tmp_path: Path) -> None:
    with receiving(tmp_path, Answer.SILENT) as receiver:
        sent(receiver, event(service.dataref))
        until(counted(receiver, Step.FETCHED), "the referral is fetched")
    assert service.asked == ["fetch"]


def test_a_message_that_comes_twice_is_taken_twice_and_acted_on_once(service: Service, tmp_path: Path) -> None:
    with receiving(tmp_path) as receiver:
        assert [sent(receiver, event(service.dataref)) for _ in range(3)] == [202, 202, 202]
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
        assert receiver.inbox.counts()["effects"] == 1
    assert service.asked == ["fetch", "acknowledge", "accept"]


@pytest.mark.parametrize("step", [Step.STORED, Step.FETCHED, Step.ACKNOWLEDGED])
@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.DECLINE])
def test_what_an_earlier_process_left_is_finished(service: Service, tmp_path: Path, step: Step, answer: Answer) -> None:
    left = Message("msg_1", "referral-1", "0000000001", service.dataref)
    with receiving(tmp_path, works=False) as receiver:
        receiver.inbox.store(left)
        receiver.inbox.advance("msg_1", Step.STORED, step)
    with receiving(tmp_path, answer) as receiver:
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
    assert service.state in {"accepted", "declined"}


@pytest.mark.parametrize(
    ("answer", "step", "state"),
    [
        (Answer.ACCEPT, Step.FETCHED, "acknowledged"),
        (Answer.ACCEPT, Step.ACKNOWLEDGED, "accepted"),
        (Answer.DECLINE, Step.ACKNOWLEDGED, "declined"),
    ],
)
def test_an_answer_that_had_arrived_before_we_died_counts(
    service: Service, tmp_path: Path, answer: Answer, step: Step, state: str
) -> None:
    service.state, service.readable = state, state != "declined"
    with receiving(tmp_path, works=False) as receiver:
        receiver.inbox.store(Message("msg_1", "referral-1", "0000000001", service.dataref))
        receiver.inbox.advance("msg_1", Step.STORED, step)
    with receiving(tmp_path, answer) as receiver:
        until(counted(receiver, Step.ANSWERED), "the referral is answered")


@pytest.mark.parametrize("trouble", [503, 401], ids=["away", "our token was revoked"])
def test_a_service_that_is_away_or_refuses_us_for_a_moment_is_asked_again(
    service: Service, tmp_path: Path, trouble: int
) -> None:
    service.broken, service.trouble = 2, trouble
    with receiving(tmp_path) as receiver:
        sent(receiver, event(service.dataref))
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
    assert service.asked == ["fetch", "fetch", "fetch", "acknowledge", "accept"]


def test_a_referral_that_is_gone_is_put_aside(service: Service, tmp_path: Path) -> None:
    service.readable = False
    with receiving(tmp_path) as receiver:
        sent(receiver, event(service.dataref))
        until(counted(receiver, Step.GONE), "the message is put aside")
        assert receiver.inbox.counts()["effects"] == 0


def test_nothing_is_kept_that_our_secret_did_not_sign_just_now(tmp_path: Path) -> None:
    body = event("https://nrm.example.org/v1/referrals/1")
    long_ago = datetime.now(UTC) - timedelta(minutes=6)
    with receiving(tmp_path, works=False) as receiver:
        assert sent(receiver, body, secret="whsec_" + "B" * 32) == 401
        assert sent(receiver, body, at=long_ago) == 401
        assert sent(receiver, body, fields={"webhook-id": "msg_2"}) == 401
        assert sent(receiver, body, fields={"webhook-signature": "v1,AAAA  no-comma"}) == 401
        assert sent(receiver, body, fields={"webhook-signature": ""}) == 401
        assert receiver.inbox.counts()["messages"] == 0


def test_while_secrets_change_over_each_of_them_counts(tmp_path: Path) -> None:
    body = event("https://nrm.example.org/v1/referrals/1")
    with receiving(tmp_path, works=False) as receiver:
        assert sent(receiver, body, secret=OTHER_SECRET) == 202
        (tmp_path / "secret").write_text(SECRET)
        assert sent(receiver, body, secret=OTHER_SECRET) == 401


def test_a_private_key_that_came_into_our_hands_is_not_used_and_we_are_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with receiving(tmp_path, works=False) as receiver:
        (tmp_path / "secret").write_text(PRIVATE)
        assert sent(receiver, event("https://nrm.example.org/v1/referrals/1")) == 500
    said = capsys.readouterr().out
    assert "refused: 500 whsk_ is the sender's private key" in said
    assert PRIVATE not in said


@pytest.mark.parametrize("text", [PRIVATE, "not a key", ""])
def test_whoever_has_nothing_to_check_with_does_not_begin_to_listen(tmp_path: Path, text: str) -> None:
    for name, content in (("secret", text), ("token", "partner-token")):
        (tmp_path / name).write_text(content)
    with pytest.raises(typer.BadParameter):
        receive(0, tmp_path / "secret", tmp_path / "token", tmp_path / "inbox")
    assert not (tmp_path / "inbox").exists()


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        event("https://nrm.example.org/", id="msg_2"),
        event("https://nrm.example.org/", sequence=1),
        b'{"id": "msg_1"}',
    ],
)
def test_a_signed_body_that_is_no_event_is_refused(tmp_path: Path, body: bytes) -> None:
    with receiving(tmp_path, works=False) as receiver:
        assert sent(receiver, body) in {400, 401}
        assert receiver.inbox.counts()["messages"] == 0


def test_another_kind_of_content_or_too_much_of_it_is_refused_unread(tmp_path: Path) -> None:
    with receiving(tmp_path, works=False) as receiver:
        assert sent(receiver, b"{}", fields={"Content-Type": "application/json"}) == 415
        assert sent(receiver, b" " * (64 * 1024 + 1)) == 413
        assert httpx.get(receiver.url, trust_env=False).status_code == 404


def test_a_system_that_is_down_for_a_while_takes_the_message_later(service: Service, tmp_path: Path) -> None:
    with receiving(tmp_path, away=2) as receiver:
        assert [sent(receiver, event(service.dataref)) for _ in range(3)] == [503, 503, 202]
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
    assert service.asked == ["fetch", "acknowledge", "accept"]


def test_a_forged_message_does_not_bring_a_system_back(tmp_path: Path) -> None:
    body = event("https://nrm.example.org/")
    with receiving(tmp_path, works=False, away=1) as receiver:
        answers = [sent(receiver, body, secret="whsec_" + "B" * 32), sent(receiver, body), sent(receiver, body)]
    assert answers == [401, 503, 202]


def test_a_partner_keeps_what_the_senders_log_promised_and_shows_it(tmp_path: Path) -> None:
    note = "nrm\n42\nroot\n\n\u2014 nrm signature\n"
    body = event("https://nrm.example.org/")
    with receiving(tmp_path, works=False) as receiver:
        assert httpx.get(f"{receiver.url}checkpoint", trust_env=False).status_code == 404
        for header in (base64.b64encode(note.encode()).decode(), "no base64", base64.b64encode(b"\xff").decode()):
            assert sent(receiver, body, fields={"nrm-checkpoint": header}) == 202
        assert httpx.get(f"{receiver.url}checkpoint", trust_env=False).text == note
        assert receiver.inbox.counts()["checkpoints"] == 1


def test_what_nobody_signed_leaves_no_checkpoint(tmp_path: Path) -> None:
    fields = {"nrm-checkpoint": base64.b64encode(b"nrm\n42\nroot\n").decode()}
    with receiving(tmp_path, works=False) as receiver:
        assert sent(receiver, event("https://nrm.example.org/"), secret="whsec_" + "B" * 32, fields=fields) == 401
        assert receiver.inbox.newest_checkpoint() is None


def test_a_challenge_is_given_back_to_whoever_signed_it_and_kept_by_nobody(tmp_path: Path) -> None:
    body = json.dumps({"id": "msg_1", "type": "a.challenge", "data": {"challenge": "words"}}).encode()
    with receiving(tmp_path, works=False, away=1) as receiver:
        assert sent(receiver, body) == 202
        assert sent(receiver, body, secret="whsec_" + "B" * 32) == 401
        assert receiver.inbox.counts()["messages"] == 0
        # It was not down for the challenge, it is for the first message.
        assert sent(receiver, event("http://127.0.0.1:9/")) == 503


WITHDRAWN = "nl.verwijsmechanisme.verwijzing.ingetrokken.v1"


def test_a_referral_that_is_taken_back_is_not_fetched_and_not_answered_any_more(
    service: Service, tmp_path: Path
) -> None:
    with receiving(tmp_path, Answer.SILENT) as receiver:
        assert sent(receiver, event(service.dataref)) == 202
        until(counted(receiver, Step.FETCHED), "the referral is fetched")
        back = event(service.dataref, type=WITHDRAWN, id="msg_2", sequence="0000000002")
        assert sent(receiver, back, message_id="msg_2") == 202
        assert (counted(receiver, Step.WITHDRAWN)(), counted(receiver, Step.SUPERSEDED)()) == (True, True)
    assert service.asked == ["fetch"]


@pytest.mark.parametrize("consent_ended", [True, False])
def test_whoever_takes_back_hears_that_nothing_was_kept_and_need_not_have_asked(
    service: Service, tmp_path: Path, *, consent_ended: bool
) -> None:
    service.readable = not consent_ended
    with receiving(tmp_path) as receiver:
        back = event(service.dataref, type=WITHDRAWN)
        assert sent(receiver, back) == 202
        until(counted(receiver, Step.FORGOTTEN), "the partner has said what it kept")
    assert service.asked == ["had_nothing"]


def test_of_facts_that_are_taken_back_nothing_was_kept_and_the_referral_is_worked_off_all_the_same(
    service: Service, tmp_path: Path
) -> None:
    with receiving(tmp_path) as receiver:
        assert sent(receiver, event(service.dataref)) == 202
        some = event(service.dataref, type="nl.verwijsmechanisme.gegevens.ingetrokken.v1", id="msg_2", sequence="02")
        assert sent(receiver, some, message_id="msg_2") == 202
        until(counted(receiver, Step.FORGOTTEN), "the partner has said what it kept")
        until(counted(receiver, Step.ANSWERED), "the referral is answered")
    assert "had_nothing" in service.asked


@pytest.mark.parametrize("answer", [answer for answer in Answer if answer.startswith("decline")])
def test_a_no_comes_with_its_reason(answer: Answer) -> None:
    assert _last_word(answer) == {"answer": "decline", "reason": answer.removeprefix("decline:")}
