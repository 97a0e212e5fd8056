"""Seals and opens within one act: the only way by which personal data goes into a row and comes out of one."""

import hmac
import json
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select
from sqlmodel import Session, col

from service.database.rows import insert_rows
from service.database.sealing.data_key import KEY_BYTES, DataKey, Place, key_named_by
from service.database.sealing.kept_keys import KeptKey
from service.database.sealing.keyring import KeysUnavailable, Wrapped
from service.database.sealing.keys import Keys
from service.database.sealing.lookup import LookupKey
from service.kernel.errors import DomainError, Kind
from service.kernel.ids import new_bytes, new_id

_COLUMNS = (col(KeptKey.id), col(KeptKey.owner), col(KeptKey.epoch), col(KeptKey.form), col(KeptKey.content))


class KeyDestroyed(DomainError):
    """The key of a value is no more, so nobody can read the value."""

    kind = Kind.BROKEN
    code = "key-destroyed"
    title = "The key of a stored value was destroyed; nobody can read it any more"


class Vault:
    """Opened keys live as long as the act that needs them."""

    def __init__(self, session: Session, keys: Keys) -> None:
        """Prepare a vault; no key is opened yet.

        Args:
            session: the session of the act, whose transaction keeps new keys together with what they seal.
            keys: wraps and opens them.
        """
        self._session = session
        self._keys = keys
        self._opened: dict[UUID, DataKey] = {}
        self._sealing: dict[UUID, DataKey] = {}

    @property
    def lookup(self) -> LookupKey:
        """Give the key of tags, for recognising without reading."""
        return self._keys.lookup

    def begin(self, owner: UUID) -> None:
        """Make the key of an owner that is new and can have none yet.

        Raises:
            KeysUnavailable: the wrapping keys are away and were never here.
        """
        key = DataKey(new_id(), new_bytes(KEY_BYTES))
        wrapped = self._keys.wrap(key.secret)
        row = {"id": key.id, "owner": owner, **vars(wrapped)}
        insert_rows(self._session, KeptKey, [row])
        self._opened[key.id] = self._sealing[owner] = key

    def seal(self, owner: UUID, place: Place, value: object) -> bytes:
        """Make a value unreadable for everybody without the keys.

        Args:
            owner: the case whose value it is; what belongs to no case has its own row's id here.
            place: the table, column and row where it will stand; it opens nowhere else.
            value: anything with a canonical JSON form: text, whole numbers, truth values, null, lists, mappings.

        Raises:
            KeysUnavailable: the wrapping keys are away and were never here.
        """
        return self._key_of(owner).seal(owner, place, value)

    def open(self, owner: UUID, place: Place, sealed: bytes) -> Any:  # noqa: ANN401 -- JSON has any shape
        """Give a sealed value back.

        Args:
            owner: as when it was sealed.
            place: as when it was sealed.
            sealed: what `seal` gave.

        Raises:
            KeysUnavailable: the wrapping keys are away.
            KeyDestroyed: the owner was erased.
            NotSealedHere: these bytes were changed, or belong elsewhere.
        """
        return json.loads(self._named(owner, key_named_by(sealed)).open(owner, place, sealed))

    def look_at(self, place: Place, sealed: bytes) -> None:
        """Open a value for whoever's it is, only to see that it stands where it was sealed.

        Args:
            place: where it stands.
            sealed: what stands there.

        Raises:
            KeysUnavailable: the wrapping keys are away.
            KeyDestroyed: nobody has the key that it names.
            NotSealedHere: these bytes were changed, or belong elsewhere.
        """
        key_id = key_named_by(sealed)
        question = select(col(KeptKey.owner)).where(col(KeptKey.id) == key_id)
        owner = self._session.connection().execute(question).scalar_one_or_none()
        if owner is None:
            raise KeyDestroyed
        self.open(owner, place, sealed)

    def commitment(self, owner: UUID, value: object) -> str:
        """Commit to a value without telling it, as `<key>:<HMAC-SHA-256>` in hex; worthless once the key is gone."""
        key = self._key_of(owner)
        return f"{key.id.hex}:{key.commitment(value)}"

    def committed(self, owner: UUID, commitment: str, value: object) -> bool:
        """Tell whether a commitment was made to this value.

        Raises:
            KeysUnavailable: the wrapping keys are away.
            KeyDestroyed: the owner was erased.
        """
        named, _, mac = commitment.partition(":")
        return hmac.compare_digest(self._named(owner, UUID(named)).commitment(value), mac)

    def _key_of(self, owner: UUID) -> DataKey:
        if owner not in self._sealing:
            self._sealing[owner] = self._newest_that_opens(owner) or self._made_for(owner)
        return self._sealing[owner]

    def _newest_that_opens(self, owner: UUID) -> DataKey | None:
        rows = self._session.connection().execute(
            select(*_COLUMNS).where(col(KeptKey.owner) == owner).order_by(col(KeptKey.id).desc())
        )
        for row in rows.all():
            try:
                return self._unwrapped(row)
            except KeysUnavailable:
                continue
        return None

    def _made_for(self, owner: UUID) -> DataKey:
        self.begin(owner)
        return self._sealing[owner]

    def _named(self, owner: UUID, key_id: UUID) -> DataKey:
        known = self._opened.get(key_id)
        if known is not None:
            return known
        question = select(*_COLUMNS).where(col(KeptKey.id) == key_id, col(KeptKey.owner) == owner)
        row = self._session.connection().execute(question).one_or_none()
        if row is None:
            raise KeyDestroyed
        return self._unwrapped(row)

    def _unwrapped(self, row: Row[UUID, UUID, str, str, bytes]) -> DataKey:
        key = DataKey(row.id, self._keys.unwrap(Wrapped(row.epoch, row.form, bytes(row.content))))
        self._opened[key.id] = key
        return key
