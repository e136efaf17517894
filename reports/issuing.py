"""Issue a report: freeze it, with its letter and documents. What was issued never changes; a next version says what moved, and why."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, insert, text

from border.vietnam import HANOI
from reports.acts import acts_of, alone, report_key
from reports.documents import FORMATS, render
from reports.issued import IssuedReport, newest
from reports.letter import BadLetter
from reports.levels import STATE_NAMES, State, state_of
from reports.model import Accepted, Check, Letter, Report, Severity
from reports.revision import moved
from reports.units import unit_named
from sinks.postgres.clock import stamped
from sinks.postgres.engine import away_is_unavailable
from sinks.postgres.tables import issued_document, issued_report

ACCEPTED_BY_CODE = ("nothing_told", "baseline_differs", "overlapping_intervals")
"""Checks that stop a report until its office accepts each code, with a reason: a reader would take what they are about for a number of its own."""
_SAME_NUMBER = """
SELECT unit, period, version FROM issued_report
WHERE issued_by = :by AND report #>> '{letter,number}' = :number AND left(report #>> '{letter,dated}', 4) = :year LIMIT 1
"""


class NotReleasable(Exception):
    """The report is not issued: it does not add up, its period has not ended, or a version of it is locked."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        super().__init__("; ".join(check.message for check in checks))
        self.checks = checks


class NotAccepted(Exception):
    """The office has to accept these checks first."""

    def __init__(self, checks: tuple[Check, ...]) -> None:
        super().__init__("; ".join(check.message for check in checks))
        self.checks = checks


def check_releasable(report: Report) -> None:
    """Raises `NotReleasable` where a report says of itself what nobody can accept."""
    if errors := tuple(check for check in report.checks if check.severity is Severity.ERROR or check.code == "period_open"):
        raise NotReleasable(errors)


def to_accept(report: Report) -> tuple[Check, ...]:
    """The checks that an office has to accept and has not."""
    accepted = {each.code for each in report.accepted}
    return tuple(check for check in report.checks if check.code in ACCEPTED_BY_CODE and check.code not in accepted)


def standing(engine: Engine, report: Report) -> IssuedReport | None:
    """The newest version, if it still stands: issuing again would be nothing new. Raises `Unavailable`."""
    with away_is_unavailable(), engine.connect() as connection:
        last = newest(connection, unit_named(report.unit), report.span)
        return last if last is not None and _stands(last.report, report, _state(connection, last.report)) else None


def issue(engine: Engine, report: Report, *, by: str, letter: Letter, accepted: Sequence[Accepted] = ()) -> IssuedReport:
    """Freeze a report that was built with its audit, with all its documents, as the next version.

    Where nothing has moved the last version stays, unless the office above returned it: then its letter may have been the reason.
    `by`: the office that issues it. Raises `NotReleasable`, `NotAccepted`, `BadLetter` for a number that the office has used this year, and
    `Unavailable`.
    """
    check_releasable(report)
    codes = {check.code for check in report.checks}
    needed = tuple(each for each in accepted if each.code in codes)
    report = report.model_copy(update={"issued_by": by, "letter": letter, "accepted": needed})
    unit = unit_named(report.unit)
    with away_is_unavailable(), engine.begin() as connection:
        alone(connection, report_key(unit, report.span))
        last = newest(connection, unit, report.span)
        if last is not None:
            state = _state(connection, last.report)
            if _stands(last.report, report, state):
                return last
            _check_unlocked(last.report, state)
        if unaccepted := to_accept(report):
            raise NotAccepted(unaccepted)
        alone(connection, f"letters/{by}")
        _check_number(connection, by, letter)
        report = report.model_copy(update={"version": 1}) if last is None else _next(connection, last.report, report)
        report = report.model_copy(update={"checks": (*report.checks, *_backdated(report, letter))})
        return IssuedReport(report, _keep(connection, report), new=True)


