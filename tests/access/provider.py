"""A token provider that is not ours: its keys, its published set and its tokens, made without the service's code."""

import base64
import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.hazmat.primitives.hashes import SHA256

RsaKey = rsa.RSAPrivateKey
EcKey = ec.EllipticCurvePrivateKey

ISSUER = "https://login.example.org"
AUDIENCE = "nrm"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))


def segment(value: object) -> str:
    return encoded(json.dumps(value).encode())


def rsa_key(bits: int = 2048, exponent: int = 65537) -> RsaKey:
    return rsa.generate_private_key(exponent, bits)


def ec_key() -> EcKey:
    return ec.generate_private_key(ec.SECP256R1())


def jwk_of(key: RsaKey | EcKey, kid: str, **more: object) -> dict[str, Any]:
    if isinstance(key, RsaKey):
        numbers = key.public_key().public_numbers()
        return {"kty": "RSA", "kid": kid, "use": "sig", "n": number(numbers.n), "e": number(numbers.e), **more}
    point = key.public_key().public_numbers()
    x, y = (encoded(value.to_bytes(32, "big")) for value in (point.x, point.y))
    return {"kty": "EC", "kid": kid, "crv": "P-256", "x": x, "y": y, **more}


def key_set(*keys: dict[str, Any]) -> bytes:
    return json.dumps({"keys": list(keys)}).encode()


def claims(**changes: object) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    plain: dict[str, Any] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "3f0e5a52-coordinator",
        "azp": "desk-application",
        "org": "office-north",
        "role": "coordinator",
        "scope": "openid cases:read signals:write",
        "jti": "3a1f5f0e-0d0a-4c0b-9b8e-5f1d2c3b4a59",
        "iat": now,
        "exp": now + 600,
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def token(key: RsaKey | EcKey, kid: str, header: dict[str, Any] | None = None, **changes: object) -> str:
    """Sign a token as RFC 7515 and 7518 say, with no JWT library at all."""
    algorithm = "RS256" if isinstance(key, RsaKey) else "ES256"
    head = segment({"alg": algorithm, "kid": kid, "typ": "at+jwt", **(header or {})})
    return signed(key, f"{head}.{segment(claims(**changes))}")


def signed(key: RsaKey | EcKey, signing_input: str) -> str:
    if isinstance(key, RsaKey):
        signature = key.sign(signing_input.encode(), padding.PKCS1v15(), SHA256())
    else:
        r, s = utils.decode_dss_signature(key.sign(signing_input.encode(), ec.ECDSA(SHA256())))
        signature = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return f"{signing_input}.{encoded(signature)}"


class PublishedKeys:
    """Stands for the provider's address: gives its set, and counts how often it was asked."""

    def __init__(self, documents: Iterable[bytes | Exception], fresh: timedelta | None = None) -> None:
        self._documents = list(documents)
        self._fresh = fresh
        self.asked = 0

    def __call__(self) -> tuple[bytes, timedelta | None]:
        document = self._documents[min(self.asked, len(self._documents) - 1)]
        self.asked += 1
        if isinstance(document, Exception):
            raise document
        return document, self._fresh
