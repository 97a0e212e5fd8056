"""Several partners' systems in this very process: they write down what comes, in order, and answer as they are told."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks import Webhook

TAKEN = 202


@dataclass(frozen=True)
class Post:
    """One message as it came."""

    id: str
    subject: str
    sequence: str
    body: bytes = b""


@dataclass
class Listener:
    """What has come, and how it is answered.

    Attributes:
        secrets: what each partner's messages are signed with, by the partner's path.
        posts: what has come, in order; whoever sent it is still waiting for its answer.
        answers: the statuses that come first; after them everything is taken.
        on_post: called before the answer is given.
    """

    secrets: dict[str, str] = field(default_factory=dict)
    posts: list[Post] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    on_post: Callable[[], object] = lambda: None
    url: str = ""

    def effects(self) -> list[str]:
        """Give the messages that a receiver acts on: each once, and none that a newer one about the same overtook."""
        done: list[Post] = []
        for post in self.posts:
            is_known = post.id in {one.id for one in done}
            is_old = any(one.subject == post.subject and one.sequence > post.sequence for one in done)
            if not (is_known or is_old):
                done.append(post)
        return [one.id for one in done]

    def first_arrivals(self, ids: Sequence[str]) -> list[str]:
        """Give some messages in the order in which they came for the first time."""
        return [one for one in dict.fromkeys(post.id for post in self.posts) if one in ids]


@contextmanager
def listening() -> Iterator[Listener]:
    """Listen for as long as the block runs."""
    listener, lock = Listener(), threading.Lock()

    class Requests(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            event = Webhook(listener.secrets[self.path]).verify(body, headers)
            with lock:
                listener.posts.append(Post(headers["webhook-id"], event["subject"], event["sequence"], body))
                status = listener.answers.pop(0) if listener.answers else TAKEN
            listener.on_post()
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

        def handle(self) -> None:
            # Whoever is killed while it sends does not wait for its answer.
            with suppress(ConnectionError):
                super().handle()

    with ThreadingHTTPServer(("127.0.0.1", 0), Requests) as server:
        server.daemon_threads = True
        listener.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield listener
        finally:
            server.shutdown()
            thread.join()
