"""Sentences of a report about itself: estimates, open matters, coverage, mergers, cut-off. None has a final full stop."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from agreement.figure_families import FAMILIES
from agreement.periods import CUTS, Period
from border.vietnam import HANOI
from reports.model import Estimate, PostsHeard, Report
from reports.names import post_name
from texts.wording import change, counted, listed, padded, posts_reporting

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
    """Which posts did not report for all of the period: on incidents, on crossings. None where every post did, since then it is noise."""
    incidents, crossings = report.coverage.incidents, report.coverage.crossings
    n = report.value("incident.total") if incidents.heard.nobody else 0
    by_offices = f"; {counted(n, 'vụ việc')} được tính do cơ quan báo" if n else ""
    if incidents == crossings:
        return None if incidents.heard.everybody else f"Tin báo trong kỳ: {_heard(incidents)}{by_offices}"
    matters = {"về vụ việc": incidents, "về lượt qua cửa khẩu": crossings}
    texts = "; ".join(f"{matter}: {_heard(posts)}" for matter, posts in matters.items() if not posts.heard.everybody)
    return f"Tin báo trong kỳ {texts}{by_offices}"


def _heard(posts: PostsHeard) -> str:
    """How many posts reported, and which others did not, or for a part of the period only."""
    heard = posts.heard
    if heard.nobody:
        return "chưa có báo cáo của đồn nào" + (f" trong số {padded(heard.expected)} đồn" if heard.expected else "")
    texts = [posts_reporting(heard.whole, heard.part, heard.expected) + _named(posts.part)]
    if posts.silent:
        texts.append(f"{padded(len(posts.silent))} đồn chưa báo cáo{_named(posts.silent)}")
    return ", ".join(texts)


def _named(slugs: Sequence[str]) -> str:
    return f" ({', '.join(map(post_name, slugs))})" if 0 < len(slugs) <= _NAMED else ""


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
