"""Reads the project's own source: which files there are, and what in them breaks a rule of the house."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_FILE = 400
NAMES_THAT_EXPLAIN_NOTHING = frozenset({"base", "common", "core", "handler", "helpers", "manager", "misc", "utils"})

Finder = Callable[[ast.AST], Iterator[int]]


def files(*folders: str) -> list[Path]:
    """List the Python files of some top-level folders, in order."""
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


@cache
def tree(file: Path) -> ast.Module:
    """Parse a file once, however many rules read it."""
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def address(file: Path) -> str:
    """Name a file as it is seen from the root of the project."""
    return file.relative_to(ROOT).as_posix()


def found_in(finder: Finder, chosen: list[Path]) -> list[str]:
    """List every place where a finder finds something, as file:line."""
    return [f"{address(file)}:{line}" for file in chosen for line in finder(tree(file))]


def commits(code: ast.AST) -> Iterator[int]:
    """Find where a transaction is committed."""
    return _calls(code, {"commit"})


def waits(code: ast.AST) -> Iterator[int]:
    """Find where a program waits for time to pass and hopes that something has happened by then."""
    return _calls(code, {"sleep"})


def escapes(code: ast.AST) -> Iterator[int]:
    """Find where a test is excused from passing."""
    excuses = {"importorskip", "skip", "skipif", "skipTest", "xfail"}
    for node in ast.walk(code):
        if _name(node) in excuses:
            yield node.lineno  # type: ignore[attr-defined]  # a name or an attribute always has a line


def state_changes(code: ast.AST) -> Iterator[int]:
    """Find where the state of a row is set, by assignment, by name or by a bulk update."""
    for node in ast.walk(code):
        match node:
            case ast.Attribute(attr="state", ctx=ast.Store()):
                yield node.lineno
            case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value="state"), *_]):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="values"), keywords=keywords):
                if any(keyword.arg == "state" for keyword in keywords):
                    yield node.lineno
            case _:
                pass


def more_than_a_docstring(code: ast.AST) -> Iterator[int]:
    """Find what a room's first page holds besides the sentence that says what the room knows."""
    if not isinstance(code, ast.Module) or not ast.get_docstring(code):
        yield 1
        return
    yield from (statement.lineno for statement in code.body[1:])


def _calls(code: ast.AST, names: set[str]) -> Iterator[int]:
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and _name(node.func) in names:
            yield node.lineno


def _name(node: ast.AST) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return None
