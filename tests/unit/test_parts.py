"""Which parts of a measure are people to be protected: a closed list in the codebook, and whatever that list does not name."""

import unicodedata

import pytest

from agreement.figure_families import FAMILIES
from schemas.codebook import Part, toml_table
from schemas.codebook_entries import codes
from schemas.parts import is_protected, part_named

PARTS_OF_EVENTS = next(family for family in FAMILIES if "6.persons.women" in family.examples)


@pytest.mark.parametrize(
    "name", ["minors", "children", "victims", "trẻ em", "bé gái", "cháu", "học sinh", "người dưới 18 tuổi", "nạn nhân"]
)
def test_a_part_listed_as_protected_is(name: str) -> None:
    assert part_named(name) in (Part.MINORS, Part.CHILDREN, Part.VICTIMS)
    assert is_protected(name)


@pytest.mark.parametrize("name", ["men", "women", "adults", "wanted", "nam", "nữ", "phụ nữ", "người lớn", "đối tượng truy nã"])
def test_a_part_listed_as_unprotected_is_not(name: str) -> None:
    assert part_named(name) in (Part.MEN, Part.WOMEN, Part.ADULTS, Part.WANTED)
    assert not is_protected(name)


@pytest.mark.parametrize(
    "name", ["Trẻ em gái", "nạn nhân nữ", "Child victims", "under 16", "thanh niên", "người thanh niên", "bà bầu", "nam sinh", "…"]
)
def test_a_part_the_list_does_not_name_is_protected(name: str) -> None:
    assert part_named(name) is None
    assert is_protected(name)


@pytest.mark.parametrize(
    "name,part",
    [
        ("tre em", Part.CHILDREN),
        ("BE GAI", Part.CHILDREN),
        (unicodedata.normalize("NFD", "trẻ em"), Part.CHILDREN),
        ("nu", Part.WOMEN),
        ("doi_tuong truy-na", Part.WANTED),
        ("Nguoi duoi 18 tuoi", Part.MINORS),
    ],
)
def test_a_name_is_known_without_diacritics_and_in_any_case(name: str, part: Part) -> None:
    assert part_named(name) is part


def test_every_name_is_of_its_own_part() -> None:
    for part, row in toml_table("codes.toml")["part"].items():
        assert {part_named(name) for name in (part, row["vi"], row["en"], row["zh"], *row["names"])} == {Part(part)}


def test_the_codebook_says_which_parts_are_protected_and_what_else_they_are_called() -> None:
    meanings = {entry.code: entry.meaning for entry in codes()["part"]}
    assert {code for code, meaning in meanings.items() if "Số nhỏ không được in" in meaning} == {
        part for part in Part if is_protected(part)
    }
    assert "bé gái" in meanings["children"]


@pytest.mark.parametrize(
    "key,protected",
    [
        ("6.persons.men", False),
        ("6.persons.trẻ em", True),
        ("6.persons.chuyên gia", True),  # an unknown part of persons may be anybody
        ("6.vehicles.xe tải", False),  # an unknown part of vehicles is no person
        ("6.boats.victims", True),
    ],
)
def test_the_parts_of_article39_events_follow_the_list(key: str, protected: bool) -> None:
    assert PARTS_OF_EVENTS.protects(key) is protected
