"""A token provider's public keys, read from its published set (JWK Set, RFC 7517); what cannot be used is left out."""

import base64
import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RS256: Final = "RS256"
ES256: Final = "ES256"
ALGORITHMS: Final = (RS256, ES256)
"""The signatures that are believed (NL GOV Assurance profile for OAuth 2.0: RS256; ES256 beside it)."""

_SHORTEST_RSA: Final = 2048
_LONGEST_RSA: Final = 8192
_LEAST_EXPONENT: Final = 65537
_GREATEST_EXPONENT: Final = 1 << 32
_LONGEST_NAME: Final = 256


@dataclass(frozen=True)
class PublicKey:
    """One key, and the one algorithm that it is believed with."""

    algorithm: str
    pem: str


class NotAKeySet(ValueError):
    """The document holds no set of keys at all."""


class _Unusable(Exception):
    """A key that is left out."""


def read_key_set(document: bytes) -> Mapping[str, PublicKey]:
    """Read the usable keys of a set, by their names.

    Args:
        document: the bytes that the provider published.

    Raises:
        NotAKeySet: it is no JSON object with a list of keys.
    """
    try:
        keys = json.loads(document)["keys"]
        named = [(one["kid"], one) for one in keys if isinstance(one, dict) and _is_name(one.get("kid"))]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotAKeySet from None
    # Two keys of one name: nobody knows which one was meant, so neither is believed.
    often = Counter(name for name, _ in named)
    found = {}
    for name, one in named:
        if often[name] == 1:
            try:
                found[name] = _key(one)
            except (_Unusable, ValueError, KeyError, TypeError):
                continue
    return found


def _is_name(kid: object) -> bool:
    return isinstance(kid, str) and 0 < len(kid) <= _LONGEST_NAME


def _key(one: dict[str, Any]) -> PublicKey:
    if one.get("use", "sig") != "sig" or "verify" not in one.get("key_ops", ["verify"]):
        raise _Unusable
    algorithm, read = _KINDS[one["kty"]]
    if one.get("alg", algorithm) != algorithm:
        raise _Unusable
    pem = read(one).public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return PublicKey(algorithm, pem.decode("ascii"))


def _rsa(one: dict[str, Any]) -> rsa.RSAPublicKey:
    modulus, exponent = _number(one["n"]), _number(one["e"])
    if not _SHORTEST_RSA <= modulus.bit_length() <= _LONGEST_RSA:
        raise _Unusable
    if not _LEAST_EXPONENT <= exponent < _GREATEST_EXPONENT:
        raise _Unusable
    return rsa.RSAPublicNumbers(exponent, modulus).public_key()


def _p256(one: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    if one["crv"] != "P-256":
        raise _Unusable
    return ec.EllipticCurvePublicNumbers(_number(one["x"]), _number(one["y"]), ec.SECP256R1()).public_key()


def _number(text: str) -> int:
    return int.from_bytes(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True), "big")


_Read = Callable[[dict[str, Any]], rsa.RSAPublicKey | ec.EllipticCurvePublicKey]
_KINDS: Final[Mapping[str, tuple[str, _Read]]] = {"RSA": (RS256, _rsa), "EC": (ES256, _p256)}
