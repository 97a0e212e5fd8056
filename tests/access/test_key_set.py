"""A set of keys gives what can be used, and one bad key takes no other with it."""

from typing import Any

import pytest

from service.access.key_set import ES256, RS256, NotAKeySet, read_key_set
from tests.access.provider import ec_key, jwk_of, key_set, number, rsa_key

RSA = rsa_key()
EC = ec_key()
GOOD = jwk_of(EC, "good")


def test_both_kinds_of_keys_are_read_with_the_one_algorithm_of_each() -> None:
    found = read_key_set(key_set(jwk_of(RSA, "one", alg=RS256), jwk_of(EC, "two", alg=ES256)))

    assert {kid: key.algorithm for kid, key in found.items()} == {"one": RS256, "two": ES256}


UNUSABLE: list[tuple[str, dict[str, Any]]] = [
    ("too short", jwk_of(rsa_key(1024), "bad")),
    ("small exponent", {**jwk_of(RSA, "bad"), "e": number(3)}),
    ("huge modulus", {**jwk_of(RSA, "bad"), "n": number((1 << 9000) + 1)}),
    ("for encryption", jwk_of(RSA, "bad", use="enc")),
    ("not for verifying", jwk_of(RSA, "bad", key_ops=["sign"])),
    ("another algorithm", jwk_of(RSA, "bad", alg="PS256")),
    ("an algorithm of the other kind", jwk_of(RSA, "bad", alg="ES256")),
    ("another curve", jwk_of(EC, "bad", crv="P-521")),
    ("a point off the curve", {**jwk_of(EC, "bad"), "y": number(1)}),
    ("a shared secret", {"kty": "oct", "kid": "bad", "k": "AAAA"}),
    ("a kind nobody knows", {"kty": "OKP", "kid": "bad", "crv": "Ed25519", "x": "AAAA"}),
    ("no name", {name: value for name, value in jwk_of(RSA, "bad").items() if name != "kid"}),
    ("a name that is a number", jwk_of(RSA, "bad") | {"kid": 7}),
    ("no numbers", {"kty": "RSA", "kid": "bad"}),
    ("numbers that are none", {"kty": "RSA", "kid": "bad", "n": ["x"], "e": "AQAB"}),
    ("not base64url", {**jwk_of(RSA, "bad"), "n": "!!!!"}),
]


@pytest.mark.parametrize("bad", [one[1] for one in UNUSABLE], ids=[one[0] for one in UNUSABLE])
def test_a_key_that_cannot_be_used_is_left_out_and_the_others_stay(bad: dict[str, Any]) -> None:
    assert read_key_set(key_set(bad, GOOD)).keys() == {"good"}


def test_of_two_keys_with_one_name_neither_is_believed() -> None:
    assert read_key_set(key_set(jwk_of(RSA, "twice"), jwk_of(EC, "twice"), GOOD)).keys() == {"good"}


@pytest.mark.parametrize(
    "document", [b"", b"<html>", b"[]", b"{}", b'{"keys": 7}', b'{"keys": null}', b"[" * 50_000, b"\xff"]
)
def test_a_document_that_is_no_set_is_told_apart_from_an_empty_one(document: bytes) -> None:
    with pytest.raises(NotAKeySet):
        read_key_set(document)
