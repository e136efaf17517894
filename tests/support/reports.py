"""Reports made by hand: nothing of a database is needed to lay one out, say it or print it."""

from datetime import date, datetime, timedelta
from typing import Any

from agreement.figure_families import SIDES
from agreement.periods import Period, Regime
from border.vietnam import HANOI
from reports.model import (
    Check,
    Comparison,
    Coverage,
    Estimate,
    Figure,
    Heard,
    Letter,
    Mapped,
    Missed,
    Month,
    Moved,
    Origin,
    PostsHeard,
    Report,
    Row,
    Severity,
    Subtotal,
)

SENTENCE_2019 = (
    "Kết quả trong năm 2019 xảy ra 08 vụ vi phạm Hiệp định về quy chế quản lý biên giới"
    " (phía Trung Quốc vi phạm 07 vụ, Việt Nam vi phạm 01 vụ) tăng 04 vụ so với cùng kỳ năm 2018"
)


def heard(*whole: str, part: tuple[str, ...] = (), silent: tuple[str, ...] = (), crossings: PostsHeard | None = None) -> Coverage:
    """Posts heard for the whole period, for a part of it, and not at all, on incidents; the same on crossings unless that is given."""
    incidents = PostsHeard(whole=whole, part=part, expected=tuple(sorted((*whole, *part, *silent))))
    return Coverage(
        reported=tuple(sorted((*whole, *part))), expected=incidents.expected, incidents=incidents, crossings=crossings or incidents
    )


EVERYBODY = heard("ba-son", "chi-ma")
"""Both posts of a unit, for all of the period: what is 0 was 0."""


LETTER = Letter(
    superior="UBND TỈNH LẠNG SƠN",
    office="SỞ NGOẠI VỤ",
    number="215/BC-SNgV",
    place="Lạng Sơn",
    dated=date(2019, 12, 18),
    recipients=("UBND tỉnh (báo cáo)", "Công an tỉnh", "Lưu: VT"),
    signer=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
    signed_by="Nguyễn Văn A",
    answers="Công văn số 123/BNG-UBBG ngày 02/12/2019 của Ủy ban Biên giới quốc gia",
)
"""What the department adds when it issues a report."""


def a_report(**changes: Any) -> Report:
    """A report with nothing in it: Lạng Sơn, the year 2019, known on 16/12/2019 at half past nine."""
    period = Period.parse(changes.get("period", "2019"), changes.get("regime", Regime.ND09))
    fields: dict[str, Any] = {
        "unit": "lang-son",
        "unit_name": "Lạng Sơn",
        "regime": period.regime,
        "period": period.id,
        "start": period.start,
        "end": period.end,
        "as_of": datetime(2019, 12, 16, 9, 30, tzinfo=HANOI),
        "figures": (),
        "comparisons": (),
        "sentences": {},
        "checks": (),
        "coverage": EVERYBODY,
        "mapping": (),
        "months": (),
        "rows": (),
        "rule_packs": ("2009.1/1",),
        "program": "0.1.0",
        "data_sha256": "0123456789abcdef" * 4,
    }
    return Report(**(fields | changes))


def a_row(number: int, **changes: Any) -> Row:
    """An incident behind the figures: a breach by China at a marker of Lạng Sơn, `number` days into the period."""
    fields: dict[str, Any] = {
        "subject": f"inc-0193b9c0-0000-7000-8000-{number:012d}",
        "occurred": datetime(2018, 12, 20, 9, 15, tzinfo=HANOI) + timedelta(days=40 * number),
        "precision": "minute",
        "kind": "works",
        "outcome": "breach",
        "side": "CN",
        "clauses": ("21(1)",),
        "article39": (),
        "markers": (f"{1060 + 17 * number}",),
        "province": "lang-son",
        "district": "Văn Lãng",
        "commune": "Tân Mỹ",
        "version": 1,
        "finding": "Xây công trình cách đường biên giới 10 m.",
    }
    return Row(**(fields | changes))


def a_figure(
    figure_id: str, value: float | None, label: str = "", unit: str = "vụ", subjects: Any = (), coverage: Heard | None = None
) -> Figure:
    """One number."""
    return Figure(id=figure_id, label=label or figure_id, unit=unit, value=value, subjects=subjects, coverage=coverage)


