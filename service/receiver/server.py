"""Where the partner listens: checks the signature over the raw bytes, keeps the message, and only then says 202."""

import base64
import json
import signal
import threading
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

from service.receiver.answering import Answer, Partner, WorkingOff
from service.receiver.checking import NotSigned, UnusableKey, check, read_keys
from service.receiver.inbox import Inbox, Message, Step

MOST_BYTES: Final = 64 * 1024
"""The largest event that anybody has to carry (CloudEvents 1.0, section "Size limits")."""

_MEDIA_TYPE: Final = "application/cloudevents+json"
_CHECKPOINT: Final = "nrm-checkpoint"
_SECONDS_FOR_A_REQUEST: Final = 10
_FIRST_STEPS: Final = {
    "nl.verwijsmechanisme.verwijzing.ingetrokken.v1": Step.WITHDRAWN,
    "nl.verwijsmechanisme.gegevens.ingetrokken.v1": Step.RECALLED,
    # Whether there is a place is for a person to say, and so is what to do before a period ends or a group comes.
    "nl.verwijsmechanisme.capaciteit.gevraagd.v1": Step.ASKED,
    "nl.verwijsmechanisme.bedenktijd.eindigt.v1": Step.ASKED,
    "nl.verwijsmechanisme.groep.aangekondigd.v1": Step.ASKED,
    "nl.verwijsmechanisme.groep.ingetrokken.v1": Step.ASKED,
}


class RefusedMessage(Exception):
    """A request that is not a message for us."""

    def __init__(self, status: HTTPStatus, why: str = "") -> None:
        """Say why, as a status.

        Args:
            status: what the sender is answered.
            why: what only our own side is told.
        """
        super().__init__(why or status.phrase)
        self.status = status


@dataclass(frozen=True)
class Listening:
    """What a partner needs to listen.

    Attributes:
        port: TCP port on this machine; 0 takes a free one.
        secret_file: shared secrets (`whsec_…`) or public keys (`whpk_…`), one a line; read for every message, so that a
            change needs no restart.
        token_file: the bearer token for fetching and answering.
        inbox: folder in which messages are kept.
        answer: what happens with every referral.
        away: how many messages are refused at first, as by a system that is down for a while.
        host: address to listen on.
    """

    port: int
    secret_file: Path
    token_file: Path
    inbox: Path
    answer: Answer = Answer.ACCEPT
    away: int = 0
    host: str = "127.0.0.1"


class Receiver(ThreadingHTTPServer):
    """One partner's system: its server, its inbox and the thread that answers."""

    daemon_threads = True

    def __init__(self, listening: Listening) -> None:
        """Open the inbox and the port.

        Args:
            listening: where and as whom.
        """
        super().__init__((listening.host, listening.port), _Requests)
        self.inbox = Inbox(listening.inbox)
        self.working_off = WorkingOff(Partner(self.inbox, listening.token_file, listening.answer))
        self._secret_file = listening.secret_file
        self._refusals = iter(range(listening.away))

    @property
    def url(self) -> str:
        """Where messages can be sent to."""
        return f"http://{self.server_address[0]!s}:{self.server_port}/"

    def take(self, body: bytes, headers: dict[str, str]) -> bytes:
        """Check a message and keep it; give what is answered.

        Args:
            body: the raw bytes as they came.
            headers: the request's header fields, names in lower case.

        Raises:
            RefusedMessage: nobody who knows our secret signed it just now, it is no event, or we are down for a while.
        """
        event = _verified(body, headers, self._secret_file)
        if _is_about_the_wire(event):
            return body
        message = _message(event, headers["webhook-id"])
        if next(self._refusals, None) is not None:
            raise RefusedMessage(HTTPStatus.SERVICE_UNAVAILABLE)
        self._bear_witness(headers.get(_CHECKPOINT))
        is_new = self.inbox.store(message)
        print(f"{message.id} {'stored' if is_new else 'known already'}", flush=True)
        self.working_off.wake()
        return b""

    def _bear_witness(self, header: str | None) -> None:
        """Keep the checkpoint that came along; a message counts without one as well."""
        if header is None:
            return
        try:
            self.inbox.bear_witness(base64.b64decode(header, validate=True).decode())
        except ValueError:
            print("what came as a checkpoint is none", flush=True)

    def server_close(self) -> None:
        """Close the port and the inbox."""
        super().server_close()
        self.inbox.close()


