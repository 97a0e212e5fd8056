"""A folder of rules as one value: every file that rules are read from, by its path, in one byte form."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from service.kernel.canonical_json import canonical_bytes
from service.routing.examples import run_examples, story_mistakes
from service.routing.row_examples import row_example_mistakes
from service.routing.rule_files.load import FILE_NAME, READ, digest_of, load_rule_set
from service.routing.rule_files.read_row_examples import read_row_examples
from service.routing.rule_set import RuleSet
from service.routing.text.mistakes import FilesRefused, Mistake

_PREFIX: Final = "nrm-rules-"
_PLACE: Final = re.compile(rf"[^ ]*/{_PREFIX}[^/]+/[^/]+/")
_REMEMBERED: Final = 8
_COUNTRY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
_FILE: Final = re.compile(rf"([a-z]+/){{0,2}}{FILE_NAME.pattern}")


@dataclass(frozen=True)
class Bundle:
    """The files of a rule set, the way a line ends left out."""

    country: str
    files: Mapping[str, str]

    @cached_property
    def canonical(self) -> bytes:
        """The one byte form by which the bundle is kept."""
        return canonical_bytes({"country": self.country, "files": self.files})

    @cached_property
    def hash(self) -> str:
        """The SHA-256 of the bundle, in hex; another word in an explanation is another bundle."""
        return hashlib.sha256(self.canonical).hexdigest()

    @cached_property
    def name(self) -> str:
        """The name that decisions keep: the country and the hash of the files that decide."""
        return f"{self.country}@sha256:{digest_of(self.files)}"


@lru_cache(maxsize=4)
def bundle_from(rules: RuleSet) -> Bundle:
    """Give the files that a rule set was read from."""
    return Bundle(rules.country, rules.files)


def bundle_in(canonical: bytes) -> Bundle:
    """Give the bundle of its byte form."""
    said = json.loads(canonical)
    return Bundle(said["country"], said["files"])


def loaded(bundle: Bundle) -> RuleSet:
    """Load a bundle, wherever it comes from.

    Args:
        bundle: the files; a path that no rules are read from is a mistake.

    Raises:
        FilesRefused: there are mistakes; all of them are listed, by the paths of the bundle.
    """
    return _loaded(bundle.canonical)


def proved(bundle: Bundle) -> RuleSet:
    """Load a bundle that somebody wants in force: its examples hold too.

    Args:
        bundle: the files.

    Raises:
        FilesRefused: there are mistakes; all of them are listed, by the paths of the bundle.
    """
    return _proved(bundle.canonical)


# Files say the same for ever, so what is read or proved once is not read or proved again.
@lru_cache(maxsize=_REMEMBERED)
def _loaded(canonical: bytes) -> RuleSet:
    with _unfolded(bundle_in(canonical)) as folder:
        return load_rule_set(folder)


@lru_cache(maxsize=_REMEMBERED)
def _proved(canonical: bytes) -> RuleSet:
    rules = _loaded(canonical)
    with _unfolded(bundle_in(canonical)) as folder:
        mistakes: list[Mistake] = []
        mistakes += row_example_mistakes(rules, read_row_examples(folder, rules, mistakes))
        mistakes += story_mistakes(run_examples(rules))
        if mistakes:
            raise FilesRefused(mistakes)
    return rules


@contextmanager
def _unfolded(bundle: Bundle) -> Iterator[Path]:
    """Write a bundle into a folder, and name its files in mistakes as the bundle does."""
    strange = [
        path for path in bundle.files if not _FILE.fullmatch(path) or not any(fnmatch(path, one) for one in READ)
    ]
    if strange or not _COUNTRY.fullmatch(bundle.country):
        raise FilesRefused([Mistake(path, 1, "no file of this name is read here") for path in strange or ["."]])
    with TemporaryDirectory(prefix=_PREFIX) as place:
        folder = Path(place) / bundle.country
        for path, text in bundle.files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
        try:
            yield folder
        except FilesRefused as refused:
            raise FilesRefused(map(_shortened, refused.mistakes)) from None


def _shortened(mistake: Mistake) -> Mistake:
    """Name files as the bundle does, wherever it was unfolded."""
    hint = None if mistake.hint is None else _PLACE.sub("", mistake.hint)
    return replace(mistake, file=_PLACE.sub("", mistake.file), what=_PLACE.sub("", mistake.what), hint=hint)
