"""Where a report's document prints what is only published."""

from reports.documents.layout import layout
from reports.model import Estimate, PublishedOnly
from tests.support.reports import a_report


def test_what_is_only_published_has_a_chapter_before_the_estimates() -> None:
    then = {"before": 100, "before_source": "Báo cáo 2018"}
    totals = (
        PublishedOnly(
            figure="trade.export", label="Kim ngạch xuất khẩu", unit="triệu USD", value=90.5, source="Báo cáo 2019, tr. 3", **then
        ),
        PublishedOnly(figure="plan.trade.export", label="Đạt so với kế hoạch", unit="%", value=95, source="b", **then),
    )
    estimate = Estimate(figure="breach.total", period="2020", value=1, method="m")
    laid = layout(a_report(published_only=totals, estimates=(estimate,)))
    assert [chapter.number for chapter in laid.chapters] == ["I", "II", "III", "IV", "V", "VI", "VII"]
    assert [chapter.heading.split(",")[0] for chapter in laid.chapters[-2:]] == ["SỐ LIỆU ĐÃ CÔNG BỐ", "SỐ LIỆU ƯỚC"]
    (table,) = (table for table in laid.tables if table.sheet == "Đã công bố")
    export, plan = ([cell.text for cell in row] for row in table.rows)
    assert export[1:] == ["Kim ngạch xuất khẩu", "triệu USD", "90,5", "100", "giảm 9,5%", "Báo cáo 2019, tr. 3\nCùng kỳ: Báo cáo 2018"]
    assert plan[5] == "-", "a percentage is not compared in percent"
