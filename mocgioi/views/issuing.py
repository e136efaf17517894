"""What an officer sees of a report before it is issued: what it says, who was heard, what is open, and the letter it goes out with."""

from collections.abc import Iterator

from border.vietnam import HANOI
from reports.documents.annexes import SEVERITIES
from reports.letter import dated_text
from reports.model import Accepted, Letter, Report, Severity
from reports.names import post_name
from texts.wording import number, posts_reporting


def open_lines(report: Report) -> Iterator[str]:
    """The report in a few lines: its sentence, its coverage, its open matters, and each check that a person has to look at."""
    as_of = report.as_of.astimezone(HANOI)
    yield f"{report.unit_name}, {report.span.name} ({report.span.days}), số liệu đến {as_of:%H:%M ngày %d/%m/%Y}"
    yield f"  {report.sentences['breach']}"
    posts = report.coverage.incidents
    heard = posts_reporting(posts.heard.whole, posts.heard.part, posts.heard.expected)
    missing = f"; chưa có: {', '.join(map(post_name, posts.silent))}" if posts.silent else ""
    yield f"  Về vụ việc · on incidents: {heard}{missing}"
    matters = [figure for figure in report.figures if figure.id.startswith("open.") and figure.value]
    shown = "; ".join(f"{figure.label}: {number(figure.value or 0)} {figure.unit}" for figure in matters)
    yield f"  Việc còn mở · open: {shown or 'không có · none'}"
    counts = ", ".join(f"{sum(check.severity is each for check in report.checks)} {name}" for each, name in SEVERITIES.items())
    yield f"  Tự kiểm tra · checks: {counts}"
    for check in report.checks:
        if check.severity is not Severity.NOTE:
            yield f"    [{SEVERITIES[check.severity]}] {check.code}: {check.message}"


def letter_lines(letter: Letter, accepted: tuple[Accepted, ...]) -> Iterator[str]:
    """The letter as it will be printed."""
    superior = f"{letter.superior.upper()} / " if letter.superior else ""
    yield f"Văn bản · letter: {superior}{letter.office.upper()}, số {letter.number}, {letter.place}, {dated_text(letter.dated)}"
    if letter.answers is not None:
        yield f"  Thực hiện · answers: {letter.answers}"
    yield f"  Nơi nhận · to: {'; '.join(letter.recipients)}"
    yield f"  Người ký · signer: {' / '.join(letter.signer)}{f', {letter.signed_by}' if letter.signed_by else ''}"
    for each in accepted:
        yield f"  Chấp nhận · accepted: {each.code}: {each.reason}"
