"""Sentences of a report about itself: estimates, open matters, coverage, mergers, cut-off. None has a final full stop."""

from collections import defaultdict
from datetime import date

from agreement.figure_families import FAMILIES
from agreement.periods import CUTS, Period
from border.vietnam import HANOI
from reports.model import Estimate, Report
from reports.names import post_name
from texts.wording import change, counted, listed, padded

_OPEN = {
    "open.dead_letters": "tin gửi đến chưa đọc được",
    "open.conflicts": "tin mâu thuẫn đang để riêng",
    "open.corrections": "vụ việc có bổ sung, đính chính chờ xử lý",
}
_OFF = {"tăng": "cao hơn số ước ", "giảm": "thấp hơn số ước ", "bằng": "đúng bằng số ước"}
_NAMED = 5
"""Posts that did not report are named up to this many."""


def open_matters(report: Report) -> str:
    """What may still change the figures: payloads nobody could read, conflicts, corrections."""
    figures = {figure_id: report.figure(figure_id) for figure_id in _OPEN}
    matters = [counted(figure.value, _OPEN[figure_id]) for figure_id, figure in figures.items() if figure is not None and figure.value != 0]
    if matters:
        return f"Còn tồn đọng, có thể làm thay đổi số liệu: {'; '.join(matters)}"
    return "Không còn tin nào chưa đọc được, mâu thuẫn hoặc chờ đính chính"


def coverage(report: Report) -> str | None:
    """How many of the posts reported. None where no post is expected."""
    missing = [slug for slug in report.coverage.expected if slug not in report.coverage.reported]
    reported, expected = len(report.coverage.expected) - len(missing), len(report.coverage.expected)
    if not expected:
        return None
    if not missing:
        return f"Cả {padded(expected)} đồn Biên phòng đều gửi báo cáo trong kỳ"
    if not reported:
        return f"Chưa có đồn nào trong số {padded(expected)} đồn Biên phòng gửi báo cáo trong kỳ"
    names = ", ".join(map(post_name, missing))
    lacking = f"của đồn {names}" if len(missing) <= _NAMED else f"của {counted(len(missing), 'đồn')}"
    return f"Có {padded(reported)}/{padded(expected)} đồn Biên phòng gửi báo cáo trong kỳ; chưa có báo cáo {lacking}"


def cutoff(report: Report) -> str:
    """Which days are counted, by which rule, and how late the record was read."""
    first, last = report.span.days.split(" - ")
    rule = CUTS[report.regime][0].source
    as_of = report.as_of.astimezone(HANOI)
    moment = f"{as_of:%H} giờ {as_of:%M} phút ngày {as_of:%d/%m/%Y} (giờ Việt Nam, UTC+7)"
    open_still = "; kỳ báo cáo chưa kết thúc" if report.as_of < report.end else ""
    return f"Số liệu tính từ ngày {first} đến hết ngày {last} (kỳ báo cáo theo {rule}), theo dữ liệu ghi nhận đến {moment}{open_still}"


def mapping(report: Report) -> str | None:
    """The mergers that the figures reach across."""
    provinces = [
        f"tỉnh {merger.before} (sáp nhập vào tỉnh {merger.after} từ ngày {date.fromisoformat(merger.on):%d/%m/%Y})"
        for merger in report.mapping
    ]
    return f"Số liệu tính cả địa bàn {listed(provinces)}" if provinces else None


def estimate(report: Report) -> str | None:
    """Expected figures, grouped by period and method; never among the actual ones."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for expected in report.estimates:
        label, unit = _figure(report, expected.figure)
        if expected.value or report.value(expected.figure):  # else nothing so far, and nothing expected: the table says it
            alike[_span(report, expected), expected.method].append(f"{label} {_amount(expected.value, unit)}")
    texts = [f"ước {span} {', '.join(figures)} (cách tính: {method})" for (span, method), figures in alike.items()]
    return f"Số ước, không cộng vào số liệu thực tế: {'; '.join(texts)}" if texts else None


def missed(report: Report) -> str | None:
    """How far earlier estimates were off, grouped by the report that gave them."""
    alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for miss in report.missed:
        guess = miss.estimate
        if not guess.value and not miss.actual:
            continue
        label, unit = _figure(report, guess.figure)
        word, _, step = change(unit, miss.actual, guess.value).partition(" ")
        amounts = f"ước {_amount(guess.value, unit)}, thực tế {_amount(miss.actual, unit)}"
        alike[_span(report, guess), miss.report].append(f"{label} {amounts}, {_OFF[word]}{step}".rstrip())
    texts = [f"{span} (ước tại báo cáo {by}): {'; '.join(figures)}" for (span, by), figures in alike.items()]
    return f"Đối chiếu số ước của báo cáo trước, {'. '.join(texts)}" if texts else None


def _span(report: Report, expected: Estimate) -> str:
    return Period.parse(expected.period, report.regime).name


def _figure(report: Report, figure_id: str) -> tuple[str, str]:
    """Label and unit of a figure, also of one that is absent, being 0; its id where no family has it."""
    if (figure := report.figure(figure_id)) is not None:
        return f"“{figure.label}”", figure.unit
    for family in FAMILIES:
        if (key := family.key_of(figure_id)) is not None:
            return f"“{family.label(key)}”", family.unit(key)
    return f"“{figure_id}”", ""


def _amount(value: float, unit: str) -> str:
    return counted(value, unit).rstrip() if value else f"không có {unit} nào".replace("  ", " ")
