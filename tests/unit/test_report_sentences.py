"""How a report reads: every sentence in every shape, in `report_sentences.txt`, and what holds for any figures."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreement.figure_families import SEA_ACTS
from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports.model import Comparison, Estimate, Figure, Heard, Mapped, Missed, Origin, PostsHeard, Published, Report, Subtotal
from reports.sentences import sentences
from tests.support.reports import EVERYBODY, heard

GOLDEN = Path(__file__).with_name("report_sentences.txt")
SEAMS = re.compile(r"[\[\]{}<>|_]|  |,,|;;|[,;] ?[,;)]|\( | [,;)]|\(\)|None|nan|\b00\b|(?<![\d.,])0 |[.;,]$| \.")
"""Seams of a template that show."""
SIDES = ("CN", "VN", "both", "third", "undetermined", "contested")
Values = dict[str, float | None]


def report(
    values: Values | None = None, before: Values | None = None, *, period: str = "2019", regime: Regime = Regime.ND09, **changes: Any
) -> Report:
    """A report with these figures; `before` are the earlier ones, None for missing."""
    span = Period.parse(period, regime)
    figures = tuple(Figure(id=name, label=LABELS.get(name, name), unit=unit(name), value=value) for name, value in (values or {}).items())
    parts = {
        "unit": "lang-son",
        "unit_name": "Lạng Sơn",
        "regime": regime,
        "period": period,
        "start": span.start,
        "end": span.end,
        "as_of": span.end + timedelta(days=5, hours=9, minutes=30),
        "figures": (*figures, *changes.pop("more", ())),
        "comparisons": tuple(
            Comparison(figure=name, period=span.before.id, before=value, origin=None if value is None else Origin.BASELINE)
            for name, value in (before or {}).items()
        ),
        "sentences": {},
        "checks": (),
        "coverage": EVERYBODY,
        "mapping": (),
        "months": (),
        "rows": (),
        "rule_packs": ("2009.1/2",),
        "program": "0.1.0",
    }
    return Report.model_validate(parts | changes)


LABELS = {"breach.total": "Vi phạm Hiệp định", "crossing.total.persons": "Lượt người qua cửa khẩu, cả hai chiều"}


def unit(figure_id: str) -> str:
    """What a figure counts, as the registries of figures say it."""
    *_, what = figure_id.split(".")
    if ".goods" in figure_id:
        return what
    if figure_id.startswith("crossing."):
        return {"persons": "lượt người", "vehicles": "lượt phương tiện"}[what]
    return {"persons": "người", "vehicles": "phương tiện", "boats": "tàu", "livestock": "con"}.get(what, "vụ")


def breaches(
    before: float | None = 4, *, compared: bool = True, period: str = "2019", whose: str = "lang-son", **sides: float | None
) -> Report:
    total = None if None in sides.values() else sum(value or 0 for value in sides.values())
    values: Values = {"breach.total": total, **{f"breach.{side}": sides.get(side, 0) for side in SIDES}}
    return report(values, {"breach.total": before} if compared else None, period=period, unit=whose)


def gates(**through: float) -> tuple[Figure, ...]:
    """Persons both ways through gates, a third of them into China."""
    parts = [
        Subtotal(gate=gate.replace("_", "-"), direction=way, rows=3, n=n / 3 if way == "VN-CN" else n - n / 3)
        for gate, n in through.items()
        for way in ("CN-VN", "VN-CN")
    ]
    ways = {way: tuple(part for part in parts if way in ("total", part.direction)) for way in ("total", "VN-CN", "CN-VN")}
    return tuple(
        Figure(id=f"crossing.{way}.persons", label=way, unit="lượt người", value=sum(part.n for part in some), subjects=some)
        for way, some in ways.items()
    )


def missed(figure: str, expected: float, actual: float) -> Missed:
    guess = Estimate(figure=figure, period="2019", value=expected, method="theo 5 tháng đầu năm")
    return Missed(estimate=guess, report="2019H1, bản 1", actual=actual)


BREACHES = {
    "năm 2019: Trung Quốc 7, Việt Nam 1; năm 2018 là 4": breaches(CN=7, VN=1),
    "một tháng": breaches(2, CN=1, VN=2, period="2019-10"),
    "một quý": breaches(CN=7, VN=1, period="2019Q4"),
    "6 tháng đầu năm": breaches(CN=7, VN=1, period="2019H1"),
    "6 tháng cuối năm": breaches(CN=7, VN=1, period="2019H2"),
    "9 tháng": breaches(CN=7, VN=1, period="2019M9"),
    "nhiều năm": breaches(20, CN=7, VN=1, period="2018..2020"),
    "nhiều tháng": breaches(0, CN=7, VN=1, period="2019-03..2019-08"),
    "không có vụ nào, giảm": breaches(4),
    "không có vụ nào, như năm trước": breaches(0),
    "không có vụ nào, không có gì để so sánh": breaches(None),
    "chỉ phía Trung Quốc": breaches(CN=8),
    "chỉ phía Trung Quốc, một vụ": breaches(CN=1),
    "chỉ phía Việt Nam": breaches(VN=3),
    "Việt Nam một vụ, cùng vụ chưa rõ": breaches(VN=1, undetermined=1),
    "chỉ vụ chưa xác định": breaches(undetermined=2),
    "chỉ vụ còn ý kiến khác nhau": breaches(contested=2),
    "chỉ vụ hai phía cùng vi phạm": breaches(both=2),
    "mọi cột": breaches(CN=12, VN=3, both=1, third=2, undetermined=4, contested=1),
    "thiếu số so sánh": breaches(None, CN=7, VN=1),
    "không ai so sánh": breaches(CN=7, VN=1, compared=False),
    "giảm": breaches(15, CN=7, VN=1),
    "bằng": breaches(8, CN=7, VN=1),
    "năm trước không có": breaches(0, CN=7, VN=1),
    "tăng theo phần trăm": breaches(120, CN=100, VN=39),
    "giảm theo phần trăm": breaches(1502, CN=1000, VN=300),
    "không có chi tiết theo phía": report({"breach.total": 8}, {"breach.total": 4}),
    "một cột dưới mức công bố": report({"breach.total": 8, "breach.CN": 7, "breach.VN": None}, {"breach.total": 4}),
    "tổng dưới mức công bố": breaches(CN=None, VN=2),
    "toàn tuyến": breaches(CN=7, VN=1, whose="all"),
    "chưa rõ tỉnh": breaches(0, CN=1, whose="none"),
}
"""Told in the golden file by their sentence `breach` alone."""
SILENT = heard(silent=("ba-son", "chi-ma", "tan-thanh"))
SOME = heard("ba-son", part=("chi-ma",), silent=("tan-thanh",))
RECORDED = Comparison(figure="breach.total", period="2018", before=4, origin=Origin.RECORD, coverage=Heard(whole=1, part=0, expected=8))
PUBLISHED_2019 = tuple(
    Published(figure=figure, value=value, source="Báo cáo năm 2019, tr. 1", before=before, before_source=source)
    for figure, value, before, source in (
        ("breach.total", 8, 4, "Báo cáo năm 2018"),
        ("breach.CN", 7, None, None),
        ("breach.VN", 1, None, None),
    )
)


def covered(posts: Any, n: int = 0, **changes: Any) -> Report:
    """So many breaches by China, of a unit whose posts were heard so."""
    return breaches(CN=n).model_copy(update={"coverage": posts, **changes})


BREACHES |= {
    "không ai báo": covered(SILENT, comparisons=()),
    "không ai báo, số đã công bố": covered(SILENT, comparisons=(), published=PUBLISHED_2019),
    "không ai báo, số đã công bố, không có số năm trước": covered(
        SILENT, comparisons=(), published=(PUBLISHED_2019[0].model_copy(update={"before": None}),)
    ),
    "không ai báo, số đã công bố là không": covered(SILENT, comparisons=(), published=(PUBLISHED_2019[0].model_copy(update={"value": 0}),)),
    "không có đồn nào": covered(heard(), comparisons=()),
    "cơ quan báo, không đồn nào báo": covered(SILENT, 1),
    "một phần, chưa ghi nhận": covered(SOME),
    "một phần, chưa ghi nhận, không có gì để so sánh": covered(SOME, comparisons=()),
    "một phần, chưa ghi nhận, số đã công bố": covered(SOME, published=PUBLISHED_2019),
    "một phần, tăng": covered(SOME, 8),
    "một phần, bằng": covered(SOME, 4),
    "một phần, giảm": covered(SOME, 3),
    "một phần, không đồn nào cả kỳ, giảm": covered(heard(part=("ba-son",), silent=("chi-ma",)), 3),
    "đủ, giảm so với kỳ trước có ít báo cáo": covered(EVERYBODY, 3, comparisons=(RECORDED,)),
    "một phần, giảm so với kỳ trước có ít báo cáo": covered(SOME, 3, comparisons=(RECORDED,)),
    "đủ, không có vụ nào, kỳ trước có ít báo cáo": covered(EVERYBODY, comparisons=(RECORDED,)),
    "đủ, tăng so với kỳ trước có ít báo cáo": covered(EVERYBODY, 8, comparisons=(RECORDED,)),
    "một phần, chưa ghi nhận, kỳ trước là không": covered(SOME, comparisons=(RECORDED.model_copy(update={"before": 0, "coverage": None}),)),
    "đủ, tăng từ 0 của kỳ trước có ít báo cáo": covered(EVERYBODY, 8, comparisons=(RECORDED.model_copy(update={"before": 0}),)),
    "kỳ đang chạy": covered(EVERYBODY, 8, as_of=datetime(2019, 6, 25, 1, 5, tzinfo=HANOI)),
    "kỳ đang chạy, không có vụ nào": covered(EVERYBODY, as_of=datetime(2019, 6, 25, 1, 5, tzinfo=HANOI)),
    "kỳ đang chạy, ngày đầu": covered(EVERYBODY, as_of=datetime(2018, 12, 15, 1, 5, tzinfo=HANOI)),
    "kỳ đang chạy, một phần": covered(SOME, as_of=datetime(2019, 6, 25, 1, 5, tzinfo=HANOI)),
}

ITEMS: Values = {
    "border_event.total": 14,
    "article39.6": 9,
    "article39.6.persons": 1502,
    "article39.6.livestock": 3,
    "article39.9": 2,
    "article39.9.persons": 5,
    "article39.9.vehicles": 2,
    "article39.9.goods.kg": 346.433,
    "article39.9.goods.": 12,
    "article39.14": 2,
    "article39.14.persons": None,
    "article39.none": 1,
}
SEA: Values = {"matter.sea_obstruction": 2, "sea.property_taken": 2, "sea.property_taken.boats": 4, "sea.property_taken.persons": 22}
OTHERS = {
    "Điều 39: theo mục": report(ITEMS, {"border_event.total": 12}),
    "Điều 39: các mục không đủ tổng": report({"border_event.total": 3, "article39.15": 1}, {"border_event.total": None}, period="2019-10"),
    "Điều 39: số vụ của một mục dưới mức công bố": report({"border_event.total": 3, "article39.14": None, "article39.6": 1}),
    "Điều 39: tổng dưới mức công bố": report({"border_event.total": None, "article39.14": None}, {"border_event.total": 3}),
    "Điều 39: không có vụ nào": report({"border_event.total": 0}, {"border_event.total": 3}),
    "Điều 39: mục gọi tên sự vật": report(
        {
            "border_event.total": 7,
            "article39.13": 4,
            "article39.13.persons": 2,
            "article39.15": 3,
            "article39.15.persons": 3,
            "article39.15.goods.bánh": 30,
        }
    ),
    "thiếu thông tin; việc không phải vi phạm": report(
        {
            "outcome.needs_facts": 3,
            "outcome.exempt": 1,
            "outcome.no_breach": 2,
            **{
                f"matter.{kind}": n for n, kind in enumerate(("patrol", "works_notice", "marker_upkeep", "survey", "letter", "gate_change"))
            },
            "matter.natural_event": 11,
        }
    ),
    "trên biển: ngăn cản, lấy tài sản": report(SEA, period="2021H1", unit="quang-ngai"),
    "trên biển: chỉ ngăn cản": report({"sea.obstructed": 1, "sea.obstructed.boats": 1}, period="2021H1", unit="quang-ngai"),
    "trên biển: mọi hành vi": report(
        {
            **SEA,
            "sea.obstructed": 1,
            "sea.obstructed.boats": 1,
            "sea.obstructed.persons": 6,
            "sea.detained": 1,
            "sea.detained.boats": 1,
            "sea.detained.persons": 11,
            "sea.rammed": 1,
            "sea.chased": 1,
            "sea.chased.persons": None,
            "sea.unknown": 1,
            "sea.unknown.persons": 4,
        },
        period="2021H1",
        unit="quang-ngai",
    ),
    "trên biển: không có": report({"matter.sea_obstruction": 0, "sea.detained": 0}, period="2021H1", unit="quang-ngai"),
    "qua lại: người, phương tiện, hàng hóa": report(
        {
            "crossing.total.vehicles": 96,
            "crossing.CN-VN.vehicles": 96,
            "crossing.total.goods.tấn": 12345.6,
            "crossing.total.goods.none": 3,
            "crossing.VN-CN.goods.tấn": 12345.6,
        },
        {"crossing.total.persons": 1296, "crossing.total.vehicles": 99},
        more=gates(tan_thanh=900, coc_nam=300, chi_ma=3, huu_nghi=300),
    ),
    "qua lại: không có gì để so sánh": report(
        {"crossing.total.vehicles": 96, "crossing.VN-CN.vehicles": 96},
        {"crossing.total.persons": None, "crossing.total.vehicles": None},
        more=gates(tan_thanh=900),
    ),
    "qua lại: không có lượt nào": report(
        {"crossing.total.persons": 0, "crossing.total.vehicles": 0}, {"crossing.total.persons": 1296}, period="2021Q4"
    ),
    "qua lại: không còn người": report(
        {"crossing.total.persons": 0, "crossing.total.vehicles": 96}, {"crossing.total.persons": 1296, "crossing.total.vehicles": 96}
    ),
    "qua lại: chỉ có theo chiều": report({"crossing.VN-CN.persons": 20}),
    "còn tồn đọng": report({"open.dead_letters": 2, "open.conflicts": 0, "open.corrections": 1}),
    "đồn báo cáo: đủ cả kỳ": report(coverage=EVERYBODY),
    "đồn báo cáo: thiếu hai": report(coverage=heard("ba-son", silent=("chi-ma", "tan-thanh"))),
    "đồn báo cáo: một đồn chỉ một phần kỳ": report(coverage=heard("ba-son", part=("chi-ma",), silent=("tan-thanh",))),
    "đồn báo cáo: không đồn nào cho cả kỳ": report(coverage=heard(part=("ba-son", "chi-ma"))),
    "đồn báo cáo: thiếu tất cả": report(coverage=heard(silent=("bac-xa", "ba-son", "bao-lam", "chi-ma", "po-ma", "tan-thanh"))),
    "đồn báo cáo: danh bạ không có đồn nào": report(coverage=heard()),
    "đồn báo cáo: thiếu quá năm": report(
        coverage=heard("ba-son", silent=("bac-xa", "bao-lam", "chi-ma", "huu-nghi", "po-ma", "tan-thanh"))
    ),
    "đồn báo cáo: đủ về vụ việc, thiếu về lượt qua cửa khẩu": report(
        coverage=heard("ba-son", "chi-ma", crossings=PostsHeard(whole=("ba-son",), expected=("ba-son", "chi-ma")))
    ),
    "đồn báo cáo: thiếu về vụ việc, không ai về lượt qua cửa khẩu": report(
        coverage=heard("ba-son", silent=("chi-ma",), crossings=PostsHeard(expected=("ba-son", "chi-ma")))
    ),
    "trên biển: chỉ một phần có báo cáo": report(
        {"sea.obstructed": 1, "sea.obstructed.boats": 1}, period="2021H1", unit="quang-ngai", coverage=SOME
    ),
    "trên biển: chưa ghi nhận": report(period="2021H1", unit="quang-ngai", coverage=SOME),
    "trên biển: chưa có báo cáo": report(period="2021H1", unit="quang-ngai", coverage=heard(silent=("ba-son",))),
    "qua lại: không còn người, thiếu báo cáo": report(
        {"crossing.total.persons": 0, "crossing.total.vehicles": 96},
        {"crossing.total.persons": 1296, "crossing.total.vehicles": 96},
        coverage=SOME,
    ),
    "qua lại: không có lượt nào, thiếu báo cáo": report(
        {"crossing.total.persons": 0, "crossing.total.vehicles": 0}, {"crossing.total.persons": 1296}, coverage=SOME
    ),
    "số đã công bố của chính kỳ: Điều 39, qua lại": report(
        published=(
            Published(figure="border_event.total", value=12, source="Báo cáo năm 2019"),
            Published(figure="crossing.total.persons", value=1296, source="Báo cáo năm 2019", before=1200, before_source="Báo cáo 2018"),
        ),
        coverage=heard(silent=("ba-son",)),
    ),
    "kỳ chưa kết thúc; tháng dương lịch": report(regime=Regime.CALENDAR, as_of=datetime(2019, 6, 25, 1, 5, tzinfo=HANOI)),
    "sáp nhập": report(period="2025", mapping=(Mapped(before="Hà Giang", after="Tuyên Quang", on="2025-07-01"),), unit="tuyen-quang"),
    "số ước và số ước đã lệch": report(
        {"breach.total": 8, "crossing.total.persons": 1510},
        estimates=(
            Estimate(figure="breach.total", period="2020", value=9.5, method="bình quân hai năm gần nhất"),
            Estimate(figure="breach.CN", period="2020", value=7, method="bình quân hai năm gần nhất"),
            Estimate(figure="breach.VN", period="2020", value=0, method="bình quân hai năm gần nhất"),
            Estimate(figure="crossing.total.persons", period="2020", value=0, method="cửa khẩu tạm dừng"),
        ),
        missed=(
            missed("breach.total", 10, 8),
            missed("breach.total", 0, 8),
            missed("breach.total", 8, 8),
            missed("breach.VN", 0, 0),
            missed("crossing.total.persons", 1300, 1510),
            missed("breach.CN", 5, 0),
        ),
    ),
}


def golden() -> str:
    """Of each case the sentences it is there for: those that a report of nothing does not have."""
    lines = [
        "Made by tests/unit/test_report_sentences.py: `python -m tests.unit.test_report_sentences` writes it again. Read every change.",
        "",
    ]
    lines += ["# breach", ""]
    for case, made in BREACHES.items():
        lines += [case, f"    {sentences(made)['breach']}"]
    lines += ["", "# một báo cáo không có gì", ""]
    lines += [f"    {name}: {text}" for name, text in sentences(report()).items()]
    for case, made in OTHERS.items():
        lines += ["", f"# {case}", ""]
        plain = sentences(report(period=made.period, regime=made.regime))
        lines += [f"    {name}: {text}" for name, text in sentences(made).items() if text != plain.get(name)]
    return "\n".join([*lines, ""])


def test_the_sentences_of_a_report_are_those_somebody_read() -> None:
    assert GOLDEN.read_text(encoding="utf-8") == golden()


def test_the_year_2019_of_lang_son_reads_as_it_was_published() -> None:
    assert sentences(breaches(CN=7, VN=1))["breach"] == (
        "Kết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định về quy chế quản lý biên giới "
        "(phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018"
    )


@pytest.mark.parametrize("posts", [SILENT, SOME, heard(), heard(part=("ba-son",)), heard("ba-son", silent=("chi-ma",))])
def test_zero_is_never_said_where_a_post_was_not_heard_for_all_of_it(posts: Any) -> None:
    for name, text in sentences(report(unit="quang-ngai", coverage=posts)).items():
        if name != "open":
            assert not re.search(r"không (xảy ra|ghi nhận|có)\b", text), text
    made = sentences(covered(posts, comparisons=()))
    assert not re.search(r"không (xảy ra|ghi nhận|có)\b", made["breach"])


@pytest.mark.parametrize("n", range(4))
def test_a_decrease_says_in_the_same_sentence_who_was_not_heard(n: int) -> None:
    assert "01/03 đồn báo cáo" in sentences(covered(SOME, n))["breach"]
    assert "cùng kỳ 01/08 đồn báo cáo" in sentences(covered(EVERYBODY, n, comparisons=(RECORDED,)))["breach"]


def test_the_published_sentence_stands_word_for_word_where_not_every_post_was_heard() -> None:
    whole = breaches(CN=7, VN=1)
    partly = sentences(whole.model_copy(update={"coverage": SOME}))
    assert partly["breach"] == sentences(whole)["breach"]
    assert partly["coverage"].startswith("Tin báo trong kỳ: 01/03 đồn báo cáo")
    assert "coverage" not in sentences(whole)


@pytest.mark.parametrize("case", [*BREACHES, *OTHERS])
def test_no_seam_of_a_template_shows(case: str) -> None:
    for name, text in sentences((BREACHES | OTHERS)[case]).items():
        assert not SEAMS.search(text), f"{name}: {text}"
        assert text[0].isupper()
        assert text.count("(") == text.count(")")


def test_four_sentences_and_the_cutoff_stand_in_a_report_of_nothing() -> None:
    assert list(sentences(report())) == ["breach", "article39", "crossing", "open", "cutoff"]


COUNTS = st.integers(min_value=0, max_value=3000)


@given(sides=st.fixed_dictionaries(dict.fromkeys(SIDES, COUNTS)), before=st.none() | COUNTS)
def test_the_numbers_in_the_brackets_add_up_to_the_total(sides: dict[str, int], before: int | None) -> None:
    text = sentences(breaches(before, **sides))["breach"]
    if not sum(sides.values()):
        assert "không xảy ra" in text
        assert "(" not in text
        return
    head, inside, _ = re.split(r"[()]", text)
    named = [int(n.replace(".", "")) for n in re.findall(r"([\d.]+) vụ", inside)]
    assert sum(named) == sum(sides.values()) == int(re.findall(r"([\d.]+) vụ vi phạm", head)[0].replace(".", ""))
    assert sorted(named) == sorted(n for n in sides.values() if n)


@given(total=COUNTS, before=st.none() | COUNTS)
def test_the_breach_sentence_says_more_less_or_the_same_by_the_sign(total: int, before: int | None) -> None:
    text = sentences(breaches(before, CN=total))["breach"]
    if before is None:
        assert text.endswith(", chưa có số liệu so sánh với cùng kỳ năm 2018")
    elif total == before:
        assert re.search(r"[ ,] ?bằng cùng kỳ năm 2018$", text)
    else:
        word = "tăng" if total > before else "giảm"
        assert re.search(rf" {word} [\d.,]+( vụ|%) so với cùng kỳ năm 2018$", text)


PROTECTED: Values = {
    **ITEMS,
    **SEA,
    "crossing.total.persons": 77,
    "crossing.VN-CN.persons": 77,
    "open.conflicts": 77,
    "outcome.needs_facts": 77,
}


@pytest.mark.parametrize("name", [name for name, value in PROTECTED.items() if value is not None and not name.startswith("matter.")])
def test_a_suppressed_figure_is_never_given_as_a_number(name: str) -> None:
    """Neither it, nor its change."""
    shown, hidden = (sentences(report(values, {name: 4})) for values in (PROTECTED, PROTECTED | {name: None}))
    changed = [key for key, text in hidden.items() if text != shown[key]]
    assert changed
    for key in changed:
        assert "dưới mức công bố" in hidden[key]
        assert "so với cùng kỳ" not in hidden[key]


def test_the_gates_most_used_are_three_the_busiest_first() -> None:
    text = sentences(report(more=gates(tan_thanh=900, coc_nam=300, chi_ma=3, huu_nghi=300)))["crossing"]
    assert text.endswith(
        "nhiều nhất qua Tân Thanh - Pò Chài (900 lượt người), Cốc Nam - Lũng Nghịu (300 lượt người) và Hữu Nghị - Hữu Nghị Quan (300 lượt người)"
    )


def test_an_estimate_is_always_called_one() -> None:
    told = sentences(OTHERS["số ước và số ước đã lệch"])
    assert all("ước" in told[name] for name in ("estimate", "missed"))
    assert "9,5" not in "".join(text for name, text in told.items() if name not in ("estimate", "missed"))


def at_sea(*incidents: tuple[tuple[str, ...], int, int]) -> str:
    """What is said of incidents of these acts, boats and fishermen."""
    figures: list[Figure] = []
    for head in ("matter.sea_obstruction", *(f"sea.{act}" for act in SEA_ACTS)):
        of = {f"inc-{at}": each for at, each in enumerate(incidents) if head.startswith("matter.") or head.partition(".")[2] in each[0]}
        boats, persons = sum(boats for _, boats, _ in of.values()), sum(persons for *_, persons in of.values())
        figures.append(Figure(id=head, label=head, unit="vụ", value=len(of), subjects=tuple(of)))
        figures.append(Figure(id=f"{head}.boats", label=head, unit="tàu", value=boats))
        figures.append(Figure(id=f"{head}.persons", label=head, unit="người", value=persons))
    return sentences(report(period="2021H1", unit="quang-ngai", more=figures))["sea"]


@pytest.mark.parametrize(
    ("incidents", "expected"),
    [
        (
            [(("obstructed", "property_taken"), 4, 22)],
            "không có tàu cá, ngư dân bị nước ngoài bắt giữ; có 04 tàu cá với 22 ngư dân (01 vụ) bị nước ngoài ngăn cản, lấy tài sản",
        ),
        (
            [(("rammed", "chased"), 1, 11), (("rammed",), 1, 6)],
            (
                "không có tàu cá, ngư dân bị nước ngoài bắt giữ; có 02 tàu cá với 17 ngư dân (02 vụ) bị nước ngoài cản trở"
                " (một vụ có thể gồm nhiều hành vi), trong đó bị đâm va: 02 tàu cá với 17 ngư dân (02 vụ);"
                " bị rượt đuổi: 01 tàu cá với 11 ngư dân (01 vụ)"
            ),
        ),
        (
            [(("detained", "property_taken"), 1, 11), (("unknown",), 1, 6)],
            (
                "có 02 tàu cá với 17 ngư dân (02 vụ) bị nước ngoài cản trở (một vụ có thể gồm nhiều hành vi), trong đó"
                " bị lấy tài sản: 01 tàu cá với 11 ngư dân (01 vụ); bị bắt giữ: 01 tàu cá với 11 ngư dân (01 vụ);"
                " chưa rõ hành vi: 01 tàu cá với 06 ngư dân (01 vụ)"
            ),
        ),
        (
            [(("rammed",), 1, 11), (("chased",), 1, 6)],
            (
                "không có tàu cá, ngư dân bị nước ngoài bắt giữ; có 01 tàu cá với 11 ngư dân (01 vụ) bị nước ngoài đâm va;"
                " 01 tàu cá với 06 ngư dân (01 vụ) bị nước ngoài rượt đuổi"
            ),
        ),
    ],
)
def test_a_boat_of_several_acts_is_counted_once(incidents: list[tuple[tuple[str, ...], int, int]], expected: str) -> None:
    assert at_sea(*incidents) == f"Trong 6 tháng đầu năm 2021 {expected}"


if __name__ == "__main__":
    GOLDEN.write_text(golden(), encoding="utf-8")
