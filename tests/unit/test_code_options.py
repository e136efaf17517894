"""Codes as people give them to a command."""

import pytest
import typer

from border.codes import Code
from border.provinces import Province
from mocgioi.commands.code_options import parser_of
from schemas.codebook import KIND_LABELS, OUTCOME_LABELS, SIDE_LABELS, Kind, Outcome, Side, Stands


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("shooting", Kind.SHOOTING),
        ("nổ súng", Kind.SHOOTING),
        ("no sung", Kind.SHOOTING),
        ("NỔ SÚNG", Kind.SHOOTING),
        ("Trung Quốc", Side.CN),
        ("trung quoc", Side.CN),
        ("cn", Side.CN),
        ("中国", Side.CN),
        ("cần thêm dữ kiện", Outcome.NEEDS_FACTS),
        ("needs facts", Outcome.NEEDS_FACTS),
        ("Lang Son", Province.LANG_SON),
        ("Lạng Sơn", Province.LANG_SON),
        ("FIRST", Stands.FIRST),
    ],
)
def test_a_code_a_name_and_an_unaccented_name_are_the_same(text: str, code: Code) -> None:
    assert parser_of(type(code))(text) is code


@pytest.mark.parametrize(("codes", "labels"), [(Kind, KIND_LABELS), (Side, SIDE_LABELS), (Outcome, OUTCOME_LABELS)])
def test_every_name_of_every_code_is_taken(codes: type[Code], labels: dict[Code, tuple[str, ...]]) -> None:
    for code in codes:
        for name in (code.value, *filter(None, labels[code])):
            assert parser_of(codes)(name) is code


def test_a_miss_names_the_codes_and_the_nearest() -> None:
    with pytest.raises(typer.BadParameter, match=r"'shoting': cần một trong · one of marker_damage, .*gần nhất: shooting"):
        parser_of(Kind)("shoting")
    with pytest.raises(typer.BadParameter, match="gần nhất: lang-son"):
        parser_of(Province)("Lạng Sơm")
