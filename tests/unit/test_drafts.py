"""The folder of built drafts: replaced as a whole, never over a person's work."""

from datetime import datetime
from pathlib import Path

import pytest

from reports.schedule.drafts import SUMS, folder_of, is_whole, replace
from tests.builders import HANOI, NOON

FIRST = {"lang-son-2019Q4.md": b"first", "lang-son-2019Q4.json": b"{}"}
SECOND = {"lang-son-2019Q4.md": b"second", "lang-son-2019Q4.json": b"{}"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = folder_of(tmp_path, "lang-son", "nd09", "2019Q4")
    assert replace(made, FIRST, NOON) is None
    return made


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_draft_lies_with_its_unit_regime_and_period(folder: Path, tmp_path: Path) -> None:
    assert folder == tmp_path / "lang-son" / "nd09" / "2019Q4"
    assert names(folder) == {*FIRST, SUMS}
    assert is_whole(folder)
    assert not is_whole(folder.with_name("2019Q3"))


def test_a_draft_that_nobody_touched_is_replaced_and_leaves_nothing(folder: Path) -> None:
    assert replace(folder, SECOND, NOON) is None
    assert (folder / "lang-son-2019Q4.md").read_bytes() == b"second"
    assert names(folder.parent) == {"2019Q4"}


@pytest.mark.parametrize("touch", ["changed", "added", "a folder of his own"])
def test_what_a_person_did_is_kept_beside_the_new_draft(folder: Path, touch: str) -> None:
    match touch:
        case "changed":
            (folder / "lang-son-2019Q4.md").write_text("mine")
        case "added":
            (folder / "ghi-chu.txt").write_text("mine")
        case _:
            (folder / "notes").mkdir()
            (folder / "notes" / "ghi-chu.txt").write_text("mine")
    before = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    kept = replace(folder, SECOND, datetime(2020, 1, 6, 2, 0, tzinfo=HANOI))
    assert kept == folder.with_name("2019Q4-kept-20200106T020000")
    assert {path.relative_to(kept): path.read_bytes() for path in kept.rglob("*") if path.is_file()} == before
    assert (folder / "lang-son-2019Q4.md").read_bytes() == b"second"


def test_two_drafts_kept_at_one_moment_are_both_there(folder: Path) -> None:
    kept = set()
    for text in ("one", "two"):
        (folder / "lang-son-2019Q4.md").write_text(text)
        kept.add(replace(folder, SECOND, NOON))
    assert {(path / "lang-son-2019Q4.md").read_text() for path in kept if path} == {"one", "two"}


def test_a_folder_that_is_not_ours_is_kept(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "lang-son", "nd09", "2019Q4")
    folder.mkdir(parents=True)
    (folder / "báo cáo.docx").write_text("mine")
    kept = replace(folder, FIRST, NOON)
    assert kept is not None
    assert names(kept) == {"báo cáo.docx"}
    assert is_whole(folder)


def test_a_file_that_is_gone_makes_a_draft_less_than_whole_and_a_changed_one_does_not(folder: Path) -> None:
    (folder / "lang-son-2019Q4.md").write_text("mine")
    assert is_whole(folder)
    (folder / "lang-son-2019Q4.md").unlink()
    assert not is_whole(folder)
    assert replace(folder, SECOND, NOON) is None, "nothing in it was a person's"
    assert is_whole(folder)


@pytest.mark.parametrize("left", [".2019Q4.new", ".2019Q4.old"])
def test_what_a_killed_run_left_is_in_nobodys_way(folder: Path, left: str) -> None:
    folder.with_name(left).mkdir()
    (folder.with_name(left) / "half").write_text("half")
    replace(folder, SECOND, NOON)
    assert names(folder.parent) == {"2019Q4"}
    assert names(folder) == {*SECOND, SUMS}


def test_a_draft_that_cannot_be_written_leaves_the_old_one(folder: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        replace(folder, {"no/such/folder.md": b"x"}, NOON)
    assert names(folder) == {*FIRST, SUMS}
    assert is_whole(folder)
