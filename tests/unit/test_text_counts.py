"""Counts as Vietnamese reports write them: what parts thousands, amounts in two scales, and what may be read in two ways."""

from decimal import Decimal

import pytest

from texts.numbers import amounts, numeral
from texts.report.counts import counts, unclear
from texts.report.paragraphs import Prose


def counted(text: str) -> tuple[list[tuple[str, Decimal]], list[str]]:
    """The counts of a sentence, and what stands there that is not clear."""
    prose = Prose(text)
    end = len(prose.text) - 1
    return [pair for count in counts(prose.text, 0, end) for pair in count.numbers], [
        prose.text[at:to] for at, to in unclear(prose.text, 0, end)
    ]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u202f", "\u2009", "\u2007", "."])
def test_a_blank_parts_thousands_as_a_point_does(blank: str) -> None:
    assert counted(f"Có 1{blank}502 vụ, 12{blank}345{blank}678 lượt người; 36 đoàn/1{blank}524 lượt khách.") == (
        [("vụ", 1502), ("lượt", 12345678), ("đoàn", 36), ("lượt", 1524)],
        [],
    )
    assert numeral(f"1{blank}502") == 1502
    assert amounts(f"36 đoàn/1{blank}524 lượt") == {"đoàn": 36, "lượt": 1524}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Năm 2019 502 vụ", 502),
        ("Ngày 15/12 502 vụ", 502),
        ("tổng số 1 502 vụ", 1502),
        ("mốc 12 08 vụ", 8),
        ("Tháng 12 08 vụ", 8),
        ("có 1 502,5 tấn", Decimal("1502.5")),
        ("có 346,433 tấn", Decimal("346.433")),
        ("có １２ vụ", 12),
        ("có 08¹ vụ", 8),
        ("có 08vụ", 8),
        ("có 1 502 (một nghìn năm trăm linh hai) vụ", 1502),
    ],
)
def test_numbers_beside_each_other_are_one_only_where_they_must_be(text: str, value: Decimal | int) -> None:
    ((_, number),), doubtful = counted(text)
    assert (number, doubtful) == (value, [])


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("mốc 12 345 vụ", "12 345 vụ"),
        ("Tháng 3 120 vụ", "3 120 vụ"),
        ("có 08 502 vụ", "08 502 vụ"),
        ("có 12 34 567 vụ", "12 34 567 vụ"),
        ("có 1.234 567 vụ", "1.234 567 vụ"),
        ("có 1,502 vụ", "1,502 vụ"),
        ("có 1.5 tấn", "1.5 tấn"),
        ("có 1.50.2 vụ", "1.50.2 vụ"),
        ("trị giá 1,5 tỷ", "1,5 tỷ"),
        ("trị giá 2 tỷ 50", "2 tỷ"),
        ("trị giá 2 tỷ 50 đồng", "2 tỷ 50 đồng"),
        ("trị giá 3 triệu 250 tỷ đồng", "3 triệu 250 tỷ"),
    ],
)
def test_what_may_be_read_in_two_ways_is_read_in_none(text: str, doubtful: str) -> None:
    assert counted(text) == ([], [doubtful])


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("3 tỷ 250 triệu đồng", "triệu đồng", "3250"),
        ("3 tỉ 250 triệu đồng", "triệu đồng", "3250"),
        ("1 tỷ 5 triệu 300 nghìn đồng", "triệu đồng", "1005.3"),
        ("2 tỷ 500 đồng", "triệu đồng", "2500"),
        ("12 triệu 500 ngàn USD", "triệu USD", "12.5"),
        ("1.250 tỷ 40 triệu đồng", "triệu đồng", "1250040"),
        ("1,5 tỷ đồng", "triệu đồng", "1500"),
        ("2.500 triệu USD", "triệu USD", "2500"),
    ],
)
def test_billions_before_millions_are_one_amount(text: str, unit: str, value: str) -> None:
    assert counted(f"Trị giá {text}, trong đó") == ([(unit, Decimal(value))], [])


def test_percentages_and_words_that_only_look_like_units_are_no_amounts() -> None:
    assert counted("đạt 12 tỷ lệ; gồm 3 đồng chí; tăng 15,8%") == ([], [])
    assert counted("Ðã bắt 02 Ðối tượng")[0] == [("đối tượng", 2)]