def breaches_2019(**changes: Any) -> Report:
    """The published year: seven breaches by China, one by Vietnam, a published total of four the year before."""
    rows = tuple(a_row(number, side="VN" if number == 5 else "CN") for number in range(8))
    subjects = tuple(row.subject for row in rows)
    by_side = {side: tuple(row.subject for row in rows if row.side == side) for side in SIDES}
    figures = (
        a_figure("breach.total", 8, "Vi phạm Hiệp định", subjects=subjects, coverage=Heard(whole=2, part=0, expected=3)),
        *(a_figure(f"breach.{side}", len(ids), f"Vi phạm Hiệp định, phía: {side}", subjects=ids) for side, ids in by_side.items()),
        a_figure("breach.kind.works", 8, "Vi phạm: công trình", subjects=subjects),
        a_figure("breach.clause.21(1)", 8, "Vi phạm Điều 21(1)", subjects=subjects),
        a_figure("breach.stretch.1050-1099", 3, "Vi phạm tại đoạn mốc 1050 - 1099", subjects=subjects[:3]),
        a_figure("breach.stretch.1100-1149", 3, "Vi phạm tại đoạn mốc 1100 - 1149", subjects=subjects[3:6]),
        a_figure("breach.stretch.1150-1199", 2, "Vi phạm tại đoạn mốc 1150 - 1199", subjects=subjects[6:]),
        a_figure("breach.province.lang-son", 8, "Vi phạm tại tỉnh: Lạng Sơn", subjects=subjects),
        a_figure("breach.district.Văn Lãng", 8, "Vi phạm tại huyện: Văn Lãng", subjects=subjects),
        a_figure("breach.commune.Tân Mỹ", 8, "Vi phạm tại xã: Tân Mỹ", subjects=subjects),
    )
    source = "Trang thông tin của tỉnh, 20/01/2020"
    compared = (
        Comparison(figure="breach.total", period="2018", before=4, origin=Origin.BASELINE, source=source),
        *(Comparison(figure=f"breach.{side}", period="2018", before=None, origin=None) for side in SIDES),
    )
    year = Period.parse("2019", Regime.ND09)
    counts = {month.id: dict.fromkeys(map(str, SIDES), 0) for month in year.months}
    for row in rows:
        counts[next(month.id for month in year.months if month.holds(row.occurred))][row.side] += 1
    fields: dict[str, Any] = {
        "figures": figures,
        "comparisons": compared,
        "sentences": {"breach": SENTENCE_2019, "cutoff": "Số liệu tính từ ngày 15/12/2018 đến hết ngày 14/12/2019"},
        "rows": rows,
        "months": tuple(Month(id=month, sides=sides) for month, sides in counts.items()),
        "coverage": heard("huu-nghi", "tan-thanh", silent=("bao-lam",)),
    }
    return a_report(**(fields | changes))


