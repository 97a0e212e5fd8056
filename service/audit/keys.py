"""The log's signing key: one Ed25519 key in a file outside the database, readable by its owner alone."""

from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from service.kernel.owner_only import make_once

_FILE: Final = "audit-log.pem"


def open_log_key(folder: Path) -> Ed25519PrivateKey:
    """Read the log's key, making it on first use.

    Args:
        folder: where keys are kept.

    Raises:
        ValueError: the file holds another kind of key.
    """
    file = folder / _FILE
    if not file.exists():
        fresh = Ed25519PrivateKey.generate()
        make_once(file, fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii"))
    key = load_pem_private_key(file.read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        message = "the log's key file does not hold an Ed25519 key"
        raise ValueError(message)  # noqa: TRY004 -- the file's content is wrong, not an argument's type
    return key
