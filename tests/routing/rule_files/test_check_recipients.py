"""Nobody whom the rules want to tell may be missing from the directory: the notice would go to somebody else."""

import shutil
from pathlib import Path

import pytest

from service.routing.rule_files.load import load_rule_set
from service.routing.text.mistakes import FilesRefused
from tests.routing.dutch import FOLDER


@pytest.mark.parametrize(
    ("written", "slip", "mistake"),
    [
        (
            "police,Nationale Politie,police",
            "police,Nationale Politie,polise",
            "no rule tells a polise (did you mean police?)",
        ),
        (
            "police,Nationale Politie,police",
            "police,Nationale Politie,union",
            "the rules tell police, and no partner is",
        ),
        ("coordinator-fier,Fier,", "coordinator-fier,Fyer,", "the care coordinator Fier (did you mean Fyer?)"),
        ("nidos,Nidos,nidos", "nidos,,nidos", "name is empty"),
        (
            "kadera-omm,Kadera,shelter_provider,omm",
            "kadera-omm,Kadera,shelter_provider,onm",
            "the rules know no service onm",
        ),
        (
            "kadera-omm,Kadera,shelter_provider,omm",
            "kadera-omm,Kadera,shelter_provider,",
            "no rule tells a shelter_provider",
        ),
        ("province=Drenthe", "province=Drente", "no province is Drente (did you mean Drenthe?)"),
        ("province=Drenthe", "provinces=Drenthe", "nothing is called provinces here (did you mean province?)"),
        ("child=yes; loverboy=yes", "child=yes; loverboy=often", "no loverboy is often (known: yes, no, unknown)"),
    ],
)
def test_a_notice_never_goes_astray_by_a_slip_in_the_directory(
    tmp_path: Path, written: str, slip: str, mistake: str
) -> None:
    folder = tmp_path / "nl"
    shutil.copytree(FOLDER, folder)
    directory = folder / "reference" / "partners.csv"
    directory.write_text(directory.read_text(encoding="utf-8").replace(written, slip), encoding="utf-8")

    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)

    assert mistake in str(refused.value)
    assert "partners.csv:" in str(refused.value)


@pytest.mark.parametrize("stranger", ["embassy", "employer", "family"])
def test_no_embassy_employer_or_family_is_ever_told(tmp_path: Path, stranger: str) -> None:
    folder = tmp_path / "nl"
    shutil.copytree(FOLDER, folder)
    directory = folder / "reference" / "partners.csv"
    known = "police,Nationale Politie,"
    text = directory.read_text(encoding="utf-8")
    directory.write_text(text.replace(f"{known}police", f"{known}{stranger}"), encoding="utf-8")

    with pytest.raises(FilesRefused) as refused:
        load_rule_set(folder)

    assert f"no rule tells a {stranger}" in str(refused.value)
