"""Names of periods in texts: each is read as the run of months that it names, or left to a person."""

import pytest

from agreement.periods import Period, Regime
from texts.periods import mentions
from texts.report.period import when

RUNS = [Period(Regime.CALENDAR, first, last) for first in range(12 * 2018, 12 * 2021) for last in range(first, 12 * 2021)]
"""Every run of months of three years."""


def ids(text: str) -> list[str]:
    return [mention.id for mention in mentions(text)]


def test_the_name_of_every_run_of_months_is_read_back() -> None:
    assert [run.name for run in RUNS if ids(f"Trong {run.name}, xảy ra 03 vụ.") != [run.id]] == []
    assert [run.when for run in RUNS if ids(f"Kết quả {run.when} xảy ra 03 vụ.") != [run.id]] == []


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("09 tháng đầu năm 2019", "2019M9"),
        ("9 tháng đầu năm", "?M9"),
        ("03 tháng đầu năm 2019", "2019Q1"),
        ("mười một tháng đầu năm 2019", "2019M11"),
        ("11 tháng năm 2023", "2023M11"),
        ("6 tháng cuối năm 2019", "2019H2"),
        ("06 tháng cuối năm 2019", "2019H2"),
        ("nửa cuối năm 2019", "2019H2"),
        ("09 tháng cuối năm", "?-04..?-12"),
        ("09 tháng cuối năm 2019", "2019-04..2019-12"),
        ("hai tháng cuối năm 2019", "2019-11..2019-12"),
        ("từ đầu năm 2019 đến hết tháng 8", "2019M8"),
        ("từ đầu năm đến tháng 8 năm 2019", "2019M8"),
        ("quý I", "?Q1"),
        ("quý I, II", "?H1"),
        ("quý I, II năm 2019", "2019H1"),
        ("quý II và quý III/2019", "2019-04..2019-09"),
        ("Quý II - IV năm 2019", "2019-04..2019-12"),
        ("từ quý IV/2018 đến quý I/2019", "2018-10..2019-03"),
        ("quý 3, 4 năm 2019", "2019H2"),
        ("từ tháng 3 đến tháng 8 năm 2019", "2019-03..2019-08"),
        ("từ tháng 3 đến tháng 8", "?-03..?-08"),
        ("từ tháng 03 đến hết tháng 8/2019", "2019-03..2019-08"),
        ("tháng 3 - 8/2019", "2019-03..2019-08"),
        ("tháng 11 và 12", "?-11..?-12"),
        ("tháng 11 và tháng 12 năm 2019", "2019-11..2019-12"),
        ("các tháng 10, 11 và 12 năm 2019", "2019Q4"),
        ("từ tháng 11/2018 đến tháng 02/2019", "2018-11..2019-02"),
        ("từ tháng 11 năm 2018 đến tháng 2 năm 2019", "2018-11..2019-02"),
        ("giai đoạn 2017-2019", "2017..2019"),
        ("giai đoạn từ năm 2017 đến năm 2019", "2017..2019"),
        ("năm 2018 và\n2019", "2018..2019"),
        ("các năm 2017, 2018 và 2019", "2017..2019"),
        ("từ ngày 15/3/2019 đến ngày 14/12/2019", "2019-04..2019-12"),
    ],
)
def test_a_name_is_read_as_the_months_that_it_names(text: str, period: str) -> None:
    (mention,) = mentions(f"Trong {text}, xảy ra 03 vụ.")
    assert (mention.id, mention.when) == (period, True)


@pytest.mark.parametrize(
    "text",
    [
        "quý I và III năm 2019",
        "quý I, II - IV năm 2019",
        "tháng 3 và 5 năm 2019",
        "từ tháng 8 đến tháng 3 năm 2019",
        "từ tháng 11/2018 đến tháng 2",
        "các năm 2017 và 2019",
        "13 tháng đầu năm 2019",
        "từ ngày 15/12/2019 đến ngày 14/12/2018",
        "6 tháng cuối năm ngoái",
    ],
)
def test_what_is_no_run_of_months_is_left_to_a_person(text: str) -> None:
    (mention,) = mentions(f"Trong {text}, xảy ra 03 vụ.")
    assert (mention.id, mention.period) == ("", None)


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("Trong quý I, 4 vụ.", ["?Q1"]),
        ("Trong quý 1/2019, 2 vụ.", ["2019Q1"]),
        ("Trong tháng 11 và 12 vụ khác.", ["?-11"]),
        ("Trong tháng 3/2019, 5 vụ.", ["2019-03"]),
        ("Ngày 5 tháng 3 đến 8 giờ.", []),
        ("Công văn tháng 3 của Sở.", []),
        ("Trong năm 2019 và 2.020 người.", ["2019"]),
    ],
)
def test_a_count_behind_a_period_is_no_part_of_it(text: str, periods: list[str]) -> None:
    assert ids(text) == periods


@pytest.mark.parametrize(
    ("sentence", "above", "period", "confidence"),
    [
        ("Quý I, II năm 2019 xảy ra 03 vụ", [], "2019H1", "low"),
        ("Trong quý IV xảy ra 03 vụ", ["Kết quả quý IV năm 2019"], "2019Q4", "medium"),
        ("Trong 09 tháng cuối năm xảy ra 03 vụ", ["Báo cáo 09 tháng cuối năm 2019"], "2019-04..2019-12", "medium"),
        ("Trong năm 2019, riêng quý IV xảy ra 03 vụ", [], "2019Q4", "medium"),
        ("Từ tháng 3 đến tháng 8 năm 2019 xảy ra 03 vụ", [], "2019-03..2019-08", "high"),
        ("Trong 6 tháng cuối năm 2018 và quý I năm 2019 xảy ra 03 vụ", [], "2018-07..2019-03", "low"),
    ],
)
def test_a_sentence_says_when_or_a_heading_does(sentence: str, above: list[str], period: str, confidence: str) -> None:
    read = when(sentence, sentence.index("03 vụ"), earlier=[], above=above, title=[])
    assert read is not None
    assert (read.id, read.confidence) == (period, confidence)


def test_a_quarter_of_a_year_that_nothing_names_is_asked_for() -> None:
    assert when("Trong quý IV xảy ra 03 vụ", 20, earlier=[], above=["Kết quả năm 2019"], title=[]) is None
