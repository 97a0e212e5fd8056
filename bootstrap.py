#!/usr/bin/env python3
"""Make the environment in .venv exactly as requirements.lock says, and run commands in it.

    python3 bootstrap.py                 install, or say at once that nothing changed
    python3 bootstrap.py run ARGS...     install if needed, then run ARGS (nrm, python, pytest, ...) in it

Only the standard library is used, and nothing is installed outside .venv.
"""

# Old interpreters must be able to read this file far enough to be told what to do.
import sys

if sys.version_info < (3, 11):  # noqa: UP036 - this file is what tells an older Python's owner
    sys.exit(
        "This project needs Python 3.11 or newer; this is Python %d.%d (%s).\n"  # noqa: UP031
        "  Debian, Ubuntu:  sudo apt-get install python3.11 python3.11-venv\n"
        "  macOS:           brew install python@3.12\n"
        "Then run the same command with it: python3.11 bootstrap.py"
        % (sys.version_info[0], sys.version_info[1], sys.executable)
    )

import compileall
import hashlib
import os
import re
import shutil
import subprocess
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
STAMP = VENV / "installed"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")


def main(arguments: list[str]) -> int:
    """Install, then run what was asked for and hand back its exit code."""
    if arguments and (arguments[0] != "run" or len(arguments) == 1):
        sys.stderr.write(__doc__ or "")
        return 2
    changed = install()
    if arguments:
        return run(arguments[1:])
    if not changed:
        say(f"nothing changed: {VENV}")
    return 0


def install() -> bool:
    """Bring .venv to the state the lock describes; False when it was there already."""
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text(encoding="utf-8") == wanted and PYTHON.exists():
        return False
    started = time.monotonic()
    make_environment()
    install_packages()
    make_project_importable()
    say("compiling")
    compileall.compile_dir(ROOT / "service", quiet=2)
    STAMP.write_text(wanted, encoding="utf-8")
    say(f"ready in {time.monotonic() - started:.0f} s: {VENV}")
    return True


def fingerprint() -> str:
    """Name the lock, the scripts, this file and this interpreter; any change means a new environment."""
    seen = hashlib.sha256()
    for file in (LOCK, Path(__file__)):
        seen.update(hashlib.sha256(file.read_bytes()).digest())
    seen.update(repr((sorted(console_scripts().items()), str(ROOT), sys.version, sys.prefix)).encode())
    return seen.hexdigest()


def make_environment() -> None:
    """Start from an empty .venv; a half-made one is never repaired."""
    say("making .venv")
    if VENV.exists():
        shutil.rmtree(VENV)
    made = subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], env=environment(), check=False)
    if made.returncode:
        explain_missing_venv()


def install_packages() -> None:
    """Install every locked package and check every hash: by uv where it can be had, else by pip."""
    uv = shutil.which("uv") or fetch_uv()
    if uv:
        say("installing the locked packages with uv")
        command = [uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"]
        command += ["--python", str(PYTHON), str(LOCK)]
        if subprocess.run(command, env=environment(), check=False).returncode == 0:
            return
        say("uv did not succeed; trying pip")
    add_pip()
    say("installing the locked packages with pip (about a minute)")
    if subprocess.run(pip_install(LOCK), env=environment(), check=False).returncode:
        sys.exit("The locked packages could not be installed; the reason stands above. Nothing was kept.")


def fetch_uv() -> str | None:
    """Put the locked uv into .venv with pip, and say where it is; None when it cannot be had."""
    add_pip()
    say("fetching uv")
    entry = re.search(r"^uv==.*?(?=^\S|\Z)", LOCK.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    if entry is None:
        return None
    wanted = VENV / "uv.lock.txt"
    wanted.write_text(entry.group(), encoding="utf-8")
    if subprocess.run(pip_install(wanted), env=environment(), check=False).returncode:
        return None
    return shutil.which("uv", path=str(PROGRAMS))


def pip_install(lock: Path) -> list[str]:
    """Word the pip command that installs what a lock lists and nothing else, checking every hash."""
    return [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "-r", str(lock)]


def add_pip() -> None:
    """Give .venv its own pip, from the copy that came with Python."""
    present = subprocess.run(
        [str(PYTHON), "-c", "import pip"], env=environment(), check=False, stderr=subprocess.DEVNULL
    )
    if present.returncode == 0:
        return
    command = [str(PYTHON), "-m", "ensurepip", "--default-pip"]
    if subprocess.run(command, env=environment(), check=False, stdout=subprocess.DEVNULL).returncode:
        explain_missing_venv()


def explain_missing_venv() -> None:
    """Stop with the one fix that helps on Debian and Ubuntu, which ship venv apart."""
    shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(
        "Python could not make a virtual environment. On Debian and Ubuntu that part is a package of its own:\n"
        f"  sudo apt-get install python3-venv   (or python3.{sys.version_info[1]}-venv)"
    )


def make_project_importable() -> None:
    """Let .venv see this folder, and write the console scripts that pyproject.toml names."""
    packages = subprocess.run(
        [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        env=environment(),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    (Path(packages) / "nrm.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for name, target in console_scripts().items():
        write_script(name, *target.split(":"))


def console_scripts() -> dict[str, str]:
    """Read which commands the project offers, as name to module:function."""
    with PROJECT.open("rb") as file:
        scripts: dict[str, str] = tomllib.load(file)["project"]["scripts"]
    return scripts


def write_script(name: str, module: str, function: str) -> None:
    """Write one console script; a folder name with a space in it cannot stand in a shebang line."""
    call = f"import sys\nfrom {module} import {function}\nsys.exit({function}())\n"
    if os.name == "nt":
        (PROGRAMS / f"{name}-script.py").write_text(call, encoding="utf-8")
        (PROGRAMS / f"{name}.cmd").write_text(f'@"%~dp0python.exe" "%~dp0{name}-script.py" %*\n', encoding="utf-8")
        return
    script = PROGRAMS / name
    shell = f"""#!/bin/sh\n'''exec' "{PYTHON}" "$0" "$@"\n' '''\n"""
    script.write_text(shell + call, encoding="utf-8")
    script.chmod(0o755)


def run(arguments: list[str]) -> int:
    """Run a command of the environment in its place, with the environment's programs first on PATH."""
    variables = environment()
    variables["VIRTUAL_ENV"] = str(VENV)
    variables["PATH"] = os.pathsep.join([str(PROGRAMS), variables.get("PATH", os.defpath)])
    program = shutil.which(arguments[0], path=variables["PATH"])
    if program is None:
        sys.exit(f"There is no command {arguments[0]!r} in {PROGRAMS}.")
    sys.stdout.flush()
    if os.name != "nt":
        # Replacing this process lets Ctrl-C, signals and exit codes reach the caller untouched.
        os.execve(program, [program, *arguments[1:]], variables)  # noqa: S606 - no shell is wanted
    return subprocess.run([program, *arguments[1:]], env=variables, check=False).returncode


def environment() -> dict[str, str]:
    """Copy the caller's environment, minus what would make every start slow or point elsewhere."""
    variables = dict(os.environ)
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONHOME", "PYTHONPATH", "VIRTUAL_ENV"):
        variables.pop(name, None)
    variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
    variables["UV_SYSTEM_CERTS"] = "1"  # an organisation's own certificate authority must be believed
    return variables


def say(what: str) -> None:
    """Tell the person waiting what happens now."""
    sys.stderr.write(f"bootstrap: {what}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
