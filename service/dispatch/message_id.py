"""How a message is called: by one name, under which partners know it however often it is sent."""

import re
from typing import Final
from uuid import UUID

from service.kernel.ids import new_id

_BEFORE: Final = "msg_"
_FORM: Final = re.compile(r"msg_[0-9a-f]{32}")


def new_message_id() -> str:
    """Name a new message."""
    return message_id(new_id())


def message_id(number: UUID) -> str:
    """Write the number of a message as its name.

    Args:
        number: what makes it another than every other.
    """
    return f"{_BEFORE}{number.hex}"


def is_message_id(written: str) -> bool:
    """Tell whether something has the form in which messages are named.

    Args:
        written: what somebody asks for.
    """
    return _FORM.fullmatch(written) is not None


def number_of(named: str) -> UUID:
    """Read the number of a message off its name.

    Args:
        named: the name of a message that is kept.
    """
    return UUID(named.removeprefix(_BEFORE))
