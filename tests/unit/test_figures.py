"""Periods of both regimes, and the figures a breach stands in."""

import itertools
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest

from agreement.figures import ALL, Breach, FigureChange, PeriodFigure, breach_of, figures_of, moved
from agreement.incident import fold
from agreement.judge import judge
from agreement.packs import PACKS
from agreement.periods import Regime, periods_of
from schemas.codebook import Side
from schemas.validation import decode
from tests.builders import incident, payload, reported, retracted


def counted(breaches: Iterable[Breach]) -> Counter[PeriodFigure]:
    return Counter(figure for breach in breaches for figure in figures_of(breach))


DAYS = [date(2018, 12, 1) + timedelta(days=number) for number in range(800)]


@pytest.mark.parametrize(
    ("day", "nd09", "calendar"),
    [
        (date(2019, 3, 14), ("2019-03", "2019Q1", "2019H1", "2019"), ("2019-03", "2019Q1", "2019H1", "2019")),
        (date(2019, 3, 15), ("2019-04", "2019Q2", "2019H1", "2019"), ("2019-03", "2019Q1", "2019H1", "2019")),
        (date(2019, 6, 14), ("2019-06", "2019Q2", "2019H1", "2019"), ("2019-06", "2019Q2", "2019H1", "2019")),
        (date(2019, 6, 15), ("2019-07", "2019Q3", "2019H2", "2019"), ("2019-06", "2019Q2", "2019H1", "2019")),
        (date(2019, 9, 15), ("2019-10", "2019Q4", "2019H2", "2019"), ("2019-09", "2019Q3", "2019H2", "2019")),
        (date(2019, 12, 14), ("2019-12", "2019Q4", "2019H2", "2019"), ("2019-12", "2019Q4", "2019H2", "2019")),
        (date(2019, 12, 15), ("2020-01", "2020Q1", "2020H1", "2020"), ("2019-12", "2019Q4", "2019H2", "2019")),
        (date(2019, 12, 31), ("2020-01", "2020Q1", "2020H1", "2020"), ("2019-12", "2019Q4", "2019H2", "2019")),
        (date(2020, 1, 1), ("2020-01", "2020Q1", "2020H1", "2020"), ("2020-01", "2020Q1", "2020H1", "2020")),
    ],
)
def test_a_day_is_in_the_periods_of_its_regime(day: date, nd09: tuple[str, ...], calendar: tuple[str, ...]) -> None:
    assert periods_of(day, Regime.ND09) == nd09
    assert periods_of(day, Regime.CALENDAR) == calendar


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize("grain", range(4))
def test_periods_follow_one_another_without_gap_or_overlap(regime: Regime, grain: int) -> None:
    names = [periods_of(day, regime)[grain] for day in DAYS]
    runs = [name for name, _ in itertools.groupby(names)]
    assert runs == sorted(set(names))


@pytest.mark.parametrize("regime", Regime)
def test_a_month_lies_in_one_quarter_a_quarter_in_one_half_a_half_in_one_year(regime: Regime) -> None:
    for finer, coarser in itertools.pairwise(range(4)):
        inside: dict[str, set[str]] = {}
        for day in DAYS:
            periods = periods_of(day, regime)
            inside.setdefault(periods[finer], set()).add(periods[coarser])
        assert all(len(names) == 1 for names in inside.values())


def breach(*raws: dict[str, Any]) -> Breach | None:
    whole = fold([decode(payload(raw)) for raw in raws])  # type: ignore[misc]
    return breach_of(whole, judge(whole, PACKS[0]))


def test_a_breach_is_counted_on_its_day_in_vietnam_for_its_province_and_side() -> None:
    eve = {"start": "2019-12-14T17:30:00Z", "precision": "minute"}
    assert breach(reported(incident(occurred=eve))) == Breach(date(2019, 12, 15), "lang-son", Side.CN)
    nowhere = {"scheme": "area", "area": "Bảo Lạc"}
    assert breach(reported(incident(place=nowhere), source="/offices/so-ngoai-vu/1")) == Breach(date(2025, 12, 28), "none", Side.CN)


def test_what_does_not_count_is_no_breach() -> None:
    first = reported(incident(), subject="inc-x")
    assert breach(first, retracted("inc-x")) is None
    assert breach(reported(incident(status="exercise"))) is None
    assert breach(reported(incident(facts={"distance_m": 31}))) is None


def test_a_breach_stands_in_the_total_and_its_side_of_its_unit_and_of_the_whole_line() -> None:
    figures = figures_of(Breach(date(2019, 12, 15), "lang-son", Side.CN))
    assert len(figures) == len(set(figures)) == 2 * 4 * 2 * 2
    assert PeriodFigure(Regime.ND09, "2020", "lang-son", "breach.total") in figures
    assert PeriodFigure(Regime.CALENDAR, "2019Q4", ALL, "breach.CN") in figures
    assert {figure.unit for figure in figures} == {"lang-son", ALL}


def test_totals_are_the_sum_of_the_sides() -> None:
    cases = [Breach(DAYS[number * 7], ("lang-son", "none")[number % 2], list(Side)[number % 7]) for number in range(100)]
    figures = counted(cases)
    sides: Counter[PeriodFigure] = Counter()
    for figure, n in figures.items():
        if figure.id != "breach.total":
            sides[figure._replace(id="breach.total")] += n
    assert sides == {figure: n for figure, n in figures.items() if figure.id == "breach.total"}


def test_only_figures_that_differ_have_moved() -> None:
    one, other = Breach(date(2019, 5, 1), "lang-son", Side.CN), Breach(date(2019, 5, 1), "lang-son", Side.VN)
    moves = moved(
        counted([one, one]),
        counted([one, other]),
    )
    assert {move.figure.id for move in moves} == {"breach.CN", "breach.VN"}
    assert FigureChange(PeriodFigure(Regime.CALENDAR, "2019", "lang-son", "breach.CN"), 2, 1) in moves
    assert (
        moved(
            counted([one]),
            counted([one]),
        )
        == []
    )
