"""Reads a folder of rules whole, or refuses it whole with every mistake of every file."""

import hashlib
import json
import re
from collections.abc import Collection, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Final

from service.routing.disclosure import Disclosure
from service.routing.engine.compiled import CompiledTable
from service.routing.facts.derived import DERIVED
from service.routing.facts.parameters import Parameters
from service.routing.facts.vocabulary import Vocabulary
from service.routing.period_steps import PeriodSteps
from service.routing.rule_files.check_disclosure import check_disclosure
from service.routing.rule_files.check_languages import untranslated
from service.routing.rule_files.check_recipients import Meant, check_recipients, meant_by
from service.routing.rule_files.check_terms import terms_without_start
from service.routing.rule_files.invariant_mistakes import invariant_mistakes
from service.routing.rule_files.link_tables import Heads, linked_tables
from service.routing.rule_files.read_disclosure import read_disclosure
from service.routing.rule_files.read_examples import read_examples
from service.routing.rule_files.read_invariants import read_invariants, readable
from service.routing.rule_files.read_parameters import read_parameters
from service.routing.rule_files.read_period_steps import kinds_of_organisations, read_period_steps
from service.routing.rule_files.read_phrases import read_phrases
from service.routing.rule_files.read_places import read_places
from service.routing.rule_files.read_table import TableHead, read_head
from service.routing.rule_files.read_vocabulary import VocabularyRead, read_vocabulary, with_computed
from service.routing.rule_files.table_order import Behind
from service.routing.rule_set import Example, Invariant, Phrases, RuleSet
from service.routing.text.mistakes import FilesRefused, Mistake
from service.routing.text.yaml_document import Node, read_document

DISCLOSURE: Final = "disclosure.yaml"
PERIOD_STEPS: Final = "period_steps.yaml"
INVARIANTS: Final = "invariants.yaml"
EXPLAINING: Final = "explanation.yaml"
OVERVIEW: Final = "mechanism.yaml"
_STORIES: Final = ("examples/*.yaml", "examples/rows/*.yaml")
DECIDING: Final = ("facts.yaml", "parameters.yaml", DISCLOSURE, PERIOD_STEPS, "tables/*.yaml", "reference/*.csv")
FILE_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*\.(yaml|csv)")
_ENDS: Final = (".yaml", ".csv")
_LIKE_RULES: Final = re.compile(r"\.(ya?ml|csv)\b", re.IGNORECASE)
READ: Final = (*DECIDING, INVARIANTS, EXPLAINING, OVERVIEW, *_STORIES)
"""Every file that rules are read from; `DECIDING` are those on which a decision depends."""


def load_rule_set(folder: Path) -> RuleSet:
    """Load the mechanism of one country.

    Args:
        folder: holds facts.yaml, parameters.yaml, disclosure.yaml, tables/, reference/ and examples/; its name is
            the country.

    Raises:
        FilesRefused: there are mistakes; all of them are listed and nothing is loaded.
    """
    return rule_set_in(folder, {name: function.after for name, function in DERIVED.items()})


def rule_set_in(folder: Path, computed: Behind) -> RuleSet:
    """Load the mechanism of one country for code that computes the given derived values.

    Args:
        folder: as in load_rule_set.
        computed: for every derived value that code computes, the tables and derived values that it reads.

    Raises:
        FilesRefused: there are mistakes; all of them are listed and nothing is loaded.
    """
    mistakes: list[Mistake] = []
    files = _Files(folder, mistakes)
    facts = files.vocabulary(computed)
    parameters = files.parameters()
    before = len(mistakes)
    heads = files.heads()
    tables = linked_tables(heads, facts, parameters, computed, mistakes)
    linked = facts is not None and facts.sound and not heads.unread and len(mistakes) == before
    disclosure = files.disclosure(facts, tables)
    examples = files.examples(facts)
    phrases = files.phrases(tables, facts)
    places = read_places(folder / "reference", mistakes)
    whom = meant_by(heads.outputs(), tables)
    period_steps = {} if facts is None else files.period_steps(facts.vocabulary, whom)
    if facts is not None and whom.kinds is not None:
        directory = folder / "reference" / "partners.csv"
        check_recipients(directory, whom, places, facts.vocabulary, period_steps, mistakes)
    mistakes.extend(one for compiled in tables.values() for one in terms_without_start(compiled))
    invariants = files.invariants(facts.vocabulary if facts is not None and linked else None, tables)
    files.refuse_untranslated()
    if not mistakes and parameters is not None and disclosure is not None:
        mistakes.extend(check_disclosure(disclosure, tables, parameters, str(folder / DISCLOSURE)))
    if mistakes or facts is None or parameters is None or disclosure is None:
        raise FilesRefused(mistakes)
    written = _written(folder)
    rule_set = RuleSet(
        country=folder.resolve().name,
        digest=digest_of(written),
        vocabulary=facts.vocabulary,
        parameters=parameters,
        tables=tables,
        places=places,
        disclosure=disclosure,
        period_steps=period_steps,
        examples=examples,
        invariants=invariants,
        phrases=phrases,
        files=written,
    )
    mistakes.extend(invariant_mistakes(rule_set))
    if mistakes:
        raise FilesRefused(mistakes)
    return rule_set


