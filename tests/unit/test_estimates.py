"""Expected figures: what they are reckoned from, what they refuse, and how they are scored once it is known what happened."""

from datetime import datetime

import pytest

from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports.estimates import NotEstimable, estimates, missed, not_estimated
from reports.model import Estimate, Figure, Heard, Report
from tests.support.reports import a_report

HALF, NINE_MONTHS, YEAR = (Period.parse(name, Regime.ND09) for name in ("2019H1", "2019M9", "2019"))


def a_figure(value: float | None, figure_id: str = "breach.total", heard: Heard | None = None) -> Figure:
    return Figure(id=figure_id, label=f"Số {figure_id}", unit="vụ", value=value, coverage=heard)


def report_on(period: str, *figures: Figure) -> Report:
    return a_report(period=period, figures=figures)


def values(made: tuple[Estimate, ...]) -> dict[tuple[str, str], float]:
    return {(each.figure, each.period): each.value for each in made}


def test_several_periods_are_each_estimated_by_their_own_months() -> None:
    made = estimates(report_on("2019Q1", a_figure(3)), (HALF, YEAR))
    assert values(made) == {("breach.total", "2019H1"): 6, ("breach.total", "2019"): 12}
    assert ["03 tháng còn lại" in made[0].method, "09 tháng còn lại" in made[1].method] == [True, True]


def test_a_run_of_months_from_april_on_is_estimated_too() -> None:
    last_nine = Period.parse("2019-04..2019-12", Regime.ND09)
    assert values(estimates(report_on("2019Q2", a_figure(2)), (last_nine,))) == {("breach.total", "2019-04..2019-12"): 6}


@pytest.mark.parametrize(
    ("period", "wanted", "expected"),
    [
        ("2019H1", ("2019Q1",), "bắt đầu cùng 2019H1, như 2019 "),
        ("2019H1", ("2019H1",), "như 2019 "),
        ("2019H1", ("2019H2",), "như 2019 "),
        ("2019Q2", ("2019",), "như 2019-04..2019-12 "),
        ("2019", ("2019H1",), r"như 2019\.\.2020"),
        ("2019Q1", ("2019", "2019M12"), "2019: ghi hai lần"),
    ],
)
def test_a_period_that_cannot_be_estimated_is_refused_with_what_was_expected(period: str, wanted: tuple[str, ...], expected: str) -> None:
    periods = tuple(Period.parse(name, Regime.ND09) for name in wanted)
    report = a_report(period=period, figures=(a_figure(3),), as_of=datetime(2020, 1, 1, tzinfo=HANOI))
    with pytest.raises(NotEstimable, match=expected):
        estimates(report, periods)


def test_nothing_is_reckoned_before_the_period_has_ended() -> None:
    with pytest.raises(NotEstimable, match="2019H1 chưa kết thúc"):
        estimates(a_report(period="2019H1", as_of=datetime(2019, 5, 1, tzinfo=HANOI)), (YEAR,))


@pytest.mark.parametrize(
    ("value", "heard", "estimated"),
    [
        (None, Heard(whole=0, part=0, expected=8), False),
        (0, Heard(whole=5, part=1, expected=8), False),
        (0, Heard(whole=8, part=0, expected=8), True),
        (0, None, True),
        (3, Heard(whole=5, part=1, expected=8), True),
    ],
)
def test_nothing_is_reckoned_from_what_nobody_reported(value: float | None, heard: Heard | None, estimated: bool) -> None:
    report = report_on("2019H1", a_figure(value, heard=heard), a_figure(4, "breach.CN"))
    figures = {figure for figure, _ in values(estimates(report, (YEAR,)))}
    assert figures == {"breach.CN", *(["breach.total"] if estimated else [])}
    assert [check.message for check in not_estimated(report, (NINE_MONTHS, YEAR))] == (
        []
        if estimated
        else ["Không ước 9 tháng đầu năm 2019 và năm 2019 cho “Số breach.total”: các đồn chưa báo cáo đủ để có số thực hiện làm căn cứ"]
    )


def test_what_was_not_asked_for_is_not_missed() -> None:
    assert not_estimated(report_on("2019H1", a_figure(None, heard=Heard(whole=0, part=0, expected=8))), ()) == ()


def test_each_estimate_is_scored_by_the_report_on_its_own_period() -> None:
    quarter = report_on("2019Q1", a_figure(3), a_figure(1, "breach.CN"))
    given = quarter.model_copy(update={"version": 1, "estimates": estimates(quarter, (HALF, YEAR))})
    for period, expected, actual in (("2019H1", 6, 5), ("2019", 12, 8)):
        scored = missed(report_on(period, a_figure(actual), a_figure(None, "breach.CN")), [given])
        assert [(each.estimate.figure, each.estimate.value, each.actual, each.report) for each in scored] == [
            ("breach.total", expected, actual, "2019Q1, bản 1")
        ]
    assert missed(report_on("2019M9", a_figure(4)), [given]) == ()
