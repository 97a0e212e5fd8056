"""What programs that we did not write make of a message as it came: always two, and they must agree.

For `v1` they are the libraries of Standard Webhooks. No released one checks `v1a`: there they are two implementations
of ed25519 of different origin, Node's and one in plain Python, over the bytes that the specification says are signed.
"""

import base64
import json
from dataclasses import dataclass
from typing import Any

from ecdsa import BadSignatureError, Ed25519, VerifyingKey  # type: ignore[import-untyped]
from standardwebhooks import Webhook, WebhookVerificationError

from tests.javascript.node import answer


@dataclass(frozen=True)
class Captured:
    """One request as it came: header names in lower case, the raw bytes of the body."""

    headers: dict[str, str]
    body: bytes

    @property
    def versions(self) -> list[str]:
        """Give the versions of its signatures, in order."""
        return [one.partition(",")[0] for one in self.headers["webhook-signature"].split(" ")]

    def read_with(self, *keys: str) -> list[dict[str, Any] | None]:
        """Let both check and read it with each secret or public key; nothing where they refuse it."""
        python = [by_public_key(key, self) if key.startswith("whpk_") else by_shared_secret(key, self) for key in keys]
        body = base64.b64encode(self.body).decode()
        said = answer("verify.js", [{"secret": key, "headers": self.headers, "body": body} for key in keys])
        assert python == [None if "refused" in one else one for one in said]
        return python


def by_shared_secret(secret: str, captured: Captured) -> dict[str, Any] | None:
    """Ask the library for Python."""
    try:
        event: dict[str, Any] = Webhook(secret).verify(captured.body, captured.headers)
    except WebhookVerificationError:
        return None
    return event


def by_public_key(key: str, captured: Captured) -> dict[str, Any] | None:
    """Check the signatures `v1a` with ed25519 in plain Python."""
    public = VerifyingKey.from_string(base64.b64decode(key.removeprefix("whpk_"), validate=True), curve=Ed25519)
    told, at = captured.headers["webhook-id"], captured.headers["webhook-timestamp"]
    content = f"{told}.{at}.".encode() + captured.body
    for item in captured.headers["webhook-signature"].split(" "):
        version, signature = item.split(",")
        if version == "v1a" and is_genuine(public, signature, content):
            event: dict[str, Any] = json.loads(captured.body)
            return event
    return None


def is_genuine(public: VerifyingKey, signature: str, content: bytes) -> bool:
    """Tell whether a signature was made over some bytes with the other half of a public key."""
    try:
        return bool(public.verify(base64.b64decode(signature, validate=True), content))
    except BadSignatureError:
        return False