class _Files:
    """The files of one folder, each read once."""

    def __init__(self, folder: Path, mistakes: list[Mistake]) -> None:
        self._folder = folder
        self._mistakes = mistakes
        self._documents: list[Node] = []
        self._refuse_stray_files()

    def vocabulary(self, computed: Collection[str]) -> VocabularyRead | None:
        document = self._document(self._folder / "facts.yaml")
        if document is None:
            return None
        return with_computed(read_vocabulary(document, self._mistakes), computed, self._mistakes)

    def parameters(self) -> Parameters | None:
        document = self._document(self._folder / "parameters.yaml")
        return None if document is None else read_parameters(document, self._mistakes)

    def disclosure(self, facts: VocabularyRead | None, tables: Mapping[str, CompiledTable]) -> Disclosure | None:
        document = self._document(self._folder / DISCLOSURE)
        if document is None:
            return None
        known = None if facts is None else (*facts.vocabulary.facts, *sorted(facts.broken))
        columns = None if facts is None or self._mistakes else readable(facts.vocabulary, tables)
        return read_disclosure(document, known, columns, self._mistakes)

    def period_steps(self, vocabulary: Vocabulary, whom: Meant) -> PeriodSteps:
        path = self._folder / PERIOD_STEPS
        document = self._document(path) if path.exists() else None
        kinds = kinds_of_organisations(vocabulary, whom.kinds)
        return {} if document is None else read_period_steps(document, vocabulary.facts, kinds, self._mistakes)

    def invariants(self, known: Vocabulary | None, tables: Mapping[str, CompiledTable]) -> tuple[Invariant, ...]:
        """Read what must hold; without all facts and tables to speak of, only whether it is well written."""
        path = self._folder / INVARIANTS
        document = self._document(path) if path.exists() else None
        if document is None or known is None:
            return ()
        return read_invariants(document, known, tables, self._mistakes)

    def heads(self) -> Heads:
        found = {path: self._head(path) for path in sorted(self._folder.glob("tables/*.yaml"))}
        # A file that is called otherwise is told of and not read; its table is missed nowhere.
        stray = {path.name.partition(".")[0].lower() for path in self._folder.glob("tables/*") if path not in found}
        unread = {path.stem for path, head in found.items() if head is None} | stray
        return Heads([head for head in found.values() if head is not None], unread)

    def _head(self, path: Path) -> TableHead | None:
        document = self._document(path)
        return None if document is None else read_head(document, self._mistakes)

    def examples(self, facts: VocabularyRead | None) -> tuple[Example, ...]:
        found: list[Example] = []
        for path in sorted(self._folder.glob("examples/*.yaml")):
            document = self._document(path)
            if document is not None:
                # Facts that are mistaken themselves would make every example that uses them a mistake too.
                usable = facts.vocabulary if facts is not None and not facts.broken else None
                found.extend(read_examples(document, usable, self._mistakes))
        self._refuse_twins(found)
        return tuple(found)

    def phrases(self, tables: Mapping[str, CompiledTable], facts: VocabularyRead | None) -> Phrases:
        path = self._folder / EXPLAINING
        document = self._document(path) if path.exists() else None
        sound = facts.vocabulary if facts is not None and facts.sound and not self._mistakes else None
        return Phrases() if document is None else read_phrases(document, tables, sound, self._mistakes)

    def refuse_untranslated(self) -> None:
        """Refuse what only some of those who read these rules can read."""
        self._mistakes.extend(untranslated(self._documents))

    def _refuse_twins(self, examples: list[Example]) -> None:
        first: dict[str, Example] = {}
        for example in examples:
            if (twin := first.setdefault(example.id, example)) is not example:
                what = f"the example {example.id} exists already"
                self._mistakes.append(Mistake(example.file, example.line, what, f"in {twin.file}:{twin.line}"))

    def _document(self, path: Path) -> Node | None:
        document = read_document(path, str(path), self._mistakes)
        if document is not None:
            self._documents.append(document)
        return document

    def _refuse_stray_files(self) -> None:
        read = sorted(path for pattern in READ for path in self._folder.glob(pattern))
        for path in sorted(self._folder.rglob("*")):
            if _LIKE_RULES.search(path.name) and path.suffix not in _ENDS:
                what = "files of rules end in .yaml, reference data in .csv"
                self._mistakes.append(Mistake(str(path), 1, what, "rename it, or it is not read"))
        for path in read:
            if not FILE_NAME.fullmatch(path.name):
                what = "a file of rules is called by letters, digits, - and _"
                self._mistakes.append(Mistake(str(path), 1, what, "rename it: its name is part of what is kept"))
        for path in sorted(self._folder.glob("*.yaml")):
            if path.name not in (*DECIDING, INVARIANTS, EXPLAINING, OVERVIEW):
                what = "no file of this name is read here"
                self._mistakes.append(Mistake(str(path), 1, what, "tables belong in tables/, examples in examples/"))


def digest_of(files: Mapping[str, str]) -> str:
    """Hash what decides; stories and read-me files do not, and neither does the way a line ends.

    Args:
        files: the files of a rule set by their paths; those that do not decide are left out.
    """
    content = {
        path: hashlib.sha256(text.encode()).hexdigest()
        for path, text in files.items()
        if any(fnmatch(path, pattern) for pattern in DECIDING)
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _written(folder: Path) -> dict[str, str]:
    """Give every file that rules are read from; how a line ends and how the encoding is announced do not count."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8-sig")
        for pattern in READ
        for path in sorted(folder.glob(pattern))
    }
