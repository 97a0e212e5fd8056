"""The local issuer's key: one P-256 key in a file that only its owner can read."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from service.kernel.owner_only import make_once

_FILE: Final = "token-key.pem"


@dataclass(frozen=True, repr=False)
class TokenKey:
    """A signing key with its public half and the name under which tokens point at it; never printed."""

    private_pem: str
    public_pem: str
    kid: str


def open_token_key(home: Path) -> TokenKey:
    """Read the issuer's key, making it on first use.

    Args:
        home: the folder of keys; made for its owner alone when it is not there.

    Raises:
        ValueError: the file holds another kind of key.
    """
    file = home / _FILE
    if not file.exists():
        fresh = ec.generate_private_key(ec.SECP256R1())
        make_once(file, fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii"))
    return _described(file.read_bytes())


def _described(pem: bytes) -> TokenKey:
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        message = "the issuer's key file does not hold a P-256 key"
        raise ValueError(message)  # noqa: TRY004 -- the file's content is wrong, not an argument's type
    public = key.public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    public_pem = public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode("ascii")
    return TokenKey(private_pem=pem.decode("ascii"), public_pem=public_pem, kid=hashlib.sha256(der).hexdigest()[:16])
