"""A mistake in the vocabulary is told in its line, once, with what was meant."""

from pathlib import Path

import pytest

from tests.routing.factories import changed, mistakes_of


@pytest.mark.parametrize(
    ("file", "old", "new", "mistake"),
    [
        (
            "facts",
            "nrm-facts/1",
            "nrm-fact/1",
            "facts.yaml:1: the schema cannot be 'nrm-fact/1' (did you mean nrm-facts/1?)",
        ),
        (
            "facts",
            "    default: no\n",
            "    defualt: no\n",
            "facts.yaml:17: the fact detention knows no key defualt (did you mean default?)",
        ),
        (
            "facts",
            "    default: no\n",
            "    default: maybe\n",
            "facts.yaml:17: the default of detention cannot be 'maybe' (known: yes, no)",
        ),
        (
            "facts",
            "    default: no\n",
            "    default: false\n",
            "facts.yaml:17: the default of detention is a boolean (write no)",
        ),
        (
            "facts",
            "number: {from: 0",
            "number: {from: 130",
            "facts.yaml:10: the bounds of age must rise, and span less than 10000",
        ),
        ("facts", "number: {from: 0", "number: {from: x", "facts.yaml:10: the bounds of age must be whole numbers"),
        (
            "facts",
            "default: [unknown]",
            "default: [unknwon]",
            "facts.yaml:24: the default of exploitation cannot be 'unknwon' (did you mean unknown?)",
        ),
        (
            "facts",
            "code: municipality",
            "code: municipalty",
            "facts.yaml:47: the code list of found_in cannot be 'municipalty' (did you mean municipality?)",
        ),
        ("facts", "date: true", "date: yes", "facts.yaml:37: date of accepted_on can only be true"),
        (
            "facts",
            "{citizenship: {not: dutch}}",
            "{citizenship: {not: duch}}",
            "facts.yaml:21: citizenship cannot be 'duch' (did you mean dutch?)",
        ),
        (
            "facts",
            "{citizenship: {not: dutch}}",
            "{citizenshp: dutch}",
            "facts.yaml:21: ask_when of detention reads citizenshp, which is no input here (did you mean citizenship?)",
        ),
        (
            "facts",
            "citizenship: dutch, detention",
            "citizenship: dutch, detenton",
            "facts.yaml:62: a never of the facts reads detenton, which is no input here (did you mean detention?)",
        ),
        (
            "facts",
            "    label: {en: Age}\n",
            "    label: {nl: Leeftijd}\n",
            "facts.yaml:13: the label of age has no English text (add en: ...)",
        ),
        (
            "facts",
            "    label: {en: Age}\n",
            "    label: Age\n",
            "facts.yaml:13: the label of age must be given per language ({nl: ..., en: ...})",
        ),
        (
            "facts",
            "    label: {en: Age}\n",
            "    label: {en: Age, nld: Leeftijd}\n",
            "facts.yaml:13: 'nld' is no language (two small letters (ISO 639-1))",
        ),
        ("facts", "  route:\n", "  rout:\n", "facts.yaml:58: no code computes the derived rout (did you mean route?)"),
    ],
)
def test_one_mistake_in_the_facts_gives_one_message_in_its_line(
    tmp_path: Path, file: str, old: str, new: str, mistake: str
) -> None:
    assert mistakes_of(tmp_path, **{file: changed(file, old, new)}) == [mistake]
