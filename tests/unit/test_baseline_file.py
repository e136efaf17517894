"""Files of published totals: read whole, or refused with the line and the field that is wrong."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.figure_families import SIDES
from agreement.periods import Regime
from reports.baselines.file import BaselineRefused, read
from reports.baselines.laws import Claim, contradictions
from reports.baselines.line import Line, LineProblem

HEADER = "unit,period,regime,figure,value,source"
S1 = 'lang-son,2018,,breach.total,4,"Bài ngày 20/01/2020"'


def csv_file(*lines: str, header: str = HEADER) -> bytes:
    return "\n".join([header, *lines, ""]).encode()


def json_file(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def row(**changes: Any) -> dict[str, Any]:
    return {"unit": "lang-son", "period": "2018", "figure": "breach.total", "value": 4, "source": "Bài ngày 20/01/2020"} | changes


def refused(raw: bytes) -> list[tuple[str, int | None, str | None]]:
    """Code, line and field of each problem; each sentence begins with where it is and is in two languages."""
    with pytest.raises(BaselineRefused) as caught:
        read(raw)
    for problem in caught.value.problems:
        assert " · " in problem.message
        if problem.line:
            assert problem.message.startswith(f"dòng {problem.line}")
    return [(problem.code, problem.line, problem.field) for problem in caught.value.problems]


def against(*rows: dict[str, Any], loaded: tuple[Claim, ...] = ()) -> list[LineProblem]:
    return contradictions(loaded, read(json_file(*rows)))


def test_the_line_of_the_seed_is_read_as_csv_and_as_json() -> None:
    expected = Line(2, "lang-son", "2018", None, "breach.total", Decimal(4), "Bài ngày 20/01/2020", None)
    assert read(csv_file(S1)) == [expected]
    assert read(b"\n" + json_file(row())) == [expected]
    assert read(b"\n" + json_file(row(regime=None, page=None, period=2018, value=4.0))) == [expected]


def test_what_a_spreadsheet_in_vietnamese_writes_has_decimal_commas() -> None:
    header = HEADER.replace(",", ";")
    (line,) = read(csv_file("lang-son;2018;;crossing.VN-CN.goods.tấn;1725,5;Báo cáo năm 2018", header=header))
    assert line.value == Decimal("1725.5")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_spreadsheets_csv_is_read_whatever_its_marks_and_separators(separator: str, end: str, mark: bytes) -> None:
    cells = ["Lạng Sơn", "2018H1", "nd09", "article39.9.goods.kg", "1725.5", '"Báo cáo ""6 tháng""\nnăm 2018"', "12"]
    table = [separator.join([*HEADER.split(","), "page"]), "", separator.join(cells), separator.join(cells[:-1]) + separator]
    first, second = read(mark + end.join(table).encode())
    assert first == Line(
        3, "lang-son", "2018H1", Regime.ND09, "article39.9.goods.kg", Decimal("1725.5"), 'Báo cáo "6 tháng" năm 2018', "12"
    )
    assert (second.line, second.page) == (5, None)  # the first goes over two lines


def test_texts_are_kept_composed() -> None:
    (line,) = read(json_file(row(source="Ba\u0300i", page=7)))
    assert (line.source, line.page) == ("B\u00e0i", "7")


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"unit": "ha-noi"}, "unit", "unit"),
        ({"unit": "none"}, "unit", "unit"),
        ({"unit": "ha-giang", "period": "2026"}, "unit", "unit"),
        ({"period": "2018Q5"}, "period", "period"),
        ({"period": 18}, "period", "period"),
        ({"period": True}, "value", "period"),
        ({"regime": "nd10"}, "regime", "regime"),
        ({"figure": "breach.XX"}, "figure", "figure"),
        ({"figure": "breach.district." + "x" * 300}, "figure", "figure"),
        ({"value": -1}, "value", "value"),
        ({"value": 4.5}, "value", "value"),
        ({"value": 1e16}, "value", "value"),
        ({"value": "bốn"}, "value", "value"),
        ({"value": "NaN"}, "value", "value"),
        ({"value": "1.502"}, "value", "value"),
        ({"value": "1,5"}, "value", "value"),
        ({"value": "٤"}, "value", "value"),
        ({"value": True}, "value", "value"),
        ({"value": None}, "missing", "value"),
        ({"source": " "}, "missing", "source"),
        ({"source": 2020}, "value", "source"),
        ({"source": "a\u0000b"}, "nul", "source"),
        ({"source": "a\u0007b"}, "value", "source"),
        ({"source": "x" * 2001}, "value", "source"),
        ({"page": "Độ mật: MẬT"}, "secret", "page"),
        ({"note": "x"}, "unknown_field", "note"),
    ],
)
def test_a_wrong_field_is_named_with_its_line(changes: dict[str, Any], code: str, field: str) -> None:
    assert refused(json_file(row()) + json_file(row(**changes))) == [(code, 2, field)]


def test_what_is_marked_secret_is_not_repeated() -> None:
    with pytest.raises(BaselineRefused) as caught:
        read(json_file(row(source="Báo cáo TỐI MẬT số 7")))
    assert "số 7" not in str(caught.value)


def test_a_thousands_point_is_asked_about_and_never_read_as_a_fraction() -> None:
    figure = "article39.9.goods.kg"
    assert refused(csv_file(f"lang-son,2018,,{figure},1.725,x")) == [("value", 2, "value")]
    assert [line.value for line in read(csv_file(f"lang-son,2018,,{figure},1.7250,x", f"lang-son,2019,,{figure},1725,x"))] == [
        Decimal("1.725"),
        Decimal(1725),
    ]


@pytest.mark.parametrize(
    ("raw", "problems"),
    [
        (b"", [("empty", None, None)]),
        (b"\xef\xbb\xbf \n", [("empty", None, None)]),
        (csv_file(), [("empty", None, None)]),
        (csv_file(S1, header="unit,period,regime,figur,value,value"), [
            ("unknown_field", 1, "figur"), ("csv", 1, "value"), ("missing", 1, "figure"), ("missing", 1, "source"),
        ]),
        (csv_file(S1, "lang-son,2017,,breach.total,4", S1 + ",x"), [("csv", 3, None), ("csv", 4, None)]),
        (csv_file(S1, 'lang-son,2017,,breach.total,4,"Bài'), [("csv", 3, None)]),
        (csv_file(S1, 'lang-son,2017,,breach.total,4,"Bài" x'), [("csv", 3, None)]),
        (csv_file(S1) + "Bài".encode("utf-16"), [("encoding", 3, None)]),
        (csv_file('lang-son,2018,,breach.total,4,"N¨m 2018 x¶y ra 04 vô vi ph¹m"'), [("old_font", None, None)]),
        (json_file(row()) + b'{"unit": \n[]\n', [("json", 2, None), ("json", 3, None)]),
        (b"[" + json_file(row()) + b"]", [("json", 1, None), ("json", 2, None)]),
        (b'{"unit": "lang-son", "unit": "cao-bang"}', [("duplicate_key", 1, "unit")]),
        (b'{"value": Infinity}', [("value", 1, "value")]),
        (b"{}", [("missing", 1, name) for name in ("unit", "period", "figure", "value", "source")]),
    ],
)  # fmt: skip
def test_a_file_that_does_not_parse_is_refused_with_every_line_that_does_not(
    raw: bytes, problems: list[tuple[str, int | None, str | None]]
) -> None:
    assert refused(raw) == problems


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",;\n\r\t :unitperod0149\u0000é', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    try:
        lines = read(raw)
    except BaselineRefused:
        return
    assert lines


def test_totals_that_agree_are_no_contradiction() -> None:
    sides = [row(figure=f"breach.{side}", value=value) for side, value in (("CN", 7), ("VN", 1))]
    zeros = [row(figure=f"breach.{side}", value=0) for side in ("both", "third", "undetermined", "contested")]
    assert against(row(value=8), *sides, *zeros) == []
    assert against(row(value=9), *sides) == [], "the rest may be of another side"
    assert against(*sides) == []
    assert against(row(value=4, regime="nd09"), row(value=5, regime="calendar")) == []
    assert against(row(), row(regime="nd09"), row(source="khác")) == []
    assert against(row(), row(unit="cao-bang", value=9), row(period="2017", value=9)) == []
    assert against(row(figure="incident.total", value=1), row(figure="incident.total", period="2018-01", value=2)) == []


@pytest.mark.parametrize(
    "rows",
    [
        (row(), row(value=5)),
        (row(), row(value=5, regime="nd09")),
        (row(value=5, regime="nd09"), row()),
        (row(period="2018H1"), row(period="2018M6", value=5)),
    ],
)
def test_one_figure_has_one_value(rows: tuple[dict[str, Any], ...]) -> None:
    (problem,) = against(*rows)
    assert (problem.code, problem.line, problem.field) == ("contradiction", 2, "value")
    assert "dòng 1" in problem.message


def test_sides_may_not_be_more_than_the_total() -> None:
    (problem,) = against(row(figure="breach.CN", value=7), row(value=8), row(figure="breach.VN", value=2))
    assert problem.line == 3
    assert "7 (breach.CN, dòng 1) + 2 (breach.VN, dòng 3) = 9 > 8 (breach.total, dòng 2)" in problem.message


def test_all_sides_together_are_the_total() -> None:
    (problem,) = against(row(value=8), *(row(figure=f"breach.{side}", value=1) for side in SIDES))
    assert (problem.line, "= 6 ≠ 8" in problem.message) == (7, True)


def test_a_total_of_one_regime_is_held_against_sides_of_any() -> None:
    (problem,) = against(row(value=8, regime="nd09"), row(value=9, regime="calendar"), row(figure="breach.CN", value=9))
    assert "9 (breach.CN, dòng 3) = 9 > 8 (breach.total, dòng 1)" in problem.message


def test_delegations_out_and_in_are_all_delegations() -> None:
    out, into = row(figure="delegations.out", value=53), row(figure="delegations.in", value=54)
    assert against(out, into, row(figure="delegations.total", value=107)) == []
    (problem,) = against(out, into, row(figure="delegations.total", value=108))
    assert "53 (delegations.out, dòng 1) + 54 (delegations.in, dòng 2) = 107 ≠ 108 (delegations.total, dòng 3)" in problem.message
    assert against(out, row(figure="delegations.total", value=108)) == [], "the other direction may be missing"


def test_kinds_of_delegations_may_be_fewer_than_all_and_never_more() -> None:
    persons = {"hosted": 524, "guests": 162, "press": 45}
    kinds = [row(figure=f"delegations.in.{kind}.persons", value=value) for kind, value in persons.items()]
    assert against(*kinds, row(figure="delegations.in.persons", value=740)) == []
    (problem,) = against(*kinds, row(figure="delegations.in.persons", value=583))
    assert "= 731 > 583 (delegations.in.persons, dòng 4)" in problem.message


def test_trade_by_direction_is_all_trade_and_its_months_are_preliminary() -> None:
    trade = [row(figure=f"trade.{way}", value=value) for way, value in (("export", "2550.5"), ("import", 2200), ("total", "4750.5"))]
    assert against(*trade) == []
    assert against(*trade, row(figure="trade.export", period="2018-03", value=3000)) == []
    (problem,) = against(*trade[:2], row(figure="trade.total", value=4751))
    assert "= 4750.5 ≠ 4751" in problem.message


def test_months_of_what_is_only_published_are_not_more_than_their_year_either() -> None:
    (problem,) = against(row(figure="contacts.letters", value=11), row(figure="contacts.letters", period="2018Q1", value=12))
    assert "= 12 > 11 (2018, dòng 1)" in problem.message


@pytest.mark.parametrize("figure", ["trade.export", "plan.trade.export", "article39.9.goods.kg"])
def test_money_goods_and_percentages_may_have_a_fraction(figure: str) -> None:
    (line,) = read(json_file(row(figure=figure, value="90.8")))
    assert line.value == Decimal("90.8")


@pytest.mark.parametrize("figure", ["delegations.out", "plan.breach.total", "plan.plan.trade.export", "delegations.US"])
def test_counts_have_no_fraction_and_what_is_not_published_has_no_plan(figure: str) -> None:
    with pytest.raises(BaselineRefused):
        read(json_file(row(figure=figure, value="90.8")))


@pytest.mark.parametrize(
    "parts",
    [
        {f"2018-{month:02}": 1 for month in range(1, 13)},
        {"2018-01": 6, "2018-02": 6},
        {"2018Q1": 6, "2018Q4": 6},
        {"2018-01..2018-03": 6, "2018Q4": 6},
        {"2018H1": 6, "2018H2": 6},
    ],
)
def test_months_may_not_be_more_than_their_year(parts: dict[str, int]) -> None:
    rows = [row(period=period, value=value) for period, value in parts.items()]
    assert against(row(value=12), *rows) == []
    assert against(row(value=13), *rows) == [], "some dates are known by the year only"
    (problem,) = against(row(value=11), *rows)
    assert "= 12 > 11 (2018, dòng 1)" in problem.message


def test_overlapping_ranges_are_not_added_up() -> None:
    ranges = [row(period=f"2018-{month:02}..2018-{month + 2:02}", value=5) for month in (1, 2, 3)]
    assert against(row(value=8), *ranges) == []


def test_what_is_loaded_is_named_by_its_source() -> None:
    earlier = Claim("lang-son", "2018", None, "breach.total", Decimal(4), "“Bài ngày 20/01/2020”, tr. 3 (đã nạp 03/10/2025)")
    (problem,) = against(row(value=5), loaded=(earlier,))
    assert "“Bài ngày 20/01/2020”, tr. 3" in problem.message
    (problem,) = against(row(figure="breach.CN", value=5), loaded=(earlier,))
    assert "= 5 > 4 (breach.total, “Bài ngày 20/01/2020”" in problem.message


def test_a_contradiction_among_what_is_loaded_does_not_stand_in_the_way() -> None:
    loaded = (
        Claim("lang-son", "2018", None, "breach.total", Decimal(4), "a"),
        Claim("lang-son", "2018", None, "breach.CN", Decimal(5), "b"),
    )
    assert against(row(period="2017"), loaded=loaded) == []