class _Requests(BaseHTTPRequestHandler):
    """Reads requests and writes answers; says nothing about why a signature was not accepted."""

    server: Receiver
    server_version = "receiver"
    sys_version = ""
    timeout = _SECONDS_FOR_A_REQUEST

    def do_POST(self) -> None:
        """Take a message."""
        try:
            body = self._body()
            answer = self.server.take(body, {name.lower(): value for name, value in self.headers.items()})
        except RefusedMessage as refusal:
            print(f"refused: {refusal.status.value} {refusal}", flush=True)
            self._answer(refusal.status)
        else:
            self._answer(HTTPStatus.ACCEPTED, answer)

    def do_GET(self) -> None:
        """Show the counts, or the newest checkpoint to whoever examines the sender's log."""
        note = self.server.inbox.newest_checkpoint()
        if self.path == "/status":
            self._answer(HTTPStatus.OK, json.dumps(self.server.inbox.counts()).encode())
        elif self.path == "/checkpoint" and note is not None:
            self._answer(HTTPStatus.OK, note.encode(), "text/plain; charset=utf-8")
        else:
            self._answer(HTTPStatus.NOT_FOUND)

    def log_message(self, *_: object) -> None:
        """Write no access log: addresses and times are nobody's business here."""

    def _body(self) -> bytes:
        if self.headers.get_content_type() != _MEDIA_TYPE:
            raise RefusedMessage(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            raise RefusedMessage(HTTPStatus.LENGTH_REQUIRED)
        if int(length) > MOST_BYTES:
            raise RefusedMessage(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return self.rfile.read(int(length))

    def _answer(self, status: HTTPStatus, body: bytes = b"", media_type: str = "application/json") -> None:
        self.send_response(status)
        if body:
            self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def listen(listening: Listening) -> None:
    """Receive until SIGTERM or SIGINT, then finish the step in hand.

    Args:
        listening: where and as whom.
    """
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with Receiver(listening) as receiver:
        serving = threading.Thread(target=receiver.serve_forever, name="serving")
        serving.start()
        receiver.working_off.start()
        print(f"listening on {receiver.url}", flush=True)
        stop.wait()
        receiver.shutdown()
        serving.join()
        receiver.working_off.stop()


def _verified(body: bytes, headers: dict[str, str], secret_file: Path) -> Any:  # noqa: ANN401 -- JSON has any shape
    try:
        check(body, headers, read_keys(secret_file.read_text(encoding="utf-8")))
    except UnusableKey as refusal:
        raise RefusedMessage(HTTPStatus.INTERNAL_SERVER_ERROR, str(refusal)) from None
    except NotSigned as refusal:
        raise RefusedMessage(HTTPStatus.UNAUTHORIZED, str(refusal)) from None
    try:
        return json.loads(body)
    except ValueError:
        raise RefusedMessage(HTTPStatus.BAD_REQUEST) from None


def _is_about_the_wire(event: Any) -> bool:  # noqa: ANN401 -- JSON has any shape
    """Tell a challenge, which must be given back, or a test from a message: there is nothing to fetch and to keep."""
    match event:
        case {"dataref": _}:
            return False
        case {"type": str(), "data": dict()}:
            return True
        case _:
            return False


def _message(event: Any, message_id: str) -> Message:  # noqa: ANN401 -- JSON has any shape
    match event:
        case {"id": str(named), "subject": str(subject), "sequence": str(sequence), "dataref": str(dataref)}:
            if named == message_id:
                step = _FIRST_STEPS.get(str(event.get("type")), Step.STORED)
                return Message(message_id, subject, sequence, dataref, step)
        case _:
            pass
    raise RefusedMessage(HTTPStatus.BAD_REQUEST)
