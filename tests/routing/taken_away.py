"""A pytest plugin that takes one function of the service away, so that what relies on it can be seen to fail."""

import os
from importlib import import_module
from types import FunctionType
from typing import Never


def _gone(*_: object, **__: object) -> Never:
    # Runs with the names of another module, so nothing may be named but what is built in.
    raise SystemError


def pytest_configure() -> None:
    """Leave the function where everybody has imported it from, and let it do nothing but fail."""
    file, name = os.environ["NRM_TAKEN_AWAY"].split("::")
    owner: object = import_module(file.removesuffix(".py").replace("/", "."))
    for part in name.split("."):
        owner = getattr(owner, part)
    function = owner
    function = getattr(function, "__wrapped__", function)
    if not isinstance(function, FunctionType):
        raise TypeError(name)
    function.__kwdefaults__, function.__defaults__ = None, None
    function.__code__ = _gone.__code__
