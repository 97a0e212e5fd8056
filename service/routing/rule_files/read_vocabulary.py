"""Reads facts.yaml: the facts, the derived values, and what can never be true together."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from service.routing.engine.domains import UNKNOWN, Choice, Domain, Number
from service.routing.facts.vocabulary import CodeList, Default, Derived, Fact, FactKind, Vocabulary
from service.routing.rule_files.read_guards import read_guards
from service.routing.rule_files.read_when import read_never, read_when
from service.routing.text.entries import Words, entries, in_languages, listed, named, one_word, text
from service.routing.text.mistakes import Mistake, closest, meant, one_of
from service.routing.text.yaml_document import Node

SCHEMA: Final = "nrm-facts/1"
_KINDS: Final[Mapping[str, FactKind]] = {
    "values": FactKind.CHOICE,
    "number": FactKind.NUMBER,
    "set": FactKind.SET,
    "map": FactKind.MAP,
    "per_member": FactKind.PER_MEMBER,
    "date": FactKind.DATE,
    "instant": FactKind.INSTANT,
    "code": FactKind.CODE,
}
_ASKING: Final = ("group", "label", "question")
_WITHOUT_DEFAULT: Final = (FactKind.PER_MEMBER, FactKind.DATE, FactKind.INSTANT, FactKind.CODE)
_WIDEST_NUMBER: Final = 10_000


@dataclass(frozen=True)
class VocabularyRead:
    """What facts.yaml holds, the names whose own entry is mistaken, and whether nothing in it is."""

    vocabulary: Vocabulary
    broken: frozenset[str]
    sound: bool


def read_vocabulary(document: Node, mistakes: list[Mistake]) -> VocabularyRead:
    """Read the whole file.

    Args:
        document: the file as a tree.
        mistakes: where mistakes are added.
    """
    before = len(mistakes)
    parts = entries(
        document,
        mistakes,
        required=("schema", "facts"),
        optional=("derived", "never", "explaining"),
        thing="a file of facts",
    )
    one_word(parts.get("schema"), mistakes, "the schema", (SCHEMA,))
    written = _named(parts.get("facts"), mistakes, "facts")
    readings = {name: _fact(name, node, mistakes) for name, node in written.items()}
    facts = {name: fact for name, fact in readings.items() if fact is not None}
    facts = {name: _with_members(fact, facts, readings, document.file, mistakes) for name, fact in facts.items()}
    computations = {
        name: _derived(name, node, facts, mistakes)
        for name, node in _named(parts.get("derived"), mistakes, "derived values").items()
    }
    derived = {name: found for name, found in computations.items() if found is not None}
    broken = frozenset({*readings, *computations} - {*facts, *derived})
    columns = Vocabulary(facts, derived, ())
    # A column whose own mistakes are told already is readable, so that its readers are not blamed as well.
    unread = dict.fromkeys(sorted(broken))
    asked = _with_conditions(facts, written, {**columns.columns(), **unread}, mistakes)
    never = read_never(parts.get("never"), {**columns.fact_columns, **unread}, mistakes, "the facts")
    guards = read_guards(parts.get("explaining"), (*readings, *computations), mistakes)
    vocabulary = Vocabulary(asked, derived, never, document.file, guards)
    return VocabularyRead(vocabulary, broken, sound=len(mistakes) == before)


def _named(node: Node | None, mistakes: list[Mistake], thing: str) -> Mapping[str, Node]:
    return {} if node is None else dict(named(node, mistakes, thing))


def _fact(name: str, node: Node, mistakes: list[Mistake]) -> Fact | None:
    before = len(mistakes)
    kind = _kind(name, node, mistakes)
    if kind is None:
        return None
    key = next(word for word, one in _KINDS.items() if one is kind)
    required: tuple[str, ...] = (key, *_ASKING)
    optional: tuple[str, ...] = ("note", "ask_when")
    if kind in _WITHOUT_DEFAULT:
        optional = (*optional, "default")
    else:
        required = (*required, "default")
    parts = entries(node, mistakes, required=required, optional=optional, thing=f"the fact {name}")
    group = text(parts.get("group"), mistakes, f"the group of {name}")
    fact = Fact(
        name=name,
        kind=kind,
        default=None,
        group=group or "",
        label=in_languages(parts.get("label"), mistakes, f"the label of {name}"),
        question=in_languages(parts.get("question"), mistakes, f"the question of {name}"),
        note=in_languages(parts.get("note"), mistakes, f"the note of {name}"),
        line=node.line,
    )
    if (what := parts.get(key)) is None:
        return None
    fact = _with_domain(fact, what, mistakes)
    default = _default(fact, parts.get("default"), mistakes)
    if fact.number is not None:
        # Only a number that is unknown until told can be told to be unknown.
        fact = replace(fact, number=replace(fact.number, unknown=default == UNKNOWN))
    return None if len(mistakes) > before else replace(fact, default=default)


def _kind(name: str, node: Node, mistakes: list[Mistake]) -> FactKind | None:
    if not isinstance(node.value, dict):
        mistakes.append(node.mistake(f"the fact {name} must be a mapping", one_of((*_KINDS, *_ASKING))))
        return None
    told = [word for word in _KINDS if word in node.value]
    if len(told) == 1:
        return _KINDS[told[0]]
    if told:
        mistakes.append(node.mistake(f"the fact {name} has several kinds: {', '.join(told)}", "keep one of them"))
    else:
        mistakes.append(node.mistake(f"the fact {name} does not say what it holds", f"one of {', '.join(_KINDS)}"))
    return None


def _with_domain(fact: Fact, node: Node, mistakes: list[Mistake]) -> Fact:
    if fact.kind in (FactKind.CHOICE, FactKind.SET):
        return replace(fact, values=_labelled(node, mistakes, f"the values of {fact.name}"))
    if fact.kind is FactKind.NUMBER:
        return replace(fact, number=_number(node, mistakes, fact.name))
    if fact.kind is FactKind.MAP:
        parts = entries(node, mistakes, required=("keys", "values"), thing=f"the map of {fact.name}")
        keys, values = parts.get("keys"), parts.get("values")
        return replace(
            fact,
            keys=_labelled(keys, mistakes, f"the keys of {fact.name}"),
            values=_labelled(values, mistakes, f"the values of {fact.name}"),
        )
    if fact.kind is FactKind.PER_MEMBER:
        parts = entries(node, mistakes, required=("of", "values"), thing=f"what is told per member by {fact.name}")
        return replace(
            fact,
            of=text(parts.get("of"), mistakes, f"the set of {fact.name}"),
            values=_labelled(parts.get("values"), mistakes, f"the values of {fact.name}"),
        )
    if fact.kind is FactKind.CODE:
        said = one_word(node, mistakes, f"the code list of {fact.name}", tuple(CodeList))
        return replace(fact, codes=None if said is None else CodeList(said))
    if node.value is not True:
        mistakes.append(node.mistake(f"{fact.kind} of {fact.name} can only be true"))
    return fact


def _with_members(
    fact: Fact, facts: Mapping[str, Fact], readings: Collection[str], file: str, mistakes: list[Mistake]
) -> Fact:
    """Give what is told per member its members: those of the set, but not `unknown`, which is no member to speak of."""
    if fact.of is None:
        return fact
    members = facts.get(fact.of)
    if members is not None and members.kind is FactKind.SET:
        return replace(fact, keys={key: words for key, words in members.values.items() if key != UNKNOWN})
    if members is not None or fact.of not in readings:
        sets = [name for name, one in facts.items() if one.kind is FactKind.SET]
        mistakes.append(
            Mistake(file, fact.line, f"{fact.name} is about {fact.of!r}, which is no set", meant(fact.of, sets))
        )
    return fact


def _labelled(node: Node | None, mistakes: list[Mistake], thing: str) -> Mapping[str, Words]:
    if node is None:
        return {}
    if isinstance(node.value, list):
        return {word: {} for word in _unlabelled(node, mistakes, thing)}
    found = {name: in_languages(value, mistakes, f"{name} of {thing}") for name, value in named(node, mistakes, thing)}
    if not found and node.value == {}:
        mistakes.append(node.mistake(f"{thing} are empty"))
    return found


def _unlabelled(node: Node, mistakes: list[Mistake], thing: str) -> Iterator[str]:
    seen: set[str] = set()
    for item in listed(node, mistakes, thing):
        word = text(item, mistakes, f"one of {thing}")
        if word is not None and word in seen:
            mistakes.append(item.mistake(f"{word} stands twice in {thing}"))
        elif word is not None:
            seen.add(word)
            yield word


def _number(node: Node, mistakes: list[Mistake], name: str) -> Number | None:
    parts = entries(node, mistakes, required=("from", "to"), thing=f"the number of {name}")
    bounds = [parts[key].value for key in ("from", "to") if key in parts]
    whole = [bound for bound in bounds if isinstance(bound, int) and not isinstance(bound, bool)]
    if len(bounds) < len(("from", "to")):
        return None
    if len(whole) < len(bounds):
        mistakes.append(node.mistake(f"the bounds of {name} must be whole numbers"))
        return None
    low, high = whole
    if not low <= high < low + _WIDEST_NUMBER:
        mistakes.append(node.mistake(f"the bounds of {name} must rise, and span less than {_WIDEST_NUMBER}"))
        return None
    return Number(low, high, unknown=False)


def _default(fact: Fact, node: Node | None, mistakes: list[Mistake]) -> Default:
    thing = f"the default of {fact.name}"
    if fact.kind in _WITHOUT_DEFAULT:
        if node is not None:
            mistakes.append(node.mistake(f"{fact.name} can have no default", "a day or code left out is not told"))
        return None
    if node is None:
        return None
    if fact.kind is FactKind.NUMBER:
        return _number_default(fact, node, mistakes)
    if fact.kind is FactKind.SET:
        words = [one_word(item, mistakes, thing, fact.values) for item in listed(node, mistakes, thing)]
        return tuple(word for word in fact.values if word in words)
    return one_word(node, mistakes, thing, fact.values)


def _number_default(fact: Fact, node: Node, mistakes: list[Mistake]) -> Default:
    value = node.value
    if value == UNKNOWN:
        return UNKNOWN
    if isinstance(value, int) and not isinstance(value, bool) and (fact.number is None or value in fact.number):
        return value
    mistakes.append(
        node.mistake(f"the default of {fact.name} cannot be {value!r}", f"a number within bounds, or {UNKNOWN}")
    )
    return None


def _derived(name: str, node: Node, facts: Mapping[str, Fact], mistakes: list[Mistake]) -> Derived | None:
    before = len(mistakes)
    if name in facts:
        mistakes.append(Mistake(node.file, node.line, f"{name} is a fact already, in line {facts[name].line}"))
    parts = entries(
        node, mistakes, required=("label", "how"), optional=("values", "number"), thing=f"the derived {name}"
    )
    values = _labelled(parts.get("values"), mistakes, f"the values of {name}")
    domain: Domain | None = Choice(tuple(values)) if values else None
    if (bounds := parts.get("number")) is not None:
        domain = _number(bounds, mistakes, name)
    if domain is None and len(mistakes) == before:
        mistakes.append(
            node.mistake(f"the derived {name} has no values", "values: [...] or number: {from: ..., to: ...}")
        )
    label = in_languages(parts.get("label"), mistakes, f"the label of {name}")
    how = in_languages(parts.get("how"), mistakes, f"how of {name}")
    if domain is None or len(mistakes) > before:
        return None
    return Derived(name, domain, values, label, how, node.line)


def _with_conditions(
    facts: Mapping[str, Fact],
    written: Mapping[str, Node],
    domains: Mapping[str, Domain | None],
    mistakes: list[Mistake],
) -> Mapping[str, Fact]:
    asked: dict[str, Fact] = {}
    for name, fact in facts.items():
        value = written[name].value
        node = value.get("ask_when") if isinstance(value, dict) else None
        asked[name] = replace(fact, ask_when=read_when(node, domains, mistakes, f"ask_when of {name}"))
    return asked


def with_computed(read: VocabularyRead, computed: Collection[str], mistakes: list[Mistake]) -> VocabularyRead:
    """Note every derived value that only the file or only the code knows, and count it as mistaken.

    Args:
        read: what the file names.
        computed: the names that code can compute.
        mistakes: where mistakes are added.
    """
    vocabulary = read.vocabulary
    only_code = [name for name in sorted(computed) if name not in vocabulary.derived and name not in read.broken]
    only_file = [derived for name, derived in vocabulary.derived.items() if name not in computed]
    for derived in only_file:
        what = f"no code computes the derived {derived.name}"
        mistakes.append(Mistake(vocabulary.file, derived.line, what, meant(derived.name, only_code)))
    misspelt = {closest(derived.name, only_code) for derived in only_file}
    mistakes.extend(
        Mistake(vocabulary.file, 1, f"code computes {name}, which derived does not name")
        for name in only_code
        if name not in misspelt
    )
    strangers = {*only_code, *(derived.name for derived in only_file)}
    return replace(read, broken=read.broken | strangers, sound=read.sound and not strangers)