def _content(report: Report) -> tuple[object, ...]:
    """The parts of a report that a new version needs to differ in: figures, comparisons, published totals, estimates."""
    return report.data_sha256, report.comparisons, report.published, report.published_only, report.estimates


def _stands(last: Report, report: Report, state: State) -> bool:
    return _content(last) == _content(report) and state is not State.RETURNED


def _state(connection: Connection, issued: Report) -> State:
    return state_of(acts_of(connection, unit_named(issued.unit), issued.span, issued.version or 0))


def _check_unlocked(last: Report, state: State) -> None:
    if state.is_locked:
        message = f"Bản {last.version} {STATE_NAMES[state]}: không phát hành bản mới được; `mocgioi report unlock` cần hai người và lý do"
        raise NotReleasable((Check(code="locked", severity=Severity.ERROR, message=message),))


def _check_number(connection: Connection, by: str, letter: Letter) -> None:
    """Raises `BadLetter` for a number that another report of this office and year has (Decree 30/2020/NĐ-CP, Article 15)."""
    if letter.number.startswith("/"):  # a clerk will write one
        return
    given = {"by": by, "number": letter.number, "year": str(letter.dated.year)}
    if used := connection.execute(text(_SAME_NUMBER), given).first():
        taken = f"năm {letter.dated.year} đã dùng cho báo cáo {used.unit} {used.period}, bản {used.version}"
        raise BadLetter([("number", f"số {letter.number} {taken}: cần số khác")])


def _backdated(report: Report, letter: Letter) -> tuple[Check, ...]:
    as_of = report.as_of.astimezone(HANOI)
    if letter.dated >= as_of.date():
        return ()
    message = f"Báo cáo đề ngày {letter.dated:%d/%m/%Y}; số liệu theo hồ sơ đến {_moment(as_of)}"
    return (Check(code="dated_before_data", severity=Severity.NOTE, message=message),)


def _next(connection: Connection, last: Report, report: Report) -> Report:
    """The next version, with what moved. Raises `NotReleasable` if the last one was drawn up from a later state of the record."""
    version = last.version or 0
    if report.as_of < last.as_of:
        message = f"Bản {version} đã phát hành theo dữ liệu muộn hơn ({_moment(last.as_of)}); cần lập lại theo dữ liệu từ lúc đó trở đi"
        raise NotReleasable((Check(code="older_than_issued", severity=Severity.ERROR, message=message),))
    notes = []
    then = {comparison.figure: comparison for comparison in last.comparisons}
    compared = tuple(each.figure for each in report.comparisons if then.get(each.figure, each) != each)
    if compared:
        message = f"Số so sánh với cùng kỳ khác bản {version}, là số theo dữ liệu đến {_moment(last.as_of)}"
        notes.append(Check(code="comparison_moved", severity=Severity.NOTE, message=message, subjects=compared))
    if report.rule_packs != last.rule_packs:
        packs = " → ".join(", ".join(version.rule_packs) or "-" for version in (last, report))
        message = f"Vụ việc được xét theo bộ quy tắc khác bản {version}: {packs}; kết luận có thể thay đổi mà không có tin mới"
        notes.append(Check(code="rules_changed", severity=Severity.NOTE, message=message))
    return report.model_copy(update={"version": version + 1, "moved": moved(connection, last, report), "checks": (*report.checks, *notes)})


def _moment(moment: datetime) -> str:
    return f"{moment:%H:%M ngày %d/%m/%Y}"


def _keep(connection: Connection, report: Report) -> datetime:
    key = {"unit": report.unit, "regime": report.regime, "period": report.period, "version": report.version}
    documents = {form: render(report, form) for form in FORMATS}
    now = stamped(connection)
    row = {"as_of": report.as_of, "issued_by": report.issued_by, "data_sha256": report.data_sha256, "issued_at": now}
    connection.execute(insert(issued_report).values(**key, **row, report=report.model_dump(mode="json")))
    for form, content in documents.items():
        connection.execute(insert(issued_document).values(**key, format=form, content=content, sha256=hashlib.sha256(content).hexdigest()))
    return now