def a_rich_report(**changes: Any) -> Report:
    """Everything a report can hold, at once."""
    base = breaches_2019()
    events = tuple(
        a_row(
            100 + number,
            occurred=datetime(2019, 1, 5, 18, tzinfo=HANOI) + timedelta(days=2 * number),
            precision=("night", "hour", "day", "month", "quarter", "half", "year")[number % 7],
            kind="crossing",
            outcome="border_event",
            side="undetermined",
            clauses=(),
            article39=(6,),
            markers=("1088/2-1089", "1090"),
            district=None,
            commune=None,
        )
        for number in range(130)
    )
    ids = tuple(row.subject for row in events)
    passed = (
        Subtotal(gate="huu-nghi", direction="CN-VN", rows=365, n=1_000_250),
        Subtotal(gate="tan-thanh", direction="CN-VN", rows=360, n=234_318),
    )
    out = (Subtotal(gate="huu-nghi", direction="VN-CN", rows=365, n=346.433),)
    figures = (
        a_figure("incident.total", 138, "Vụ việc được tính", subjects=(*base.figures[0].subjects, *ids)),
        a_figure("outcome.needs_facts", 1, "Kết luận: cần thêm dữ kiện"),
        *base.figures,
        a_figure("breach.article39.1", 1, "Vi phạm Hiệp định thuộc mục 1 Điều 39"),
        a_figure("border_event.total", 130, "Sự kiện biên giới (không tính là vi phạm)", subjects=ids),
        a_figure("article39.6", 129, "Sự kiện mục 6 Điều 39 (vượt biên)", subjects=ids[:-1]),
        a_figure("article39.14", 1, "Sự kiện mục 14 Điều 39 (mua bán người)", subjects=ids[-1:]),
        a_figure("article39.6.persons", 1725, "Người trong mục 6 Điều 39", "người", ids[:-1]),
        a_figure("article39.14.persons", None, "Người trong mục 14 Điều 39", "người", ids[-1:]),
        a_figure("article39.9.goods.kg", 346.433, "Hàng hóa trong mục 9 Điều 39", "kg"),
        a_figure("exempt.kind.works", 2, "Thuộc ngoại lệ: công trình"),
        a_figure("matter.works_notice", 3, "thông báo công trình"),
        a_figure("matter.sea_obstruction", 4, "cản trở trên biển"),
        a_figure("sea.obstructed", 4, "Trên biển: bị ngăn cản"),
        a_figure("sea.obstructed.boats", 4, "Tàu cá bị ngăn cản", "tàu"),
        a_figure("sea.obstructed.persons", 22, "Ngư dân bị ngăn cản", "người"),
        a_figure("crossing.total.persons", 1_234_568, "Lượt người qua cửa khẩu, cả hai chiều", "lượt người", passed),
        a_figure("crossing.CN-VN.persons", 1_234_568, "Lượt người từ Trung Quốc sang Việt Nam", "lượt người", passed),
        a_figure("crossing.VN-CN.goods.tấn", 346.433, "Hàng hóa từ Việt Nam sang Trung Quốc (tấn)", "tấn", out),
        a_figure("open.needs_facts", 1, "Vụ việc cần thêm dữ kiện", "vụ việc", ids[:1]),
        a_figure("open.dead_letters", 2, "Tin gửi đến chưa đọc được", "tin", ("border.incidents.v1/3@17", "border.incidents.v1/3@18")),
        a_figure("open.conflicts", 0, "Tin mâu thuẫn đang để riêng", "tin"),
        a_figure("posts.reported", 2, "Đồn có báo cáo trong kỳ", "đồn", ("huu-nghi", "tan-thanh")),
        a_figure("posts.expected", 3, "Đồn phải báo cáo", "đồn", ("bao-lam", "huu-nghi", "tan-thanh")),
        a_figure("quite.new", 1.5, "Chỉ tiêu chưa ai biết | mới", "km"),
    )
    sentences = {
        "article39": "Trong năm 2019 xảy ra 130 vụ sự kiện biên giới theo Điều 39 Hiệp định",
        "sea": "Trong năm 2019 có 04 tàu cá với 22 ngư dân bị nước ngoài ngăn cản",
        "crossing": "Trong năm 2019 có 1.234.568 lượt người qua các cửa khẩu, lối mở",
        "estimate": "Số ước, không cộng vào số liệu thực tế: ước năm 2020: 9 vụ",
        "coverage": "Có 02/03 đồn Biên phòng gửi báo cáo trong kỳ; chưa có báo cáo của đồn Bảo Lâm",
        "unforeseen": "Một câu chưa ai biết trước",
    }
    estimate = Estimate(figure="breach.total", period="2020", value=9, method="Bình quân ba năm trước")
    fields: dict[str, Any] = {
        "figures": figures,
        "comparisons": (*base.comparisons, Comparison(figure="article39.6.persons", period="2018", before=1500, origin=Origin.RECORD)),
        "sentences": base.sentences | sentences,
        "checks": (
            Check(code="parts_and_whole", severity=Severity.ERROR, message="524 + 162 + 45 = 731 ≠ 583"),
            Check(code="coarse_date", severity=Severity.REVIEW, message="12 vụ việc có thời gian không đủ chính xác", subjects=ids[:12]),
            Check(code="comparison_partial", severity=Severity.NOTE, message="Kỳ so sánh: hồ sơ chỉ có tin của 03/12 tháng"),
        ),
        "mapping": (Mapped(before="Hà Giang", after="Tuyên Quang", on=date(2025, 7, 1).isoformat()),),
        "rows": (*base.rows, *events),
        "version": 2,
        "issued_by": "Sở Ngoại vụ tỉnh Lạng Sơn",
        "estimates": (estimate,),
        "missed": (Missed(estimate=estimate.model_copy(update={"period": "2019", "value": 6}), report="2019H1, bản 1", actual=8),),
        "moved": (
            Moved(
                figure="breach.total",
                before=7,
                after=8,
                added=base.figures[0].subjects[-1:],
                changed=base.figures[0].subjects[:2],
                events=("/posts/tan-thanh/d1 0193b9c0-0000-7000-8000-0000000000aa",),
            ),
        ),
    }
    return breaches_2019(**(fields | changes))
