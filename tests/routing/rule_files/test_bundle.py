"""A folder of rules as one value: the same files are the same bytes, wherever they stand and however lines end."""

from pathlib import Path

import pytest

from service.routing.rule_files.bundle import Bundle, bundle_from, bundle_in, loaded
from service.routing.rule_files.load import load_rule_set
from service.routing.text.mistakes import FilesRefused
from tests.routing.drafts import draft_folder
from tests.routing.dutch import rules


def test_a_bundle_gives_the_rule_set_back_by_its_name() -> None:
    bundle = bundle_from(rules())

    again = loaded(bundle_in(bundle.canonical))

    assert (again.name, bundle_from(again).hash) == (rules().name, bundle.hash)
    assert bundle.name == rules().name
    assert [len(one.table.rows) for one in again.tables.values()] == [
        len(one.table.rows) for one in rules().tables.values()
    ]


def test_the_way_a_line_ends_makes_no_other_bundle(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = draft_folder(tmp_path_factory.mktemp("lines"))
    for file in (*folder.glob("*.yaml"), *folder.glob("reference/*.csv")):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))

    assert bundle_from(load_rule_set(folder)).hash == bundle_from(rules()).hash


def test_other_words_of_an_explanation_are_another_bundle_that_decides_the_same() -> None:
    bundle = bundle_from(rules())
    worded = Bundle(bundle.country, {**bundle.files, "explanation.yaml": bundle.files["explanation.yaml"] + "# more\n"})

    assert (worded.name, worded.hash == bundle.hash) == (bundle.name, False)


def test_mistakes_are_named_by_the_paths_of_the_bundle() -> None:
    files = dict(bundle_from(rules()).files)
    files["tables/child.yaml"] = files["tables/child.yaml"].replace("policy: unique", "policy: uniqe")

    with pytest.raises(FilesRefused) as refused:
        loaded(Bundle("nl", files))

    named = {mistake.file for mistake in refused.value.mistakes}
    assert "tables/child.yaml" in named
    assert named <= files.keys()


@pytest.mark.parametrize("path", ["../facts.yaml", "tables/../../x.yaml", "/etc/passwd", "tables/a.txt", "notes.yaml"])
def test_a_path_that_no_rules_are_read_from_is_refused(path: str) -> None:
    with pytest.raises(FilesRefused, match="no file of this name"):
        loaded(Bundle("nl", {**bundle_from(rules()).files, path: "x"}))


def test_a_country_that_could_be_a_path_is_refused() -> None:
    with pytest.raises(FilesRefused):
        loaded(Bundle("../nl", bundle_from(rules()).files))


def test_a_file_of_a_name_that_could_not_be_kept_is_a_mistake(tmp_path: Path) -> None:
    folder = draft_folder(tmp_path)
    (folder / "examples" / "children.yaml").rename(folder / "examples" / "kinderen \u00e9n meer.yaml")

    with pytest.raises(FilesRefused, match="letters, digits"):
        load_rule_set(folder)


def test_a_file_may_be_called_by_several_words(tmp_path: Path) -> None:
    folder = draft_folder(tmp_path)
    (folder / "examples" / "children.yaml").rename(folder / "examples" / "Children-and.young_people.yaml")

    assert loaded(bundle_from(load_rule_set(folder))).name == rules().name
